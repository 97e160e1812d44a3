// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include "camera.h"
#include "lab.h"
#include "producer.h"

#define OUTPUT	V4L2_BUF_TYPE_VIDEO_OUTPUT

int lab_producer_try_setup(struct lab_producer *producer, int fd, uint32_t fourcc, uint32_t width,
			   uint32_t height, uint32_t padding)
{
	struct v4l2_format format = {
		.type = OUTPUT,
		.fmt.pix = { .width = width, .height = height, .pixelformat = fourcc },
	};
	int ret;

	igt_assert_eq(lab_ioctl(fd, VIDIOC_TRY_FMT, &format), 0);
	format.fmt.pix.width = width;
	format.fmt.pix.height = height;
	format.fmt.pix.pixelformat = fourcc;
	format.fmt.pix.bytesperline += padding;
	ret = lab_ioctl(fd, VIDIOC_S_FMT, &format);
	*producer = (struct lab_producer){
		.fd = fd,
		.fourcc = format.fmt.pix.pixelformat,
		.width = format.fmt.pix.width,
		.height = format.fmt.pix.height,
		.stride = format.fmt.pix.bytesperline,
		.size = format.fmt.pix.sizeimage,
	};
	return ret;
}

void lab_producer_setup(struct lab_producer *producer, int fd, uint32_t fourcc, uint32_t width,
			uint32_t height, uint32_t padding)
{
	igt_assert_eq(lab_producer_try_setup(producer, fd, fourcc, width, height, padding), 0);
	igt_assert_eq_u32(producer->fourcc, fourcc);
	igt_assert_eq_u32(producer->width, width);
	igt_assert_eq_u32(producer->height, height);
}

void lab_producer_request(const struct lab_producer *producer, uint32_t memory, uint32_t count)
{
	struct v4l2_requestbuffers request = { .count = count, .type = OUTPUT, .memory = memory };

	igt_assert_eq(lab_ioctl(producer->fd, VIDIOC_REQBUFS, &request), 0);
	igt_assert(count ? request.count >= count : request.count == 0);
}

int lab_producer_export(const struct lab_producer *producer, uint32_t index)
{
	struct v4l2_exportbuffer export = {
		.type = OUTPUT,
		.index = index,
		.flags = O_RDWR | O_CLOEXEC,
	};

	igt_assert_eq(lab_ioctl(producer->fd, VIDIOC_EXPBUF, &export), 0);
	return export.fd;
}

int lab_producer_queue(const struct lab_producer *producer, uint32_t index, int dmabuf,
		       int64_t timestamp)
{
	struct v4l2_buffer buffer = {
		.type = OUTPUT,
		.memory = dmabuf == -1 ? V4L2_MEMORY_MMAP : V4L2_MEMORY_DMABUF,
		.index = index,
		.bytesused = producer->size,
		.timestamp = { timestamp / 1000000, timestamp % 1000000 },
	};

	if (dmabuf != -1)
		buffer.m.fd = dmabuf;
	return lab_ioctl(producer->fd, VIDIOC_QBUF, &buffer);
}

int lab_producer_try_dequeue(const struct lab_producer *producer, uint32_t memory,
			     struct v4l2_buffer *buffer)
{
	*buffer = (struct v4l2_buffer){ .type = OUTPUT, .memory = memory };
	igt_assert_f(lab_poll(producer->fd, POLLOUT | POLLERR, LAB_FRAME_MS),
		     "no buffer came back within %d ms\n", LAB_FRAME_MS);
	return lab_ioctl(producer->fd, VIDIOC_DQBUF, buffer);
}

struct v4l2_buffer lab_producer_dequeue(const struct lab_producer *producer, uint32_t memory)
{
	struct v4l2_buffer buffer;

	igt_assert_eq(lab_producer_try_dequeue(producer, memory, &buffer), 0);
	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);
	return buffer;
}

int lab_producer_start(const struct lab_producer *producer)
{
	int type = OUTPUT;

	return lab_ioctl(producer->fd, VIDIOC_STREAMON, &type);
}

void lab_producer_stop(const struct lab_producer *producer)
{
	int type = OUTPUT;

	igt_assert_eq(lab_ioctl(producer->fd, VIDIOC_STREAMOFF, &type), 0);
}

long lab_producer_count(const struct lab_plugged *plugged, const char *name)
{
	char path[64], line[128];
	long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/producer",
		 lab_plugged_name(plugged, ""));
	file = fopen(path, "r");
	igt_assert_f(file, "%s: %m\n", path);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)) && line[strlen(name)] == ':')
			count = atol(line + strlen(name) + 1);
	fclose(file);
	igt_assert_f(count >= 0, "%s has no line %s\n", path, name);
	return count;
}
