// SPDX-License-Identifier: MIT
/*
 * camsim: its video nodes of either direction, sub-devices and media devices.
 */
#include <linux/camsim.h>
#include <linux/media.h>
#include <linux/media-bus-format.h>
#include <linux/v4l2-subdev.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "calls.h"

static const uint64_t types[] = {
	V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_BUF_TYPE_VIDEO_OUTPUT, V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE,
	V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE, V4L2_BUF_TYPE_META_CAPTURE,
};

static const uint64_t mplane_types[] = {
	V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE,
};

static const uint64_t memories[] = { V4L2_MEMORY_MMAP, V4L2_MEMORY_DMABUF, V4L2_MEMORY_USERPTR };
static const uint64_t counts[] = { 2, 1, 3, 4, 8, 0, 32 };
static const uint64_t widths[] = { 64, 16, 128, 640, 642, 1920, 0, 1, 7680 };
static const uint64_t heights[] = { 64, 16, 48, 480, 1080, 0, 1, 4320 };
static const uint64_t formats[] = {
	V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_UYVY, V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_NV21,
	V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_P010, V4L2_PIX_FMT_RGB24, V4L2_PIX_FMT_XBGR32,
	V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_NV12M, V4L2_PIX_FMT_YUV420M, V4L2_PIX_FMT_SRGGB8,
	V4L2_PIX_FMT_SBGGR10, V4L2_PIX_FMT_SGRBG10P, V4L2_PIX_FMT_MJPEG,
};

static const uint64_t codes[] = {
	MEDIA_BUS_FMT_UYVY8_1X16, MEDIA_BUS_FMT_RGB888_1X24, MEDIA_BUS_FMT_SRGGB8_1X8,
	MEDIA_BUS_FMT_SGRBG10_1X10, MEDIA_BUS_FMT_UYVY10_1X20, MEDIA_BUS_FMT_Y8_1X8,
};

