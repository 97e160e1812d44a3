// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Devices whose view of memory is not the CPU's.
 *
 * DOC: views
 *
 * A device that is not coherent reads and writes memory, while the CPU reads and
 * writes its caches. Here the real pages are what the CPU sees, and a shadow page
 * beside each is what memory holds. All non-coherent devices share the shadows,
 * as they share memory. Three moments move data between the two:
 *
 * - Synchronising for the device (a cache clean) copies the lines the CPU has
 *   changed since the last synchronisation to the shadow.
 * - Synchronising for the CPU (an invalidation) copies the shadow to the page.
 * - When no device maps a page any more, its two views become one: by then
 *   every cache line has been evicted. Lines the CPU changed win.
 *
 * So a mapping starts with one view, and what the CPU writes afterwards stays
 * invisible until somebody synchronises.
 *
 * A device that bounces has a private copy within its reach instead, and
 * synchronisations copy all of it, as swiotlb does.
 */
#include <linux/cleanup.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/simbuf.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "simdev_internal.h"
#include "storage.h"

/* The granularity of caches. */
#define LINE_SIZE	64

/**
 * struct shadow_page - what memory holds, while the CPU's caches hold a page
 * @users: mappings that cover it.
 * @cpu: the page.
 * @memory: what non-coherent devices see.
 * @synced: what the CPU saw at the last synchronisation: where @cpu differs, it
 *	has written.
 */
struct shadow_page {
	unsigned int users;
	struct page *cpu;
	struct page *memory;
	struct page *synced;
};

/* Protects shadows, all members of its entries, and copying by synchronisations. */
static DEFINE_MUTEX(shadow_lock);
static DEFINE_XARRAY(shadows);	/* by page frame number */

/**
 * struct simdev_view - a device's view behind one mapping
 * @nr_pages: number of pages.
 * @cpu: the pages as the CPU sees them.
 * @bounce: the private copy, or %NULL when @cpu have shadows.
 */
struct simdev_view {
	unsigned int nr_pages;
	struct simbuf_storage *bounce;
	struct page *cpu[] __counted_by(nr_pages);
};

static void shadow_free(struct shadow_page *shadow)
{
	if (shadow->memory)
		__free_page(shadow->memory);
	if (shadow->synced)
		__free_page(shadow->synced);
	kfree(shadow);
}

static struct shadow_page *shadow_alloc(struct page *cpu)
{
	struct shadow_page *shadow = kzalloc_obj(*shadow, GFP_KERNEL);

	if (!shadow)
		return NULL;
	shadow->cpu = cpu;
	shadow->memory = alloc_page(GFP_KERNEL_ACCOUNT);
	shadow->synced = alloc_page(GFP_KERNEL_ACCOUNT);
	if (!shadow->memory || !shadow->synced) {
		shadow_free(shadow);
		return NULL;
	}
	copy_page(page_address(shadow->memory), page_address(cpu));
	copy_page(page_address(shadow->synced), page_address(cpu));
	return shadow;
}

static struct shadow_page *shadow_get(struct page *cpu)
{
	struct shadow_page *shadow = xa_load(&shadows, page_to_pfn(cpu));

	lockdep_assert_held(&shadow_lock);
	if (!shadow) {
		shadow = shadow_alloc(cpu);
		if (!shadow)
			return NULL;
		if (xa_err(xa_store(&shadows, page_to_pfn(cpu), shadow, GFP_KERNEL))) {
			shadow_free(shadow);
			return NULL;
		}
	}
	shadow->users++;
	return shadow;
}

/* The CPU's changes reach memory. */
static void shadow_clean(struct shadow_page *shadow)
{
	u8 *cpu = page_address(shadow->cpu);
	u8 *memory = page_address(shadow->memory);
	u8 *synced = page_address(shadow->synced);
	unsigned int at;

	for (at = 0; at < PAGE_SIZE; at += LINE_SIZE) {
		if (!memcmp(cpu + at, synced + at, LINE_SIZE))
			continue;
		memcpy(memory + at, cpu + at, LINE_SIZE);
		memcpy(synced + at, cpu + at, LINE_SIZE);
	}
}

