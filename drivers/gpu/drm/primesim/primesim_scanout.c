// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/hrtimer.h>
#include <linux/math64.h>

#include <drm/drm_atomic.h>
#include <drm/drm_blend.h>
#include <drm/drm_crtc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_plane.h>
#include <drm/drm_property.h>
#include <drm/drm_vblank.h>
#include <uapi/drm/primesim_drm.h>

#include <linux/simbuf.h>
#include <linux/simstamp.h>

#include "primesim_drv.h"
#include "primesim_gem.h"
#include "primesim_kms.h"
#include "primesim_reader.h"
#include "primesim_scanout.h"

/**
 * primesim_scanout_init - nothing is shown
 * @scanout: to initialise, zeroed.
 */
void primesim_scanout_init(struct primesim_scanout *scanout)
{
	spin_lock_init(&scanout->latch_lock);
}

static enum primesim_blend primesim_blend_mode(const struct drm_plane_state *state)
{
	switch (state->pixel_blend_mode) {
	case DRM_MODE_BLEND_PIXEL_NONE:
		return PRIMESIM_BLEND_NONE;
	case DRM_MODE_BLEND_COVERAGE:
		return PRIMESIM_BLEND_COVERAGE;
	default:
		return PRIMESIM_BLEND_PREMULTIPLIED;
	}
}

static struct primesim_layer primesim_layer_of(const struct drm_plane_state *state, bool active)
{
	return (struct primesim_layer) {
		.fb = active && state->visible ? state->fb : NULL,
		.source = state->src,
		.visible = state->dst,
		.rotation = state->rotation,
		.nearest = state->scaling_filter == DRM_SCALING_FILTER_NEAREST_NEIGHBOR,
		.blend = primesim_blend_mode(state),
		.alpha = state->alpha,
		.zpos = state->normalized_zpos,
		.encoding = state->color_encoding,
		.range = state->color_range,
	};
}

/**
 * primesim_scanout_stage - take down what a commit wants a plane to show
 * @crtc: the CRTC.
 * @crtc_state: its new state.
 * @state: the plane's new state.
 */
void primesim_scanout_stage(struct drm_crtc *crtc, const struct drm_crtc_state *crtc_state,
			    const struct drm_plane_state *state)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	struct primesim_layer layer = primesim_layer_of(state, crtc_state->active);

	spin_lock_irq(&scanout->latch_lock);
	scanout->staged.layers[to_primesim_plane(state->plane)->slot] = layer;
	spin_unlock_irq(&scanout->latch_lock);
}

static void primesim_scanout_changed_locked(struct drm_crtc *crtc)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	lockdep_assert_held(&scanout->latch_lock);

	scanout->shown.serial = ++scanout->serial;
	scanout->shown_since = drm_crtc_vblank_count(crtc);
}

/**
 * primesim_scanout_update_layer - change one layer at once
 * @crtc: the CRTC, which is active.
 * @state: the plane's new state. Nothing refers to the framebuffer of the old
 *	one when this returns, but for readers that have a reference.
 */
void primesim_scanout_update_layer(struct drm_crtc *crtc, const struct drm_plane_state *state)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	struct primesim_layer layer = primesim_layer_of(state, true);
	unsigned int slot = to_primesim_plane(state->plane)->slot;

	spin_lock_irq(&scanout->latch_lock);
	scanout->staged.layers[slot] = layer;
	scanout->next.layers[slot] = layer;
	scanout->shown.layers[slot] = layer;
	primesim_scanout_changed_locked(crtc);
	spin_unlock_irq(&scanout->latch_lock);
}

/**
 * primesim_scanout_get_staged - what the commit that is being carried out programmed
 * @crtc: the CRTC.
 * @picture: out: the picture; no references are taken.
 */
void primesim_scanout_get_staged(struct drm_crtc *crtc, struct primesim_picture *picture)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	spin_lock_irq(&scanout->latch_lock);
	*picture = scanout->staged;
	spin_unlock_irq(&scanout->latch_lock);
}

/**
 * primesim_scanout_set_longest - let frames wait for their picture, or not
 * @crtc: the CRTC.
 * @longest_ns: how long a frame may be, or 0 for frames of the mode's length.
 */
void primesim_scanout_set_longest(struct drm_crtc *crtc, u64 longest_ns)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	spin_lock_irq(&scanout->latch_lock);
	scanout->longest_ns = longest_ns;
	spin_unlock_irq(&scanout->latch_lock);
}

/* What belongs to the CRTC, not to a plane of it */
static void primesim_scanout_stage_crtc(struct primesim_picture *staged,
					const struct drm_crtc_state *state)
{
	staged->width = state->mode.hdisplay;
	staged->height = state->mode.vdisplay;
	staged->background = PRIMESIM_BACKGROUND(state) | PRIMESIM_WIDE_ALPHA;
	staged->degamma = state->degamma_lut;
	staged->ctm = state->ctm;
	staged->gamma = state->gamma_lut;
}

