/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The camera's DMA to or from all memory planes of one buffer.
 */
#ifndef _CAMSIM_ACCESS_H_
#define _CAMSIM_ACCESS_H_

#include <linux/simdev.h>

#include "camsim_format.h"

struct camsim;
struct vb2_buffer;

/**
 * struct camsim_access - an access to a buffer
 * @num: number of memory planes.
 * @planes: for each of them:
 * @planes.win: a window on its memory.
 * @planes.offset: bytes from the start of the memory to where the plane begins.
 */
struct camsim_access {
	unsigned int num;
	struct {
		struct simdev_window win;
		u32 offset;
	} planes[CAMSIM_MAX_PLANES];
};

void camsim_access_open(struct camsim_access *access, struct vb2_buffer *vb,
			enum dma_data_direction dir, void *staging, size_t staging_size);
void camsim_access_open_nowhere(struct camsim_access *access, struct camsim *cam,
				struct vb2_buffer *vb);
int camsim_access_close(struct camsim_access *access);

#endif /* _CAMSIM_ACCESS_H_ */
