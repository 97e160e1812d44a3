// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Configurations from module parameters, and devices from configurations.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>

#include <linux/simbuf.h>

#include "camsim_config.h"

static char *profile = "ideal";
module_param(profile, charp, 0444);
MODULE_PARM_DESC(profile, "Device model of the default camera (ideal)");

static char *policy = "late";
module_param(policy, charp, 0444);
MODULE_PARM_DESC(policy, "When the default camera's buffers are pinned: late or early (late)");

static bool mplane;
module_param(mplane, bool, 0444);
MODULE_PARM_DESC(mplane, "The default camera's node has the multi-planar API (N)");

/**
 * camsim_config_from_parameters - what the module was asked to load
 * @config: out: the default camera's properties.
 *
 * Return: 0, or -EINVAL for a name that does not exist; the log says which.
 */
int camsim_config_from_parameters(struct camsim_config *config)
{
	int ret = simdev_model_get(profile, &config->model);

	if (ret) {
		pr_err("camsim: profile=%s: no such profile; /sys/kernel/debug/simbuf/profiles lists them\n",
		       profile);
		return ret;
	}

	config->policy = simbuf_policy_find(policy);
	if (!config->policy) {
		pr_err("camsim: policy=%s: must be late or early\n", policy);
		return -EINVAL;
	}

	config->mplane = mplane;
	return 0;
}

static DEFINE_IDA(device_ids);

/**
 * camsim_device_create - plug a device in
 * @config: its properties; copied.
 *
 * Return: the device, to be unplugged with camsim_device_destroy(), or an
 * error pointer.
 */
struct platform_device *camsim_device_create(const struct camsim_config *config)
{
	struct platform_device *parent;
	int id = ida_alloc(&device_ids, GFP_KERNEL);

	if (id < 0)
		return ERR_PTR(id);

	parent = platform_device_register_data(NULL, "camsim", id, config, sizeof(*config));
	if (IS_ERR(parent))
		ida_free(&device_ids, id);
	return parent;
}

/**
 * camsim_device_destroy - unplug a device
 * @parent: the device.
 *
 * Whoever has it open keeps files, buffers and mappings, but no hardware.
 */
void camsim_device_destroy(struct platform_device *parent)
{
	int id = parent->id;

	platform_device_unregister(parent);
	ida_free(&device_ids, id);
}
