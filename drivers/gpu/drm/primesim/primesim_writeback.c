// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * DOC: life of a shot
 * Prepared with its commit: the memory is mapped and everything allocated, as the
 * out-fence that waits for the shot must not wait for memory. Started when the
 * commit programs the CRTC, with a copy of the picture. The framebuffers in it
 * stay mapped until a later commit replaces them, and that waits for the shot.
 */
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_encoder.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>
#include <drm/drm_writeback.h>

#include <linux/simbuf.h>

#include "primesim_compose.h"
#include "primesim_drv.h"
#include "primesim_format.h"
#include "primesim_gem.h"
#include "primesim_kms.h"
#include "primesim_wide.h"
#include "primesim_writeback.h"

#define PRIMESIM_WRITEBACK_MAX_FORMATS	16

/**
 * struct primesim_shot - one picture to be written, &drm_writeback_job.priv
 * @work: takes it.
 * @writeback: the connector.
 * @fb: where to. The job holds it, mapped.
 * @format: of @fb.
 * @picture: what.
 * @window: access to @fb.
 * @staging: a line in the format of @fb.
 */
struct primesim_shot {
	struct work_struct work;
	struct primesim_writeback *writeback;
	struct drm_framebuffer *fb;
	const struct primesim_format *format;
	struct primesim_picture picture;
	struct simdev_window window;
	u8 staging[PRIMESIM_MAX_MODE_SIZE * sizeof(u64)];
};

static struct primesim_writeback *to_primesim_writeback(struct drm_writeback_connector *base)
{
	return container_of(base, struct primesim_writeback, base);
}

static struct primesim_writeback *connector_to_writeback(struct drm_connector *connector)
{
	return to_primesim_writeback(drm_connector_to_writeback(connector));
}

/* One number a pixel: of the Y'CbCr formats none */
static bool primesim_writeback_has_format(const struct primesim_format *format)
{
	return format->pack || format->pack_wide;
}

/* Formats that rows can be written in */
static u32 primesim_writeback_formats(u32 fourccs[PRIMESIM_WRITEBACK_MAX_FORMATS])
{
	u32 i, count = 0;

	for (i = 0; i < primesim_format_count && count < PRIMESIM_WRITEBACK_MAX_FORMATS; i++)
		if (primesim_writeback_has_format(&primesim_formats[i]))
			fourccs[count++] = primesim_formats[i].fourcc;
	return count;
}

/* Where the framebuffer's line @y is to be written */
static void *primesim_shot_line_at(struct primesim_shot *shot, u32 y, u32 width)
{
	return simdev_window_at(&shot->window,
				shot->fb->offsets[0] + (size_t)y * shot->fb->pitches[0],
				primesim_format_row_bytes(shot->format, 0, width));
}

static int primesim_shot_line(void *data, u32 y, const u32 *line, u32 width)
{
	struct primesim_shot *shot = data;
	void *out = primesim_shot_line_at(shot, y, width);

	if (IS_ERR(out))
		return PTR_ERR(out);

	shot->format->pack(out, line, width);
	return 0;
}

static int primesim_shot_wide_line(void *data, u32 y, const u64 *line, u32 width)
{
	struct primesim_shot *shot = data;
	void *out = primesim_shot_line_at(shot, y, width);

	if (IS_ERR(out))
		return PTR_ERR(out);

	shot->format->pack_wide(out, line, width);
	return 0;
}

static int primesim_shot_compose(struct primesim_shot *shot)
{
	struct primesim_composer *composer = shot->writeback->composer;

	if (shot->format->pack_wide)
		return primesim_compose_wide(composer, &shot->picture, primesim_shot_wide_line,
					     shot);
	return primesim_compose(composer, &shot->picture, primesim_shot_line, shot);
}

static int primesim_shot_take(struct primesim_shot *shot)
{
	struct primesim_bo *bo = to_primesim_bo(drm_gem_fb_get_obj(shot->fb, 0));
	int ret, err;

	simbuf_window_open(&shot->window, primesim_bo_attachment(bo, PRIMESIM_WRITEBACK),
			   DMA_FROM_DEVICE, shot->staging, sizeof(shot->staging));
	ret = primesim_shot_compose(shot);
	err = simdev_window_close(&shot->window);
	return ret ?: err;
}

