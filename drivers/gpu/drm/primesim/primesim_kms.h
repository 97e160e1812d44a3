/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The display: mode setting objects and what ties them together.
 */
#ifndef _PRIMESIM_KMS_H_
#define _PRIMESIM_KMS_H_

#include <drm/drm_crtc.h>

#include "primesim_crc.h"
#include "primesim_scanout.h"

/**
 * struct primesim_crtc - a CRTC and what it shows
 * @base: the CRTC.
 * @scanout: what is shown.
 * @crc: checksums of what is shown.
 */
struct primesim_crtc {
	struct drm_crtc base;
	struct primesim_scanout scanout;
	struct primesim_crc crc;
};

static inline struct primesim_crtc *to_primesim_crtc(struct drm_crtc *crtc)
{
	return container_of(crtc, struct primesim_crtc, base);
}

int primesim_kms_init(struct drm_device *dev);

struct drm_plane *primesim_primary_create(struct drm_device *dev);
struct drm_plane *primesim_cursor_create(struct drm_device *dev);
struct drm_crtc *primesim_crtc_create(struct drm_device *dev, struct drm_plane *primary,
				      struct drm_plane *cursor);
int primesim_connector_create(struct drm_device *dev, struct drm_crtc *crtc);

#endif /* _PRIMESIM_KMS_H_ */
