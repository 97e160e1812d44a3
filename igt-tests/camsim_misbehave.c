// SPDX-License-Identifier: MIT
/*
 * A camera that misbehaves on demand: each kind of trouble, exactly as often as asked for.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <poll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "buffer.h"
#include "camera.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("the camera's private controls: drops, errors, stalls; how V4L2 shows them");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define BUFFERS		8
#define INTERVAL	(1000000 / 60)	/* microseconds per frame, as lab_camera_open() sets */

/**
 * struct stream - a camera and all its buffers
 * @camera: the camera.
 * @pixels: each buffer, mapped.
 *
 * No buffer is queued a second time: so many frames come, whether or not the test is fast.
 */
struct stream {
	struct lab_camera camera;
	uint8_t *pixels[BUFFERS];
};

static void stream_setup(struct stream *stream, int fd)
{
	struct lab_camera *camera = &stream->camera;

	lab_camera_setup(camera, fd, V4L2_PIX_FMT_XBGR32, 320, 240);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, BUFFERS);
	for (int i = 0; i < BUFFERS; i++) {
		struct v4l2_buffer buffer = { .type = CAPTURE, .index = i };

		igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_QUERYBUF, &buffer), 0);
		stream->pixels[i] = (uint8_t *)lab_map(camera->fd, buffer.length, PROT_READ,
						       buffer.m.offset);
	}
}

static void stream_open(struct stream *stream)
{
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, 320, 240);
	stream_setup(stream, camera.fd);
}

static void stream_start(struct stream *stream)
{
	for (int i = 0; i < BUFFERS; i++)
		igt_assert_eq(lab_camera_queue_own(&stream->camera, i), 0);
	lab_camera_start(&stream->camera);
}

static void stream_close(struct stream *stream)
{
	for (int i = 0; i < BUFFERS; i++)
		lab_unmap(stream->pixels[i], stream->camera.size);
	lab_camera_close(&stream->camera);
}

/* The next buffer, with or without its error flag */
static struct v4l2_buffer next(struct stream *stream)
{
	struct v4l2_buffer buffer;

	igt_assert_eq(lab_camera_try_dequeue(&stream->camera, V4L2_MEMORY_MMAP, &buffer), 0);
	return buffer;
}

static struct simstamp stamp_of(struct stream *stream, const struct v4l2_buffer *buffer)
{
	struct simstamp stamp;

	igt_assert(lab_stamp_read(stream->pixels[buffer->index], &stream->camera, &stamp));
	return stamp;
}

/* A frame with nothing wrong, number @sequence */
static void expect_good(struct stream *stream, uint32_t sequence)
{
	struct v4l2_buffer buffer = next(stream);
	struct simstamp stamp = stamp_of(stream, &buffer);

	igt_assert_eq_u32(buffer.flags & (V4L2_BUF_FLAG_ERROR | V4L2_BUF_FLAG_LAST), 0);
	igt_assert_eq_u32(buffer.bytesused, stream->camera.size);
	igt_assert_eq_u32(buffer.sequence, sequence);
	igt_assert_eq_u32(stamp.sequence, sequence);
	igt_assert_eq_s64(stamp.timestamp / 1000, lab_camera_time(&buffer));
}

static void start_with(struct stream *stream, uint32_t control, int32_t value)
{
	stream_open(stream);
	lab_camera_set(&stream->camera, control, value);
	igt_assert_eq(lab_camera_get(&stream->camera, control), value);
	stream_start(stream);
}

/* Trouble with frames */

static void drop(const char *unused)
{
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_DROP_FRAMES, 3);
	for (uint32_t sequence = 3; sequence < 3 + BUFFERS; sequence++)
		expect_good(&stream, sequence);
	igt_assert_eq(lab_camera_get(&stream.camera, V4L2_CID_CAMSIM_DROP_FRAMES), 0);
	stream_close(&stream);
}

