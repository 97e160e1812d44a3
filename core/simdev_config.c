// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A device model as a configfs directory: part of a slot, or a profile.
 */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/simdev_config.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "simdev_internal.h"

struct simdev_config *simdev_config_of(struct config_item *item)
{
	return container_of(to_config_group(item), struct simdev_config, group);
}

static ssize_t simdev_profile_show(struct config_item *item, char *page)
{
	struct simdev_config *config = simdev_config_of(item);

	guard(mutex)(&config->lock);
	return sysfs_emit(page, "%s\n", config->model.name);
}

static ssize_t simdev_profile_store(struct config_item *item, const char *page, size_t count)
{
	struct simdev_config *config = simdev_config_of(item);
	struct simdev_model model;
	int ret = simdev_model_get(page, &model);

	if (ret)
		return ret;
	guard(mutex)(&config->lock);
	if (config->in_use)
		return -EBUSY;
	config->model = model;
	return count;
}
CONFIGFS_ATTR(simdev_, profile);

/* A property that differs from the profile's makes the model "custom". */
static ssize_t property_store(struct config_item *item, const char *page, size_t count,
			      void (*set)(struct simdev_model *model, u64 value), u64 max)
{
	struct simdev_config *config = simdev_config_of(item);
	u64 value;
	int ret = kstrtou64(page, 0, &value);

	if (ret)
		return ret;
	if (value > max)
		return -ERANGE;
	guard(mutex)(&config->lock);
	if (config->in_use)
		return -EBUSY;
	set(&config->model, value);
	strscpy(config->model.name, SIMDEV_CUSTOM);
	return count;
}

#define SIMDEV_PROPERTY(property, max)							\
static ssize_t simdev_##property##_show(struct config_item *item, char *page)		\
{											\
	struct simdev_config *config = simdev_config_of(item);					\
											\
	guard(mutex)(&config->lock);							\
	return sysfs_emit(page, "%llu\n", (u64)config->model.property);			\
}											\
static void set_##property(struct simdev_model *model, u64 value)			\
{											\
	model->property = value;							\
}											\
static ssize_t simdev_##property##_store(struct config_item *item, const char *page,	\
					 size_t count)					\
{											\
	return property_store(item, page, count, set_##property, max);			\
}											\
CONFIGFS_ATTR(simdev_, property)

SIMDEV_PROPERTY(iommu, 1);
SIMDEV_PROPERTY(coherent, 1);
SIMDEV_PROPERTY(bounce, 1);
SIMDEV_PROPERTY(count_faults, 1);
SIMDEV_PROPERTY(vmap_fallback, 1);
SIMDEV_PROPERTY(dma_bits, 64);
SIMDEV_PROPERTY(max_segments, U32_MAX);
SIMDEV_PROPERTY(max_segment_size, U32_MAX);
SIMDEV_PROPERTY(boundary, U64_MAX);
SIMDEV_PROPERTY(alignment, U64_MAX);

struct configfs_attribute *simdev_config_attrs[] = {
	&simdev_attr_profile,
	&simdev_attr_iommu,
	&simdev_attr_coherent,
	&simdev_attr_bounce,
	&simdev_attr_count_faults,
	&simdev_attr_vmap_fallback,
	&simdev_attr_dma_bits,
	&simdev_attr_max_segments,
	&simdev_attr_max_segment_size,
	&simdev_attr_boundary,
	&simdev_attr_alignment,
	NULL
};

/* A directory of model properties; @type has simdev_config_attrs. */
void simdev_config_init(struct simdev_config *config, const char *name,
			const struct config_item_type *type)
{
	mutex_init(&config->lock);
	config->model = *simdev_model_builtin("ideal");
	config_group_init_type_name(&config->group, name, type);
}

/* Allow no change of the properties until simdev_config_unuse(), if they are fit for a device. */
int simdev_config_use(struct simdev_config *config)
{
	const char *why;

	guard(mutex)(&config->lock);
	why = simdev_model_valid(&config->model);
	if (why) {
		pr_info("simbuf: device model %s/%s: %s\n",
			config_item_name(config->group.cg_item.ci_parent),
			config_item_name(&config->group.cg_item), why);
		return -EINVAL;
	}
	config->in_use = true;
	return 0;
}

void simdev_config_unuse(struct simdev_config *config)
{
	guard(mutex)(&config->lock);
	config->in_use = false;
}
