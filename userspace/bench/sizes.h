/* SPDX-License-Identifier: MIT */
/* Sizes of buffers, and what rows call them. */
#ifndef BENCH_SIZES_H
#define BENCH_SIZES_H

#include <stddef.h>

#define KIB		((size_t)1024)
#define MIB		(1024 * KIB)
#define FRAME_1080P	((size_t)1920 * 1080 * 4)

struct size {
	const char *name;
	size_t bytes;
};

/* Rounds that do not take for ever where each goes through that many pages. */
static inline unsigned int rounds_of(size_t bytes)
{
	return bytes > 32 * MIB ? 9 : 41;
}

#endif
