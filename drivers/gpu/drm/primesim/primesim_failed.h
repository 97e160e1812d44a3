/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Work that was done although what it waited for has failed.
 */
#ifndef _PRIMESIM_FAILED_H_
#define _PRIMESIM_FAILED_H_

#include <linux/atomic.h>

struct dma_fence;
struct drm_sched_job;
struct primesim_device;

/**
 * struct primesim_failed - how often that was, in debugfs
 * @jobs: fences with an error that jobs waited for.
 * @planes: updates of planes that waited for fences with an error.
 */
struct primesim_failed {
	atomic_t jobs;
	atomic_t planes;
};

void primesim_failed_init(struct primesim_device *pdev);
void primesim_failed_job(struct primesim_device *pdev, struct drm_sched_job *job);
void primesim_failed_plane(struct primesim_device *pdev, struct dma_fence *fence);

#endif /* _PRIMESIM_FAILED_H_ */
