/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The producer: a program that makes the camera's frames.
 */
#ifndef _CAMSIM_PRODUCER_H_
#define _CAMSIM_PRODUCER_H_

#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <media/media-entity.h>
#include <media/v4l2-dev.h>
#include <media/videobuf2-v4l2.h>

#include "camsim_format.h"
#include "camsim_timeline.h"

struct camsim;
struct camsim_access;
struct camsim_producer_buffer;
struct camsim_relay;
struct dentry;
struct simstamp;

/* What became of a producer's frames, and what the camera did without new ones */
enum camsim_producer_count {
	CAMSIM_PRODUCER_QUEUED,
	CAMSIM_PRODUCER_SHOWN,
	CAMSIM_PRODUCER_REPEATED,
	CAMSIM_PRODUCER_DROPPED,
	CAMSIM_PRODUCER_PASSED,
	CAMSIM_PRODUCER_BROKEN,
	CAMSIM_PRODUCER_WAITED,
	CAMSIM_NUM_PRODUCER_COUNTS,
};

/**
 * struct camsim_producer - the output node of a camera
 * @cam: the camera.
 * @vdev: the node.
 * @pad: its pad in the media graph.
 * @debugfs: its directory.
 * @queue: the output queue. Its lock is &camsim.lock.
 * @pix: its format, also of a single-planar node. Protected by &camsim.lock.
 * @timeline: protected by &camsim.lock.
 * @sequence: number of the next frame. Protected by &camsim.lock.
 * @layout: of @pix: where rows are in its buffers. Constant while there are any.
 * @idle: woken when @reading has ended.
 * @lock: protects what follows. Taken inside of &camsim.lock, and by the camera's
 *	stream, which takes no other lock meanwhile but those of fences.
 * @streaming: frames may be shown.
 * @watched: the camera streams: frames are taken as time goes on.
 * @reading: @current_frame is being read, and must stay.
 * @waiting: &struct camsim_producer_buffer that are to be shown, the next one first.
 * @current_frame: the frame that is shown until there is a newer one, or %NULL.
 * @counts: by &enum camsim_producer_count, since the camera was plugged in.
 */
struct camsim_producer {
	struct camsim *cam;
	struct video_device vdev;
	struct media_pad pad;
	struct dentry *debugfs;
	struct vb2_queue queue;
	struct v4l2_pix_format_mplane pix;
	struct camsim_timeline timeline;
	u32 sequence;
	struct camsim_layout layout;
	wait_queue_head_t idle;

	/* protects what follows */
	spinlock_t lock;
	bool streaming;
	bool watched;
	bool reading;
	struct list_head waiting;
	struct camsim_producer_buffer *current_frame;
	atomic64_t counts[CAMSIM_NUM_PRODUCER_COUNTS];
};

int camsim_producer_create(struct camsim *cam);
void camsim_producer_destroy(struct camsim_producer *producer);
int camsim_producer_register(struct camsim *cam);
void camsim_producer_unregister(struct camsim *cam);
int camsim_producer_queue_init(struct camsim_producer *producer);
int camsim_producer_video_register(struct camsim_producer *producer);

const struct v4l2_pix_format_mplane *camsim_producer_picture(const struct camsim *cam);
void camsim_producer_watch(struct camsim *cam, bool watched);
void camsim_producer_advance(struct camsim *cam, ktime_t now);
int camsim_producer_write(struct camsim *cam, struct camsim_relay *relay,
			  struct camsim_access *to, const struct simstamp *says, bool stamped);

#endif /* _CAMSIM_PRODUCER_H_ */
