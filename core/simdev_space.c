// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The DMA address space of one simulated device: which addresses are mapped,
 * to what, and for which direction.
 */
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/seq_file.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "simbuf_internal.h"
#include "simdev_internal.h"

/* Address 0 and its neighbours stay unmapped: a forgotten address is a fault. */
#define SIMDEV_FIRST_PFN	(SZ_1M >> PAGE_SHIFT)

void simdev_space_init(struct simdev_space *space, unsigned int dma_bits)
{
	spin_lock_init(&space->lock);
	space->mappings = RB_ROOT_CACHED;
	space->limit_pfn = DMA_BIT_MASK(dma_bits) >> PAGE_SHIFT;
	init_iova_domain(&space->iova, PAGE_SIZE, SIMDEV_FIRST_PFN);
}

void simdev_space_fini(struct simdev_space *space)
{
	WARN_ON(!RB_EMPTY_ROOT(&space->mappings.rb_root));
	put_iova_domain(&space->iova);
}

static unsigned int count_runs(struct scatterlist *sgl, unsigned int nents)
{
	phys_addr_t end = PHYS_ADDR_MAX;
	struct scatterlist *sg;
	unsigned int i, runs = 0;

	for_each_sg(sgl, sg, nents, i) {
		if (sg_phys(sg) != end)
			runs++;
		end = sg_phys(sg) + sg->length;
	}
	return runs;
}

static u64 fill_runs(struct simdev_mapping *mapping, struct scatterlist *sgl,
		     unsigned int nents)
{
	struct simdev_run *run = NULL;
	struct scatterlist *sg;
	unsigned int i, used = 0;
	u64 total = 0;

	for_each_sg(sgl, sg, nents, i) {
		if (!run || run->phys + run->len != sg_phys(sg)) {
			run = &mapping->runs[used++];
			run->offset = total;
			run->phys = sg_phys(sg);
			run->len = 0;
		}
		run->len += sg->length;
		total += sg->length;
	}
	return total;
}

static struct simdev_mapping *mapping_alloc(struct scatterlist *sgl, unsigned int nents,
					    enum dma_data_direction dir, gfp_t gfp)
{
	unsigned int nr_runs = count_runs(sgl, nents);
	struct simdev_mapping *mapping;

	mapping = kvzalloc(struct_size(mapping, runs, nr_runs), gfp);
	if (!mapping)
		return NULL;

	mapping->nr_runs = nr_runs;
	mapping->dir = dir;
	refcount_set(&mapping->users, 1);
	init_completion(&mapping->idle);
	return mapping;
}

/*
 * Maps @nents entries of @sgl, all but the ends on page boundaries, as one range
 * of DMA addresses.
 */
int simdev_space_map(struct simdev_space *space, struct scatterlist *sgl,
		     unsigned int nents, enum dma_data_direction dir, gfp_t gfp,
		     dma_addr_t *addr)
{
	unsigned long first = offset_in_page(sgl->offset);
	struct simdev_mapping *mapping;
	struct iova *iova;
	u64 len;

	mapping = mapping_alloc(sgl, nents, dir, gfp);
	if (!mapping)
		return -ENOMEM;

	len = fill_runs(mapping, sgl, nents);
	iova = alloc_iova(&space->iova, PAGE_ALIGN(first + len) >> PAGE_SHIFT,
			  space->limit_pfn, false);
	if (!iova) {
		kvfree(mapping);
		return -ENOMEM;
	}

	*addr = iova_dma_addr(&space->iova, iova) + first;
	mapping->node.start = *addr;
	mapping->node.last = *addr + len - 1;

	spin_lock(&space->lock);
	interval_tree_insert(&mapping->node, &space->mappings);
	spin_unlock(&space->lock);
	return 0;
}

static struct simdev_mapping *find_locked(struct simdev_space *space, dma_addr_t addr)
{
	struct interval_tree_node *node;

	lockdep_assert_held(&space->lock);
	node = interval_tree_iter_first(&space->mappings, addr, addr);
	return node ? container_of(node, struct simdev_mapping, node) : NULL;
}

/*
 * Undoes simdev_space_map(). Waits for accesses in progress, which are short
 * and wait for nothing themselves.
 */
