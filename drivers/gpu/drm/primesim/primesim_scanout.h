/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Scan-out: which picture the display shows, and since when.
 */
#ifndef _PRIMESIM_SCANOUT_H_
#define _PRIMESIM_SCANOUT_H_

#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <drm/drm_color_mgmt.h>
#include <drm/drm_rect.h>

#include "primesim_wide.h"

struct drm_crtc;
struct drm_crtc_state;
struct drm_device;
struct drm_file;
struct drm_framebuffer;
struct drm_plane_state;
struct drm_property_blob;

/* Of a CRTC, by &primesim_plane.slot: the primary plane, the overlays, the cursor */
#define PRIMESIM_OVERLAYS	2
#define PRIMESIM_LAYERS		(PRIMESIM_OVERLAYS + 2)

/**
 * struct primesim_layer - what one plane shows
 * @fb: the framebuffer, or NULL: the plane is off.
 * @source: part of @fb that is shown, 16.16 fixed point.
 * @visible: where on the CRTC it is.
 * @rotation: DRM_MODE_ROTATE_* and DRM_MODE_REFLECT_*.
 * @nearest: scaled without mixing pixels.
 * @blend: what its pixels mean.
 * @alpha: of the whole layer.
 * @zpos: higher ones are above lower ones; each has another.
 * @encoding: of a Y'CbCr @fb.
 * @range: of a Y'CbCr @fb.
 */
struct primesim_layer {
	struct drm_framebuffer *fb;
	struct drm_rect source;
	struct drm_rect visible;
	unsigned int rotation;
	bool nearest;
	enum primesim_blend blend;
	u16 alpha;
	unsigned int zpos;
	enum drm_color_encoding encoding;
	enum drm_color_range range;
};

/**
 * struct primesim_picture - what fills the CRTC
 * @width: pixels of the CRTC.
 * @height: lines of the CRTC.
 * @layers: what is on it.
 * @background: what is behind them, a wide pixel.
 * @degamma: curve applied to what was blended, or NULL.
 * @ctm: matrix applied then, or NULL.
 * @gamma: curve applied last, or NULL.
 * @serial: of what is shown: each picture that was ever shown on the CRTC has another one.
 */
struct primesim_picture {
	u32 width;
	u32 height;
	struct primesim_layer layers[PRIMESIM_LAYERS];
	u64 background;
	struct drm_property_blob *degamma;
	struct drm_property_blob *ctm;
	struct drm_property_blob *gamma;
	u64 serial;
};

/**
 * struct primesim_scanout - the display's double-buffered registers
 * @latch_lock: protects all below. Taken in the vblank timer's interrupt, and
 *	outside of &drm_device.event_lock.
 * @staged: what the commit that is being carried out programs. Commits follow
 *	each other; the cursor moves without one.
 * @next: what is shown from vblank @next_at on, while @armed.
 * @next_at: vblank count.
 * @armed: @next waits for its vblank.
 * @shown: what is shown now.
 * @shown_since: vblank count at which @shown was latched.
 * @serial: of the picture that was shown last.
 * @longest_ns: how long a frame may wait for the next picture (VRR), or 0 when
 *	the refresh rate is fixed.
 * @waiting: the timer is set for the end of such a frame.
 *
 * Pictures in here hold no reference: the atomic states do. A commit drops the
 * state it replaces only after its own picture was latched.
 */
struct primesim_scanout {
	spinlock_t latch_lock;	/* of all below */
	struct primesim_picture staged;
	struct primesim_picture next;
	u64 next_at;
	bool armed;
	struct primesim_picture shown;
	u64 shown_since;
	u64 serial;
	u64 longest_ns;
	bool waiting;
};

void primesim_scanout_init(struct primesim_scanout *scanout);

void primesim_scanout_stage(struct drm_crtc *crtc, const struct drm_crtc_state *crtc_state,
			    const struct drm_plane_state *plane_state);
void primesim_scanout_update_layer(struct drm_crtc *crtc,
				   const struct drm_plane_state *plane_state);
void primesim_scanout_get_staged(struct drm_crtc *crtc, struct primesim_picture *picture);
void primesim_scanout_set_longest(struct drm_crtc *crtc, u64 longest_ns);
void primesim_scanout_flush(struct drm_crtc *crtc, struct drm_crtc_state *crtc_state);
bool primesim_scanout_vblank(struct drm_crtc *crtc);
ktime_t primesim_scanout_last_vblank(struct drm_crtc *crtc);
void primesim_scanout_settle(struct drm_crtc *crtc);
void primesim_scanout_off(struct drm_crtc *crtc);

u64 primesim_scanout_get(struct drm_crtc *crtc, struct primesim_picture *picture);
bool primesim_scanout_shows(struct drm_crtc *crtc, const struct primesim_picture *picture);
void primesim_picture_put(struct primesim_picture *picture);
int primesim_picture_map(struct primesim_picture *picture);
void primesim_picture_unmap(struct primesim_picture *picture);

int primesim_ioctl_scanout_info(struct drm_device *dev, void *data, struct drm_file *file);

#endif /* _PRIMESIM_SCANOUT_H_ */
