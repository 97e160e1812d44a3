// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: pacing
 *
 * Frame number n is due at start + (n + 1) * interval, computed from n each
 * time, so that nothing adds up. The thread sleeps until then, once per frame.
 * Frame numbers count what the sensor sees: a number is left out when no buffer
 * was queued, or when the buffer was still in use by others. Where the machine is
 * too slow, and the thread comes late by a whole interval or more, no frame was
 * made in that time: the schedule moves by whole intervals, and that is counted.
 */
#include <linux/jiffies.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/simbuf.h>
#include <linux/simstamp.h>
#include <linux/slab.h>

#include "camsim_drv.h"
#include "camsim_format.h"
#include "camsim_mem.h"
#include "camsim_pattern.h"
#include "camsim_queue.h"
#include "camsim_stream.h"

/* Others may use a queued buffer for half a frame's time, and no longer than this. */
#define CAMSIM_MAX_PATIENCE_NS	(100 * NSEC_PER_MSEC)

/* What became of the frames */
enum camsim_frame_fate {
	CAMSIM_FRAME_DELIVERED,
	CAMSIM_FRAME_FAULTY,
	CAMSIM_FRAME_NO_BUFFER,
	CAMSIM_FRAME_BUFFER_BUSY,
	CAMSIM_FRAME_LATE,
	CAMSIM_NUM_FRAME_FATES,
};

static const char * const camsim_fate_names[CAMSIM_NUM_FRAME_FATES] = {
	[CAMSIM_FRAME_DELIVERED] = "delivered",
	[CAMSIM_FRAME_FAULTY] = "faulty",
	[CAMSIM_FRAME_NO_BUFFER] = "skipped, no buffer was queued",
	[CAMSIM_FRAME_BUFFER_BUSY] = "skipped, the buffer was in use",
	[CAMSIM_FRAME_LATE] = "not made, the machine was too slow",
};

/**
 * struct camsim_stream - what fills buffers
 * @cam: the camera.
 * @thread: writes the frames.
 * @pattern: what it writes.
 * @interval: time per frame.
 * @start: the time frame numbers count from.
 * @moved: intervals by which the schedule has moved. The thread's own.
 * @patience: jiffies to wait for others to stop using a buffer.
 * @staging: for rows whose memory is not contiguous.
 * @staging_size: bytes in @staging.
 * @fates: number of frames of each fate.
 */
struct camsim_stream {
	struct camsim *cam;
	struct task_struct *thread;
	struct camsim_pattern *pattern;
	struct v4l2_fract interval;
	ktime_t start;
	u64 moved;
	unsigned long patience;
	void *staging;
	size_t staging_size;
	atomic64_t fates[CAMSIM_NUM_FRAME_FATES];
};

static u64 camsim_frames_to_ns(const struct v4l2_fract *interval, u64 frames)
{
	return mul_u64_u64_div_u64(frames * interval->numerator, NSEC_PER_SEC,
				   interval->denominator);
}

static u64 camsim_ns_to_frames(const struct v4l2_fract *interval, u64 ns)
{
	return mul_u64_u64_div_u64(ns, interval->denominator,
				   (u64)interval->numerator * NSEC_PER_SEC);
}

/* When frame @frame is due. */
static ktime_t camsim_stream_due(const struct camsim_stream *stream, u64 frame)
{
	return ktime_add_ns(stream->start,
			    camsim_frames_to_ns(&stream->interval, stream->moved + frame + 1));
}

static void camsim_stream_count(struct camsim_stream *stream, enum camsim_frame_fate fate,
				u64 frames)
{
	atomic64_add(frames, &stream->fates[fate]);
}

/* Move the schedule when it is too late for frame @frame. */
static void camsim_stream_catch_up(struct camsim_stream *stream, u64 frame)
{
	s64 late = ktime_to_ns(ktime_sub(ktime_get(), camsim_stream_due(stream, frame)));
	u64 frames = camsim_ns_to_frames(&stream->interval, max(late, 0));

	stream->moved += frames;
	camsim_stream_count(stream, CAMSIM_FRAME_LATE, frames);
}

static int camsim_stream_write(struct camsim_stream *stream, struct camsim_mem *mem,
			       const struct simstamp *stamp)
{
	struct simdev_window win;

	simbuf_window_open(&win, camsim_mem_attachment(mem), DMA_FROM_DEVICE, stream->staging,
			   stream->staging_size);
	camsim_pattern_write(stream->pattern, &win, stamp);
	return simdev_window_close(&win);
}

static enum camsim_frame_fate camsim_stream_fill(struct camsim_stream *stream,
						 struct camsim_buffer *buf,
						 struct camsim_mem *mem, u32 sequence)
{
	const struct simstamp stamp = {
		.sequence = sequence,
		.timestamp = ktime_get_ns(),
		.camera = stream->cam->index,
	};
	int err;