static void primesim_scanout_latch_locked(struct drm_crtc *crtc)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	lockdep_assert_held(&scanout->latch_lock);

	scanout->shown = scanout->next;
	scanout->armed = false;
	primesim_scanout_changed_locked(crtc);
}

/*
 * Hand the commit's event to the vblank that will latch its picture. @vblank: a
 * vblank reference was taken for it. Without one the event is sent at once.
 */
static bool primesim_scanout_arm_locked(struct drm_crtc *crtc,
					struct drm_pending_vblank_event *event, bool vblank)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	lockdep_assert_held(&scanout->latch_lock);

	if (!event)
		return false;

	spin_lock(&crtc->dev->event_lock);
	if (vblank) {
		drm_crtc_arm_vblank_event(crtc, event);
		scanout->next_at = event->sequence;
	} else {
		drm_crtc_send_vblank_event(crtc, event);
	}
	spin_unlock(&crtc->dev->event_lock);
	return vblank;
}

/**
 * primesim_scanout_last_vblank - when the last vblank was
 * @crtc: the CRTC, whose vblanks are on.
 *
 * By the clock, as a display that counts by itself has it, whether or not the timer's
 * interrupt came yet. What is flipped after a vblank's time is so shown at the next one,
 * however late the interrupt is.
 *
 * Return: its time, of CLOCK_MONOTONIC.
 */
ktime_t primesim_scanout_last_vblank(struct drm_crtc *crtc)
{
	s32 since, frame = drm_crtc_vblank_crtc(crtc)->framedur_ns;
	ktime_t next = hrtimer_get_expires(&primesim_vblank_timer(crtc)->timer);
	s64 late = ktime_to_ns(ktime_sub(ktime_get(), next));

	div_s64_rem(late, frame, &since);
	if (since < 0)
		since += frame;
	return ktime_add_ns(next, late - since);
}

/* The picture that the frame waited for is there. */
static void primesim_scanout_wake_locked(struct drm_crtc *crtc)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	lockdep_assert_held(&scanout->latch_lock);

	scanout->waiting = false;
	hrtimer_start(&primesim_vblank_timer(crtc)->timer, 0, HRTIMER_MODE_REL);
}

/*
 * Whether the vblank has to wait, as there is no new picture yet (VRR), or as a
 * picture came and the frame would be shorter than the mode's. Called by the timer,
 * which is then set for the time that it has to wait for.
 */
static bool primesim_scanout_wait_locked(struct drm_crtc *crtc)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	ktime_t due;

	lockdep_assert_held(&scanout->latch_lock);

	scanout->waiting = false;
	if (!scanout->longest_ns)
		return false;

	drm_crtc_vblank_count_and_time(crtc, &due);
	due = ktime_add_ns(due, scanout->armed ? drm_crtc_vblank_crtc(crtc)->framedur_ns :
						 scanout->longest_ns);
	if (ktime_compare(ktime_get(), due) >= 0)
		return false;

	scanout->waiting = !scanout->armed;
	hrtimer_set_expires(&primesim_vblank_timer(crtc)->timer, due);
	return true;
}

/**
 * primesim_scanout_flush - show what was staged from the next vblank on
 * @crtc: the CRTC.
 * @crtc_state: its new state; its event is sent at that vblank. An asynchronous
 *	flip does not wait for it.
 */
void primesim_scanout_flush(struct drm_crtc *crtc, struct drm_crtc_state *crtc_state)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	/* Starts the timer, which may wait for its last interrupt: not under latch_lock. */
	bool vblank = crtc_state->event && !crtc_state->async_flip &&
		      drm_crtc_vblank_get(crtc) == 0;

	spin_lock_irq(&scanout->latch_lock);
	primesim_scanout_stage_crtc(&scanout->staged, crtc_state);
	scanout->next = scanout->staged;
	scanout->armed = primesim_scanout_arm_locked(crtc, crtc_state->event, vblank);
	if (!scanout->armed)
		primesim_scanout_latch_locked(crtc);
	else if (scanout->waiting)
		primesim_scanout_wake_locked(crtc);
	spin_unlock_irq(&scanout->latch_lock);

	crtc_state->event = NULL;
}

/**
 * primesim_scanout_vblank - a vblank: latch, and tell those who wait for it
 * @crtc: the CRTC. Called from its timer's interrupt.
 *
 * Latching and sending the event are one step, so that whoever gets the event
 * finds the new picture shown.
 *
 * With a variable refresh rate, the frame may be made longer instead.
 *
 * Returns: false when vblanks were switched off meanwhile.
 */
