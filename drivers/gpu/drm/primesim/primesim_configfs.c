// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/primesim: devices made and unplugged at run time.
 *
 *	mkdir NAME; echo contig32 > NAME/gpu/profile; echo 1 > NAME/live
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

#include "primesim_config.h"

/**
 * struct primesim_item - one directory
 * @group: the directory.
 * @gpu: its directory gpu.
 * @display: its directory display.
 * @lock: protects the members below.
 * @policy: see &primesim_config.policy.
 * @parent: the device while it is live, or %NULL.
 */
struct primesim_item {
	struct config_group group;
	struct simdev_config gpu;
	struct simdev_config display;
	struct mutex lock;
	const struct simbuf_policy *policy;
	struct platform_device *parent;
};

static struct primesim_item *to_item(struct config_item *item)
{
	return container_of(to_config_group(item), struct primesim_item, group);
}

static int item_plug(struct primesim_item *item)
{
	struct primesim_config config = { .policy = item->policy };
	struct platform_device *parent;
	int ret;

	ret = simdev_config_use(&item->gpu, &config.gpu);
	if (ret)
		return ret;
	ret = simdev_config_use(&item->display, &config.display);
	if (ret)
		goto err_gpu;

	parent = primesim_device_create(&config);
	if (IS_ERR(parent)) {
		ret = PTR_ERR(parent);
		goto err_display;
	}
	item->parent = parent;
	return 0;

err_display:
	simdev_config_unuse(&item->display);
err_gpu:
	simdev_config_unuse(&item->gpu);
	return ret;
}

static void item_unplug(struct primesim_item *item)
{
	primesim_device_destroy(item->parent);
	item->parent = NULL;
	simdev_config_unuse(&item->display);
	simdev_config_unuse(&item->gpu);
}

static ssize_t primesim_item_live_show(struct config_item *config_item, char *page)
{
	struct primesim_item *item = to_item(config_item);

	guard(mutex)(&item->lock);
	return sysfs_emit(page, "%d\n", !!item->parent);
}

static ssize_t primesim_item_live_store(struct config_item *config_item, const char *page,
					size_t count)
{
	struct primesim_item *item = to_item(config_item);
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
CONFIGFS_ATTR(primesim_item_, live);

static ssize_t primesim_item_policy_show(struct config_item *config_item, char *page)
{
	struct primesim_item *item = to_item(config_item);

	guard(mutex)(&item->lock);
	return sysfs_emit(page, "%s\n", item->policy->name);
}

static ssize_t primesim_item_policy_store(struct config_item *config_item, const char *page,
					  size_t count)
{
	const struct simbuf_policy *policy = simbuf_policy_find(page);
	struct primesim_item *item = to_item(config_item);

	if (!policy)
		return -EINVAL;

	guard(mutex)(&item->lock);
	if (item->parent)
		return -EBUSY;
	item->policy = policy;
	return count;
}
CONFIGFS_ATTR(primesim_item_, policy);

static struct configfs_attribute *primesim_item_attrs[] = {
	&primesim_item_attr_live,
	&primesim_item_attr_policy,
	NULL
};

static void primesim_item_release(struct config_item *config_item)
{
	struct primesim_item *item = to_item(config_item);

	mutex_destroy(&item->lock);
	kfree(item);
}

static struct configfs_item_operations primesim_item_ops = {
	.release = primesim_item_release,
};

static const struct config_item_type primesim_item_type = {
	.ct_item_ops = &primesim_item_ops,
	.ct_attrs = primesim_item_attrs,
	.ct_owner = THIS_MODULE,
};

static struct config_group *primesim_make_group(struct config_group *parent, const char *name)
{
	const struct simdev_model *ideal = simdev_model_find("ideal");
	struct primesim_item *item;

	item = kzalloc_obj(*item);
	if (!item)
		return ERR_PTR(-ENOMEM);

	mutex_init(&item->lock);
	item->policy = simbuf_policy_find("late");
	config_group_init_type_name(&item->group, name, &primesim_item_type);
	simdev_config_init(&item->gpu, "gpu", ideal);
	configfs_add_default_group(&item->gpu.group, &item->group);
	simdev_config_init(&item->display, "display", ideal);
	configfs_add_default_group(&item->display.group, &item->group);
	return &item->group;
}

/* The directory is gone: nothing can be stored any more. */
static void primesim_drop_item(struct config_group *parent, struct config_item *config_item)
{
	struct primesim_item *item = to_item(config_item);

	if (item->parent)
		item_unplug(item);
	config_item_put(config_item);
}

static struct configfs_group_operations primesim_root_ops = {
	.make_group = primesim_make_group,
	.drop_item = primesim_drop_item,
};

static const struct config_item_type primesim_root_type = {
	.ct_group_ops = &primesim_root_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem primesim_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "primesim",
			.ci_type = &primesim_root_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(primesim_subsystem.su_mutex),
};

int primesim_configfs_init(void)
{
	config_group_init(&primesim_subsystem.su_group);
	return configfs_register_subsystem(&primesim_subsystem);
}

void primesim_configfs_exit(void)
{
	configfs_unregister_subsystem(&primesim_subsystem);
}
