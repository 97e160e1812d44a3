// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/DRIVER: devices made and unplugged at run time.
 *
 *	mkdir NAME; echo contig32 > NAME/device/profile; echo 1 > NAME/live
 */
#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/kdev_t.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/simdev_config.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "simbuf_internal.h"
#include "simdev_internal.h"

static struct simdev_slot *to_slot(struct config_item *item)
{
	return container_of(to_config_group(item), struct simdev_slot, group);
}

static void unuse_models(struct simdev_slot *slot)
{
	struct simdev_config *config;

	list_for_each_entry(config, &slot->models, node)
		simdev_config_unuse(config);
}

static int use_models(struct simdev_slot *slot)
{
	struct simdev_config *config;
	int ret;

	list_for_each_entry(config, &slot->models, node) {
		ret = simdev_config_use(config);
		if (ret)
			goto err_unuse;
	}
	return 0;

err_unuse:
	list_for_each_entry_continue_reverse(config, &slot->models, node)
		simdev_config_unuse(config);
	return ret;
}

/* A device that no driver took is registered all the same. */
static int check_bound(struct simdev_slot *slot, struct platform_device *device)
{
	guard(device)(&device->dev);
	if (device_is_bound(&device->dev))
		return 0;
	pr_info("simbuf: %s: the driver could not set up %s\n",
		config_item_name(&slot->group.cg_item), dev_name(&device->dev));
	return -EIO;
}

static int slot_plug(struct simdev_slot *slot)
{
	struct platform_device *device;
	int ret = use_models(slot);

	if (ret)
		return ret;
	device = slot->ops->plug(slot);
	if (IS_ERR(device)) {
		ret = PTR_ERR(device);
		goto err_models;
	}
	ret = check_bound(slot, device);
	if (ret)
		goto err_device;
	slot->device = device;
	return 0;

err_device:
	slot->ops->unplug(device);
err_models:
	unuse_models(slot);
	return ret;
}

static void slot_unplug(struct simdev_slot *slot)
{
	slot->ops->unplug(slot->device);
	slot->device = NULL;
	unuse_models(slot);
}

static ssize_t simdev_slot_live_show(struct config_item *item, char *page)
{
	struct simdev_slot *slot = to_slot(item);

	guard(mutex)(&slot->lock);
	return sysfs_emit(page, "%d\n", !!slot->device);
}

static ssize_t simdev_slot_live_store(struct config_item *item, const char *page, size_t count)
{
	struct simdev_slot *slot = to_slot(item);
	bool live;
	int ret = kstrtobool(page, &live);

	if (ret)
		return ret;

	guard(mutex)(&slot->lock);
	if (live && !slot->device)
		ret = slot_plug(slot);
	else if (!live && slot->device)
		slot_unplug(slot);
	return ret ?: count;
}
CONFIGFS_ATTR(simdev_slot_, live);

static ssize_t simdev_slot_policy_show(struct config_item *item, char *page)
{
	struct simdev_slot *slot = to_slot(item);

	guard(mutex)(&slot->lock);
	return sysfs_emit(page, "%s\n", slot->policy->name);
}

static ssize_t simdev_slot_policy_store(struct config_item *item, const char *page, size_t count)
{
	const struct simbuf_policy *policy = simbuf_policy_find(page);
	struct simdev_slot *slot = to_slot(item);

	if (!policy) {
		pr_info("simbuf: no policy %.*s: must be late or early\n",
			(int)strcspn(page, "\n"), page);
		return -EINVAL;
	}
	guard(mutex)(&slot->lock);
	if (slot->device)
		return -EBUSY;
	slot->policy = policy;
	return count;
}
CONFIGFS_ATTR(simdev_slot_, policy);

/* The number by which debugfs and the log call the device; empty while there is none. */
static ssize_t simdev_slot_id_show(struct config_item *item, char *page)
{
	struct simdev_slot *slot = to_slot(item);

	guard(mutex)(&slot->lock);
	return slot->device ? sysfs_emit(page, "%d\n", slot->device->id) : 0;
}
CONFIGFS_ATTR_RO(simdev_slot_, id);

/**
 * struct node_list - a file's text as it grows
 * @page: the text.
 * @len: bytes of it.
 */
struct node_list {
	char *page;
	int len;
};

static int add_node(struct device *dev, void *data)
{
	struct node_list *list = data;
	char *name = NULL;

	if (!MAJOR(dev->devt))
		return 0;
	if (dev->class && dev->class->devnode)
		name = dev->class->devnode(dev, NULL);
	list->len += sysfs_emit_at(list->page, list->len, "/dev/%s\n", name ?: dev_name(dev));
	kfree(name);
	return 0;
}

/* The device's files in /dev, one in a line; empty while there are none. */
static ssize_t simdev_slot_nodes_show(struct config_item *item, char *page)
{
	struct simdev_slot *slot = to_slot(item);
	struct node_list list = { .page = page };

	guard(mutex)(&slot->lock);
	if (slot->device)
		device_for_each_child(&slot->device->dev, &list, add_node);
	return list.len;
}
CONFIGFS_ATTR_RO(simdev_slot_, nodes);

