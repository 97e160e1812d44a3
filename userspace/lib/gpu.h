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

/**
 * struct pp_gpu - an open GPU
 * @device: its render node, for pp_drm_export(), pp_drm_import() and pp_drm_close_handle().
 * @syncobj: takes the fence of each job.
 */
struct pp_gpu {
	struct pp_drm_device device;
	uint32_t syncobj;
};

/**
 * pp_gpu_open - open primesim's engine
 * @gpu: out: to be closed by pp_gpu_close(), also after a failure.
 * @path: a render node; NULL for the first of primesim.
 * @error: gets the reason of each failure; must live as long as @gpu.
 *
 * Return: 0 or a negative errno.
 */
int pp_gpu_open(struct pp_gpu *gpu, const char *path, struct pp_error *error);

/**
 * pp_gpu_close - close the engine
 * @gpu: of pp_gpu_open(); may be closed already. Jobs that are queued are done nevertheless.
 */
void pp_gpu_close(struct pp_gpu *gpu);

/**
 * pp_gpu_create - allocate a buffer on the GPU
 * @gpu: of pp_gpu_open().
 * @size: in bytes.
 * @handle: out: owned by the caller, who closes it with pp_drm_close_handle().
 *
 * Which memory it gets is decided when devices that have imported it map it.
 *
 * Return: 0 or a negative errno.
 */
int pp_gpu_create(struct pp_gpu *gpu, size_t size, uint32_t *handle);

/**
 * pp_gpu_map - map one of the GPU's own buffers for the CPU
 * @gpu: of pp_gpu_open().
 * @handle: of pp_gpu_create(). Of imported buffers, map the dma-buf with pp_map_fd().
 * @size: in bytes.
 * @map: out: to be ended by pp_unmap().
 *
 * Return: 0 or a negative errno.
 */
int pp_gpu_map(struct pp_gpu *gpu, uint32_t handle, size_t size, struct pp_map *map);

/**
 * pp_gpu_blit - queue a job that converts and scales a picture
 * @gpu: of pp_gpu_open().
 * @src_handle: the buffer of the picture.
 * @src: its layout; the whole of it is read.
 * @dst_handle: the buffer of the other picture.
 * @dst: its layout; the whole of it is written.
 * @fence: out: a new sync_file file descriptor, owned by the caller. It signals when the job is
 *	done; pp_display_flip() and pp_fence_wait() take it.
 *
 * Returns at once. The job waits for whatever still writes the source or uses the destination,
 * on any device, and others that use them wait for it: the fences of all that are in the
 * dma-bufs (implicit synchronisation).
 *
 * Return: 0 or a negative errno.
 */
int pp_gpu_blit(struct pp_gpu *gpu, uint32_t src_handle, const struct pp_layout *src,
		uint32_t dst_handle, const struct pp_layout *dst, int *fence);

/**
 * pp_gpu_buffer_info - what the GPU's DMA sees of a buffer
 * @gpu: of pp_gpu_open().
 * @handle: of the buffer, whoever allocated it.
 * @info: out: which pages, in how many pieces, and how many bytes were moved.
 *
 * Return: whether @info was filled.
 */
bool pp_gpu_buffer_info(struct pp_gpu *gpu, uint32_t handle, struct simbuf_info *info);

#endif
