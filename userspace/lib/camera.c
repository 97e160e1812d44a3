// SPDX-License-Identifier: MIT
#include "camera.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "colorimetry.h"
#include "error.h"

#define CAPTURE V4L2_BUF_TYPE_VIDEO_CAPTURE
#define MAX_NODES 64

static int camera_ioctl(const struct pp_camera *camera, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(camera->fd, request, arg);
	} while (ret && errno == EINTR);
	return ret ? -errno : 0;
}

static int open_node(struct pp_camera *camera, const char *path)
{
	int ret;

	camera->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (camera->fd < 0)
		return -errno;
	ret = camera_ioctl(camera, VIDIOC_QUERYCAP, &camera->capability);
	if (!ret && !(camera->capability.device_caps & V4L2_CAP_VIDEO_CAPTURE))
		ret = -ENOTTY;
	if (ret) {
		pp_camera_close(camera);
		return ret;
	}
	snprintf(camera->path, sizeof(camera->path), "%s", path);
	return 0;
}

int pp_camera_open_driver(struct pp_camera *camera, const char *driver, struct pp_error *error)
{
	*camera = (struct pp_camera) { .fd = -1, .error = error };
	for (int i = 0; i < MAX_NODES; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/dev/video%d", i);
		if (open_node(camera, path))
			continue;
		if (!strcmp((const char *)camera->capability.driver, driver))
			return 0;
		pp_camera_close(camera);
	}
	return pp_fail(error, ENODEV,
		       "no camera: no /dev/video* belongs to %s; load it with: modprobe %s", driver,
		       driver);
}

int pp_camera_open(struct pp_camera *camera, const char *path, struct pp_error *error)
{
	int ret;

	if (!path)
		return pp_camera_open_driver(camera, "camsim", error);
	*camera = (struct pp_camera) { .fd = -1, .error = error };
	ret = open_node(camera, path);
	if (ret == -ENOTTY || ret == -EINVAL)
		return pp_fail(error, ENODEV, "%s is not a camera (no V4L2 video capture)", path);
	if (ret)
		return pp_fail(error, -ret,
			       "cannot open %s: %s; leave out --camera to take camsim's", path,
			       strerror(-ret));
	return 0;
}

void pp_camera_close(struct pp_camera *camera)
{
	if (camera->fd >= 0)
		close(camera->fd);
	camera->fd = -1;
}

/* Those that the camera has and GPUs know. */
static void list_formats(const struct pp_camera *camera, char *text, size_t size)
{
	struct v4l2_fmtdesc description = { .type = CAPTURE };
	size_t used = 0;

	text[0] = '\0';
	for (; !camera_ioctl(camera, VIDIOC_ENUM_FMT, &description); description.index++) {
		const struct pp_format *format = pp_format_by_v4l2(description.pixelformat);

		if (format && format->drm && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 format->name);
	}
}

static int check_format(struct pp_camera *camera, const struct pp_format *format, uint32_t width,
			uint32_t height, uint32_t pitch, const struct v4l2_pix_format *got)
{
	char names[128];

	if (got->pixelformat != format->v4l2) {
		list_formats(camera, names, sizeof(names));
		return pp_fail(camera->error, EINVAL,
			       "%s has no format %s; choose --format from: %s", camera->path,
			       format->name, names);
	}
	if (got->width != width || got->height != height)
		return pp_fail(camera->error, EINVAL,
			       "%s cannot make %ux%u pictures; the nearest is --size %ux%u",
			       camera->path, width, height, got->width, got->height);
	if (pitch && got->bytesperline != pitch)
		return pp_fail(camera->error, EINVAL,
			       "%s writes lines of %u bytes, the display's buffers have %u; choose another --size",
			       camera->path, got->bytesperline, pitch);
	return 0;
}

int pp_camera_set_format(struct pp_camera *camera, const struct pp_format *format, uint32_t width,
			 uint32_t height, uint32_t pitch)
{
	struct v4l2_format request = { .type = CAPTURE };
	struct v4l2_pix_format *pix = &request.fmt.pix;
	int ret;

	pix->width = width;
	pix->height = height;
	pix->pixelformat = format->v4l2;
	pix->bytesperline = pitch;
	pix->field = V4L2_FIELD_NONE;
	ret = camera_ioctl(camera, VIDIOC_S_FMT, &request);
	if (ret == -EBUSY)
		return pp_fail(camera->error, EBUSY,
			       "%s is in use by another program; stop that or choose another --camera",
			       camera->path);
	if (ret)
		return pp_fail(camera->error, -ret, "%s refuses the format %s: %s", camera->path,
			       format->name, strerror(-ret));
	ret = check_format(camera, format, width, height, pitch, pix);
	if (ret)
		return ret;
	pp_layout_init(&camera->layout, format, width, height, pix->bytesperline);
	if (pix->sizeimage > camera->layout.size)
		camera->layout.size = pix->sizeimage;
	if (pp_colorimetry_from_v4l2(&camera->layout, pix))
		return pp_fail(camera->error, EINVAL,
			       "%s has colours that primesim does not convert: colorspace %u, ycbcr_enc %u of V4L2; choose BT.601, BT.709 or BT.2020",
			       camera->path, pix->colorspace, pix->ycbcr_enc);
	return 0;
}

int pp_camera_set_rate(struct pp_camera *camera, unsigned int fps)
{
	struct v4l2_streamparm parm = { .type = CAPTURE };
	struct v4l2_fract *interval = &parm.parm.capture.timeperframe;
	int ret;

	*interval = (struct v4l2_fract) { .numerator = 1, .denominator = fps };
	ret = camera_ioctl(camera, VIDIOC_S_PARM, &parm);
	if (ret)
		return pp_fail(camera->error, -ret, "%s refuses %u frames per second: %s",
			       camera->path, fps, strerror(-ret));
	camera->fps = interval->numerator ? (double)interval->denominator / interval->numerator : 0;
	if (camera->fps < fps * 0.99 || camera->fps > fps * 1.01)
		return pp_fail(camera->error, EINVAL,
			       "%s cannot make %u frames per second; the nearest is --fps %.0f",
			       camera->path, fps, camera->fps);
	return 0;
}

