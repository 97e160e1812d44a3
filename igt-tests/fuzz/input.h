/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzer feeds to the kernel: a few calls, each with bytes that say what its arguments
 * are.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FUZZ_MAX_CALLS	16
#define FUZZ_MAX_BYTES	160

/**
 * struct fuzz_call - one call of an input
 * @number: which, see fuzz_calls.
 * @length: of @bytes. What lies beyond is taken for zeros.
 * @bytes: see struct fuzz_bytes.
 */
struct fuzz_call {
	uint8_t number;
	uint8_t length;
	uint8_t bytes[FUZZ_MAX_BYTES];
};

struct fuzz_input {
	unsigned int count;
	struct fuzz_call calls[FUZZ_MAX_CALLS];
};

/**
 * struct fuzz_inputs - inputs in the order in which they were found
 * @count: of @at.
 * @at: owned.
 */
struct fuzz_inputs {
	unsigned int count;
	struct fuzz_input *at;
};

/* A random number below @limit. The state is all that decides what comes. */
uint32_t fuzz_random(uint64_t *state, uint32_t limit);

/* Make another input of one; @other lends some of its calls. */
void fuzz_mutate(struct fuzz_input *input, const struct fuzz_input *other, uint64_t *random);

/* Take out the call at a place. */
void fuzz_input_remove(struct fuzz_input *input, unsigned int at);

void fuzz_inputs_add(struct fuzz_inputs *inputs, const struct fuzz_input *input);

/*
 * As text: a line an input, its calls "NAME:HEX" between blanks. Lines that begin with # are none.
 * fuzz_inputs_read() complains and returns false for what it does not understand.
 */
void fuzz_input_print(const struct fuzz_input *input, FILE *stream);
bool fuzz_inputs_read(struct fuzz_inputs *inputs, const char *path);

#endif /* FUZZ_INPUT_H */
