// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: a program that makes the camera's frames
 *
 * A camera with a producer has a second node, for output, and while a program
 * streams there the camera delivers that program's frames instead of its test
 * pattern. Each goes from the producer's buffer into the consumer's by one device
 * write, see DOC: how a frame is handed on.
 *
 * Rates are converted by timestamps. When the first frame comes it is decided where
 * the producer's times are in the camera's: half a frame's time of the camera's behind,
 * so that small irregularities do no harm. At each of its frames the camera takes the
 * newest one that is due. It keeps that until it takes the next, which is how frames
 * are repeated for a slow producer; older ones that were never shown are dropped, which
 * is how a fast one is slowed down. A frame without a timestamp is due when it
 * comes. A timestamp that goes back, or more than a second ahead of the one before, and a
 * frame that comes more than a second late begin anew. No frame waits longer than it
 * takes to show as many as the producer has buffers: a producer that has a clock, and
 * whose first frame was late, would have to wait for buffers otherwise.
 *
 * Frames wait in order, each until the fences of those who write it have signalled,
 * which the camera looks at and never waits for. While nobody captures no time
 * goes on: the newest frame is kept, and whatever is older goes back.
 *
 * The memory of a frame is the producer's. So STREAMOFF, last close and death end
 * what is shown: the camera's next frame is the test pattern again. All the camera
 * adds to that is the time in which it writes one frame.
 *
 * The first who streams decides on the format. A producer sets that of a capture
 * node which has no buffers, and announces it there (V4L2_EVENT_SOURCE_CHANGE); as
 * long as it streams, the capture node has no other. Where the capture node has
 * buffers already, the producer may only have its format.
 */
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include <linux/simbuf.h>
#include <linux/slab.h>

#include "camsim_access.h"
#include "camsim_drv.h"
#include "camsim_event.h"
#include "camsim_mem.h"
#include "camsim_pix.h"
#include "camsim_producer.h"
#include "camsim_queue.h"
#include "camsim_relay.h"
#include "camsim_video.h"

/* One is shown, the other one is being made. */
#define CAMSIM_PRODUCER_MIN_BUFFERS	2

/* Longer steps between frames, and longer delays, are no part of the same timeline. */
#define CAMSIM_TIMELINE_STEP_NS		NSEC_PER_SEC

static const char * const camsim_producer_count_names[CAMSIM_NUM_PRODUCER_COUNTS] = {
	[CAMSIM_PRODUCER_QUEUED] = "queued",
	[CAMSIM_PRODUCER_SHOWN] = "shown",
	[CAMSIM_PRODUCER_REPEATED] = "repeated",
	[CAMSIM_PRODUCER_DROPPED] = "dropped",
	[CAMSIM_PRODUCER_PASSED] = "passed",
	[CAMSIM_PRODUCER_BROKEN] = "broken",
	[CAMSIM_PRODUCER_WAITED] = "waited",
};

static struct camsim_producer_buffer *to_camsim_producer_buffer(struct vb2_buffer *vb)
{
	return container_of(to_vb2_v4l2_buffer(vb), struct camsim_producer_buffer, base);
}

static struct camsim_producer *camsim_producer_of(struct vb2_queue *queue)
{
	return container_of(queue, struct camsim_producer, queue);
}

static void camsim_producer_count(struct camsim_producer *producer,
				  enum camsim_producer_count count)
{
	atomic64_inc(&producer->counts[count]);
}

/* Time */

/* Half of a camera's frame */
static s64 camsim_timeline_margin(struct camsim *cam)
{
	struct v4l2_fract interval;

	camsim_sensor_get_interval(cam, &interval);
	return div_u64((u64)interval.numerator * NSEC_PER_SEC, interval.denominator) / 2;
}

/**
 * camsim_timeline_place - when a frame is to be shown
 * @timeline: the timeline.
 * @timestamp: what the producer says, in nanoseconds; 0: nothing.
 * @now: when the frame came.
 * @margin: of camsim_timeline_margin().
 * @ahead: how many frames a producer can be ahead that waits for its buffers only.
 *
 * Return: a time of the camera's.
 */
