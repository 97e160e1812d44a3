// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/camsim: cameras made and unplugged at run time.
 */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <linux/simdev_config.h>

#include "camsim_config.h"
#include "camsim_drv.h"

/**
 * struct camsim_slot - one directory
 * @base: the directory.
 * @device: its directory device.
 * @config: what else there is to choose. Protected by the lock of @base.
 */
struct camsim_slot {
	struct simdev_slot base;
	struct simdev_config device;
	struct camsim_config config;
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

	camsim_config_set_media_driver(&cslot->config, CAMSIM_NAME);
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
	struct camsim_config config = to_camsim_slot(slot)->config;

	config.model = to_camsim_slot(slot)->device.model;
	config.policy = slot->policy;
	return camsim_device_create(&config);
}

static const struct simdev_slot_ops camsim_slot_ops = {
	.create = camsim_slot_create,
	.free = camsim_slot_free,
	.plug = camsim_slot_plug,
	.unplug = camsim_device_destroy,
};

static struct camsim_slot *to_camsim_item(struct config_item *item)
{
	return container_of(to_config_group(item), struct camsim_slot, base.group);
}

static ssize_t camsim_slot_mplane_show(struct config_item *item, char *page)
{
	struct camsim_slot *cslot = to_camsim_item(item);

	guard(mutex)(&cslot->base.lock);
	return sysfs_emit(page, "%d\n", cslot->config.mplane);
}

static ssize_t camsim_slot_store(struct camsim_slot *cslot, bool *setting, const char *page,
				 size_t count)
{
	bool value;
	int err;

	err = kstrtobool(page, &value);
	if (err)
		return err;

	guard(mutex)(&cslot->base.lock);
	if (cslot->base.device)
		return -EBUSY;
	*setting = value;
	return count;
}

static ssize_t camsim_slot_mplane_store(struct config_item *item, const char *page, size_t count)
{
	struct camsim_slot *cslot = to_camsim_item(item);

	return camsim_slot_store(cslot, &cslot->config.mplane, page, count);
}
CONFIGFS_ATTR(camsim_slot_, mplane);

static ssize_t camsim_slot_producer_show(struct config_item *item, char *page)
{
	struct camsim_slot *cslot = to_camsim_item(item);

	guard(mutex)(&cslot->base.lock);
	return sysfs_emit(page, "%d\n", cslot->config.producer);
}

static ssize_t camsim_slot_producer_store(struct config_item *item, const char *page, size_t count)
{
	struct camsim_slot *cslot = to_camsim_item(item);

	return camsim_slot_store(cslot, &cslot->config.producer, page, count);
}
CONFIGFS_ATTR(camsim_slot_, producer);

static ssize_t camsim_slot_media_driver_show(struct config_item *item, char *page)
{
	struct camsim_slot *cslot = to_camsim_item(item);

	guard(mutex)(&cslot->base.lock);
	return sysfs_emit(page, "%s\n", cslot->config.media_driver);
}

static ssize_t camsim_slot_media_driver_store(struct config_item *item, const char *page,
					      size_t count)
{
	struct camsim_slot *cslot = to_camsim_item(item);
	int err;

	char *name __free(kfree) = kstrndup(page, count, GFP_KERNEL);
	if (!name)
		return -ENOMEM;

	guard(mutex)(&cslot->base.lock);
	if (cslot->base.device)
		return -EBUSY;
	err = camsim_config_set_media_driver(&cslot->config, strim(name));
	return err ?: count;
}
CONFIGFS_ATTR(camsim_slot_, media_driver);

static struct configfs_attribute *const camsim_slot_attrs[] = {
	&camsim_slot_attr_media_driver,
	&camsim_slot_attr_mplane,
	&camsim_slot_attr_producer,
	NULL
};

static struct simdev_slots camsim_slots = {
	.owner = THIS_MODULE,
	.ops = &camsim_slot_ops,
	.attrs = camsim_slot_attrs,
};

int camsim_configfs_init(void)
{
	return simdev_slots_register(&camsim_slots, "camsim");
}

void camsim_configfs_exit(void)
{
	simdev_slots_unregister(&camsim_slots);
}
