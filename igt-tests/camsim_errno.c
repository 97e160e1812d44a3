// SPDX-License-Identifier: MIT
/*
 * V4L2's ioctls, one after the other: what vidioc-*.rst says each returns for which argument, and
 * what it tells besides. What camsim says of dma-bufs is in camsim_args.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "lab.h"
#include "plug.h"

IGT_TEST_DESCRIPTION("each ioctl of V4L2's that cameras have, and each errno it may give");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define CAPTURE_MPLANE	V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE
#define OUTPUT		V4L2_BUF_TYPE_VIDEO_OUTPUT
#define MMAP		V4L2_MEMORY_MMAP
#define DMABUF		V4L2_MEMORY_DMABUF
#define MAX_BUFFERS	32	/* that one queue may have, as it says itself */
#define UNKNOWN		v4l2_fourcc('n', 'o', 'n', 'e')

static void camera_open(struct lab_camera *camera)
{
	lab_camera_open(camera, V4L2_PIX_FMT_YUYV, 320, 240);
}

static void nonblocking(const struct lab_camera *camera)
{
	igt_assert_eq(fcntl(camera->fd, F_SETFL, O_NONBLOCK), 0);
}

static void start(const struct lab_camera *camera, int buffers)
{
	lab_camera_request(camera, MMAP, buffers);
	for (int i = 0; i < buffers; i++)
		igt_assert_eq(lab_camera_queue_own(camera, i), 0);
	lab_camera_start(camera);
}

static int request(int fd, uint32_t type, uint32_t memory, uint32_t *count)
{
	struct v4l2_requestbuffers arg = { .count = *count, .type = type, .memory = memory };
	int ret = lab_ioctl(fd, VIDIOC_REQBUFS, &arg);

	*count = arg.count;
	return ret;
}

static int remove_buffers(int fd, uint32_t type, uint32_t index, uint32_t count)
{
	struct v4l2_remove_buffers arg = { .index = index, .count = count, .type = type };

	return lab_ioctl(fd, VIDIOC_REMOVE_BUFS, &arg);
}

static int buffer_ioctl(int fd, unsigned long code, uint32_t type, uint32_t index)
{
	struct v4l2_buffer arg = { .type = type, .memory = MMAP, .index = index };

	return lab_ioctl(fd, code, &arg);
}

/* Buffers */

static void reqbufs(const char *unused)
{
	struct v4l2_requestbuffers arg = { .type = CAPTURE, .memory = MMAP };
	uint32_t count = UINT32_MAX;
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_GREY, 16, 16);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_REQBUFS, &arg), 0);
	igt_assert_eq_u32(arg.capabilities, V4L2_BUF_CAP_SUPPORTS_MMAP |
			  V4L2_BUF_CAP_SUPPORTS_DMABUF | V4L2_BUF_CAP_SUPPORTS_ORPHANED_BUFS |
			  V4L2_BUF_CAP_SUPPORTS_REMOVE_BUFS);
	/* As many as asked for, or as there can be */
	igt_assert_eq(request(camera.fd, CAPTURE, MMAP, &count), 0);
	igt_assert_eq_u32(count, MAX_BUFFERS);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE, MAX_BUFFERS - 1), 0);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE, MAX_BUFFERS), -EINVAL);
	/* Another number frees those that were there, another memory too. */
	count = 1;
	igt_assert_eq(request(camera.fd, CAPTURE, DMABUF, &count), 0);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE, 1), -EINVAL);
	count = 0;
	igt_assert_eq(request(camera.fd, OUTPUT, MMAP, &count), -EINVAL);
	igt_assert_eq(request(camera.fd, CAPTURE, V4L2_MEMORY_OVERLAY, &count), -EINVAL);
	igt_assert_eq(request(camera.fd, CAPTURE, MMAP, &count), 0);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE, 0), -EINVAL);
	lab_camera_close(&camera);
}

static struct v4l2_create_buffers create_arg(const struct lab_camera *camera, uint32_t count)
{
	struct v4l2_create_buffers arg = { .count = count, .memory = MMAP,
					   .format.type = CAPTURE };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_G_FMT, &arg.format), 0);
	return arg;
}

