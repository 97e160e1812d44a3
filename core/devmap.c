// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Mapping memory of our own for a device, ours or anybody's.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "simbuf_internal.h"

static int fill_sgt(const struct simbuf *buf, struct sg_table *sgt)
{
	const struct simbuf_chunk *chunk = buf->chunks;
	struct scatterlist *sg;
	int i, ret;

	ret = sg_alloc_table(sgt, buf->nr_chunks, GFP_KERNEL);
	if (ret)
		return ret;
	for_each_sgtable_sg(sgt, sg, i) {
		sg_set_page(sg, chunk->page, PAGE_SIZE << chunk->order, 0);
		chunk++;
	}
	return 0;
}

/**
 * simbuf_devmap_create - map a buffer's memory for a device
 * @buf: a buffer of our own, its reservation held. The memory is chosen now if
 *	it was not, and stays where it is while it is mapped.
 * @dev: the device.
 * @dir: what the device will do.
 *
 * Cache maintenance is explicit, not left to the mapping: the same memory is
 * mapped for several devices at a time, which the DMA API takes for a mistake
 * otherwise.
 *
 * Return: the mapping, or an ERR_PTR() as simbuf_pages_get() and
 * dma_map_sgtable() have them.
 */
struct simbuf_devmap *simbuf_devmap_create(struct simbuf *buf, struct device *dev,
					   enum dma_data_direction dir)
{
	struct simbuf_devmap *map;
	int ret;

	ret = simbuf_pages_get(buf);
	if (ret)
		return ERR_PTR(ret);

	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return ERR_PTR(-ENOMEM);

	map->dev = dev;
	map->dir = dir;
	ret = fill_sgt(buf, &map->sgt);
	if (ret)
		goto err_free_map;
	ret = dma_map_sgtable(dev, &map->sgt, dir, DMA_ATTR_SKIP_CPU_SYNC);
	if (ret)
		goto err_free_sgt;
	dma_sync_sgtable_for_device(dev, &map->sgt, dir);

	list_add_tail(&map->node, &buf->devmaps);
	buf->pins++;
	return map;

err_free_sgt:
	sg_free_table(&map->sgt);
err_free_map:
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
	buf->pins--;
	list_del(&map->node);
	dma_sync_sgtable_for_cpu(map->dev, &map->sgt, map->dir);
	dma_unmap_sgtable(map->dev, &map->sgt, map->dir, DMA_ATTR_SKIP_CPU_SYNC);
	sg_free_table(&map->sgt);
	kfree(map);
}

/* Before the CPU looks: what devices wrote becomes visible. */
void simbuf_devmap_sync_for_cpu(struct simbuf *buf)
{
	struct simbuf_devmap *map;

	dma_resv_assert_held(buf->resv);
	list_for_each_entry(map, &buf->devmaps, node)
		dma_sync_sgtable_for_cpu(map->dev, &map->sgt, map->dir);
}

/* After the CPU wrote: devices see it. */
void simbuf_devmap_sync_for_device(struct simbuf *buf)
{
	struct simbuf_devmap *map;

	dma_resv_assert_held(buf->resv);
	list_for_each_entry(map, &buf->devmaps, node)
		dma_sync_sgtable_for_device(map->dev, &map->sgt, map->dir);
}
