// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Configurations from module parameters, and devices from configurations.
 */
#include <linux/array_size.h>
#include <linux/idr.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <linux/stringify.h>

#include <linux/simbuf.h>

#include "primesim_config.h"

static unsigned int devices = 1;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "Number of devices, 0 to " __stringify(PRIMESIM_MAX_DEVICES) " (1)");

/**
 * struct list_parameter - one value for each device
 * @values: the values.
 * @count: how many were given; the last of them is that of all further devices.
 */
struct list_parameter {
	char *values[PRIMESIM_MAX_DEVICES];
	unsigned int count;
};

static struct list_parameter roles = { .values = { "both" }, .count = 1 };
module_param_array_named(role, roles.values, charp, &roles.count, 0444);
MODULE_PARM_DESC(role, "What each device is for: both, render or display (both)");

static struct list_parameter gpu_profiles = { .values = { "ideal" }, .count = 1 };
module_param_array_named(gpu_profile, gpu_profiles.values, charp, &gpu_profiles.count, 0444);
MODULE_PARM_DESC(gpu_profile, "Device model of each device's GPU (ideal)");

static struct list_parameter display_profiles = { .values = { "ideal" }, .count = 1 };
module_param_array_named(display_profile, display_profiles.values, charp,
			 &display_profiles.count, 0444);
MODULE_PARM_DESC(display_profile, "Device model of each device's display (ideal)");

static unsigned int displays = 1;
module_param(displays, uint, 0444);
MODULE_PARM_DESC(displays, "Monitors of each device that has a display, 1 to "
		 __stringify(PRIMESIM_MAX_DISPLAYS) " (1)");

static struct list_parameter policies = { .values = { "late" }, .count = 1 };
module_param_array_named(policy, policies.values, charp, &policies.count, 0444);
MODULE_PARM_DESC(policy, "When each device's buffers are pinned: late or early (late)");

static unsigned int job_timeout_ms = PRIMESIM_JOB_TIMEOUT_MS;
module_param(job_timeout_ms, uint, 0444);
MODULE_PARM_DESC(job_timeout_ms, "Milliseconds a job may take on each device's GPU, "
		 __stringify(PRIMESIM_JOB_TIMEOUT_MIN_MS) " to "
		 __stringify(PRIMESIM_JOB_TIMEOUT_MAX_MS) " ("
		 __stringify(PRIMESIM_JOB_TIMEOUT_MS) ")");

static unsigned int local_mibs[PRIMESIM_MAX_DEVICES];
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

static const char *list_value(const struct list_parameter *list, unsigned int number)
{
	return list->count ? list->values[min(number, list->count - 1)] : "";
}

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

/**
 * primesim_config_devices - how many devices the module was asked to bring along
 */
unsigned int primesim_config_devices(void)
{
	return devices;
}

static int find_model(const char *parameter, const char *name, struct simdev_model *model)
{
	int ret = simdev_model_get(name, model);

	if (ret)
		pr_err("primesim: %s=%s: no such profile; /sys/kernel/debug/simbuf/profiles lists them\n",
		       parameter, name);
	return ret;
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

/**
 * primesim_config_from_parameters - what the module was asked to load
 * @number: counts the devices that the module brings along.
 * @config: out: that device's properties.
 *
 * Returns: 0, or -EINVAL for what does not exist or is out of range; the log says which.
 */
int primesim_config_from_parameters(unsigned int number, struct primesim_config *config)
{
	int ret = find_model("gpu_profile", list_value(&gpu_profiles, number), &config->gpu);

	if (!ret)
		ret = find_model("display_profile", list_value(&display_profiles, number),
				 &config->display);
	if (ret)
		return ret;

	config->role = primesim_role_find(list_value(&roles, number));
	if (!config->role) {
		pr_err("primesim: role=%s: must be both, render or display\n",
		       list_value(&roles, number));
		return -EINVAL;
	}
	config->policy = simbuf_policy_find(list_value(&policies, number));
	if (!config->policy) {
		pr_err("primesim: policy=%s: must be late or early\n",
		       list_value(&policies, number));
		return -EINVAL;
	}
	config->displays = displays;
	config->local_mib = local_mibs_count ?
			    local_mibs[min(number, local_mibs_count - 1)] : 0;
	config->client_memory_mib = client_memory_mib;
	config->client_handles = client_handles;
	config->job_timeout_ms = job_timeout_ms;
	return check_numbers(config);
}

static DEFINE_IDA(device_ids);

/**
 * primesim_device_create - plug a device in
 * @config: its properties; copied.
 *
 * Returns: the device, to be unplugged with primesim_device_destroy(), or an
 * error pointer.
 */
struct platform_device *primesim_device_create(const struct primesim_config *config)
{
	struct platform_device *parent;
	int id = ida_alloc(&device_ids, GFP_KERNEL);

	if (id < 0)
		return ERR_PTR(id);

	parent = platform_device_register_data(NULL, "primesim", id, config, sizeof(*config));
	if (IS_ERR(parent))
		ida_free(&device_ids, id);
	return parent;
}

/**
 * primesim_device_destroy - unplug a device
 * @parent: the device.
 *
 * Whoever has it open keeps files, buffers and mappings, but no hardware.
 */
void primesim_device_destroy(struct platform_device *parent)
{
	int id = parent->id;

	platform_device_unregister(parent);
	ida_free(&device_ids, id);
}