static void freeze(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;
	struct simstamp stamp;

	/* There is no picture before the first one. */
	start_with(&stream, V4L2_CID_CAMSIM_FREEZE_FRAMES, 3);
	expect_good(&stream, 0);
	for (uint32_t sequence = 1; sequence < 3; sequence++) {
		buffer = next(&stream);
		stamp = stamp_of(&stream, &buffer);
		igt_assert_eq_u32(buffer.sequence, sequence);
		igt_assert_eq_u32(stamp.sequence, 0);
		igt_assert(lab_camera_time(&buffer) > (int64_t)stamp.timestamp / 1000);
		igt_assert(!memcmp(stream.pixels[buffer.index], stream.pixels[0],
				   stream.camera.size));
	}
	expect_good(&stream, 3);
	stream_close(&stream);
}

static void corrupt(const char *unused)
{
	struct v4l2_buffer buffer;
	struct simstamp stamp;
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_CORRUPT_FRAMES, 2);
	for (uint32_t sequence = 0; sequence < 2; sequence++) {
		buffer = next(&stream);
		igt_assert_eq_u32(buffer.sequence, sequence);
		igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);
		igt_assert(!lab_stamp_read(stream.pixels[buffer.index], &stream.camera, &stamp));
	}
	expect_good(&stream, 2);
	stream_close(&stream);
}

static void error_flag(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_ERROR_FRAMES, 2);
	for (uint32_t sequence = 0; sequence < 2; sequence++) {
		buffer = next(&stream);
		igt_assert(buffer.flags & V4L2_BUF_FLAG_ERROR);
		igt_assert_eq_u32(buffer.sequence, sequence);
		igt_assert_eq_u32(stamp_of(&stream, &buffer).sequence, sequence);
	}
	expect_good(&stream, 2);
	stream_close(&stream);
}

static void dma_fault(const char *unused)
{
	uint64_t faults = lab_dma_faults();
	struct v4l2_buffer buffer;
	struct simstamp stamp;
	struct stream stream;

	lab_expect_kernel_message("DMA fault");
	start_with(&stream, V4L2_CID_CAMSIM_FAULT_FRAMES, 2);
	for (uint32_t sequence = 0; sequence < 2; sequence++) {
		buffer = next(&stream);
		igt_assert(buffer.flags & V4L2_BUF_FLAG_ERROR);
		igt_assert_eq_u32(buffer.sequence, sequence);
		igt_assert(!lab_stamp_read(stream.pixels[buffer.index], &stream.camera, &stamp));
	}
	for (uint32_t sequence = 2; sequence < BUFFERS; sequence++)
		expect_good(&stream, sequence);
	igt_assert_eq_u64(lab_dma_faults(), faults + 2);
	stream_close(&stream);
}

static void short_frame(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_SHORT_FRAMES, 2);
	for (uint32_t sequence = 0; sequence < 2; sequence++) {
		buffer = next(&stream);
		igt_assert_eq_u32(buffer.bytesused, stream.camera.size / 2);
		igt_assert_eq_u32(buffer.sequence, sequence);
	}
	expect_good(&stream, 2);
	stream_close(&stream);
}

static void wrong_sequence(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_WRONG_SEQUENCE_FRAMES, 3);
	for (uint32_t sequence = 0; sequence < 3; sequence++) {
		buffer = next(&stream);
		igt_assert_eq_u32(buffer.sequence, sequence - 1);
		igt_assert_eq_u32(stamp_of(&stream, &buffer).sequence, sequence);
	}
	expect_good(&stream, 3);
	stream_close(&stream);
}

/* All at once: a dropped frame suffers nothing else, the next one all the rest. */
static void together(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;

	stream_open(&stream);
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_DROP_FRAMES, 1);
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_ERROR_FRAMES, 1);
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_SHORT_FRAMES, 1);
	stream_start(&stream);
	buffer = next(&stream);
	igt_assert_eq_u32(buffer.sequence, 1);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_ERROR);
	igt_assert_eq_u32(buffer.bytesused, stream.camera.size / 2);
	expect_good(&stream, 2);
	stream_close(&stream);
}

