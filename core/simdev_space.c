// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The DMA address space of one simulated device: which addresses are mapped,
 * to what, and for which direction.
 */
#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/hash.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "simbuf_internal.h"
#include "simdev_internal.h"

/* Address 0 and its neighbours stay unmapped: a forgotten address is a fault. */
#define SIMDEV_FIRST_PFN	(SZ_1M >> PAGE_SHIFT)

void simdev_space_init(struct simdev_space *space, const struct simdev_model *model)
{
	spin_lock_init(&space->lock);
	space->mappings = RB_ROOT_CACHED;
	space->model = model;
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

static void fill_runs(struct simdev_mapping *mapping, struct scatterlist *sgl,
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
}

static struct simdev_mapping *plain_create(struct scatterlist *sgl, unsigned int nents,
					   gfp_t gfp)
{
	unsigned int nr_runs = count_runs(sgl, nents);
	struct simdev_mapping *mapping;

	mapping = kvzalloc(struct_size(mapping, runs, nr_runs), gfp);
	if (!mapping)
		return NULL;
	mapping->nr_runs = nr_runs;
	fill_runs(mapping, sgl, nents);
	return mapping;
}

static u64 mapping_len(const struct simdev_mapping *mapping)
{
	const struct simdev_run *last = &mapping->runs[mapping->nr_runs - 1];

	return last->offset + last->len;
}

/* Does some of it lie beyond what the device can address? Then @last is where. */
static bool beyond_reach(const struct simdev_model *model, struct scatterlist *sgl,
			 unsigned int nents, u64 *last)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i) {
		*last = sg_phys(sg) + sg->length - 1;
		if (*last > DMA_BIT_MASK(model->dma_bits))
			return true;
	}
	return false;
}

static int fail_beyond(struct simdev_space *space, u64 addr)
{
	spin_lock(&space->lock);
	space->beyond = addr;
	space->beyond_for = current;
	spin_unlock(&space->lock);
	return -EIO;
}

/*
 * Whether the caller's last mapping that failed did so since @addr is out of reach.
 * The exporter in between passes on an error number at best.
 */
bool simdev_space_was_beyond(struct simdev_space *space, u64 *addr)
{
	bool was;

	spin_lock(&space->lock);
	was = space->beyond_for == current;
	*addr = space->beyond;
	space->beyond_for = NULL;
	spin_unlock(&space->lock);
	return was;
}

static struct simdev_mapping *mapping_create(struct simdev_space *space,
					     struct scatterlist *sgl, unsigned int nents,
					     enum dma_data_direction dir, gfp_t gfp)
{
	const struct simdev_model *model = space->model;
	struct simdev_mapping *mapping;
	bool bounce;
	u64 last;

	bounce = model->bounce && beyond_reach(model, sgl, nents, &last);
	mapping = bounce || !model->coherent ? simdev_view_create(model, sgl, nents) :
					       plain_create(sgl, nents, gfp);
	if (!mapping)
		return NULL;
	mapping->dir = dir;
	refcount_set(&mapping->users, 1);
	init_completion(&mapping->idle);
	return mapping;
}

static void mapping_free(struct simdev_mapping *mapping)
{
	simdev_view_destroy(mapping->view);
	kvfree(mapping);
}

static int choose_address(struct simdev_space *space, const struct simdev_mapping *mapping,
			  dma_addr_t *addr)
{
	unsigned long first = offset_in_page(mapping->runs[0].phys);
	unsigned long pages = PFN_UP(first + mapping_len(mapping));
	u64 alignment = space->model->alignment;
	struct iova *iova;

	if (!space->model->iommu) {
		*addr = mapping->runs[0].phys;
		return 0;
	}
	/* Ranges are aligned to their own size, so they are made as large as the alignment. */
	if (alignment)
		pages = max_t(unsigned long, pages, alignment >> PAGE_SHIFT);
	iova = alloc_iova(&space->iova, pages,
			  DMA_BIT_MASK(space->model->dma_bits) >> PAGE_SHIFT, !!alignment);
	if (!iova)
		return -ENOMEM;
	*addr = iova_dma_addr(&space->iova, iova) + first;
	return 0;
}

