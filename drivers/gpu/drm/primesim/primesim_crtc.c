// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The CRTC. Its vblanks come from a timer at the mode's refresh rate.
 */
#include <linux/dma-fence.h>
#include <linux/hrtimer.h>
#include <linux/minmax.h>

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
	struct drm_vblank_crtc_timer *vtimer = primesim_vblank_timer(crtc);

	drm_crtc_vblank_off(crtc);

	/*
	 * The timer's interrupt may still be on its way to the locks under which
	 * the next enable starts the timer and waits for that interrupt.
	 */
	if (vtimer->crtc)
		hrtimer_cancel(&vtimer->timer);
	primesim_scanout_off(crtc);
}

/* How long a frame may wait for a picture on the monitors of a CRTC, or 0 */
static u64 primesim_crtc_longest_frame(struct drm_crtc *crtc, const struct drm_crtc_state *state)
{
	struct drm_connector_list_iter iter;
	struct drm_connector *connector;
	u32 slowest = 0;

	if (!state->vrr_enabled)
		return 0;

	drm_connector_list_iter_begin(crtc->dev, &iter);
	drm_for_each_connector_iter(connector, &iter)
		if (state->connector_mask & drm_connector_mask(connector))
			slowest = max(slowest, connector->display_info.monitor_range.min_vfreq);
	drm_connector_list_iter_end(&iter);
	return slowest ? div_u64(NSEC_PER_SEC, slowest) : 0;
}

static void primesim_crtc_atomic_flush(struct drm_crtc *crtc, struct drm_atomic_commit *commit)
{
	struct drm_crtc_state *state = drm_atomic_get_new_crtc_state(commit, crtc);

	primesim_scanout_set_longest(crtc, primesim_crtc_longest_frame(crtc, state));
	primesim_scanout_flush(crtc, state);
	primesim_writeback_start(crtc);
}

/**
 * primesim_crtc_handle_vblank_timeout - the time of a vblank has come
 * @crtc: the CRTC.
 *
 * Interrupt context. Signals out-fences.
 *
 * Returns: false when vblanks are off.
 */
bool primesim_crtc_handle_vblank_timeout(struct drm_crtc *crtc)
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
	PRIMESIM_VBLANK_HANDLER(primesim_crtc_handle_vblank_timeout)
};

/*
 * The count goes up by the frames from one of these times to the next, so none may be before
 * the last one. A frame that waits for its picture (VRR) has no vblank yet.
 */
static bool primesim_crtc_get_vblank_timestamp(struct drm_crtc *crtc, int *max_error,
					       ktime_t *time, bool in_vblank_irq)
{
	const struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	ktime_t counted;

	drm_crtc_vblank_count_and_time(crtc, &counted);
	if (!READ_ONCE(drm_crtc_vblank_crtc(crtc)->enabled))
		*time = ktime_get();
	else if (!in_vblank_irq && READ_ONCE(scanout->longest_ns))
		*time = counted;
	else
		*time = max(primesim_scanout_last_vblank(crtc), counted);
	return true;
}

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
	.enable_vblank = drm_crtc_vblank_helper_enable_vblank_timer,
	.disable_vblank = drm_crtc_vblank_helper_disable_vblank_timer,
	.get_vblank_timestamp = primesim_crtc_get_vblank_timestamp,
};

/**
 * primesim_crtc_create - create a CRTC
 * @dev: the device that releases it.
 * @primary: its picture's plane.
 * @cursor: its cursor's plane.
 *
 * Return: the CRTC or an error pointer.
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
	ret = primesim_vblank_init(&pcrtc->base);
	if (ret)
		return ERR_PTR(ret);
	ret = primesim_crc_init(&pcrtc->base);
	return ret ? ERR_PTR(ret) : &pcrtc->base;
}