bool primesim_scanout_vblank(struct drm_crtc *crtc)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	unsigned long flags;
	bool on;

	spin_lock_irqsave(&scanout->latch_lock, flags);
	if (primesim_scanout_wait_locked(crtc)) {
		on = true;
	} else {
		on = drm_crtc_handle_vblank(crtc);
		if (on && scanout->armed && drm_crtc_vblank_count(crtc) >= scanout->next_at)
			primesim_scanout_latch_locked(crtc);
	}
	spin_unlock_irqrestore(&scanout->latch_lock, flags);
	return on;
}

/**
 * primesim_scanout_settle - let go of the picture before the last flush
 * @crtc: the CRTC, whose vblank did not come.
 */
void primesim_scanout_settle(struct drm_crtc *crtc)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	spin_lock_irq(&scanout->latch_lock);
	if (scanout->armed)
		primesim_scanout_latch_locked(crtc);
	spin_unlock_irq(&scanout->latch_lock);
}

/**
 * primesim_scanout_off - show nothing
 * @crtc: the CRTC, whose vblanks are off.
 */
void primesim_scanout_off(struct drm_crtc *crtc)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;

	spin_lock_irq(&scanout->latch_lock);
	scanout->next = (struct primesim_picture) { };
	primesim_scanout_latch_locked(crtc);
	spin_unlock_irq(&scanout->latch_lock);
}

static void primesim_picture_hold(struct primesim_picture *picture)
{
	int i;

	for (i = 0; i < PRIMESIM_LAYERS; i++)
		if (picture->layers[i].fb)
			drm_framebuffer_get(picture->layers[i].fb);
	if (picture->degamma)
		drm_property_blob_get(picture->degamma);
	if (picture->ctm)
		drm_property_blob_get(picture->ctm);
	if (picture->gamma)
		drm_property_blob_get(picture->gamma);
}

/**
 * primesim_scanout_get - what is shown now
 * @crtc: the CRTC.
 * @picture: out: the picture, for primesim_picture_put().
 *
 * Returns: the vblank count since which it is shown.
 */
u64 primesim_scanout_get(struct drm_crtc *crtc, struct primesim_picture *picture)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	u64 since;

	spin_lock_irq(&scanout->latch_lock);
	*picture = scanout->shown;
	since = scanout->shown_since;
	primesim_picture_hold(picture);
	spin_unlock_irq(&scanout->latch_lock);
	return since;
}

/**
 * primesim_scanout_shows - is a picture still shown?
 * @crtc: the CRTC.
 * @picture: from primesim_scanout_get().
 *
 * Returns: false when another one was shown meanwhile. What this one shows may have been drawn
 * over since then.
 */
bool primesim_scanout_shows(struct drm_crtc *crtc, const struct primesim_picture *picture)
{
	struct primesim_scanout *scanout = &to_primesim_crtc(crtc)->scanout;
	bool shows;

	spin_lock_irq(&scanout->latch_lock);
	shows = scanout->shown.serial == picture->serial;
	spin_unlock_irq(&scanout->latch_lock);
	return shows;
}

/**
 * primesim_picture_put - drop a picture's references
 * @picture: from primesim_scanout_get().
 */
void primesim_picture_put(struct primesim_picture *picture)
{
	int i;

	for (i = 0; i < PRIMESIM_LAYERS; i++)
		if (picture->layers[i].fb)
			drm_framebuffer_put(picture->layers[i].fb);
	drm_property_blob_put(picture->degamma);
	drm_property_blob_put(picture->ctm);
	drm_property_blob_put(picture->gamma);
}

static void primesim_picture_unmap_layers(struct primesim_picture *picture, int count)
{
	while (count--)
		if (picture->layers[count].fb)
			primesim_fb_unmap_display(picture->layers[count].fb);
}

/**
 * primesim_picture_map - let the display reach what a picture shows
 * @picture: from primesim_scanout_get(): its planes may show something else by now.
 *
 * Returns: 0, or why the display cannot reach it.
 */
int primesim_picture_map(struct primesim_picture *picture)
{
	int i, ret;

	for (i = 0; i < PRIMESIM_LAYERS; i++) {
		if (!picture->layers[i].fb)
			continue;
		ret = primesim_fb_map_display(picture->layers[i].fb);
		if (ret)
			goto unmap_layers;
	}
	return 0;

unmap_layers:
	primesim_picture_unmap_layers(picture, i);
	return ret;
}

/**
 * primesim_picture_unmap - undo primesim_picture_map()
 * @picture: the picture.
 */
void primesim_picture_unmap(struct primesim_picture *picture)
{
	primesim_picture_unmap_layers(picture, PRIMESIM_LAYERS);
}

/* The upper bit of green: the stamp's cells have no colour. */
#define PRIMESIM_STAMP_WHITE		(0x8000ull << PRIMESIM_WIDE_G)
#define PRIMESIM_STAMP_WHITE_NARROW	0x8000u

