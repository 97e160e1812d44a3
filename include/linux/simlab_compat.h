/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the code of all three modules takes for granted and older kernels do not have.
 * Everything is written for the newest one; the file Kbuild includes this ahead of each
 * source, so that none has to know. DRM's part is in primesim_compat.h; headers that are
 * missing as a whole are in include/compat.
 *
 * The kernels are 6.12 and those from 7.2 on: nothing is known about those between.
 */
#ifndef _LINUX_SIMLAB_COMPAT_H
#define _LINUX_SIMLAB_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
#define vma_is_cow_mapping(vma)			is_cow_mapping((vma)->vm_flags)
#define dma_fence_enable_signaling(fence)	dma_fence_enable_sw_signaling(fence)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#include <linux/cma.h>
#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/module.h>

/* Namespaces of symbols were words, not strings. */
#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL_NS_GPL(symbol, namespace)	__EXPORT_SYMBOL(symbol, "GPL", namespace)
#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(namespace)		MODULE_INFO(import_ns, namespace)

/* The kernel's area for contiguous allocations was not for modules. */
#define dev_get_cma_area(dev)			NULL
#define cma_alloc(area, count, align, no_warn)	NULL
#define cma_release(area, pages, count)		((void)(pages))

/* alloc_contig_range() was told the kind of pages. */
#define ACR_FLAGS_NONE		MIGRATE_MOVABLE

/* map_phys() was map_page(), and what has no pages had an operation of its own. */
#define DMA_ATTR_MMIO		0UL
#define phys_to_page(phys)	pfn_to_page(PHYS_PFN(phys))
#define unmap_phys		unmap_page

#define SIMLAB_DEFINE_MAP_PHYS(function)							\
static dma_addr_t function##_of_page(struct device *dev, struct page *page, unsigned long offset, \
				     size_t size, enum dma_data_direction dir,		\
				     unsigned long attrs)					\
{												\
	return function(dev, page_to_phys(page) + offset, size, dir, attrs);			\
}

#define SIMLAB_MAP_PHYS(function)	.map_page = function##_of_page

#define dma_buf_invalidate_mappings	dma_buf_move_notify
#define invalidate_mappings		move_notify

/*
 * Every mapping was pinned, also that of an importer that can follow moves, unless the kernel was
 * configured not to.
 */
#define SIMLAB_DMABUF_MAP_PINS		!IS_ENABLED(CONFIG_DMABUF_MOVE_NOTIFY)

static inline void simlab_dmabuf_stays(struct dma_buf_attachment *attach)
{
}

static const struct dma_buf_attach_ops simlab_static_importer = {
	.move_notify = simlab_dmabuf_stays,
};

/*
 * Where exporter and importer were not of one kind, dynamic or static, the buffer was mapped
 * when it was attached to. So that this waits until it is asked for, the importer becomes
 * what the exporter is: a static exporter does not move, and where every mapping is pinned
 * the others do not either.
 */
static inline struct dma_buf_attachment *
simlab_dmabuf_attach(struct dma_buf *dmabuf, struct device *dev,
		     const struct dma_buf_attach_ops *ops, void *priv)
{
	if (!dma_buf_is_dynamic(dmabuf))
		ops = NULL;
	else if (!ops && SIMLAB_DMABUF_MAP_PINS)
		ops = &simlab_static_importer;
	return dma_buf_dynamic_attach(dmabuf, dev, ops, priv);
}

#define dma_buf_dynamic_attach		simlab_dmabuf_attach

/*
 * A fence kept the operations of its exporter for ever, also when that was unloaded. This one's
 * are from now on those of a fence that the kernel itself has.
 */
static inline int simlab_fence_signal(struct dma_fence *fence)
{
	struct dma_fence *stub = dma_fence_get_stub();

	fence->ops = stub->ops;
	dma_fence_put(stub);
	return dma_fence_signal(fence);
}

#define dma_fence_signal		simlab_fence_signal

/* Queues were not unlocked while somebody waits for a buffer, unless by the driver. */
#define SIMLAB_VB2_WAIT			.wait_prepare = vb2_ops_wait_prepare,	\
					.wait_finish = vb2_ops_wait_finish,

static inline void simlab_hrtimer_setup(struct hrtimer *timer,
					enum hrtimer_restart (*function)(struct hrtimer *),
					clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

#define hrtimer_setup			simlab_hrtimer_setup

#else

#define SIMLAB_DEFINE_MAP_PHYS(function)
#define SIMLAB_MAP_PHYS(function)	.map_phys = function
#define SIMLAB_DMABUF_MAP_PINS		false
#define SIMLAB_VB2_WAIT

#endif

#endif /* _LINUX_SIMLAB_COMPAT_H */
