/* SPDX-License-Identifier: MIT */
/*
 * The calls an input may be made of, and how their arguments come out of its bytes.
 *
 * A struct is described by its fields. Each takes one byte or more of the input; where the input
 * has ended that byte is 0 and means a sane value, so that few bytes make a call that succeeds.
 */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "nodes.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define FUZZ_RESOURCES		16

/* What a call leaves for those after it. */
enum fuzz_resource {
	FUZZ_BO,
	FUZZ_FD,		/* dma-bufs and sync files */
	FUZZ_SYNCOBJ,
	FUZZ_CONTEXT,
	FUZZ_FB,
	FUZZ_RESOURCE_KINDS
};

/**
 * struct fuzz_bytes - what is left of a call's bytes
 * @at: the next one.
 * @left: how many.
 */
struct fuzz_bytes {
	const uint8_t *at;
	unsigned int left;
};

/**
 * struct fuzz_state - the process that runs an input
 * @nodes: all there are.
 * @fds: of those that were opened, -1 of others.
 * @resources: the last ones of each kind, 0 before there is any.
 * @made: how many of each kind there were.
 */
struct fuzz_state {
	const struct fuzz_nodes *nodes;
	int fds[FUZZ_MAX_NODES];
	uint32_t resources[FUZZ_RESOURCE_KINDS][FUZZ_RESOURCES];
	unsigned int made[FUZZ_RESOURCE_KINDS];
};

/*
 * How a field gets its value. The default is a sane one: FUZZ_CHOICE's first, the newest resource,
 * an array of one. Every kind may also take any number.
 */
enum fuzz_kind {
	FUZZ_NUMBER,		/* zero by default */
	FUZZ_CHOICE,		/* one of @values */
	FUZZ_BITS,		/* any of @values together */
	FUZZ_SIZE,		/* as FUZZ_CHOICE, but never all the memory there is */
	FUZZ_CONTROL,		/* as FUZZ_CHOICE, but none that is meant to do damage */
	FUZZ_USE,		/* a resource of kind @resource */
	FUZZ_ARRAY,		/* pointer to structs, each of @elements, and their number */
};

struct fuzz_struct;

struct fuzz_field {
	uint16_t offset;
	uint8_t size;
	uint8_t kind;
	uint8_t resource;
	uint8_t count;			/* of @values or @elements */
	uint8_t max;			/* FUZZ_ARRAY: elements */
	uint16_t count_offset;		/* FUZZ_ARRAY: where the number goes */
	const uint64_t *values;
	const struct fuzz_struct *const *elements;
};

struct fuzz_struct {
	unsigned int size;
	unsigned int count;
	const struct fuzz_field *fields;
};

/**
 * struct fuzz_call_type - a call
 * @name: its name in inputs.
 * @class: the nodes that it is for.
 * @request: the ioctl; 0: @run does it all.
 * @argument: of the ioctl.
 * @run: instead of an ioctl.
 * @makes: kind of the resource that it leaves; -1: none.
 * @made_offset: where in the argument it is.
 */
struct fuzz_call_type {
	const char *name;
	enum fuzz_class class;
	unsigned long request;
	const struct fuzz_struct *argument;
	void (*run)(struct fuzz_state *state, struct fuzz_bytes *bytes);
	int makes;
	unsigned int made_offset;
};

#define FUZZ_FIELD(type, member, how, ...) \
	{ .offset = offsetof(type, member), .size = sizeof(((type *)0)->member), .kind = how, \
	  __VA_ARGS__ }
#define FUZZ_PICK(type, member, table)	\
	FUZZ_FIELD(type, member, FUZZ_CHOICE, FUZZ_OF(table))
#define FUZZ_OF(table)		.values = (table), .count = ARRAY_SIZE(table)
#define FUZZ_ELEMENTS(table, type, counter, most) \
	.elements = (table), .count = ARRAY_SIZE(table), .max = (most), \
	.count_offset = offsetof(type, counter)
#define FUZZ_STRUCT(type, list)	\
	{ .size = sizeof(type), .count = ARRAY_SIZE(list), .fields = (list) }

extern const struct fuzz_call_type fuzz_gpu_calls[], fuzz_camera_calls[], fuzz_file_calls[];
extern const unsigned int fuzz_gpu_call_count, fuzz_camera_call_count, fuzz_file_call_count;
extern unsigned int fuzz_call_count;

struct fuzz_input;

void fuzz_calls_init(void);
const char *fuzz_call_name(unsigned int number);
int fuzz_call_number(const char *name);

uint8_t fuzz_byte(struct fuzz_bytes *bytes);
uint64_t fuzz_value(const struct fuzz_field *field, const struct fuzz_state *state,
		    struct fuzz_bytes *bytes);
int fuzz_fd(struct fuzz_state *state, enum fuzz_class class, uint8_t which);
void fuzz_keep(struct fuzz_state *state, enum fuzz_resource kind, uint32_t what);

/* Run all calls of an input, in a process that ends then. */
void fuzz_run(const struct fuzz_input *input, const struct fuzz_nodes *nodes);

#endif /* FUZZ_CALLS_H */