static ktime_t camsim_timeline_place(struct camsim_timeline *timeline, u64 timestamp, ktime_t now,
				     s64 margin, unsigned int ahead)
{
	s64 step = timestamp - timeline->last;
	s64 due = timestamp + timeline->offset;
	s64 latest;

	if (!timestamp)
		return now;

	timeline->last = timestamp;
	if (!timeline->begun || step < 0 || step > CAMSIM_TIMELINE_STEP_NS ||
	    due < ktime_to_ns(now) - CAMSIM_TIMELINE_STEP_NS) {
		due = ktime_to_ns(now) + margin;
		timeline->begun = true;
		timeline->period = 0;
	} else if (step) {
		timeline->period = min(timeline->period ?: step, step);
	}
	/* Later than that: the first frame came late, and those that follow in time. */
	latest = ktime_to_ns(now) + margin + ahead * timeline->period;
	due = min(due, latest);
	timeline->offset = due - timestamp;
	return ns_to_ktime(due);
}

/* Fences of those who write a frame */

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
			dma_fence_enable_sw_signaling(buf->written[plane]);
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

/* Frames between videobuf2 and the camera's stream */

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

/* The format that is the camera's while a producer streams, or %NULL. The lock is held. */
const struct v4l2_pix_format_mplane *camsim_producer_picture(const struct camsim *cam)
{
	const struct camsim_producer *producer = cam->producer;

	return producer && producer->streaming ? &producer->pix : NULL;
}

/* The queue */

static int camsim_producer_queue_setup(struct vb2_queue *queue, unsigned int *num_buffers,
				       unsigned int *num_planes, unsigned int sizes[],
				       struct device *alloc_devs[])
{
	return camsim_queue_sizes(&camsim_producer_of(queue)->pix, num_planes, sizes);
}

static int camsim_producer_buf_out_validate(struct vb2_buffer *vb)
{
	to_vb2_v4l2_buffer(vb)->field = V4L2_FIELD_NONE;
	return 0;
}

static int camsim_producer_plane_check(struct camsim_producer *producer, struct vb2_buffer *vb,
				       unsigned int plane)
{
	const struct v4l2_rect whole = { .width = producer->pix.width,
					 .height = producer->pix.height };
	unsigned long used = vb2_get_plane_payload(vb, plane);
	u32 offset = vb->planes[plane].data_offset;
	struct camsim_layout layout;

	camsim_format_layout(&producer->pix, &whole, &layout);
	if (used > vb2_plane_size(vb, plane) || offset > used ||
	    used - offset < layout.sizeimage[plane])
		return simbuf_refuse(-EINVAL, NULL, producer->cam->sd,
				     "plane %u of buffer %u has %lu bytes from offset %u on, a frame needs %u",
				     plane, vb->index, used - min_t(unsigned long, offset, used),
				     offset, layout.sizeimage[plane]);
	return 0;
}

static int camsim_producer_buf_prepare(struct vb2_buffer *vb)
{
	struct camsim_producer *producer = camsim_producer_of(vb->vb2_queue);
	unsigned int i;
	int err;

	/* Of write(): copied from the client, and full, though videobuf2 says it is empty. */
	if (vb2_fileio_is_active(vb->vb2_queue)) {
		vb2_set_plane_payload(vb, 0, vb2_plane_size(vb, 0));
		camsim_mem_account_copy(camsim_queue_mem(vb, 0), vb2_plane_size(vb, 0));
	}
	for (i = 0; i < vb->num_planes; i++) {
		err = camsim_producer_plane_check(producer, vb, i);
		if (err)
			return err;
	}
	return camsim_queue_map(vb);
}