static void create_bufs(const char *unused)
{
	struct v4l2_create_buffers arg;
	struct lab_camera camera;
	uint32_t count = 30;
	int other;

	lab_camera_open(&camera, V4L2_PIX_FMT_GREY, 16, 16);
	igt_assert_eq(request(camera.fd, CAPTURE, MMAP, &count), 0);
	arg = create_arg(&camera, 100);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CREATE_BUFS, &arg), 0);
	igt_assert_eq_u32(arg.index, 30);
	igt_assert_eq_u32(arg.count, MAX_BUFFERS - 30);
	igt_assert_eq_u32(arg.max_num_buffers, MAX_BUFFERS);
	arg = create_arg(&camera, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CREATE_BUFS, &arg), -ENOBUFS);

	/* Zero only looks, also at a queue of somebody else's. */
	other = lab_open_camera();
	arg = create_arg(&camera, 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_CREATE_BUFS, &arg), 0);
	igt_assert_eq_u32(arg.index, MAX_BUFFERS);
	arg.memory = V4L2_MEMORY_USERPTR;
	igt_assert_eq(lab_ioctl(other, VIDIOC_CREATE_BUFS, &arg), -EINVAL);
	arg = create_arg(&camera, 0);
	arg.format.type = OUTPUT;
	igt_assert_eq(lab_ioctl(other, VIDIOC_CREATE_BUFS, &arg), -EINVAL);
	arg = create_arg(&camera, 1);
	igt_assert_eq(lab_ioctl(other, VIDIOC_CREATE_BUFS, &arg), -EBUSY);
	lab_close(other);
	lab_camera_close(&camera);
}

static void remove_bufs(const char *unused)
{
	struct lab_camera camera;
	int other;

	camera_open(&camera);
	igt_assert_eq(remove_buffers(camera.fd, CAPTURE, 0, 1), -EINVAL);
	start(&camera, 2);
	igt_assert_eq(remove_buffers(camera.fd, OUTPUT, 0, 0), -EINVAL);
	igt_assert_eq(remove_buffers(camera.fd, CAPTURE, UINT32_MAX, 2), -EINVAL);
	/* A frame that nobody has dequeued yet */
	igt_assert(lab_poll(camera.fd, POLLIN, LAB_FRAME_MS));
	igt_assert_eq(remove_buffers(camera.fd, CAPTURE, 0, 2), -EBUSY);
	lab_camera_dequeue(&camera, MMAP);
	other = lab_open_camera();
	igt_assert_eq(remove_buffers(other, CAPTURE, 0, 1), -EBUSY);
	lab_close(other);
	/* Nothing of a range goes when one of it must stay. */
	igt_assert_eq(remove_buffers(camera.fd, CAPTURE, 0, 3), -EINVAL);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE, 0), 0);
	igt_assert_eq(remove_buffers(camera.fd, CAPTURE, 0, 1), 0);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE, 0), -EINVAL);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), -EINVAL);
	lab_camera_close(&camera);
}

static void prepare_buf(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = MMAP,
				      .flags = V4L2_BUF_FLAG_REQUEST_FD };
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_PREPARE_BUF, CAPTURE, 0), -EINVAL);
	lab_camera_request(&camera, MMAP, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_PREPARE_BUF, &buffer), -EINVAL);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_PREPARE_BUF, OUTPUT, 0), -EINVAL);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_PREPARE_BUF, CAPTURE, 1), -EINVAL);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_PREPARE_BUF, CAPTURE, 0), 0);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_PREPARE_BUF, CAPTURE, 0), -EINVAL);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_PREPARE_BUF, CAPTURE, 0), -EINVAL);
	lab_camera_start(&camera);
	lab_camera_dequeue(&camera, MMAP);
	lab_camera_close(&camera);
}

static void querybuf(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE };
	struct lab_camera camera;
	int other;

	camera_open(&camera);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE, 0), -EINVAL);
	lab_camera_request(&camera, MMAP, 1);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, OUTPUT, 0), -EINVAL);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QUERYBUF, CAPTURE_MPLANE, 0), -EINVAL);
	/* Everybody may look. */
	other = lab_open_camera();
	igt_assert_eq(lab_ioctl(other, VIDIOC_QUERYBUF, &buffer), 0);
	igt_assert_eq_u32(buffer.memory, MMAP);
	igt_assert(buffer.length >= camera.size);
	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_QUEUED, 0);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_QUERYBUF, &buffer), 0);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_QUEUED);
	lab_close(other);
	lab_camera_close(&camera);
}

/**
 * struct dequeuer - a thread that calls DQBUF
 * @thread: the thread.
 * @camera: where.
 * @refused: set when it got EBUSY, by whichever of them did.
 */
struct dequeuer {
	pthread_t thread;
	const struct lab_camera *camera;
	volatile bool *refused;
};

static void *dequeue(void *argument)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = MMAP };
	struct dequeuer *dequeuer = argument;
	int ret = lab_ioctl(dequeuer->camera->fd, VIDIOC_DQBUF, &buffer);

	if (ret == -EBUSY)
		*dequeuer->refused = true;
	else
		igt_assert_eq(ret, 0);
	return NULL;
}

