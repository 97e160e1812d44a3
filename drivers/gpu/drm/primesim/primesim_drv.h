/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * primesim - a GPU and a display that share simulated memory.
 */
#ifndef _PRIMESIM_DRV_H_
#define _PRIMESIM_DRV_H_

#include <linux/atomic.h>
#include <linux/xarray.h>

#include <drm/drm_device.h>
#include <drm/drm_file.h>

#include "primesim_failed.h"

struct primesim_client;
struct primesim_engine;
struct simbuf_budget;
struct simbuf_policy;
struct simbuf_pool;
struct simdev;

/**
 * struct primesim_device - one GPU with its display
 * @base: the DRM device; frees this struct with its last reference.
 * @gpu: how the engine sees memory, %NULL without one. Lives as long as @base.
 * @display: how scan-out sees memory, %NULL without one. Lives as long as @base.
 * @policy: when its own buffers are pinned.
 * @local: its local memory, or %NULL. Lives as long as @base.
 * @limits: of each open file.
 * @limits.memory: bytes that the objects it makes may have together.
 * @limits.handles: how many.
 * @failed: counts work that went on after a fence with an error.
 * @engine: private to primesim_engine.c; %NULL if there is no @gpu.
 */
struct primesim_device {
	struct drm_device base;
	struct simdev *gpu;
	struct simdev *display;
	const struct simbuf_policy *policy;
	struct simbuf_pool *local;
	struct {
		u64 memory;
		u32 handles;
	} limits;
	struct primesim_failed failed;
	struct primesim_engine *engine;
};

static inline struct primesim_device *to_primesim_device(struct drm_device *dev)
{
	return container_of(dev, struct primesim_device, base);
}

int primesim_refuse_missing(struct primesim_device *pdev, const char *ioctl, const char *part);

/* What to call the device in messages. */
static inline struct simdev *primesim_simdev(struct primesim_device *pdev)
{
	return pdev->gpu ?: pdev->display;
}

/**
 * struct primesim_file - one open of a device node, &drm_file.driver_priv
 * @contexts: where this file's jobs queue up, by number; 0 is always there if the device
 *	has an engine.
 * @client: what it has used of the engine.
 * @budget: what the objects it makes count against.
 * @handles: how many it has.
 */
struct primesim_file {
	struct xarray contexts;
	struct primesim_client *client;
	struct simbuf_budget *budget;
	atomic_t handles;
};

static inline struct primesim_file *to_primesim_file(struct drm_file *file)
{
	return file->driver_priv;
}

#endif /* _PRIMESIM_DRV_H_ */
