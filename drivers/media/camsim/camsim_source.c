// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: source change
 *
 * A source that changes its size ends the stream as V4L2 has it for decoders: the
 * last frame of the old size has V4L2_BUF_FLAG_LAST, DQBUF gives EPIPE after it, and
 * V4L2_EVENT_SOURCE_CHANGE comes. Whoever asks for the format after any of these is
 * told the new one. STREAMOFF, new buffers where the old ones are too small, and
 * STREAMON go on with it. One that changes its rate only needs no other buffers: the
 * stream goes on.
 *
 * The stream's thread finds out, and cannot change what the camera tells, for which it
 * would need &camsim.lock. So it leaves a note. The note is settled by a work at once, or
 * by whoever has the lock before and is about to tell userspace of the end: DQBUF of
 * the last frame, and STREAMOFF.
 */
#include <linux/cleanup.h>
#include <linux/lockdep.h>

#include "camsim_drv.h"
#include "camsim_event.h"
#include "camsim_format.h"
#include "camsim_sensor.h"
#include "camsim_source.h"
#include "camsim_video.h"

/* False when there is nothing new. */
static bool camsim_source_take(struct camsim_source *source, struct camsim_source_mode *mode)
{
	guard(spinlock)(&source->lock);
	*mode = source->mode;
	source->mode = (struct camsim_source_mode) {};
	return camsim_source_resized(mode) || mode->rate;
}

static void camsim_source_resize(struct camsim *cam, const struct camsim_source_mode *mode)
{
	struct v4l2_pix_format_mplane pix = {
		.width = mode->width ?: cam->pix.width,
		.height = mode->height ?: cam->pix.height,
		.pixelformat = cam->pix.pixelformat,
	};

	camsim_format_adjust(&pix, cam->mplane);
	camsim_video_take_format(cam, &pix);
}

/**
 * camsim_source_settle - let the camera tell what the source has become
 * @cam: the camera, its lock held. If the size has changed its stream has ended, or is
 *	about to.
 *
 * Sends the event, if there was a change.
 */
void camsim_source_settle(struct camsim *cam)
{
	struct camsim_source_mode mode;

	lockdep_assert_held(&cam->lock);
	if (!camsim_source_take(&cam->source, &mode))
		return;

	if (camsim_source_resized(&mode))
		camsim_source_resize(cam, &mode);
	if (mode.rate)
		camsim_sensor_set_interval(cam, &(struct v4l2_fract) { 1, mode.rate });
	camsim_event_source_change(cam);
}

static void camsim_source_work(struct work_struct *work)
{
	struct camsim *cam = container_of(work, struct camsim, source.work);

	guard(mutex)(&cam->lock);
	camsim_source_settle(cam);
}

/* What comes later counts. */
static void camsim_source_note(struct camsim_source *source, const struct camsim_source_mode *mode)
{
	guard(spinlock)(&source->lock);
	source->mode.width = mode->width ?: source->mode.width;
	source->mode.height = mode->height ?: source->mode.height;
	source->mode.rate = mode->rate ?: source->mode.rate;
}

/**
 * camsim_source_change - the source is another one from now on
 * @cam: the camera.
 * @mode: what has changed. When nothing has it is announced, and that is all.
 *
 * Allocates nothing and takes no lock but spinlocks. When the size has changed no frame
 * of the stream may follow, but the one with V4L2_BUF_FLAG_LAST.
 */
void camsim_source_change(struct camsim *cam, const struct camsim_source_mode *mode)
{
	if (!camsim_source_resized(mode) && !mode->rate) {
		camsim_event_source_change(cam);
		return;
	}
	camsim_source_note(&cam->source, mode);
	schedule_work(&cam->source.work);
}

/* For the driver's remove(): there is no stream any more. */
void camsim_source_cancel(struct camsim *cam)
{
	cancel_work_sync(&cam->source.work);
}

void camsim_source_init(struct camsim *cam)
{
	spin_lock_init(&cam->source.lock);
	INIT_WORK(&cam->source.work, camsim_source_work);
}
