// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Vblanks from a timer, for kernels whose DRM has no helper for that: built where
 * drm/drm_vblank_helper.h is not the kernel's.
 *
 * The timer is switched on and off under locks of DRM's that its handler takes, so nobody
 * waits for the handler there: whoever switches it on while that is running leaves word, and
 * the handler goes on.
 */
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/spinlock.h>

#include <drm/drm_crtc.h>
#include <drm/drm_device.h>
#include <drm/drm_managed.h>
#include <drm/drm_vblank.h>
#include <drm/drm_vblank_helper.h>

#include "primesim_kms.h"

struct drm_vblank_crtc_timer *primesim_vblank_timer(struct drm_crtc *crtc)
{
	return &to_primesim_crtc(crtc)->vblank.timer;
}

/* Is this a vblank? It may have been switched off, or off and on again, before the handler came. */
static bool primesim_vblank_begin(struct drm_vblank_crtc_timer *vtimer)
{
	unsigned long flags;
	bool begun;

	spin_lock_irqsave(&vtimer->interval_lock, flags);
	begun = vtimer->interval && !hrtimer_is_queued(&vtimer->timer);
	if (begun)
		hrtimer_forward_now(&vtimer->timer, vtimer->interval);
	vtimer->handling = begun;
	spin_unlock_irqrestore(&vtimer->interval_lock, flags);
	return begun;
}

static bool primesim_vblank_end(struct drm_vblank_crtc_timer *vtimer, bool on)
{
	unsigned long flags;

	spin_lock_irqsave(&vtimer->interval_lock, flags);
	if (vtimer->again) {
		hrtimer_set_expires(&vtimer->timer, ktime_add(ktime_get(), vtimer->interval));
		on = true;
	}
	vtimer->again = false;
	vtimer->handling = false;
	spin_unlock_irqrestore(&vtimer->interval_lock, flags);
	return on;
}

static enum hrtimer_restart primesim_vblank_expired(struct hrtimer *timer)
{
	struct drm_vblank_crtc_timer *vtimer;
	bool on = false;

	vtimer = container_of(timer, struct drm_vblank_crtc_timer, timer);
	if (primesim_vblank_begin(vtimer))
		on = primesim_vblank_end(vtimer, primesim_crtc_handle_vblank_timeout(vtimer->crtc));
	return on ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

int drm_crtc_vblank_helper_enable_vblank_timer(struct drm_crtc *crtc)
{
	struct drm_vblank_crtc_timer *vtimer = primesim_vblank_timer(crtc);
	unsigned long flags;

	drm_calc_timestamping_constants(crtc, &crtc->mode);

	spin_lock_irqsave(&vtimer->interval_lock, flags);
	vtimer->interval = ns_to_ktime(drm_crtc_vblank_crtc(crtc)->framedur_ns);
	if (vtimer->handling)
		vtimer->again = true;
	else
		hrtimer_start(&vtimer->timer, vtimer->interval, HRTIMER_MODE_REL);
	spin_unlock_irqrestore(&vtimer->interval_lock, flags);
	return 0;
}

void drm_crtc_vblank_helper_disable_vblank_timer(struct drm_crtc *crtc)
{
	struct drm_vblank_crtc_timer *vtimer = primesim_vblank_timer(crtc);
	unsigned long flags;

	spin_lock_irqsave(&vtimer->interval_lock, flags);
	vtimer->interval = 0;
	vtimer->again = false;
	hrtimer_try_to_cancel(&vtimer->timer);
	spin_unlock_irqrestore(&vtimer->interval_lock, flags);
}

static void primesim_vblank_release(struct drm_device *dev, void *data)
{
	struct drm_vblank_crtc_timer *vtimer = data;

	hrtimer_cancel(&vtimer->timer);
}

/**
 * primesim_vblank_init - prepare the timer of a CRTC
 * @crtc: the CRTC, zeroed but for its base.
 *
 * Return: 0 or -ENOMEM.
 */
int primesim_vblank_init(struct drm_crtc *crtc)
{
	struct drm_vblank_crtc_timer *vtimer = primesim_vblank_timer(crtc);

	vtimer->crtc = crtc;
	spin_lock_init(&vtimer->interval_lock);
	hrtimer_setup(&vtimer->timer, primesim_vblank_expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	return drmm_add_action_or_reset(crtc->dev, primesim_vblank_release, vtimer);
}
