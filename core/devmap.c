// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Mapping memory of our own for a device, ours or anybody's.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "simbuf_internal.h"

/* Bytes an entry of a scatter list may have: its length is an unsigned int. */
#define MAX_ENTRY	SZ_1G

/**
 * struct entry_cursor - where in a buffer's memory the next entry begins
 * @chunk: the chunk.
 * @end: behind the last chunk.
 * @at: bytes into @chunk.
 */
struct entry_cursor {
	const struct simbuf_chunk *chunk;
	const struct simbuf_chunk *end;
	size_t at;
};

static struct entry_cursor first_entry(const struct simbuf_storage *st)
{
	return (struct entry_cursor) { .chunk = st->chunks, .end = st->chunks + st->nr_chunks };
}

static size_t chunk_bytes(const struct simbuf_chunk *chunk)
{
	return chunk->nr_pages << PAGE_SHIFT;
}

/* Chunks are often neighbours: the page allocator cuts them off one piece. */
static size_t contiguous_bytes(const struct entry_cursor *cursor, size_t limit)
{
	const struct simbuf_chunk *chunk = cursor->chunk;
	size_t len = chunk_bytes(chunk) - cursor->at;

	for (; len < limit && chunk + 1 < cursor->end; chunk++) {
		if (page_to_pfn(chunk[0].page) + chunk[0].nr_pages != page_to_pfn(chunk[1].page))
			break;
		len += chunk_bytes(&chunk[1]);
	}
	return min(len, limit);
}

/*
 * The length of the entry at @cursor, which moves behind it. Mapping does not split
 * entries, so none may be longer than a segment of the device, nor cross its boundary.
 */
static size_t next_entry(const struct simbuf_constraints *c, struct entry_cursor *cursor)
{
	size_t limit = min_t(u64, c->max_segment_size, MAX_ENTRY);
	phys_addr_t start = page_to_phys(cursor->chunk->page) + cursor->at;
	size_t len = simbuf_constraints_segment(c, start, contiguous_bytes(cursor, limit));

	cursor->at += len;
	while (cursor->chunk < cursor->end && cursor->at >= chunk_bytes(cursor->chunk)) {
		cursor->at -= chunk_bytes(cursor->chunk);
		cursor->chunk++;
	}
	return len;
}

static unsigned int count_entries(const struct simbuf_constraints *c,
				  const struct simbuf_storage *st)
{
	struct entry_cursor cursor = first_entry(st);
	unsigned int n;

	for (n = 0; cursor.chunk < cursor.end; n++)
		next_entry(c, &cursor);
	return n;
}

static int fill_sgt(const struct simbuf_storage *st, struct device *dev, struct sg_table *sgt)
{
	struct entry_cursor cursor = first_entry(st);
	struct simbuf_constraints c;
	struct scatterlist *sg;
	struct page *page;
	int i, ret;

	simbuf_device_constraints(dev, &c);
	ret = sg_alloc_table(sgt, count_entries(&c, st), GFP_KERNEL);
	if (ret)
		return ret;
	for_each_sgtable_sg(sgt, sg, i) {
		page = cursor.chunk->page + (cursor.at >> PAGE_SHIFT);
		sg_set_page(sg, page, next_entry(&c, &cursor), 0);
	}
	return 0;
}

/**
 * simbuf_devmap_create - map a buffer's memory for a device
 * @buf: a buffer of our own, its reservation held. The memory is chosen, or
 *	moved, now if @dev cannot reach it otherwise.
 * @dev: the device.
 * @dir: what the device will do.
 *
 * Cache maintenance is explicit, not left to the mapping: the same memory is
 * mapped for several devices at a time, which the DMA API takes for a mistake
 * otherwise.
 *
 * Return: the mapping, or an ERR_PTR() as simbuf_settle() and dma_map_sgtable()
 * have them.
 */
struct simbuf_devmap *simbuf_devmap_create(struct simbuf *buf, struct device *dev,
					   enum dma_data_direction dir)
{
	struct simbuf_devmap *map;
	int ret = simbuf_inject(SIMBUF_INJECT_MAP, buf);

	if (!ret && buf->policy->before_map)
		ret = buf->policy->before_map(buf);
	if (!ret)
		ret = simbuf_settle(buf, dev);
	if (ret)
		return ERR_PTR(ret);

	map = kzalloc_obj(*map, GFP_KERNEL);
	if (!map)
		return ERR_PTR(-ENOMEM);

	map->dev = dev;
	map->dir = dir;
	map->storage = simbuf_storage_get(buf->storage);
	ret = fill_sgt(map->storage, dev, &map->sgt);
	if (ret)
		goto err_free_map;
	ret = dma_map_sgtable(dev, &map->sgt, dir, DMA_ATTR_SKIP_CPU_SYNC);
	if (ret)
		goto err_free_sgt;
	dma_sync_sgtable_for_device(dev, &map->sgt, dir);

	list_add_tail(&map->node, &buf->devmaps);
	return map;

err_free_sgt:
	sg_free_table(&map->sgt);
err_free_map:
	simbuf_storage_put(map->storage);
	kfree(map);
	return ERR_PTR(ret);
}

/**
 * simbuf_devmap_destroy - undo simbuf_devmap_create()
 * @buf: the buffer, its reservation held.
 * @map: the mapping.
 */
void simbuf_devmap_destroy(struct simbuf *buf, struct simbuf_devmap *map)
{
	dma_resv_assert_held(buf->resv);
	list_del(&map->node);
	/* What the device wrote belongs to the buffer, unless that moved before. */
	if (map->storage == buf->storage)
		dma_sync_sgtable_for_cpu(map->dev, &map->sgt, map->dir);
	dma_unmap_sgtable(map->dev, &map->sgt, map->dir, DMA_ATTR_SKIP_CPU_SYNC);
	sg_free_table(&map->sgt);
	simbuf_storage_put(map->storage);
	kfree(map);
}

/* Before the CPU looks: what devices wrote becomes visible. */
void simbuf_devmap_sync_for_cpu(struct simbuf *buf)
{
	struct simbuf_devmap *map;

	dma_resv_assert_held(buf->resv);
	list_for_each_entry(map, &buf->devmaps, node) {
		if (map->storage == buf->storage)
			dma_sync_sgtable_for_cpu(map->dev, &map->sgt, map->dir);
	}
}

/* After the CPU wrote: devices see it. */
void simbuf_devmap_sync_for_device(struct simbuf *buf)
{
	struct simbuf_devmap *map;

	dma_resv_assert_held(buf->resv);
	list_for_each_entry(map, &buf->devmaps, node) {
		if (map->storage == buf->storage)
			dma_sync_sgtable_for_device(map->dev, &map->sgt, map->dir);
	}
}
