// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What the camera tells those who subscribed, besides frames.
 */
#include <media/v4l2-ctrls.h>
#include <media/v4l2-event.h>

#include "camsim_drv.h"
#include "camsim_event.h"

/* Frames that a client may sleep through and still know of each */
#define CAMSIM_FRAME_SYNCS	4

/**
 * camsim_event_subscribe_frame_sync - subscribe where frames come in
 * @fh: the open file, of the capture node or of the bridge.
 * @sub: which event.
 *
 * Return: 0, -EINVAL for another event, or -ENOMEM.
 */
int camsim_event_subscribe_frame_sync(struct v4l2_fh *fh,
				      const struct v4l2_event_subscription *sub)
{
	if (sub->type != V4L2_EVENT_FRAME_SYNC || sub->id)
		return -EINVAL;
	return v4l2_event_subscribe(fh, sub, CAMSIM_FRAME_SYNCS, NULL);
}

/**
 * camsim_event_subscribe - VIDIOC_SUBSCRIBE_EVENT
 * @fh: the open file.
 * @sub: which event.
 *
 * Return: 0, -EINVAL for events that no camera sends or that are of another input
 * than the only one, or -ENOMEM.
 */
int camsim_event_subscribe(struct v4l2_fh *fh, const struct v4l2_event_subscription *sub)
{
	if (sub->type != V4L2_EVENT_CTRL && sub->id)
		return -EINVAL;

	switch (sub->type) {
	case V4L2_EVENT_EOS:
		return v4l2_event_subscribe(fh, sub, 1, NULL);
	case V4L2_EVENT_FRAME_SYNC:
		return camsim_event_subscribe_frame_sync(fh, sub);
	case V4L2_EVENT_SOURCE_CHANGE:
		return v4l2_src_change_event_subscribe(fh, sub);
	default:
		return v4l2_ctrl_subscribe_event(fh, sub);
	}
}

/* The following allocate nothing and may be called where a fence is being signalled. */

/* The sensor has begun frame @sequence, whether it is going to be delivered or not. */
void camsim_event_frame_sync(struct camsim *cam, u32 sequence)
{
	const struct v4l2_event event = {
		.type = V4L2_EVENT_FRAME_SYNC,
		.u.frame_sync.frame_sequence = sequence,
	};

	v4l2_event_queue(&cam->vdev, &event);
	v4l2_event_queue(cam->graph.bridge.devnode, &event);
}

void camsim_event_source_change(struct camsim *cam)
{
	const struct v4l2_event event = {
		.type = V4L2_EVENT_SOURCE_CHANGE,
		.u.src_change.changes = V4L2_EVENT_SRC_CH_RESOLUTION,
	};

	v4l2_event_queue(&cam->vdev, &event);
}

/* The buffer with V4L2_BUF_FLAG_LAST was the last one. */
void camsim_event_end_of_stream(struct camsim *cam)
{
	const struct v4l2_event event = { .type = V4L2_EVENT_EOS };

	v4l2_event_queue(&cam->vdev, &event);
}