static void camsim_producer_buf_queue(struct vb2_buffer *vb)
{
	struct camsim_producer *producer = camsim_producer_of(vb->vb2_queue);
	struct camsim_producer_buffer *buf = to_camsim_producer_buffer(vb);

	buf->shown = false;
	buf->base.sequence = producer->sequence++;
	buf->due = camsim_timeline_place(&producer->timeline, vb->timestamp, ktime_get(),
					 camsim_timeline_margin(producer->cam),
					 vb2_get_num_buffers(vb->vb2_queue) - 1);
	if (camsim_producer_collect_fences(buf)) {
		camsim_producer_give_back(buf, VB2_BUF_STATE_ERROR);
		return;
	}

	camsim_producer_count(producer, CAMSIM_PRODUCER_QUEUED);
	scoped_guard(spinlock, &producer->lock)
		list_add_tail(&buf->link, &producer->waiting);
	camsim_producer_pass(producer);
}

/* The camera's clients are told, if it is another size or pixel format. */
static void camsim_producer_impose_format(struct camsim_producer *producer)
{
	struct camsim *cam = producer->cam;
	struct v4l2_pix_format_mplane pix = cam->pix;
	bool same = camsim_pix_same_picture(&pix, &producer->pix);

	camsim_pix_set_picture(&pix, &producer->pix);
	camsim_format_adjust(&pix, cam->mplane);
	camsim_video_take_format(cam, &pix);
	if (!same)
		camsim_event_source_change(cam);
}

/* The camera gets the producer's format, or has it already. */
static int camsim_producer_agree(struct camsim_producer *producer)
{
	const struct v4l2_pix_format_mplane *pix = &producer->pix;
	struct camsim *cam = producer->cam;

	lockdep_assert_held(&cam->lock);
	if (!vb2_is_busy(&cam->queue)) {
		camsim_producer_impose_format(producer);
		return 0;
	}
	if (!camsim_pix_same_picture(pix, &cam->pix))
		return simbuf_refuse(-EPIPE, NULL, cam->sd,
				     "the producer has %ux%u %.4s, the capture node has buffers for %ux%u %.4s",
				     pix->width, pix->height, (const char *)&pix->pixelformat,
				     cam->pix.width, cam->pix.height,
				     (const char *)&cam->pix.pixelformat);
	if (cam->compose.width != pix->width || cam->compose.height != pix->height)
		return simbuf_refuse(-EPIPE, NULL, cam->sd,
				     "the capture node composes into %ux%u of its frames, the producer has %ux%u",
				     cam->compose.width, cam->compose.height, pix->width,
				     pix->height);
	return 0;
}

static void camsim_producer_return_all(struct camsim_producer *producer,
				       enum vb2_buffer_state state)
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

/* Frames that come now begin at the beginning. */
static void camsim_producer_rewind(struct camsim_producer *producer)
{
	producer->timeline.begun = false;
	producer->sequence = 0;
}

static int camsim_producer_start_streaming(struct vb2_queue *queue, unsigned int count)
{
	struct camsim_producer *producer = camsim_producer_of(queue);
	const struct v4l2_rect whole = { .width = producer->pix.width,
					 .height = producer->pix.height };
	int err;

	err = camsim_producer_agree(producer);
	if (err) {
		camsim_producer_return_all(producer, VB2_BUF_STATE_QUEUED);
		camsim_producer_rewind(producer);
		return err;
	}

	camsim_format_layout(&producer->pix, &whole, &producer->layout);
	scoped_guard(spinlock, &producer->lock)
		producer->streaming = true;
	camsim_producer_pass(producer);
	return 0;
}

static bool camsim_producer_is_idle(struct camsim_producer *producer)
{
	guard(spinlock)(&producer->lock);
	return !producer->reading;
}

static void camsim_producer_stop_streaming(struct vb2_queue *queue)
{
	struct camsim_producer *producer = camsim_producer_of(queue);

	scoped_guard(spinlock, &producer->lock)
		producer->streaming = false;
	wait_event(producer->idle, camsim_producer_is_idle(producer));
	camsim_producer_return_all(producer, VB2_BUF_STATE_ERROR);
	camsim_producer_rewind(producer);
}

