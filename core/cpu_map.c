// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How the CPU reaches a buffer of our own: mmap for userspace, vmap for drivers.
 */
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "simbuf_internal.h"

/* Pages mapped by one fault at most, around the one that was touched. */
#define FAULT_AROUND_PAGES	16

static void simbuf_vm_open(struct vm_area_struct *vma)
{
	struct simbuf *buf = simbuf_get(vma->vm_private_data);

	atomic_inc(&buf->stats.cpu_mappings);
}

static void simbuf_vm_close(struct vm_area_struct *vma)
{
	struct simbuf *buf = vma->vm_private_data;

	atomic_dec(&buf->stats.cpu_mappings);
	simbuf_put(buf);
}

/*
 * Maps the touched page and its neighbours in the same chunk, aligned block and
 * VMA. The reservation is held, so the memory is where @chunk says.
 */
static vm_fault_t insert_around(struct simbuf *buf, const struct simbuf_chunk *chunk,
				struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	pgoff_t first = max3(round_down(vmf->pgoff, FAULT_AROUND_PAGES), chunk->first,
			     vma->vm_pgoff);
	pgoff_t end = min3(round_down(vmf->pgoff, FAULT_AROUND_PAGES) + FAULT_AROUND_PAGES,
			   chunk->first + (1UL << chunk->order),
			   vma->vm_pgoff + vma_pages(vma));
	vm_fault_t ret = VM_FAULT_NOPAGE;
	pgoff_t pgoff;

	for (pgoff = first; pgoff < end && ret == VM_FAULT_NOPAGE; pgoff++)
		ret = vmf_insert_pfn(vma, vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT),
				     page_to_pfn(chunk->page) + (pgoff - chunk->first));
	atomic64_add((end - first) << PAGE_SHIFT, &buf->stats.cpu_faulted);
	return ret;
}

static vm_fault_t simbuf_vm_fault(struct vm_fault *vmf)
{
	struct simbuf *buf = vmf->vma->vm_private_data;
	vm_fault_t ret;
	int err;

	if (vmf->pgoff >= buf->size >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	/* A signal comes first; if it is not fatal the access is tried again. */
	if (dma_resv_lock_interruptible(buf->resv, NULL))
		return VM_FAULT_NOPAGE;

	err = simbuf_pages_get(buf);
	if (err)
		ret = err == -EINTR ? VM_FAULT_NOPAGE : VM_FAULT_OOM;
	else
		ret = insert_around(buf, simbuf_pages_find(buf, vmf->pgoff), vmf);
	dma_resv_unlock(buf->resv);
	return ret;
}

static const struct vm_operations_struct simbuf_vm_ops = {
	.open = simbuf_vm_open,
	.close = simbuf_vm_close,
	.fault = simbuf_vm_fault,
};

/**
 * simbuf_mmap - map a buffer into a process
 * @buf: a buffer of the caller's own; the mapping takes a reference.
 * @vma: what to fill; its vm_pgoff counts pages from the start of the buffer.
 *
 * Pages are chosen and inserted when they are touched. Called with the mmap lock
 * held and without the reservation.
 *
 * Return: 0, or -EINVAL for a range past the buffer's end or a private writable
 * mapping: a copy on write is not a shared buffer.
 */
int simbuf_mmap(struct simbuf *buf, struct vm_area_struct *vma)
{
	unsigned long nr_pages = buf->size >> PAGE_SHIFT;

	if (vma->vm_pgoff > nr_pages || vma_pages(vma) > nr_pages - vma->vm_pgoff)
		return -EINVAL;
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;

	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &simbuf_vm_ops;
	vma->vm_private_data = buf;
	simbuf_vm_open(vma);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(simbuf_mmap, "SIMBUF");

static void *map_chunks(const struct simbuf *buf)
{
	unsigned int nr_pages = buf->size >> PAGE_SHIFT, i, n = 0;
	const struct simbuf_chunk *chunk;
	struct page **pages;
	void *vaddr;

	pages = kvmalloc_array(nr_pages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (chunk = buf->chunks; n < nr_pages; chunk++) {
		for (i = 0; i < 1U << chunk->order; i++)
			pages[n++] = chunk->page + i;
	}
	vaddr = vmap(pages, nr_pages, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return vaddr;
}

/**
 * simbuf_vmap - map a buffer into the kernel
 * @buf: a buffer of the caller's own, its reservation held.
 * @map: out: where it is. Calls nest and give the same address.
 *
 * The memory stays where it is until simbuf_vunmap().
 *
 * Return: 0, -ENOMEM or -EINTR.
 */
int simbuf_vmap(struct simbuf *buf, struct iosys_map *map)
{
	int ret = simbuf_pages_get(buf);

	if (ret)
		return ret;
	if (!buf->vmaps) {
		buf->vaddr = map_chunks(buf);
		if (!buf->vaddr)
			return -ENOMEM;
		buf->pins++;
	}
	buf->vmaps++;
	atomic_inc(&buf->stats.cpu_mappings);
	iosys_map_set_vaddr(map, buf->vaddr);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(simbuf_vmap, "SIMBUF");

/**
 * simbuf_vunmap - undo one simbuf_vmap()
 * @buf: the buffer, its reservation held.
 * @map: what simbuf_vmap() gave; cleared here.
 */
void simbuf_vunmap(struct simbuf *buf, struct iosys_map *map)
{
	dma_resv_assert_held(buf->resv);
	iosys_map_clear(map);
	if (WARN_ON(!buf->vmaps))
		return;

	atomic_dec(&buf->stats.cpu_mappings);
	if (--buf->vmaps)
		return;
	vunmap(buf->vaddr);
	buf->vaddr = NULL;
	buf->pins--;
}
EXPORT_SYMBOL_NS_GPL(simbuf_vunmap, "SIMBUF");

/**
 * simbuf_vmap_unlocked - simbuf_vmap() for callers without the reservation
 * @buf: a buffer of the caller's own.
 * @map: out: where it is.
 *
 * Return: as simbuf_vmap().
 */
int simbuf_vmap_unlocked(struct simbuf *buf, struct iosys_map *map)
{
	int ret = dma_resv_lock_interruptible(buf->resv, NULL);

	if (ret)
		return ret;
	ret = simbuf_vmap(buf, map);
	dma_resv_unlock(buf->resv);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(simbuf_vmap_unlocked, "SIMBUF");

/**
 * simbuf_vunmap_unlocked - simbuf_vunmap() for callers without the reservation
 * @buf: the buffer.
 * @map: what simbuf_vmap_unlocked() gave; cleared here.
 */
void simbuf_vunmap_unlocked(struct simbuf *buf, struct iosys_map *map)
{
	dma_resv_lock(buf->resv, NULL);
	simbuf_vunmap(buf, map);
	dma_resv_unlock(buf->resv);
}
EXPORT_SYMBOL_NS_GPL(simbuf_vunmap_unlocked, "SIMBUF");
