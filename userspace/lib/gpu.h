/* SPDX-License-Identifier: MIT */
/* primesim's engine: buffers of its own and of others, and converting pictures. */
#ifndef PP_GPU_H
#define PP_GPU_H

#include <drm/primesim_drm.h>
#include <stdbool.h>
#include <stdint.h>

#include "dmabuf.h"
#include "drm_device.h"
#include "format.h"

struct pp_gpu {
	struct pp_drm_device device;
	uint32_t syncobj;	/* takes the fence of each job */
};

/* @path: NULL for the first render node of primesim. */
int pp_gpu_open(struct pp_gpu *gpu, const char *path, struct pp_error *error);
void pp_gpu_close(struct pp_gpu *gpu);

/* @handle: close it with pp_drm_close_handle(). */
int pp_gpu_create(struct pp_gpu *gpu, size_t size, uint32_t *handle);
/* Objects of the GPU's own only; of others, map the dma-buf. */
int pp_gpu_map(struct pp_gpu *gpu, uint32_t handle, size_t size, struct pp_map *map);

/*
 * Queues a job that converts and scales the whole of one picture into the whole
 * of another. Returns at once. @fence: a new sync_file file descriptor that
 * signals when the job is done, owned by the caller.
 */
int pp_gpu_blit(struct pp_gpu *gpu, uint32_t src_handle, const struct pp_layout *src,
		uint32_t dst_handle, const struct pp_layout *dst, int *fence);

/* What the GPU's DMA sees. */
bool pp_gpu_buffer_info(struct pp_gpu *gpu, uint32_t handle, struct simbuf_info *info);

#endif
