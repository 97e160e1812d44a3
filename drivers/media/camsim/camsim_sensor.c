// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: the sensor's timing
 *
 * The sensor reads CAMSIM_LINE_RATE lines a second, whatever is in them, so the
 * pixel rate is that of the picture's width and CAMSIM_HBLANK. The time per frame
 * is what counts, any fraction: VIDIOC_S_PARM sets it, and V4L2_CID_VBLANK tells it
 * in whole lines. Setting V4L2_CID_VBLANK sets it to that many lines. Another size of
 * the picture leaves it as it is.
 */
#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/gcd.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include <media/v4l2-ctrls.h>
#include <media/v4l2-event.h>

#include "camsim_drv.h"
#include "camsim_format.h"
#include "camsim_graph.h"
#include "camsim_scene.h"
#include "camsim_selection.h"
#include "camsim_sensor.h"

#define CAMSIM_LINE_RATE	(10000 * CAMSIM_LINES_PER_100_US)
#define CAMSIM_HBLANK		320

/* Lines of a frame, at the highest and at the lowest frame rate */
#define CAMSIM_MIN_LINES	(CAMSIM_LINE_RATE / CAMSIM_MAX_RATE)
#define CAMSIM_MAX_LINES	CAMSIM_LINE_RATE

static const struct v4l2_fract camsim_interval_default = { 1, 30 };

/*
 * What the sensor is good at. It can do every other size too, but programs such
 * as libcamera look no further than the largest of each range.
 */
static const struct {
	u32 width;
	u32 height;
} camsim_modes[] = {
	{ 640, 480 }, { 1280, 720 }, { 1920, 1080 }, { 3840, 2160 },
};

static struct camsim *sensor_to_camsim(struct v4l2_subdev *sd)
{
	return container_of(sd, struct camsim, sensor.sd);
}

/* Timing */

static u32 camsim_interval_to_lines(const struct v4l2_fract *interval)
{
	u64 lines = DIV_U64_ROUND_CLOSEST((u64)interval->numerator * CAMSIM_LINE_RATE,
					  interval->denominator);

	return clamp(lines, CAMSIM_MIN_LINES, CAMSIM_MAX_LINES);
}

static s64 camsim_pixel_rate(u32 width)
{
	return (s64)(width + CAMSIM_HBLANK) * CAMSIM_LINE_RATE;
}

static int camsim_sensor_s_ctrl(struct v4l2_ctrl *ctrl)
{
	struct camsim *cam = container_of(ctrl->handler, struct camsim, ctrls);
	const struct v4l2_mbus_framefmt *format;
	u32 lines, divisor;

	if (ctrl->id != V4L2_CID_VBLANK)
		return 0;

	format = v4l2_subdev_state_get_format(cam->sensor.sd.active_state, 0);
	lines = format->height + ctrl->val;
	divisor = gcd(lines, CAMSIM_LINE_RATE);
	cam->sensor.interval = (struct v4l2_fract) {
		lines / divisor, CAMSIM_LINE_RATE / divisor
	};
	return 0;
}

static const struct v4l2_ctrl_ops camsim_sensor_ctrl_ops = {
	.s_ctrl = camsim_sensor_s_ctrl,
};

/* Let the controls tell the timing that the active format and the interval give. */
static void camsim_sensor_tell_timing(struct camsim *cam)
{
	struct camsim_sensor *sensor = &cam->sensor;
	const struct v4l2_mbus_framefmt *format =
		v4l2_subdev_state_get_format(sensor->sd.active_state, 0);
	const struct v4l2_fract interval = sensor->interval;
	s64 rate = camsim_pixel_rate(format->width);
	s32 vblank = camsim_interval_to_lines(&interval) - format->height;

	/* A source that changes its size gives another format to a stream that ends. */
	__v4l2_ctrl_grab(sensor->vblank, false);
	__v4l2_ctrl_modify_range(sensor->pixel_rate, rate, rate, 1, rate);
	__v4l2_ctrl_modify_range(sensor->vblank, CAMSIM_MIN_LINES - format->height,
				 CAMSIM_MAX_LINES - format->height, 1, vblank);
	__v4l2_ctrl_s_ctrl(sensor->vblank, vblank);
	__v4l2_ctrl_grab(sensor->vblank, cam->graph.streaming);
	/* These are whole lines. */
	sensor->interval = interval;
}