/* One line of the stamp's cells. To make pixels wide takes longer than all the rest. */
static int primesim_stamp_read_line(struct primesim_reader *reader, u32 line, u8 *bytes)
{
	u32 y = simstamp_cell_centre(reader->fb->height, SIMSTAMP_V_CELLS, line);
	bool narrow = primesim_reader_is_narrow(reader);
	const void *row;
	u32 column;

	row = narrow ? (const void *)primesim_reader_narrow_line(reader, y) :
		       primesim_reader_line(reader, y);
	if (IS_ERR(row))
		return PTR_ERR(row);

	for (column = 0; column < SIMSTAMP_COLUMNS; column++) {
		u32 x = simstamp_cell_centre(reader->fb->width, SIMSTAMP_H_CELLS, column);
		u32 bit = line * SIMSTAMP_COLUMNS + column;

		if (narrow ? ((const u32 *)row)[x] & PRIMESIM_STAMP_WHITE_NARROW :
			     ((const u64 *)row)[x] & PRIMESIM_STAMP_WHITE)
			bytes[bit / 8] |= 0x80 >> bit % 8;
	}
	return 0;
}

/* The framebuffer as it is, however the plane turns it */
static int primesim_stamp_read_lines(struct primesim_reader *reader,
				     const struct primesim_layer *layer, u8 bytes[SIMSTAMP_BYTES])
{
	struct primesim_layer upright = *layer;
	int ret, err;
	u32 line;

	upright.rotation = DRM_MODE_ROTATE_0;
	ret = primesim_reader_open(reader, &upright, 0, reader->pixels);
	for (line = 0; line < SIMSTAMP_LINES && !ret; line++)
		ret = primesim_stamp_read_line(reader, line, bytes);
	err = primesim_reader_close(reader);
	return ret ?: err;
}

static int primesim_stamp_read(const struct primesim_layer *layer, u8 bytes[SIMSTAMP_BYTES])
{
	struct drm_framebuffer *fb = layer->fb;
	struct primesim_reader reader;
	int ret;

	memset(bytes, 0, SIMSTAMP_BYTES);
	if (fb->width < SIMSTAMP_MIN_WIDTH || fb->height < SIMSTAMP_MIN_HEIGHT)
		return 0;

	ret = primesim_reader_alloc(&reader, simstamp_cell_start(fb->width, SIMSTAMP_H_CELLS,
								 SIMSTAMP_COLUMNS), false);
	if (ret)
		return ret;
	ret = primesim_fb_map_display(fb);
	if (!ret) {
		ret = primesim_stamp_read_lines(&reader, layer, bytes);
		primesim_fb_unmap_display(fb);
	}
	primesim_reader_free(&reader);
	return ret;
}

static u32 primesim_stamp_status(enum simstamp_status status)
{
	switch (status) {
	case SIMSTAMP_VALID:
		return DRM_PRIMESIM_STAMP_VALID;
	case SIMSTAMP_DAMAGED:
		return DRM_PRIMESIM_STAMP_DAMAGED;
	case SIMSTAMP_NONE:
		break;
	}
	return DRM_PRIMESIM_STAMP_NONE;
}

static int primesim_scanout_describe(const struct primesim_layer *layer,
				     struct drm_primesim_scanout_info *args)
{
	struct primesim_bo *bo = to_primesim_bo(drm_gem_fb_get_obj(layer->fb, 0));
	struct simstamp stamp = { };
	u8 bytes[SIMSTAMP_BYTES];
	int ret;

	ret = primesim_stamp_read(layer, bytes);
	if (ret)
		return ret;

	args->fb_id = layer->fb->base.id;
	args->format = layer->fb->format->format;
	args->stamp_status = primesim_stamp_status(simstamp_decode(bytes, &stamp));
	args->stamp_sequence = stamp.sequence;
	args->stamp_camera = stamp.camera;
	args->stamp_timestamp = stamp.timestamp;
	simbuf_describe(primesim_bo_attachment(bo, PRIMESIM_DISPLAY), &args->info);
	return 0;
}

int primesim_ioctl_scanout_info(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct drm_primesim_scanout_info *args = data;
	u32 crtc_id = args->crtc_id;
	struct primesim_picture picture;
	struct drm_crtc *crtc;
	int ret = 0;

	crtc = drm_crtc_find(dev, file, crtc_id);
	if (!crtc)
		return simbuf_refuse(-ENOENT, NULL, to_primesim_device(dev)->display,
				     "SCANOUT_INFO: no CRTC %u", crtc_id);

	*args = (struct drm_primesim_scanout_info) { .crtc_id = crtc_id };
	args->vblank = primesim_scanout_get(crtc, &picture);
	/* The primary plane's */
	if (picture.layers[0].fb)
		ret = primesim_scanout_describe(&picture.layers[0], args);
	primesim_picture_put(&picture);
	return ret;
}
