// SPDX-License-Identifier: MIT
/*
 * Wrong arguments: for each the errno that V4L2 names, for those of buffers also the reason, and
 * afterwards the camera works as before.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <sys/mman.h>
#include <unistd.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "lab.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("the camera refuses wrong arguments as V4L2 says, and says why");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define OUTPUT		V4L2_BUF_TYPE_VIDEO_OUTPUT
#define PAGE		4096
#define NO_MEMORY	9	/* no enum v4l2_memory */

static void camera_open(struct lab_camera *camera)
{
	lab_camera_open(camera, V4L2_PIX_FMT_YUYV, 320, 240);
}

/* Whole pages that a frame fits into */
static int frame_dmabuf(const struct lab_camera *camera)
{
	return lab_udmabuf((camera->size + PAGE - 1) / PAGE * PAGE);
}

/* A frame comes, in a dma-buf given to buffer 0. */
static void expect_frame(const struct lab_camera *camera, int dmabuf)
{
	struct v4l2_buffer buffer;

	igt_assert_eq(lab_camera_queue(camera, 0, dmabuf), 0);
	buffer = lab_camera_dequeue(camera, V4L2_MEMORY_DMABUF);
	lab_stamp_check(dmabuf, camera, &buffer);
}

/* A QBUF that is refused, for this reason; NULL: V4L2's core refuses, silently */
static void refuse_queue(const struct lab_camera *camera, const struct v4l2_buffer *wrong, int err,
			 const char *words)
{
	struct v4l2_buffer buffer = *wrong;
	uint64_t since = lab_now();

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_QBUF, &buffer), err);
	if (words)
		lab_assert_refused_by(since, err, "camsim-000", words);
	buffer = *wrong;
	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_PREPARE_BUF, &buffer), err);
}

static void refuse_file(const struct lab_camera *camera, struct v4l2_buffer wrong, int fd)
{
	char why[48];

	snprintf(why, sizeof(why), "file descriptor %d is no dma-buf", fd);
	wrong.m.fd = fd;
	refuse_queue(camera, &wrong, -EINVAL, why);
}

static void queue_dmabuf(const char *unused)
{
	struct v4l2_buffer right = { .type = CAPTURE, .memory = V4L2_MEMORY_DMABUF }, wrong;
	int small, good, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct lab_camera camera;

	camera_open(&camera);
	good = frame_dmabuf(&camera);
	small = lab_udmabuf(PAGE);
	right.m.fd = good;
	refuse_queue(&camera, &right, -EINVAL, "there is no buffer 0");
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&camera);

	wrong = right;
	wrong.type = OUTPUT;
	refuse_queue(&camera, &wrong, -EINVAL, NULL);
	wrong = right;
	wrong.index = 1;
	refuse_queue(&camera, &wrong, -EINVAL, "there is no buffer 1");
	wrong.index = UINT32_MAX;
	refuse_queue(&camera, &wrong, -EINVAL, "there is no buffer 4294967295");
	wrong = right;
	wrong.memory = V4L2_MEMORY_MMAP;
	refuse_queue(&camera, &wrong, -EINVAL, "buffer 0 is of memory type 4, not 1");
	wrong.memory = V4L2_MEMORY_USERPTR;
	refuse_queue(&camera, &wrong, -EINVAL, "buffer 0 is of memory type 4, not 2");
	wrong = right;
	refuse_file(&camera, wrong, -1);
	refuse_file(&camera, wrong, null);
	refuse_file(&camera, wrong, camera.fd);
	wrong.m.fd = small;
	refuse_queue(&camera, &wrong, -EINVAL, "dma-buf has 4096 bytes, a frame needs 153600");
	wrong.length = camera.size;
	refuse_queue(&camera, &wrong, -EINVAL,
		     "dma-buf has 4096 bytes, the client says 153600");
	wrong = right;
	wrong.length = camera.size - 1;
	refuse_queue(&camera, &wrong, -EINVAL, "dma-buf has 153599 bytes, a frame needs 153600");
	wrong.length = UINT32_MAX;
	refuse_queue(&camera, &wrong, -EINVAL,
		     "dma-buf has 155648 bytes, the client says 4294967295");

	expect_frame(&camera, good);
	lab_close(small);
	lab_close(good);
	lab_close(null);
	lab_camera_close(&camera);
}

/* The camera has no media requests. */
static void queue_request(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = V4L2_MEMORY_MMAP,
				      .flags = V4L2_BUF_FLAG_REQUEST_FD, .request_fd = 0 };
	struct lab_camera camera;

	camera_open(&camera);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_QBUF, &buffer), -EBADR);
	lab_camera_close(&camera);
}