/*
 * Both views become one. Only lines that a device has written are touched: whoever may read the
 * page, and no more, does not write it by having it mapped, not even what it has already, which
 * the CPU may be changing at the same time.
 */
static void shadow_merge(struct shadow_page *shadow)
{
	u8 *cpu = page_address(shadow->cpu);
	u8 *memory = page_address(shadow->memory);
	u8 *synced = page_address(shadow->synced);
	unsigned int at;

	for (at = 0; at < PAGE_SIZE; at += LINE_SIZE) {
		if (memcmp(memory + at, synced + at, LINE_SIZE) &&
		    !memcmp(cpu + at, synced + at, LINE_SIZE))
			memcpy(cpu + at, memory + at, LINE_SIZE);
	}
}

/* The CPU forgets what it has, and sees memory. */
static void shadow_invalidate(struct shadow_page *shadow)
{
	copy_page(page_address(shadow->cpu), page_address(shadow->memory));
	copy_page(page_address(shadow->synced), page_address(shadow->memory));
}

static void shadow_put(struct page *cpu)
{
	struct shadow_page *shadow = xa_load(&shadows, page_to_pfn(cpu));

	lockdep_assert_held(&shadow_lock);
	if (--shadow->users)
		return;
	shadow_merge(shadow);
	xa_erase(&shadows, page_to_pfn(cpu));
	shadow_free(shadow);
}

static unsigned int count_pages(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg;
	unsigned int i, n = 0;

	for_each_sg(sgl, sg, nents, i)
		n += PFN_UP(offset_in_page(sg->offset) + sg->length);
	return n;
}

static void list_pages(struct simdev_view *view, struct scatterlist *sgl, unsigned int nents)
{
	unsigned int i, j, used = 0;
	struct scatterlist *sg;

	for_each_sg(sgl, sg, nents, i) {
		for (j = 0; j < PFN_UP(offset_in_page(sg->offset) + sg->length); j++)
			view->cpu[used++] = pfn_to_page(PHYS_PFN(sg_phys(sg)) + j);
	}
}

static int take_shadows(struct simdev_view *view, struct page **memory)
{
	struct shadow_page *shadow;
	unsigned int i;

	guard(mutex)(&shadow_lock);
	for (i = 0; i < view->nr_pages; i++) {
		shadow = shadow_get(view->cpu[i]);
		if (!shadow)
			goto err_put;
		memory[i] = shadow->memory;
	}
	return 0;

err_put:
	while (i--)
		shadow_put(view->cpu[i]);
	return -ENOMEM;
}

static int take_bounce(struct simdev_view *view, const struct simdev_model *model,
		       struct page **memory)
{
	struct simbuf_constraints c = SIMBUF_UNCONSTRAINED;
	unsigned int i;

	c.last_address = DMA_BIT_MASK(model->dma_bits);
	c.max_segments = 1;
	c.alignment = model->alignment;
	view->bounce = simbuf_storage_alloc((size_t)view->nr_pages << PAGE_SHIFT, &c);
	if (IS_ERR(view->bounce))
		return -ENOMEM;
	for (i = 0; i < view->nr_pages; i++)
		memory[i] = view->bounce->chunks[0].page + i;
	return 0;
}

/* A mapping of @memory where the list that was asked for has its bytes. */
static struct simdev_mapping *map_memory(struct page **memory, unsigned int nr_pages,
					 unsigned int first, u64 len)
{
	struct simdev_mapping *mapping;
	struct simdev_run *run = NULL;
	unsigned int i, used = 0;
	phys_addr_t phys;
	u64 at = 0, n;

	mapping = kvzalloc(struct_size(mapping, runs, nr_pages), GFP_KERNEL);
	if (!mapping)
		return NULL;
	mapping->nr_runs = nr_pages;
	for (i = 0; i < nr_pages; i++, at += n, first = 0) {
		n = min_t(u64, PAGE_SIZE - first, len - at);
		phys = page_to_phys(memory[i]) + first;
		if (!run || run->phys + run->len != phys) {
			run = &mapping->runs[used++];
			*run = (struct simdev_run) { .offset = at, .phys = phys };
		}
		run->len += n;
	}
	mapping->nr_runs = used;
	return mapping;
}

