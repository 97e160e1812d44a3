// SPDX-License-Identifier: MIT
/*
 * A source that changes its size while the camera streams: V4L2's way from the last frame of
 * the one size to the first of the other; and one that changes its rate.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <poll.h>
#include <unistd.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "lab.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("the camera's source changes its size or its rate while it streams");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define BUFFERS		4

static void subscribe(const struct lab_camera *camera)
{
	struct v4l2_event_subscription arg = { .type = V4L2_EVENT_SOURCE_CHANGE };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_SUBSCRIBE_EVENT, &arg), 0);
}

static void camera_open(struct lab_camera *camera, uint32_t width, uint32_t height)
{
	lab_camera_open(camera, V4L2_PIX_FMT_XBGR32, width, height);
	subscribe(camera);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, BUFFERS);
}

/* What was asked for may not be over. */
static void camera_close(struct lab_camera *camera)
{
	lab_camera_set(camera, V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, 0);
	lab_camera_set(camera, V4L2_CID_CAMSIM_SOURCE_WIDTH, 0);
	lab_camera_set(camera, V4L2_CID_CAMSIM_SOURCE_HEIGHT, 0);
	lab_camera_set(camera, V4L2_CID_CAMSIM_SOURCE_RATE, 0);
	lab_camera_close(camera);
}

static void change_in(const struct lab_camera *camera, int frames, uint32_t width, uint32_t height)
{
	lab_camera_set(camera, V4L2_CID_CAMSIM_SOURCE_WIDTH, width);
	lab_camera_set(camera, V4L2_CID_CAMSIM_SOURCE_HEIGHT, height);
	lab_camera_set(camera, V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, frames);
}

static void queue_all(const struct lab_camera *camera)
{
	for (int i = 0; i < BUFFERS; i++)
		igt_assert_eq(lab_camera_queue_own(camera, i), 0);
}

static int try_event(const struct lab_camera *camera, struct v4l2_event *event)
{
	igt_assert_eq(fcntl(camera->fd, F_SETFL, O_NONBLOCK), 0);
	return lab_ioctl(camera->fd, VIDIOC_DQEVENT, event);
}

/* One event, and not more than one */
static void expect_event(const struct lab_camera *camera)
{
	struct v4l2_event event;

	igt_assert(lab_poll(camera->fd, POLLPRI, LAB_FRAME_MS));
	igt_assert_eq(try_event(camera, &event), 0);
	igt_assert_eq_u32(event.type, V4L2_EVENT_SOURCE_CHANGE);
	igt_assert_eq_u32(event.u.src_change.changes, V4L2_EVENT_SRC_CH_RESOLUTION);
	igt_assert_eq(try_event(camera, &event), -ENOENT);
}

/* What the format is now, and so the frames to come */
static void expect_format(struct lab_camera *camera, uint32_t width, uint32_t height)
{
	struct v4l2_format format = { .type = CAPTURE };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_G_FMT, &format), 0);
	igt_assert_eq_u32(format.fmt.pix.pixelformat, camera->fourcc);
	igt_assert_eq_u32(format.fmt.pix.width, width);
	igt_assert_eq_u32(format.fmt.pix.height, height);
	igt_assert_eq_u32(format.fmt.pix.bytesperline, 4 * width);
	igt_assert_eq_u32(format.fmt.pix.sizeimage, 4 * width * height);
	camera->width = width;
	camera->height = height;
	camera->stride = format.fmt.pix.bytesperline;
	camera->size = format.fmt.pix.sizeimage;
}

/* A frame of the camera's present size, with its stamp; returns the flag LAST. */
static bool expect_frame(const struct lab_camera *camera, uint32_t sequence)
{
	struct v4l2_buffer buffer = lab_camera_dequeue(camera, V4L2_MEMORY_MMAP);
	int dmabuf = lab_camera_export(camera, buffer.index, O_RDWR);

	igt_assert_eq_u32(buffer.sequence, sequence);
	lab_stamp_check(dmabuf, camera, &buffer);
	lab_close(dmabuf);
	return buffer.flags & V4L2_BUF_FLAG_LAST;
}