/* Of two that call DQBUF at once, one sleeps. Which one is not said. */
static void dqbuf(const char *unused)
{
	volatile bool refused = false;
	struct dequeuer dequeuers[2];
	struct lab_camera camera;

	camera_open(&camera);
	start(&camera, 1);
	lab_camera_dequeue(&camera, MMAP);
	for (int i = 0; i < 2; i++) {
		dequeuers[i] = (struct dequeuer){ .camera = &camera, .refused = &refused };
		igt_assert_eq(pthread_create(&dequeuers[i].thread, NULL, dequeue, &dequeuers[i]),
			      0);
	}
	igt_set_timeout(20, "EBUSY from one of two DQBUFs");
	while (!refused)
		lab_sleep(1);
	igt_reset_timeout();
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	for (int i = 0; i < 2; i++)
		igt_assert_eq(pthread_join(dequeuers[i].thread, NULL), 0);
	lab_camera_close(&camera);
}

/* Flags of DQBUF are the driver's: what a client left there does not matter. */
static void dqbuf_flags(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = MMAP,
				      .flags = V4L2_BUF_FLAG_DONE | V4L2_BUF_FLAG_LAST };
	struct lab_camera camera;

	camera_open(&camera);
	nonblocking(&camera);
	start(&camera, 1);
	lab_camera_dequeue(&camera, MMAP);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EAGAIN);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_dequeue(&camera, MMAP);
	lab_camera_close(&camera);
}

static void expbuf(const char *unused)
{
	static const uint32_t good[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR | O_CLOEXEC };
	static const uint32_t bad[] = { O_CREAT, O_TRUNC, O_NONBLOCK, O_DIRECT, O_SYNC,
					0x80000000 };
	struct v4l2_exportbuffer arg = { .type = CAPTURE };
	struct lab_camera camera;

	camera_open(&camera);
	lab_camera_request(&camera, MMAP, 1);
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		arg.flags = good[i];
		igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &arg), 0);
		igt_assert_eq(fcntl(arg.fd, F_GETFL) & O_ACCMODE, good[i] & O_ACCMODE);
		igt_assert_eq(fcntl(arg.fd, F_GETFD), good[i] & O_CLOEXEC ? FD_CLOEXEC : 0);
		lab_close(arg.fd);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		arg.flags = bad[i];
		igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &arg), -EINVAL);
	}
	arg = (struct v4l2_exportbuffer){ .type = OUTPUT };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &arg), -EINVAL);
	arg = (struct v4l2_exportbuffer){ .type = CAPTURE_MPLANE };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &arg), -EINVAL);
	lab_camera_close(&camera);
}

/* What is exported for reading cannot be mapped for writing. */
static void expbuf_access(const char *unused)
{
	struct lab_camera camera;
	int dmabuf;

	camera_open(&camera);
	lab_camera_request(&camera, MMAP, 1);
	dmabuf = lab_camera_export(&camera, 0, O_RDONLY);
	igt_assert(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0) == MAP_FAILED);
	igt_assert_eq(errno, EACCES);
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

/* read() has buffers of its own, and no others are there beside them. */
static void file_io(const char *unused)
{
	struct v4l2_exportbuffer export = { .type = CAPTURE };
	struct v4l2_create_buffers create;
	struct lab_camera camera;
	int type = CAPTURE;
	uint32_t count = 1;
	char byte;

	camera_open(&camera);
	create = create_arg(&camera, 1);
	igt_assert_eq(read(camera.fd, &byte, 1), 1);
	igt_assert_eq(request(camera.fd, CAPTURE, MMAP, &count), -EBUSY);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CREATE_BUFS, &create), -EBUSY);
	igt_assert_eq(remove_buffers(camera.fd, CAPTURE, 0, 1), -EBUSY);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_QBUF, CAPTURE, 0), -EBUSY);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_DQBUF, CAPTURE, 0), -EBUSY);
	igt_assert_eq(buffer_ioctl(camera.fd, VIDIOC_PREPARE_BUF, CAPTURE, 0), -EBUSY);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &export), -EBUSY);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMON, &type), -EBUSY);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMOFF, &type), -EBUSY);
	igt_assert_eq(read(camera.fd, &byte, 1), 1);
	lab_camera_close(&camera);
}

