/* SPDX-License-Identifier: MIT */
/* What libyuv, which converts pictures on the CPU, can do of what the GPU does. */
#ifndef BENCH_LIBYUV_H
#define BENCH_LIBYUV_H

#include <stdint.h>

/* Planes of a picture; @height lines of the first one. */
struct yuv_picture {
	uint8_t *planes[3];
	int pitches[3];
	int width;
	int height;
};

struct entry;

/* Of libyuv, which is never closed. */
struct yuv_function {
	const struct entry *entry;
	void *library;
	void *call;
};

/* Libyuv's for an operation of that name. -ENOENT: it has none, or there is no libyuv. */
int yuv_find(struct yuv_function *function, const char *operation);
/* 0, or not when libyuv does not like what it got. */
int yuv_call(const struct yuv_function *function, const struct yuv_picture *src,
	     const struct yuv_picture *dst);

#endif