	err = camsim_stream_write(stream, mem, &stamp);

	buf->base.vb2_buf.timestamp = stamp.timestamp;
	buf->base.sequence = stamp.sequence;
	buf->base.field = V4L2_FIELD_NONE;
	camsim_queue_done(stream->cam, buf, err ? VB2_BUF_STATE_ERROR : VB2_BUF_STATE_DONE);
	return err ? CAMSIM_FRAME_FAULTY : CAMSIM_FRAME_DELIVERED;
}

static enum camsim_frame_fate camsim_stream_frame(struct camsim_stream *stream, u32 sequence)
{
	struct camsim_buffer *buf;
	struct camsim_mem *mem;

	buf = camsim_queue_first(stream->cam);
	if (!buf)
		return CAMSIM_FRAME_NO_BUFFER;

	mem = camsim_queue_mem(&buf->base.vb2_buf, 0);
	if (!camsim_mem_wait_idle(mem, stream->patience))
		return CAMSIM_FRAME_BUFFER_BUSY;

	return camsim_stream_fill(stream, buf, mem, sequence);
}

/* False when the stream is to end. */
static bool camsim_stream_sleep(ktime_t due)
{
	bool expired = false;

	while (!expired) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop()) {
			__set_current_state(TASK_RUNNING);
			return false;
		}
		expired = !schedule_hrtimeout(&due, HRTIMER_MODE_ABS);
	}
	return true;
}

static int camsim_stream_thread(void *data)
{
	struct camsim_stream *stream = data;
	u64 frame;

	for (frame = 0; camsim_stream_sleep(camsim_stream_due(stream, frame)); frame++) {
		camsim_stream_catch_up(stream, frame);
		camsim_stream_count(stream, camsim_stream_frame(stream, frame), 1);
		/* A machine too slow for the frame rate never sleeps above. */
		cond_resched();
	}
	return 0;
}

static struct camsim_stream *camsim_stream_create(struct camsim *cam)
{
	struct camsim_layout layout;
	struct camsim_stream *stream;
	u64 patience;

	stream = kzalloc_obj(*stream);
	if (!stream)
		return NULL;

	stream->cam = cam;
	stream->interval = cam->interval;
	patience = camsim_frames_to_ns(&stream->interval, 1) / 2;
	stream->patience = nsecs_to_jiffies(min(patience, CAMSIM_MAX_PATIENCE_NS)) + 1;

	camsim_format_layout(&cam->pix, &layout);
	stream->pattern = camsim_pattern_create(&layout);
	if (!stream->pattern)
		goto err_free;

	stream->staging_size = cam->pix.bytesperline;
	stream->staging = kvmalloc(stream->staging_size, GFP_KERNEL);
	if (!stream->staging)
		goto err_destroy_pattern;

	return stream;

err_destroy_pattern:
	camsim_pattern_destroy(stream->pattern);
err_free:
	kfree(stream);
	return NULL;
}

static void camsim_stream_destroy(struct camsim_stream *stream)
{
	kvfree(stream->staging);
	camsim_pattern_destroy(stream->pattern);
	kfree(stream);
}

/**
 * camsim_stream_start - begin to fill buffers
 * @cam: the camera, its lock held.
 *
 * Return: 0 or an error.
 */
int camsim_stream_start(struct camsim *cam)
{
	struct camsim_stream *stream;
	struct task_struct *thread;

	stream = camsim_stream_create(cam);
	if (!stream)
		return -ENOMEM;

	stream->start = ktime_get();
	thread = kthread_run(camsim_stream_thread, stream, "%s", cam->v4l2_dev.name);
	if (IS_ERR(thread)) {
		camsim_stream_destroy(stream);
		return PTR_ERR(thread);
	}
	stream->thread = thread;
	cam->stream = stream;
	return 0;
}

/**
 * camsim_stream_stop - stop filling buffers
 * @cam: the camera, its lock held.
 *
 * When this returns nothing is written any more. Takes at most one frame and
 * half a frame's time.
 */
void camsim_stream_stop(struct camsim *cam)
{
	struct camsim_stream *stream = cam->stream;

	kthread_stop(stream->thread);
	cam->stream = NULL;
	camsim_stream_destroy(stream);
}

/**
 * camsim_stream_log - print what became of the frames so far
 * @cam: the camera, its lock held.
 */
void camsim_stream_log(struct camsim *cam)
{
	enum camsim_frame_fate fate;

	if (!cam->stream) {
		v4l2_info(&cam->v4l2_dev, "not streaming\n");
		return;
	}
	for (fate = 0; fate < CAMSIM_NUM_FRAME_FATES; fate++)
		v4l2_info(&cam->v4l2_dev, "frames %s: %lld\n", camsim_fate_names[fate],
			  atomic64_read(&cam->stream->fates[fate]));
}
