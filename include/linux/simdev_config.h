/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A device model as a configfs directory.
 */
#ifndef _LINUX_SIMDEV_CONFIG_H
#define _LINUX_SIMDEV_CONFIG_H

#include <linux/configfs.h>
#include <linux/mutex.h>
#include <linux/simdev.h>

/**
 * struct simdev_config - properties of a device that is to be created
 * @group: the directory: a file "profile", and one for each property.
 * @lock: protects the members below.
 * @model: the properties.
 * @in_use: a device was created from them: no changes.
 */
struct simdev_config {
	struct config_group group;
	struct mutex lock;
	struct simdev_model model;
	bool in_use;
};

void simdev_config_init(struct simdev_config *config, const char *name,
			const struct simdev_model *model);
int simdev_config_use(struct simdev_config *config, struct simdev_model *model);
void simdev_config_unuse(struct simdev_config *config);

#endif /* _LINUX_SIMDEV_CONFIG_H */
