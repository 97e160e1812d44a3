// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: pacing
 *
 * Frame number n is due at start + (n + 1) * interval, computed from n each
 * time, so that nothing adds up; that is its timestamp. The thread sleeps until
 * then, once per frame. Frame numbers count what the sensor sees: a number is left
 * out when no buffer was queued, or when the buffer was still in use by others.
 * Where the machine is too slow, and the thread comes late by a whole interval or
 * more, no frame was made in that time: the schedule moves by whole intervals, and
 * that is counted. A stall moves it on purpose. A source that changes its rate begins a new
 * schedule with its last frame of the old one.
 */
#include <linux/dma-fence.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/simstamp.h>
#include <linux/slab.h>

#include "camsim_access.h"
#include "camsim_drv.h"
#include "camsim_event.h"
#include "camsim_fence.h"
#include "camsim_format.h"
#include "camsim_misbehave.h"
#include "camsim_pattern.h"
#include "camsim_picture.h"
#include "camsim_producer.h"
#include "camsim_queue.h"
#include "camsim_relay.h"
#include "camsim_source.h"
#include "camsim_stream.h"

/* Others may use a queued buffer for half a frame's time, and no longer than this. */
#define CAMSIM_MAX_PATIENCE_NS	(100 * NSEC_PER_MSEC)

/* How long the thread sleeps at most before it looks for fences that are overdue */
#define CAMSIM_WATCH_NS		NSEC_PER_SEC

/* What became of the frames */
enum camsim_frame_fate {
	CAMSIM_FRAME_DELIVERED,
	CAMSIM_FRAME_FAULTY,
	CAMSIM_FRAME_DROPPED,
	CAMSIM_FRAME_NO_BUFFER,
	CAMSIM_FRAME_BUFFER_BUSY,
	CAMSIM_FRAME_STALLED,
	CAMSIM_FRAME_LATE,
	CAMSIM_NUM_FRAME_FATES,
};

static const char * const camsim_fate_names[CAMSIM_NUM_FRAME_FATES] = {
	[CAMSIM_FRAME_DELIVERED] = "delivered",
	[CAMSIM_FRAME_FAULTY] = "faulty",
	[CAMSIM_FRAME_DROPPED] = "dropped on demand",
	[CAMSIM_FRAME_NO_BUFFER] = "skipped, no buffer was queued",
	[CAMSIM_FRAME_BUFFER_BUSY] = "skipped, the buffer was in use",
	[CAMSIM_FRAME_STALLED] = "not made, stalled on demand",
	[CAMSIM_FRAME_LATE] = "not made, the machine was too slow",
};

/**
 * struct camsim_stream - what fills buffers
 * @cam: the camera.
 * @thread: writes the frames.
 * @pattern: what it writes, unless a producer's frames are there.
 * @relay: hands these on, or %NULL: the camera has no producer.
 * @interval: time per frame.
 * @start: the time that the schedule counts from.
 * @first: number of the schedule's first frame.
 * @moved: intervals by which the schedule has moved. The thread's own.
 * @last: stamp of the last picture that was not frozen. The thread's own.
 * @ended: there will be no more frames. The thread's own.
 * @patience: jiffies to wait for others to stop using a buffer.
 * @fates: number of frames of each fate.
 */
struct camsim_stream {
	struct camsim *cam;
	struct task_struct *thread;
	struct camsim_pattern *pattern;
	struct camsim_relay *relay;
	struct v4l2_fract interval;
	ktime_t start;
	u64 first;
	u64 moved;
	struct simstamp last;
	bool ended;
	unsigned long patience;
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
	u64 intervals = stream->moved + frame - stream->first + 1;

	return ktime_add_ns(stream->start, camsim_frames_to_ns(&stream->interval, intervals));
}

/* When it is delivered: a delay on demand is later than that. */
static ktime_t camsim_stream_wake(const struct camsim_stream *stream, u64 frame)
{
	return ktime_add_ms(camsim_stream_due(stream, frame),
			    camsim_misbehave_delay(stream->cam));
}

static void camsim_stream_count(struct camsim_stream *stream, enum camsim_frame_fate fate,
				u64 frames)
{
	atomic64_add(frames, &stream->fates[fate]);
}

