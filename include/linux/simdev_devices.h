/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The devices of a driver: there is no bus to find hardware on, so its module brings some
 * along, and users make others in configfs.
 */
#ifndef _LINUX_SIMDEV_DEVICES_H
#define _LINUX_SIMDEV_DEVICES_H

#include <linux/idr.h>
#include <linux/types.h>

struct platform_device;
struct simbuf_policy;
struct simdev_model;

/* That a module brings along, at most. */
#define SIMDEV_MAX_DEVICES	8

/**
 * struct simdev_devices - a driver's devices
 * @driver: its name; devices are called "camsim.0" and so on.
 * @plug: make the device of that number of those that the module brings along, or
 *	return an error pointer; the log says why.
 *
 * Static, and filled in by the driver up to here, with SIMDEV_DEVICES_INIT().
 */
struct simdev_devices {
	const char *driver;
	struct platform_device *(*plug)(unsigned int number);
	/* private: numbers in use, and what was brought along */
	struct ida ids;
	struct platform_device *brought[SIMDEV_MAX_DEVICES];
	unsigned int num_brought;
};

#define SIMDEV_DEVICES_INIT(name, driver_, plug_) {	\
	.driver = driver_,				\
	.plug = plug_,					\
	.ids = IDA_INIT(name.ids),			\
}

/**
 * struct simdev_list - a module parameter with a value for each device
 * @values: the values.
 * @count: how many there are; the last of them is that of all further devices.
 */
struct simdev_list {
	char *values[SIMDEV_MAX_DEVICES];
	unsigned int count;
};

struct platform_device *simdev_device_register(struct simdev_devices *devices,
					       const void *config, size_t size);
void simdev_device_unregister(struct simdev_devices *devices, struct platform_device *device);

int simdev_devices_plug(struct simdev_devices *devices, unsigned int count);
void simdev_devices_unplug(struct simdev_devices *devices);

unsigned int simdev_list_index(unsigned int count, unsigned int number);
const char *simdev_list_value(const struct simdev_list *list, unsigned int number);
int simdev_list_model(const struct simdev_devices *devices, const char *parameter,
		      const struct simdev_list *list, unsigned int number,
		      struct simdev_model *model);
const struct simbuf_policy *simdev_list_policy(const struct simdev_devices *devices,
					       const struct simdev_list *list,
					       unsigned int number);

#endif /* _LINUX_SIMDEV_DEVICES_H */
