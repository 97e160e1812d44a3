// SPDX-License-Identifier: MIT
/*
 * A client of a camera: of its queue, its controls and events. Several of them share a node.
 */
#include <linux/camsim.h>
#include <string.h>
#include <unistd.h>
#include "video.h"

static void begin(struct actor *me)
{
	video_of(me)->fd = -1;
	video_reopen(me);
}

/* Without UNPLUG_IN: that is actor_unbind's, which plugs it in again. */
static const uint32_t controls[] = {
	V4L2_CID_CAMSIM_EARLY_FENCES, V4L2_CID_CAMSIM_DROP_FRAMES, V4L2_CID_CAMSIM_FREEZE_FRAMES,
	V4L2_CID_CAMSIM_CORRUPT_FRAMES, V4L2_CID_CAMSIM_ERROR_FRAMES, V4L2_CID_CAMSIM_FAULT_FRAMES,
	V4L2_CID_CAMSIM_SHORT_FRAMES, V4L2_CID_CAMSIM_WRONG_SEQUENCE_FRAMES,
	V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, V4L2_CID_CAMSIM_END_IN, V4L2_CID_CAMSIM_FAIL_IN,
	V4L2_CID_CAMSIM_STALL_MS, V4L2_CID_CAMSIM_DELAY_MS, V4L2_CID_CAMSIM_SOURCE_WIDTH,
	V4L2_CID_CAMSIM_SOURCE_HEIGHT, V4L2_CID_CAMSIM_SOURCE_RATE,
	V4L2_CID_CAMSIM_LATE_FRAMES, V4L2_CID_TEST_PATTERN, V4L2_CID_HFLIP,
	V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CID_BRIGHTNESS, V4L2_CID_CAMSIM_FRAME_STAMP,
	V4L2_CID_VBLANK,
};

static void control(struct actor *me)
{
	unsigned int which = actor_pick(me, ACTOR_COUNT(controls));
	struct v4l2_control control = {
		.id = actor_vary(me, controls[which]), .value = actor_pick(me, 3),
	};

	if (control.id == V4L2_CID_CAMSIM_UNPLUG_IN)
		return;
	/* A size that no frame has, or back */
	if (control.id == V4L2_CID_CAMSIM_SOURCE_WIDTH ||
	    control.id == V4L2_CID_CAMSIM_SOURCE_HEIGHT)
		control.value *= VIDEO_HEIGHT;
	if (control.id == V4L2_CID_CAMSIM_SOURCE_RATE)
		control.value *= 60;
	actor_ioctl(me, "S_CTRL", video_of(me)->fd, VIDIOC_S_CTRL, &control);
}

static void events(struct actor *me)
{
	static const uint32_t types[] = {
		V4L2_EVENT_CTRL, V4L2_EVENT_FRAME_SYNC, V4L2_EVENT_SOURCE_CHANGE, V4L2_EVENT_EOS,
	};
	struct v4l2_event_subscription subscription = {
		.type = actor_vary(me, types[actor_pick(me, 4)]),
		.id = actor_odds(me, 2) ? 0 : V4L2_CID_CAMSIM_EARLY_FENCES,
		.flags = actor_pick(me, 4),
	};
	bool off = actor_odds(me, 3);
	struct v4l2_event event = {};

	actor_ioctl(me, off ? "UNSUBSCRIBE_EVENT" : "SUBSCRIBE_EVENT", video_of(me)->fd,
		    off ? VIDIOC_UNSUBSCRIBE_EVENT : VIDIOC_SUBSCRIBE_EVENT, &subscription);
	actor_ioctl(me, "DQEVENT", video_of(me)->fd, VIDIOC_DQEVENT, &event);
}

static void selection(struct actor *me)
{
	struct v4l2_selection selection = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.target = actor_odds(me, 2) ? V4L2_SEL_TGT_CROP : V4L2_SEL_TGT_COMPOSE,
		.flags = actor_vary(me, 0),
		.r = {
			.left = actor_vary(me, 0), .top = actor_vary(me, 8),
			.width = actor_vary(me, 32), .height = actor_vary(me, 32),
		},
	};

	actor_ioctl(me, "S_SELECTION", video_of(me)->fd, VIDIOC_S_SELECTION, &selection);
}

static void info(struct actor *me)
{
	struct camsim_buffer_info info = {
		.index = actor_vary(me, actor_pick(me, 4)), .plane = actor_vary(me, 0),
	};

	actor_ioctl(me, "BUFFER_INFO", video_of(me)->fd, VIDIOC_CAMSIM_BUFFER_INFO, &info);
	/* Forty lines in the log, which others need as well */
	if (actor_odds(me, 50))
		actor_ioctl(me, "LOG_STATUS", video_of(me)->fd, VIDIOC_LOG_STATUS, NULL);
}

static void read_some(struct actor *me)
{
	char frame[4096];

	actor_does(me, "read a frame", 0, 0);
	actor_did(me, read(video_of(me)->fd, frame, sizeof(frame)));
}

static const actor_step steps[] = {
	video_reopen, video_format, video_request, video_create, video_remove, video_queue,
	video_queue, video_queue, video_queue, video_dequeue, video_dequeue, video_dequeue,
	video_export, video_export, video_map, video_stream_on, video_stream_on, video_stream_on,
	video_stream_off, video_poll, video_poll, video_parm, video_enumerate, control, control,
	control, events, selection, info, read_some, NULL,
};

const struct actor_kind actor_camera = {
	.name = "camera", .size = sizeof(struct video), .begin = begin, .steps = steps,
	.may_lack_memory = true,
};
