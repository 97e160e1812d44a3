// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: which of a producer's frames is shown
 *
 * At each of its frames the camera takes the newest one of the producer's that is due,
 * and keeps it until it takes the next, which is how frames are repeated for a slow
 * producer; older ones that were never shown are dropped, which is how a fast one is
 * slowed down.
 *
 * Frames wait in order, each until the fences of those who write it have signalled,
 * which the camera looks at and never waits for. While nobody captures no time
 * goes on: the newest frame is kept, and whatever is older goes back.
 */
#include <linux/cleanup.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

#include "camsim_access.h"
#include "camsim_drv.h"
#include "camsim_mem.h"
#include "camsim_producer.h"
#include "camsim_producer_frames.h"
#include "camsim_queue.h"
#include "camsim_relay.h"

/* Fences of those who write it */

static int camsim_producer_collect_fences(struct camsim_producer_buffer *buf)
{
	struct vb2_buffer *vb = &buf->base.vb2_buf;
	struct dma_resv *resv;
	unsigned int plane;
	int err;

	for (plane = 0; plane < vb->num_planes; plane++) {
		resv = camsim_mem_resv(camsim_queue_mem(vb, plane));
		err = dma_resv_get_singleton(resv, DMA_RESV_USAGE_WRITE, &buf->written[plane]);
		if (err)
			return err;
		/* Nobody waits for it: it has to tell by itself. */
		if (buf->written[plane])
			dma_fence_enable_signaling(buf->written[plane]);
	}
	return 0;
}

static void camsim_producer_put_fences(struct camsim_producer_buffer *buf)
{
	unsigned int plane;

	for (plane = 0; plane < buf->base.vb2_buf.num_planes; plane++) {
		dma_fence_put(buf->written[plane]);
		buf->written[plane] = NULL;
	}
}

/* 1: it is written, 0: not yet, negative: it never will be. */
static int camsim_producer_fence_status(const struct camsim_producer_buffer *buf)
{
	unsigned int plane;
	int status;

	for (plane = 0; plane < buf->base.vb2_buf.num_planes; plane++) {
		if (!buf->written[plane])
			continue;
		status = dma_fence_get_status(buf->written[plane]);
		if (status <= 0)
			return status;
	}
	return 1;
}

/* Back to the producer */

static void camsim_producer_count(struct camsim_producer *producer,
				  enum camsim_producer_count count)
{
	atomic64_inc(&producer->counts[count]);
}

static void camsim_producer_give_back(struct camsim_producer_buffer *buf,
				      enum vb2_buffer_state state)
{
	camsim_producer_put_fences(buf);
	vb2_buffer_done(&buf->base.vb2_buf, state);
}

static struct camsim_producer_buffer *camsim_producer_first(struct camsim_producer *producer)
{
	lockdep_assert_held(&producer->lock);
	return list_first_entry_or_null(&producer->waiting, struct camsim_producer_buffer, link);
}

/* The current frame, or else the first one that waits: it is the producer's again. */
static struct camsim_producer_buffer *camsim_producer_take_oldest(struct camsim_producer *producer)
{
	struct camsim_producer_buffer *buf = producer->current_frame;

	lockdep_assert_held(&producer->lock);
	producer->current_frame = NULL;
	if (!buf) {
		buf = camsim_producer_first(producer);
		if (buf)
			list_del(&buf->link);
	}
	return buf;
}

/* A frame than which there is a newer one, while nobody captures. */
static struct camsim_producer_buffer *camsim_producer_take_passed(struct camsim_producer *producer)
{
	struct camsim_producer_buffer *buf;

	guard(spinlock)(&producer->lock);
	if (!producer->streaming || producer->watched || list_empty(&producer->waiting) ||
	    (!producer->current_frame && list_is_singular(&producer->waiting)))
		return NULL;

	buf = camsim_producer_take_oldest(producer);
	if (!buf->shown)
		camsim_producer_count(producer, CAMSIM_PRODUCER_PASSED);
	return buf;
}

static void camsim_producer_pass(struct camsim_producer *producer)
{
	struct camsim_producer_buffer *buf;

	while ((buf = camsim_producer_take_passed(producer)))
		camsim_producer_give_back(buf, VB2_BUF_STATE_DONE);
}

/**
 * camsim_producer_watch - somebody captures, or does not any more
 * @cam: the camera. Called by its stream.
 * @watched: which of these.
 */
void camsim_producer_watch(struct camsim *cam, bool watched)
{
	struct camsim_producer *producer = cam->producer;

	if (!producer)
		return;
	scoped_guard(spinlock, &producer->lock)
		producer->watched = watched;
	camsim_producer_pass(producer);
}

/*
 * One step towards the frame that is to be shown at @now: false when there is none
 * left. What goes back to the producer by it is in @done, or %NULL.
 */
static bool camsim_producer_step(struct camsim_producer *producer, ktime_t now,
				 struct camsim_producer_buffer **done, enum vb2_buffer_state *state)
{
	struct camsim_producer_buffer *next;
	int status;

	guard(spinlock)(&producer->lock);
	next = camsim_producer_first(producer);
	if (!producer->streaming || !next)
		return false;

	status = camsim_producer_fence_status(next);
	if (!status)
		camsim_producer_count(producer, CAMSIM_PRODUCER_WAITED);
	if (!status || (producer->current_frame && ktime_after(next->due, now)))
		return false;

