/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Found where the kernel has no header of this name: see linux/simlab_compat.h. What is
 * declared here is in drivers/gpu/drm/primesim/primesim_vblank_timer.c.
 */
#ifndef _COMPAT_DRM_VBLANK_HELPER_H
#define _COMPAT_DRM_VBLANK_HELPER_H

#include <linux/hrtimer_types.h>
#include <linux/ktime.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

struct drm_crtc;

/**
 * struct drm_vblank_crtc_timer - where vblanks come from
 * @timer: expires at each vblank.
 * @interval_lock: protects @interval, @handling and @again, and that @timer is set outside of
 *	its handler only while @handling is false.
 * @interval: from one vblank to the next; 0 while vblanks are off.
 * @handling: the handler is being called.
 * @again: vblanks were switched on meanwhile.
 * @crtc: whose vblanks.
 */
struct drm_vblank_crtc_timer {
	struct hrtimer timer;
	spinlock_t interval_lock;	/* of those below */
	ktime_t interval;
	bool handling;
	bool again;
	struct drm_crtc *crtc;
};

int drm_crtc_vblank_helper_enable_vblank_timer(struct drm_crtc *crtc);
void drm_crtc_vblank_helper_disable_vblank_timer(struct drm_crtc *crtc);

#endif /* _COMPAT_DRM_VBLANK_HELPER_H */
