// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Buffer objects: ours, and those imported by primesim_prime.c.
 *
 * The memory belongs to simbuf.ko. An object adds a GEM handle, an mmap offset
 * and each of our devices' access to the memory.
 *
 * DOC: locking
 * &primesim_bo.dma_lock is taken before the object's reservation. The last
 * reference to an object is dropped with neither held, as that unmaps it.
 */
#include <linux/dma-buf.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_dumb_buffers.h>
#include <drm/drm_gem.h>
#include <drm/drm_mode.h>

#include <linux/simbuf.h>

#include "primesim_client.h"
#include "primesim_drv.h"
#include "primesim_gem.h"
#include "primesim_prime.h"

#define PRIMESIM_MAX_BO_SIZE	SZ_2G
#define PRIMESIM_PITCH_ALIGN	64

/* Or %NULL: not every device has both. */
static struct simdev *primesim_find_simdev(struct primesim_device *pdev, enum primesim_dev which)
{
	return which == PRIMESIM_GPU ? pdev->gpu : pdev->display;
}

/* The GPU follows moves, between its jobs. What is scanned out must stay. */
static unsigned int primesim_dev_attach_flags(enum primesim_dev which)
{
	return which == PRIMESIM_GPU ? SIMBUF_ATTACH_DYNAMIC : 0;
}

static void primesim_bo_release_dma(struct primesim_bo *bo, enum primesim_dev which)
{
	if (!bo->dma[which].att)
		return;
	while (bo->dma[which].maps--)
		simbuf_unmap_unlocked(bo->dma[which].att);
	simbuf_detach(bo->dma[which].att);
}

static void primesim_bo_free(struct drm_gem_object *obj)
{
	struct primesim_bo *bo = to_primesim_bo(obj);

	drm_gem_object_release(obj);
	primesim_bo_release_dma(bo, PRIMESIM_WRITEBACK);
	primesim_bo_release_dma(bo, PRIMESIM_DISPLAY);
	primesim_bo_release_dma(bo, PRIMESIM_GPU);
	simbuf_put(bo->buf);
	mutex_destroy(&bo->dma_lock);
	kfree(bo);
}

static int primesim_bo_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	int ret;

	/* simbuf counts from the start of the buffer. */
	vma->vm_pgoff -= drm_vma_node_start(&obj->vma_node);
	ret = simbuf_mmap(to_primesim_bo(obj)->buf, vma);
	if (ret)
		return ret;

	/* The mapping keeps the simbuf alive by itself: GEM's reference for it is surplus. */
	drm_gem_object_put(obj);
	return 0;
}

static const struct drm_gem_object_funcs primesim_bo_funcs = {
	.free = primesim_bo_free,
	.open = primesim_client_open_handle,
	.close = primesim_client_close_handle,
	.export = primesim_prime_export,
	.mmap = primesim_bo_mmap,
};

/* Takes over the caller's reference to @buf when it succeeds. */
static struct primesim_bo *primesim_bo_alloc(struct drm_device *dev, struct simbuf *buf)
{
	struct primesim_bo *bo;

	bo = kzalloc_obj(*bo, GFP_KERNEL_ACCOUNT);
	if (!bo)
		return ERR_PTR(-ENOMEM);

	mutex_init(&bo->dma_lock);
	bo->buf = buf;
	bo->base.funcs = &primesim_bo_funcs;
	bo->base.resv = simbuf_resv(buf);
	drm_gem_private_object_init(dev, &bo->base, simbuf_size(buf));
	return bo;
}

/**
 * primesim_bo_create - allocate a buffer object of our own
 * @dev: the device it belongs to.
 * @file: whose budget its memory counts against.
 * @size: bytes, rounded up to whole pages.
 * @flags: DRM_PRIMESIM_BO_CREATE_SYSTEM or 0.
 *
 * Returns: an object without pages, or an error pointer.
 */
