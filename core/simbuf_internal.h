/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the files of core/ share about buffers.
 */
#ifndef _SIMBUF_INTERNAL_H
#define _SIMBUF_INTERNAL_H

#include <linux/dma-resv.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rhashtable-types.h>
#include <linux/scatterlist.h>
#include <linux/simbuf.h>

#include "constraints.h"
#include "storage.h"

struct dentry;
struct inode;
struct seq_file;
struct simbuf_fallback;
struct simbuf_pool;

/**
 * struct simbuf - one piece of memory
 * @ref: references of drivers, exports, attachments, VMAs.
 * @id: unique until reboot.
 * @size: bytes, whole pages.
 * @exporter: name of who allocates the memory.
 * @policy: what drivers do differently.
 * @resv: the reservation object; &own_resv, or that of @foreign.
 * @own_resv: used by buffers of our own.
 * @foreign: the dma-buf of another driver that this stands for, with a
 *	reference, or %NULL for a buffer of our own.
 * @inode: whose page tables all CPU mappings are in; of a buffer of our own that was mapped
 *	once. Set once.
 * @storage: the memory, with a reference; %NULL until it is chosen. Protected by
 *	@resv.
 * @pins: how many want the memory to stay where it is. Protected by @resv.
 * @vaddr: kernel mapping of all of it while @vmaps > 0. Protected by @resv.
 * @vmaps: number of users of @vaddr. Protected by @resv.
 * @moves: how often it has moved. Protected by @resv.
 * @devmaps: struct simbuf_devmap of every device mapping. Protected by @resv.
 * @exports: struct simbuf_dmabuf. Protected by @resv.
 * @stats: counters.
 * @node: in simbuf_registry. Protected by its lock.
 * @budget: what its memory counts against, with a reference, or %NULL. Does not change
 *	once it has memory.
 * @placement: SIMBUF_PLACEMENT_*, for those who do not hold @resv. Written with it held.
 * @pool: local memory that it prefers, with a reference, or %NULL. Does not change
 *	once there are attachments.
 * @local_node: in &simbuf_pool.lru while its memory is in @pool. Protected by that
 *	one's lock.
 * @foreign_node: there too, when there is @foreign. Protected by its lock.
 * @attachments: struct simbuf_attachment.
 * @attachments_lock: protects @attachments. No other lock is taken inside.
 */
struct simbuf {
	struct kref ref;
	u64 id;
	size_t size;
	char exporter[32];
	const struct simbuf_policy *policy;
	struct dma_resv *resv;
	struct dma_resv own_resv;
	struct dma_buf *foreign;
	struct inode *inode;

	struct simbuf_storage *storage;
	unsigned int pins;
	void *vaddr;
	unsigned int vmaps;
	unsigned int moves;
	struct list_head devmaps;
	struct list_head exports;
	struct simbuf_budget *budget;
	u32 placement;
	struct simbuf_pool *pool;
	struct list_head local_node;

	struct simbuf_stats stats;
	struct list_head node;
	struct rhash_head foreign_node;
	struct list_head attachments;
	struct mutex attachments_lock;
};

/**
 * struct simbuf_dmabuf - what a dma-buf of ours is about
 * @node: in &simbuf.exports.
 * @dmabuf: the dma-buf.
 * @ino: its inode's number. Kept here because the inode is gone before
 *	dma-buf calls the release that takes @node off the list.
 * @buf: the memory, with a reference.
 * @device: see &struct simbuf_export_info.
 * @priv: the driver's object, with a reference.
 * @release: drops it.
 */
struct simbuf_dmabuf {
	struct list_head node;
	struct dma_buf *dmabuf;
	u64 ino;
	struct simbuf *buf;
	const void *device;
	void *priv;
	void (*release)(void *priv);
};

/**
 * struct simbuf_devmap - a device's mapping of a buffer of our own
 * @node: in &simbuf.devmaps.
 * @dev: the device, ours or anybody's.
 * @dir: direction it was mapped for.
 * @att: the exporting driver's own access that this is the mapping of; %NULL when it
 *	is through a dma-buf.
 * @pins: who has it mapped cannot follow moves.
 * @storage: what is mapped, with a reference; not &simbuf.storage any more once
 *	the buffer has moved.
 * @sgt: the DMA addresses.
 */
struct simbuf_devmap {
	struct list_head node;
	struct device *dev;
	enum dma_data_direction dir;
	struct simbuf_attachment *att;
	bool pins;
	struct simbuf_storage *storage;
	struct sg_table sgt;
};