static const uint64_t small[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
static const uint64_t rates[] = { 120, 30, 60, 1, 1000, 0 };
static const uint64_t controls[] = {
	V4L2_CID_CAMSIM_EARLY_FENCES, V4L2_CID_CAMSIM_LATE_FRAMES, V4L2_CID_CAMSIM_DROP_FRAMES,
	V4L2_CID_CAMSIM_FREEZE_FRAMES, V4L2_CID_CAMSIM_CORRUPT_FRAMES, V4L2_CID_CAMSIM_ERROR_FRAMES,
	V4L2_CID_CAMSIM_SHORT_FRAMES, V4L2_CID_CAMSIM_WRONG_SEQUENCE_FRAMES,
	V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, V4L2_CID_CAMSIM_END_IN, V4L2_CID_CAMSIM_FAIL_IN,
	V4L2_CID_CAMSIM_STALL_MS, V4L2_CID_CAMSIM_DELAY_MS, V4L2_CID_CAMSIM_SOURCE_WIDTH,
	V4L2_CID_CAMSIM_SOURCE_HEIGHT, V4L2_CID_CAMSIM_SOURCE_RATE, V4L2_CID_CAMSIM_SOLID_COLOUR,
	V4L2_CID_CAMSIM_MOVING_BOX, V4L2_CID_CAMSIM_FRAME_STAMP, V4L2_CID_BRIGHTNESS,
	V4L2_CID_CONTRAST, V4L2_CID_SATURATION, V4L2_CID_GAIN, V4L2_CID_EXPOSURE, V4L2_CID_HFLIP,
	V4L2_CID_VFLIP, V4L2_CID_TEST_PATTERN, V4L2_CID_VBLANK, V4L2_CID_HBLANK,
	V4L2_CID_ANALOGUE_GAIN, V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CID_PIXEL_RATE,
};

static const uint64_t targets[] = {
	V4L2_SEL_TGT_CROP, V4L2_SEL_TGT_COMPOSE, V4L2_SEL_TGT_CROP_BOUNDS,
	V4L2_SEL_TGT_CROP_DEFAULT, V4L2_SEL_TGT_COMPOSE_BOUNDS, V4L2_SEL_TGT_NATIVE_SIZE,
};

static const uint64_t events[] = {
	V4L2_EVENT_SOURCE_CHANGE, V4L2_EVENT_EOS, V4L2_EVENT_CTRL, V4L2_EVENT_FRAME_SYNC,
	V4L2_EVENT_ALL,
};

static const uint64_t walk[] = { V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_FLAG_NEXT_COMPOUND };
static const uint64_t active[] = { V4L2_SUBDEV_FORMAT_ACTIVE, V4L2_SUBDEV_FORMAT_TRY };
static const uint64_t one[] = { 1 };

#define TYPE(type_, from)	FUZZ_PICK(type_, type, from)

static const struct fuzz_field fmt_fields[] = {
	TYPE(struct v4l2_format, types),
	FUZZ_PICK(struct v4l2_format, fmt.pix.pixelformat, formats),
	FUZZ_PICK(struct v4l2_format, fmt.pix.width, widths),
	FUZZ_PICK(struct v4l2_format, fmt.pix.height, heights),
	FUZZ_PICK(struct v4l2_format, fmt.pix.field, small),
	FUZZ_FIELD(struct v4l2_format, fmt.pix.bytesperline, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_format, fmt.pix.sizeimage, FUZZ_SIZE),
	FUZZ_PICK(struct v4l2_format, fmt.pix.colorspace, small),
	FUZZ_FIELD(struct v4l2_format, fmt.pix.priv, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_format, fmt.pix.flags, FUZZ_NUMBER),
	FUZZ_PICK(struct v4l2_format, fmt.pix.ycbcr_enc, small),
	FUZZ_PICK(struct v4l2_format, fmt.pix.quantization, small),
	FUZZ_PICK(struct v4l2_format, fmt.pix.xfer_func, small),
};

static const struct fuzz_field fmt_mplane_fields[] = {
	TYPE(struct v4l2_format, mplane_types),
	FUZZ_PICK(struct v4l2_format, fmt.pix_mp.pixelformat, formats),
	FUZZ_PICK(struct v4l2_format, fmt.pix_mp.width, widths),
	FUZZ_PICK(struct v4l2_format, fmt.pix_mp.height, heights),
	FUZZ_FIELD(struct v4l2_format, fmt.pix_mp.num_planes, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_format, fmt.pix_mp.plane_fmt[0].bytesperline, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_format, fmt.pix_mp.plane_fmt[0].sizeimage, FUZZ_SIZE),
	FUZZ_FIELD(struct v4l2_format, fmt.pix_mp.plane_fmt[1].bytesperline, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_format, fmt.pix_mp.plane_fmt[1].sizeimage, FUZZ_SIZE),
	FUZZ_PICK(struct v4l2_format, fmt.pix_mp.colorspace, small),
	FUZZ_PICK(struct v4l2_format, fmt.pix_mp.ycbcr_enc, small),
	FUZZ_FIELD(struct v4l2_format, fmt.pix_mp.flags, FUZZ_NUMBER),
};

static const struct fuzz_field reqbufs_fields[] = {
	TYPE(struct v4l2_requestbuffers, types),
	FUZZ_PICK(struct v4l2_requestbuffers, memory, memories),
	FUZZ_PICK(struct v4l2_requestbuffers, count, counts),
	FUZZ_FIELD(struct v4l2_requestbuffers, flags, FUZZ_NUMBER),
};

static const struct fuzz_field create_bufs_fields[] = {
	FUZZ_PICK(struct v4l2_create_buffers, format.type, types),
	FUZZ_PICK(struct v4l2_create_buffers, memory, memories),
	FUZZ_PICK(struct v4l2_create_buffers, count, counts),
	FUZZ_PICK(struct v4l2_create_buffers, format.fmt.pix.pixelformat, formats),
	FUZZ_PICK(struct v4l2_create_buffers, format.fmt.pix.width, widths),
	FUZZ_PICK(struct v4l2_create_buffers, format.fmt.pix.height, heights),
	FUZZ_FIELD(struct v4l2_create_buffers, format.fmt.pix.sizeimage, FUZZ_SIZE),
};

static const struct fuzz_field remove_bufs_fields[] = {
	TYPE(struct v4l2_remove_buffers, types),
	FUZZ_PICK(struct v4l2_remove_buffers, index, small),
	FUZZ_PICK(struct v4l2_remove_buffers, count, counts),
};

static const struct fuzz_field buffer_fields[] = {
	TYPE(struct v4l2_buffer, types),
	FUZZ_PICK(struct v4l2_buffer, memory, memories),
	FUZZ_PICK(struct v4l2_buffer, index, small),
	FUZZ_FIELD(struct v4l2_buffer, m.fd, FUZZ_USE, .resource = FUZZ_FD),
	FUZZ_FIELD(struct v4l2_buffer, bytesused, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_buffer, length, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_buffer, flags, FUZZ_NUMBER),
	FUZZ_PICK(struct v4l2_buffer, field, small),
};

static const struct fuzz_field plane_fields[] = {
	FUZZ_FIELD(struct v4l2_plane, m.fd, FUZZ_USE, .resource = FUZZ_FD),
	FUZZ_FIELD(struct v4l2_plane, bytesused, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_plane, length, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_plane, data_offset, FUZZ_NUMBER),
};

static const struct fuzz_struct plane_struct = FUZZ_STRUCT(struct v4l2_plane, plane_fields);
static const struct fuzz_struct *const planes[] = { &plane_struct };

static const struct fuzz_field buffer_mplane_fields[] = {
	TYPE(struct v4l2_buffer, mplane_types),
	FUZZ_PICK(struct v4l2_buffer, memory, memories),
	FUZZ_PICK(struct v4l2_buffer, index, small),
	FUZZ_FIELD(struct v4l2_buffer, m.planes, FUZZ_ARRAY,
		   FUZZ_ELEMENTS(planes, struct v4l2_buffer, length, 8)),
	FUZZ_FIELD(struct v4l2_buffer, flags, FUZZ_NUMBER),
};

static const struct fuzz_field expbuf_fields[] = {
	TYPE(struct v4l2_exportbuffer, types),
	FUZZ_PICK(struct v4l2_exportbuffer, index, small),
	FUZZ_PICK(struct v4l2_exportbuffer, plane, small),
	FUZZ_FIELD(struct v4l2_exportbuffer, flags, FUZZ_NUMBER),
};

struct stream_type {
	uint32_t type;
};

static const struct fuzz_field stream_fields[] = { TYPE(struct stream_type, types) };

static const struct fuzz_field parm_fields[] = {
	TYPE(struct v4l2_streamparm, types),
	FUZZ_PICK(struct v4l2_streamparm, parm.capture.timeperframe.denominator, rates),
	FUZZ_PICK(struct v4l2_streamparm, parm.capture.timeperframe.numerator, small),
	FUZZ_FIELD(struct v4l2_streamparm, parm.capture.capturemode, FUZZ_NUMBER),
};

static const struct fuzz_field control_fields[] = {
	FUZZ_FIELD(struct v4l2_control, id, FUZZ_CONTROL, FUZZ_OF(controls)),
	FUZZ_FIELD(struct v4l2_control, value, FUZZ_NUMBER),
};

static const struct fuzz_field ext_control_fields[] = {
	FUZZ_FIELD(struct v4l2_ext_control, id, FUZZ_CONTROL, FUZZ_OF(controls)),
	FUZZ_FIELD(struct v4l2_ext_control, value, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_ext_control, size, FUZZ_NUMBER),
};

static const struct fuzz_struct ext_control_struct =
	FUZZ_STRUCT(struct v4l2_ext_control, ext_control_fields);
static const struct fuzz_struct *const ext_controls[] = { &ext_control_struct };

static const struct fuzz_field ext_fields[] = {
	FUZZ_FIELD(struct v4l2_ext_controls, controls, FUZZ_ARRAY,
		   FUZZ_ELEMENTS(ext_controls, struct v4l2_ext_controls, count, 6)),
	FUZZ_FIELD(struct v4l2_ext_controls, which, FUZZ_NUMBER),
};

static const struct fuzz_field queryctrl_fields[] = {
	FUZZ_FIELD(struct v4l2_query_ext_ctrl, id, FUZZ_BITS, FUZZ_OF(walk)),
};

static const struct fuzz_field querymenu_fields[] = {
	FUZZ_PICK(struct v4l2_querymenu, id, controls),
	FUZZ_FIELD(struct v4l2_querymenu, index, FUZZ_NUMBER),
};

static const struct fuzz_field enum_fmt_fields[] = {
	TYPE(struct v4l2_fmtdesc, types),
	FUZZ_FIELD(struct v4l2_fmtdesc, index, FUZZ_NUMBER),
	FUZZ_PICK(struct v4l2_fmtdesc, mbus_code, codes),
};

static const struct fuzz_field enum_sizes_fields[] = {
	FUZZ_PICK(struct v4l2_frmsizeenum, pixel_format, formats),
	FUZZ_FIELD(struct v4l2_frmsizeenum, index, FUZZ_NUMBER),
};

static const struct fuzz_field enum_intervals_fields[] = {
	FUZZ_PICK(struct v4l2_frmivalenum, pixel_format, formats),
	FUZZ_PICK(struct v4l2_frmivalenum, width, widths),
	FUZZ_PICK(struct v4l2_frmivalenum, height, heights),
	FUZZ_FIELD(struct v4l2_frmivalenum, index, FUZZ_NUMBER),
};

static const struct fuzz_field selection_fields[] = {
	TYPE(struct v4l2_selection, types),
	FUZZ_PICK(struct v4l2_selection, target, targets),
	FUZZ_PICK(struct v4l2_selection, r.width, widths),
	FUZZ_PICK(struct v4l2_selection, r.height, heights),
	FUZZ_FIELD(struct v4l2_selection, r.left, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_selection, r.top, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_selection, flags, FUZZ_NUMBER),
};

static const struct fuzz_field subscribe_fields[] = {
	TYPE(struct v4l2_event_subscription, events),
	FUZZ_FIELD(struct v4l2_event_subscription, id, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_event_subscription, flags, FUZZ_NUMBER),
};

static const struct fuzz_field event_fields[] = {
	FUZZ_FIELD(struct v4l2_event, type, FUZZ_NUMBER),
};

static const struct fuzz_field buffer_info_fields[] = {
	FUZZ_PICK(struct camsim_buffer_info, index, small),
	FUZZ_PICK(struct camsim_buffer_info, plane, small),
};

static const struct fuzz_field input_fields[] = {
	FUZZ_FIELD(struct stream_type, type, FUZZ_NUMBER),
};

/* Sub-devices and the graph */

static const struct fuzz_field subdev_format_fields[] = {
	FUZZ_PICK(struct v4l2_subdev_format, which, active),
	FUZZ_PICK(struct v4l2_subdev_format, format.code, codes),
	FUZZ_PICK(struct v4l2_subdev_format, format.width, widths),
	FUZZ_PICK(struct v4l2_subdev_format, format.height, heights),
	FUZZ_FIELD(struct v4l2_subdev_format, pad, FUZZ_NUMBER),
	FUZZ_PICK(struct v4l2_subdev_format, format.field, small),
	FUZZ_PICK(struct v4l2_subdev_format, format.colorspace, small),
	FUZZ_FIELD(struct v4l2_subdev_format, format.flags, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_format, stream, FUZZ_NUMBER),
};

static const struct fuzz_field subdev_selection_fields[] = {
	FUZZ_PICK(struct v4l2_subdev_selection, which, active),
	FUZZ_PICK(struct v4l2_subdev_selection, target, targets),
	FUZZ_PICK(struct v4l2_subdev_selection, r.width, widths),
	FUZZ_PICK(struct v4l2_subdev_selection, r.height, heights),
	FUZZ_FIELD(struct v4l2_subdev_selection, r.left, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_selection, r.top, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_selection, pad, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_selection, flags, FUZZ_NUMBER),
};

static const struct fuzz_field subdev_interval_fields[] = {
	FUZZ_PICK(struct v4l2_subdev_frame_interval, interval.denominator, rates),
	FUZZ_PICK(struct v4l2_subdev_frame_interval, interval.numerator, small),
	FUZZ_FIELD(struct v4l2_subdev_frame_interval, pad, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_frame_interval, which, FUZZ_NUMBER),
};

static const struct fuzz_field subdev_code_fields[] = {
	FUZZ_FIELD(struct v4l2_subdev_mbus_code_enum, index, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_mbus_code_enum, pad, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_mbus_code_enum, which, FUZZ_NUMBER),
};

static const struct fuzz_field subdev_sizes_fields[] = {
	FUZZ_PICK(struct v4l2_subdev_frame_size_enum, code, codes),
	FUZZ_FIELD(struct v4l2_subdev_frame_size_enum, index, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_frame_size_enum, pad, FUZZ_NUMBER),
};

static const struct fuzz_field subdev_intervals_fields[] = {
	FUZZ_PICK(struct v4l2_subdev_frame_interval_enum, code, codes),
	FUZZ_PICK(struct v4l2_subdev_frame_interval_enum, width, widths),
	FUZZ_PICK(struct v4l2_subdev_frame_interval_enum, height, heights),
	FUZZ_FIELD(struct v4l2_subdev_frame_interval_enum, index, FUZZ_NUMBER),
	FUZZ_FIELD(struct v4l2_subdev_frame_interval_enum, pad, FUZZ_NUMBER),
};

static const struct fuzz_field link_fields[] = {
	FUZZ_PICK(struct media_link_desc, source.entity, small),
	FUZZ_FIELD(struct media_link_desc, source.index, FUZZ_NUMBER),
	FUZZ_PICK(struct media_link_desc, sink.entity, small),
	FUZZ_FIELD(struct media_link_desc, sink.index, FUZZ_NUMBER),
	FUZZ_FIELD(struct media_link_desc, flags, FUZZ_BITS, FUZZ_OF(one)),
};

/* Calls that are no ioctl */

static void wait_for_frame(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	struct pollfd frame = {
		.fd = fuzz_fd(state, FUZZ_VIDEO, fuzz_byte(bytes)),
		.events = POLLIN | POLLOUT | POLLPRI,
	};

	poll(&frame, 1, 30);
}

static void read_frame(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	static char frame[1 << 16];
	int fd = fuzz_fd(state, FUZZ_VIDEO, fuzz_byte(bytes));

	if (read(fd, frame, sizeof(frame)) < 0 && fuzz_byte(bytes))
		(void)!write(fd, frame, sizeof(frame));
}

static void map_buffer(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	const struct fuzz_field away = { .size = 4, .kind = FUZZ_NUMBER };
	struct v4l2_buffer buffer = {
		.type = types[fuzz_byte(bytes) % ARRAY_SIZE(types)],
		.index = fuzz_byte(bytes),
		.memory = V4L2_MEMORY_MMAP,
	};
	int fd = fuzz_fd(state, FUZZ_VIDEO, fuzz_byte(bytes));
	volatile char *memory;

	if (ioctl(fd, VIDIOC_QUERYBUF, &buffer))
		return;
	memory = mmap(NULL, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      buffer.m.offset + (off_t)fuzz_value(&away, state, bytes) * 4096);
	if (memory != MAP_FAILED)
		memory[0]++;
}

static void export_buffer(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	struct v4l2_exportbuffer export = {
		.type = fuzz_value(&expbuf_fields[0], state, bytes),
		.index = fuzz_value(&expbuf_fields[1], state, bytes),
		.plane = fuzz_value(&expbuf_fields[2], state, bytes),
		.flags = fuzz_value(&expbuf_fields[3], state, bytes),
		.fd = -1,
	};

	if (!ioctl(fuzz_fd(state, FUZZ_VIDEO, fuzz_byte(bytes)), VIDIOC_EXPBUF, &export))
		fuzz_keep(state, FUZZ_FD, export.fd);
}

#define ARGUMENT(name, type)	\
	static const struct fuzz_struct name##_argument = FUZZ_STRUCT(type, name##_fields)

ARGUMENT(fmt, struct v4l2_format);
ARGUMENT(fmt_mplane, struct v4l2_format);
ARGUMENT(reqbufs, struct v4l2_requestbuffers);
ARGUMENT(create_bufs, struct v4l2_create_buffers);
ARGUMENT(remove_bufs, struct v4l2_remove_buffers);
ARGUMENT(buffer, struct v4l2_buffer);
ARGUMENT(buffer_mplane, struct v4l2_buffer);
ARGUMENT(stream, struct stream_type);
ARGUMENT(parm, struct v4l2_streamparm);
ARGUMENT(control, struct v4l2_control);
ARGUMENT(ext, struct v4l2_ext_controls);
ARGUMENT(queryctrl, struct v4l2_query_ext_ctrl);
ARGUMENT(querymenu, struct v4l2_querymenu);
ARGUMENT(enum_fmt, struct v4l2_fmtdesc);
ARGUMENT(enum_sizes, struct v4l2_frmsizeenum);
ARGUMENT(enum_intervals, struct v4l2_frmivalenum);
ARGUMENT(selection, struct v4l2_selection);
ARGUMENT(subscribe, struct v4l2_event_subscription);
ARGUMENT(event, struct v4l2_event);
ARGUMENT(buffer_info, struct camsim_buffer_info);
ARGUMENT(input, struct stream_type);
ARGUMENT(subdev_format, struct v4l2_subdev_format);
ARGUMENT(subdev_selection, struct v4l2_subdev_selection);
ARGUMENT(subdev_interval, struct v4l2_subdev_frame_interval);
ARGUMENT(subdev_code, struct v4l2_subdev_mbus_code_enum);
ARGUMENT(subdev_sizes, struct v4l2_subdev_frame_size_enum);
ARGUMENT(subdev_intervals, struct v4l2_subdev_frame_interval_enum);
ARGUMENT(link, struct media_link_desc);

#define IOCTL(name, class, request, argument)	\
	{ name, class, request, &argument##_argument, NULL, -1, 0 }
#define VIDEO(name, request, argument)	IOCTL("v4l2_" name, FUZZ_VIDEO, request, argument)
#define SUBDEV(name, request, argument)	IOCTL("subdev_" name, FUZZ_SUBDEV, request, argument)
#define FUNCTION(name)			{ #name, FUZZ_NO_NODE, 0, NULL, name, -1, 0 }

const struct fuzz_call_type fuzz_camera_calls[] = {
	VIDEO("s_fmt", VIDIOC_S_FMT, fmt),
	VIDEO("try_fmt", VIDIOC_TRY_FMT, fmt),
	VIDEO("g_fmt", VIDIOC_G_FMT, fmt),
	VIDEO("s_fmt_mplane", VIDIOC_S_FMT, fmt_mplane),
	VIDEO("try_fmt_mplane", VIDIOC_TRY_FMT, fmt_mplane),
	VIDEO("reqbufs", VIDIOC_REQBUFS, reqbufs),
	VIDEO("create_bufs", VIDIOC_CREATE_BUFS, create_bufs),
	VIDEO("remove_bufs", VIDIOC_REMOVE_BUFS, remove_bufs),
	VIDEO("querybuf", VIDIOC_QUERYBUF, buffer),
	VIDEO("qbuf", VIDIOC_QBUF, buffer),
	VIDEO("dqbuf", VIDIOC_DQBUF, buffer),
	VIDEO("prepare_buf", VIDIOC_PREPARE_BUF, buffer),
	VIDEO("qbuf_mplane", VIDIOC_QBUF, buffer_mplane),
	VIDEO("dqbuf_mplane", VIDIOC_DQBUF, buffer_mplane),
	VIDEO("streamon", VIDIOC_STREAMON, stream),
	VIDEO("streamoff", VIDIOC_STREAMOFF, stream),
	VIDEO("s_parm", VIDIOC_S_PARM, parm),
	VIDEO("g_parm", VIDIOC_G_PARM, parm),
	VIDEO("s_ctrl", VIDIOC_S_CTRL, control),
	VIDEO("g_ctrl", VIDIOC_G_CTRL, control),
	VIDEO("s_ext_ctrls", VIDIOC_S_EXT_CTRLS, ext),
	VIDEO("try_ext_ctrls", VIDIOC_TRY_EXT_CTRLS, ext),
	VIDEO("query_ext_ctrl", VIDIOC_QUERY_EXT_CTRL, queryctrl),
	VIDEO("querymenu", VIDIOC_QUERYMENU, querymenu),
	VIDEO("enum_fmt", VIDIOC_ENUM_FMT, enum_fmt),
	VIDEO("enum_framesizes", VIDIOC_ENUM_FRAMESIZES, enum_sizes),
	VIDEO("enum_frameintervals", VIDIOC_ENUM_FRAMEINTERVALS, enum_intervals),
	VIDEO("s_selection", VIDIOC_S_SELECTION, selection),
	VIDEO("g_selection", VIDIOC_G_SELECTION, selection),
	VIDEO("subscribe_event", VIDIOC_SUBSCRIBE_EVENT, subscribe),
	VIDEO("unsubscribe_event", VIDIOC_UNSUBSCRIBE_EVENT, subscribe),
	VIDEO("dqevent", VIDIOC_DQEVENT, event),
	VIDEO("buffer_info", VIDIOC_CAMSIM_BUFFER_INFO, buffer_info),
	VIDEO("s_input", VIDIOC_S_INPUT, input),
	VIDEO("s_output", VIDIOC_S_OUTPUT, input),
	SUBDEV("s_fmt", VIDIOC_SUBDEV_S_FMT, subdev_format),
	SUBDEV("g_fmt", VIDIOC_SUBDEV_G_FMT, subdev_format),
	SUBDEV("s_selection", VIDIOC_SUBDEV_S_SELECTION, subdev_selection),
	SUBDEV("g_selection", VIDIOC_SUBDEV_G_SELECTION, subdev_selection),
	SUBDEV("s_frame_interval", VIDIOC_SUBDEV_S_FRAME_INTERVAL, subdev_interval),
	SUBDEV("enum_mbus_code", VIDIOC_SUBDEV_ENUM_MBUS_CODE, subdev_code),
	SUBDEV("enum_frame_size", VIDIOC_SUBDEV_ENUM_FRAME_SIZE, subdev_sizes),
	SUBDEV("enum_frame_interval", VIDIOC_SUBDEV_ENUM_FRAME_INTERVAL, subdev_intervals),
	SUBDEV("s_ctrl", VIDIOC_S_CTRL, control),
	IOCTL("media_setup_link", FUZZ_MEDIA, MEDIA_IOC_SETUP_LINK, link),
	FUNCTION(wait_for_frame),
	FUNCTION(read_frame),
	FUNCTION(map_buffer),
	FUNCTION(export_buffer),
};

const unsigned int fuzz_camera_call_count = ARRAY_SIZE(fuzz_camera_calls);
