// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "input.h"

#define MAX_LINE	(FUZZ_MAX_CALLS * (2 * FUZZ_MAX_BYTES + 64))

/* Marsaglia's xorshift64*: quick, and the same everywhere. */
uint32_t fuzz_random(uint64_t *state, uint32_t limit)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (*state * 0x2545f4914f6cdd1dull >> 32) % limit;
}

static void change_byte(struct fuzz_call *call, uint64_t *random)
{
	unsigned int at = fuzz_random(random, call->length + 1 + (call->length < 8) * 8);

	if (at >= FUZZ_MAX_BYTES)
		return;
	while (call->length <= at)
		call->bytes[call->length++] = 0;
	switch (fuzz_random(random, 4)) {
	case 0:
		call->bytes[at] ^= 1 << fuzz_random(random, 8);
		break;
	case 1:
		call->bytes[at] += fuzz_random(random, 7) - 3;
		break;
	case 2:
		call->bytes[at] = fuzz_random(random, 8);
		break;
	default:
		call->bytes[at] = fuzz_random(random, 256);
	}
}

/* Zero or cut off: what is left out is a sane argument. */
static void forget_bytes(struct fuzz_call *call, uint64_t *random)
{
	unsigned int at = call->length ? fuzz_random(random, call->length) : 0;

	if (fuzz_random(random, 2))
		call->length = at;
	else
		call->bytes[at] = 0;
}

static void insert_byte(struct fuzz_call *call, uint64_t *random)
{
	unsigned int at = fuzz_random(random, call->length + 1);

	if (call->length == FUZZ_MAX_BYTES)
		return;
	memmove(call->bytes + at + 1, call->bytes + at, call->length - at);
	call->bytes[at] = fuzz_random(random, 256);
	call->length++;
}

static void insert_call(struct fuzz_input *input, const struct fuzz_call *call, uint64_t *random)
{
	unsigned int at = fuzz_random(random, input->count + 1);

	if (input->count == FUZZ_MAX_CALLS)
		return;
	memmove(input->calls + at + 1, input->calls + at,
		(input->count - at) * sizeof(*input->calls));
	input->calls[at] = *call;
	input->count++;
}

void fuzz_input_remove(struct fuzz_input *input, unsigned int at)
{
	input->count--;
	memmove(input->calls + at, input->calls + at + 1,
		(input->count - at) * sizeof(*input->calls));
}

static struct fuzz_call any_call(uint64_t *random)
{
	struct fuzz_call call = { .number = fuzz_random(random, fuzz_call_count) };

	for (unsigned int i = fuzz_random(random, 4); i; i--)
		change_byte(&call, random);
	return call;
}

static void mutate_once(struct fuzz_input *input, const struct fuzz_input *other, uint64_t *random)
{
	struct fuzz_call *call, new;

	if (!input->count || !fuzz_random(random, 6)) {
		new = any_call(random);
		insert_call(input, &new, random);
		return;
	}
	call = &input->calls[fuzz_random(random, input->count)];
	switch (fuzz_random(random, 12)) {
	case 0:
		if (input->count > 1)
			fuzz_input_remove(input, fuzz_random(random, input->count));
		break;
	case 1:
		new = *call;
		insert_call(input, &new, random);
		break;
	case 2:
		if (other->count)
			insert_call(input, other->calls + fuzz_random(random, other->count),
				    random);
		break;
	case 3:
		insert_byte(call, random);
		break;
	case 4:
		forget_bytes(call, random);
		break;
	default:
		change_byte(call, random);
	}
}

void fuzz_mutate(struct fuzz_input *input, const struct fuzz_input *other, uint64_t *random)
{
	unsigned int times = 1 << fuzz_random(random, 5);

	while (times--)
		mutate_once(input, other, random);
}

void fuzz_inputs_add(struct fuzz_inputs *inputs, const struct fuzz_input *input)
{
	inputs->at = reallocarray(inputs->at, inputs->count + 1, sizeof(*inputs->at));
	if (!inputs->at)
		abort();
	inputs->at[inputs->count++] = *input;
}

void fuzz_input_print(const struct fuzz_input *input, FILE *stream)
{
	for (unsigned int i = 0; i < input->count; i++) {
		const struct fuzz_call *call = &input->calls[i];
		unsigned int length = call->length;

		while (length && !call->bytes[length - 1])
			length--;
		fprintf(stream, "%s%s:", i ? " " : "", fuzz_call_name(call->number));
		for (unsigned int at = 0; at < length; at++)
			fprintf(stream, "%02x", call->bytes[at]);
	}
	fputc('\n', stream);
}

static bool parse_call(struct fuzz_call *call, char *word)
{
	char *hex = strchr(word, ':');
	unsigned int byte;
	int number;

	if (!hex)
		return false;
	*hex++ = 0;
	number = fuzz_call_number(word);
	if (number < 0 || strlen(hex) > 2 * FUZZ_MAX_BYTES || strlen(hex) % 2)
		return false;
	*call = (struct fuzz_call){ .number = number };
	for (; *hex; hex += 2) {
		if (sscanf(hex, "%2x", &byte) != 1)
			return false;
		call->bytes[call->length++] = byte;
	}
	return true;
}

static bool parse_input(struct fuzz_input *input, char *line)
{
	char *rest, *word = strtok_r(line, "\n ", &rest);

	for (*input = (struct fuzz_input){}; word; word = strtok_r(NULL, "\n ", &rest)) {
		if (input->count == FUZZ_MAX_CALLS ||
		    !parse_call(&input->calls[input->count], word))
			return false;
		input->count++;
	}
	return true;
}

bool fuzz_inputs_read(struct fuzz_inputs *inputs, const char *path)
{
	static char line[MAX_LINE];
	struct fuzz_input input;
	unsigned int number = 0;
	FILE *stream = fopen(path, "r");

	if (!stream) {
		perror(path);
		return false;
	}
	while (fgets(line, sizeof(line), stream)) {
		number++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (!parse_input(&input, line)) {
			fprintf(stderr, "%s:%u: not an input\n", path, number);
			fclose(stream);
			return false;
		}
		fuzz_inputs_add(inputs, &input);
	}
	fclose(stream);
	return true;
}
