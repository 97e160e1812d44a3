/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A producer's frames between its queue and the camera's stream: the queue's side. The
 * stream's is in camsim_producer.h.
 */
#ifndef _CAMSIM_PRODUCER_FRAMES_H_
#define _CAMSIM_PRODUCER_FRAMES_H_

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/types.h>

#include <media/videobuf2-v4l2.h>

struct camsim_producer;
struct dma_fence;

/**
 * struct camsim_producer_buffer - one buffer of the output queue
 * @base: videobuf2's part; must come first.
 * @link: in &camsim_producer.waiting.
 * @written: for each memory plane, signals when all who wrote it before QBUF have
 *	ended; %NULL when nobody did.
 * @due: from when on it is to be shown.
 * @shown: whether it was.
 */
struct camsim_producer_buffer {
	struct vb2_v4l2_buffer base;
	struct list_head link;
	struct dma_fence *written[VIDEO_MAX_PLANES];
	ktime_t due;
	bool shown;
};

void camsim_producer_frames_init(struct camsim_producer *producer);
void camsim_producer_start(struct camsim_producer *producer);
void camsim_producer_add(struct camsim_producer *producer, struct camsim_producer_buffer *buf);
void camsim_producer_stop(struct camsim_producer *producer);
void camsim_producer_return_all(struct camsim_producer *producer, enum vb2_buffer_state state);

#endif /* _CAMSIM_PRODUCER_FRAMES_H_ */