struct primesim_bo *primesim_bo_create(struct drm_device *dev, struct drm_file *file, size_t size,
				       u32 flags)
{
	struct primesim_device *pdev = to_primesim_device(dev);
	bool prefers_local = pdev->local && !(flags & DRM_PRIMESIM_BO_CREATE_SYSTEM);
	struct primesim_bo *bo;
	struct simbuf *buf;

	buf = simbuf_create(PAGE_ALIGN(size), "primesim", pdev->policy);
	if (IS_ERR(buf))
		return ERR_CAST(buf);
	simbuf_charge_to(buf, to_primesim_file(file)->budget);
	if (prefers_local)
		simbuf_prefer(buf, pdev->local);

	bo = primesim_bo_alloc(dev, buf);
	if (IS_ERR(bo)) {
		simbuf_put(buf);
		return bo;
	}
	bo->prefers_local = prefers_local;
	return bo;
}

/**
 * primesim_bo_import - make a buffer object of another driver's dma-buf
 * @dev: the device it is imported into.
 * @dmabuf: the dma-buf; the object has a reference.
 *
 * Attached for the GPU, for which it is meant if there is one; for the display when
 * that is to show it.
 *
 * Returns: the object, or an error pointer.
 */
struct primesim_bo *primesim_bo_import(struct drm_device *dev, struct dma_buf *dmabuf)
{
	struct primesim_device *pdev = to_primesim_device(dev);
	enum primesim_dev which = pdev->gpu ? PRIMESIM_GPU : PRIMESIM_DISPLAY;
	struct simbuf_attachment *att;
	struct primesim_bo *bo;
	struct simbuf *buf;

	att = simbuf_attach_dmabuf(dmabuf, primesim_find_simdev(pdev, which),
				   primesim_dev_attach_flags(which));
	if (IS_ERR(att))
		return ERR_CAST(att);

	buf = simbuf_get(simbuf_attachment_buf(att));
	bo = primesim_bo_alloc(dev, buf);
	if (IS_ERR(bo)) {
		simbuf_put(buf);
		simbuf_detach(att);
		return bo;
	}

	bo->dma[which].att = att;
	bo->read_only = !simbuf_attachment_writable(att);
	bo->base.import_attach = simbuf_attachment_base(att);
	return bo;
}

/*
 * Attached devices count when the memory is chosen. @bo->dma_lock is held, or @bo is new;
 * the device has @which.
 */
static int primesim_bo_attach(struct primesim_bo *bo, enum primesim_dev which)
{
	struct simdev *sd = primesim_find_simdev(to_primesim_device(bo->base.dev), which);
	unsigned int flags = primesim_dev_attach_flags(which);
	struct simbuf_attachment *att;

	if (bo->dma[which].att)
		return 0;
	if (drm_gem_is_imported(&bo->base))
		att = simbuf_attach_dmabuf(bo->base.import_attach->dmabuf, sd, flags);
	else
		att = simbuf_attach(bo->buf, sd, flags);
	if (IS_ERR(att))
		return PTR_ERR(att);

	bo->dma[which].att = att;
	return 0;
}

static int primesim_bo_map_locked(struct primesim_bo *bo, enum primesim_dev which)
{
	bool read_only = bo->read_only || which == PRIMESIM_DISPLAY;
	int ret;

	lockdep_assert_held(&bo->dma_lock);

	if (bo->read_only && which == PRIMESIM_WRITEBACK)
		return simbuf_refuse(-EACCES, bo->buf,
				     primesim_find_simdev(to_primesim_device(bo->base.dev), which),
				     "writeback into what was imported read-only");

	ret = primesim_bo_attach(bo, which);
	if (ret)
		return ret;

	ret = simbuf_map_unlocked(bo->dma[which].att,
				  read_only ? DMA_TO_DEVICE : DMA_BIDIRECTIONAL);
	if (!ret)
		bo->dma[which].maps++;
	return ret;
}

/**
 * primesim_bo_map_display - let the display reach an object
 * @bo: the object. Its reservation must not be held.
 * @which: PRIMESIM_DISPLAY to read it, PRIMESIM_WRITEBACK to write it.
 *
 * The memory stays where it is until primesim_bo_unmap_display(). Calls nest.
 *
 * Returns: 0, -EINTR, or what the exporter answered.
 */