/* Frames of the old size up to the last one, and none after it */
static void expect_end(const struct lab_camera *camera, uint32_t frames)
{
	struct v4l2_buffer buffer;

	for (uint32_t i = 0; i < frames; i++)
		igt_assert_eq(expect_frame(camera, i), i == frames - 1);
	igt_assert_eq(lab_camera_try_dequeue(camera, V4L2_MEMORY_MMAP, &buffer), -EPIPE);
}

static void renegotiate(struct lab_camera *camera, uint32_t width, uint32_t height)
{
	lab_camera_stop(camera);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, 0);
	expect_format(camera, width, height);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, BUFFERS);
	queue_all(camera);
}

static void go_on(struct lab_camera *camera, uint32_t width, uint32_t height)
{
	renegotiate(camera, width, height);
	lab_camera_start(camera);
}

/* By the frames: the last one, EPIPE, and then the new format */
static void larger(const char *unused)
{
	struct lab_camera camera;
	uint64_t since;

	camera_open(&camera, 320, 240);
	change_in(&camera, 3, 640, 480);
	queue_all(&camera);
	lab_camera_start(&camera);
	expect_end(&camera, 3);
	expect_event(&camera);

	/* The buffers are too small for what comes. */
	since = lab_now();
	igt_assert_eq(lab_camera_queue_own(&camera, 0), -EINVAL);
	lab_assert_refused_by(since, -EINVAL, "camsim-000",
			      "plane 0 of buffer 0 has 307200 bytes, a frame needs 1228800");
	go_on(&camera, 640, 480);
	for (int i = 0; i < BUFFERS; i++)
		igt_assert(!expect_frame(&camera, i));
	camera_close(&camera);
}

/* By the event: the new format before the frames of the old one were looked at */
static void event_first(const char *unused)
{
	struct lab_camera camera, old;

	camera_open(&camera, 640, 480);
	old = camera;
	change_in(&camera, 2, 320, 240);
	queue_all(&camera);
	lab_camera_start(&camera);
	expect_event(&camera);
	expect_format(&camera, 320, 240);
	expect_end(&old, 2);
	go_on(&camera, 320, 240);
	igt_assert(!expect_frame(&camera, 0));
	camera_close(&camera);
}

/* By nothing: STREAMOFF before anything was looked at */
static void stop_first(const char *unused)
{
	struct lab_camera camera;

	camera_open(&camera, 320, 240);
	change_in(&camera, 1, 0, 480);
	queue_all(&camera);
	lab_camera_start(&camera);
	igt_assert(lab_poll(camera.fd, POLLIN, LAB_FRAME_MS));
	go_on(&camera, 320, 480);
	expect_event(&camera);
	igt_assert(!expect_frame(&camera, 0));
	camera_close(&camera);
}

/* Buffers that are large enough need not be new ones. */
static void same_buffers(const char *unused)
{
	struct lab_camera camera;

	camera_open(&camera, 640, 480);
	change_in(&camera, 2, 320, 240);
	queue_all(&camera);
	lab_camera_start(&camera);
	expect_end(&camera, 2);
	lab_camera_stop(&camera);
	expect_format(&camera, 320, 240);
	queue_all(&camera);
	lab_camera_start(&camera);
	for (int i = 0; i < BUFFERS; i++)
		igt_assert(!expect_frame(&camera, i));
	camera_close(&camera);
}

/* What was prepared for the old size is not good for the new one. */
static void prepared(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = 1 };
	struct lab_camera camera;

	camera_open(&camera, 320, 240);
	change_in(&camera, 1, 640, 480);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_PREPARE_BUF, &buffer), 0);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_start(&camera);
	expect_end(&camera, 1);
	/* It is taken, for it was found good. No frame comes into it. */
	igt_assert_eq(lab_camera_queue_own(&camera, 1), 0);
	igt_assert_eq(lab_camera_try_dequeue(&camera, V4L2_MEMORY_MMAP, &buffer), -EPIPE);
	lab_camera_stop(&camera);
	igt_assert_eq(lab_camera_queue_own(&camera, 1), -EINVAL);
	go_on(&camera, 640, 480);
	igt_assert(!expect_frame(&camera, 0));
	camera_close(&camera);
}

