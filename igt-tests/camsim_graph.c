// SPDX-License-Identifier: MIT
/*
 * The camera's media graph, for clients that configure every pad and for those that know nothing
 * of it; several cameras at once.
 */
#include <fcntl.h>
#include <linux/media-bus-format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#include "camera.h"
#include "device.h"
#include "graph.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("a camera is sensor, bridge and capture node, with a media device of its own");

#define ACTIVE	V4L2_SUBDEV_FORMAT_ACTIVE
#define TRY	V4L2_SUBDEV_FORMAT_TRY
#define WIRED	(MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_IMMUTABLE)

/* Pads of the bridge */
#define SENSOR		0
#define PRODUCER	1
#define SOURCE		2

/**
 * struct rig - a camera of the test's own, and its nodes
 * @plugged: the camera.
 * @graph: its media device.
 * @sensor: sub-device.
 * @bridge: sub-device.
 * @capture: video node.
 */
struct rig {
	struct lab_plugged plugged;
	struct lab_graph graph;
	int sensor;
	int bridge;
	int capture;
};

static void rig_open(struct rig *rig)
{
	lab_plug(&rig->plugged, "camsim", "ideal");
	lab_graph_open(&rig->graph, rig->plugged.id);
	rig->sensor = lab_graph_node(&rig->graph, "sensor");
	rig->bridge = lab_graph_node(&rig->graph, "csi");
	rig->capture = lab_graph_node(&rig->graph, "capture");
}

static void rig_close_files(struct rig *rig)
{
	lab_close(rig->capture);
	lab_close(rig->bridge);
	lab_close(rig->sensor);
	lab_graph_close(&rig->graph);
}

static void rig_close(struct rig *rig)
{
	rig_close_files(rig);
	lab_unplug(&rig->plugged);
}

/* VIDIOC_STREAMON; 0 or the negative error number */
static int try_start(int capture)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	return lab_ioctl(capture, VIDIOC_STREAMON, &type);
}

static void check_pad(int subdev, uint32_t pad, uint32_t code, uint32_t width, uint32_t height)
{
	struct v4l2_mbus_framefmt format = lab_pad_get(subdev, ACTIVE, pad);

	igt_assert_eq_u32(format.code, code);
	igt_assert_eq_u32(format.width, width);
	igt_assert_eq_u32(format.height, height);
}

static void check_pads(const struct rig *rig, uint32_t code, uint32_t width, uint32_t height)
{
	check_pad(rig->sensor, 0, code, width, height);
	for (uint32_t pad = 0; pad < 3; pad++)
		check_pad(rig->bridge, pad, code, width, height);
}

/* Frames come out, with their stamps where the tests can read those. */
static void check_frames(const struct lab_camera *camera, bool stamped)
{
	int dmabuf;

	lab_camera_request(camera, V4L2_MEMORY_MMAP, 2);
	dmabuf = lab_camera_export(camera, 0, O_RDWR);
	igt_assert_eq(lab_camera_queue_own(camera, 0), 0);
	igt_assert_eq(lab_camera_queue_own(camera, 1), 0);
	lab_camera_start(camera);
	for (int i = 0; i < 2; i++) {
		struct v4l2_buffer buffer = lab_camera_dequeue(camera, V4L2_MEMORY_MMAP);

		if (stamped && buffer.index == 0)
			lab_stamp_check(dmabuf, camera, &buffer);
	}
	lab_camera_stop(camera);
	lab_close(dmabuf);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, 0);
}

static void check_link(const struct lab_graph *graph, const char *source, uint32_t source_pad,
		       const char *sink, uint32_t sink_pad)
{
	uint32_t from = lab_graph_pad(graph, source, source_pad)->id;
	uint32_t to = lab_graph_pad(graph, sink, sink_pad)->id;

	for (uint32_t i = 0; i < graph->num_links; i++) {
		const struct media_v2_link *link = &graph->links[i];

		if (link->source_id != from || link->sink_id != to)
			continue;
		igt_assert_eq_u32(link->flags, MEDIA_LNK_FL_DATA_LINK | WIRED);
		return;
	}
	igt_assert_f(false, "no link from %s to %s\n", source, sink);
}

