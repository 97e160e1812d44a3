// SPDX-License-Identifier: MIT
/*
 * A client of a camera's output node.
 */
#include <string.h>
#include <unistd.h>
#include "video.h"

static void begin(struct actor *me)
{
	video_of(me)->fd = -1;
	video_of(me)->output = true;
	video_reopen(me);
}

static void write_some(struct actor *me)
{
	static const char frame[VIDEO_WIDTH * VIDEO_HEIGHT * 4];

	actor_does(me, "write a frame", 0, 0);
	actor_did(me, write(video_of(me)->fd, frame, actor_odds(me, 4) ? 100 : sizeof(frame)));
}

static const actor_step steps[] = {
	video_reopen, video_format, video_request, video_create, video_remove, video_queue,
	video_queue, video_queue, video_queue, video_dequeue, video_dequeue, video_dequeue,
	video_export, video_map, video_stream_on, video_stream_on, video_stream_off, video_poll,
	video_parm, video_enumerate, write_some, NULL,
};

const struct actor_kind actor_producer = {
	.name = "producer", .size = sizeof(struct video), .begin = begin, .steps = steps,
	.may_lack_memory = true,
};