static void camsim_stream_set_interval(struct camsim_stream *stream,
				       const struct v4l2_fract *interval)
{
	u64 patience = camsim_frames_to_ns(interval, 1) / 2;

	stream->interval = *interval;
	stream->patience = nsecs_to_jiffies(min(patience, CAMSIM_MAX_PATIENCE_NS)) + 1;
}

/* Frame @frame was the last one of its rate. */
static void camsim_stream_set_rate(struct camsim_stream *stream, u64 frame, u32 rate)
{
	stream->start = camsim_stream_due(stream, frame);
	stream->first = frame + 1;
	stream->moved = 0;
	camsim_stream_set_interval(stream, &(struct v4l2_fract) { 1, rate });
}

/* Move the schedule when it is too late for frame @frame. */
static void camsim_stream_catch_up(struct camsim_stream *stream, u64 frame)
{
	s64 late = ktime_to_ns(ktime_sub(ktime_get(), camsim_stream_wake(stream, frame)));
	u64 frames = camsim_ns_to_frames(&stream->interval, max(late, 0));

	stream->moved += frames;
	camsim_stream_count(stream, CAMSIM_FRAME_LATE, frames);
	atomic_add(frames, &stream->cam->misbehaviour.late);
}

/* Whether the sensor stands still for a while from now on. */
static bool camsim_stream_stall(struct camsim_stream *stream)
{
	u64 ns = (u64)camsim_misbehave_take_stall(stream->cam) * NSEC_PER_MSEC;
	u64 frames;

	if (!ns)
		return false;
	frames = camsim_ns_to_frames(&stream->interval, ns) + 1;
	stream->moved += frames;
	camsim_stream_count(stream, CAMSIM_FRAME_STALLED, frames);
	return true;
}

static int camsim_stream_write(struct camsim_stream *stream, struct camsim_buffer *buf,
			       unsigned int wrong)
{
	struct vb2_buffer *vb = &buf->base.vb2_buf;
	struct camsim_settings settings;
	struct camsim_access access;
	int err, ret;

	camsim_picture_settings(stream->cam, &settings);
	if (wrong & BIT(CAMSIM_FAULT))
		camsim_access_open_nowhere(&access, stream->cam, vb);
	else
		camsim_access_open(&access, vb, DMA_FROM_DEVICE, NULL, 0);
	ret = camsim_producer_write(stream->cam, stream->relay, &access, &stream->last,
				    settings.stamp);
	if (!ret)
		camsim_pattern_write(stream->pattern, &access, &settings, &stream->last);
	if (wrong & BIT(CAMSIM_CORRUPT))
		camsim_pattern_spoil(stream->pattern, &access);
	err = camsim_access_close(&access);
	return err ?: min(ret, 0);
}

/* What the client is told about a frame, true or not */
static void camsim_stream_describe(struct camsim_stream *stream, struct camsim_buffer *buf,
				   u32 sequence, ktime_t due, unsigned int wrong)
{
	struct vb2_buffer *vb = &buf->base.vb2_buf;
	unsigned int plane;

	if (wrong & BIT(CAMSIM_WRONG_SEQUENCE))
		sequence--;
	vb->timestamp = ktime_to_ns(due);
	buf->base.sequence = sequence;
	buf->base.field = V4L2_FIELD_NONE;
	if (wrong & BIT(CAMSIM_SHORTEN))
		for (plane = 0; plane < vb->num_planes; plane++)
			vb2_set_plane_payload(vb, plane, vb2_get_plane_payload(vb, plane) / 2);
}

/* There are no more frames, or none that this stream's buffers are for. */
static void camsim_stream_end(struct camsim_stream *stream)
{
	stream->ended = true;
	camsim_queue_close(stream->cam, -ENODATA);
}

/* Whether frame @frame is the last one of its size. */
static bool camsim_stream_change_source(struct camsim_stream *stream, u64 frame)
{
	struct camsim_source_mode mode;

	if (!camsim_misbehave_source_change(stream->cam, &mode))
		return false;
	camsim_source_change(stream->cam, &mode);
	if (mode.rate)
		camsim_stream_set_rate(stream, frame, mode.rate);
	return camsim_source_resized(&mode);
}

