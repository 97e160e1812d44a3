// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How the CPU reaches a buffer of our own: mmap for userspace, vmap for drivers.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/vmalloc.h>

#include "simbuf_internal.h"

#define SIMBUF_FS_MAGIC		0x53494d42	/* "SIMB" */

/* Where the inodes of buffers live, as those of dma-buf and DRM do. */
static struct vfsmount *simbuf_mnt;

static int simbuf_fs_init(struct fs_context *fc)
{
	return init_pseudo(fc, SIMBUF_FS_MAGIC) ? 0 : -ENOMEM;
}

/* Without an owner: our own mount must not keep the module. Open files do. */
static struct file_system_type simbuf_fs = {
	.name = "simbuf",
	.init_fs_context = simbuf_fs_init,
	.kill_sb = kill_anon_super,
};

int simbuf_mmap_init(void)
{
	simbuf_mnt = kern_mount(&simbuf_fs);
	return PTR_ERR_OR_ZERO(simbuf_mnt);
}

void simbuf_mmap_exit(void)
{
	kern_unmount(simbuf_mnt);
}

/* The buffer's own inode, which it gets when it is mapped for the first time: most never are. */
static struct inode *mmap_inode(struct simbuf *buf)
{
	struct inode *inode = READ_ONCE(buf->inode);
	struct inode *other;

	if (inode)
		return inode;
	inode = alloc_anon_inode(simbuf_mnt->mnt_sb);
	if (IS_ERR(inode))
		return inode;
	other = cmpxchg(&buf->inode, NULL, inode);
	if (!other)
		return inode;
	/* Somebody was faster. */
	iput(inode);
	return other;
}

static int simbuf_file_release(struct inode *inode, struct file *file)
{
	simbuf_put(file->private_data);
	return 0;
}

static const struct file_operations simbuf_file_ops = {
	.owner = THIS_MODULE,
	.release = simbuf_file_release,
};

/*
 * All CPU mappings of a buffer, by whatever file they were asked for, belong to
 * the buffer's own inode: so they can be found when it moves, and they keep this
 * module and the buffer, not the driver.
 */
static struct file *mmap_file(struct simbuf *buf)
{
	struct inode *inode = mmap_inode(buf);
	struct file *file;

	if (IS_ERR(inode))
		return ERR_CAST(inode);
	if (!try_module_get(THIS_MODULE))
		return ERR_PTR(-ENOENT);
	ihold(inode);
	file = alloc_file_pseudo(inode, simbuf_mnt, "simbuf", O_RDWR, &simbuf_file_ops);
	if (IS_ERR(file)) {
		iput(inode);
		module_put(THIS_MODULE);
		return file;
	}
	file->f_mapping = inode->i_mapping;
	file->private_data = simbuf_get(buf);
	return file;
}

/* Userspace faults its pages in again, from wherever they are by then. */
void simbuf_mmap_zap(struct simbuf *buf)
{
	struct inode *inode = READ_ONCE(buf->inode);

	/* Without one there are no page tables, and none are filled without the reservation. */
	dma_resv_assert_held(buf->resv);
	if (inode)
		unmap_mapping_range(inode->i_mapping, 0, 0, 1);
}

/* Pages mapped by one fault at most, around the one that was touched. */
#define FAULT_AROUND_PAGES	16

static void simbuf_vm_open(struct vm_area_struct *vma)
{
	struct simbuf *buf = vma->vm_private_data;

	atomic_inc(&buf->stats.cpu_mappings);
}

static void simbuf_vm_close(struct vm_area_struct *vma)
{
	struct simbuf *buf = vma->vm_private_data;

	atomic_dec(&buf->stats.cpu_mappings);
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
			   chunk->first + chunk->nr_pages,
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

	err = simbuf_settle(buf, NULL);
	if (err)
		/* Retrying for memory, as VM_FAULT_OOM does, could go on for ever. */
		ret = err == -EINTR ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS;
	else
		ret = insert_around(buf, simbuf_storage_find(buf->storage, vmf->pgoff), vmf);
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
 * @buf: a buffer of the caller's own; the mapping takes a reference, in place of
 *	the one that @vma has on the file it was asked for.
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
	struct file *file;

	if (vma->vm_pgoff > nr_pages || vma_pages(vma) > nr_pages - vma->vm_pgoff)
		return -EINVAL;
	if (vma_is_cow_mapping(vma))
		return -EINVAL;

	file = mmap_file(buf);
	if (IS_ERR(file))
		return PTR_ERR(file);
	vma_set_file(vma, file);
	fput(file);	/* @vma has a reference of its own */

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
	for (chunk = buf->storage->chunks; n < nr_pages; chunk++) {
		for (i = 0; i < chunk->nr_pages; i++)
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
	int ret = simbuf_inject(SIMBUF_INJECT_VMAP, buf);

	if (!ret)
		ret = simbuf_settle(buf, NULL);
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
