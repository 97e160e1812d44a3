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
 * struct primesim_role - what a device is for
 * @name: for parameters and configfs.
 * @gpu: it has an engine and a render node.
 * @display: it has KMS objects.
 */
struct primesim_role {
	const char *name;
	bool gpu;
	bool display;
};

/**
 * struct primesim_config - properties of one device, its platform data
 * @role: which of the two parts it has.
 * @gpu: how the engine reaches memory.
 * @display: how scan-out reaches memory.
 * @displays: CRTCs, each with a monitor, 1 .. PRIMESIM_MAX_DISPLAYS.
 * @policy: when buffers of this device are pinned.
 * @local_mib: its local memory in MiB, 0 .. PRIMESIM_MAX_LOCAL_MIB; 0: it has none.
 * @client_memory_mib: memory that the objects a file makes may have together; 0: half
 *	of the machine's.
 * @client_handles: handles that a file may have, 1 .. PRIMESIM_MAX_HANDLES.
 * @job_timeout_ms: time a job may take on the engine, PRIMESIM_JOB_TIMEOUT_MIN_MS ..
 *	PRIMESIM_JOB_TIMEOUT_MAX_MS.
 */
struct primesim_config {
	const struct primesim_role *role;
	struct simdev_model gpu;
	struct simdev_model display;
	u32 displays;
	const struct simbuf_policy *policy;
	u32 local_mib;
	u32 client_memory_mib;
	u32 client_handles;
	u32 job_timeout_ms;
};

#define PRIMESIM_MAX_LOCAL_MIB		65536

/* More than desktops and browsers have, by far. */
#define PRIMESIM_CLIENT_HANDLES		65536
#define PRIMESIM_MAX_HANDLES		16777216

/* Far above what a job takes that is not meant to last; the machine may be slow. */
#define PRIMESIM_JOB_TIMEOUT_MS		20000
#define PRIMESIM_JOB_TIMEOUT_MIN_MS	10
#define PRIMESIM_JOB_TIMEOUT_MAX_MS	600000

#define PRIMESIM_MAX_DISPLAYS	4

const struct primesim_role *primesim_role_find(const char *name);

struct platform_device *primesim_device_create(const struct primesim_config *config);
void primesim_device_destroy(struct platform_device *parent);

int primesim_devices_plug(void);
void primesim_devices_unplug(void);

int primesim_configfs_init(void);
void primesim_configfs_exit(void);

#endif /* _PRIMESIM_CONFIG_H_ */