/**
 * camsim_sensor_add_controls - add the controls that clients of sensors look for
 * @cam: the camera, its control handler initialised.
 *
 * Return: 0 or an error.
 */
int camsim_sensor_add_controls(struct camsim *cam)
{
	const struct v4l2_ctrl_ops *ops = &camsim_sensor_ctrl_ops;
	struct v4l2_ctrl_handler *handler = &cam->ctrls;
	struct camsim_sensor *sensor = &cam->sensor;
	const s64 rate = camsim_pixel_rate(camsim_modes[0].width);
	const u32 height = camsim_modes[0].height;
	struct v4l2_ctrl *hblank;

	sensor->interval = camsim_interval_default;
	sensor->pixel_rate = v4l2_ctrl_new_std(handler, ops, V4L2_CID_PIXEL_RATE, rate, rate, 1,
					       rate);
	hblank = v4l2_ctrl_new_std(handler, ops, V4L2_CID_HBLANK, CAMSIM_HBLANK, CAMSIM_HBLANK, 1,
				   CAMSIM_HBLANK);
	if (hblank)
		hblank->flags |= V4L2_CTRL_FLAG_READ_ONLY;
	sensor->vblank = v4l2_ctrl_new_std(handler, ops, V4L2_CID_VBLANK,
					   CAMSIM_MIN_LINES - height, CAMSIM_MAX_LINES - height, 1,
					   camsim_interval_to_lines(&sensor->interval) - height);
	v4l2_ctrl_new_std_menu(handler, ops, V4L2_CID_CAMERA_ORIENTATION,
			       V4L2_CAMERA_ORIENTATION_EXTERNAL, 0,
			       V4L2_CAMERA_ORIENTATION_EXTERNAL);
	v4l2_ctrl_new_std(handler, ops, V4L2_CID_CAMERA_SENSOR_ROTATION, 0, 0, 1, 0);
	return handler->error;
}

/**
 * camsim_sensor_get_interval - the time per frame
 * @cam: the camera.
 * @interval: out: seconds.
 */
void camsim_sensor_get_interval(struct camsim *cam, struct v4l2_fract *interval)
{
	guard(mutex)(cam->ctrls.lock);
	*interval = cam->sensor.interval;
}

/**
 * camsim_sensor_set_interval - choose the time per frame
 * @cam: the camera. A stream of its goes on as it does.
 * @wanted: seconds, as long as one that the camera can do; or 0 for the default.
 */
void camsim_sensor_set_interval(struct camsim *cam, const struct v4l2_fract *wanted)
{
	guard(mutex)(cam->ctrls.lock);
	cam->sensor.interval = wanted->numerator ? *wanted : camsim_interval_default;
	camsim_sensor_tell_timing(cam);
}

/* Format */

/**
 * camsim_sensor_set_format - let the pad have a format
 * @cam: the camera, the lock of its controls held.
 * @format: one that the sensor can do.
 */
void camsim_sensor_set_format(struct camsim *cam, const struct v4l2_mbus_framefmt *format)
{
	lockdep_assert_held(cam->ctrls.lock);
	*v4l2_subdev_state_get_format(cam->sensor.sd.active_state, 0) = *format;
	camsim_sensor_tell_timing(cam);
}

static int camsim_sensor_set_fmt(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
				 struct v4l2_subdev_format *arg)
{
	struct camsim *cam = sensor_to_camsim(sd);

	if (arg->which == V4L2_SUBDEV_FORMAT_ACTIVE && cam->graph.streaming)
		return -EBUSY;

	camsim_graph_fit_format(&arg->format);
	if (arg->which == V4L2_SUBDEV_FORMAT_ACTIVE)
		camsim_sensor_set_format(cam, &arg->format);
	else
		*v4l2_subdev_state_get_format(state, arg->pad) = arg->format;
	return 0;
}

static int camsim_sensor_enum_size(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
				   struct v4l2_subdev_frame_size_enum *arg)
{
	if (arg->index > ARRAY_SIZE(camsim_modes))
		return -EINVAL;
	if (arg->index == ARRAY_SIZE(camsim_modes))
		return camsim_graph_enum_size(arg);
	if (!camsim_graph_knows_code(arg->code))
		return -EINVAL;

	arg->min_width = camsim_modes[arg->index].width;
	arg->max_width = arg->min_width;
	arg->min_height = camsim_modes[arg->index].height;
	arg->max_height = arg->min_height;
	return 0;
}

