// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Configurations from module parameters, and devices from configurations.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>

#include <linux/simbuf.h>

#include "primesim_config.h"

static char *gpu_profile = "ideal";
module_param(gpu_profile, charp, 0444);
MODULE_PARM_DESC(gpu_profile, "Device model of the default device's GPU (ideal)");

static char *display_profile = "ideal";
module_param(display_profile, charp, 0444);
MODULE_PARM_DESC(display_profile, "Device model of the default device's display (ideal)");

static char *policy = "late";
module_param(policy, charp, 0444);
MODULE_PARM_DESC(policy, "When the default device's buffers are pinned: late or early (late)");

static uint job_timeout_ms = PRIMESIM_JOB_TIMEOUT_MS;
module_param(job_timeout_ms, uint, 0444);
MODULE_PARM_DESC(job_timeout_ms, "Milliseconds a job may take on the default device's GPU, "
		 __stringify(PRIMESIM_JOB_TIMEOUT_MIN_MS) " to "
		 __stringify(PRIMESIM_JOB_TIMEOUT_MAX_MS) " ("
		 __stringify(PRIMESIM_JOB_TIMEOUT_MS) ")");

/**
 * primesim_config_timeout_valid - can a job be given this time?
 * @timeout_ms: milliseconds.
 */
bool primesim_config_timeout_valid(u32 timeout_ms)
{
	return timeout_ms >= PRIMESIM_JOB_TIMEOUT_MIN_MS &&
	       timeout_ms <= PRIMESIM_JOB_TIMEOUT_MAX_MS;
}

static int find_model(const char *parameter, const char *name, struct simdev_model *model)
{
	const struct simdev_model *found = simdev_model_find(name);

	if (!found) {
		pr_err("primesim: %s=%s: no such profile; /sys/kernel/debug/simbuf/profiles lists them\n",
		       parameter, name);
		return -EINVAL;
	}
	*model = *found;
	return 0;
}

/**
 * primesim_config_from_parameters - what the module was asked to load
 * @config: out: the default device's properties.
 *
 * Returns: 0, or -EINVAL for what does not exist or is out of range; the log says which.
 */
int primesim_config_from_parameters(struct primesim_config *config)
{
	int ret = find_model("gpu_profile", gpu_profile, &config->gpu);

	if (!ret)
		ret = find_model("display_profile", display_profile, &config->display);
	if (ret)
		return ret;

	config->policy = simbuf_policy_find(policy);
	if (!config->policy) {
		pr_err("primesim: policy=%s: must be late or early\n", policy);
		return -EINVAL;
	}
	if (!primesim_config_timeout_valid(job_timeout_ms)) {
		pr_err("primesim: job_timeout_ms=%u: must be %u to %u\n", job_timeout_ms,
		       PRIMESIM_JOB_TIMEOUT_MIN_MS, PRIMESIM_JOB_TIMEOUT_MAX_MS);
		return -EINVAL;
	}
	config->job_timeout_ms = job_timeout_ms;
	return 0;
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