static void topology(const char *unused)
{
	struct rig rig;

	rig_open(&rig);
	igt_assert(!strcmp(rig.graph.info.driver, "camsim"));
	igt_assert_eq_u32(lab_graph_entity(&rig.graph, "sensor")->function, MEDIA_ENT_F_CAM_SENSOR);
	igt_assert_eq_u32(lab_graph_entity(&rig.graph, "csi")->function,
			  MEDIA_ENT_F_VID_IF_BRIDGE);
	igt_assert_eq_u32(lab_graph_entity(&rig.graph, "capture")->function, MEDIA_ENT_F_IO_V4L);
	igt_assert_eq_u32(lab_graph_pad(&rig.graph, "csi", PRODUCER)->flags, MEDIA_PAD_FL_SINK);
	check_link(&rig.graph, "sensor", 0, "csi", SENSOR);
	check_link(&rig.graph, "csi", SOURCE, "capture", 0);
	rig_close(&rig);
}

/* The sensor's format that the capture node makes @fourcc from */
static uint32_t code_of(const struct rig *rig, uint32_t fourcc)
{
	struct v4l2_subdev_mbus_code_enum code = { .which = ACTIVE };

	for (; !lab_ioctl(rig->sensor, VIDIOC_SUBDEV_ENUM_MBUS_CODE, &code); code.index++) {
		struct v4l2_fmtdesc desc = {
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.mbus_code = code.code,
		};

		for (; !lab_ioctl(rig->capture, VIDIOC_ENUM_FMT, &desc); desc.index++)
			if (desc.pixelformat == fourcc)
				return code.code;
	}
	igt_assert_f(false, "%.4s is made from no format of the sensor\n", (char *)&fourcc);
	return 0;
}

static void follows_capture(const char *unused)
{
	struct v4l2_fmtdesc desc = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	struct rig rig;

	rig_open(&rig);
	for (; !lab_ioctl(rig.capture, VIDIOC_ENUM_FMT, &desc); desc.index++) {
		struct lab_camera camera;
		uint32_t width = 320 + 2 * desc.index;

		lab_camera_setup(&camera, rig.capture, desc.pixelformat, width, 240);
		check_pads(&rig, code_of(&rig, desc.pixelformat), width, 240);
		check_frames(&camera, false);
	}
	igt_assert(desc.index > 1);
	rig_close(&rig);
}

/* STREAMON is refused, and it is said which sizes meet. */
static void check_refused(const struct rig *rig, const char *words)
{
	uint64_t since = lab_now();

	igt_assert_eq(try_start(rig->capture), -EPIPE);
	lab_assert_refused(since, -EPIPE, words);
}

static void pads_decide(const char *unused)
{
	struct lab_camera camera;
	struct rig rig;

	rig_open(&rig);
	lab_camera_setup(&camera, rig.capture, V4L2_PIX_FMT_YUYV, 640, 480);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);

	/* Each link of its own: sensor and bridge, then bridge and capture node, disagree. */
	igt_assert_eq(lab_pad_set(rig.sensor, ACTIVE, 0, MEDIA_BUS_FMT_RGB888_1X24, 1280, 720,
				  NULL), 0);
	check_pad(rig.bridge, SENSOR, MEDIA_BUS_FMT_UYVY8_1X16, 640, 480);
	check_refused(&rig, "the sensor sends 1280x720, bus code 0x100a; "
		      "the bridge expects 640x480");
	igt_assert_eq(lab_pad_set(rig.bridge, ACTIVE, SENSOR, MEDIA_BUS_FMT_RGB888_1X24, 1280, 720,
				  NULL), 0);
	check_pads(&rig, MEDIA_BUS_FMT_RGB888_1X24, 1280, 720);
	check_refused(&rig, "the bridge sends 1280x720, bus code 0x100a; the capture node expects");

	/* One of size and code is enough. */
	igt_assert_eq(lab_pad_set(rig.bridge, ACTIVE, SENSOR, MEDIA_BUS_FMT_UYVY8_1X16, 640, 720,
				  NULL), 0);
	check_refused(&rig, "the bridge sends 640x720, bus code 0x200f; the capture node expects");
	igt_assert_eq(lab_pad_set(rig.bridge, ACTIVE, SENSOR, MEDIA_BUS_FMT_RGB888_1X24, 640, 480,
				  NULL), 0);
	check_refused(&rig, "the bridge sends 640x480, bus code 0x100a; the capture node expects");

	/* The buffer is still queued. */
	igt_assert_eq(lab_pad_set(rig.sensor, ACTIVE, 0, MEDIA_BUS_FMT_UYVY8_1X16, 640, 480, NULL),
		      0);
	igt_assert_eq(lab_pad_set(rig.bridge, ACTIVE, SENSOR, MEDIA_BUS_FMT_UYVY8_1X16, 640, 480,
				  NULL), 0);
	igt_assert_eq(try_start(rig.capture), 0);
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_camera_stop(&camera);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	rig_close(&rig);
}