/* Two files: what the queue's owner alone may do */
static void other_file(const char *unused)
{
	struct v4l2_exportbuffer export = { .type = CAPTURE };
	struct v4l2_format format = { .type = CAPTURE };
	struct lab_camera camera;
	int other, type = CAPTURE;

	camera_open(&camera);
	start(&camera, 2);
	other = lab_open_camera();
	igt_assert_eq(buffer_ioctl(other, VIDIOC_QBUF, CAPTURE, 0), -EBUSY);
	igt_assert_eq(buffer_ioctl(other, VIDIOC_DQBUF, CAPTURE, 0), -EBUSY);
	igt_assert_eq(buffer_ioctl(other, VIDIOC_PREPARE_BUF, CAPTURE, 0), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_EXPBUF, &export), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_STREAMOFF, &type), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_G_FMT, &format), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_TRY_FMT, &format), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_S_FMT, &format), -EBUSY);
	/* Closing it takes nothing away from the owner. */
	lab_close(other);
	lab_camera_dequeue(&camera, MMAP);
	lab_camera_close(&camera);
}

/* Planes */

static int planes_ioctl(int fd, unsigned long code, struct v4l2_plane *planes, uint32_t length)
{
	struct v4l2_buffer arg = { .type = CAPTURE_MPLANE, .memory = MMAP, .m.planes = planes,
				   .length = length };

	return lab_ioctl(fd, code, &arg);
}

static int create_planes(int fd, uint8_t num_planes)
{
	struct v4l2_create_buffers arg = { .count = 1, .memory = MMAP,
					   .format.type = CAPTURE_MPLANE };

	igt_assert_eq(lab_ioctl(fd, VIDIOC_G_FMT, &arg.format), 0);
	arg.format.fmt.pix_mp.num_planes = num_planes;
	return lab_ioctl(fd, VIDIOC_CREATE_BUFS, &arg);
}

static void planes(const char *unused)
{
	static const unsigned long codes[] = { VIDIOC_QUERYBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF };
	struct v4l2_format format = { .type = CAPTURE_MPLANE, .fmt.pix_mp = {
		.pixelformat = V4L2_PIX_FMT_NV12M, .width = 320, .height = 240,
	} };
	struct v4l2_exportbuffer export = { .type = CAPTURE_MPLANE, .plane = 2 };
	struct v4l2_plane array[VIDEO_MAX_PLANES] = {};
	struct lab_plugged plugged;
	uint32_t count = 1;
	int fd;

	lab_plug_prepare(&plugged, "camsim", "planes");
	lab_plug_set(&plugged, "mplane", "1");
	lab_plug_start(&plugged);
	fd = lab_plugged_camera(&plugged);
	igt_assert_eq(lab_ioctl(fd, VIDIOC_S_FMT, &format), 0);
	igt_assert_eq(request(fd, CAPTURE_MPLANE, MMAP, &count), 0);
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		igt_assert_eq(planes_ioctl(fd, codes[i], array, 0), -EINVAL);
		igt_assert_eq(planes_ioctl(fd, codes[i], array, 1), -EINVAL);
		igt_assert_eq(planes_ioctl(fd, codes[i], array, VIDEO_MAX_PLANES + 1), -EINVAL);
		igt_assert_eq(planes_ioctl(fd, codes[i], array, UINT32_MAX), -EINVAL);
		igt_assert_eq(planes_ioctl(fd, codes[i], NULL, 2), -EFAULT);
	}
	igt_assert_eq(lab_ioctl(fd, VIDIOC_EXPBUF, &export), -EINVAL);
	export.plane = UINT32_MAX;
	igt_assert_eq(lab_ioctl(fd, VIDIOC_EXPBUF, &export), -EINVAL);
	igt_assert_eq(create_planes(fd, 0), -EINVAL);
	igt_assert_eq(create_planes(fd, 1), -EINVAL);
	igt_assert_eq(create_planes(fd, VIDEO_MAX_PLANES + 1), -EINVAL);
	igt_assert_eq(create_planes(fd, 2), 0);
	/* More than there are do not matter. */
	igt_assert_eq(planes_ioctl(fd, VIDIOC_QBUF, array, VIDEO_MAX_PLANES), 0);
	lab_close(fd);
	lab_unplug(&plugged);
}

/* Formats and rates */

