/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_MONITOR_CONFIGFS_H_
#define _PRIMESIM_MONITOR_CONFIGFS_H_

#include <linux/configfs.h>

#include "primesim_connector.h"

struct simdev_slot;

/**
 * struct primesim_monitor_group - a monitor as a directory within a slot's
 * @group: the directory.
 * @slot: what it is in. Its lock protects @monitor.
 * @index: of the connector, among those of monitors.
 * @monitor: what is plugged in while the device is live.
 */
struct primesim_monitor_group {
	struct config_group group;
	struct simdev_slot *slot;
	unsigned int index;
	struct primesim_monitor monitor;
};

void primesim_monitor_group_init(struct primesim_monitor_group *group, struct simdev_slot *slot,
				 unsigned int index);
void primesim_monitor_group_apply(const struct primesim_monitor_group *group,
				  struct platform_device *parent);

#endif /* _PRIMESIM_MONITOR_CONFIGFS_H_ */
