// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Memory for devices that take it as it comes: the largest chunks that can be
 * had without effort, so that a picture is a handful of segments. Accounted to
 * the memory cgroup of the process.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "storage.h"

/*
 * Large chunks are a bonus: do not reclaim or compact for them, nor warn. The
 * smallest that will do, single pages for most devices, are worth waiting for,
 * but not worth killing processes.
 */
static gfp_t chunk_gfp(unsigned int order, unsigned int min_order)
{
	gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_COMP | __GFP_NOWARN;

	if (order == min_order)
		return gfp | __GFP_RETRY_MAYFAIL;
	if (order > PAGE_ALLOC_COSTLY_ORDER)
		gfp &= ~__GFP_DIRECT_RECLAIM;
	return gfp | __GFP_NORETRY;
}

/*
 * The largest chunk that does not exceed what is left by more than a 64th of the buffer: pictures
 * are seldom as large as a few powers of two, and a chunk for each bit of their size is more to
 * list, map and look through each time than the memory is worth.
 */
static unsigned int best_order(unsigned long pages_left, unsigned long nr_pages)
{
	unsigned int order = ilog2(pages_left);

	return (2UL << order) - pages_left <= nr_pages / 64 ? order + 1 : order;
}

static struct page *alloc_chunk(unsigned int order, unsigned int min_order,
				unsigned int *max_order)
{
	struct page *page;

	for (order = clamp(order, min_order, *max_order);; order--) {
		page = alloc_pages(chunk_gfp(order, min_order), order);
		if (page || order == min_order)
			break;
	}
	*max_order = order;
	return page;
}

static void free_chunk(const struct simbuf_storage *st, const struct simbuf_chunk *chunk)
{
	__free_pages(chunk->page, compound_order(chunk->page));
}

/*
 * Chunks start at multiples of their size, which is thus no less than the alignment
 * asked. Of the last one the buffer may need a part only.
 */
int simbuf_scattered_fill(struct simbuf_storage *st, unsigned long nr_pages,
			  const struct simbuf_constraints *c)
{
	unsigned int min_order = c->alignment ? get_order(c->alignment) : 0;
	unsigned int order = MAX_PAGE_ORDER;
	unsigned long pages_left;
	struct page *page;
	int ret;

	st->free_chunk = free_chunk;
	while (st->nr_pages < nr_pages) {
		if (fatal_signal_pending(current))
			return -EINTR;
		pages_left = nr_pages - st->nr_pages;
		page = alloc_chunk(best_order(pages_left, nr_pages), min_order, &order);
		if (!page)
			return -ENOMEM;
		ret = simbuf_storage_add(st, page, min(1UL << order, pages_left));
		if (ret) {
			__free_pages(page, order);
			return ret;
		}
		/* Too many already: somebody else has what is asked. */
		if (st->nr_chunks > c->max_segments)
			return -ENOSPC;
		cond_resched();
	}
	return 0;
}
