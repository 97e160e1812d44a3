// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A pool of contiguous, low memory, reserved when the module is loaded, as
 * firmware reserves one for a display.
 */
#include <linux/genalloc.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>

#include "storage.h"

static unsigned int carveout_mib;
module_param(carveout_mib, uint, 0444);
MODULE_PARM_DESC(carveout_mib, "MiB of contiguous memory to reserve for buffers (0: none)");

static struct gen_pool *pool;
static struct page *reserved;
static unsigned long nr_reserved;

static void free_carveout(const struct simbuf_chunk *chunk)
{
	gen_pool_free(pool, (unsigned long)page_address(chunk->page),
		      chunk->nr_pages << PAGE_SHIFT);
}

int simbuf_carveout_fill(struct simbuf_storage *st, unsigned long nr_pages,
			 const struct simbuf_constraints *c)
{
	size_t size = nr_pages << PAGE_SHIFT;
	unsigned long vaddr;
	int ret;

	st->free_chunk = free_carveout;
	vaddr = pool ? gen_pool_alloc(pool, size) : 0;
	if (!vaddr)
		return -ENOMEM;
	memset((void *)vaddr, 0, size);
	ret = simbuf_storage_add(st, virt_to_page((void *)vaddr), nr_pages);
	if (ret)
		gen_pool_free(pool, vaddr, size);
	return ret;
}

int simbuf_carveout_init(void)
{
	int ret;

	nr_reserved = (unsigned long)carveout_mib << (20 - PAGE_SHIFT);
	if (!nr_reserved)
		return 0;

	reserved = alloc_contig_pages(nr_reserved, GFP_KERNEL | GFP_DMA32, numa_mem_id(), NULL);
	if (!reserved) {
		pr_err("simbuf: carveout_mib=%u: no contiguous memory of that size below 4 GiB\n",
		       carveout_mib);
		return -ENOMEM;
	}
	pool = gen_pool_create(PAGE_SHIFT, NUMA_NO_NODE);
	if (!pool) {
		ret = -ENOMEM;
		goto err_free;
	}
	ret = gen_pool_add(pool, (unsigned long)page_address(reserved),
			   nr_reserved << PAGE_SHIFT, NUMA_NO_NODE);
	if (ret)
		goto err_pool;
	return 0;

err_pool:
	gen_pool_destroy(pool);
	pool = NULL;
err_free:
	free_contig_range(page_to_pfn(reserved), nr_reserved);
	return ret;
}

void simbuf_carveout_exit(void)
{
	if (!pool)
		return;
	gen_pool_destroy(pool);
	free_contig_range(page_to_pfn(reserved), nr_reserved);
}