/* The picture is as large as the frame again; what is seen of the sensor stays. */
static void selection(const char *unused)
{
	struct v4l2_selection crop = { .type = CAPTURE, .target = V4L2_SEL_TGT_CROP,
				       .r = { 640, 480, 1280, 960 } };
	struct v4l2_selection compose = { .type = CAPTURE, .target = V4L2_SEL_TGT_COMPOSE,
					  .r = { 64, 64, 128, 96 } };
	struct lab_camera camera;

	camera_open(&camera, 320, 240);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_SELECTION, &crop), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_SELECTION, &compose), 0);
	change_in(&camera, 1, 640, 480);
	queue_all(&camera);
	lab_camera_start(&camera);
	expect_event(&camera);
	lab_camera_stop(&camera);
	crop.r = (struct v4l2_rect){ 0 };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_SELECTION, &crop), 0);
	igt_assert_eq_u32(crop.r.width, 1280);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_SELECTION, &compose), 0);
	igt_assert_eq(compose.r.left, 0);
	igt_assert_eq_u32(compose.r.width, 640);
	igt_assert_eq_u32(compose.r.height, 480);

	crop.r = (struct v4l2_rect){ 0, 0, UINT32_MAX, UINT32_MAX };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_SELECTION, &crop), 0);
	camera_close(&camera);
}

/* To and fro; and who goes in the middle leaves a camera with the new format. */
static void again(const char *unused)
{
	struct lab_camera camera;

	camera_open(&camera, 320, 240);
	queue_all(&camera);
	for (int round = 0; round < 6; round++) {
		uint32_t scale = round % 2 ? 1 : 2;

		change_in(&camera, 1 + round % BUFFERS, 320 * scale, 240 * scale);
		lab_camera_start(&camera);
		expect_event(&camera);
		renegotiate(&camera, 320 * scale, 240 * scale);
	}
	change_in(&camera, 1, 800, 600);
	lab_camera_start(&camera);
	expect_event(&camera);
	camera_close(&camera);

	camera.fd = lab_open_camera();
	expect_format(&camera, 800, 600);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, BUFFERS);
	queue_all(&camera);
	lab_camera_start(&camera);
	igt_assert(!expect_frame(&camera, 0));
	lab_camera_close(&camera);
}

/* read() from a new file: one frame, with its stamp */
static void expect_read(const struct lab_camera *camera)
{
	void *frame = malloc(camera->size);
	struct simstamp stamp;

	igt_assert_eq(read(camera->fd, frame, camera->size), camera->size);
	igt_assert(lab_stamp_read(frame, camera, &stamp));
	free(frame);
}

/* The end of the file is that of the size; the next file has the next size. */
static void read_larger(const char *unused)
{
	struct lab_camera camera;
	char byte;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, 320, 240);
	subscribe(&camera);
	change_in(&camera, 3, 640, 480);
	for (int i = 0; i < 3; i++)
		expect_read(&camera);
	for (int i = 0; i < 2; i++)
		igt_assert_eq(read(camera.fd, &byte, 1), 0);
	expect_event(&camera);
	expect_format(&camera, 640, 480);
	camera_close(&camera);

	camera.fd = lab_open_camera();
	expect_format(&camera, 640, 480);
	for (int i = 0; i < 3; i++)
		expect_read(&camera);
	lab_camera_close(&camera);
}

/* The rate */

#define OLD_RATE	20
#define NEW_RATE	101	/* of whose periods no few make one of the old */

static struct v4l2_fract rate_of(const struct lab_camera *camera)
{
	struct v4l2_streamparm parm = { .type = CAPTURE };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_G_PARM, &parm), 0);
	return parm.parm.capture.timeperframe;
}

