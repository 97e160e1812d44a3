// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Directories monitor0 .. monitor3 of a device in configfs: plugging monitors in and
 * out, giving them another EDID, letting their links fail.
 */
#include <linux/cleanup.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <drm/drm_edid.h>

#include <linux/simdev_config.h>

#include "primesim_monitor_configfs.h"

static struct primesim_monitor_group *to_monitor_group(struct config_item *item)
{
	return container_of(to_config_group(item), struct primesim_monitor_group, group);
}

/* What is set before the device is live, or for a connector that it does not have, waits. */
static void primesim_monitor_update(const struct primesim_monitor_group *group)
{
	lockdep_assert_held(&group->slot->lock);

	if (group->slot->device)
		primesim_monitor_replace(group->slot->device, group->index, &group->monitor);
}

static ssize_t primesim_monitor_connected_show(struct config_item *item, char *page)
{
	struct primesim_monitor_group *group = to_monitor_group(item);

	guard(mutex)(&group->slot->lock);
	return sysfs_emit(page, "%d\n", group->monitor.connected);
}

static ssize_t primesim_monitor_connected_store(struct config_item *item, const char *page,
						size_t count)
{
	struct primesim_monitor_group *group = to_monitor_group(item);
	bool connected;
	int ret = kstrtobool(page, &connected);

	if (ret)
		return ret;

	guard(mutex)(&group->slot->lock);
	group->monitor.connected = connected;
	primesim_monitor_update(group);
	return count;
}
CONFIGFS_ATTR(primesim_monitor_, connected);

static ssize_t primesim_monitor_link_status_store(struct config_item *item, const char *page,
						  size_t count)
{
	struct primesim_monitor_group *group = to_monitor_group(item);
	int ret = -ENODEV;

	if (!sysfs_streq(page, "bad")) {
		pr_info("primesim: link_status %.*s: only bad can be written; setting a mode makes it good\n",
			(int)strcspn(page, "\n"), page);
		return -EINVAL;
	}

	guard(mutex)(&group->slot->lock);
	if (group->slot->device)
		ret = primesim_monitor_fail_link(group->slot->device, group->index);
	return ret ?: count;
}
CONFIGFS_ATTR_WO(primesim_monitor_, link_status);

static ssize_t primesim_monitor_edid_read(struct config_item *item, void *page, size_t size)
{
	struct primesim_monitor_group *group = to_monitor_group(item);

	guard(mutex)(&group->slot->lock);
	/* It may have become shorter since configfs asked for its size. */
	if (page)
		memcpy_and_pad(page, size, group->monitor.edid, group->monitor.edid_size, 0);
	return group->monitor.edid_size;
}

static bool primesim_edid_is_valid(const void *data, size_t size)
{
	const struct drm_edid *edid = drm_edid_alloc(data, size);
	bool valid = edid && drm_edid_valid(edid);

	drm_edid_free(edid);
	return valid;
}

static ssize_t primesim_monitor_edid_write(struct config_item *item, const void *data, size_t size)
{
	struct primesim_monitor_group *group = to_monitor_group(item);

	if (!primesim_edid_is_valid(data, size)) {
		pr_info("primesim: edid: %zu bytes that are no EDID\n", size);
		return -EINVAL;
	}

	guard(mutex)(&group->slot->lock);
	group->monitor.edid_size = size;
	memcpy(group->monitor.edid, data, size);
	primesim_monitor_update(group);
	return size;
}
CONFIGFS_BIN_ATTR(primesim_monitor_, edid, NULL, PRIMESIM_MAX_EDID);

static struct configfs_attribute *primesim_monitor_attrs[] = {
	&primesim_monitor_attr_connected,
	&primesim_monitor_attr_link_status,
	NULL
};

static struct configfs_bin_attribute *primesim_monitor_bin_attrs[] = {
	&primesim_monitor_attr_edid,
	NULL
};

static const struct config_item_type primesim_monitor_type = {
	.ct_attrs = primesim_monitor_attrs,
	.ct_bin_attrs = primesim_monitor_bin_attrs,
	.ct_owner = THIS_MODULE,
};

/**
 * primesim_monitor_group_init - make a directory monitorN in a new slot's directory
 * @group: to initialise, zeroed.
 * @slot: the slot.
 * @index: of the connector, among those of monitors.
 */
void primesim_monitor_group_init(struct primesim_monitor_group *group, struct simdev_slot *slot,
				 unsigned int index)
{
	char name[16];

	snprintf(name, sizeof(name), "monitor%u", index);
	group->slot = slot;
	group->index = index;
	group->monitor.connected = true;
	config_group_init_type_name(&group->group, name, &primesim_monitor_type);
	configfs_add_default_group(&group->group, &slot->group);
}

/**
 * primesim_monitor_group_apply - plug the monitor into a new device
 * @group: its directory.
 * @parent: the device, which has such a connector or not.
 */
void primesim_monitor_group_apply(const struct primesim_monitor_group *group,
				  struct platform_device *parent)
{
	primesim_monitor_replace(parent, group->index, &group->monitor);
}
