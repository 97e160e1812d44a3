// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Simulated devices: what an exporter sees as "the device that attached".
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "simdev_internal.h"

static DEFINE_MUTEX(simdev_list_lock);	/* protects simdev_list */
static LIST_HEAD(simdev_list);

static const struct class simdev_class = {
	.name = "simdev",
};

/* The simulated device that @dev is, or NULL. */
struct simdev *simdev_of_device(struct device *dev)
{
	return dev->class == &simdev_class ? to_simdev(dev) : NULL;
}

static void simdev_release(struct device *dev)
{
	struct simdev *sd = to_simdev(dev);

	simdev_space_fini(&sd->space);
	kfree(sd);
}

static int simdev_setup_dma(struct simdev *sd)
{
	struct device *dev = &sd->dev;

	dev->dma_mask = &sd->dma_mask;
	dev->dma_parms = &sd->dma_parms;
	set_dma_ops(dev, &simdev_dma_ops);
	dma_set_max_seg_size(dev, sd->model.max_segment_size ?: UINT_MAX);
	dma_set_seg_boundary(dev, sd->model.boundary ? sd->model.boundary - 1 : ULONG_MAX);
	return dma_set_mask_and_coherent(dev, DMA_BIT_MASK(sd->model.dma_bits));
}

/**
 * simdev_create - create a simulated device
 * @parent: the device whose engine it is, for sysfs.
 * @name: unique name; exporters and messages show it.
 * @model: how it reaches memory, valid; copied, but for its name.
 *
 * Return: the device with one reference, owned by the caller, or an
 * ERR_PTR(): -ENOMEM, -EEXIST.
 */
struct simdev *simdev_create(struct device *parent, const char *name,
			     const struct simdev_model *model)
{
	struct simdev *sd = kzalloc_obj(*sd, GFP_KERNEL);
	int ret;

	if (!sd)
		return ERR_PTR(-ENOMEM);

	sd->model = *model;
	INIT_LIST_HEAD(&sd->node);
	simdev_space_init(&sd->space, &sd->model);
	device_initialize(&sd->dev);
	sd->dev.parent = parent;
	sd->dev.class = &simdev_class;
	sd->dev.release = simdev_release;

	ret = simdev_setup_dma(sd);
	if (!ret)
		ret = dev_set_name(&sd->dev, "%s", name);
	if (!ret)
		ret = device_add(&sd->dev);
	if (ret) {
		put_device(&sd->dev);
		return ERR_PTR(ret);
	}

	mutex_lock(&simdev_list_lock);
	list_add_tail(&sd->node, &simdev_list);
	mutex_unlock(&simdev_list_lock);
	return sd;
}
EXPORT_SYMBOL_NS_GPL(simdev_create, "SIMBUF");

/**
 * simdev_unplug - the hardware is gone
 * @sd: the device.
 *
 * Accesses fail with -ENODEV from now on. Mappings can still be undone, for as
 * long as somebody holds a reference.
 */
void simdev_unplug(struct simdev *sd)
{
	WRITE_ONCE(sd->unplugged, true);

	mutex_lock(&simdev_list_lock);
	list_del_init(&sd->node);
	mutex_unlock(&simdev_list_lock);
	device_del(&sd->dev);
}
EXPORT_SYMBOL_NS_GPL(simdev_unplug, "SIMBUF");

/**
 * simdev_get - take a reference
 * @sd: the device.
 *
 * Return: @sd.
 */
struct simdev *simdev_get(struct simdev *sd)
{
	get_device(&sd->dev);
	return sd;
}
EXPORT_SYMBOL_NS_GPL(simdev_get, "SIMBUF");

/**
 * simdev_put - drop a reference
 * @sd: the device.
 */
void simdev_put(struct simdev *sd)
{
	put_device(&sd->dev);
}
EXPORT_SYMBOL_NS_GPL(simdev_put, "SIMBUF");

/**
 * simdev_device - the device to pass to frameworks that map for it
 * @sd: the device.
 *
 * Return: its &struct device; no reference is taken.
 */
struct device *simdev_device(struct simdev *sd)
{
	return &sd->dev;
}
EXPORT_SYMBOL_NS_GPL(simdev_device, "SIMBUF");

/**
 * simdev_name - the device's name
 * @sd: the device.
 *
 * Return: its name, valid as long as the device.
 */
const char *simdev_name(const struct simdev *sd)
{
	return dev_name(&sd->dev);
}
EXPORT_SYMBOL_NS_GPL(simdev_name, "SIMBUF");

/**
 * simdev_faults - number of DMA faults so far
 * @sd: the device.
 *
 * Return: the counter.
 */
u64 simdev_faults(const struct simdev *sd)
{
	return atomic64_read(&sd->faults);
}
EXPORT_SYMBOL_NS_GPL(simdev_faults, "SIMBUF");

static void simdev_show(struct simdev *sd, struct seq_file *m)
{
	unsigned int mappings;
	u64 bytes;

	simdev_space_usage(&sd->space, &mappings, &bytes);
	seq_printf(m, "%s mappings=%u mapped_bytes=%llu faults=%llu fallbacks=%llu ",
		   simdev_name(sd), mappings, bytes, simdev_faults(sd),
		   atomic64_read(&sd->fallbacks));
	simdev_model_show(&sd->model, m);
}

void simdev_show_all(struct seq_file *m)
{
	struct simdev *sd;

	mutex_lock(&simdev_list_lock);
	list_for_each_entry(sd, &simdev_list, node)
		simdev_show(sd, m);
	mutex_unlock(&simdev_list_lock);
}

int simdev_class_init(void)
{
	return class_register(&simdev_class);
}

void simdev_class_exit(void)
{
	class_unregister(&simdev_class);
}
