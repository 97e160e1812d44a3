// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Memory for devices that want it contiguous, low, or both.
 */
#include <linux/cma.h>
#include <linux/dma-map-ops.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "storage.h"

static void clear_pages_at(struct page *page, unsigned long nr_pages)
{
	unsigned long i;

	for (i = 0; i < nr_pages; i++)
		clear_page(page_address(page + i));
}

static void free_cma(const struct simbuf_storage *st, const struct simbuf_chunk *chunk)
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
	page = area ? cma_alloc(area, nr_pages, c->alignment ? get_order(c->alignment) : 0, true) :
		      NULL;
	if (!page)
		return -ENOMEM;
	clear_pages_at(page, nr_pages);
	ret = simbuf_storage_add(st, page, nr_pages);
	if (ret)
		cma_release(area, page, nr_pages);
	return ret;
}

static void free_dma_zone(const struct simbuf_storage *st, const struct simbuf_chunk *chunk)
{
	free_pages_exact(page_address(chunk->page), chunk->nr_pages << PAGE_SHIFT);
}

/*
 * The zone for devices of few address bits: small, but seldom used by others and at
 * hand at once, where searching all low memory for pages to move takes its time.
 */
int simbuf_dma_zone_fill(struct simbuf_storage *st, unsigned long nr_pages,
			 const struct simbuf_constraints *c)
{
	size_t size = nr_pages << PAGE_SHIFT;
	void *vaddr;
	int ret;

	st->free_chunk = free_dma_zone;
	if (c->last_address >= DMA_BIT_MASK(32) || nr_pages > MAX_ORDER_NR_PAGES)
		return -ENOMEM;
	vaddr = alloc_pages_exact(size, GFP_DMA | GFP_KERNEL | __GFP_ZERO | __GFP_NORETRY |
				  __GFP_NOWARN);
	if (!vaddr)
		return -ENOMEM;
	ret = simbuf_storage_add(st, virt_to_page(vaddr), nr_pages);
	if (ret)
		free_pages_exact(vaddr, size);
	return ret;
}

static void free_range(const struct simbuf_storage *st, const struct simbuf_chunk *chunk)
{
	free_contig_range(page_to_pfn(chunk->page), chunk->nr_pages);
}

static int add_one_range(struct simbuf_storage *st, unsigned long nr_pages,
			 const struct simbuf_constraints *c, unsigned long deadline)
{
	struct page *page = simbuf_range_alloc(nr_pages, c, deadline);
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
	return add_one_range(st, nr_pages, c, simbuf_range_deadline());
}

/* Several ranges, each as low as it can be. */
int simbuf_low_fill(struct simbuf_storage *st, unsigned long nr_pages,
		    const struct simbuf_constraints *c)
{
	unsigned long deadline = simbuf_range_deadline();
	unsigned long chunk = MAX_ORDER_NR_PAGES;
	int ret;

	st->free_chunk = free_range;
	if (c->max_segments == 1)	/* has been tried */
		return -ENOMEM;
	while (st->nr_pages < nr_pages && !fatal_signal_pending(current)) {
		chunk = min(chunk, nr_pages - st->nr_pages);
		ret = add_one_range(st, chunk, c, deadline);
		if (ret && chunk == 1)
			return ret;
		if (ret)
			chunk /= 2;
		if (st->nr_chunks > c->max_segments)
			return -ENOSPC;
	}
	return st->nr_pages < nr_pages ? -EINTR : 0;
}
