/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a primesim device is made from.
 */
#ifndef _PRIMESIM_CONFIG_H_
#define _PRIMESIM_CONFIG_H_

#include <linux/simdev.h>

struct platform_device;
struct simbuf_policy;

/**
 * struct primesim_config - properties of one device, its platform data
 * @gpu: how the engine reaches memory.
 * @display: how scan-out reaches memory.
 * @policy: when buffers of this device are pinned.
 */
struct primesim_config {
	struct simdev_model gpu;
	struct simdev_model display;
	const struct simbuf_policy *policy;
};

int primesim_config_from_parameters(struct primesim_config *config);

struct platform_device *primesim_device_create(const struct primesim_config *config);
void primesim_device_destroy(struct platform_device *parent);

int primesim_configfs_init(void);
void primesim_configfs_exit(void);

#endif /* _PRIMESIM_CONFIG_H_ */
