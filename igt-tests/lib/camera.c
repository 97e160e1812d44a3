// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include "camera.h"
#include "device.h"
#include "lab.h"

#define RATE	60

static void set_format(struct lab_camera *camera)
{
	struct v4l2_format format = {
		.type = camera->type,
		.fmt.pix = {
			.width = camera->width,
			.height = camera->height,
			.pixelformat = camera->fourcc,
			.field = V4L2_FIELD_NONE,
		},
	};

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_S_FMT, &format), 0);
	igt_assert_eq_u32(format.fmt.pix.pixelformat, camera->fourcc);
	igt_assert_eq_u32(format.fmt.pix.width, camera->width);
	igt_assert_eq_u32(format.fmt.pix.height, camera->height);
	camera->stride = format.fmt.pix.bytesperline;
	camera->size = format.fmt.pix.sizeimage;
}

static void set_rate(const struct lab_camera *camera)
{
	struct v4l2_streamparm parm = {
		.type = camera->type,
		.parm.capture.timeperframe = { 1, RATE },
	};

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_S_PARM, &parm), 0);
}

void lab_camera_open(struct lab_camera *camera, uint32_t fourcc, uint32_t width, uint32_t height)
{
	lab_camera_setup(camera, lab_open_camera(), fourcc, width, height);
}

void lab_camera_setup(struct lab_camera *camera, int fd, uint32_t fourcc, uint32_t width,
		      uint32_t height)
{
	*camera = (struct lab_camera){
		.fd = fd,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.fourcc = fourcc,
		.width = width,
		.height = height,
	};
	set_format(camera);
	set_rate(camera);
}

void lab_camera_close(struct lab_camera *camera)
{
	lab_close(camera->fd);
}

void lab_camera_request(const struct lab_camera *camera, uint32_t memory, uint32_t count)
{
	struct v4l2_requestbuffers request = {
		.count = count,
		.type = camera->type,
		.memory = memory,
	};

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_REQBUFS, &request), 0);
	/* Drivers may need more than they were asked for. */
	igt_assert(count ? request.count >= count : request.count == 0);
}

int lab_camera_export(const struct lab_camera *camera, uint32_t index, uint32_t flags)
{
	struct v4l2_exportbuffer export = {
		.type = camera->type,
		.index = index,
		.flags = flags | O_CLOEXEC,
	};

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_EXPBUF, &export), 0);
	return export.fd;
}

int lab_camera_queue_own(const struct lab_camera *camera, uint32_t index)
{
	struct v4l2_buffer buffer = {
		.type = camera->type,
		.memory = V4L2_MEMORY_MMAP,
		.index = index,
	};

	return lab_ioctl(camera->fd, VIDIOC_QBUF, &buffer);
}

int lab_camera_queue(const struct lab_camera *camera, uint32_t index, int dmabuf)
{
	struct v4l2_buffer buffer = {
		.type = camera->type,
		.memory = V4L2_MEMORY_DMABUF,
		.index = index,
		.m.fd = dmabuf,
	};

	return lab_ioctl(camera->fd, VIDIOC_QBUF, &buffer);
}

static int stream(const struct lab_camera *camera, unsigned long request)
{
	int type = camera->type;

	return lab_ioctl(camera->fd, request, &type);
}

int lab_camera_try_start(const struct lab_camera *camera)
{
	return stream(camera, VIDIOC_STREAMON);
}

void lab_camera_start(const struct lab_camera *camera)
{
	igt_assert_eq(lab_camera_try_start(camera), 0);
}

void lab_camera_stop(const struct lab_camera *camera)
{
	igt_assert_eq(stream(camera, VIDIOC_STREAMOFF), 0);
}

int lab_camera_try_dequeue(const struct lab_camera *camera, uint32_t memory,
			   struct v4l2_buffer *buffer)
{
	short ready = V4L2_TYPE_IS_OUTPUT(camera->type) ? POLLOUT : POLLIN;

	*buffer = (struct v4l2_buffer){ .type = camera->type, .memory = memory };
	igt_assert_f(lab_poll(camera->fd, ready | POLLERR, LAB_FRAME_MS),
		     "no buffer within %d ms\n", LAB_FRAME_MS);
	return lab_ioctl(camera->fd, VIDIOC_DQBUF, buffer);
}

struct v4l2_buffer lab_camera_dequeue(const struct lab_camera *camera, uint32_t memory)
{
	struct v4l2_buffer buffer;

	igt_assert_eq(lab_camera_try_dequeue(camera, memory, &buffer), 0);
	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);
	igt_assert_eq_u32(buffer.bytesused, camera->size);
	return buffer;
}

void lab_camera_set(const struct lab_camera *camera, uint32_t control, int32_t value)
{
	struct v4l2_control arg = { .id = control, .value = value };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_S_CTRL, &arg), 0);
}

int32_t lab_camera_get(const struct lab_camera *camera, uint32_t control)
{
	struct v4l2_control arg = { .id = control };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_G_CTRL, &arg), 0);
	return arg.value;
}

int64_t lab_camera_time(const struct v4l2_buffer *buffer)
{
	return buffer->timestamp.tv_sec * 1000000ll + buffer->timestamp.tv_usec;
}