static struct simdev_view *view_alloc(struct scatterlist *sgl, unsigned int nents)
{
	unsigned int nr_pages = count_pages(sgl, nents);
	struct simdev_view *view;

	view = kvzalloc(struct_size(view, cpu, nr_pages), GFP_KERNEL);
	if (!view)
		return NULL;
	view->nr_pages = nr_pages;
	list_pages(view, sgl, nents);
	return view;
}

/**
 * simdev_view_create - a mapping through a view of the device's own
 * @model: of a device that is not coherent, or bounces.
 * @sgl: what is mapped; inner boundaries are page boundaries.
 * @nents: entries of @sgl.
 *
 * May sleep.
 *
 * Return: a mapping with its view and runs set, or %NULL without memory.
 */
struct simdev_mapping *simdev_view_create(const struct simdev_model *model,
					  struct scatterlist *sgl, unsigned int nents)
{
	struct simdev_mapping *mapping = NULL;
	struct simdev_view *view = view_alloc(sgl, nents);
	struct page **memory;
	int ret;

	if (!view)
		return NULL;
	memory = kvmalloc_array(view->nr_pages, sizeof(*memory), GFP_KERNEL);
	if (!memory)
		goto err_view;

	ret = model->bounce ? take_bounce(view, model, memory) : take_shadows(view, memory);
	if (ret)
		goto err_memory;

	mapping = map_memory(memory, view->nr_pages, offset_in_page(sgl->offset),
			     simdev_sg_bytes(sgl, nents));
	kvfree(memory);
	if (!mapping)
		simdev_view_destroy(view);
	else
		mapping->view = view;
	return mapping;

err_memory:
	kvfree(memory);
err_view:
	kvfree(view);
	return NULL;
}

void simdev_view_destroy(struct simdev_view *view)
{
	unsigned int i;

	if (!view)
		return;
	if (view->bounce) {
		simbuf_storage_put(view->bounce);
	} else {
		guard(mutex)(&shadow_lock);
		for (i = 0; i < view->nr_pages; i++)
			shadow_put(view->cpu[i]);
	}
	kvfree(view);
}

/* The pages that make up the buffer, unless the device works on a copy. */
struct page **simdev_view_cpu_pages(struct simdev_view *view, unsigned int *nr_pages)
{
	if (!view || view->bounce)
		return NULL;
	*nr_pages = view->nr_pages;
	return view->cpu;
}

static void account_copy(struct simdev_mapping *mapping)
{
	struct simbuf_stats *stats = READ_ONCE(mapping->stats);

	if (stats)
		atomic64_add((u64)mapping->view->nr_pages << PAGE_SHIFT, &stats->cpu_copied);
}

static void bounce_copy(struct simdev_mapping *mapping, bool to_device)
{
	struct simdev_view *view = mapping->view;
	struct page *bounce = view->bounce->chunks[0].page;
	unsigned int i;

	for (i = 0; i < view->nr_pages; i++) {
		if (to_device)
			copy_page(page_address(bounce + i), page_address(view->cpu[i]));
		else
			copy_page(page_address(view->cpu[i]), page_address(bounce + i));
	}
	account_copy(mapping);
}

static void visit_shadows(struct simdev_view *view, void (*sync)(struct shadow_page *shadow))
{
	unsigned int i;

	guard(mutex)(&shadow_lock);
	for (i = 0; i < view->nr_pages; i++)
		sync(xa_load(&shadows, page_to_pfn(view->cpu[i])));
}

/* What the CPU wrote becomes visible to the device. */
void simdev_view_sync_for_device(struct simdev_mapping *mapping)
{
	if (!mapping->view)
		return;
	if (!mapping->view->bounce)
		visit_shadows(mapping->view, shadow_clean);
	else if (mapping->dir != DMA_FROM_DEVICE)
		bounce_copy(mapping, true);
}

/* What the device wrote becomes visible to the CPU. */
void simdev_view_sync_for_cpu(struct simdev_mapping *mapping)
{
	if (!mapping->view || mapping->dir == DMA_TO_DEVICE)
		return;
	if (mapping->view->bounce)
		bounce_copy(mapping, false);
	else
		visit_shadows(mapping->view, shadow_invalidate);
}
