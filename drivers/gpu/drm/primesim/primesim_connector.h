/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The monitors, and what can happen to them at run time.
 */
#ifndef _PRIMESIM_CONNECTOR_H_
#define _PRIMESIM_CONNECTOR_H_

#include <drm/drm_connector.h>
#include <drm/drm_edid.h>

struct platform_device;

#define PRIMESIM_MAX_EDID	(4 * EDID_LENGTH)

/**
 * struct primesim_monitor - what is plugged into a connector
 * @connected: something is.
 * @edid_size: bytes of @edid, or 0 for the monitor of our own.
 * @edid: what it says about itself.
 */
struct primesim_monitor {
	bool connected;
	u32 edid_size;
	u8 edid[PRIMESIM_MAX_EDID];
};

/**
 * struct primesim_connector - a connector
 * @base: the connector.
 * @lock: protects @monitor.
 * @monitor: what is plugged in.
 */
struct primesim_connector {
	struct drm_connector base;
	struct mutex lock;	/* of @monitor */
	struct primesim_monitor monitor;
};

int primesim_connector_create(struct drm_device *dev);

int primesim_monitor_replace(struct platform_device *parent, unsigned int index,
			     const struct primesim_monitor *monitor);
int primesim_monitor_fail_link(struct platform_device *parent, unsigned int index);

#endif /* _PRIMESIM_CONNECTOR_H_ */