static void configured(const char *unused)
{
	struct lab_camera camera;
	struct rig rig;

	rig_open(&rig);
	igt_assert_eq(lab_pad_set(rig.sensor, ACTIVE, 0, MEDIA_BUS_FMT_RGB888_1X24, 1280, 720,
				  NULL), 0);
	igt_assert_eq(lab_pad_set(rig.bridge, ACTIVE, SENSOR, MEDIA_BUS_FMT_RGB888_1X24, 1280, 720,
				  NULL), 0);
	lab_camera_setup(&camera, rig.capture, V4L2_PIX_FMT_XBGR32, 1280, 720);
	check_pads(&rig, MEDIA_BUS_FMT_RGB888_1X24, 1280, 720);
	check_frames(&camera, true);
	rig_close(&rig);
}

static void held_while_streaming(const char *unused)
{
	struct lab_camera camera;
	struct rig rig;

	rig_open(&rig);
	lab_camera_setup(&camera, rig.capture, V4L2_PIX_FMT_YUYV, 640, 480);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_start(&camera);
	igt_assert_eq(lab_pad_set(rig.sensor, ACTIVE, 0, MEDIA_BUS_FMT_UYVY8_1X16, 320, 240, NULL),
		      -EBUSY);
	igt_assert_eq(lab_pad_set(rig.bridge, ACTIVE, SENSOR, MEDIA_BUS_FMT_UYVY8_1X16, 320, 240,
				  NULL), -EBUSY);
	igt_assert_eq(lab_pad_set(rig.sensor, TRY, 0, MEDIA_BUS_FMT_UYVY8_1X16, 320, 240, NULL),
		      0);
	check_pads(&rig, MEDIA_BUS_FMT_UYVY8_1X16, 640, 480);
	lab_camera_stop(&camera);
	igt_assert_eq(lab_pad_set(rig.sensor, ACTIVE, 0, MEDIA_BUS_FMT_UYVY8_1X16, 320, 240, NULL),
		      0);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	rig_close(&rig);
}

static void try_formats(const char *unused)
{
	struct v4l2_mbus_framefmt format;
	struct rig rig;
	int other;

	rig_open(&rig);
	other = lab_graph_node(&rig.graph, "csi");

	/* What does not exist becomes the nearest that does. */
	igt_assert_eq(lab_pad_set(rig.bridge, TRY, SENSOR, 0xdead, 1, 100001, &format), 0);
	igt_assert_eq_u32(format.code, MEDIA_BUS_FMT_UYVY8_1X16);
	igt_assert(format.width >= 2 && format.height <= 100000);

	igt_assert_eq(lab_pad_set(rig.bridge, TRY, SENSOR, MEDIA_BUS_FMT_RGB888_1X24, 1280, 720,
				  NULL), 0);
	format = lab_pad_get(rig.bridge, TRY, SOURCE);
	igt_assert_eq_u32(format.code, MEDIA_BUS_FMT_RGB888_1X24);
	igt_assert_eq_u32(format.width, 1280);

	/* What comes out is what comes in. */
	igt_assert_eq(lab_pad_set(rig.bridge, TRY, SOURCE, MEDIA_BUS_FMT_UYVY8_1X16, 640, 480,
				  &format), 0);
	igt_assert_eq_u32(format.code, MEDIA_BUS_FMT_RGB888_1X24);
	igt_assert_eq_u32(format.width, 1280);

	/* Trying is each file's own, and changes nothing. */
	format = lab_pad_get(other, TRY, SENSOR);
	igt_assert_eq_u32(format.width, 640);
	check_pads(&rig, MEDIA_BUS_FMT_UYVY8_1X16, 640, 480);
	lab_close(other);
	rig_close(&rig);
}