static void queued_already(const char *unused)
{
	struct v4l2_buffer queued = { .type = CAPTURE, .memory = V4L2_MEMORY_MMAP };
	struct lab_camera camera;

	camera_open(&camera);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	refuse_queue(&camera, &queued, -EINVAL, "buffer 0 is queued already");
	lab_camera_close(&camera);
}

/* One index, another dma-buf each time, some of them wrong */
static void swapped(const char *unused)
{
	int dmabufs[2], small, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct lab_camera camera;

	camera_open(&camera);
	small = lab_udmabuf(PAGE);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&camera);
	for (int i = 0; i < 2; i++)
		dmabufs[i] = frame_dmabuf(&camera);
	for (int i = 0; i < 6; i++) {
		expect_frame(&camera, dmabufs[i % 2]);
		igt_assert_eq(lab_camera_queue(&camera, 0, i % 3 ? small : null), -EINVAL);
	}
	/* The number of a file that was another before */
	lab_close(dmabufs[0]);
	igt_assert_eq(dup2(dmabufs[1], dmabufs[0]), dmabufs[0]);
	expect_frame(&camera, dmabufs[0]);
	for (int i = 0; i < 2; i++)
		lab_close(dmabufs[i]);
	lab_close(small);
	lab_close(null);
	lab_camera_close(&camera);
}

static void dequeue(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = V4L2_MEMORY_MMAP };
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EINVAL);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EINVAL);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_start(&camera);
	buffer.type = OUTPUT;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EINVAL);
	igt_assert_eq(lab_camera_try_dequeue(&camera, V4L2_MEMORY_MMAP, &buffer), 0);
	lab_camera_close(&camera);
}

static int request(const struct lab_camera *camera, uint32_t type, uint32_t memory)
{
	struct v4l2_requestbuffers arg = { .count = 2, .type = type, .memory = memory };

	return lab_ioctl(camera->fd, VIDIOC_REQBUFS, &arg);
}

static int create(const struct lab_camera *camera, uint32_t type, uint32_t memory, uint32_t size)
{
	struct v4l2_create_buffers arg = { .count = 1, .memory = memory, .format.type = CAPTURE };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_G_FMT, &arg.format), 0);
	arg.format.type = type;
	arg.format.fmt.pix.sizeimage = size;
	return lab_ioctl(camera->fd, VIDIOC_CREATE_BUFS, &arg);
}

static int remove_buffer(const struct lab_camera *camera, uint32_t index, uint32_t count)
{
	struct v4l2_remove_buffers arg = { .index = index, .count = count, .type = CAPTURE };

	return lab_ioctl(camera->fd, VIDIOC_REMOVE_BUFS, &arg);
}

static void allocation(const char *unused)
{
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(request(&camera, OUTPUT, V4L2_MEMORY_MMAP), -EINVAL);
	igt_assert_eq(request(&camera, CAPTURE, V4L2_MEMORY_USERPTR), -EINVAL);
	igt_assert_eq(request(&camera, CAPTURE, NO_MEMORY), -EINVAL);
	igt_assert_eq(create(&camera, OUTPUT, V4L2_MEMORY_MMAP, camera.size), -EINVAL);
	igt_assert_eq(create(&camera, CAPTURE, V4L2_MEMORY_USERPTR, camera.size), -EINVAL);
	igt_assert_eq(create(&camera, CAPTURE, V4L2_MEMORY_MMAP, camera.size - 1), -EINVAL);
	igt_assert_eq(create(&camera, CAPTURE, V4L2_MEMORY_MMAP, 0), -EINVAL);

	igt_assert_eq(request(&camera, CAPTURE, V4L2_MEMORY_MMAP), 0);
	igt_assert_eq(create(&camera, CAPTURE, V4L2_MEMORY_DMABUF, camera.size), -EINVAL);
	igt_assert_eq(remove_buffer(&camera, 1, 2), -EINVAL);
	igt_assert_eq(remove_buffer(&camera, 0, UINT32_MAX), -EINVAL);
	igt_assert_eq(remove_buffer(&camera, 0, 0), 0);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	igt_assert_eq(remove_buffer(&camera, 0, 1), -EBUSY);
	lab_camera_start(&camera);
	igt_assert_eq(request(&camera, CAPTURE, V4L2_MEMORY_MMAP), -EBUSY);
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_camera_close(&camera);
}

static void streaming(const char *unused)
{
	int capture = CAPTURE, output = OUTPUT;
	struct lab_camera camera;
	char byte;

	camera_open(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMON, &capture), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMOFF, &capture), 0);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMON, &output), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMON, &capture), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMON, &capture), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_STREAMOFF, &output), -EINVAL);
	igt_assert_eq(read(camera.fd, &byte, 1), -1);
	igt_assert_eq(errno, EBUSY);
	lab_camera_close(&camera);
}