/* Whether this frame, and all that follow, fall victim to worse. */
static bool camsim_stream_break(struct camsim_stream *stream)
{
	struct camsim *cam = stream->cam;

	if (camsim_misbehave_due(cam, CAMSIM_UNPLUG)) {
		stream->ended = true;
		camsim_misbehave_unplug(cam);
	} else if (camsim_misbehave_due(cam, CAMSIM_FAIL)) {
		stream->ended = true;
		vb2_queue_error(&cam->queue);
		camsim_queue_close(cam, -EIO);
	}
	return stream->ended;
}

static enum camsim_frame_fate camsim_stream_fill(struct camsim_stream *stream,
						 struct camsim_buffer *buf, u32 sequence,
						 unsigned int wrong)
{
	struct camsim *cam = stream->cam;
	ktime_t due = camsim_stream_due(stream, sequence);
	bool end = camsim_misbehave_due(cam, CAMSIM_END);
	bool last = camsim_stream_change_source(stream, sequence) || end;
	int err;

	if (!(wrong & BIT(CAMSIM_FREEZE)) || !stream->last.timestamp) {
		stream->last = (struct simstamp) {
			.sequence = sequence,
			.timestamp = ktime_to_ns(due),
			.camera = cam->index,
		};
		camsim_producer_advance(cam, due);
	}

	err = camsim_stream_write(stream, buf, wrong);
	if (!err && wrong & BIT(CAMSIM_FLAG_ERROR))
		err = -EIO;
	camsim_stream_describe(stream, buf, sequence, due, wrong);
	if (last)
		buf->base.flags |= V4L2_BUF_FLAG_LAST;
	camsim_queue_done(cam, buf, err ? VB2_BUF_STATE_ERROR : VB2_BUF_STATE_DONE, err);
	if (last)
		camsim_stream_end(stream);
	if (end)
		camsim_event_end_of_stream(cam);
	return err ? CAMSIM_FRAME_FAULTY : CAMSIM_FRAME_DELIVERED;
}

static enum camsim_frame_fate camsim_stream_frame(struct camsim_stream *stream, u32 sequence)
{
	struct camsim *cam = stream->cam;
	struct camsim_buffer *buf;
	unsigned int wrong;

	camsim_event_frame_sync(cam, sequence);
	buf = camsim_queue_first(cam);
	if (!buf)
		return CAMSIM_FRAME_NO_BUFFER;
	if (!camsim_fence_wait_idle(buf, stream->patience))
		return CAMSIM_FRAME_BUFFER_BUSY;

	if (camsim_stream_break(stream))
		return CAMSIM_FRAME_DROPPED;
	wrong = camsim_misbehave_take_frame(cam);
	if (wrong & BIT(CAMSIM_DROP))
		return CAMSIM_FRAME_DROPPED;
	return camsim_stream_fill(stream, buf, sequence, wrong);
}

static void camsim_stream_tick(struct camsim_stream *stream, u32 sequence)
{
	enum camsim_frame_fate fate = camsim_stream_frame(stream, sequence);

	camsim_stream_count(stream, fate, 1);
	/* A producer goes on, whether somebody takes its frames or not. */
	if (fate != CAMSIM_FRAME_DELIVERED && fate != CAMSIM_FRAME_FAULTY)
		camsim_producer_advance(stream->cam, camsim_stream_due(stream, sequence));
}

/* False when the stream is to be stopped. */
static bool camsim_stream_sleep(ktime_t until)
{
	bool expired = false;

	while (!expired) {
		if (kthread_should_park())
			kthread_parkme();
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop()) {
			__set_current_state(TASK_RUNNING);
			return false;
		}
		if (kthread_should_park())
			__set_current_state(TASK_RUNNING);
		else
			expired = !schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
	}
	return true;
}

/* Nobody waits for ever for a frame, however long the camera makes none. */
static void camsim_stream_watch(struct camsim_stream *stream)
{
	bool cookie = dma_fence_begin_signalling();

	while (camsim_queue_expire(stream->cam))
		;
	dma_fence_end_signalling(cookie);
}