/**
 * struct simbuf_attachment - one simulated device's access to a buffer
 * @buf: the buffer, with a reference.
 * @sd: the device, with a reference.
 * @dmabuf: the dma-buf it came through, with a reference; %NULL on the
 *	exporting driver's own device.
 * @base: the attachment to @dmabuf.
 * @dynamic: the buffer may move while it is mapped; simbuf_validate() follows.
 * @moved: the exporter moved the buffer since it was mapped. Protected by the
 *	reservation.
 * @sgt: the DMA addresses while @maps > 0. Protected by the reservation.
 * @fallback: what @sgt is part of if the exporter could not map for the device.
 *	Protected by the reservation.
 * @dir: direction of the mapping. Protected by the reservation.
 * @maps: nested simbuf_map() calls. Protected by the reservation.
 * @page_id: see &simbuf_info.page_id; of the last mapping. Protected by the
 *	reservation.
 * @page_runs: see &simbuf_info.page_runs. Protected by the reservation.
 * @node: in &simbuf.attachments.
 */
struct simbuf_attachment {
	struct simbuf *buf;
	struct simdev *sd;
	struct dma_buf *dmabuf;
	struct dma_buf_attachment *base;
	bool dynamic;
	bool moved;
	struct sg_table *sgt;
	struct simbuf_fallback *fallback;
	enum dma_data_direction dir;
	unsigned int maps;
	u64 page_id;
	u32 page_runs;
	struct list_head node;
};

/* registry.c: all buffers, and the one simbuf that stands for a foreign dma-buf */
int simbuf_registry_init(void);
void simbuf_registry_exit(void);
struct simbuf *simbuf_get_for_dmabuf(struct dma_buf *dmabuf);
void simbuf_registry_add(struct simbuf *buf);
struct simbuf *simbuf_registry_next(struct simbuf *prev);

/* attachments.c: which simulated devices use a buffer */
void simbuf_attachments_add(struct simbuf_attachment *att);
void simbuf_attachments_del(struct simbuf_attachment *att);
void simbuf_attachments_show(struct simbuf *buf, struct seq_file *m);
void simbuf_attachments_constraints(struct simbuf *buf, struct simbuf_constraints *c);
bool simbuf_attachments_all_reach(struct simbuf *buf, const struct simbuf_pool *pool);

/* buffer.c */
struct simbuf *simbuf_alloc(size_t size, const char *exporter, struct dma_buf *foreign);
void simbuf_free(struct simbuf *buf);
void simbuf_describe_locked(struct simbuf *buf, struct simbuf_info *info);

/* settle.c: choosing and moving the memory, reservation held */
int simbuf_settle(struct simbuf *buf, struct device *dev);
int simbuf_settle_shared(struct simbuf *buf);
int simbuf_settle_away(struct simbuf *buf);
void simbuf_settle_back(struct simbuf *buf);
void simbuf_device_constraints(struct device *dev, struct simbuf_constraints *c);

/* devmap.c: device mappings of our own memory, reservation held */
struct simbuf_devmap *simbuf_devmap_create(struct simbuf *buf, struct device *dev,
					   enum dma_data_direction dir);
void simbuf_devmap_destroy(struct simbuf *buf, struct simbuf_devmap *map);
void simbuf_devmap_sync_for_cpu(struct simbuf *buf);
void simbuf_devmap_sync_for_device(struct simbuf *buf);

/* budget.c: reservation held, or nobody else has the buffer */
int simbuf_budget_charge(struct simbuf *buf);
void simbuf_budget_uncharge(struct simbuf *buf);

/* attach.c: reservation held */
void simbuf_unmap_own(struct simbuf *buf);
bool simbuf_attachment_follows(const struct dma_buf_attachment *base);

/* fallback.c: reservation held */
struct simbuf_fallback *simbuf_fallback_map(struct simbuf_attachment *att,
					    enum dma_data_direction dir, struct sg_table **sgt);
void simbuf_fallback_unmap(struct simbuf_attachment *att, struct simbuf_fallback *fb);

/* export.c */
struct simbuf *simbuf_of_dmabuf(struct dma_buf *dmabuf);

/* cpu_map.c */
int simbuf_mmap_init(void);
void simbuf_mmap_exit(void);
void simbuf_mmap_zap(struct simbuf *buf);

/* refuse.c; the last one for KUnit only */
int simbuf_refusals_last(char *line, size_t size);
void simbuf_refusals_show(struct seq_file *m);
void simbuf_faults_show(struct seq_file *m);

/* inject.c */
enum simbuf_inject_point {
	SIMBUF_INJECT_ALLOC,
	SIMBUF_INJECT_ATTACH,
	SIMBUF_INJECT_MAP,
	SIMBUF_INJECT_VMAP,
	SIMBUF_INJECT_MOVE,
	SIMBUF_INJECT_POINTS,
};

int simbuf_inject(enum simbuf_inject_point point, const struct simbuf *buf);
void simbuf_inject_init(struct dentry *root);

/* debugfs.c */
void simbuf_debugfs_init(void);
void simbuf_debugfs_exit(void);

#endif /* _SIMBUF_INTERNAL_H */
