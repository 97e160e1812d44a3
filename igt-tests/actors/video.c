// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "video.h"

#define BUFFERS	5

static const uint32_t formats[] = {
	V4L2_PIX_FMT_XBGR32, V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_NV12M,
	V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_SRGGB8, V4L2_PIX_FMT_RGB565,
};

/* Any node of a camera's: the other kind is refused everything, which is a test too. */
static void learn_type(struct actor *me)
{
	struct video *video = video_of(me);
	struct v4l2_capability capability = {};

	if (actor_ioctl(me, "QUERYCAP", video->fd, VIDIOC_QUERYCAP, &capability))
		return;
	video->mplane = capability.device_caps &
			(V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_VIDEO_OUTPUT_MPLANE);
	if (capability.device_caps & (V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE))
		video->type = video->mplane ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE :
					      V4L2_BUF_TYPE_VIDEO_OUTPUT;
	else
		video->type = video->mplane ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE :
					      V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

static bool is_wanted(const struct video *video)
{
	bool output = video->type == V4L2_BUF_TYPE_VIDEO_OUTPUT ||
		      video->type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE;

	return video->fd >= 0 && output == video->output;
}

void video_reopen(struct actor *me)
{
	struct video *video = video_of(me);

	if (is_wanted(video) && !actor_odds(me, 20))
		return;
	for (int i = 0; i < 4; i++) {
		actor_reopen(me, &video->fd, "video");
		learn_type(me);
		if (is_wanted(video))
			break;
	}
	video_format(me);
}

void video_format(struct actor *me)
{
	struct video *video = video_of(me);
	struct v4l2_format format = { .type = actor_vary(me, video->type) };
	uint32_t fourcc = actor_odds(me, 4) ? formats[actor_pick(me, 7)] : V4L2_PIX_FMT_XBGR32;

	if (video->mplane) {
		format.fmt.pix_mp.width = actor_vary(me, VIDEO_WIDTH);
		format.fmt.pix_mp.height = actor_vary(me, VIDEO_HEIGHT);
		format.fmt.pix_mp.pixelformat = actor_vary(me, fourcc);
		format.fmt.pix_mp.plane_fmt[0].bytesperline = actor_vary(me, 0);
	} else {
		format.fmt.pix.width = actor_vary(me, VIDEO_WIDTH);
		format.fmt.pix.height = actor_vary(me, VIDEO_HEIGHT);
		format.fmt.pix.pixelformat = actor_vary(me, fourcc);
		format.fmt.pix.bytesperline = actor_vary(me, 0);
	}
	actor_ioctl(me, actor_odds(me, 4) ? "TRY_FMT" : "S_FMT", video->fd,
		    actor_odds(me, 4) ? VIDIOC_TRY_FMT : VIDIOC_S_FMT, &format);
}

static uint32_t some_memory(struct actor *me)
{
	return actor_vary(me, actor_odds(me, 2) ? V4L2_MEMORY_MMAP : V4L2_MEMORY_DMABUF);
}

/* @planes: room for those of a buffer with several */
static struct v4l2_buffer some_buffer(struct actor *me, struct v4l2_plane *planes)
{
	struct video *video = video_of(me);
	struct v4l2_buffer buffer = {
		.type = actor_vary(me, video->type), .memory = some_memory(me),
		.index = actor_vary(me, actor_pick(me, BUFFERS)),
	};

	memset(planes, 0, VIDEO_MAX_PLANES * sizeof(*planes));
	for (int i = 0; i < 2; i++) {
		planes[i].m.fd = actor_some_fd(me);
		planes[i].bytesused = actor_vary(me, VIDEO_WIDTH * VIDEO_HEIGHT * 4);
		planes[i].data_offset = actor_vary(me, 0);
	}
	if (video->mplane) {
		buffer.m.planes = (struct v4l2_plane *)actor_vary(me, (uintptr_t)planes);
		buffer.length = actor_vary(me, 1 + actor_pick(me, 2));
		return buffer;
	}
	if (buffer.memory == V4L2_MEMORY_DMABUF)
		buffer.m.fd = planes[0].m.fd;
	buffer.bytesused = planes[0].bytesused;
	return buffer;
}

void video_request(struct actor *me)
{
	struct v4l2_requestbuffers request = {
		.type = video_of(me)->type, .memory = some_memory(me),
		.count = actor_pick(me, BUFFERS),
	};

	actor_ioctl(me, "REQBUFS", video_of(me)->fd, VIDIOC_REQBUFS, &request);
}

void video_create(struct actor *me)
{
	struct v4l2_create_buffers create = {
		.count = actor_pick(me, 2), .memory = some_memory(me),
		.format = { .type = video_of(me)->type },
	};

	actor_ioctl(me, "G_FMT", video_of(me)->fd, VIDIOC_G_FMT, &create.format);
	if (!video_of(me)->mplane && actor_odds(me, 8))
		create.format.fmt.pix.sizeimage = actor_odd_number(me) & 0xffffff;
	actor_ioctl(me, "CREATE_BUFS", video_of(me)->fd, VIDIOC_CREATE_BUFS, &create);
}

void video_remove(struct actor *me)
{
	struct v4l2_remove_buffers remove = {
		.type = video_of(me)->type, .index = actor_vary(me, actor_pick(me, BUFFERS)),
		.count = actor_vary(me, 1),
	};

	actor_ioctl(me, "REMOVE_BUFS", video_of(me)->fd, VIDIOC_REMOVE_BUFS, &remove);
}

void video_queue(struct actor *me)
{
	struct v4l2_plane planes[VIDEO_MAX_PLANES];
	struct v4l2_buffer buffer = some_buffer(me, planes);
	bool prepare = actor_odds(me, 8);

	actor_ioctl(me, prepare ? "PREPARE_BUF" : "QBUF", video_of(me)->fd,
		    prepare ? VIDIOC_PREPARE_BUF : VIDIOC_QBUF, &buffer);
}

void video_dequeue(struct actor *me)
{
	struct v4l2_plane planes[VIDEO_MAX_PLANES];
	struct v4l2_buffer buffer = some_buffer(me, planes);

	actor_ioctl(me, "DQBUF", video_of(me)->fd, VIDIOC_DQBUF, &buffer);
}

void video_export(struct actor *me)
{
	struct v4l2_exportbuffer export = {
		.type = video_of(me)->type, .index = actor_vary(me, actor_pick(me, BUFFERS)),
		.plane = actor_odds(me, 8), .flags = O_RDWR | O_CLOEXEC,
	};

	if (!actor_ioctl(me, "EXPBUF", video_of(me)->fd, VIDIOC_EXPBUF, &export))
		actor_keep(me, export.fd);
}

void video_map(struct actor *me)
{
	struct v4l2_plane planes[VIDEO_MAX_PLANES];
	struct v4l2_buffer buffer = some_buffer(me, planes);

	if (actor_ioctl(me, "QUERYBUF", video_of(me)->fd, VIDIOC_QUERYBUF, &buffer))
		return;
	if (video_of(me)->mplane)
		actor_touch(me, video_of(me)->fd, planes[0].length, planes[0].m.mem_offset);
	else
		actor_touch(me, video_of(me)->fd, buffer.length, buffer.m.offset);
}

void video_stream_on(struct actor *me)
{
	uint32_t type = actor_vary(me, video_of(me)->type);

	actor_ioctl(me, "STREAMON", video_of(me)->fd, VIDIOC_STREAMON, &type);
}

void video_stream_off(struct actor *me)
{
	uint32_t type = video_of(me)->type;

	actor_ioctl(me, "STREAMOFF", video_of(me)->fd, VIDIOC_STREAMOFF, &type);
}

void video_poll(struct actor *me)
{
	struct pollfd pollfd = { .fd = video_of(me)->fd, .events = POLLIN | POLLOUT | POLLPRI };

	actor_does(me, "poll a video node", pollfd.fd, 0);
	actor_did(me, poll(&pollfd, 1, actor_pick(me, 20)));
}

void video_parm(struct actor *me)
{
	struct v4l2_streamparm parm = { .type = video_of(me)->type };

	parm.parm.capture.timeperframe.numerator = actor_vary(me, 1);
	parm.parm.capture.timeperframe.denominator = actor_vary(me, 120);
	actor_ioctl(me, "S_PARM", video_of(me)->fd, VIDIOC_S_PARM, &parm);
}

void video_enumerate(struct actor *me)
{
	struct v4l2_fmtdesc format = { .type = video_of(me)->type, .index = actor_vary(me, 3) };
	struct v4l2_frmsizeenum size = { .pixel_format = actor_vary(me, V4L2_PIX_FMT_YUYV) };

	actor_ioctl(me, "ENUM_FMT", video_of(me)->fd, VIDIOC_ENUM_FMT, &format);
	actor_ioctl(me, "ENUM_FRAMESIZES", video_of(me)->fd, VIDIOC_ENUM_FRAMESIZES, &size);
}
