/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The display: mode setting objects and what ties them together.
 */
#ifndef _PRIMESIM_KMS_H_
#define _PRIMESIM_KMS_H_

#include <drm/drm_crtc.h>
#include <drm/drm_plane.h>

#include "primesim_crc.h"
#include "primesim_scanout.h"
#include "primesim_writeback.h"

/**
 * struct primesim_crtc - a CRTC and what it shows
 * @base: the CRTC.
 * @vblank: its timer, where the DRM core has none.
 * @scanout: what is shown.
 * @crc: checksums of what is shown.
 * @writeback: what is shown, written to memory.
 */
struct primesim_crtc {
	struct drm_crtc base;
	struct primesim_vblank vblank;
	struct primesim_scanout scanout;
	struct primesim_crc crc;
	struct primesim_writeback writeback;
};

static inline struct primesim_crtc *to_primesim_crtc(struct drm_crtc *crtc)
{
	return container_of(crtc, struct primesim_crtc, base);
}

/**
 * struct primesim_plane - a plane
 * @base: the plane.
 * @slot: its place in &primesim_picture.layers.
 */
struct primesim_plane {
	struct drm_plane base;
	unsigned int slot;
};

static inline struct primesim_plane *to_primesim_plane(struct drm_plane *plane)
{
	return container_of(plane, struct primesim_plane, base);
}

/* Pixels and lines */
#define PRIMESIM_MAX_FB_SIZE	8192
#define PRIMESIM_MAX_MODE_SIZE	4096

int primesim_kms_init(struct drm_device *dev, u32 displays);
void primesim_kms_probe(struct drm_device *dev);

int primesim_fb_map_display(struct drm_framebuffer *fb);
void primesim_fb_unmap_display(struct drm_framebuffer *fb);

struct drm_plane *primesim_plane_create(struct drm_device *dev, enum drm_plane_type type,
					unsigned int slot, u32 possible_crtcs);
struct drm_crtc *primesim_crtc_create(struct drm_device *dev, struct drm_plane *primary,
				      struct drm_plane *cursor);
bool primesim_crtc_handle_vblank_timeout(struct drm_crtc *crtc);

#endif /* _PRIMESIM_KMS_H_ */