static void enumerate(const char *unused)
{
	struct v4l2_subdev_frame_size_enum size = {
		.which = ACTIVE,
		.code = MEDIA_BUS_FMT_UYVY8_1X16,
	};
	struct v4l2_fmtdesc desc = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.mbus_code = MEDIA_BUS_FMT_RGB888_1X24,
	};
	struct rig rig;

	rig_open(&rig);
	/* Sizes that the sensor likes best, and last all that it can do */
	for (; !lab_ioctl(rig.sensor, VIDIOC_SUBDEV_ENUM_FRAME_SIZE, &size); size.index++) {
		uint32_t which = size.index;

		igt_assert_lte(size.min_width, size.max_width);
		igt_assert_lte(size.min_height, size.max_height);
		if (which == 0)
			igt_assert_eq_u32(size.min_width, size.max_width);
	}
	igt_assert(size.index > 2);
	igt_assert_lt(size.min_width, size.max_width);

	size = (struct v4l2_subdev_frame_size_enum){ .which = ACTIVE, .code = 0xdead };
	igt_assert_eq(lab_ioctl(rig.sensor, VIDIOC_SUBDEV_ENUM_FRAME_SIZE, &size), -EINVAL);
	igt_assert_eq(lab_ioctl(rig.bridge, VIDIOC_SUBDEV_ENUM_FRAME_SIZE, &size), -EINVAL);
	size.code = MEDIA_BUS_FMT_UYVY8_1X16;
	size.pad = 7;
	igt_assert_eq(lab_ioctl(rig.bridge, VIDIOC_SUBDEV_ENUM_FRAME_SIZE, &size), -EINVAL);

	for (; !lab_ioctl(rig.capture, VIDIOC_ENUM_FMT, &desc); desc.index++)
		igt_assert_neq_u32(desc.pixelformat, V4L2_PIX_FMT_YUYV);
	igt_assert(desc.index > 0);
	desc.index = 0;
	desc.mbus_code = 0xdead;
	igt_assert_eq(lab_ioctl(rig.capture, VIDIOC_ENUM_FMT, &desc), -EINVAL);
	rig_close(&rig);
}

static void unplug(const char *unused)
{
	struct v4l2_subdev_format format = { .which = ACTIVE };
	struct media_device_info info;
	struct lab_camera camera;
	struct rig rig;

	rig_open(&rig);
	lab_camera_setup(&camera, rig.capture, V4L2_PIX_FMT_YUYV, 640, 480);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_start(&camera);
	lab_unplug(&rig.plugged);

	igt_assert_eq(lab_ioctl(rig.sensor, VIDIOC_SUBDEV_G_FMT, &format), -ENODEV);
	igt_assert_eq(lab_ioctl(rig.bridge, VIDIOC_SUBDEV_S_FMT, &format), -ENODEV);
	igt_assert_eq(try_start(rig.capture), -ENODEV);
	igt_assert_eq(lab_ioctl(rig.graph.fd, MEDIA_IOC_DEVICE_INFO, &info), -EIO);
	rig_close_files(&rig);
}

static int select_on(int subdev, unsigned long request, uint32_t which, uint32_t target,
		     struct v4l2_rect *r)
{
	struct v4l2_subdev_selection arg = { .which = which, .target = target, .r = *r };
	int err = lab_ioctl(subdev, request, &arg);

	*r = arg.r;
	return err;
}

static void check_crop(const struct rig *rig, uint32_t width, uint32_t height)
{
	struct v4l2_selection video = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.target = V4L2_SEL_TGT_CROP,
	};
	struct v4l2_rect r = {};

	igt_assert_eq(select_on(rig->sensor, VIDIOC_SUBDEV_G_SELECTION, ACTIVE, V4L2_SEL_TGT_CROP,
				&r), 0);
	igt_assert_eq_u32(r.width, width);
	igt_assert_eq_u32(r.height, height);
	igt_assert_eq(lab_ioctl(rig->capture, VIDIOC_G_SELECTION, &video), 0);
	igt_assert(!memcmp(&video.r, &r, sizeof(r)));
}

