/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The capture queue: buffers between videobuf2 and the stream.
 */
#ifndef _CAMSIM_QUEUE_H_
#define _CAMSIM_QUEUE_H_

#include <linux/list.h>

#include <media/videobuf2-v4l2.h>

struct camsim;
struct camsim_mem;

/**
 * struct camsim_buffer - one buffer of the capture queue
 * @base: videobuf2's part; must come first.
 * @link: in &camsim.queued.buffers.
 */
struct camsim_buffer {
	struct vb2_v4l2_buffer base;
	struct list_head link;
};

int camsim_queue_init(struct camsim *cam);
int camsim_queue_explain(struct camsim *cam, const struct v4l2_buffer *arg, int err);
struct camsim_mem *camsim_queue_mem(struct vb2_buffer *vb, unsigned int plane);
struct camsim_buffer *camsim_queue_first(struct camsim *cam);
void camsim_queue_done(struct camsim *cam, struct camsim_buffer *buf,
		       enum vb2_buffer_state state);

#endif /* _CAMSIM_QUEUE_H_ */
