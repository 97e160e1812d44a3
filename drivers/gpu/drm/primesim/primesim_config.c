// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Configurations from module parameters, and devices from configurations.
 */
#include <linux/array_size.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <linux/stringify.h>

#include <linux/simbuf.h>
#include <linux/simdev_devices.h>

#include "primesim_config.h"

static unsigned int devices = 1;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "Number of devices, 0 to " __stringify(SIMDEV_MAX_DEVICES) " (1)");

static struct simdev_list roles = { .values = { "both" }, .count = 1 };
module_param_array_named(role, roles.values, charp, &roles.count, 0444);
MODULE_PARM_DESC(role, "What each device is for: both, render or display (both)");

static struct simdev_list gpu_profiles = { .values = { "ideal" }, .count = 1 };
module_param_array_named(gpu_profile, gpu_profiles.values, charp, &gpu_profiles.count, 0444);
MODULE_PARM_DESC(gpu_profile, "Device model of each device's GPU (ideal)");

static struct simdev_list display_profiles = { .values = { "ideal" }, .count = 1 };
module_param_array_named(display_profile, display_profiles.values, charp,
			 &display_profiles.count, 0444);
MODULE_PARM_DESC(display_profile, "Device model of each device's display (ideal)");

static unsigned int displays = 1;
module_param(displays, uint, 0444);
MODULE_PARM_DESC(displays, "Monitors of each device that has a display, 1 to "
		 __stringify(PRIMESIM_MAX_DISPLAYS) " (1)");

static struct simdev_list policies = { .values = { "late" }, .count = 1 };
module_param_array_named(policy, policies.values, charp, &policies.count, 0444);
MODULE_PARM_DESC(policy, "When each device's buffers are pinned: late or early (late)");

static unsigned int job_timeout_ms = PRIMESIM_JOB_TIMEOUT_MS;
module_param(job_timeout_ms, uint, 0444);
MODULE_PARM_DESC(job_timeout_ms, "Milliseconds a job may take on each device's GPU, "
		 __stringify(PRIMESIM_JOB_TIMEOUT_MIN_MS) " to "
		 __stringify(PRIMESIM_JOB_TIMEOUT_MAX_MS) " ("
		 __stringify(PRIMESIM_JOB_TIMEOUT_MS) ")");

static unsigned int local_mibs[SIMDEV_MAX_DEVICES];
static unsigned int local_mibs_count;
module_param_array_named(local_mib, local_mibs, uint, &local_mibs_count, 0444);
MODULE_PARM_DESC(local_mib, "MiB of local memory of each device, 0 to "
		 __stringify(PRIMESIM_MAX_LOCAL_MIB) " (0)");

static unsigned int client_memory_mib;
module_param(client_memory_mib, uint, 0444);
MODULE_PARM_DESC(client_memory_mib,
		 "MiB that the buffers of one client may have (0: half of the machine's memory)");

static unsigned int client_handles = PRIMESIM_CLIENT_HANDLES;
module_param(client_handles, uint, 0444);
MODULE_PARM_DESC(client_handles, "Handles that one client may have, 1 to "
		 __stringify(PRIMESIM_MAX_HANDLES) " (" __stringify(PRIMESIM_CLIENT_HANDLES) ")");

/**
 * primesim_role_find - look up a role
 * @name: its name; a trailing newline is ignored.
 *
 * Returns: the role, or %NULL when there is none of that name.
 */
const struct primesim_role *primesim_role_find(const char *name)
{
	static const struct primesim_role all[] = {
		{ .name = "both", .gpu = true, .display = true },
		{ .name = "render", .gpu = true },
		{ .name = "display", .display = true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		if (sysfs_streq(name, all[i].name))
			return &all[i];
	}
	return NULL;
}

static int check_number(const char *parameter, u32 value, u32 min, u32 max)
{
	if (value >= min && value <= max)
		return 0;
	pr_err("primesim: %s=%u: must be %u to %u\n", parameter, value, min, max);
	return -EINVAL;
}

static int check_numbers(const struct primesim_config *config)
{
	return check_number("displays", config->displays, 1, PRIMESIM_MAX_DISPLAYS) ?:
	       check_number("local_mib", config->local_mib, 0, PRIMESIM_MAX_LOCAL_MIB) ?:
	       check_number("client_handles", config->client_handles, 1,
			    PRIMESIM_MAX_HANDLES) ?:
	       check_number("job_timeout_ms", config->job_timeout_ms,
			    PRIMESIM_JOB_TIMEOUT_MIN_MS, PRIMESIM_JOB_TIMEOUT_MAX_MS);
}

static struct platform_device *primesim_device_from_parameters(unsigned int number);

static struct simdev_devices primesim_devices =
	SIMDEV_DEVICES_INIT(primesim_devices, "primesim", primesim_device_from_parameters);

static int find_models(unsigned int number, struct primesim_config *config)
{
	return simdev_list_model(&primesim_devices, "gpu_profile", &gpu_profiles, number,
				 &config->gpu) ?:
	       simdev_list_model(&primesim_devices, "display_profile", &display_profiles, number,
				 &config->display);
}

static const struct primesim_role *find_role(unsigned int number)
{
	const char *name = simdev_list_value(&roles, number);
	const struct primesim_role *role = primesim_role_find(name);

	if (!role)
		pr_err("primesim: role=%s: must be both, render or display\n", name);
	return role;
}

static struct platform_device *primesim_device_from_parameters(unsigned int number)
{
	struct primesim_config config = {
		.role = find_role(number),
		.policy = simdev_list_policy(&primesim_devices, &policies, number),
		.displays = displays,
		.local_mib = local_mibs[simdev_list_index(local_mibs_count, number)],
		.client_memory_mib = client_memory_mib,
		.client_handles = client_handles,
		.job_timeout_ms = job_timeout_ms,
	};
	int ret;

	if (!config.role || !config.policy)
		return ERR_PTR(-EINVAL);
	ret = find_models(number, &config);
	if (!ret)
		ret = check_numbers(&config);
	return ret ? ERR_PTR(ret) : primesim_device_create(&config);
}

/**
 * primesim_device_create - plug a device in
 * @config: its properties; copied.
 *
 * Returns: the device, to be unplugged with primesim_device_destroy(), or an
 * error pointer.
 */
struct platform_device *primesim_device_create(const struct primesim_config *config)
{
	return simdev_device_register(&primesim_devices, config, sizeof(*config));
}

/**
 * primesim_device_destroy - unplug a device
 * @parent: the device.
 *
 * Whoever has it open keeps files, buffers and mappings, but no hardware.
 */
void primesim_device_destroy(struct platform_device *parent)
{
	simdev_device_unregister(&primesim_devices, parent);
}

/**
 * primesim_devices_plug - make the devices that the module was asked to bring along
 *
 * Returns: 0 or an error; the log says which parameter is wrong.
 */
int primesim_devices_plug(void)
{
	return simdev_devices_plug(&primesim_devices, devices);
}

void primesim_devices_unplug(void)
{
	simdev_devices_unplug(&primesim_devices);
}
