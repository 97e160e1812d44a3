// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Memory for devices that want it contiguous, low, or both.
 */
#include <linux/cma.h>
#include <linux/dma-map-ops.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "storage.h"

static void clear_pages_at(struct page *page, unsigned long nr_pages)
{
	unsigned long i;

	for (i = 0; i < nr_pages; i++)
		clear_page(page_address(page + i));
}

static void free_cma(const struct simbuf_chunk *chunk)
{
	cma_release(dev_get_cma_area(NULL), chunk->page, chunk->nr_pages);
}

/* The kernel's area for contiguous allocations, where it has one ("cma="). */
int simbuf_cma_fill(struct simbuf_storage *st, unsigned long nr_pages,
		    const struct simbuf_constraints *c)
{
	struct cma *area = dev_get_cma_area(NULL);
	struct page *page;
	int ret;

	st->free_chunk = free_cma;
	page = area ? cma_alloc(area, nr_pages, 0, true) : NULL;
	if (!page)
		return -ENOMEM;
	clear_pages_at(page, nr_pages);
	ret = simbuf_storage_add(st, page, nr_pages);
	if (ret)
		cma_release(area, page, nr_pages);
	return ret;
}

/* Zones are searched from their start, so what is found is as low as it can be. */
static struct page *alloc_range(unsigned long nr_pages, const struct simbuf_constraints *c)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;

	if (c->last_address <= DMA_BIT_MASK(32))
		gfp |= GFP_DMA32;
	return alloc_contig_pages(nr_pages, gfp, numa_mem_id(), NULL);
}

static void free_range(const struct simbuf_chunk *chunk)
{
	free_contig_range(page_to_pfn(chunk->page), chunk->nr_pages);
}

static int add_one_range(struct simbuf_storage *st, unsigned long nr_pages,
		     const struct simbuf_constraints *c)
{
	struct page *page = alloc_range(nr_pages, c);
	int ret;

	if (!page)
		return -ENOMEM;
	clear_pages_at(page, nr_pages);
	ret = simbuf_storage_add(st, page, nr_pages);
	if (ret)
		free_contig_range(page_to_pfn(page), nr_pages);
	return ret;
}

/* One range, wherever others can be moved out of the way. */
int simbuf_contig_fill(struct simbuf_storage *st, unsigned long nr_pages,
		       const struct simbuf_constraints *c)
{
	st->free_chunk = free_range;
	return add_one_range(st, nr_pages, c);
}

/* Several ranges, each as low as it can be. */
int simbuf_low_fill(struct simbuf_storage *st, unsigned long nr_pages,
		    const struct simbuf_constraints *c)
{
	unsigned long chunk = MAX_ORDER_NR_PAGES;
	int ret;

	st->free_chunk = free_range;
	while (st->nr_pages < nr_pages) {
		chunk = min(chunk, nr_pages - st->nr_pages);
		ret = add_one_range(st, chunk, c);
		if (ret && chunk == 1)
			return ret;
		if (ret)
			chunk /= 2;
		if (st->nr_chunks > c->max_segments)
			return -ENOSPC;
	}
	return 0;
}
