// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/camsim: cameras made and unplugged at run time.
 *
 *	mkdir NAME; echo contig32 > NAME/device/profile; echo 1 > NAME/live
 */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include <linux/simbuf.h>
#include <linux/simdev_config.h>

#include "camsim_config.h"

/**
 * struct camsim_item - one directory
 * @group: the directory.
 * @device: its directory device.
 * @lock: protects the members below.
 * @policy: see &camsim_config.policy.
 * @parent: the device while it is live, or %NULL.
 */
struct camsim_item {
	struct config_group group;
	struct simdev_config device;
	struct mutex lock;
	const struct simbuf_policy *policy;
	struct platform_device *parent;
};

static struct camsim_item *to_item(struct config_item *item)
{
	return container_of(to_config_group(item), struct camsim_item, group);
}

static int item_plug(struct camsim_item *item)
{
	struct camsim_config config = { .policy = item->policy };
	struct platform_device *parent;
	int err;

	err = simdev_config_use(&item->device, &config.model);
	if (err)
		return err;

	parent = camsim_device_create(&config);
	if (IS_ERR(parent)) {
		simdev_config_unuse(&item->device);
		return PTR_ERR(parent);
	}
	item->parent = parent;
	return 0;
}

static void item_unplug(struct camsim_item *item)
{
	camsim_device_destroy(item->parent);
	item->parent = NULL;
	simdev_config_unuse(&item->device);
}

static ssize_t camsim_item_live_show(struct config_item *config_item, char *page)
{
	struct camsim_item *item = to_item(config_item);

	guard(mutex)(&item->lock);
	return sysfs_emit(page, "%d\n", !!item->parent);
}

static ssize_t camsim_item_live_store(struct config_item *config_item, const char *page,
					size_t count)
{
	struct camsim_item *item = to_item(config_item);
	bool live;
	int ret = kstrtobool(page, &live);

	if (ret)
		return ret;

	guard(mutex)(&item->lock);
	if (live && !item->parent)
		ret = item_plug(item);
	else if (!live && item->parent)
		item_unplug(item);
	return ret ?: count;
}
CONFIGFS_ATTR(camsim_item_, live);

static ssize_t camsim_item_policy_show(struct config_item *config_item, char *page)
{
	struct camsim_item *item = to_item(config_item);

	guard(mutex)(&item->lock);
	return sysfs_emit(page, "%s\n", item->policy->name);
}

static ssize_t camsim_item_policy_store(struct config_item *config_item, const char *page,
					  size_t count)
{
	const struct simbuf_policy *policy = simbuf_policy_find(page);
	struct camsim_item *item = to_item(config_item);

	if (!policy)
		return -EINVAL;

	guard(mutex)(&item->lock);
	if (item->parent)
		return -EBUSY;
	item->policy = policy;
	return count;
}
CONFIGFS_ATTR(camsim_item_, policy);

static struct configfs_attribute *camsim_item_attrs[] = {
	&camsim_item_attr_live,
	&camsim_item_attr_policy,
	NULL
};

static void camsim_item_release(struct config_item *config_item)
{
	struct camsim_item *item = to_item(config_item);

	mutex_destroy(&item->lock);
	kfree(item);
}

static struct configfs_item_operations camsim_item_ops = {
	.release = camsim_item_release,
};

static const struct config_item_type camsim_item_type = {
	.ct_item_ops = &camsim_item_ops,
	.ct_attrs = camsim_item_attrs,
	.ct_owner = THIS_MODULE,
};

static struct config_group *camsim_make_group(struct config_group *parent, const char *name)
{
	const struct simdev_model *ideal = simdev_model_find("ideal");
	struct camsim_item *item;

	item = kzalloc_obj(*item);
	if (!item)
		return ERR_PTR(-ENOMEM);

	mutex_init(&item->lock);
	item->policy = simbuf_policy_find("late");
	config_group_init_type_name(&item->group, name, &camsim_item_type);
	simdev_config_init(&item->device, "device", ideal);
	configfs_add_default_group(&item->device.group, &item->group);
	return &item->group;
}

/* The directory is gone: nothing can be stored any more. */
static void camsim_drop_item(struct config_group *parent, struct config_item *config_item)
{
	struct camsim_item *item = to_item(config_item);

	if (item->parent)
		item_unplug(item);
	config_item_put(config_item);
}

static struct configfs_group_operations camsim_root_ops = {
	.make_group = camsim_make_group,
	.drop_item = camsim_drop_item,
};

static const struct config_item_type camsim_root_type = {
	.ct_group_ops = &camsim_root_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem camsim_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "camsim",
			.ci_type = &camsim_root_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(camsim_subsystem.su_mutex),
};

int camsim_configfs_init(void)
{
	config_group_init(&camsim_subsystem.su_group);
	return configfs_register_subsystem(&camsim_subsystem);
}

void camsim_configfs_exit(void)
{
	configfs_unregister_subsystem(&camsim_subsystem);
}
