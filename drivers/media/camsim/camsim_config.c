// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Configurations from module parameters, and devices from configurations.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <linux/stringify.h>

#include <linux/simbuf.h>
#include <linux/simdev_devices.h>

#include "camsim_config.h"
#include "camsim_drv.h"

static unsigned int devices = 1;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "Number of cameras, 0 to " __stringify(SIMDEV_MAX_DEVICES) " (1)");

static struct simdev_list profiles = { .values = { "ideal" }, .count = 1 };
module_param_array_named(profile, profiles.values, charp, &profiles.count, 0444);
MODULE_PARM_DESC(profile, "Device model of each camera (ideal)");

static struct simdev_list policies = { .values = { "late" }, .count = 1 };
module_param_array_named(policy, policies.values, charp, &policies.count, 0444);
MODULE_PARM_DESC(policy, "When each camera's buffers are pinned: late or early (late)");

static bool mplanes[SIMDEV_MAX_DEVICES];
static unsigned int mplanes_count;
module_param_array_named(mplane, mplanes, bool, &mplanes_count, 0444);
MODULE_PARM_DESC(mplane, "Each camera's node has the multi-planar API (N)");

static bool producers[SIMDEV_MAX_DEVICES];
static unsigned int producers_count;
module_param_array_named(producer, producers, bool, &producers_count, 0444);
MODULE_PARM_DESC(producer, "Each camera has an output node for frames of a program's (N)");

static struct simdev_list media_drivers = { .values = { CAMSIM_NAME }, .count = 1 };
module_param_array_named(media_driver, media_drivers.values, charp, &media_drivers.count, 0444);
MODULE_PARM_DESC(media_driver, "Driver that each camera's media device names (" CAMSIM_NAME ")");

/**
 * camsim_config_set_media_driver - choose the name that the media device tells
 * @config: the configuration.
 * @name: the name.
 *
 * Return: 0, or -EINVAL for one that is empty or does not fit; the log says so.
 */
int camsim_config_set_media_driver(struct camsim_config *config, const char *name)
{
	if (*name && strscpy(config->media_driver, name) > 0)
		return 0;
	pr_err("%s: media_driver=%s: must have 1 to %d characters\n", CAMSIM_NAME, name,
	       CAMSIM_MEDIA_DRIVER_SIZE - 1);
	return -EINVAL;
}

static struct platform_device *camsim_device_from_parameters(unsigned int number);

static struct simdev_devices camsim_devices =
	SIMDEV_DEVICES_INIT(camsim_devices, CAMSIM_NAME, camsim_device_from_parameters);

static struct platform_device *camsim_device_from_parameters(unsigned int number)
{
	struct camsim_config config = {
		.policy = simdev_list_policy(&camsim_devices, &policies, number),
		.mplane = mplanes[simdev_list_index(mplanes_count, number)],
		.producer = producers[simdev_list_index(producers_count, number)],
	};
	int err;

	if (!config.policy)
		return ERR_PTR(-EINVAL);
	err = simdev_list_model(&camsim_devices, "profile", &profiles, number, &config.model);
	if (err)
		return ERR_PTR(err);
	err = camsim_config_set_media_driver(&config, simdev_list_value(&media_drivers, number));
	if (err)
		return ERR_PTR(err);
	return camsim_device_create(&config);
}

/**
 * camsim_device_create - plug a device in
 * @config: its properties; copied.
 *
 * Return: the device, to be unplugged with camsim_device_destroy(), or an
 * error pointer.
 */
struct platform_device *camsim_device_create(const struct camsim_config *config)
{
	return simdev_device_register(&camsim_devices, config, sizeof(*config));
}

/**
 * camsim_device_destroy - unplug a device
 * @parent: the device.
 *
 * Whoever has it open keeps files, buffers and mappings, but no hardware.
 */
void camsim_device_destroy(struct platform_device *parent)
{
	simdev_device_unregister(&camsim_devices, parent);
}

/**
 * camsim_devices_plug - make the cameras that the module was asked to bring along
 *
 * Return: 0 or an error; the log says which parameter is wrong.
 */
int camsim_devices_plug(void)
{
	return simdev_devices_plug(&camsim_devices, devices);
}

void camsim_devices_unplug(void)
{
	simdev_devices_unplug(&camsim_devices);
}
