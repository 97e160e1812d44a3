// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/camsim.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include "calls.h"
#include "input.h"

/* Bytes from here on stand for any number: one of these, or what the next bytes say. */
#define ODD_NUMBER	0xe0
#define ANY_NUMBER	0xf0

#define MAX_MEMORY	(32ull << 20)
#define REFUSED_MEMORY	(1ull << 31)

static const uint64_t odd_numbers[] = {
	0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 257, 1023,
	1024, 4095, 4096, 4097, 16383, 16384, 16385, 65535, 65536, 0x1000000, 0x3fffffff,
	0x7fffffff,
	0x80000000, 0xfffff000, 0xfffffffe, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
	0x8000000000000000, 0xfffffffffffff000, 0xffffffffffffffff,
};

static const struct {
	const struct fuzz_call_type *calls;
	const unsigned int *count;
} groups[] = {
	{ fuzz_gpu_calls, &fuzz_gpu_call_count },
	{ fuzz_camera_calls, &fuzz_camera_call_count },
	{ fuzz_file_calls, &fuzz_file_call_count },
};

unsigned int fuzz_call_count;

void fuzz_calls_init(void)
{
	fuzz_call_count = 0;
	for (unsigned int i = 0; i < ARRAY_SIZE(groups); i++)
		fuzz_call_count += *groups[i].count;
}

static const struct fuzz_call_type *call_type(unsigned int number)
{
	unsigned int group = 0;

	for (; number >= *groups[group].count; group++)
		number -= *groups[group].count;
	return &groups[group].calls[number];
}

const char *fuzz_call_name(unsigned int number)
{
	return call_type(number)->name;
}

int fuzz_call_number(const char *name)
{
	for (unsigned int i = 0; i < fuzz_call_count; i++) {
		if (!strcmp(fuzz_call_name(i), name))
			return i;
	}
	return -1;
}

uint8_t fuzz_byte(struct fuzz_bytes *bytes)
{
	if (!bytes->left)
		return 0;
	bytes->left--;
	return *bytes->at++;
}

static uint64_t any_number(uint8_t first, unsigned int size, struct fuzz_bytes *bytes)
{
	uint64_t value = 0;

	if (first < ANY_NUMBER)
		return odd_numbers[fuzz_byte(bytes) % ARRAY_SIZE(odd_numbers)];
	for (unsigned int i = 0; i < size; i++)
		value |= (uint64_t)fuzz_byte(bytes) << 8 * i;
	return value;
}

static uint64_t some_bits(const struct fuzz_field *field, uint8_t which)
{
	uint64_t bits = 0;

	for (unsigned int i = 0; i < field->count && i < 7; i++) {
		if (which & 1 << i)
			bits |= field->values[i];
	}
	return bits;
}

static uint32_t resource(const struct fuzz_state *state, enum fuzz_resource kind, uint8_t back)
{
	unsigned int made = state->made[kind];

	/* The newest, or one before; one that is not there now and then. */
	return back < FUZZ_RESOURCES && back < made ?
	       state->resources[kind][(made - 1 - back) % FUZZ_RESOURCES] : back;
}

/* Frames to lose on purpose, which the log tells, and a camera to unplug, which would be missed. */
static bool control_is_harmful(uint64_t control)
{
	return control == V4L2_CID_CAMSIM_FAULT_FRAMES || control == V4L2_CID_CAMSIM_UNPLUG_IN;
}

uint64_t fuzz_value(const struct fuzz_field *field, const struct fuzz_state *state,
		    struct fuzz_bytes *bytes)
{
	uint8_t first = fuzz_byte(bytes);
	uint64_t value;

	if (first >= ODD_NUMBER)
		value = any_number(first, field->size, bytes);
	else if (field->kind == FUZZ_USE)
		value = resource(state, field->resource, first);
	else if (field->kind == FUZZ_BITS)
		value = some_bits(field, first);
	else
		value = field->count ? field->values[first % field->count] : first;
	if (field->kind == FUZZ_SIZE && value > MAX_MEMORY && value <= REFUSED_MEMORY)
		value %= MAX_MEMORY;
	if (field->kind == FUZZ_CONTROL && control_is_harmful(value))
		value = 0;
	return value;
}

static void *make_struct(const struct fuzz_struct *description, const struct fuzz_state *state,
			 struct fuzz_bytes *bytes);

/* Lives until the process ends, as all memory here. */
static uint64_t make_array(const struct fuzz_field *field, char *parent,
			   const struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	uint8_t first = fuzz_byte(bytes), number = first & 0x7f;
	uint32_t count = number < 0x70 ? (number + 1) % (field->max + 1) : number << 24;
	unsigned int largest = 1, used = 0;
	char *array;

	for (unsigned int i = 0; i < field->count; i++)
		largest = field->elements[i]->size > largest ? field->elements[i]->size : largest;
	array = calloc(field->max + 1, largest);
	for (unsigned int i = 0; array && i < count && i < field->max; i++) {
		const struct fuzz_struct *element = field->elements[0];
		void *made;

		if (field->count > 1)
			element = field->elements[fuzz_byte(bytes) % field->count];
		made = make_struct(element, state, bytes);
		memcpy(array + used, made, element->size);
		used += element->size;
	}
	memcpy(parent + field->count_offset, &count, sizeof(count));
	/* Now and then memory that is not there */
	return first & 0x80 ? 0x1000 : (uintptr_t)array;
}

static void *make_struct(const struct fuzz_struct *description, const struct fuzz_state *state,
			 struct fuzz_bytes *bytes)
{
	char *made = calloc(1, description->size);

	if (!made)
		abort();
	for (unsigned int i = 0; i < description->count; i++) {
		const struct fuzz_field *field = &description->fields[i];
		uint64_t value = field->kind == FUZZ_ARRAY ? make_array(field, made, state, bytes) :
				 fuzz_value(field, state, bytes);

		memcpy(made + field->offset, &value, field->size);
	}
	return made;
}

int fuzz_fd(struct fuzz_state *state, enum fuzz_class class, uint8_t which)
{
	int node = fuzz_node(state->nodes, class, which);

	if (node < 0)
		return -1;
	if (state->fds[node] < 0)
		state->fds[node] = open(state->nodes->at[node].path,
					O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return state->fds[node];
}

void fuzz_keep(struct fuzz_state *state, enum fuzz_resource kind, uint32_t what)
{
	state->resources[kind][state->made[kind]++ % FUZZ_RESOURCES] = what;
}

static void run_call(const struct fuzz_call *call, struct fuzz_state *state)
{
	const struct fuzz_call_type *type = call_type(call->number);
	struct fuzz_bytes bytes = { call->bytes, call->length };
	char *argument;
	uint32_t made;
	int fd;

	if (type->run) {
		type->run(state, &bytes);
		return;
	}
	argument = make_struct(type->argument, state, &bytes);
	/* Which of several devices: last, as it matters least. */
	fd = fuzz_fd(state, type->class, fuzz_byte(&bytes));
	if (fd < 0 || ioctl(fd, type->request, argument) || type->makes < 0)
		return;
	memcpy(&made, argument + type->made_offset, sizeof(made));
	fuzz_keep(state, type->makes, made);
}

void fuzz_run(const struct fuzz_input *input, const struct fuzz_nodes *nodes)
{
	struct fuzz_state state = { .nodes = nodes };

	for (unsigned int i = 0; i < FUZZ_MAX_NODES; i++)
		state.fds[i] = -1;
	for (unsigned int i = 0; i < input->count; i++)
		run_call(&input->calls[i], &state);
}
