/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Devices as configfs directories: made, described and plugged in by the user.
 */
#ifndef _LINUX_SIMDEV_CONFIG_H
#define _LINUX_SIMDEV_CONFIG_H

#include <linux/configfs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/simdev.h>

struct module;
struct platform_device;
struct simbuf_policy;

/**
 * struct simdev_config - a device model as a directory within a slot's
 * @group: the directory: a file "profile", and one for each property.
 * @node: in &simdev_slot.models.
 * @lock: protects the members below.
 * @model: the properties. They do not change while @in_use.
 * @in_use: a device was created from them.
 */
struct simdev_config {
	struct config_group group;
	struct list_head node;
	struct mutex lock;	/* protects what follows */
	struct simdev_model model;
	bool in_use;
};

/**
 * struct simdev_slot - a directory that can become a device
 * @group: the directory.
 * @ops: the driver's part.
 * @models: &struct simdev_config, the directories within.
 * @lock: protects the members below, and what the driver's own attributes set.
 *	Held while the device is plugged in and unplugged.
 * @policy: when the device's own buffers are pinned.
 * @device: what it became while it is live, or %NULL. Attributes that describe
 *	the device are refused with -EBUSY then.
 *
 * Embedded in a struct of the driver's.
 */
struct simdev_slot {
	struct config_group group;
	const struct simdev_slot_ops *ops;
	struct list_head models;
	struct mutex lock;	/* protects what follows */
	const struct simbuf_policy *policy;
	struct platform_device *device;
};

/**
 * struct simdev_slot_ops - what differs between drivers
 * @create: make the struct around a slot for a new directory, zeroed but for
 *	simdev_slot_init() and simdev_slot_add_model(); %NULL when there is no
 *	memory. More default groups may be added to &simdev_slot.group.
 * @free: free what @create made.
 * @plug: register a device as the directory describes it, or return an error
 *	pointer. Called with &simdev_slot.lock held; the models are valid and do
 *	not change until @unplug.
 * @unplug: unregister it, whoever uses it.
 */
struct simdev_slot_ops {
	struct simdev_slot *(*create)(void);
	void (*free)(struct simdev_slot *slot);
	struct platform_device *(*plug)(struct simdev_slot *slot);
	void (*unplug)(struct platform_device *device);
};

/**
 * struct simdev_slots - a driver's directory in configfs
 * @owner: the driver's module.
 * @ops: the driver's part.
 * @attrs: files of each slot besides "live", "policy", "id" and "nodes", with
 *	%NULL at the end; or %NULL.
 *
 * Static, and filled in by the driver up to here.
 */
struct simdev_slots {
	struct module *owner;
	const struct simdev_slot_ops *ops;
	struct configfs_attribute *const *attrs;
	/* private: made of the above */
	struct configfs_attribute **slot_attrs;
	struct config_item_type root_type;
	struct config_item_type slot_type;
	struct configfs_subsystem subsystem;
};

void simdev_slot_init(struct simdev_slot *slot);
void simdev_slot_add_model(struct simdev_slot *slot, struct simdev_config *config,
			   const char *name);

int simdev_slots_register(struct simdev_slots *slots, const char *name);
void simdev_slots_unregister(struct simdev_slots *slots);

#endif /* _LINUX_SIMDEV_CONFIG_H */
