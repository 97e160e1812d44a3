/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Scan-out: which picture the display shows, and since when.
 */
#ifndef _PRIMESIM_SCANOUT_H_
#define _PRIMESIM_SCANOUT_H_

#include <linux/spinlock.h>
#include <linux/types.h>

#include <drm/drm_color_mgmt.h>
#include <drm/drm_rect.h>

struct drm_crtc;
struct drm_crtc_state;
struct drm_device;
struct drm_file;
struct drm_framebuffer;
struct drm_plane_state;

/* Planes of the CRTC, by drm_plane_index(), the lowest first */
#define PRIMESIM_LAYERS	2

/**
 * struct primesim_layer - what one plane shows
 * @fb: the framebuffer, or NULL: the plane is off.
 * @visible: where on the CRTC @fb is.
 * @x: pixel of @fb at the left of @visible.
 * @y: line of @fb at the top of @visible.
 * @encoding: of a Y'CbCr @fb.
 * @range: of a Y'CbCr @fb.
 */
struct primesim_layer {
	struct drm_framebuffer *fb;
	struct drm_rect visible;
	u32 x;
	u32 y;
	enum drm_color_encoding encoding;
	enum drm_color_range range;
};

/**
 * struct primesim_picture - what fills the CRTC
 * @width: pixels of the CRTC.
 * @height: lines of the CRTC.
 * @layers: what is on it. Behind them is black.
 */
struct primesim_picture {
	u32 width;
	u32 height;
	struct primesim_layer layers[PRIMESIM_LAYERS];
};

/**
 * struct primesim_scanout - the display's double-buffered registers
 * @staged: what the commit that is being carried out programs; touched by
 *	commits only, which follow each other.
 * @latch_lock: protects all below. Taken in the vblank timer's interrupt, and
 *	outside of &drm_device.event_lock.
 * @next: what is shown from vblank @next_at on, while @armed.
 * @next_at: vblank count.
 * @armed: @next waits for its vblank.
 * @shown: what is shown now.
 * @shown_since: vblank count at which @shown was latched.
 *
 * Pictures in here hold no reference: the atomic states do. A commit drops the
 * state it replaces only after its own picture was latched.
 */
struct primesim_scanout {
	struct primesim_picture staged;
	spinlock_t latch_lock;	/* of all below */
	struct primesim_picture next;
	u64 next_at;
	bool armed;
	struct primesim_picture shown;
	u64 shown_since;
};

void primesim_scanout_init(struct primesim_scanout *scanout);

void primesim_scanout_stage(struct drm_crtc *crtc, const struct drm_crtc_state *crtc_state,
			    const struct drm_plane_state *plane_state);
void primesim_scanout_flush(struct drm_crtc *crtc, struct drm_crtc_state *crtc_state);
bool primesim_scanout_vblank(struct drm_crtc *crtc);
void primesim_scanout_settle(struct drm_crtc *crtc);
void primesim_scanout_off(struct drm_crtc *crtc);

u64 primesim_scanout_get(struct drm_crtc *crtc, struct primesim_picture *picture);
void primesim_picture_put(struct primesim_picture *picture);

int primesim_ioctl_scanout_info(struct drm_device *dev, void *data, struct drm_file *file);

#endif /* _PRIMESIM_SCANOUT_H_ */
