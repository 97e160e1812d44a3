/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The capture queue: buffers between videobuf2 and the stream.
 */
#ifndef _CAMSIM_QUEUE_H_
#define _CAMSIM_QUEUE_H_

#include <linux/list.h>

#include <media/videobuf2-v4l2.h>

#include "camsim_fence.h"

struct camsim;
struct camsim_mem;
struct video_device;

/**
 * struct camsim_buffer - one buffer of the capture queue
 * @base: videobuf2's part; must come first.
 * @link: in &camsim.queued.buffers.
 * @fences: from the moment it is handed over to the stream until it is done.
 * @data_offset: bytes from the start of each imported plane to where it is to be
 *	written, as the client wants it. Protected by &camsim.lock.
 */
struct camsim_buffer {
	struct vb2_v4l2_buffer base;
	struct list_head link;
	struct camsim_fences fences;
	u32 data_offset[VIDEO_MAX_PLANES];
};

int camsim_queue_init(struct camsim *cam);
int camsim_queue_may_start(struct video_device *vdev);
void camsim_queue_take_offsets(struct camsim *cam, const struct v4l2_buffer *arg);
int camsim_queue_explain(struct vb2_queue *queue, const struct v4l2_buffer *arg, int err);
int camsim_queue_sizes(const struct v4l2_pix_format_mplane *pix, unsigned int *num_planes,
		       unsigned int sizes[]);
int camsim_queue_map(struct vb2_buffer *vb);
void camsim_queue_unmap(struct vb2_buffer *vb);
struct camsim_mem *camsim_queue_mem(struct vb2_buffer *vb, unsigned int plane);
struct camsim_buffer *camsim_queue_first(struct camsim *cam);
int camsim_queue_hand_over(struct camsim *cam);
void camsim_queue_done(struct camsim *cam, struct camsim_buffer *buf,
		       enum vb2_buffer_state state, int err);
void camsim_queue_return_fenced(struct camsim *cam, int err);
bool camsim_queue_expire(struct camsim *cam);
void camsim_queue_close(struct camsim *cam, int err);

#endif /* _CAMSIM_QUEUE_H_ */