/* Until it is time for frame @frame; false when the stream is to be stopped. */
static bool camsim_stream_wait(struct camsim_stream *stream, u64 frame)
{
	ktime_t now, wake;

	do {
		wake = camsim_stream_wake(stream, frame);
		if (!camsim_stream_sleep(min(wake, ktime_add_ns(ktime_get(), CAMSIM_WATCH_NS))))
			return false;
		camsim_stream_watch(stream);
		now = ktime_get();
	} while (ktime_before(now, wake));
	return true;
}

static int camsim_stream_thread(void *data)
{
	struct camsim_stream *stream = data;
	u64 frame = 0;
	bool cookie;

	while (!stream->ended && camsim_stream_wait(stream, frame)) {
		if (camsim_stream_stall(stream))
			continue;
		camsim_stream_catch_up(stream, frame);
		cookie = dma_fence_begin_signalling();
		camsim_stream_tick(stream, frame);
		dma_fence_end_signalling(cookie);
		frame++;
		/* A machine too slow for the frame rate never sleeps above. */
		cond_resched();
	}
	/* If it has ended: nobody waits for STREAMOFF. */
	camsim_producer_watch(stream->cam, false);
	while (camsim_stream_sleep(KTIME_MAX))
		;
	return 0;
}

static struct camsim_stream *camsim_stream_create(struct camsim *cam)
{
	struct camsim_layout layout;
	struct v4l2_rect crop;
	struct v4l2_fract interval;
	struct camsim_stream *stream;

	stream = kzalloc_obj(*stream);
	if (!stream)
		return NULL;

	stream->cam = cam;
	camsim_sensor_get_interval(cam, &interval);
	camsim_stream_set_interval(stream, &interval);

	camsim_format_layout(&cam->pix, &cam->compose, &layout);
	camsim_sensor_get_crop(cam, &crop);
	stream->pattern = camsim_pattern_create(&layout, &crop);
	if (!stream->pattern)
		goto err_free;
	if (cam->producer) {
		stream->relay = camsim_relay_create(&layout);
		if (!stream->relay)
			goto err_pattern;
	}
	return stream;

err_pattern:
	camsim_pattern_destroy(stream->pattern);
err_free:
	kfree(stream);
	return NULL;
}

static void camsim_stream_destroy(struct camsim_stream *stream)
{
	camsim_relay_destroy(stream->relay);
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
	int err;

	stream = camsim_stream_create(cam);
	if (!stream)
		return -ENOMEM;

	stream->thread = kthread_create(camsim_stream_thread, stream, "%s", cam->v4l2_dev.name);
	if (IS_ERR(stream->thread)) {
		err = PTR_ERR(stream->thread);
		goto err_destroy;
	}
	/* Fences are published: from here on frames are certain. */
	err = camsim_queue_hand_over(cam);
	if (err)
		goto err_stop;

	atomic_set(&cam->misbehaviour.late, 0);
	stream->start = ktime_get();
	cam->stream = stream;
	camsim_producer_watch(cam, true);
	wake_up_process(stream->thread);
	return 0;

err_stop:
	kthread_stop(stream->thread);
err_destroy:
	camsim_stream_destroy(stream);
	return err;
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
	camsim_producer_watch(cam, false);
	cam->stream = NULL;
	camsim_stream_destroy(stream);
}

/**
 * camsim_stream_suspend - the machine is going to sleep
 * @cam: the camera, its lock held.
 *
 * Frames that others wait for end with an error, since they may be about to go to
 * sleep as well, and wait for their work before. The other buffers stay queued.
 */
void camsim_stream_suspend(struct camsim *cam)
{
	if (!cam->stream)
		return;
	kthread_park(cam->stream->thread);
	camsim_queue_return_fenced(cam, -ECANCELED);
}

/**
 * camsim_stream_resume - undo camsim_stream_suspend()
 * @cam: the camera, its lock held.
 *
 * The frames that were not made meanwhile count as late ones.
 */
void camsim_stream_resume(struct camsim *cam)
{
	if (cam->stream)
		kthread_unpark(cam->stream->thread);
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