static void enumerations(const char *unused)
{
	struct v4l2_fmtdesc format = { .type = OUTPUT };
	struct v4l2_frmsizeenum size = { .index = 1, .pixel_format = V4L2_PIX_FMT_YUYV };
	static const struct v4l2_frmivalenum wrong[] = {
		{ .index = 1, .pixel_format = V4L2_PIX_FMT_YUYV, .width = 320, .height = 240 },
		{ .pixel_format = UNKNOWN, .width = 320, .height = 240 },
		{ .pixel_format = V4L2_PIX_FMT_YUYV, .width = 321, .height = 240 },
		{ .pixel_format = V4L2_PIX_FMT_YUYV, .width = 320, .height = 241 },
		{ .pixel_format = V4L2_PIX_FMT_YUYV, .width = 14, .height = 240 },
		{ .pixel_format = V4L2_PIX_FMT_YUYV, .width = 320, .height = 4322 },
		{ .pixel_format = V4L2_PIX_FMT_NV12M, .width = 320, .height = 240 },
	};
	struct v4l2_frmivalenum interval;
	struct v4l2_input input = { .index = 1 };
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FMT, &format), -EINVAL);
	format = (struct v4l2_fmtdesc){ .type = CAPTURE, .index = UINT32_MAX };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FMT, &format), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FRAMESIZES, &size), -EINVAL);
	size.index = 0;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FRAMESIZES, &size), 0);
	/* One that only multi-planar nodes have */
	size.pixel_format = V4L2_PIX_FMT_NV12M;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FRAMESIZES, &size), -EINVAL);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		interval = wrong[i];
		igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval), -EINVAL);
	}
	interval = (struct v4l2_frmivalenum){
		.pixel_format = V4L2_PIX_FMT_YUYV, .width = 7680, .height = 4320,
	};
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUMINPUT, &input), -EINVAL);
	lab_camera_close(&camera);
}

static void parm(const char *unused)
{
	struct v4l2_streamparm arg = { .type = OUTPUT };
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_PARM, &arg), -EINVAL);
	arg.type = 0x7f;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_PARM, &arg), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_PARM, &arg), -EINVAL);
	/* What a client cannot choose comes back as it is. */
	arg = (struct v4l2_streamparm){ .type = CAPTURE };
	memset(&arg.parm, 0xff, sizeof(arg.parm));
	arg.parm.capture.timeperframe = (struct v4l2_fract){ 1, 25 };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_PARM, &arg), 0);
	igt_assert_eq_u32(arg.parm.capture.capability, V4L2_CAP_TIMEPERFRAME);
	igt_assert_eq_u32(arg.parm.capture.capturemode, 0);
	igt_assert_eq_u32(arg.parm.capture.extendedmode, 0);
	igt_assert_eq_u32(arg.parm.capture.timeperframe.denominator, 25);
	igt_assert(arg.parm.capture.readbuffers);
	arg = (struct v4l2_streamparm){ .type = CAPTURE };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_PARM, &arg), 0);
	igt_assert_eq_u32(arg.parm.capture.timeperframe.denominator, 25);
	lab_camera_close(&camera);
}

static int select_rect(int fd, unsigned long code, struct v4l2_selection arg)
{
	return lab_ioctl(fd, code, &arg);
}

static void selection(const char *unused)
{
	const struct v4l2_selection crop = { .type = CAPTURE, .target = V4L2_SEL_TGT_CROP,
					     .r = { 0, 0, 7680, 4320 } };
	struct v4l2_cropcap cap = { .type = OUTPUT };
	struct v4l2_selection arg;
	struct lab_camera camera;

	camera_open(&camera);
	arg = crop;
	arg.type = OUTPUT;
	igt_assert_eq(select_rect(camera.fd, VIDIOC_G_SELECTION, arg), -EINVAL);
	igt_assert_eq(select_rect(camera.fd, VIDIOC_S_SELECTION, arg), -EINVAL);
	arg = crop;
	arg.target = 0xffff;
	igt_assert_eq(select_rect(camera.fd, VIDIOC_G_SELECTION, arg), -EINVAL);
	igt_assert_eq(select_rect(camera.fd, VIDIOC_S_SELECTION, arg), -EINVAL);
	arg = crop;
	arg.flags = V4L2_SEL_FLAG_KEEP_CONFIG << 1;
	igt_assert_eq(select_rect(camera.fd, VIDIOC_S_SELECTION, arg), -EINVAL);
	igt_assert_eq(select_rect(camera.fd, VIDIOC_S_SELECTION, crop), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CROPCAP, &cap), -EINVAL);
	start(&camera, 1);
	igt_assert_eq(select_rect(camera.fd, VIDIOC_S_SELECTION, crop), -EBUSY);
	igt_assert_eq(select_rect(camera.fd, VIDIOC_G_SELECTION, crop), 0);
	lab_camera_close(&camera);
}

/* Controls, priority, events */

static int ext_controls(int fd, unsigned long code, uint32_t which, uint32_t id, int32_t value,
			uint32_t *error_idx)
{
	struct v4l2_ext_control control = { .id = id, .value = value };
	struct v4l2_ext_controls arg = { .which = which, .count = 1, .controls = &control };
	int ret = lab_ioctl(fd, code, &arg);

	*error_idx = arg.error_idx;
	return ret;
}

