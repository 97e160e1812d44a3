/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_GEM_H_
#define _PRIMESIM_GEM_H_

#include <linux/mutex.h>

#include <drm/drm_gem.h>
#include <uapi/drm/primesim_drm.h>

struct dma_buf;
struct drm_file;
struct drm_mode_create_dumb;
struct simbuf;
struct simbuf_attachment;

/* Who reaches memory; the two devices are numbered as in the uapi. */
enum primesim_dev {
	PRIMESIM_GPU = DRM_PRIMESIM_DEVICE_GPU,
	PRIMESIM_DISPLAY = DRM_PRIMESIM_DEVICE_DISPLAY,
	PRIMESIM_WRITEBACK,	/* the display again, where it writes */
	PRIMESIM_DEV_COUNT
};

/**
 * struct primesim_bo - a buffer object, ours or imported
 * @base: the GEM object; its reservation is that of @buf.
 * @buf: the memory, one reference.
 * @read_only: imported from a read-only dma-buf: no device may write to it.
 * @prefers_local: it is in the device's local memory when it can be.
 * @dma_lock: protects @dma. Outside of the reservation lock.
 * @dma: each device's access to @buf.
 * @dma.att: made at first use, dropped with the object.
 * @dma.maps: how often @dma.att is mapped; the GPU's stays so until the object
 *	is freed.
 */
struct primesim_bo {
	struct drm_gem_object base;
	struct simbuf *buf;
	bool read_only;
	bool prefers_local;
	struct mutex dma_lock;	/* of @dma */
	struct {
		struct simbuf_attachment *att;
		unsigned int maps;
	} dma[PRIMESIM_DEV_COUNT];
};

static inline struct primesim_bo *to_primesim_bo(struct drm_gem_object *obj)
{
	return container_of(obj, struct primesim_bo, base);
}

struct primesim_bo *primesim_bo_create(struct drm_device *dev, struct drm_file *file, size_t size,
				       u32 flags);
struct primesim_bo *primesim_bo_import(struct drm_device *dev, struct dma_buf *dmabuf);

int primesim_bo_map_gpu(struct primesim_bo *bo);
int primesim_bo_validate_gpu(struct primesim_bo *bo);
int primesim_bo_map_display(struct primesim_bo *bo, enum primesim_dev which);
void primesim_bo_unmap_display(struct primesim_bo *bo, enum primesim_dev which);
struct simbuf_attachment *primesim_bo_attachment(struct primesim_bo *bo,
						 enum primesim_dev which);

int primesim_dumb_create(struct drm_file *file, struct drm_device *dev,
			 struct drm_mode_create_dumb *args);
int primesim_dumb_map_offset(struct drm_file *file, struct drm_device *dev, u32 handle,
			     u64 *offset);
int primesim_ioctl_bo_create(struct drm_device *dev, void *data, struct drm_file *file);
int primesim_ioctl_bo_mmap_offset(struct drm_device *dev, void *data, struct drm_file *file);
int primesim_ioctl_bo_info(struct drm_device *dev, void *data, struct drm_file *file);

#endif /* _PRIMESIM_GEM_H_ */
