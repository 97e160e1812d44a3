/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_PRIME_H_
#define _PRIMESIM_PRIME_H_

struct dma_buf;
struct drm_device;
struct drm_gem_object;

struct dma_buf *primesim_prime_export(struct drm_gem_object *obj, int flags);
struct drm_gem_object *primesim_prime_import(struct drm_device *dev, struct dma_buf *dmabuf);

#endif /* _PRIMESIM_PRIME_H_ */
