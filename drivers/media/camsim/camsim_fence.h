/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Fences of a buffer: what its frame waits for, and what waits for its frame.
 */
#ifndef _CAMSIM_FENCE_H_
#define _CAMSIM_FENCE_H_

#include <linux/ktime.h>
#include <linux/types.h>
#include <linux/videodev2.h>

struct camsim;
struct camsim_buffer;
struct dma_fence;

/**
 * struct camsim_fences - the fences of one buffer that was handed to the stream
 * @idle: for each memory plane, signals when all who used it before have ended;
 *	%NULL when nobody did.
 * @frame: signals when the frame is complete, or %NULL: nobody is told early.
 * @deadline: when @frame has to have signalled; KTIME_MAX without one.
 */
struct camsim_fences {
	struct dma_fence *idle[VIDEO_MAX_PLANES];
	struct dma_fence *frame;
	ktime_t deadline;
};

int camsim_fence_hand_over(struct camsim *cam, struct camsim_buffer *buf);
bool camsim_fence_wait_idle(struct camsim_buffer *buf, unsigned long timeout);
void camsim_fence_finish(struct camsim_buffer *buf, int err);

#endif /* _CAMSIM_FENCE_H_ */
