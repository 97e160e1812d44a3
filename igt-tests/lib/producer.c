// SPDX-License-Identifier: MIT
#include "lab.h"
#include "producer.h"

#define OUTPUT	V4L2_BUF_TYPE_VIDEO_OUTPUT

int lab_producer_try_setup(struct lab_camera *producer, int fd, uint32_t fourcc, uint32_t width,
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
	*producer = (struct lab_camera){
		.fd = fd,
		.type = OUTPUT,
		.fourcc = format.fmt.pix.pixelformat,
		.width = format.fmt.pix.width,
		.height = format.fmt.pix.height,
		.stride = format.fmt.pix.bytesperline,
		.size = format.fmt.pix.sizeimage,
	};
	return ret;
}

void lab_producer_setup(struct lab_camera *producer, int fd, uint32_t fourcc, uint32_t width,
			uint32_t height, uint32_t padding)
{
	igt_assert_eq(lab_producer_try_setup(producer, fd, fourcc, width, height, padding), 0);
	igt_assert_eq_u32(producer->fourcc, fourcc);
	igt_assert_eq_u32(producer->width, width);
	igt_assert_eq_u32(producer->height, height);
}

int lab_producer_queue(const struct lab_camera *producer, uint32_t index, int dmabuf,
		       int64_t timestamp)
{
	struct v4l2_buffer buffer = {
		.type = producer->type,
		.memory = dmabuf == -1 ? V4L2_MEMORY_MMAP : V4L2_MEMORY_DMABUF,
		.index = index,
		.bytesused = producer->size,
		.timestamp = { timestamp / 1000000, timestamp % 1000000 },
	};

	if (dmabuf != -1)
		buffer.m.fd = dmabuf;
	return lab_ioctl(producer->fd, VIDIOC_QBUF, &buffer);
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