int pp_camera_request_buffers(struct pp_camera *camera, enum v4l2_memory memory,
			      unsigned int count)
{
	struct v4l2_requestbuffers request = { .count = count, .type = CAPTURE, .memory = memory };
	int ret = camera_ioctl(camera, VIDIOC_REQBUFS, &request);

	if (ret == -EINVAL)
		return pp_fail(camera->error, EINVAL, "%s does not take %s buffers", camera->path,
			       memory == V4L2_MEMORY_DMABUF ? "DMABUF" : "MMAP");
	if (ret)
		return pp_fail(camera->error, -ret, "%s: cannot get %u buffers: %s", camera->path,
			       count, strerror(-ret));
	if (request.count != count)
		return pp_fail(camera->error, EINVAL, "%s gives %u buffers, not %u", camera->path,
			       request.count, count);
	camera->memory = memory;
	camera->buffers = count;
	return 0;
}

int pp_camera_export(struct pp_camera *camera, unsigned int index, int *fd)
{
	struct v4l2_exportbuffer export = {
		.type = CAPTURE,
		.index = index,
		.flags = O_RDWR | O_CLOEXEC,
	};
	int ret = camera_ioctl(camera, VIDIOC_EXPBUF, &export);

	if (ret)
		return pp_fail(camera->error, -ret, "%s: cannot export buffer %u: %s", camera->path,
			       index, strerror(-ret));
	*fd = export.fd;
	return 0;
}

int pp_camera_map(struct pp_camera *camera, unsigned int index, struct pp_map *map)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = camera->memory, .index = index };
	int ret = camera_ioctl(camera, VIDIOC_QUERYBUF, &buffer);

	if (ret)
		return pp_fail(camera->error, -ret, "%s: no buffer %u: %s", camera->path, index,
			       strerror(-ret));
	return pp_map_fd(map, camera->fd, buffer.m.offset, buffer.length, false, camera->error);
}

int pp_camera_queue(struct pp_camera *camera, unsigned int index, int fd)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = camera->memory, .index = index };
	int ret;

	if (camera->memory == V4L2_MEMORY_DMABUF)
		buffer.m.fd = fd;
	ret = camera_ioctl(camera, VIDIOC_QBUF, &buffer);
	if (ret)
		return pp_fail(camera->error, -ret,
			       "%s refuses buffer %u: %s (the kernel log or simbuf's debugfs says why)",
			       camera->path, index, strerror(-ret));
	return 0;
}

int pp_camera_dequeue(struct pp_camera *camera, struct pp_frame *frame)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = camera->memory };
	int ret = camera_ioctl(camera, VIDIOC_DQBUF, &buffer);

	if (ret == -EAGAIN)
		return 0;
	if (ret == -ENODEV)
		return pp_fail(camera->error, ENODEV, "%s was removed", camera->path);
	if (ret)
		return pp_fail(camera->error, -ret, "%s stopped: %s", camera->path, strerror(-ret));
	*frame = (struct pp_frame) {
		.index = buffer.index,
		.sequence = buffer.sequence,
		.timestamp_ns = (uint64_t)buffer.timestamp.tv_sec * 1000000000 +
				(uint64_t)buffer.timestamp.tv_usec * 1000,
		.damaged = buffer.flags & V4L2_BUF_FLAG_ERROR,
	};
	return 1;
}

int pp_camera_start(struct pp_camera *camera)
{
	int type = CAPTURE;
	int ret = camera_ioctl(camera, VIDIOC_STREAMON, &type);

	if (ret)
		return pp_fail(camera->error, -ret, "%s does not start: %s", camera->path,
			       strerror(-ret));
	return 0;
}

void pp_camera_stop(struct pp_camera *camera)
{
	int type = CAPTURE;

	if (camera->fd >= 0)
		camera_ioctl(camera, VIDIOC_STREAMOFF, &type);
}

static int set_control(struct pp_camera *camera, uint32_t id, int32_t value)
{
	struct v4l2_control control = { .id = id, .value = value };

	return camera_ioctl(camera, VIDIOC_S_CTRL, &control);
}

int pp_camera_set_control(struct pp_camera *camera, uint32_t id, int32_t value)
{
	int ret = set_control(camera, id, value);

	if (ret)
		return pp_fail(camera->error, -ret, "%s: control %#x = %d: %s", camera->path, id,
			       value, strerror(-ret));
	return 0;
}

int pp_camera_set_early_fences(struct pp_camera *camera, bool on)
{
	int ret = set_control(camera, V4L2_CID_CAMSIM_EARLY_FENCES, on);

	if (ret == -EINVAL || ret == -ENOTTY)
		return pp_fail(camera->error, -ret,
			       "%s has no early fences, only camsim has; leave out --early-fences",
			       camera->path);
	if (ret)
		return pp_fail(camera->error, -ret, "%s: early fences: %s", camera->path,
			       strerror(-ret));
	return 0;
}

bool pp_camera_buffer_info(struct pp_camera *camera, unsigned int index, struct simbuf_info *info)
{
	struct camsim_buffer_info request = { .index = index };

	if (strcmp((const char *)camera->capability.driver, "camsim") ||
	    camera_ioctl(camera, VIDIOC_CAMSIM_BUFFER_INFO, &request))
		return false;
	*info = request.info;
	return true;
}