static int try_mmap(int fd, uint64_t size, int prot, int flags, off_t offset)
{
	void *pixels = mmap(NULL, size, prot, flags, fd, offset);

	if (pixels == MAP_FAILED)
		return -errno;
	lab_unmap(pixels, size);
	return 0;
}

static void mapping(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .index = 2 };
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(try_mmap(camera.fd, PAGE, PROT_READ, MAP_SHARED, 0), -EINVAL);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(try_mmap(camera.fd, PAGE, PROT_READ, MAP_SHARED, 0), -EINVAL);

	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_QUERYBUF, &buffer), -EINVAL);
	buffer.index = 1;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_QUERYBUF, &buffer), 0);
	igt_assert_eq(try_mmap(camera.fd, buffer.length, PROT_READ, MAP_SHARED, buffer.m.offset),
		      0);
	igt_assert_eq(try_mmap(camera.fd, buffer.length, PROT_READ, MAP_PRIVATE,
			       buffer.m.offset), -EINVAL);
	igt_assert_eq(try_mmap(camera.fd, buffer.length, PROT_WRITE, MAP_SHARED,
			       buffer.m.offset), -EINVAL);
	igt_assert_eq(try_mmap(camera.fd, buffer.length + 2 * PAGE, PROT_READ, MAP_SHARED,
			       buffer.m.offset), -EINVAL);
	igt_assert_eq(try_mmap(camera.fd, PAGE, PROT_READ, MAP_SHARED,
			       buffer.m.offset + PAGE), -EINVAL);
	/* That of a buffer 2 */
	igt_assert_eq(try_mmap(camera.fd, PAGE, PROT_READ, MAP_SHARED, 2 * buffer.m.offset),
		      -EINVAL);
	lab_camera_close(&camera);
}

static void controls(const char *unused)
{
	struct v4l2_control unknown = { .id = V4L2_CID_CAMSIM_BASE + 0xfff };
	struct v4l2_control late = { .id = V4L2_CID_CAMSIM_LATE_FRAMES, .value = 1 };
	struct v4l2_control class = { .id = V4L2_CID_CAMSIM_CLASS };
	uint32_t priority = 99;
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_CTRL, &unknown), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_CTRL, &unknown), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_CTRL, &late), -EACCES);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_CTRL, &class), -EACCES);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_PRIORITY, &priority), -EINVAL);
	lab_camera_close(&camera);
}

static void formats(const char *unused)
{
	struct v4l2_format format = { .type = OUTPUT };
	struct v4l2_fmtdesc description = { .type = CAPTURE, .index = 1000 };
	struct v4l2_frmsizeenum sizes = { .pixel_format = v4l2_fourcc('n', 'o', 'n', 'e') };
	struct v4l2_frmivalenum intervals = { .pixel_format = V4L2_PIX_FMT_YUYV, .width = 1 };
	struct v4l2_streamparm parm = { .type = OUTPUT };
	struct lab_camera camera;
	int input = 1;

	camera_open(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_FMT, &format), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_TRY_FMT, &format), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_FMT, &format), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FMT, &description), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FRAMESIZES, &sizes), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_ENUM_FRAMEINTERVALS, &intervals), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_PARM, &parm), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_INPUT, &input), -EINVAL);
	igt_assert_eq(lab_ioctl(camera.fd, _IOWR('V', BASE_VIDIOC_PRIVATE + 20, int), &input),
		      -ENOTTY);
	lab_camera_close(&camera);
}

static const struct lab_test tests[] = {
	{ "queue-dmabuf", queue_dmabuf, "QBUF and PREPARE_BUF with each member wrong, and why." },
	{ "queue-request", queue_request, "EBADR: there are no media requests." },
	{ "queued-already", queued_already, "EINVAL for a buffer that the camera has." },
	{ "swapped", swapped, "Good and wrong dma-bufs take turns at one index." },
	{ "dequeue", dequeue, "EINVAL for DQBUF of another type, or without a stream." },
	{ "allocation", allocation, "REQBUFS, CREATE_BUFS and REMOVE_BUFS." },
	{ "streaming", streaming, "STREAMON, STREAMOFF, read()." },
	{ "mapping", mapping, "QUERYBUF and mmap(), offsets past the end included." },
	{ "controls", controls, "EINVAL for unknown ones, EACCES for those that cannot be set." },
	{ "formats", formats, "Formats, sizes, intervals, inputs, and no such ioctl: ENOTTY." },
};

igt_main()
{
	lab_run(tests, NULL);
}