static void crop(const char *unused)
{
	struct v4l2_selection video = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.target = V4L2_SEL_TGT_CROP,
		.r = { 0, 0, 1280, 720 },
	};
	struct v4l2_rect r = { 16, 32, 641, 479 };
	struct lab_camera camera;
	struct rig rig;

	rig_open(&rig);
	check_crop(&rig, 7680, 4320);
	igt_assert_eq(select_on(rig.sensor, VIDIOC_SUBDEV_S_SELECTION, TRY, V4L2_SEL_TGT_CROP, &r),
		      0);
	igt_assert(r.width % 2 == 0 && r.height % 2 == 0 && r.left == 16);
	check_crop(&rig, 7680, 4320);
	igt_assert_eq(select_on(rig.sensor, VIDIOC_SUBDEV_S_SELECTION, ACTIVE, V4L2_SEL_TGT_CROP,
				&r), 0);
	check_crop(&rig, r.width, r.height);
	igt_assert_eq(lab_ioctl(rig.capture, VIDIOC_S_SELECTION, &video), 0);
	check_crop(&rig, 1280, 720);

	/* Another format changes nothing about what is seen; a stream holds it. */
	lab_camera_setup(&camera, rig.capture, V4L2_PIX_FMT_YUYV, 320, 240);
	check_crop(&rig, 1280, 720);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	lab_camera_start(&camera);
	igt_assert_eq(select_on(rig.sensor, VIDIOC_SUBDEV_S_SELECTION, ACTIVE, V4L2_SEL_TGT_CROP,
				&r), -EBUSY);
	lab_camera_stop(&camera);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	rig_close(&rig);
}

static int64_t get_wide(int fd, uint32_t control)
{
	struct v4l2_ext_control value = { .id = control };
	struct v4l2_ext_controls arg = {
		.which = V4L2_CTRL_WHICH_CUR_VAL,
		.count = 1,
		.controls = &value,
	};

	igt_assert_eq(lab_ioctl(fd, VIDIOC_G_EXT_CTRLS, &arg), 0);
	return value.value64;
}

/* What clients of sensors take for the frame rate is that of the capture node. */
static void check_rate(const struct rig *rig, uint32_t width, uint32_t height, uint32_t numerator,
		       uint32_t denominator)
{
	const struct lab_camera sensor = { .fd = rig->sensor };
	struct v4l2_streamparm parm = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	int64_t rate = get_wide(rig->sensor, V4L2_CID_PIXEL_RATE);
	int64_t line = width + lab_camera_get(&sensor, V4L2_CID_HBLANK);
	int64_t lines = height + lab_camera_get(&sensor, V4L2_CID_VBLANK);

	igt_assert_eq(lab_ioctl(rig->capture, VIDIOC_G_PARM, &parm), 0);
	igt_assert_eq_u32(parm.parm.capture.timeperframe.numerator, numerator);
	igt_assert_eq_u32(parm.parm.capture.timeperframe.denominator, denominator);
	/* To the nearest line */
	igt_assert_lte(labs(lines * line * denominator - rate * numerator),
		       line * denominator / 2);
}

static void set_rate(const struct rig *rig, uint32_t numerator, uint32_t denominator)
{
	struct v4l2_streamparm parm = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.parm.capture.timeperframe = { numerator, denominator },
	};

	igt_assert_eq(lab_ioctl(rig->capture, VIDIOC_S_PARM, &parm), 0);
}

static void timing(const char *unused)
{
	struct v4l2_control vblank = { .id = V4L2_CID_VBLANK };
	struct lab_camera camera, sensor;
	struct rig rig;

	rig_open(&rig);
	sensor = (struct lab_camera){ .fd = rig.sensor };
	check_rate(&rig, 640, 480, 1, 30);
	set_rate(&rig, 1001, 30000);
	check_rate(&rig, 640, 480, 1001, 30000);
	/* No whole number of lines: the fraction stays, whatever else is set. */
	set_rate(&rig, 1, 29);
	check_rate(&rig, 640, 480, 1, 29);
	igt_assert_eq(lab_pad_set(rig.sensor, ACTIVE, 0, MEDIA_BUS_FMT_UYVY8_1X16, 7680, 4320,
				  NULL), 0);
	check_rate(&rig, 7680, 4320, 1, 29);
	set_rate(&rig, 1, 120);
	check_rate(&rig, 7680, 4320, 1, 120);
	set_rate(&rig, 1, 1);
	check_rate(&rig, 7680, 4320, 1, 1);

	lab_camera_setup(&camera, rig.capture, V4L2_PIX_FMT_YUYV, 320, 240);
	check_rate(&rig, 320, 240, 1, 60);
	lab_camera_set(&sensor, V4L2_CID_VBLANK, lab_camera_get(&sensor, V4L2_CID_VBLANK) + 10480);
	check_rate(&rig, 320, 240, 64, 1875);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	lab_camera_start(&camera);
	vblank.value = 10000;
	igt_assert_eq(lab_ioctl(rig.sensor, VIDIOC_S_CTRL, &vblank), -EBUSY);
	lab_camera_stop(&camera);
	igt_assert_eq(lab_ioctl(rig.sensor, VIDIOC_S_CTRL, &vblank), 0);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	rig_close(&rig);
}