int primesim_bo_map_display(struct primesim_bo *bo, enum primesim_dev which)
{
	int ret;

	ret = mutex_lock_interruptible(&bo->dma_lock);
	if (ret)
		return ret;

	ret = primesim_bo_map_locked(bo, which);
	mutex_unlock(&bo->dma_lock);
	return ret;
}

/**
 * primesim_bo_unmap_display - undo one primesim_bo_map_display()
 * @bo: the object. Its reservation must not be held.
 * @which: as it was mapped.
 */
void primesim_bo_unmap_display(struct primesim_bo *bo, enum primesim_dev which)
{
	mutex_lock(&bo->dma_lock);
	simbuf_unmap_unlocked(bo->dma[which].att);
	bo->dma[which].maps--;
	mutex_unlock(&bo->dma_lock);
}

/**
 * primesim_bo_map_gpu - let the GPU reach an object
 * @bo: the object. Its reservation must not be held.
 *
 * The first call attaches and maps; the mapping lives until the object is freed,
 * and is brought up to date by primesim_bo_validate_gpu() before each use.
 *
 * Returns: 0, -EINTR, or what the exporter answered.
 */
int primesim_bo_map_gpu(struct primesim_bo *bo)
{
	int ret;

	ret = mutex_lock_interruptible(&bo->dma_lock);
	if (ret)
		return ret;

	if (!bo->dma[PRIMESIM_GPU].maps)
		ret = primesim_bo_map_locked(bo, PRIMESIM_GPU);
	mutex_unlock(&bo->dma_lock);
	return ret;
}

/**
 * primesim_bo_validate_gpu - follow a move of the object's memory
 * @bo: the object, mapped for the GPU, its reservation held until a fence of the
 *	job that uses it was added.
 *
 * Returns: 0, -EINTR, or what the exporter answered.
 */
int primesim_bo_validate_gpu(struct primesim_bo *bo)
{
	return simbuf_validate(bo->dma[PRIMESIM_GPU].att);
}

/**
 * primesim_bo_attachment - a device's access to an object
 * @bo: the object.
 * @which: the device, for which the object was mapped before.
 *
 * Returns: the attachment, valid for as long as @bo lives.
 */
struct simbuf_attachment *primesim_bo_attachment(struct primesim_bo *bo, enum primesim_dev which)
{
	return bo->dma[which].att;
}

/*
 * Makes a handle that owns the new object. Who allocates here means to use the GPU,
 * and for dumb buffers, or where there is nothing else, the display: what they ask counts
 * from the start.
 */
static int primesim_bo_create_handle(struct drm_file *file, struct drm_device *dev, size_t size,
				     u32 flags, bool scanout, u32 *handle)
{
	struct primesim_device *pdev = to_primesim_device(dev);
	struct primesim_bo *bo;
	int ret = 0;

	bo = primesim_bo_create(dev, file, size, flags);
	if (IS_ERR(bo))
		return PTR_ERR(bo);

	if (pdev->gpu)
		ret = primesim_bo_attach(bo, PRIMESIM_GPU);
	if (!ret && (scanout || !pdev->gpu))
		ret = primesim_bo_attach(bo, PRIMESIM_DISPLAY);
	if (!ret)
		ret = drm_gem_handle_create(file, &bo->base, handle);
	drm_gem_object_put(&bo->base);
	return ret;
}

int primesim_dumb_create(struct drm_file *file, struct drm_device *dev,
			 struct drm_mode_create_dumb *args)
{
	int ret;

	ret = drm_mode_size_dumb(dev, args, PRIMESIM_PITCH_ALIGN, 0);
	if (ret)
		return simbuf_refuse(ret, NULL, to_primesim_device(dev)->display,
				     "dumb buffer of %ux%u at %u bits: no such size",
				     args->width, args->height, args->bpp);
	if (args->size > PRIMESIM_MAX_BO_SIZE)
		return simbuf_refuse(-E2BIG, NULL, to_primesim_device(dev)->display,
				     "dumb buffer of %llu bytes, at most %lu are possible",
				     args->size, (unsigned long)PRIMESIM_MAX_BO_SIZE);

	return primesim_bo_create_handle(file, dev, args->size, 0, true, &args->handle);
}

