// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/primesim: GPUs with displays made and unplugged at run time.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <linux/simdev_config.h>

#include "primesim_config.h"

/**
 * struct primesim_slot - one directory
 * @base: the directory.
 * @gpu: its directory gpu.
 * @display: its directory display.
 */
struct primesim_slot {
	struct simdev_slot base;
	struct simdev_config gpu;
	struct simdev_config display;
};

static struct primesim_slot *to_primesim_slot(struct simdev_slot *slot)
{
	return container_of(slot, struct primesim_slot, base);
}

static struct simdev_slot *primesim_slot_create(void)
{
	struct primesim_slot *pslot = kzalloc_obj(*pslot);

	if (!pslot)
		return NULL;

	simdev_slot_init(&pslot->base);
	simdev_slot_add_model(&pslot->base, &pslot->gpu, "gpu");
	simdev_slot_add_model(&pslot->base, &pslot->display, "display");
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
		.gpu = pslot->gpu.model,
		.display = pslot->display.model,
		.policy = slot->policy,
	};

	return primesim_device_create(&config);
}

static const struct simdev_slot_ops primesim_slot_ops = {
	.create = primesim_slot_create,
	.free = primesim_slot_free,
	.plug = primesim_slot_plug,
	.unplug = primesim_device_destroy,
};

static struct simdev_slots primesim_slots = {
	.owner = THIS_MODULE,
	.ops = &primesim_slot_ops,
};

int primesim_configfs_init(void)
{
	return simdev_slots_register(&primesim_slots, "primesim");
}

void primesim_configfs_exit(void)
{
	simdev_slots_unregister(&primesim_slots);
}