static void controls(const char *unused)
{
	struct v4l2_control pattern = { .id = V4L2_CID_TEST_PATTERN, .value = 99 };
	struct v4l2_querymenu menu = { .id = V4L2_CID_TEST_PATTERN, .index = 99 };
	struct v4l2_queryctrl query = { .id = V4L2_CID_CAMSIM_BASE + 0xfff };
	struct v4l2_ext_controls null = { .count = 1 };
	struct lab_camera camera;
	uint32_t at;

	camera_open(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_CTRL, &pattern), -ERANGE);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_QUERYMENU, &menu), -EINVAL);
	menu = (struct v4l2_querymenu){ .id = V4L2_CID_GAIN };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_QUERYMENU, &menu), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_QUERYCTRL, &query), -EINVAL);

	/* Which control is wrong is told by TRY; of S and G only that something is. */
	igt_assert_eq(ext_controls(camera.fd, VIDIOC_TRY_EXT_CTRLS, V4L2_CTRL_WHICH_CUR_VAL,
				   V4L2_CID_TEST_PATTERN, 99, &at), -ERANGE);
	igt_assert_eq_u32(at, 0);
	igt_assert_eq(ext_controls(camera.fd, VIDIOC_S_EXT_CTRLS, V4L2_CTRL_WHICH_CUR_VAL,
				   V4L2_CID_TEST_PATTERN, 99, &at), -ERANGE);
	igt_assert_eq_u32(at, 1);
	igt_assert_eq(ext_controls(camera.fd, VIDIOC_S_EXT_CTRLS, V4L2_CTRL_WHICH_CUR_VAL,
				   V4L2_CID_CAMSIM_LATE_FRAMES, 1, &at), -EACCES);
	igt_assert_eq(ext_controls(camera.fd, VIDIOC_G_EXT_CTRLS, V4L2_CTRL_CLASS_USER,
				   V4L2_CID_CAMSIM_EARLY_FENCES, 0, &at), -EINVAL);
	igt_assert_eq(ext_controls(camera.fd, VIDIOC_S_EXT_CTRLS, V4L2_CTRL_WHICH_DEF_VAL,
				   V4L2_CID_GAIN, 1, &at), -EINVAL);
	/* V4L2's core (as of 7.2) where there are no requests, not the EACCES of its document */
	igt_assert_eq(ext_controls(camera.fd, VIDIOC_G_EXT_CTRLS, V4L2_CTRL_WHICH_REQUEST_VAL,
				   V4L2_CID_GAIN, 1, &at), -EBADR);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_EXT_CTRLS, &null), -EFAULT);
	null.count = UINT32_MAX;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_EXT_CTRLS, &null), -EINVAL);
	lab_camera_close(&camera);
}

/* Somebody records: others may look, and change nothing, until the file is closed. */
static void priority(const char *unused)
{
	struct v4l2_event_subscription event = { .type = V4L2_EVENT_EOS };
	struct v4l2_selection crop = { .type = CAPTURE, .target = V4L2_SEL_TGT_CROP };
	struct v4l2_streamparm rate = { .type = CAPTURE };
	struct v4l2_format format = { .type = CAPTURE };
	uint32_t record = V4L2_PRIORITY_RECORD, background = V4L2_PRIORITY_BACKGROUND, got;
	int recorder = lab_open_camera(), other = lab_open_camera(), input = 0, type = CAPTURE;
	uint32_t count = 1;

	igt_assert_eq(lab_ioctl(recorder, VIDIOC_S_PRIORITY, &record), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_G_PRIORITY, &got), 0);
	igt_assert_eq_u32(got, V4L2_PRIORITY_RECORD);
	igt_assert_eq(lab_ioctl(other, VIDIOC_G_FMT, &format), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_TRY_FMT, &format), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_G_PARM, &rate), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_G_SELECTION, &crop), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_SUBSCRIBE_EVENT, &event), 0);

	igt_assert_eq(lab_ioctl(other, VIDIOC_S_FMT, &format), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_S_PARM, &rate), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_S_SELECTION, &crop), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_S_INPUT, &input), -EBUSY);
	igt_assert_eq(request(other, CAPTURE, MMAP, &count), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_STREAMON, &type), -EBUSY);
	igt_assert_eq(lab_ioctl(other, VIDIOC_S_PRIORITY, &background), -EBUSY);
	lab_close(recorder);
	igt_assert_eq(lab_ioctl(other, VIDIOC_S_PRIORITY, &background), 0);
	igt_assert_eq(lab_ioctl(other, VIDIOC_S_FMT, &format), 0);
	lab_close(other);
}

