/* SPDX-License-Identifier: MIT */
/* Whose memory is shared, and who it is given to. */
#ifndef SHARECOST_MEMORY_H
#define SHARECOST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/drm_device.h"
#include "../lib/gpu.h"

/*
 * @gpu: primesim's, measured.
 * @foreign_gpu: another device of primesim's: its memory is foreign to @gpu.
 * @vgem: vgem's device.
 */
struct cost_lab {
	struct pp_gpu gpu;
	struct pp_gpu foreign_gpu;
	struct pp_drm_device vgem;
	int udmabuf;
	int heap;
	struct pp_error *error;
};

/* All of it must be there; see vm/guest/cost. */
int lab_open(struct cost_lab *lab, struct pp_error *error);
void lab_close(struct cost_lab *lab);
/* Another file of the device behind @device. */
int lab_open_again(const struct pp_drm_device *device, struct pp_drm_device *again);

struct memory {
	const char *name;
	bool huge;		/* shared memory of the kernel in large folios */
	/* A new dma-buf; nothing else refers to its memory. */
	int (*make)(struct cost_lab *lab, size_t size, int *dmabuf);
};

extern const struct memory foreign_memory[];	/* ends with a nameless one */
extern const struct memory heap_memory;
extern const struct memory udmabuf_memory;

int memory_make(const struct memory *memory, struct cost_lab *lab, size_t size, int *dmabuf);
/* Both end with a handle that the caller closes. */
int create_on_primesim(struct pp_drm_device *device, size_t size, uint32_t *handle);
int create_on_vgem(struct pp_drm_device *device, size_t size, uint32_t *handle);

#endif
