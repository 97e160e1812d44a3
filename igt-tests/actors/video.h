/* SPDX-License-Identifier: MIT */
/*
 * What actors do to a queue of video buffers, of either direction.
 */
#ifndef ACTOR_VIDEO_H
#define ACTOR_VIDEO_H

#include <linux/videodev2.h>
#include "actor.h"

#define VIDEO_WIDTH	64
#define VIDEO_HEIGHT	48

/**
 * struct video - what it has
 * @fd: a node, or -1.
 * @output: it looks for nodes that frames are given to.
 * @type: V4L2_BUF_TYPE_*, of the node.
 * @mplane: its buffers have several planes.
 */
struct video {
	int fd;
	bool output;
	uint32_t type;
	bool mplane;
};

static inline struct video *video_of(struct actor *me)
{
	return me->state;
}

void video_reopen(struct actor *me);
void video_format(struct actor *me);
void video_request(struct actor *me);
void video_create(struct actor *me);
void video_remove(struct actor *me);
void video_queue(struct actor *me);
void video_dequeue(struct actor *me);
void video_export(struct actor *me);
void video_map(struct actor *me);
void video_stream_on(struct actor *me);
void video_stream_off(struct actor *me);
void video_poll(struct actor *me);
void video_parm(struct actor *me);
void video_enumerate(struct actor *me);

#endif /* ACTOR_VIDEO_H */
