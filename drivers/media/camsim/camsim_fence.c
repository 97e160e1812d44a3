// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: fences
 *
 * A buffer is handed over to the stream by QBUF while streaming, and by STREAMON
 * if it was queued before. In that moment, and with its reservation held, two
 * things happen. The fences of all who use the memory are collected: the frame is
 * written after them. And with the control V4L2_CID_CAMSIM_EARLY_FENCES on, a
 * fence of the frame itself becomes the memory's write fence, so that work on a
 * frame may be submitted before the frame exists. That work adds fences of its own
 * which wait for the camera's; since those are never collected, nothing waits
 * for itself.
 *
 * Others may wait for a frame's fence while they hold what they like, so it must
 * signal in bounded time, whatever userspace does. Therefore none exists before
 * the stream does, when it would wait for STREAMON; and none exists without a
 * place in the stream's queue, which is worked off in order. Each ends as one of
 *
 * - the frame is complete: success, or the error that the frame has (-EFAULT after
 *   a DMA fault, -EIO for the error flag);
 * - the stream ends: -ECANCELED (STREAMOFF, last close, death of the client,
 *   suspend), -ENODEV (unplugged), -EIO (fatal error), -ENODATA (end of stream);
 * - CAMSIM_FENCE_TIMEOUT is over: -ETIMEDOUT. The buffer goes back to the client
 *   with the error flag, since it may not be written once the fence has signalled.
 *
 * From publishing to signalling the stream's thread allocates nothing and takes no
 * lock but spinlocks. Each fence is a timeline of its own: a buffer for which there
 * is no memory ends before those that were queued earlier.
 */
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>

#include <media/v4l2-ctrls.h>

#include "camsim_drv.h"
#include "camsim_fence.h"
#include "camsim_mem.h"
#include "camsim_queue.h"

#define CAMSIM_FENCE_TIMEOUT_NS	(5ULL * NSEC_PER_SEC)

/* Freed by dma_fence_free(), so @base is first. */
struct camsim_frame_fence {
	struct dma_fence base;
	spinlock_t lock;	/* of @base */
};

static const char *camsim_fence_name(struct dma_fence *fence)
{
	return CAMSIM_NAME;
}

static const struct dma_fence_ops camsim_fence_ops = {
	.get_driver_name = camsim_fence_name,
	.get_timeline_name = camsim_fence_name,
};

static struct dma_fence *camsim_fence_create(void)
{
	struct camsim_frame_fence *fence = kzalloc_obj(*fence);

	if (!fence)
		return NULL;
	spin_lock_init(&fence->lock);
	dma_fence_init(&fence->base, &camsim_fence_ops, &fence->lock,
		       dma_fence_context_alloc(1), 1);
	return &fence->base;
}

static struct dma_resv *camsim_fence_resv(struct camsim_buffer *buf, unsigned int plane)
{
	return camsim_mem_resv(camsim_queue_mem(&buf->base.vb2_buf, plane));
}

/* Several planes may lie in one dma-buf. */
static bool camsim_fence_resv_seen(struct camsim_buffer *buf, unsigned int plane)
{
	const struct dma_resv *resv = camsim_fence_resv(buf, plane);

	while (plane--)
		if (camsim_fence_resv(buf, plane) == resv)
			return true;
	return false;
}

/* Who uses the memory now goes first; who comes later goes after the frame. */
static int camsim_fence_enter(struct camsim_buffer *buf, unsigned int plane)
{
	struct camsim_fences *fences = &buf->fences;
	struct dma_resv *resv = camsim_fence_resv(buf, plane);
	int err;

	if (camsim_fence_resv_seen(buf, plane))
		return 0;

	dma_resv_lock(resv, NULL);
	err = dma_resv_get_singleton(resv, DMA_RESV_USAGE_READ, &fences->idle[plane]);
	if (!err && fences->frame)
		err = dma_resv_reserve_fences(resv, 1);
	if (!err && fences->frame)
		dma_resv_add_fence(resv, fences->frame, DMA_RESV_USAGE_WRITE);
	dma_resv_unlock(resv);
	return err;
}

/**
 * camsim_fence_hand_over - a buffer's place in the stream is certain
 * @cam: the camera, its lock held, streaming or about to.
 * @buf: the buffer.
 *
 * To be followed by camsim_fence_finish(), also after an error: there may be a
 * fence already.
 *
 * Return: 0 or -ENOMEM.
 */
int camsim_fence_hand_over(struct camsim *cam, struct camsim_buffer *buf)
{
	struct camsim_fences *fences = &buf->fences;
	unsigned int plane;
	int err = 0;

	*fences = (struct camsim_fences) { .deadline = KTIME_MAX };
	if (v4l2_ctrl_g_ctrl(cam->early_fences)) {
		fences->frame = camsim_fence_create();
		if (!fences->frame)
			return -ENOMEM;
		fences->deadline = ktime_add_ns(ktime_get(), CAMSIM_FENCE_TIMEOUT_NS);
	}
	for (plane = 0; plane < buf->base.vb2_buf.num_planes && !err; plane++)
		err = camsim_fence_enter(buf, plane);
	return err;
}

/**
 * camsim_fence_wait_idle - wait for those who used the memory before
 * @buf: a buffer that was handed over.
 * @timeout: jiffies to wait at most for one plane.
 *
 * Return: whether the buffer may be written now.
 */
bool camsim_fence_wait_idle(struct camsim_buffer *buf, unsigned long timeout)
{
	unsigned int plane;

	for (plane = 0; plane < buf->base.vb2_buf.num_planes; plane++) {
		struct dma_fence *idle = buf->fences.idle[plane];

		if (idle && dma_fence_wait_timeout(idle, false, timeout) <= 0)
			return false;
	}
	return true;
}

/**
 * camsim_fence_finish - tell those who wait for the frame, and forget the others
 * @buf: a buffer that was handed over, and is not written any more.
 * @err: 0, or what is wrong with its frame.
 */
void camsim_fence_finish(struct camsim_buffer *buf, int err)
{
	struct camsim_fences *fences = &buf->fences;
	unsigned int plane;

	if (fences->frame) {
		if (err)
			dma_fence_set_error(fences->frame, err);
		dma_fence_signal(fences->frame);
		dma_fence_put(fences->frame);
		fences->frame = NULL;
	}
	for (plane = 0; plane < buf->base.vb2_buf.num_planes; plane++) {
		dma_fence_put(fences->idle[plane]);
		fences->idle[plane] = NULL;
	}
}
