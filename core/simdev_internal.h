/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the files of core/ share about simulated devices.
 */
#ifndef _SIMDEV_INTERNAL_H
#define _SIMDEV_INTERNAL_H

#include <linux/completion.h>
#include <linux/interval_tree.h>
#include <linux/iova.h>
#include <linux/refcount.h>
#include <linux/scatterlist.h>
#include <linux/simdev.h>
#include <linux/spinlock.h>

#include "constraints.h"

struct config_item;
struct config_item_type;
struct configfs_attribute;
struct seq_file;
struct simbuf;
struct task_struct;
struct simdev_config;
struct simdev_view;

/**
 * struct simdev_run - physically contiguous part of a mapping
 * @offset: bytes from the mapping's first DMA address.
 * @len: bytes.
 * @phys: where it is.
 */
struct simdev_run {
	u64 offset;
	u64 len;
	phys_addr_t phys;
};

/**
 * struct simdev_mapping - one contiguous range of a device's DMA addresses
 * @node: first and last DMA address. Protected by &simdev_space.lock.
 * @users: one for being mapped, one for each window open on it.
 * @idle: completed when @users drops to zero.
 * @dir: what the device may do.
 * @view: where the device's view of memory is kept apart from the CPU's, or
 *	%NULL.
 * @stats: who counts the accesses, or %NULL. Protected by &simdev_space.lock.
 * @buffer_id: for messages, or 0. Protected by &simdev_space.lock.
 * @nr_runs: number of @runs.
 * @runs: sorted by offset.
 */
struct simdev_mapping {
	struct interval_tree_node node;
	refcount_t users;
	struct completion idle;
	enum dma_data_direction dir;
	struct simdev_view *view;
	struct simbuf_stats *stats;
	u64 buffer_id;
	unsigned int nr_runs;
	struct simdev_run runs[] __counted_by(nr_runs);
};

/**
 * struct simdev_space - the DMA addresses of one device
 * @lock: protects @mappings, @beyond and @beyond_for.
 * @mappings: what is mapped now, by DMA address. Without an IOMMU ranges may
 *	overlap: the same memory can be mapped several times.
 * @model: what the device can do.
 * @iova: which addresses are free, with an IOMMU.
 * @beyond: the last address that was to be mapped and is out of reach.
 * @beyond_for: who wanted that; compared, never looked into.
 */
struct simdev_space {
	spinlock_t lock;
	struct rb_root_cached mappings;
	const struct simdev_model *model;
	struct iova_domain iova;
	u64 beyond;
	const struct task_struct *beyond_for;
};

/**
 * struct simdev - a simulated device
 * @dev: what exporters see as the attached device.
 * @model: its properties; a copy.
 * @space: its address space.
 * @dma_mask: of @dev.
 * @dma_parms: of @dev.
 * @faults: number of DMA faults.
 * @fallbacks: number of mappings made by fallback.c.
 * @unplugged: accesses fail with -ENODEV.
 * @node: in the list of devices that debugfs shows.
 */
struct simdev {
	struct device dev;
	struct simdev_model model;
	struct simdev_space space;
	u64 dma_mask;
	struct device_dma_parameters dma_parms;
	atomic64_t faults;
	atomic64_t fallbacks;
	bool unplugged;
	struct list_head node;
};

static inline struct simdev *to_simdev(struct device *dev)
{
	return container_of(dev, struct simdev, dev);
}

/* simdev.c */
struct simdev *simdev_of_device(struct device *dev);
int simdev_class_init(void);
void simdev_class_exit(void);
void simdev_show_all(struct seq_file *m);

/* refuse.c */
int simdev_fault(struct simdev *sd, u64 buffer_id, dma_addr_t addr, size_t len,
		 enum dma_data_direction dir, const char *why);

/* simdev_models.c */
const struct simdev_model *simdev_model_builtin(const char *name);
void simdev_model_constraints(const struct simdev_model *model, struct simbuf_constraints *c);

void simdev_model_show(const struct simdev_model *model, struct seq_file *m);
void simdev_models_show(struct seq_file *m);

/* simdev_config.c */
extern struct configfs_attribute *simdev_config_attrs[];
struct simdev_config *simdev_config_of(struct config_item *item);
void simdev_config_init(struct simdev_config *config, const char *name,
			const struct config_item_type *type);
int simdev_config_use(struct simdev_config *config);
void simdev_config_unuse(struct simdev_config *config);

/* simdev_profile.c */
int simdev_profiles_init(void);
void simdev_profiles_exit(void);
void simdev_profiles_show(struct seq_file *m);

/* simdev_space.c */
void simdev_space_init(struct simdev_space *space, const struct simdev_model *model);
void simdev_space_fini(struct simdev_space *space);
unsigned int simdev_space_mergeable(struct simdev_space *space, struct scatterlist *sgl,
				    unsigned int nents);
int simdev_space_map(struct simdev_space *space, struct scatterlist *sgl,
		     unsigned int nents, enum dma_data_direction dir, gfp_t gfp,
		     dma_addr_t *addr);
void simdev_space_unmap(struct simdev_space *space, dma_addr_t addr, u64 len,
			enum dma_data_direction dir);
struct simdev_mapping *simdev_space_find(struct simdev_space *space, dma_addr_t addr,
					 enum dma_data_direction dir);
void simdev_mapping_put(struct simdev_mapping *mapping);
const struct simdev_run *simdev_mapping_run(const struct simdev_mapping *mapping, u64 offset);
u64 simdev_sg_bytes(struct scatterlist *sgl, unsigned int nents);
bool simdev_direction_allows(enum dma_data_direction have, enum dma_data_direction want);
int simdev_bind(struct simdev *sd, const struct sg_table *sgt, struct simbuf *buf);
u64 simdev_page_id(struct simdev *sd, const struct sg_table *sgt, u32 *page_runs);
bool simdev_space_was_beyond(struct simdev_space *space, u64 *addr);
void simdev_space_usage(struct simdev_space *space, unsigned int *mappings, u64 *bytes);

/* simdev_view.c */
struct simdev_mapping *simdev_view_create(const struct simdev_model *model,
					  struct scatterlist *sgl, unsigned int nents);
void simdev_view_destroy(struct simdev_view *view);
struct page **simdev_view_cpu_pages(struct simdev_view *view, unsigned int *nr_pages);
void simdev_view_sync_for_device(struct simdev_mapping *mapping);
void simdev_view_sync_for_cpu(struct simdev_mapping *mapping);

/* simdev_dma_ops.c */
extern const struct dma_map_ops simdev_dma_ops;

#endif /* _SIMDEV_INTERNAL_H */
