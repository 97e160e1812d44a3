// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Memory reserved at once, as firmware reserves it for a display, or as a graphics card
 * brings it along.
 *
 * One range of pages and an allocator in front of it. Neither TTM nor the buddy
 * allocator of DRM: buffers have their reservation, their life and their moves here
 * already, for cameras as well as for GPUs, and this module knows no DRM.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/genalloc.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <uapi/linux/simbuf.h>

#include "pool.h"
#include "simbuf_internal.h"
#include "simdev_internal.h"
#include "storage.h"

/* Low memory first: more devices reach it. */
static struct page *reserve(unsigned long nr_pages)
{
	struct simbuf_constraints c = SIMBUF_UNCONSTRAINED;
	struct page *pages;

	c.last_address = DMA_BIT_MASK(32);
	pages = simbuf_range_alloc(nr_pages, &c, simbuf_range_deadline());
	if (pages)
		return pages;
	c.last_address = U64_MAX;
	return simbuf_range_alloc(nr_pages, &c, simbuf_range_deadline());
}

static struct gen_pool *make_allocator(struct page *pages, unsigned long nr_pages)
{
	struct gen_pool *free = gen_pool_create(PAGE_SHIFT, NUMA_NO_NODE);

	if (!free)
		return NULL;
	if (gen_pool_add(free, (unsigned long)page_address(pages), nr_pages << PAGE_SHIFT,
			 NUMA_NO_NODE)) {
		gen_pool_destroy(free);
		return NULL;
	}
	return free;
}

/**
 * simbuf_pool_create - reserve memory
 * @home: the device whose local memory it is, parent of the simulated devices that
 *	reach it; %NULL for memory that all reach.
 * @size: bytes, whole pages, not 0.
 *
 * Return: the pool with one reference, owned by the caller, or ERR_PTR(-ENOMEM)
 * when there is no contiguous memory of that size.
 */
struct simbuf_pool *simbuf_pool_create(struct device *home, size_t size)
{
	struct simbuf_pool *pool = kzalloc_obj(*pool, GFP_KERNEL);

	if (!pool)
		return ERR_PTR(-ENOMEM);

	pool->nr_pages = size >> PAGE_SHIFT;
	pool->pages = reserve(pool->nr_pages);
	if (!pool->pages)
		goto err_free;
	pool->free = make_allocator(pool->pages, pool->nr_pages);
	if (!pool->free)
		goto err_pages;

	kref_init(&pool->ref);
	mutex_init(&pool->lock);
	INIT_LIST_HEAD(&pool->lru);
	pool->home = get_device(home);
	return pool;

err_pages:
	free_contig_range(page_to_pfn(pool->pages), pool->nr_pages);
err_free:
	kfree(pool);
	return ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_NS_GPL(simbuf_pool_create, "SIMBUF");

struct simbuf_pool *simbuf_pool_get(struct simbuf_pool *pool)
{
	kref_get(&pool->ref);
	return pool;
}

static void pool_release(struct kref *ref)
{
	struct simbuf_pool *pool = container_of(ref, struct simbuf_pool, ref);

	WARN_ON(!list_empty(&pool->lru));
	put_device(pool->home);
	mutex_destroy(&pool->lock);
	gen_pool_destroy(pool->free);
	free_contig_range(page_to_pfn(pool->pages), pool->nr_pages);
	kfree(pool);
}

/**
 * simbuf_pool_put - drop a reference
 * @pool: the pool, or %NULL. It lives on while there are buffers in it.
 */
void simbuf_pool_put(struct simbuf_pool *pool)
{
	if (pool)
		kref_put(&pool->ref, pool_release);
}
EXPORT_SYMBOL_NS_GPL(simbuf_pool_put, "SIMBUF");

/**
 * simbuf_pool_usage - how full a pool is
 * @pool: the pool.
 * @usage: out.
 */
void simbuf_pool_usage(struct simbuf_pool *pool, struct simbuf_pool_usage *usage)
{
	*usage = (struct simbuf_pool_usage) {
		.size = (u64)pool->nr_pages << PAGE_SHIFT,
		.free = gen_pool_avail(pool->free),
		.evictions = atomic_read(&pool->evictions),
	};
}
EXPORT_SYMBOL_NS_GPL(simbuf_pool_usage, "SIMBUF");

/* Does @dev, NULL: the CPU, reach what is in @pool? */
bool simbuf_pool_reached_by(const struct simbuf_pool *pool, struct device *dev)
{
	return !pool->home || !dev || (simdev_of_device(dev) && dev->parent == pool->home);
}

static void free_to_pool(const struct simbuf_storage *st, const struct simbuf_chunk *chunk)
{
	gen_pool_free(st->pool->free, (unsigned long)page_address(chunk->page),
		      chunk->nr_pages << PAGE_SHIFT);
}

/* Addresses of the kernel's mapping have the alignment of the memory behind them. */
static int take_range(struct simbuf_storage *st, unsigned long nr_pages, u64 alignment)
{
	struct genpool_data_align align = { .align = max_t(u64, alignment, PAGE_SIZE) };
	size_t size = nr_pages << PAGE_SHIFT;
	unsigned long vaddr = gen_pool_alloc_algo(st->pool->free, size,
						  gen_pool_first_fit_align, &align);
	int ret;

	if (!vaddr)
		return -ENOMEM;
	memset((void *)vaddr, 0, size);
	ret = simbuf_storage_add(st, virt_to_page((void *)vaddr), nr_pages);
	if (ret)
		gen_pool_free(st->pool->free, vaddr, size);
	return ret;
}

/* As one range, or as several where that will do. */
int simbuf_pool_fill(struct simbuf_storage *st, struct simbuf_pool *pool, unsigned long nr_pages,
		     const struct simbuf_constraints *c)
{
	unsigned long range = nr_pages;
	int ret;

	st->pool = simbuf_pool_get(pool);
	st->free_chunk = free_to_pool;
	if (gen_pool_avail(pool->free) < nr_pages << PAGE_SHIFT)
		return -ENOMEM;
	while (st->nr_pages < nr_pages) {
		range = min(range, nr_pages - st->nr_pages);
		ret = take_range(st, range, c->alignment);
		if (ret && (range == 1 || c->max_segments == 1))
			return ret;
		if (ret)
			range = DIV_ROUND_UP(range, 2);
		if (st->nr_chunks > c->max_segments)
			return -ENOSPC;
	}
	return 0;
}
