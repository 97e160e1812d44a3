// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/camsim: cameras made and unplugged at run time.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <linux/simdev_config.h>

#include "camsim_config.h"

/**
 * struct camsim_slot - one directory
 * @base: the directory.
 * @device: its directory device.
 */
struct camsim_slot {
	struct simdev_slot base;
	struct simdev_config device;
};

static struct camsim_slot *to_camsim_slot(struct simdev_slot *slot)
{
	return container_of(slot, struct camsim_slot, base);
}

static struct simdev_slot *camsim_slot_create(void)
{
	struct camsim_slot *cslot = kzalloc_obj(*cslot);

	if (!cslot)
		return NULL;

	simdev_slot_init(&cslot->base);
	simdev_slot_add_model(&cslot->base, &cslot->device, "device");
	return &cslot->base;
}

static void camsim_slot_free(struct simdev_slot *slot)
{
	kfree(to_camsim_slot(slot));
}

static struct platform_device *camsim_slot_plug(struct simdev_slot *slot)
{
	const struct camsim_config config = {
		.model = to_camsim_slot(slot)->device.model,
		.policy = slot->policy,
	};

	return camsim_device_create(&config);
}

static const struct simdev_slot_ops camsim_slot_ops = {
	.create = camsim_slot_create,
	.free = camsim_slot_free,
	.plug = camsim_slot_plug,
	.unplug = camsim_device_destroy,
};

static struct simdev_slots camsim_slots = {
	.owner = THIS_MODULE,
	.ops = &camsim_slot_ops,
};

int camsim_configfs_init(void)
{
	return simdev_slots_register(&camsim_slots, "camsim");
}

void camsim_configfs_exit(void)
{
	simdev_slots_unregister(&camsim_slots);
}