int primesim_dumb_map_offset(struct drm_file *file, struct drm_device *dev, u32 handle,
			     u64 *offset)
{
	struct simdev *sd = primesim_simdev(to_primesim_device(dev));
	struct drm_gem_object *obj;
	int ret;

	obj = drm_gem_object_lookup(file, handle);
	if (!obj)
		return simbuf_refuse(-ENOENT, NULL, sd, "mmap offset: no handle %u", handle);

	if (drm_gem_is_imported(obj)) {
		ret = simbuf_refuse(-EINVAL, to_primesim_bo(obj)->buf, sd,
				    "mmap offset of an imported object: map the dma-buf instead");
		goto put_object;
	}

	ret = drm_gem_create_mmap_offset(obj);
	if (!ret)
		*offset = drm_vma_node_offset_addr(&obj->vma_node);
put_object:
	drm_gem_object_put(obj);
	return ret;
}

int primesim_ioctl_bo_create(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct simdev *sd = primesim_simdev(to_primesim_device(dev));
	struct drm_primesim_bo_create *args = data;
	int ret;

	if (args->flags & ~DRM_PRIMESIM_BO_CREATE_SYSTEM)
		return simbuf_refuse(-EINVAL, NULL, sd, "BO_CREATE: unknown flags in %#x",
				     args->flags);
	if (!args->size)
		return simbuf_refuse(-EINVAL, NULL, sd, "BO_CREATE: size 0");
	if (args->size > PRIMESIM_MAX_BO_SIZE)
		return simbuf_refuse(-E2BIG, NULL, sd,
				     "BO_CREATE: size %llu, at most %lu is possible",
				     args->size, (unsigned long)PRIMESIM_MAX_BO_SIZE);

	ret = primesim_bo_create_handle(file, dev, args->size, args->flags, false, &args->handle);
	if (!ret)
		args->size = PAGE_ALIGN(args->size);
	return ret;
}

int primesim_ioctl_bo_mmap_offset(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct drm_primesim_bo_mmap_offset *args = data;

	if (args->pad)
		return simbuf_refuse(-EINVAL, NULL, primesim_simdev(to_primesim_device(dev)),
				     "BO_MMAP_OFFSET: pad %#x, must be 0", args->pad);
	return primesim_dumb_map_offset(file, dev, args->handle, &args->offset);
}

static int primesim_bo_describe(struct primesim_bo *bo, enum primesim_dev which,
				struct simbuf_info *info)
{
	int ret;

	ret = mutex_lock_interruptible(&bo->dma_lock);
	if (ret)
		return ret;

	if (bo->dma[which].att)
		simbuf_describe(bo->dma[which].att, info);
	else
		simbuf_describe_buf(bo->buf, info);
	mutex_unlock(&bo->dma_lock);
	return 0;
}

int primesim_ioctl_bo_info(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct primesim_device *pdev = to_primesim_device(dev);
	struct simdev *sd = primesim_simdev(pdev);
	struct drm_primesim_bo_info *args = data;
	struct drm_gem_object *obj;
	struct primesim_bo *bo;
	int ret;

	if (args->pad)
		return simbuf_refuse(-EINVAL, NULL, sd, "BO_INFO: pad %#x, must be 0", args->pad);
	if (args->device > DRM_PRIMESIM_DEVICE_DISPLAY)
		return simbuf_refuse(-EINVAL, NULL, sd, "BO_INFO: device %u, must be 0 or 1",
				     args->device);
	if (!primesim_find_simdev(pdev, args->device))
		return primesim_refuse_missing(pdev, "BO_INFO",
					       args->device == PRIMESIM_GPU ? "engine" : "display");

	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return simbuf_refuse(-ENOENT, NULL, sd, "BO_INFO: no handle %u", args->handle);

	bo = to_primesim_bo(obj);
	args->flags = (drm_gem_is_imported(obj) ? DRM_PRIMESIM_BO_IMPORTED : 0) |
		      (bo->read_only ? DRM_PRIMESIM_BO_READ_ONLY : 0);
	ret = primesim_bo_describe(bo, args->device, &args->info);
	drm_gem_object_put(obj);
	return ret;
}
