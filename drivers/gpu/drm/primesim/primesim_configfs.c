// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/primesim: GPUs with displays made and unplugged at run time.
 */
#include <linux/cleanup.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <linux/simdev_config.h>

#include "primesim_config.h"
#include "primesim_monitor_configfs.h"

/**
 * struct primesim_slot - one directory
 * @base: the directory.
 * @gpu: its directory gpu.
 * @display: its directory display.
 * @monitors: its directories monitor0 and so on.
 * @role: see &primesim_config.role. Protected by @base's lock.
 * @displays: see &primesim_config.displays. Protected by @base's lock.
 * @local_mib: see &primesim_config.local_mib. Protected by @base's lock.
 * @client_memory_mib: see &primesim_config.client_memory_mib. Protected by @base's lock.
 * @client_handles: see &primesim_config.client_handles. Protected by @base's lock.
 * @job_timeout_ms: see &primesim_config.job_timeout_ms. Protected by @base's lock.
 */
struct primesim_slot {
	struct simdev_slot base;
	struct simdev_config gpu;
	struct simdev_config display;
	struct primesim_monitor_group monitors[PRIMESIM_MAX_DISPLAYS];
	const struct primesim_role *role;
	u32 displays;
	u32 local_mib;
	u32 client_memory_mib;
	u32 client_handles;
	u32 job_timeout_ms;
};

static struct primesim_slot *to_primesim_slot(struct simdev_slot *slot)
{
	return container_of(slot, struct primesim_slot, base);
}

static struct simdev_slot *primesim_slot_create(void)
{
	struct primesim_slot *pslot = kzalloc_obj(*pslot);
	unsigned int i;

	if (!pslot)
		return NULL;

	simdev_slot_init(&pslot->base);
	simdev_slot_add_model(&pslot->base, &pslot->gpu, "gpu");
	simdev_slot_add_model(&pslot->base, &pslot->display, "display");
	for (i = 0; i < PRIMESIM_MAX_DISPLAYS; i++)
		primesim_monitor_group_init(&pslot->monitors[i], &pslot->base, i);
	pslot->displays = 1;
	pslot->client_handles = PRIMESIM_CLIENT_HANDLES;
	pslot->job_timeout_ms = PRIMESIM_JOB_TIMEOUT_MS;
	pslot->role = primesim_role_find("both");
	return &pslot->base;
}

static void primesim_slot_free(struct simdev_slot *slot)
{
	kfree(to_primesim_slot(slot));
}

static struct platform_device *primesim_slot_plug(struct simdev_slot *slot)
{
	const struct primesim_slot *pslot = to_primesim_slot(slot);
	const struct primesim_config config = {
		.role = pslot->role,
		.gpu = pslot->gpu.model,
		.display = pslot->display.model,
		.displays = pslot->displays,
		.policy = slot->policy,
		.local_mib = pslot->local_mib,
		.client_memory_mib = pslot->client_memory_mib,
		.client_handles = pslot->client_handles,
		.job_timeout_ms = pslot->job_timeout_ms,
	};
	struct platform_device *parent = primesim_device_create(&config);
	unsigned int i;

	for (i = 0; i < PRIMESIM_MAX_DISPLAYS && !IS_ERR(parent); i++)
		primesim_monitor_group_apply(&pslot->monitors[i], parent);
	return parent;
}

static const struct simdev_slot_ops primesim_slot_ops = {
	.create = primesim_slot_create,
	.free = primesim_slot_free,
	.plug = primesim_slot_plug,
	.unplug = primesim_device_destroy,
};

static struct primesim_slot *item_to_primesim_slot(struct config_item *item)
{
	return container_of(to_config_group(item), struct primesim_slot, base.group);
}

static ssize_t primesim_slot_role_show(struct config_item *item, char *page)
{
	struct primesim_slot *pslot = item_to_primesim_slot(item);

	guard(mutex)(&pslot->base.lock);
	return sysfs_emit(page, "%s\n", pslot->role->name);
}

static ssize_t primesim_slot_role_store(struct config_item *item, const char *page, size_t count)
{
	const struct primesim_role *role = primesim_role_find(page);
	struct primesim_slot *pslot = item_to_primesim_slot(item);

	if (!role) {
		pr_info("primesim: no role %.*s: must be both, render or display\n",
			(int)strcspn(page, "\n"), page);
		return -EINVAL;
	}
	guard(mutex)(&pslot->base.lock);
	if (pslot->base.device)
		return -EBUSY;
	pslot->role = role;
	return count;
}
CONFIGFS_ATTR(primesim_slot_, role);

static ssize_t number_show(struct primesim_slot *pslot, const u32 *number, char *page)
{
	guard(mutex)(&pslot->base.lock);
	return sysfs_emit(page, "%u\n", *number);
}

static ssize_t number_store(struct primesim_slot *pslot, u32 *number, const char *name,
			    const char *page, size_t count, u32 min, u32 max)
{
	u32 value;
	int ret = kstrtou32(page, 0, &value);

	if (ret)
		return ret;
	if (value < min || value > max) {
		pr_info("primesim: %s %u: must be %u to %u\n", name, value, min, max);
		return -ERANGE;
	}
	guard(mutex)(&pslot->base.lock);
	if (pslot->base.device)
		return -EBUSY;
	*number = value;
	return count;
}

#define PRIMESIM_SLOT_NUMBER(number, min, max)							\
static ssize_t primesim_slot_##number##_show(struct config_item *item, char *page)		\
{												\
	struct primesim_slot *pslot = item_to_primesim_slot(item);				\
												\
	return number_show(pslot, &pslot->number, page);					\
}												\
static ssize_t primesim_slot_##number##_store(struct config_item *item, const char *page,	\
					      size_t count)					\
{												\
	struct primesim_slot *pslot = item_to_primesim_slot(item);				\
												\
	return number_store(pslot, &pslot->number, #number, page, count, min, max);		\
}												\
CONFIGFS_ATTR(primesim_slot_, number)

PRIMESIM_SLOT_NUMBER(displays, 1, PRIMESIM_MAX_DISPLAYS);
PRIMESIM_SLOT_NUMBER(local_mib, 0, PRIMESIM_MAX_LOCAL_MIB);
PRIMESIM_SLOT_NUMBER(client_memory_mib, 0, U32_MAX);
PRIMESIM_SLOT_NUMBER(client_handles, 1, PRIMESIM_MAX_HANDLES);
PRIMESIM_SLOT_NUMBER(job_timeout_ms, PRIMESIM_JOB_TIMEOUT_MIN_MS, PRIMESIM_JOB_TIMEOUT_MAX_MS);

static struct configfs_attribute *const primesim_slot_attrs[] = {
	&primesim_slot_attr_role,
	&primesim_slot_attr_displays,
	&primesim_slot_attr_local_mib,
	&primesim_slot_attr_client_memory_mib,
	&primesim_slot_attr_client_handles,
	&primesim_slot_attr_job_timeout_ms,
	NULL
};

static struct simdev_slots primesim_slots = {
	.owner = THIS_MODULE,
	.ops = &primesim_slot_ops,
	.attrs = primesim_slot_attrs,
};

int primesim_configfs_init(void)
{
	return simdev_slots_register(&primesim_slots, "primesim");
}

void primesim_configfs_exit(void)
{
	simdev_slots_unregister(&primesim_slots);
}