/* What is seen: the picture is scaled to what is wanted. */

/**
 * camsim_sensor_get_crop - which part of the sensor is seen
 * @cam: the camera.
 * @crop: out: the rectangle.
 */
void camsim_sensor_get_crop(struct camsim *cam, struct v4l2_rect *crop)
{
	guard(mutex)(cam->ctrls.lock);
	*crop = *v4l2_subdev_state_get_crop(cam->sensor.sd.active_state, 0);
}

/**
 * camsim_sensor_set_crop - choose which part of the sensor is seen
 * @cam: the camera, not streaming.
 * @crop: a rectangle that the sensor can do.
 */
void camsim_sensor_set_crop(struct camsim *cam, const struct v4l2_rect *crop)
{
	guard(mutex)(cam->ctrls.lock);
	*v4l2_subdev_state_get_crop(cam->sensor.sd.active_state, 0) = *crop;
}

static int camsim_sensor_get_selection(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
				       struct v4l2_subdev_selection *arg)
{
	switch (arg->target) {
	case V4L2_SEL_TGT_CROP:
		arg->r = *v4l2_subdev_state_get_crop(state, arg->pad);
		return 0;
	case V4L2_SEL_TGT_NATIVE_SIZE:
	case V4L2_SEL_TGT_CROP_BOUNDS:
	case V4L2_SEL_TGT_CROP_DEFAULT:
		arg->r = camsim_selection_sensor;
		return 0;
	default:
		return -EINVAL;
	}
}

static int camsim_sensor_set_selection(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
				       struct v4l2_subdev_selection *arg)
{
	if (arg->target != V4L2_SEL_TGT_CROP)
		return -EINVAL;
	if (arg->which == V4L2_SUBDEV_FORMAT_ACTIVE && sensor_to_camsim(sd)->graph.streaming)
		return -EBUSY;

	camsim_selection_fit_crop(&arg->r, arg->flags);
	*v4l2_subdev_state_get_crop(state, arg->pad) = arg->r;
	return 0;
}

/* The sub-device */

static int camsim_sensor_init_state(struct v4l2_subdev *sd, struct v4l2_subdev_state *state)
{
	struct v4l2_mbus_framefmt *format = v4l2_subdev_state_get_format(state, 0);

	format->width = camsim_modes[0].width;
	format->height = camsim_modes[0].height;
	camsim_graph_fit_format(format);
	*v4l2_subdev_state_get_crop(state, 0) = camsim_selection_sensor;
	return 0;
}

static const struct v4l2_subdev_pad_ops camsim_sensor_pad_ops = {
	.enum_mbus_code = camsim_graph_enum_code,
	.enum_frame_size = camsim_sensor_enum_size,
	.get_fmt = v4l2_subdev_get_fmt,
	.set_fmt = camsim_sensor_set_fmt,
	.get_selection = camsim_sensor_get_selection,
	.set_selection = camsim_sensor_set_selection,
};

static const struct v4l2_subdev_core_ops camsim_sensor_core_ops = {
	.log_status = v4l2_ctrl_subdev_log_status,
	.subscribe_event = v4l2_ctrl_subdev_subscribe_event,
	.unsubscribe_event = v4l2_event_subdev_unsubscribe,
};

static const struct v4l2_subdev_ops camsim_sensor_ops = {
	.core = &camsim_sensor_core_ops,
	.pad = &camsim_sensor_pad_ops,
};

static const struct v4l2_subdev_internal_ops camsim_sensor_internal_ops = {
	.init_state = camsim_sensor_init_state,
};

/**
 * camsim_sensor_init - prepare the sub-device, unknown to userspace so far
 * @cam: the camera, its controls added.
 *
 * Return: 0 or an error.
 */
int camsim_sensor_init(struct camsim *cam)
{
	struct camsim_sensor *sensor = &cam->sensor;
	struct v4l2_subdev *sd = &sensor->sd;

	v4l2_subdev_init(sd, &camsim_sensor_ops);
	sd->internal_ops = &camsim_sensor_internal_ops;
	sd->ctrl_handler = &cam->ctrls;
	sd->entity.function = MEDIA_ENT_F_CAM_SENSOR;
	sensor->pad.flags = MEDIA_PAD_FL_SOURCE;
	return camsim_graph_init_subdev(cam, sd, "sensor", &sensor->pad, 1);
}