static bool neighbours(const struct simdev_model *model, struct scatterlist *prev,
		       struct scatterlist *sg)
{
	if (model->iommu)
		return PAGE_ALIGNED(prev->offset + prev->length) && PAGE_ALIGNED(sg->offset);
	return sg_phys(prev) + prev->length == sg_phys(sg);
}

/* How many entries, one at least, one range of DMA addresses can cover. */
unsigned int simdev_space_mergeable(struct simdev_space *space, struct scatterlist *sgl,
				    unsigned int nents)
{
	const struct simdev_model *model = space->model;
	struct simbuf_constraints c;
	struct scatterlist *prev = sgl, *sg;
	u64 total = sgl->length;
	unsigned int n;

	simdev_model_constraints(model, &c);
	for (n = 1, sg = sg_next(sgl); n < nents; n++, prev = sg, sg = sg_next(sg)) {
		total += sg->length;
		if (!neighbours(model, prev, sg) || total > UINT_MAX)
			break;
		if (simbuf_constraints_segment(&c, sg_phys(sgl), total) < total)
			break;
	}
	return n;
}

/* Maps @nents entries of @sgl, mergeable, as one range of DMA addresses. */
int simdev_space_map(struct simdev_space *space, struct scatterlist *sgl,
		     unsigned int nents, enum dma_data_direction dir, gfp_t gfp,
		     dma_addr_t *addr)
{
	const struct simdev_model *model = space->model;
	struct simdev_mapping *mapping;
	u64 last;
	int ret;

	if (!model->iommu && !model->bounce && beyond_reach(model, sgl, nents, &last))
		return fail_beyond(space, last);
	mapping = mapping_create(space, sgl, nents, dir, gfp);
	if (!mapping)
		return -ENOMEM;
	ret = choose_address(space, mapping, addr);
	if (ret) {
		mapping_free(mapping);
		return ret;
	}

	mapping->node.start = *addr;
	mapping->node.last = *addr + mapping_len(mapping) - 1;
	spin_lock(&space->lock);
	interval_tree_insert(&mapping->node, &space->mappings);
	spin_unlock(&space->lock);
	return 0;
}

/* Bytes of the first @nents entries. */
u64 simdev_sg_bytes(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg;
	unsigned int i;
	u64 total = 0;

	for_each_sg(sgl, sg, nents, i)
		total += sg->length;
	return total;
}

bool simdev_direction_allows(enum dma_data_direction have, enum dma_data_direction want)
{
	return have == DMA_BIDIRECTIONAL || have == want;
}

/* A mapping that covers @addr, and allows @dir if one of them does. */
static struct simdev_mapping *find_locked(struct simdev_space *space, dma_addr_t addr,
					  enum dma_data_direction dir)
{
	struct simdev_mapping *mapping, *any = NULL;
	struct interval_tree_node *node;

	lockdep_assert_held(&space->lock);
	for (node = interval_tree_iter_first(&space->mappings, addr, addr); node;
	     node = interval_tree_iter_next(node, addr, addr)) {
		mapping = container_of(node, struct simdev_mapping, node);
		if (simdev_direction_allows(mapping->dir, dir))
			return mapping;
		any = mapping;
	}
	return any;
}

/* The mapping that simdev_space_map() made of just this. */
static struct simdev_mapping *find_exact_locked(struct simdev_space *space, dma_addr_t addr,
						u64 len, enum dma_data_direction dir)
{
	struct simdev_mapping *mapping;
	struct interval_tree_node *node;

	lockdep_assert_held(&space->lock);
	for (node = interval_tree_iter_first(&space->mappings, addr, addr); node;
	     node = interval_tree_iter_next(node, addr, addr)) {
		mapping = container_of(node, struct simdev_mapping, node);
		if (node->start == addr && node->last == addr + len - 1 && mapping->dir == dir)
			return mapping;
	}
	return NULL;
}