static int subscribe(int fd, unsigned long code, uint32_t type, uint32_t id, uint32_t flags)
{
	struct v4l2_event_subscription arg = { .type = type, .id = id, .flags = flags };

	return lab_ioctl(fd, code, &arg);
}

static void events(const char *unused)
{
	static const struct {
		uint32_t type, id;
		int ret;
	} cases[] = {
		{ V4L2_EVENT_CTRL, V4L2_CID_GAIN, 0 },
		{ V4L2_EVENT_CTRL, V4L2_CID_CAMSIM_BASE + 0xfff, -EINVAL },
		{ V4L2_EVENT_CTRL, 0, -EINVAL },
		{ V4L2_EVENT_SOURCE_CHANGE, 0, 0 },
		{ V4L2_EVENT_SOURCE_CHANGE, 1, -EINVAL },	/* there is one input */
		{ V4L2_EVENT_EOS, 1, -EINVAL },
		{ V4L2_EVENT_FRAME_SYNC, 1, -EINVAL },
		{ V4L2_EVENT_VSYNC, 0, -EINVAL },
		{ V4L2_EVENT_PRIVATE_START, 0, -EINVAL },
	};
	struct lab_camera camera;
	struct v4l2_event event;

	camera_open(&camera);
	nonblocking(&camera);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		igt_assert_eq(subscribe(camera.fd, VIDIOC_SUBSCRIBE_EVENT, cases[i].type,
					cases[i].id, 0), cases[i].ret);
	/* Once is enough, and what was not asked for can be called off. */
	igt_assert_eq(subscribe(camera.fd, VIDIOC_SUBSCRIBE_EVENT, V4L2_EVENT_CTRL,
				V4L2_CID_GAIN, V4L2_EVENT_SUB_FL_SEND_INITIAL), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQEVENT, &event), -ENOENT);
	igt_assert_eq(subscribe(camera.fd, VIDIOC_SUBSCRIBE_EVENT, V4L2_EVENT_CTRL,
				V4L2_CID_BRIGHTNESS, V4L2_EVENT_SUB_FL_SEND_INITIAL), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQEVENT, &event), 0);
	igt_assert_eq_u32(event.id, V4L2_CID_BRIGHTNESS);
	igt_assert_eq_u32(event.pending, 0);
	igt_assert_eq(subscribe(camera.fd, VIDIOC_UNSUBSCRIBE_EVENT, V4L2_EVENT_EOS, 0, 0), 0);
	lab_camera_close(&camera);
}

/* Anything */

/* What cameras do not have */
static void not_there(const char *unused)
{
	static const unsigned long codes[] = {
		VIDIOC_G_FBUF, VIDIOC_S_FBUF, VIDIOC_OVERLAY, VIDIOC_G_STD, VIDIOC_S_STD,
		VIDIOC_QUERYSTD, VIDIOC_ENUMSTD, VIDIOC_G_TUNER, VIDIOC_S_TUNER,
		VIDIOC_G_FREQUENCY, VIDIOC_S_FREQUENCY, VIDIOC_ENUMAUDIO, VIDIOC_G_AUDIO,
		VIDIOC_G_OUTPUT, VIDIOC_S_OUTPUT, VIDIOC_ENUMOUTPUT, VIDIOC_G_MODULATOR,
		VIDIOC_G_JPEGCOMP, VIDIOC_S_JPEGCOMP, VIDIOC_G_SLICED_VBI_CAP, VIDIOC_G_ENC_INDEX,
		VIDIOC_ENCODER_CMD, VIDIOC_DECODER_CMD, VIDIOC_G_DV_TIMINGS, VIDIOC_S_DV_TIMINGS,
		VIDIOC_QUERY_DV_TIMINGS, VIDIOC_ENUM_DV_TIMINGS, VIDIOC_DV_TIMINGS_CAP,
		VIDIOC_G_EDID, VIDIOC_S_EDID, VIDIOC_ENUM_FREQ_BANDS, VIDIOC_S_HW_FREQ_SEEK,
		_IO('V', 200), _IO('W', 0),
	};
	struct lab_camera camera;
	uint8_t argument[512];

	camera_open(&camera);
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		memset(argument, 0, sizeof(argument));
		igt_debug("ioctl %#lx\n", codes[i]);
		igt_assert_eq(lab_ioctl(camera.fd, codes[i], argument), -ENOTTY);
	}
	lab_camera_close(&camera);
}

