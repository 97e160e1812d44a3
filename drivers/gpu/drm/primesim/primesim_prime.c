// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * PRIME: buffer objects to dma-bufs and back.
 *
 * References point one way: imported object -> dma-buf -> exported object and
 * its DRM device. The simbuf below is shared by all of them.
 */
#include <linux/dma-buf.h>
#include <linux/module.h>

#include <drm/drm_drv.h>
#include <drm/drm_gem.h>

#include <linux/simbuf.h>

#include "primesim_drv.h"
#include "primesim_gem.h"
#include "primesim_prime.h"

/* The dma-buf is gone: drop what primesim_prime_export() took for it. */
static void primesim_prime_release(void *priv)
{
	struct drm_gem_object *obj = priv;
	struct drm_device *dev = obj->dev;

	drm_gem_object_put(obj);
	drm_dev_put(dev);
}

/**
 * primesim_prime_export - make a dma-buf of an object
 * @obj: the object, not an imported one: the DRM core knows those' dma-bufs.
 * @flags: DRM_CLOEXEC and DRM_RDWR.
 *
 * Returns: a dma-buf that keeps the object and its device, or an error pointer.
 */
struct dma_buf *primesim_prime_export(struct drm_gem_object *obj, int flags)
{
	struct simbuf_export_info info = {
		.owner = THIS_MODULE,
		.flags = flags,
		.device = obj->dev,
		.priv = obj,
		.release = primesim_prime_release,
	};
	struct dma_buf *dmabuf;

	drm_dev_get(obj->dev);
	drm_gem_object_get(obj);
	dmabuf = simbuf_export(to_primesim_bo(obj)->buf, &info);
	if (IS_ERR(dmabuf))
		primesim_prime_release(obj);
	return dmabuf;
}

/**
 * primesim_prime_import - make an object of a dma-buf
 * @dev: the importing device.
 * @dmabuf: the dma-buf of any exporter.
 *
 * A dma-buf that @dev itself exported comes back as the object it was made of.
 *
 * Returns: the object with a reference for the caller, or an error pointer.
 */
struct drm_gem_object *primesim_prime_import(struct drm_device *dev, struct dma_buf *dmabuf)
{
	struct drm_gem_object *own = simbuf_self_import(dmabuf, dev);
	struct primesim_bo *bo;

	if (own) {
		drm_gem_object_get(own);
		return own;
	}

	bo = primesim_bo_import(dev, dmabuf);
	return IS_ERR(bo) ? ERR_CAST(bo) : &bo->base;
}
