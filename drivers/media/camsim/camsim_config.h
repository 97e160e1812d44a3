/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a camera is made from.
 */
#ifndef _CAMSIM_CONFIG_H_
#define _CAMSIM_CONFIG_H_

#include <linux/simdev.h>

struct platform_device;
struct simbuf_policy;

/**
 * struct camsim_config - properties of one camera, its platform data
 * @model: how its DMA reaches memory.
 * @policy: when buffers of its own are pinned.
 * @mplane: its node has the multi-planar API, and the formats that need it.
 */
struct camsim_config {
	struct simdev_model model;
	const struct simbuf_policy *policy;
	bool mplane;
};

struct platform_device *camsim_device_create(const struct camsim_config *config);
void camsim_device_destroy(struct platform_device *parent);

int camsim_devices_plug(void);
void camsim_devices_unplug(void);

int camsim_configfs_init(void);
void camsim_configfs_exit(void);

#endif /* _CAMSIM_CONFIG_H_ */