/* The job and with it the shot are gone when its completion was signalled. */
static void primesim_shot_work(struct work_struct *work)
{
	struct primesim_shot *shot = container_of(work, struct primesim_shot, work);
	struct drm_writeback_connector *base = &shot->writeback->base;
	bool cookie = dma_fence_begin_signalling();
	int idx, ret = -ENODEV;

	if (drm_dev_enter(base->base.dev, &idx)) {
		ret = primesim_shot_take(shot);
		drm_dev_exit(idx);
	}
	drm_writeback_signal_completion(base, ret);
	dma_fence_end_signalling(cookie);
}

/**
 * primesim_writeback_is_busy - are there shots?
 * @crtc: the CRTC. While it is locked, none can come.
 *
 * Return: whether any are asked for or being taken.
 */
bool primesim_writeback_is_busy(struct drm_crtc *crtc)
{
	return atomic_read(&to_primesim_crtc(crtc)->writeback.shots);
}

/**
 * primesim_writeback_start - a commit has programmed its CRTC
 * @crtc: the CRTC.
 */
void primesim_writeback_start(struct drm_crtc *crtc)
{
	struct primesim_writeback *writeback = &to_primesim_crtc(crtc)->writeback;
	struct primesim_shot *shot = writeback->staged;

	if (!shot)
		return;

	writeback->staged = NULL;
	primesim_scanout_get_staged(crtc, &shot->picture);
	queue_work(writeback->queue, &shot->work);
}

/**
 * primesim_writeback_drain - wait for the shots of earlier commits
 * @crtc: the CRTC. Its framebuffers may be unmapped then.
 */
void primesim_writeback_drain(struct drm_crtc *crtc)
{
	/* Flushing takes locks that all workqueues share, even if there is nothing to wait for. */
	if (primesim_writeback_is_busy(crtc))
		flush_workqueue(to_primesim_crtc(crtc)->writeback.queue);
}

/**
 * primesim_writeback_unplug - wait until nothing of this module's is called any more
 * @dev: the device; its CRTCs are off, and no commit can come.
 */
void primesim_writeback_unplug(struct drm_device *dev)
{
	struct drm_crtc *crtc;

	drm_for_each_crtc(crtc, dev) {
		struct primesim_writeback *writeback = &to_primesim_crtc(crtc)->writeback;

		wait_event(writeback->idle, !atomic_read(&writeback->shots));
	}
}

static struct primesim_shot *primesim_shot_create(struct primesim_writeback *writeback,
						  struct drm_framebuffer *fb)
{
	struct primesim_shot *shot;
	int ret;

	if (!writeback->composer)
		writeback->composer = primesim_composer_create();
	if (!writeback->composer)
		return ERR_PTR(-ENOMEM);

	shot = kvzalloc_obj(*shot);
	if (!shot)
		return ERR_PTR(-ENOMEM);

	ret = primesim_bo_map_display(to_primesim_bo(drm_gem_fb_get_obj(fb, 0)),
				      PRIMESIM_WRITEBACK);
	if (ret) {
		kvfree(shot);
		return ERR_PTR(ret);
	}
	INIT_WORK(&shot->work, primesim_shot_work);
	shot->writeback = writeback;
	shot->fb = fb;
	shot->format = primesim_format_find(fb->format->format);
	atomic_inc(&writeback->shots);
	return shot;
}

static int primesim_writeback_prepare_job(struct drm_writeback_connector *base,
					  struct drm_writeback_job *job)
{
	struct primesim_shot *shot;

	if (!job->fb)
		return 0;

	shot = primesim_shot_create(to_primesim_writeback(base), job->fb);
	if (IS_ERR(shot))
		return PTR_ERR(shot);
	job->priv = shot;
	return 0;
}

/* Drops the framebuffer in the core's place: unplugging waits for this, not for the core. */
static void primesim_writeback_cleanup_job(struct drm_writeback_connector *base,
					   struct drm_writeback_job *job)
{
	struct primesim_writeback *writeback = to_primesim_writeback(base);

	if (!job->priv)
		return;

	primesim_bo_unmap_display(to_primesim_bo(drm_gem_fb_get_obj(job->fb, 0)),
				  PRIMESIM_WRITEBACK);
	kvfree(job->priv);
	drm_framebuffer_put(job->fb);
	job->fb = NULL;
	if (atomic_dec_and_test(&writeback->shots))
		wake_up_all(&writeback->idle);
}

