/* SPDX-License-Identifier: MIT */
/*
 * primesim's engine: jobs of a few operations.
 */
#ifndef LAB_GPU_H
#define LAB_GPU_H

#include <drm/primesim_drm.h>
#include <stdint.h>
#include "buffer.h"

/* A new object's handle, by DRM_IOCTL_PRIMESIM_BO_CREATE with such flags */
uint32_t lab_bo_create(int drm, uint64_t size, uint32_t flags);

/* What a 32-bit RGB surface in one object looks like to the engine */
struct drm_primesim_surface lab_surface(uint32_t handle, uint32_t width, uint32_t height,
					uint32_t pitch);

/* Operations on whole surfaces */
struct drm_primesim_op lab_op_fill(const struct drm_primesim_surface *dst, uint32_t value);
struct drm_primesim_op lab_op_blit(const struct drm_primesim_surface *src,
				   const struct drm_primesim_surface *dst);
struct drm_primesim_op lab_op_copy(uint32_t src, uint32_t dst, uint64_t length);

/*
 * Submit one operation. @in and @out are syncobj handles with their timeline points, or NULL.
 * Returns 0 or the negative error number.
 */
int lab_submit(int drm, const struct drm_primesim_op *op, const struct drm_primesim_sync *in,
	       const struct drm_primesim_sync *out);

/* Wait for the job whose fence a syncobj, or a sync_file, holds: 1, or its error. */
int lab_job_status(int drm, uint32_t syncobj);
int lab_fence_status(int sync_file);

/* SUBMIT as it is, which a signal ends: 0 or the negative error number */
int lab_submit_once(int drm, const struct drm_primesim_op *op);

/* Submit and wait until it is done; asserts that both work. */
void lab_execute(int drm, const struct drm_primesim_op *op);

/* The whole object becomes pixels of this value; returns when it is done. */
void lab_gpu_fill(int drm, uint32_t handle, uint64_t size, uint32_t value);
int lab_try_gpu_fill(int drm, uint32_t handle, uint64_t size, uint32_t value);

/*
 * What the GPU sees in an object all of whose words are the same, which is asserted: it copies
 * the object to one of its own.
 */
uint32_t lab_gpu_sees(int drm, uint32_t handle, uint64_t size);
int lab_try_gpu_sees(int drm, uint32_t handle, uint64_t size, uint32_t *value);

/* How many words of the object are @value, as the GPU sees them */
uint64_t lab_gpu_counts(int drm, uint32_t handle, uint64_t size, uint32_t value);

/* All words of the dma-buf are @value, seen by the CPU. */
void lab_check_filled(int dmabuf, uint64_t size, uint32_t value);

/* DRM_IOCTL_PRIMESIM_BO_INFO as seen by the GPU */
void lab_bo_info(int drm, uint32_t handle, struct drm_primesim_bo_info *info);

#endif /* LAB_GPU_H */