/*
 * Undoes simdev_space_map(). Waits for accesses in progress, which are short
 * and wait for nothing themselves.
 */
void simdev_space_unmap(struct simdev_space *space, dma_addr_t addr, u64 len,
			enum dma_data_direction dir)
{
	struct simdev_mapping *mapping;

	spin_lock(&space->lock);
	mapping = find_exact_locked(space, addr, len, dir);
	if (mapping)
		interval_tree_remove(&mapping->node, &space->mappings);
	spin_unlock(&space->lock);
	if (WARN_ON(!mapping))
		return;

	if (!refcount_dec_and_test(&mapping->users))
		wait_for_completion(&mapping->idle);
	if (space->model->iommu)
		free_iova(&space->iova, iova_pfn(&space->iova, addr));
	mapping_free(mapping);
}

/* The mapping that covers @addr, best for @dir, with a reference; or NULL. */
struct simdev_mapping *simdev_space_find(struct simdev_space *space, dma_addr_t addr,
					 enum dma_data_direction dir)
{
	struct simdev_mapping *mapping;

	spin_lock(&space->lock);
	mapping = find_locked(space, addr, dir);
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
		mapping = find_locked(&sd->space, sg_dma_address(sg),
				      DMA_BIDIRECTIONAL);
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

/*
 * Coalesces what belongs together, so that only memory and order count. Runs are many
 * in scattered memory: a key that hides where it is goes over all of them at the end.
 */
struct page_hash {
	u64 hash;
	phys_addr_t start;
	u64 len;
	u32 runs;
};

static void page_hash_flush(struct page_hash *ph)
{
	if (!ph->len)
		return;
	/* Each step is a bijection: nothing that differs becomes equal by one step. */
	ph->hash = (ph->hash ^ ph->start) * GOLDEN_RATIO_64;
	ph->hash = (rol64(ph->hash, 32) ^ ph->len) * GOLDEN_RATIO_64;
	ph->runs++;
}

static void page_hash_add(struct page_hash *ph, phys_addr_t phys, u64 len)
{
	if (ph->len && ph->start + ph->len == phys) {
		ph->len += len;
		return;
	}
	page_hash_flush(ph);
	ph->start = phys;
	ph->len = len;
}

static void page_hash_mapping(struct page_hash *ph, const struct simdev_mapping *mapping)
{
	unsigned int i, nr_pages;
	struct page **pages = simdev_view_cpu_pages(mapping->view, &nr_pages);

	if (pages) {
		for (i = 0; i < nr_pages; i++)
			page_hash_add(ph, page_to_phys(pages[i]), PAGE_SIZE);
		return;
	}
	for (i = 0; i < mapping->nr_runs; i++)
		page_hash_add(ph, mapping->runs[i].phys, mapping->runs[i].len);
}

/* Identity of the pages behind @sgt: see &struct simbuf_info. */
u64 simdev_page_id(struct simdev *sd, const struct sg_table *sgt, u32 *page_runs)
{
	static siphash_key_t key __read_mostly;
	struct page_hash ph = {};
	struct simdev_mapping *mapping;
	struct scatterlist *sg;
	unsigned int i;

	get_random_once(&key, sizeof(key));
	spin_lock(&sd->space.lock);
	for_each_sgtable_dma_sg(sgt, sg, i) {
		mapping = find_locked(&sd->space, sg_dma_address(sg),
				      DMA_BIDIRECTIONAL);
		if (mapping)
			page_hash_mapping(&ph, mapping);
	}
	spin_unlock(&sd->space.lock);

	page_hash_flush(&ph);
	*page_runs = ph.runs;
	return siphash_2u64(ph.hash, ph.runs, &key) ?: 1;
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
