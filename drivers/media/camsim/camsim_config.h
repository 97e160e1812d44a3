/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a camera is made from.
 */
#ifndef _CAMSIM_CONFIG_H_
#define _CAMSIM_CONFIG_H_

#include <linux/simdev.h>

struct platform_device;
struct simbuf_policy;

/* Bytes of struct media_device_info's driver, the terminating one included */
#define CAMSIM_MEDIA_DRIVER_SIZE	16

/**
 * struct camsim_config - properties of one camera, its platform data
 * @model: how its DMA reaches memory.
 * @policy: when buffers of its own are pinned.
 * @mplane: its nodes have the multi-planar API, and the formats that need it.
 * @producer: it has a second node, for programs that make its frames.
 * @media_driver: which driver its media device is said to have: libcamera takes only
 *	those that it has heard of.
 */
struct camsim_config {
	struct simdev_model model;
	const struct simbuf_policy *policy;
	bool mplane;
	bool producer;
	char media_driver[CAMSIM_MEDIA_DRIVER_SIZE];
};

int camsim_config_set_media_driver(struct camsim_config *config, const char *name);

struct platform_device *camsim_device_create(const struct camsim_config *config);
void camsim_device_destroy(struct platform_device *parent);

int camsim_devices_plug(void);
void camsim_devices_unplug(void);

int camsim_configfs_init(void);
void camsim_configfs_exit(void);

#endif /* _CAMSIM_CONFIG_H_ */
