// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: source change
 *
 * A source that changes its size ends the stream as V4L2 has it for decoders: the
 * last frame of the old size has V4L2_BUF_FLAG_LAST, DQBUF gives EPIPE after it, and
 * V4L2_EVENT_SOURCE_CHANGE comes. Whoever asks for the format after any of these is
 * told the new one. STREAMOFF, new buffers where the old ones are too small, and
 * STREAMON go on with it.
 *
 * The stream's thread finds out, and cannot change the format, for which it would
 * need &camsim.lock. So it leaves a note. The note is settled by a work at once, or
 * by whoever has the lock before and is about to tell userspace of the end: DQBUF of
 * the last frame, and STREAMOFF.
 */
#include <linux/cleanup.h>
#include <linux/lockdep.h>

#include "camsim_drv.h"
#include "camsim_event.h"
#include "camsim_format.h"
#include "camsim_source.h"
#include "camsim_video.h"

/* False when there is nothing new. */
static bool camsim_source_take(struct camsim_source *source, u32 *width, u32 *height)
{
	guard(spinlock)(&source->lock);
	*width = source->width;
	*height = source->height;
	source->width = 0;
	source->height = 0;
	return *width || *height;
}

/**
 * camsim_source_settle - make the camera's format that of the source
 * @cam: the camera, its lock held. Its stream has ended, or is about to.
 *
 * Sends the event, if there was a change.
 */
void camsim_source_settle(struct camsim *cam)
{
	struct v4l2_pix_format_mplane pix = { .pixelformat = cam->pix.pixelformat };

	lockdep_assert_held(&cam->lock);
	if (!camsim_source_take(&cam->source, &pix.width, &pix.height))
		return;

	if (!pix.width)
		pix.width = cam->pix.width;
	if (!pix.height)
		pix.height = cam->pix.height;
	camsim_format_adjust(&pix, cam->mplane);
	camsim_video_take_format(cam, &pix);
	camsim_event_source_change(cam);
}

static void camsim_source_work(struct work_struct *work)
{
	struct camsim *cam = container_of(work, struct camsim, source.work);

	guard(mutex)(&cam->lock);
	camsim_source_settle(cam);
}

/**
 * camsim_source_change - the source has another size from now on
 * @cam: the camera.
 * @width: pixels, or 0: as many as before.
 * @height: lines, or 0: as many as before. One of the two is not 0.
 *
 * Allocates nothing and takes no lock but a spinlock. No frame of the stream may
 * follow, but the one with V4L2_BUF_FLAG_LAST.
 */
void camsim_source_change(struct camsim *cam, u32 width, u32 height)
{
	spin_lock(&cam->source.lock);
	cam->source.width = width;
	cam->source.height = height;
	spin_unlock(&cam->source.lock);
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
