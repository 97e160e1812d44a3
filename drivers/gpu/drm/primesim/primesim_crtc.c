// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The CRTC. Its vblanks come from a timer at the mode's refresh rate.
 */
#include <linux/dma-fence.h>
#include <linux/hrtimer.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_blend.h>
#include <drm/drm_color_mgmt.h>
#include <drm/drm_crtc.h>
#include <drm/drm_managed.h>
#include <drm/drm_modes.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_vblank.h>
#include <drm/drm_vblank_helper.h>

#include <linux/simbuf.h>

#include "primesim_drv.h"
#include "primesim_kms.h"
#include "primesim_wide.h"

/*
 * A program may make up any mode. Vblanks that are too frequent would keep the
 * machine busy, too rare ones would let commits time out.
 */
#define PRIMESIM_MIN_REFRESH	20
#define PRIMESIM_MAX_REFRESH	250
#define PRIMESIM_MAX_CLOCK_KHZ	600000

static enum drm_mode_status primesim_crtc_mode_valid(struct drm_crtc *crtc,
						     const struct drm_display_mode *mode)
{
	int refresh = drm_mode_vrefresh(mode);

	if (mode->flags & DRM_MODE_FLAG_INTERLACE)
		return MODE_NO_INTERLACE;
	if (mode->flags & DRM_MODE_FLAG_DBLSCAN)
		return MODE_NO_DBLESCAN;
	if (mode->vscan > 1)
		return MODE_NO_VSCAN;
	if (mode->clock > PRIMESIM_MAX_CLOCK_KHZ || refresh > PRIMESIM_MAX_REFRESH)
		return MODE_CLOCK_HIGH;
	if (refresh < PRIMESIM_MIN_REFRESH)
		return MODE_CLOCK_LOW;
	return drm_mode_validate_size(mode, PRIMESIM_MAX_MODE_SIZE, PRIMESIM_MAX_MODE_SIZE);
}

static int primesim_crtc_check_lut(struct drm_crtc *crtc, const char *name,
				   const struct drm_property_blob *blob)
{
	if (!blob || drm_color_lut_size(blob) == PRIMESIM_LUT_SIZE)
		return 0;
	return simbuf_refuse(-EINVAL, NULL, to_primesim_device(crtc->dev)->display,
			     "%s of %s has %d entries, must be %d", name, crtc->name,
			     drm_color_lut_size(blob), PRIMESIM_LUT_SIZE);
}

static int primesim_crtc_atomic_check(struct drm_crtc *crtc, struct drm_atomic_commit *commit)
{
	struct drm_crtc_state *state = drm_atomic_get_new_crtc_state(commit, crtc);
	int ret;

	ret = primesim_crtc_check_lut(crtc, "DEGAMMA_LUT", state->degamma_lut);
	if (ret)
		return ret;
	return primesim_crtc_check_lut(crtc, "GAMMA_LUT", state->gamma_lut);
}

static void primesim_crtc_atomic_enable(struct drm_crtc *crtc, struct drm_atomic_commit *commit)
{
	drm_crtc_vblank_on(crtc);
}

static void primesim_crtc_atomic_disable(struct drm_crtc *crtc, struct drm_atomic_commit *commit)
{
	struct drm_vblank_crtc_timer *vtimer = &drm_crtc_vblank_crtc(crtc)->vblank_timer;

	drm_crtc_vblank_off(crtc);

	/*
	 * The timer's interrupt may still be on its way to the locks under which
	 * the next enable starts the timer and waits for that interrupt.
	 */
	if (vtimer->crtc)
		hrtimer_cancel(&vtimer->timer);
	primesim_scanout_off(crtc);
}

static void primesim_crtc_atomic_flush(struct drm_crtc *crtc, struct drm_atomic_commit *commit)
{
	primesim_scanout_flush(crtc, drm_atomic_get_new_crtc_state(commit, crtc));
	primesim_writeback_start(crtc, &to_primesim_crtc(crtc)->scanout.staged);
}

/* Interrupt context. Signals out-fences. */
static bool primesim_crtc_handle_vblank_timeout(struct drm_crtc *crtc)
{
	bool cookie = dma_fence_begin_signalling();
	bool on = primesim_scanout_vblank(crtc);

	if (on)
		primesim_crc_vblank(crtc);
	dma_fence_end_signalling(cookie);
	return on;
}

static const struct drm_crtc_helper_funcs primesim_crtc_helper_funcs = {
	.mode_valid = primesim_crtc_mode_valid,
	.atomic_check = primesim_crtc_atomic_check,
	.atomic_enable = primesim_crtc_atomic_enable,
	.atomic_disable = primesim_crtc_atomic_disable,
	.atomic_flush = primesim_crtc_atomic_flush,
	.handle_vblank_timeout = primesim_crtc_handle_vblank_timeout,
};

static const struct drm_crtc_funcs primesim_crtc_funcs = {
	.set_config = drm_atomic_helper_set_config,
	.page_flip = drm_atomic_helper_page_flip,
	.reset = drm_atomic_helper_crtc_reset,
	.atomic_duplicate_state = drm_atomic_helper_crtc_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_crtc_destroy_state,
	.late_register = primesim_crc_late_register,
	.get_crc_sources = primesim_crc_get_sources,
	.verify_crc_source = primesim_crc_verify_source,
	.set_crc_source = primesim_crc_set_source,
	DRM_CRTC_VBLANK_TIMER_FUNCS,
};

/**
 * primesim_crtc_create - create a CRTC
 * @dev: the device that releases it.
 * @primary: its picture's plane.
 * @cursor: its cursor's plane.
 */
struct drm_crtc *primesim_crtc_create(struct drm_device *dev, struct drm_plane *primary,
				      struct drm_plane *cursor)
{
	struct primesim_crtc *pcrtc;
	int ret;

	pcrtc = drmm_crtc_alloc_with_planes(dev, struct primesim_crtc, base, primary, cursor,
					    &primesim_crtc_funcs, NULL);
	if (IS_ERR(pcrtc))
		return ERR_CAST(pcrtc);

	drm_crtc_helper_add(&pcrtc->base, &primesim_crtc_helper_funcs);
	drm_crtc_enable_color_mgmt(&pcrtc->base, PRIMESIM_LUT_SIZE, true, PRIMESIM_LUT_SIZE);
	ret = drm_mode_crtc_set_gamma_size(&pcrtc->base, PRIMESIM_LUT_SIZE);
	if (ret)
		return ERR_PTR(ret);
	drm_crtc_attach_background_color_property(&pcrtc->base);
	primesim_scanout_init(&pcrtc->scanout);
	ret = primesim_crc_init(&pcrtc->base);
	return ret ? ERR_PTR(ret) : &pcrtc->base;
}
