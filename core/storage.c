// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Choosing memory that has what the devices ask.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/simbuf.h>

#include "pool.h"

/* Appends a chunk, which @st owns from then on. */
int simbuf_storage_add(struct simbuf_storage *st, struct page *page, unsigned long nr_pages)
{
	struct simbuf_chunk *chunks;
	unsigned int room;

	if (st->nr_chunks == st->room) {
		room = st->room ? st->room * 2 : 8;
		chunks = kvrealloc(st->chunks, array_size(room, sizeof(*chunks)),
				   GFP_KERNEL_ACCOUNT);
		if (!chunks)
			return -ENOMEM;
		st->chunks = chunks;
		st->room = room;
	}
	st->chunks[st->nr_chunks++] = (struct simbuf_chunk) {
		.first = st->nr_pages, .page = page, .nr_pages = nr_pages,
	};
	st->nr_pages += nr_pages;
	st->last_address = max(st->last_address,
			       page_to_phys(page) + ((u64)nr_pages << PAGE_SHIFT) - 1);
	return 0;
}

static void storage_clear(struct simbuf_storage *st)
{
	while (st->nr_chunks--)
		st->free_chunk(st, &st->chunks[st->nr_chunks]);
	kvfree(st->chunks);
	simbuf_pool_put(st->pool);
	st->pool = NULL;
	st->chunks = NULL;
	st->nr_chunks = 0;
	st->nr_pages = 0;
	st->room = 0;
	st->last_address = 0;
}

static void storage_release(struct kref *ref)
{
	struct simbuf_storage *st = container_of(ref, struct simbuf_storage, ref);

	storage_clear(st);
	kfree(st);
}

struct simbuf_storage *simbuf_storage_get(struct simbuf_storage *st)
{
	kref_get(&st->ref);
	return st;
}

void simbuf_storage_put(struct simbuf_storage *st)
{
	if (st)
		kref_put(&st->ref, storage_release);
}

/* The chunk that holds page @pgoff. */
const struct simbuf_chunk *simbuf_storage_find(const struct simbuf_storage *st, pgoff_t pgoff)
{
	unsigned int low = 0, high = st->nr_chunks - 1;

	while (low < high) {
		unsigned int mid = low + (high - low + 1) / 2;

		if (st->chunks[mid].first <= pgoff)
			low = mid;
		else
			high = mid - 1;
	}
	return &st->chunks[low];
}

/*
 * Does @st have what @c asks? Chunks are looked at one by one, as a device's
 * scatter list has them.
 */
enum simbuf_verdict simbuf_storage_check(const struct simbuf_storage *st,
					 const struct simbuf_constraints *c, u64 *found)
{
	struct simbuf_constraints chunk = *c;
	enum simbuf_verdict verdict;
	struct simbuf_extent extent;
	u64 segments = 0;
	unsigned int i;

	/* The usual case need not look at all chunks. */
	if (c->max_segments == U32_MAX && !c->alignment) {
		*found = st->last_address;
		return st->last_address > c->last_address ? SIMBUF_TOO_HIGH : SIMBUF_FITS;
	}

	/* However many too many: who is refused is told the number of all. */
	if (c->max_segments != U32_MAX)
		chunk.max_segments = U32_MAX - 1;
	for (i = 0; i < st->nr_chunks; i++) {
		extent.start = page_to_phys(st->chunks[i].page);
		extent.len = (u64)st->chunks[i].nr_pages << PAGE_SHIFT;
		*found = 0;
		verdict = simbuf_constraints_check(&chunk, &extent, 1, found);
		if (verdict != SIMBUF_FITS)
			return verdict;
		segments += *found;
	}
	*found = segments;
	return segments > c->max_segments ? SIMBUF_TOO_MANY_SEGMENTS : SIMBUF_FITS;
}

/* Copies the content of one storage to another of the same size. */
void simbuf_storage_copy(const struct simbuf_storage *to, const struct simbuf_storage *from)
{
	const struct simbuf_chunk *src, *dst;
	pgoff_t at = 0, end;

	while (at < to->nr_pages) {
		src = simbuf_storage_find(from, at);
		dst = simbuf_storage_find(to, at);
		end = min(src->first + src->nr_pages, dst->first + dst->nr_pages);
		memcpy(page_address(dst->page) + ((at - dst->first) << PAGE_SHIFT),
		       page_address(src->page) + ((at - src->first) << PAGE_SHIFT),
		       (end - at) << PAGE_SHIFT);
		at = end;
		cond_resched();
	}
}

/* In the order in which they are tried: what is cheapest first. */
static const struct {
	int (*fill)(struct simbuf_storage *st, unsigned long nr_pages,
		    const struct simbuf_constraints *c);
	u32 placement;
} sources[] = {
	{ simbuf_scattered_fill, SIMBUF_PLACEMENT_SCATTERED },
	{ simbuf_carveout_fill, SIMBUF_PLACEMENT_CARVEOUT },
	{ simbuf_dma_zone_fill, SIMBUF_PLACEMENT_CONTIGUOUS },
	{ simbuf_cma_fill, SIMBUF_PLACEMENT_CONTIGUOUS },
	{ simbuf_contig_fill, SIMBUF_PLACEMENT_CONTIGUOUS },
	{ simbuf_low_fill, SIMBUF_PLACEMENT_LOW },
};

/**
 * simbuf_storage_alloc - allocate memory that has what is asked
 * @size: bytes, whole pages.
 * @c: what is asked.
 *
 * Return: zeroed memory with one reference, or an ERR_PTR(): -ENOMEM when there
 * is none, -ENOSPC when there is memory but none that has what is asked, -EINTR
 * when the process is being killed.
 */
struct simbuf_storage *simbuf_storage_alloc(size_t size, const struct simbuf_constraints *c)
{
	struct simbuf_storage *st = kzalloc_obj(*st, GFP_KERNEL_ACCOUNT);
	int ret, err = -ENOMEM;
	unsigned int i;
	u64 found;

	if (!st)
		return ERR_PTR(-ENOMEM);

	kref_init(&st->ref);
	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		ret = sources[i].fill(st, size >> PAGE_SHIFT, c);
		if (!ret && simbuf_storage_check(st, c, &found) == SIMBUF_FITS) {
			st->placement = sources[i].placement;
			return st;
		}
		storage_clear(st);
		if (!ret)
			err = -ENOSPC;
		if (fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
	}
	kfree(st);
	return ERR_PTR(err);
}

/**
 * simbuf_storage_alloc_from - allocate a device's local memory
 * @pool: the memory.
 * @size: bytes, whole pages.
 * @c: what is asked besides.
 *
 * Return: as simbuf_storage_alloc().
 */
struct simbuf_storage *simbuf_storage_alloc_from(struct simbuf_pool *pool, size_t size,
						 const struct simbuf_constraints *c)
{
	struct simbuf_storage *st = kzalloc_obj(*st, GFP_KERNEL_ACCOUNT);
	u64 found;
	int ret;

	if (!st)
		return ERR_PTR(-ENOMEM);

	kref_init(&st->ref);
	st->placement = SIMBUF_PLACEMENT_LOCAL;
	ret = simbuf_pool_fill(st, pool, size >> PAGE_SHIFT, c);
	if (!ret && simbuf_storage_check(st, c, &found) != SIMBUF_FITS)
		ret = -ENOSPC;
	if (!ret)
		return st;
	simbuf_storage_put(st);
	return ERR_PTR(ret);
}