static void set_rate(const struct lab_camera *camera, uint32_t rate)
{
	struct v4l2_streamparm parm = {
		.type = CAPTURE, .parm.capture.timeperframe = { 1, rate },
	};

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_S_PARM, &parm), 0);
}

static void expect_rate(const struct lab_camera *camera, uint32_t rate)
{
	struct v4l2_fract interval = rate_of(camera);

	igt_assert_eq_u32(interval.numerator, 1);
	igt_assert_eq_u32(interval.denominator, rate);
}

/* Two frames are whole periods apart, to the microsecond; a slow machine leaves out some. */
static void expect_periods(int64_t time, uint32_t rate)
{
	int64_t periods = (time * rate + 500000) / 1000000;

	igt_debug("%lld us are %lld periods of 1/%u s\n", (long long)time, (long long)periods,
		  rate);
	igt_assert(periods >= 1);
	igt_assert(llabs(time - periods * 1000000 / rate) <= 2);
}

static int64_t next_time(const struct lab_camera *camera)
{
	struct v4l2_buffer buffer = lab_camera_dequeue(camera, V4L2_MEMORY_MMAP);

	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_LAST, 0);
	igt_assert_eq(lab_camera_queue_own(camera, buffer.index), 0);
	return lab_camera_time(&buffer);
}

/* No frame is the last one, and no buffer has to be another. */
static void rate(const char *unused)
{
	struct lab_camera camera;
	int64_t before, time;

	camera_open(&camera, 320, 240);
	set_rate(&camera, OLD_RATE);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_SOURCE_RATE, NEW_RATE);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, 4);
	queue_all(&camera);
	lab_camera_start(&camera);
	before = next_time(&camera);
	for (int i = 1; i < 12; i++, before = time) {
		time = next_time(&camera);
		expect_periods(time - before, i < 4 ? OLD_RATE : NEW_RATE);
	}
	expect_event(&camera);
	expect_format(&camera, 320, 240);
	expect_rate(&camera, NEW_RATE);
	igt_assert_eq(lab_camera_get(&camera, V4L2_CID_VBLANK), 600000 / NEW_RATE + 1 - 240);

	/* It is the camera's rate now, as if it had been set. */
	lab_camera_stop(&camera);
	expect_rate(&camera, NEW_RATE);
	set_rate(&camera, OLD_RATE);
	expect_rate(&camera, OLD_RATE);
	camera_close(&camera);
}

/* Both at once: the frames of the new size have the new rate. */
static void rate_and_size(const char *unused)
{
	struct lab_camera camera;
	int64_t before;

	camera_open(&camera, 320, 240);
	set_rate(&camera, OLD_RATE);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_SOURCE_RATE, NEW_RATE);
	change_in(&camera, 2, 640, 480);
	queue_all(&camera);
	lab_camera_start(&camera);
	expect_end(&camera, 2);
	expect_event(&camera);
	expect_rate(&camera, NEW_RATE);
	go_on(&camera, 640, 480);
	before = next_time(&camera);
	expect_periods(next_time(&camera) - before, NEW_RATE);
	camera_close(&camera);
}

static const struct lab_test tests[] = {
	{ "larger", larger, "LAST, EPIPE, the event, and EINVAL for buffers that are too small." },
	{ "event-first", event_first, "From the event on the format is the new one." },
	{ "stop-first", stop_first, "From STREAMOFF on as well, and the event comes." },
	{ "same-buffers", same_buffers, "Buffers that are large enough stay." },
	{ "prepared", prepared, "A buffer prepared for the old size gets no frame." },
	{ "selection", selection, "The compose rectangle is the whole new frame." },
	{ "again", again, "Six times; then the client goes." },
	{ "read-larger", read_larger, "read() comes to its end; of another file it goes on." },
	{ "rate", rate, "Another rate: the event, and frames go on in the new time." },
	{ "rate-and-size", rate_and_size, "Both at once." },
};

igt_main()
{
	lab_run(tests, NULL);
}