static const unsigned long there[] = {
	VIDIOC_QUERYCAP, VIDIOC_ENUM_FMT, VIDIOC_G_FMT, VIDIOC_S_FMT, VIDIOC_TRY_FMT,
	VIDIOC_REQBUFS, VIDIOC_CREATE_BUFS, VIDIOC_REMOVE_BUFS, VIDIOC_QUERYBUF, VIDIOC_QBUF,
	VIDIOC_DQBUF, VIDIOC_PREPARE_BUF, VIDIOC_EXPBUF, VIDIOC_STREAMON, VIDIOC_STREAMOFF,
	VIDIOC_G_PARM, VIDIOC_S_PARM, VIDIOC_ENUMINPUT, VIDIOC_G_INPUT, VIDIOC_S_INPUT,
	VIDIOC_G_SELECTION, VIDIOC_S_SELECTION, VIDIOC_CROPCAP, VIDIOC_G_CROP, VIDIOC_S_CROP,
	VIDIOC_QUERYCTRL, VIDIOC_QUERY_EXT_CTRL, VIDIOC_QUERYMENU, VIDIOC_G_CTRL, VIDIOC_S_CTRL,
	VIDIOC_G_EXT_CTRLS, VIDIOC_S_EXT_CTRLS, VIDIOC_TRY_EXT_CTRLS, VIDIOC_G_PRIORITY,
	VIDIOC_S_PRIORITY, VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT, VIDIOC_DQEVENT,
	VIDIOC_ENUM_FRAMESIZES, VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_CAMSIM_BUFFER_INFO,
};

/* Arguments that are not there: nothing but EFAULT */
static void no_memory(const char *unused)
{
	struct lab_camera camera;

	camera_open(&camera);
	for (size_t i = 0; i < ARRAY_SIZE(there); i++) {
		igt_debug("ioctl %#lx\n", there[i]);
		/* It waits for an event first. */
		if (there[i] != VIDIOC_DQEVENT)
			igt_assert_eq(lab_ioctl(camera.fd, there[i], NULL), -EFAULT);
	}
	lab_camera_close(&camera);
}

/* A camera that is gone: nothing but ENODEV */
static void no_device(const char *unused)
{
	struct lab_plugged plugged;
	uint8_t argument[512];
	char byte;
	int fd;

	lab_plug(&plugged, "camsim", "ideal");
	fd = lab_plugged_camera(&plugged);
	lab_unplug(&plugged);
	for (size_t i = 0; i < ARRAY_SIZE(there); i++) {
		memset(argument, 0, sizeof(argument));
		igt_debug("ioctl %#lx\n", there[i]);
		igt_assert_eq(lab_ioctl(fd, there[i], argument), -ENODEV);
	}
	igt_assert_eq(read(fd, &byte, 1), -1);
	igt_assert_eq(errno, ENODEV);
	igt_assert(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	igt_assert_eq(errno, ENODEV);
	igt_assert(lab_poll(fd, POLLIN | POLLERR | POLLHUP, 0));
	lab_close(fd);
}

static const struct lab_test tests[] = {
	{ "reqbufs", reqbufs, "EINVAL; as many as there can be; capabilities." },
	{ "create-bufs", create_bufs, "EINVAL, EBUSY, ENOBUFS; zero only looks." },
	{ "remove-bufs", remove_bufs, "EINVAL, EBUSY; all of a range or nothing." },
	{ "prepare-buf", prepare_buf, "EINVAL; prepared twice." },
	{ "querybuf", querybuf, "EINVAL; everybody may look." },
	{ "dqbuf", dqbuf, "EBUSY while another thread waits." },
	{ "dqbuf-flags", dqbuf_flags, "Flags that a client left there do nothing." },
	{ "expbuf", expbuf, "EINVAL; access mode and close-on-exec as asked for." },
	{ "expbuf-access", expbuf_access, "EACCES for writing what was exported for reading." },
	{ "file-io", file_io, "EBUSY while read() has the queue." },
	{ "other-file", other_file, "EBUSY while another file has the queue." },
	{ "planes", planes, "EINVAL for numbers of planes, EFAULT without them." },
	{ "enumerations", enumerations, "EINVAL for formats, sizes, intervals, inputs." },
	{ "parm", parm, "EINVAL; what a client cannot choose." },
	{ "selection", selection, "EINVAL for types, targets, flags; EBUSY while streaming." },
	{ "controls", controls, "EINVAL, ERANGE, EACCES, EFAULT, and which control it was." },
	{ "priority", priority, "EBUSY while another file has a higher one." },
	{ "events", events, "EINVAL for what no camera sends; the initial value." },
	{ "not-there", not_there, "ENOTTY for what cameras do not have." },
	{ "no-memory", no_memory, "EFAULT for arguments that are not there." },
	{ "no-device", no_device, "ENODEV after the camera was unplugged." },
};

igt_main()
{
	lab_run(tests, NULL);
}
