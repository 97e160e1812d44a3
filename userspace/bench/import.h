/* SPDX-License-Identifier: MIT */
/* Importing and using a dma-buf of somebody else's, by primesim's GPU. */
#ifndef BENCH_IMPORT_H
#define BENCH_IMPORT_H

#include "lab.h"
#include "row.h"

/* For a row's steps, and by place in a party's values. */
extern const char *const import_steps[];
enum import_step {
	IMPORT_ATTACH,
	IMPORT_MAP,
	IMPORT_CLOSE,
	IMPORT_ALL,
};

struct import {
	struct pp_gpu *gpu;
	int dmabuf;
};

/* For a party whose context is a struct import. The exporter's memory is in place after once. */
int import_measure(void *context, uint64_t *values);
/* The same: of how many pieces of memory the buffer is made. */
int import_count_pieces(void *context, uint64_t *values);
/* Lets the GPU map @count objects, all of them for a job's one pixel. */
int import_use(struct pp_gpu *gpu, const uint32_t *handles, unsigned int count);

#endif
