// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Backing memory: the largest physically contiguous chunks that can be had
 * without effort, so that a picture is a handful of segments.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "simbuf_internal.h"

/*
 * Large chunks are a bonus: do not reclaim or compact for them, nor warn. Single
 * pages are worth waiting for, but not worth killing processes.
 */
static gfp_t chunk_gfp(unsigned int order)
{
	gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_COMP | __GFP_NOWARN;

	if (!order)
		return gfp | __GFP_RETRY_MAYFAIL;
	if (order > PAGE_ALLOC_COSTLY_ORDER)
		gfp &= ~__GFP_DIRECT_RECLAIM;
	return gfp | __GFP_NORETRY;
}

static struct page *alloc_chunk(unsigned long pages_left, unsigned int *max_order)
{
	unsigned int order = min_t(unsigned int, ilog2(pages_left), *max_order);
	struct page *page;

	for (;; order--) {
		page = alloc_pages(chunk_gfp(order), order);
		if (page || !order)
			break;
	}
	*max_order = order;
	return page;
}

static void free_chunks(struct simbuf_chunk *chunks, unsigned int nr_chunks)
{
	while (nr_chunks--)
		__free_pages(chunks[nr_chunks].page, chunks[nr_chunks].order);
	kvfree(chunks);
}

static int grow(struct simbuf_chunk **chunks, unsigned int used, unsigned int *room)
{
	unsigned int more = *room ? *room * 2 : 16;
	struct simbuf_chunk *new;

	if (used < *room)
		return 0;
	new = kvrealloc(*chunks, array_size(more, sizeof(*new)), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	*chunks = new;
	*room = more;
	return 0;
}

/**
 * simbuf_pages_get - choose the backing memory unless that is done
 * @buf: a buffer of our own, its reservation held.
 *
 * Return: 0, -ENOMEM, or -EINTR when the process is being killed.
 */
int simbuf_pages_get(struct simbuf *buf)
{
	unsigned long nr_pages = buf->size >> PAGE_SHIFT, first = 0;
	unsigned int used = 0, room = 0, max_order = MAX_PAGE_ORDER;
	struct simbuf_chunk *chunks = NULL;
	struct page *page;
	int ret;

	dma_resv_assert_held(buf->resv);
	if (buf->chunks)
		return 0;

	while (first < nr_pages) {
		ret = fatal_signal_pending(current) ? -EINTR : grow(&chunks, used, &room);
		if (ret)
			goto err_free;
		page = alloc_chunk(nr_pages - first, &max_order);
		if (!page) {
			ret = -ENOMEM;
			goto err_free;
		}
		chunks[used++] = (struct simbuf_chunk) {
			.first = first, .page = page, .order = max_order,
		};
		first += 1UL << max_order;
		cond_resched();
	}
	buf->nr_chunks = used;
	WRITE_ONCE(buf->chunks, chunks);
	return 0;

err_free:
	free_chunks(chunks, used);
	return ret;
}

/* Called when nothing maps the memory and nobody can. */
void simbuf_pages_free(struct simbuf *buf)
{
	free_chunks(buf->chunks, buf->nr_chunks);
	buf->chunks = NULL;
	buf->nr_chunks = 0;
}

/* The chunk that holds page @pgoff; the memory must have been chosen. */
const struct simbuf_chunk *simbuf_pages_find(const struct simbuf *buf, pgoff_t pgoff)
{
	unsigned int low = 0, high = buf->nr_chunks - 1;

	while (low < high) {
		unsigned int mid = low + (high - low + 1) / 2;

		if (buf->chunks[mid].first <= pgoff)
			low = mid;
		else
			high = mid - 1;
	}
	return &buf->chunks[low];
}