static int primesim_writeback_atomic_check(struct drm_connector *connector,
					   struct drm_atomic_commit *commit)
{
	struct drm_connector_state *state = drm_atomic_get_new_connector_state(commit, connector);
	struct drm_framebuffer *fb = state->writeback_job ? state->writeback_job->fb : NULL;
	struct simdev *display = to_primesim_device(connector->dev)->display;
	const struct drm_display_mode *mode;

	if (!fb || !state->crtc)
		return 0;

	mode = &drm_atomic_get_new_crtc_state(commit, state->crtc)->mode;
	if (fb->width != mode->hdisplay || fb->height != mode->vdisplay)
		return simbuf_refuse(-EINVAL, NULL, display,
				     "writeback of %ux%u into a framebuffer of %ux%u",
				     mode->hdisplay, mode->vdisplay, fb->width, fb->height);
	if (drm_atomic_helper_check_wb_connector_state(connector, commit))
		return simbuf_refuse(-EINVAL, NULL, display, "writeback: %p4cc is not written",
				     &fb->format->format);
	if (fb->modifier != DRM_FORMAT_MOD_LINEAR)
		return simbuf_refuse(-EINVAL, NULL, display,
				     "writeback: modifier %#llx is not written, linear only",
				     fb->modifier);
	return 0;
}

static void primesim_writeback_atomic_commit(struct drm_connector *connector,
					     struct drm_atomic_commit *commit)
{
	struct drm_connector_state *state = drm_atomic_get_new_connector_state(commit, connector);
	struct primesim_writeback *writeback = connector_to_writeback(connector);

	writeback->staged = state->writeback_job->priv;
	drm_writeback_queue_job(&writeback->base, state);
}

static int primesim_writeback_get_modes(struct drm_connector *connector)
{
	return drm_add_modes_noedid(connector, PRIMESIM_MAX_MODE_SIZE, PRIMESIM_MAX_MODE_SIZE);
}

static const struct drm_connector_helper_funcs primesim_writeback_helper_funcs = {
	.get_modes = primesim_writeback_get_modes,
	.prepare_writeback_job = primesim_writeback_prepare_job,
	.cleanup_writeback_job = primesim_writeback_cleanup_job,
	.atomic_check = primesim_writeback_atomic_check,
	.atomic_commit = primesim_writeback_atomic_commit,
};

static const struct drm_connector_funcs primesim_writeback_funcs = {
	.fill_modes = drm_helper_probe_single_connector_modes,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
	.destroy = PRIMESIM_WRITEBACK_DESTROY,
};

static void primesim_writeback_release(struct drm_device *dev, void *data)
{
	struct primesim_writeback *writeback = data;

	primesim_composer_destroy(writeback->composer);
}

/**
 * primesim_writeback_create - create a CRTC's writeback connector
 * @dev: the device that releases it.
 * @crtc: the CRTC.
 *
 * Return: 0 or an error.
 */
int primesim_writeback_create(struct drm_device *dev, struct drm_crtc *crtc)
{
	struct primesim_writeback *writeback = &to_primesim_crtc(crtc)->writeback;
	u32 fourccs[PRIMESIM_WRITEBACK_MAX_FORMATS];
	u32 count = primesim_writeback_formats(fourccs);
	struct drm_encoder *encoder;
	int ret;

	init_waitqueue_head(&writeback->idle);
	writeback->queue = drmm_alloc_ordered_workqueue(dev, "primesim-writeback", 0);
	if (IS_ERR(writeback->queue))
		return PTR_ERR(writeback->queue);
	ret = drmm_add_action_or_reset(dev, primesim_writeback_release, writeback);
	if (ret)
		return ret;

	encoder = drmm_plain_encoder_alloc(dev, NULL, DRM_MODE_ENCODER_VIRTUAL, NULL);
	if (IS_ERR(encoder))
		return PTR_ERR(encoder);
	encoder->possible_crtcs = drm_crtc_mask(crtc);

	drm_connector_helper_add(&writeback->base.base, &primesim_writeback_helper_funcs);
	return drmm_writeback_connector_init(dev, &writeback->base, &primesim_writeback_funcs,
					     encoder, fourccs, count);
}