	list_del(&next->link);
	if (status < 0) {
		camsim_producer_count(producer, CAMSIM_PRODUCER_BROKEN);
		*done = next;
		*state = VB2_BUF_STATE_ERROR;
		return true;
	}
	*done = producer->current_frame;
	*state = VB2_BUF_STATE_DONE;
	producer->current_frame = next;
	if (*done && !(*done)->shown)
		camsim_producer_count(producer, CAMSIM_PRODUCER_DROPPED);
	return true;
}

/**
 * camsim_producer_advance - take the producer's frame that is to be shown now
 * @cam: the camera. Called by its stream, once for each of its frames.
 * @now: the frame's time.
 */
void camsim_producer_advance(struct camsim *cam, ktime_t now)
{
	struct camsim_producer *producer = cam->producer;
	struct camsim_producer_buffer *done;
	enum vb2_buffer_state state;

	while (producer && camsim_producer_step(producer, now, &done, &state))
		if (done)
			camsim_producer_give_back(done, state);
}

/* Until camsim_producer_end() the frame stays. %NULL when there is none, or none that fits. */
static struct camsim_producer_buffer *camsim_producer_begin(struct camsim_producer *producer,
							    const struct camsim_relay *relay)
{
	guard(spinlock)(&producer->lock);
	if (!producer->streaming || !producer->current_frame ||
	    !camsim_relay_fits(relay, &producer->layout))
		return NULL;
	producer->reading = true;
	return producer->current_frame;
}

static void camsim_producer_end(struct camsim_producer *producer,
				struct camsim_producer_buffer *buf)
{
	guard(spinlock)(&producer->lock);
	camsim_producer_count(producer, buf->shown ? CAMSIM_PRODUCER_REPEATED :
						     CAMSIM_PRODUCER_SHOWN);
	buf->shown = true;
	producer->reading = false;
	wake_up(&producer->idle);
}

/**
 * camsim_producer_write - hand on the frame that is to be shown
 * @cam: the camera. Called by its stream.
 * @relay: for the stream's layout.
 * @to: the consumer's buffer.
 * @says: what the stamp says.
 * @stamped: paint it over the frame.
 *
 * Return: 1, 0 when there is no frame, or an error of reading it.
 */
int camsim_producer_write(struct camsim *cam, struct camsim_relay *relay,
			  struct camsim_access *to, const struct simstamp *says, bool stamped)
{
	struct camsim_producer *producer = cam->producer;
	struct camsim_producer_buffer *buf;
	struct camsim_access from;
	size_t size;
	void *staging;
	int err;

	buf = producer ? camsim_producer_begin(producer, relay) : NULL;
	if (!buf)
		return 0;

	staging = camsim_relay_staging(relay, &size);
	camsim_access_open(&from, &buf->base.vb2_buf, DMA_TO_DEVICE, staging, size);
	camsim_relay_write(relay, to, &from, &producer->layout, says, stamped);
	err = camsim_access_close(&from);
	camsim_producer_end(producer, buf);
	return err ?: 1;
}

/* The queue's side */

/**
 * camsim_producer_add - a frame is to be shown after those that wait already
 * @producer: the producer. &camsim.lock is held.
 * @buf: the frame, mapped, with the time when it is due. Goes back with an error when
 *	there is no memory for looking at its fences.
 */
void camsim_producer_add(struct camsim_producer *producer, struct camsim_producer_buffer *buf)
{
	buf->shown = false;
	if (camsim_producer_collect_fences(buf)) {
		camsim_producer_give_back(buf, VB2_BUF_STATE_ERROR);
		return;
	}

	camsim_producer_count(producer, CAMSIM_PRODUCER_QUEUED);
	scoped_guard(spinlock, &producer->lock)
		list_add_tail(&buf->link, &producer->waiting);
	camsim_producer_pass(producer);
}

/**
 * camsim_producer_return_all - nothing is shown, and nothing waits to be
 * @producer: the producer, not streaming.
 * @state: how its frames go back.
 */
void camsim_producer_return_all(struct camsim_producer *producer, enum vb2_buffer_state state)
{
	struct camsim_producer_buffer *buf;

	for (;;) {
		scoped_guard(spinlock, &producer->lock)
			buf = camsim_producer_take_oldest(producer);
		if (!buf)
			return;
		camsim_producer_give_back(buf, state);
	}
}

/**
 * camsim_producer_start - frames may be shown from now on
 * @producer: the producer, its layout set. &camsim.lock is held.
 */
void camsim_producer_start(struct camsim_producer *producer)
{
	scoped_guard(spinlock, &producer->lock)
		producer->streaming = true;
	camsim_producer_pass(producer);
}

static bool camsim_producer_is_idle(struct camsim_producer *producer)
{
	guard(spinlock)(&producer->lock);
	return !producer->reading;
}

/**
 * camsim_producer_stop - no frame is shown any more
 * @producer: the producer. &camsim.lock is held.
 *
 * When this returns none is read any more. Takes the time in which one is written,
 * at most.
 */
void camsim_producer_stop(struct camsim_producer *producer)
{
	scoped_guard(spinlock, &producer->lock)
		producer->streaming = false;
	wait_event(producer->idle, camsim_producer_is_idle(producer));
}

/**
 * camsim_producer_frames_init - prepare for frames
 * @producer: the producer.
 */
void camsim_producer_frames_init(struct camsim_producer *producer)
{
	spin_lock_init(&producer->lock);
	INIT_LIST_HEAD(&producer->waiting);
	init_waitqueue_head(&producer->idle);
}