static struct configfs_attribute *const slot_attrs[] = {
	&simdev_slot_attr_live,
	&simdev_slot_attr_policy,
	&simdev_slot_attr_id,
	&simdev_slot_attr_nodes,
};

/* Ours and the driver's, which may be %NULL */
static struct configfs_attribute **join_attrs(struct configfs_attribute *const *own)
{
	struct configfs_attribute **all;
	int count = 0, i;

	while (own && own[count])
		count++;
	all = kcalloc(ARRAY_SIZE(slot_attrs) + count + 1, sizeof(*all), GFP_KERNEL);
	if (!all)
		return NULL;
	memcpy(all, slot_attrs, sizeof(slot_attrs));
	for (i = 0; i < count; i++)
		all[ARRAY_SIZE(slot_attrs) + i] = own[i];
	return all;
}

/**
 * simdev_slot_init - prepare a slot
 * @slot: to set up; the first thing that &simdev_slot_ops.create does with it.
 */
void simdev_slot_init(struct simdev_slot *slot)
{
	mutex_init(&slot->lock);
	INIT_LIST_HEAD(&slot->models);
	slot->policy = simbuf_policy_find("late");
	config_group_init(&slot->group);
}
EXPORT_SYMBOL_NS_GPL(simdev_slot_init, "SIMBUF");

static const struct config_item_type model_type = {
	.ct_attrs = simdev_config_attrs,
	.ct_owner = THIS_MODULE,
};

/**
 * simdev_slot_add_model - give a slot a directory of model properties
 * @slot: the slot; from within &simdev_slot_ops.create.
 * @config: the directory, part of the same struct as @slot. It starts with the
 *	properties of the profile "ideal".
 * @name: of the directory.
 */
void simdev_slot_add_model(struct simdev_slot *slot, struct simdev_config *config,
			   const char *name)
{
	simdev_config_init(config, name, &model_type);
	list_add_tail(&config->node, &slot->models);
	configfs_add_default_group(&config->group, &slot->group);
}
EXPORT_SYMBOL_NS_GPL(simdev_slot_add_model, "SIMBUF");

static void slot_release(struct config_item *item)
{
	struct simdev_slot *slot = to_slot(item);

	mutex_destroy(&slot->lock);
	slot->ops->free(slot);
}

static struct configfs_item_operations slot_ops = {
	.release = slot_release,
};

static struct simdev_slots *to_slots(struct config_group *root)
{
	return container_of(to_configfs_subsystem(root), struct simdev_slots, subsystem);
}

static struct config_group *slots_make_group(struct config_group *root, const char *name)
{
	struct simdev_slots *slots = to_slots(root);
	struct simdev_slot *slot = slots->ops->create();
	int ret;

	if (!slot)
		return ERR_PTR(-ENOMEM);
	slot->ops = slots->ops;
	slot->group.cg_item.ci_type = &slots->slot_type;
	ret = config_item_set_name(&slot->group.cg_item, "%s", name);
	if (ret) {
		slot->ops->free(slot);
		return ERR_PTR(ret);
	}
	return &slot->group;
}

/* The directory is gone: nothing can be stored any more. */
static void slots_drop_item(struct config_group *root, struct config_item *item)
{
	struct simdev_slot *slot = to_slot(item);

	if (slot->device)
		slot_unplug(slot);
	config_item_put(item);
}

static struct configfs_group_operations slots_ops = {
	.make_group = slots_make_group,
	.drop_item = slots_drop_item,
};

/**
 * simdev_slots_register - let users make devices
 * @slots: the driver's part of it.
 * @name: of the directory in configfs.
 *
 * To be called when the driver is ready for devices.
 *
 * Return: 0, -ENOMEM, or the negative error number of configfs.
 */
int simdev_slots_register(struct simdev_slots *slots, const char *name)
{
	struct config_group *root = &slots->subsystem.su_group;
	int ret;

	slots->slot_attrs = join_attrs(slots->attrs);
	if (!slots->slot_attrs)
		return -ENOMEM;
	slots->root_type = (struct config_item_type){
		.ct_owner = slots->owner,
		.ct_group_ops = &slots_ops,
	};
	slots->slot_type = (struct config_item_type){
		.ct_owner = slots->owner,
		.ct_item_ops = &slot_ops,
		.ct_attrs = slots->slot_attrs,
	};
	mutex_init(&slots->subsystem.su_mutex);
	config_group_init_type_name(root, name, &slots->root_type);
	ret = configfs_register_subsystem(&slots->subsystem);
	if (ret)
		kfree(slots->slot_attrs);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(simdev_slots_register, "SIMBUF");

/**
 * simdev_slots_unregister - no more devices can be made
 * @slots: the directory. It has no slots any more: each pins the driver's module.
 */
void simdev_slots_unregister(struct simdev_slots *slots)
{
	configfs_unregister_subsystem(&slots->subsystem);
	mutex_destroy(&slots->subsystem.su_mutex);
	kfree(slots->slot_attrs);
}
EXPORT_SYMBOL_NS_GPL(simdev_slots_unregister, "SIMBUF");
