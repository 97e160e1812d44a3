// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Reaching a buffer that its exporter cannot map for the device by the kernel's
 * CPU mapping of it instead. Only for devices whose model asks for it, and counted:
 * what works this way on a simulated device may not on a real one.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "simbuf_internal.h"
#include "simdev_internal.h"

/**
 * struct simbuf_fallback - a mapping made from a CPU mapping
 * @map: the CPU mapping.
 * @sgt: the DMA addresses of its pages.
 * @dir: direction of the mapping.
 */
struct simbuf_fallback {
	struct iosys_map map;
	struct sg_table sgt;
	enum dma_data_direction dir;
};

static int list_pages(const struct simbuf_attachment *att, struct simbuf_fallback *fb)
{
	unsigned int i, nr_pages = att->buf->size >> PAGE_SHIFT;
	void *vaddr = fb->map.vaddr;
	struct page **pages;
	int ret;

	pages = kvmalloc_array(nr_pages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	for (i = 0; i < nr_pages; i++, vaddr += PAGE_SIZE)
		pages[i] = is_vmalloc_addr(vaddr) ? vmalloc_to_page(vaddr) : virt_to_page(vaddr);
	ret = sg_alloc_table_from_pages(&fb->sgt, pages, nr_pages, 0, att->buf->size, GFP_KERNEL);
	kvfree(pages);
	return ret;
}

/* As seen by the CPU: memory behind a bus, which no direct map covers, is no help. */
static int map_for_cpu(const struct simbuf_attachment *att, struct simbuf_fallback *fb)
{
	int ret = dma_buf_vmap(att->dmabuf, &fb->map);

	if (ret || !fb->map.is_iomem)
		return ret;
	dma_buf_vunmap(att->dmabuf, &fb->map);
	return -EOPNOTSUPP;
}

/**
 * simbuf_fallback_map - map an imported buffer through the CPU
 * @att: an attachment to a dma-buf, the reservation held.
 * @dir: what the device will do.
 * @sgt: out: the DMA addresses.
 *
 * Return: the mapping, or an ERR_PTR(): -EOPNOTSUPP when the exporter has no CPU
 * mapping of ordinary memory, -ENOMEM, or what the exporter or the device's DMA
 * operations answered.
 */
struct simbuf_fallback *simbuf_fallback_map(struct simbuf_attachment *att,
					    enum dma_data_direction dir, struct sg_table **sgt)
{
	struct simbuf_fallback *fb = kzalloc_obj(*fb, GFP_KERNEL);
	int ret;

	if (!fb)
		return ERR_PTR(-ENOMEM);

	fb->dir = dir;
	ret = map_for_cpu(att, fb);
	if (ret)
		goto err_free;
	ret = list_pages(att, fb);
	if (ret)
		goto err_vunmap;
	ret = dma_map_sgtable(simdev_device(att->sd), &fb->sgt, dir, 0);
	if (ret)
		goto err_sgt;

	atomic64_inc(&att->sd->fallbacks);
	*sgt = &fb->sgt;
	return fb;

err_sgt:
	sg_free_table(&fb->sgt);
err_vunmap:
	dma_buf_vunmap(att->dmabuf, &fb->map);
err_free:
	kfree(fb);
	return ERR_PTR(ret);
}

/* Undoes simbuf_fallback_map(), the reservation held. */
void simbuf_fallback_unmap(struct simbuf_attachment *att, struct simbuf_fallback *fb)
{
	dma_unmap_sgtable(simdev_device(att->sd), &fb->sgt, fb->dir, 0);
	sg_free_table(&fb->sgt);
	dma_buf_vunmap(att->dmabuf, &fb->map);
	kfree(fb);
}