static void called_off(const char *unused)
{
	struct stream stream;

	stream_open(&stream);
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_DROP_FRAMES, 1000);
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_DROP_FRAMES, 0);
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_FAIL_IN, 1);
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_FAIL_IN, 0);
	stream_start(&stream);
	for (uint32_t sequence = 0; sequence < BUFFERS; sequence++)
		expect_good(&stream, sequence);
	stream_close(&stream);
}

/* Trouble with time */

static int64_t now(void)
{
	return lab_now();
}

static void stall(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;
	int64_t start = now();

	start_with(&stream, V4L2_CID_CAMSIM_STALL_MS, 400);
	buffer = next(&stream);
	igt_assert_eq_u32(buffer.sequence, 0);
	igt_assert(lab_camera_time(&buffer) - start > 400000);
	igt_assert_eq(lab_camera_get(&stream.camera, V4L2_CID_CAMSIM_STALL_MS), 0);
	for (uint32_t sequence = 1; sequence < BUFFERS; sequence++)
		expect_good(&stream, sequence);
	stream_close(&stream);
}

/* A frame is 300 ms old when it comes, and none is missing. */
static void delay(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_DELAY_MS, 300);
	for (uint32_t sequence = 0; sequence < BUFFERS; sequence++) {
		buffer = next(&stream);
		igt_assert(now() - lab_camera_time(&buffer) >= 300000);
		igt_assert_eq_u32(buffer.sequence, sequence);
		igt_assert_eq_u32(stamp_of(&stream, &buffer).sequence, sequence);
	}
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_DELAY_MS, 0);
	stream_close(&stream);
}

/* Trouble without end */

static short poll_says(const struct stream *stream)
{
	struct pollfd pollfd = { .fd = stream->camera.fd, .events = POLLIN };

	igt_assert_eq(poll(&pollfd, 1, 0), 1);
	return pollfd.revents;
}

static void end_of_stream(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_END_IN, 3);
	expect_good(&stream, 0);
	expect_good(&stream, 1);
	buffer = next(&stream);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_LAST);
	igt_assert_eq_u32(buffer.sequence, 2);
	for (int i = 0; i < 2; i++) {
		igt_assert_eq(lab_camera_try_dequeue(&stream.camera, V4L2_MEMORY_MMAP, &buffer),
			      -EPIPE);
		igt_assert_eq(lab_camera_queue_own(&stream.camera, i), 0);
	}
	lab_camera_stop(&stream.camera);
	stream_start(&stream);
	expect_good(&stream, 0);
	stream_close(&stream);
}

/* read() has the frames up to the last one; what comes then is the end of the file. */
static void end_of_file(const char *unused)
{
	struct simstamp stamp;
	struct lab_camera camera;
	uint8_t *frame;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, 320, 240);
	frame = malloc(camera.size);
	igt_assert(frame);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_END_IN, 3);
	for (int i = 0; i < 3; i++) {
		igt_assert_eq(read(camera.fd, frame, camera.size), camera.size);
		igt_assert(lab_stamp_read(frame, &camera, &stamp));
	}
	for (int i = 0; i < 3; i++)
		igt_assert_eq(read(camera.fd, frame, camera.size), 0);
	free(frame);
	lab_camera_close(&camera);
}

/* Who goes without STREAMOFF after the last frame leaves a good camera to the next one. */
static void end_of_client(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;

	start_with(&stream, V4L2_CID_CAMSIM_END_IN, 1);
	buffer = next(&stream);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_LAST);
	stream_close(&stream);

	stream_open(&stream);
	stream_start(&stream);
	expect_good(&stream, 0);
	stream_close(&stream);
}

