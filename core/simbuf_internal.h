/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the files of core/ share about buffers.
 */
#ifndef _SIMBUF_INTERNAL_H
#define _SIMBUF_INTERNAL_H

#include <linux/dma-resv.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/scatterlist.h>
#include <linux/simbuf.h>

struct seq_file;

/**
 * struct simbuf_chunk - physically contiguous part of a buffer's memory
 * @first: page offset of the chunk in the buffer.
 * @page: head page of a compound page.
 * @order: its order.
 */
struct simbuf_chunk {
	pgoff_t first;
	struct page *page;
	unsigned int order;
};

/**
 * struct simbuf - one piece of memory
 * @ref: references of drivers, exports, attachments, VMAs.
 * @id: unique until reboot.
 * @size: bytes, whole pages.
 * @exporter: name of who allocates the memory.
 * @resv: the reservation object; &own_resv, or that of @foreign.
 * @own_resv: used by buffers of our own.
 * @foreign: the dma-buf of another driver that this stands for, with a
 *	reference, or %NULL for a buffer of our own.
 * @chunks: the memory, in order; %NULL until it is chosen. Protected by @resv.
 * @nr_chunks: number of @chunks. Protected by @resv.
 * @pins: how many want the memory to stay where it is. Protected by @resv.
 * @vaddr: kernel mapping of all of it while @vmaps > 0. Protected by @resv.
 * @vmaps: number of users of @vaddr. Protected by @resv.
 * @devmaps: struct simbuf_devmap of every device mapping. Protected by @resv.
 * @stats: counters.
 * @node: in simbuf_registry. Protected by its lock.
 * @attachments: struct simbuf_attachment. Protected by simbuf_registry's lock.
 */
struct simbuf {
	struct kref ref;
	u64 id;
	size_t size;
	char exporter[32];
	struct dma_resv *resv;
	struct dma_resv own_resv;
	struct dma_buf *foreign;

	struct simbuf_chunk *chunks;
	unsigned int nr_chunks;
	unsigned int pins;
	void *vaddr;
	unsigned int vmaps;
	struct list_head devmaps;

	struct simbuf_stats stats;
	struct list_head node;
	struct list_head attachments;
};

/**
 * struct simbuf_devmap - a device's mapping of a buffer of our own
 * @node: in &simbuf.devmaps.
 * @dev: the device, ours or anybody's.
 * @dir: direction it was mapped for.
 * @sgt: the DMA addresses.
 */
struct simbuf_devmap {
	struct list_head node;
	struct device *dev;
	enum dma_data_direction dir;
	struct sg_table sgt;
};

/**
 * struct simbuf_attachment - one simulated device's access to a buffer
 * @buf: the buffer, with a reference.
 * @sd: the device, with a reference.
 * @dmabuf: the dma-buf it came through, with a reference; %NULL on the
 *	exporting driver's own device.
 * @base: the attachment to @dmabuf.
 * @sgt: the DMA addresses while @maps > 0. Protected by the reservation.
 * @dir: direction of the mapping. Protected by the reservation.
 * @maps: nested simbuf_map() calls. Protected by the reservation.
 * @page_id: see &simbuf_info.page_id; of the last mapping. Protected by the
 *	reservation.
 * @page_runs: see &simbuf_info.page_runs. Protected by the reservation.
 * @node: in &simbuf.attachments. Protected by simbuf_registry's lock.
 */
struct simbuf_attachment {
	struct simbuf *buf;
	struct simdev *sd;
	struct dma_buf *dmabuf;
	struct dma_buf_attachment *base;
	struct sg_table *sgt;
	enum dma_data_direction dir;
	unsigned int maps;
	u64 page_id;
	u32 page_runs;
	struct list_head node;
};

/* registry.c: all buffers, and the one simbuf that stands for a foreign dma-buf */
struct simbuf *simbuf_get_for_dmabuf(struct dma_buf *dmabuf);
void simbuf_registry_add(struct simbuf *buf);
void simbuf_registry_add_attachment(struct simbuf_attachment *att);
void simbuf_registry_del_attachment(struct simbuf_attachment *att);
struct simbuf *simbuf_registry_next(struct simbuf *prev);
void simbuf_registry_show_attachments(struct simbuf *buf, struct seq_file *m);
bool simbuf_registry_empty(void);

/* buffer.c */
struct simbuf *simbuf_alloc(size_t size, const char *exporter, struct dma_buf *foreign);
void simbuf_free(struct simbuf *buf);

/* pages.c: backing memory, reservation held */
int simbuf_pages_get(struct simbuf *buf);
void simbuf_pages_free(struct simbuf *buf);
const struct simbuf_chunk *simbuf_pages_find(const struct simbuf *buf, pgoff_t pgoff);

/* devmap.c: device mappings of our own memory, reservation held */
struct simbuf_devmap *simbuf_devmap_create(struct simbuf *buf, struct device *dev,
					   enum dma_data_direction dir);
void simbuf_devmap_destroy(struct simbuf *buf, struct simbuf_devmap *map);
void simbuf_devmap_sync_for_cpu(struct simbuf *buf);
void simbuf_devmap_sync_for_device(struct simbuf *buf);

/* export.c */
struct simbuf *simbuf_of_dmabuf(struct dma_buf *dmabuf);

/* debugfs.c */
void simbuf_debugfs_init(void);
void simbuf_debugfs_exit(void);

#endif /* _SIMBUF_INTERNAL_H */
