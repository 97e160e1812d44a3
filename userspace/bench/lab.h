/* SPDX-License-Identifier: MIT */
/* Whose memory is shared, and who it is given to. */
#ifndef BENCH_LAB_H
#define BENCH_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/drm_device.h"
#include "../lib/gpu.h"

/*
 * @gpu: primesim's, measured.
 * @foreign_gpu: another device of primesim's: its memory is foreign to @gpu.
 * @vgem, @virtio: devices of vgem and virtio-gpu.
 */
struct bench_lab {
	struct pp_gpu gpu;
	struct pp_gpu foreign_gpu;
	struct pp_drm_device vgem;
	struct pp_drm_device virtio;
	int udmabuf;
	int heap;
	struct pp_error *error;
};

/* Leaves free memory in as few pieces as can be, so that what is allocated lies alike each time. */
int tidy_memory(struct pp_error *error);
/* All of it must be there; see vm/guest/bench-rows. Memory is tidy then. */
int lab_open(struct bench_lab *lab, struct pp_error *error);
void lab_close(struct bench_lab *lab);
/* Another file of the device behind @device. */
int lab_open_again(const struct pp_drm_device *device, struct pp_drm_device *again);

struct memory {
	const char *name;
	bool huge;		/* shared memory of the kernel in large folios */
	/* A new dma-buf; nothing else refers to its memory. */
	int (*make)(struct bench_lab *lab, size_t size, int *dmabuf);
};

extern const struct memory foreign_memory[];	/* ends with a nameless one */
extern const struct memory heap_memory;
extern const struct memory udmabuf_memory;
extern const struct memory udmabuf_large_memory;

/*
 * A new dma-buf of udmabuf's, of which no piece lies where the one before it ends, @piece bytes
 * each or, where the kernel did not find that much at once, less.
 */
int make_in_pieces(struct bench_lab *lab, size_t size, size_t piece, int *dmabuf);
/* Sets the kernel's shared memory up for @memory; memory_make() does that, too. */
int memory_prepare(const struct memory *memory, struct bench_lab *lab);
int memory_make(const struct memory *memory, struct bench_lab *lab, size_t size, int *dmabuf);
/* Both end with a handle that the caller closes. */
int create_on_primesim(struct pp_drm_device *device, size_t size, uint32_t *handle);
int create_dumb(struct pp_drm_device *device, size_t size, uint32_t *handle);

/* So many ioctls that do nothing; returns the time they took, in nanoseconds. */
uint64_t empty_ioctls(const struct pp_drm_device *device, unsigned int count);

#endif