static void device_fails(const char *unused)
{
	struct v4l2_buffer buffer;
	struct stream stream;
	int ret;

	start_with(&stream, V4L2_CID_CAMSIM_FAIL_IN, 3);
	/* What was finished before may be read before or not. */
	do {
		ret = lab_camera_try_dequeue(&stream.camera, V4L2_MEMORY_MMAP, &buffer);
		igt_assert(ret || buffer.sequence < 2);
	} while (!ret);
	igt_assert_eq(ret, -EIO);
	igt_assert_eq(lab_camera_queue_own(&stream.camera, 0), -EIO);
	igt_assert(poll_says(&stream) & POLLERR);

	lab_camera_stop(&stream.camera);
	stream_start(&stream);
	expect_good(&stream, 0);
	stream_close(&stream);
}

static void unplugged(const char *unused)
{
	struct lab_plugged plugged;
	struct v4l2_buffer buffer;
	struct stream stream;
	int ret;

	lab_plug(&plugged, "camsim", "ideal");
	stream_setup(&stream, lab_plugged_camera(&plugged));
	lab_camera_set(&stream.camera, V4L2_CID_CAMSIM_UNPLUG_IN, 3);
	stream_start(&stream);
	do {
		ret = lab_camera_try_dequeue(&stream.camera, V4L2_MEMORY_MMAP, &buffer);
		igt_assert(ret || buffer.sequence < 2);
	} while (!ret);
	igt_assert_eq(ret, -ENODEV);
	igt_assert_eq(lab_camera_queue_own(&stream.camera, 0), -ENODEV);
	igt_assert(poll_says(&stream) & POLLERR);
	/* Its memory stays. */
	igt_assert(lab_stamp_read(stream.pixels[0], &stream.camera, &(struct simstamp){}));
	stream_close(&stream);
	lab_unplug(&plugged);
}

/* Everybody reads, and only who may write writes. */
static void priority(const char *unused)
{
	struct v4l2_control drop = { .id = V4L2_CID_CAMSIM_DROP_FRAMES, .value = 1 };
	struct lab_camera owner, other;
	uint32_t record = V4L2_PRIORITY_RECORD;

	lab_camera_open(&owner, V4L2_PIX_FMT_XBGR32, 320, 240);
	lab_camera_open(&other, V4L2_PIX_FMT_XBGR32, 320, 240);
	igt_assert_eq(lab_ioctl(owner.fd, VIDIOC_S_PRIORITY, &record), 0);
	igt_assert_eq(lab_ioctl(other.fd, VIDIOC_S_CTRL, &drop), -EBUSY);
	igt_assert_eq(lab_ioctl(other.fd, VIDIOC_G_CTRL, &drop), 0);
	igt_assert_eq(drop.value, 0);
	lab_camera_close(&other);
	lab_camera_close(&owner);
}

static const struct lab_test tests[] = {
	{ "drop", drop, "So many numbers are missing from the sequence." },
	{ "freeze", freeze, "Old pictures, new numbers and times." },
	{ "corrupt", corrupt, "The stamp is broken, and V4L2 says nothing." },
	{ "error-flag", error_flag, "V4L2_BUF_FLAG_ERROR on so many frames." },
	{ "dma-fault", dma_fault,
	  "A DMA fault costs its frame, is counted, and the stream goes on." },
	{ "short-frame", short_frame, "bytesused is half a frame." },
	{ "wrong-sequence", wrong_sequence, "The buffer's number is not the stamp's." },
	{ "together", together, "Several at once, in an order that is defined." },
	{ "called-off", called_off, "Zero calls off what was asked for." },
	{ "stall", stall, "No frame for a while, and the number goes on." },
	{ "delay", delay, "Frames come late, and none is missing." },
	{ "end-of-stream", end_of_stream,
	  "The last frame says so, EPIPE comes after it, and a new stream begins." },
	{ "end-of-file", end_of_file, "read() has the last frame, and then the file's end." },
	{ "end-of-client", end_of_client, "Closed after the last frame: the next client streams." },
	{ "device-fails", device_fails, "EIO until STREAMOFF, then a new stream begins." },
	{ "unplugged", unplugged, "ENODEV, from a frame on." },
	{ "priority", priority, "EBUSY while another file has a higher priority." },
};

igt_main()
{
	lab_run(tests, NULL);
}