void simdev_space_unmap(struct simdev_space *space, dma_addr_t addr)
{
	struct simdev_mapping *mapping;

	spin_lock(&space->lock);
	mapping = find_locked(space, addr);
	if (mapping)
		interval_tree_remove(&mapping->node, &space->mappings);
	spin_unlock(&space->lock);
	if (WARN_ON(!mapping))
		return;

	if (!refcount_dec_and_test(&mapping->users))
		wait_for_completion(&mapping->idle);
	free_iova(&space->iova, iova_pfn(&space->iova, mapping->node.start));
	kvfree(mapping);
}

/* Returns the mapping that covers @addr with a reference, or NULL. */
struct simdev_mapping *simdev_space_find(struct simdev_space *space, dma_addr_t addr)
{
	struct simdev_mapping *mapping;

	spin_lock(&space->lock);
	mapping = find_locked(space, addr);
	if (mapping)
		refcount_inc(&mapping->users);
	spin_unlock(&space->lock);
	return mapping;
}

void simdev_mapping_put(struct simdev_mapping *mapping)
{
	if (refcount_dec_and_test(&mapping->users))
		complete(&mapping->idle);
}

/* The run that holds the byte at @offset of @mapping, which must have one. */
const struct simdev_run *simdev_mapping_run(const struct simdev_mapping *mapping, u64 offset)
{
	unsigned int low = 0, high = mapping->nr_runs - 1;

	while (low < high) {
		unsigned int mid = low + (high - low + 1) / 2;

		if (mapping->runs[mid].offset <= offset)
			low = mid;
		else
			high = mid - 1;
	}
	return &mapping->runs[low];
}

/*
 * Tells the mappings behind @sgt whose memory they reach. Fails with -ENXIO when
 * an address in it was never mapped by us: then the exporter did not use the
 * device's DMA operations.
 */
int simdev_bind(struct simdev *sd, const struct sg_table *sgt, struct simbuf *buf)
{
	struct simdev_mapping *mapping;
	struct scatterlist *sg;
	int i, ret = 0;

	spin_lock(&sd->space.lock);
	for_each_sgtable_dma_sg(sgt, sg, i) {
		mapping = find_locked(&sd->space, sg_dma_address(sg));
		if (!mapping) {
			ret = -ENXIO;
			break;
		}
		mapping->stats = &buf->stats;
		mapping->buffer_id = buf->id;
	}
	spin_unlock(&sd->space.lock);
	return ret;
}

/* Coalesces what belongs together, so that only memory and order count. */
struct page_hash {
	siphash_key_t key;
	u64 hash;
	phys_addr_t start;
	u64 len;
	u32 runs;
};

static void page_hash_flush(struct page_hash *ph)
{
	if (!ph->len)
		return;
	ph->hash = siphash_3u64(ph->hash, ph->start, ph->len, &ph->key);
	ph->runs++;
}

static void page_hash_add(struct page_hash *ph, const struct simdev_run *run)
{
	if (ph->len && ph->start + ph->len == run->phys) {
		ph->len += run->len;
		return;
	}
	page_hash_flush(ph);
	ph->start = run->phys;
	ph->len = run->len;
}

/* Identity of the pages behind @sgt: see &struct simbuf_info. */
u64 simdev_page_id(struct simdev *sd, const struct sg_table *sgt, u32 *page_runs)
{
	static siphash_key_t key __read_mostly;
	struct page_hash ph = {};
	struct simdev_mapping *mapping;
	struct scatterlist *sg;
	unsigned int i, j;

	get_random_once(&key, sizeof(key));
	ph.key = key;
	spin_lock(&sd->space.lock);
	for_each_sgtable_dma_sg(sgt, sg, i) {
		mapping = find_locked(&sd->space, sg_dma_address(sg));
		for (j = 0; mapping && j < mapping->nr_runs; j++)
			page_hash_add(&ph, &mapping->runs[j]);
	}
	spin_unlock(&sd->space.lock);

	page_hash_flush(&ph);
	*page_runs = ph.runs;
	return ph.hash ?: 1;
}

void simdev_space_usage(struct simdev_space *space, unsigned int *mappings, u64 *bytes)
{
	struct interval_tree_node *node;

	*mappings = 0;
	*bytes = 0;
	spin_lock(&space->lock);
	for (node = interval_tree_iter_first(&space->mappings, 0, ULONG_MAX); node;
	     node = interval_tree_iter_next(node, 0, ULONG_MAX)) {
		(*mappings)++;
		*bytes += node->last - node->start + 1;
	}
	spin_unlock(&space->lock);
}