/* One light, two ways to tell for how long */
static void exposure(const char *unused)
{
	struct lab_camera sensor, capture;
	struct rig rig;

	rig_open(&rig);
	sensor = (struct lab_camera){ .fd = rig.sensor };
	capture = (struct lab_camera){ .fd = rig.capture };
	igt_assert_eq(lab_camera_get(&sensor, V4L2_CID_EXPOSURE), 6000);
	lab_camera_set(&capture, V4L2_CID_EXPOSURE_ABSOLUTE, 50);
	igt_assert_eq(lab_camera_get(&sensor, V4L2_CID_EXPOSURE), 3000);
	lab_camera_set(&sensor, V4L2_CID_EXPOSURE, 61);
	igt_assert_eq(lab_camera_get(&capture, V4L2_CID_EXPOSURE_ABSOLUTE), 2);
	igt_assert_eq(lab_camera_get(&sensor, V4L2_CID_EXPOSURE), 61);
	rig_close(&rig);
}

static int subscribe(int fd, uint32_t type, uint32_t id)
{
	struct v4l2_event_subscription arg = { .type = type, .id = id };

	return lab_ioctl(fd, VIDIOC_SUBSCRIBE_EVENT, &arg);
}

static void frame_sync(const char *unused)
{
	struct lab_camera camera;
	struct v4l2_event event;
	struct rig rig;

	rig_open(&rig);
	igt_assert_eq(subscribe(rig.bridge, V4L2_EVENT_SOURCE_CHANGE, 0), -EINVAL);
	igt_assert_eq(subscribe(rig.bridge, V4L2_EVENT_FRAME_SYNC, 1), -EINVAL);
	igt_assert_eq(subscribe(rig.bridge, V4L2_EVENT_FRAME_SYNC, 0), 0);
	lab_camera_setup(&camera, rig.capture, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	lab_camera_start(&camera);
	/* No buffer is queued: the frames come all the same. */
	for (uint32_t i = 0; i < 2; i++) {
		igt_assert(lab_poll(rig.bridge, POLLPRI, LAB_FRAME_MS));
		igt_assert_eq(lab_ioctl(rig.bridge, VIDIOC_DQEVENT, &event), 0);
		igt_assert_eq_u32(event.type, V4L2_EVENT_FRAME_SYNC);
		igt_assert(event.u.frame_sync.frame_sequence >= i);
	}
	lab_camera_stop(&camera);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	rig_close(&rig);
}

static void wrong_links(const struct rig *rig)
{
	struct media_link_desc link = {
		.source = { .entity = lab_graph_entity(&rig->graph, "sensor")->id },
		.sink = { .entity = lab_graph_entity(&rig->graph, "csi")->id, .index = SENSOR },
		.flags = WIRED,
	};
	int request;

	igt_assert_eq(lab_ioctl(rig->graph.fd, MEDIA_IOC_SETUP_LINK, &link), 0);
	link.flags = MEDIA_LNK_FL_IMMUTABLE;
	igt_assert_eq(lab_ioctl(rig->graph.fd, MEDIA_IOC_SETUP_LINK, &link), -EINVAL);
	link.flags = WIRED;
	link.sink.index = PRODUCER;
	igt_assert_eq(lab_ioctl(rig->graph.fd, MEDIA_IOC_SETUP_LINK, &link), -EINVAL);
	link.sink.index = 9;
	igt_assert_eq(lab_ioctl(rig->graph.fd, MEDIA_IOC_SETUP_LINK, &link), -EINVAL);
	igt_assert_eq(lab_ioctl(rig->graph.fd, MEDIA_IOC_REQUEST_ALLOC, &request), -ENOTTY);
}

static void wrong_pads(const struct rig *rig)
{
	struct v4l2_subdev_format format = { .which = ACTIVE, .pad = 1 };
	struct v4l2_subdev_mbus_code_enum code = { .which = ACTIVE, .index = 1000 };
	struct v4l2_rect r = { 0, 0, 640, 480 };

	igt_assert_eq(lab_ioctl(rig->sensor, VIDIOC_SUBDEV_G_FMT, &format), -EINVAL);
	igt_assert_eq(lab_ioctl(rig->sensor, VIDIOC_SUBDEV_S_FMT, &format), -EINVAL);
	format.pad = 3;
	igt_assert_eq(lab_ioctl(rig->bridge, VIDIOC_SUBDEV_S_FMT, &format), -EINVAL);
	format = (struct v4l2_subdev_format){ .which = 7 };
	igt_assert_eq(lab_ioctl(rig->bridge, VIDIOC_SUBDEV_S_FMT, &format), -EINVAL);
	igt_assert_eq(lab_ioctl(rig->bridge, VIDIOC_SUBDEV_ENUM_MBUS_CODE, &code), -EINVAL);

	igt_assert_eq(select_on(rig->sensor, VIDIOC_SUBDEV_S_SELECTION, ACTIVE,
				V4L2_SEL_TGT_COMPOSE, &r), -EINVAL);
	igt_assert_eq(select_on(rig->sensor, VIDIOC_SUBDEV_S_SELECTION, ACTIVE,
				V4L2_SEL_TGT_CROP_BOUNDS, &r), -EINVAL);
	igt_assert_eq(select_on(rig->bridge, VIDIOC_SUBDEV_G_SELECTION, ACTIVE, V4L2_SEL_TGT_CROP,
				&r), -ENOTTY);
}

static void wrong_arguments(const char *unused)
{
	struct rig rig;

	rig_open(&rig);
	wrong_links(&rig);
	wrong_pads(&rig);
	check_pads(&rig, MEDIA_BUS_FMT_UYVY8_1X16, 640, 480);
	rig_close(&rig);
}

static void media_driver(const char *unused)
{
	struct lab_plugged plugged;
	struct lab_graph graph;
	char name[32];

	lab_plug_prepare(&plugged, "camsim", "named");
	lab_plug_read(&plugged, "media_driver", name, sizeof(name));
	igt_assert(!strcmp(name, "camsim\n"));
	igt_assert_eq(lab_plug_write(&plugged, "media_driver", "sixteen-letters!"), -EINVAL);
	igt_assert_eq(lab_plug_write(&plugged, "media_driver", "\n"), -EINVAL);
	lab_plug_set(&plugged, "media_driver", "fifteen-letters\n");
	lab_plug_start(&plugged);
	igt_assert_eq(lab_plug_write(&plugged, "media_driver", "camsim"), -EBUSY);
	lab_graph_open(&graph, plugged.id);
	igt_assert(!strcmp(graph.info.driver, "fifteen-letters"));
	lab_graph_close(&graph);
	lab_unplug(&plugged);
}

#define OPENERS	3
#define NODES	6
#define PLUGS	10

/*
 * Opens whatever nodes there are, and asks each something; but nothing that only media
 * devices know: an ioctl of theirs that begins in the moment of their end finds NULL
 * (media_device_ioctl() of Linux 7.2), which no driver can help.
 */
static void *open_nodes(void *stop)
{
	static const char *const names[] = { "v4l-subdev", "media", "video" };
	struct v4l2_subdev_format format = { .which = TRY };
	struct v4l2_capability capability;
	char path[32];

	for (unsigned int i = 0; !*(volatile bool *)stop; i++) {
		int fd;

		snprintf(path, sizeof(path), "/dev/%s%u", names[i % 3], i / 3 % NODES);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		/* Whatever comes of it */
		lab_ioctl(fd, VIDIOC_SUBDEV_S_FMT, &format);
		lab_ioctl(fd, VIDIOC_QUERYCAP, &capability);
		close(fd);
	}
	return NULL;
}

static void opened_meanwhile(const char *unused)
{
	volatile bool stop = false;
	pthread_t openers[OPENERS];
	struct lab_plugged plugged;

	for (int i = 0; i < OPENERS; i++)
		igt_assert_eq(pthread_create(&openers[i], NULL, open_nodes, (void *)&stop), 0);
	for (int i = 0; i < PLUGS; i++) {
		lab_plug(&plugged, "camsim", "ideal");
		lab_unplug(&plugged);
	}
	stop = true;
	for (int i = 0; i < OPENERS; i++)
		igt_assert_eq(pthread_join(openers[i], NULL), 0);
}

/* Three cameras, each with another size, all at once */
#define CAMERAS		3
#define FRAMES		5

static void several(const char *unused)
{
	static const char *const profiles[CAMERAS] = { "ideal", "contig32", "noncoherent" };
	struct lab_plugged plugged[CAMERAS];
	struct lab_camera cameras[CAMERAS];
	struct lab_graph graphs[CAMERAS];
	int dmabufs[CAMERAS][2];
	struct simstamp stamp;

	for (unsigned int i = 0; i < CAMERAS; i++) {
		struct lab_camera *camera = &cameras[i];

		lab_plug(&plugged[i], "camsim", profiles[i]);
		lab_graph_open(&graphs[i], plugged[i].id);
		lab_camera_setup(camera, lab_graph_node(&graphs[i], "capture"), V4L2_PIX_FMT_YUYV,
				 320 + 16 * i, 240);
		lab_camera_request(camera, V4L2_MEMORY_MMAP, 2);
		for (unsigned int j = 0; j < 2; j++) {
			dmabufs[i][j] = lab_camera_export(camera, j, O_RDWR);
			igt_assert_eq(lab_camera_queue_own(camera, j), 0);
		}
	}
	for (unsigned int i = 0; i < CAMERAS; i++)
		lab_camera_start(&cameras[i]);

	for (unsigned int frame = 0; frame < FRAMES; frame++) {
		for (unsigned int i = 0; i < CAMERAS; i++) {
			struct v4l2_buffer buffer = lab_camera_dequeue(&cameras[i],
								       V4L2_MEMORY_MMAP);

			stamp = lab_stamp_check(dmabufs[i][buffer.index], &cameras[i], &buffer);
			igt_assert_eq_u32(stamp.camera, plugged[i].id);
			igt_assert_eq(lab_camera_queue_own(&cameras[i], buffer.index), 0);
		}
	}
	for (unsigned int i = 0; i < CAMERAS; i++) {
		lab_camera_stop(&cameras[i]);
		lab_close(dmabufs[i][0]);
		lab_close(dmabufs[i][1]);
		lab_camera_close(&cameras[i]);
		lab_graph_close(&graphs[i]);
		lab_unplug(&plugged[i]);
	}
}

static const struct lab_test tests[] = {
	{ "topology", topology, "Sensor, bridge and capture node are wired in this order." },
	{ "follows-capture", follows_capture, "S_FMT on the capture node sets all pads." },
	{ "pads-decide", pads_decide, "Pads that disagree are EPIPE, until they agree." },
	{ "configured", configured, "A client may set all pads, and the capture node last." },
	{ "held-while-streaming", held_while_streaming, "Formats cannot change in a stream." },
	{ "try", try_formats, "Formats can be tried, by each file for itself." },
	{ "enumerate", enumerate, "Codes, sizes, and pixel formats made of each code are told." },
	{ "crop", crop, "Sensor and capture node tell of one crop rectangle." },
	{ "timing", timing, "Blanking and pixel rate are those of the frame rate." },
	{ "exposure", exposure, "Exposure in lines and in time are one." },
	{ "frame-sync", frame_sync, "The bridge tells of each frame." },
	{ "wrong-arguments", wrong_arguments,
	  "What there is not is refused as the media API says." },
	{ "media-driver", media_driver, "The media device's driver is named as one likes." },
	{ "opened-meanwhile", opened_meanwhile,
	  "Nodes may be opened while the camera comes and goes." },
	{ "unplug", unplug, "All nodes survive that the camera goes." },
	{ "several", several, "Cameras that run at once have a graph and stamps of their own." },
};

igt_main()
{
	lab_run(tests, NULL);
}