static const struct vb2_ops camsim_producer_queue_ops = {
	.queue_setup = camsim_producer_queue_setup,
	.buf_out_validate = camsim_producer_buf_out_validate,
	.buf_prepare = camsim_producer_buf_prepare,
	.buf_finish = camsim_queue_unmap,
	.buf_queue = camsim_producer_buf_queue,
	.start_streaming = camsim_producer_start_streaming,
	.stop_streaming = camsim_producer_stop_streaming,
};

static int camsim_producer_queue_init(struct camsim_producer *producer)
{
	struct vb2_queue *queue = &producer->queue;
	struct camsim *cam = producer->cam;

	queue->type = cam->mplane ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE :
				    V4L2_BUF_TYPE_VIDEO_OUTPUT;
	queue->io_modes = VB2_MMAP | VB2_DMABUF | VB2_WRITE;
	queue->dev = simdev_device(cam->sd);
	queue->lock = &cam->lock;
	queue->ops = &camsim_producer_queue_ops;
	queue->mem_ops = &camsim_mem_ops;
	queue->drv_priv = cam;
	queue->buf_struct_size = sizeof(struct camsim_producer_buffer);
	queue->min_reqbufs_allocation = CAMSIM_PRODUCER_MIN_BUFFERS;
	queue->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_COPY;
	return vb2_queue_init(queue);
}

/* What debugfs tells */

static int camsim_producer_show(struct seq_file *m, void *unused)
{
	struct camsim_producer *producer = m->private;
	unsigned int i;

	scoped_guard(mutex, &producer->cam->lock) {
		seq_printf(m, "streaming: %d\n", producer->streaming);
		seq_printf(m, "format: %ux%u %.4s\n", producer->pix.width, producer->pix.height,
			   (const char *)&producer->pix.pixelformat);
	}
	for (i = 0; i < CAMSIM_NUM_PRODUCER_COUNTS; i++)
		seq_printf(m, "%s: %lld\n", camsim_producer_count_names[i],
			   atomic64_read(&producer->counts[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(camsim_producer);

/**
 * camsim_producer_create - give a camera an output node, unknown to userspace so far
 * @cam: the camera, its device made.
 *
 * Return: 0 or an error; camsim_producer_destroy() is due in any case.
 */
int camsim_producer_create(struct camsim *cam)
{
	struct camsim_producer *producer = kzalloc_obj(*producer);
	int err;

	if (!producer)
		return -ENOMEM;

	producer->cam = cam;
	cam->producer = producer;
	spin_lock_init(&producer->lock);
	INIT_LIST_HEAD(&producer->waiting);
	init_waitqueue_head(&producer->idle);
	producer->pad.flags = MEDIA_PAD_FL_SOURCE;
	err = media_entity_pads_init(&producer->vdev.entity, 1, &producer->pad);
	return err ?: camsim_producer_queue_init(producer);
}

/* No file is open, and the camera does not stream. */
void camsim_producer_destroy(struct camsim_producer *producer)
{
	if (producer)
		media_entity_cleanup(&producer->vdev.entity);
	kfree(producer);
}

/**
 * camsim_producer_register - make the output node known to userspace
 * @cam: a camera, with or without one.
 *
 * Return: 0 or an error.
 */
int camsim_producer_register(struct camsim *cam)
{
	struct camsim_producer *producer = cam->producer;
	int err;

	if (!producer)
		return 0;

	err = camsim_producer_video_register(producer);
	if (err)
		return err;
	producer->debugfs = debugfs_create_dir(cam->v4l2_dev.name, NULL);
	debugfs_create_file("producer", 0444, producer->debugfs, producer, &camsim_producer_fops);
	return 0;
}

/**
 * camsim_producer_unregister - take the output node away
 * @cam: a camera, with or without one.
 *
 * When this returns nothing of a producer's is shown any more.
 */
void camsim_producer_unregister(struct camsim *cam)
{
	struct camsim_producer *producer = cam->producer;

	if (!producer)
		return;
	debugfs_remove(producer->debugfs);
	vb2_video_unregister_device(&producer->vdev);
}
