// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Controls of the picture. They may be set at any time; each frame is made with
 * those that were set when it was begun.
 */
#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/math.h>

#include <uapi/linux/camsim.h>

#include "camsim_drv.h"
#include "camsim_picture.h"

static const char * const camsim_scene_names[] = {
	[CAMSIM_SCENE_BARS] = "Colour Bars",
	[CAMSIM_SCENE_RAMPS] = "Ramps",
	[CAMSIM_SCENE_CHECKER] = "Checkerboard",
	[CAMSIM_SCENE_SOLID] = "Solid Colour",
	[CAMSIM_SCENE_NOISE] = "Noise",
};

static void camsim_picture_apply(struct camsim_settings *settings, const struct v4l2_ctrl *ctrl)
{
	switch (ctrl->id) {
	case V4L2_CID_TEST_PATTERN:
		settings->scene = ctrl->val;
		break;
	case V4L2_CID_CAMSIM_SOLID_COLOUR:
		settings->solid = ctrl->val;
		break;
	case V4L2_CID_CAMSIM_MOVING_BOX:
		settings->box = ctrl->val;
		break;
	case V4L2_CID_CAMSIM_FRAME_STAMP:
		settings->stamp = ctrl->val;
		break;
	case V4L2_CID_HFLIP:
		settings->hflip = ctrl->val;
		break;
	case V4L2_CID_VFLIP:
		settings->vflip = ctrl->val;
		break;
	case V4L2_CID_EXPOSURE:
		settings->exposure = ctrl->val;
		break;
	case V4L2_CID_GAIN:
		settings->gain = ctrl->cluster[CAMSIM_GAIN_DIGITAL]->val *
				 ctrl->cluster[CAMSIM_GAIN_ANALOGUE]->val / CAMSIM_GAIN_UNITY;
		break;
	case V4L2_CID_BRIGHTNESS:
		settings->brightness = ctrl->val;
		break;
	case V4L2_CID_CONTRAST:
		settings->contrast = ctrl->val;
		break;
	case V4L2_CID_SATURATION:
		settings->saturation = ctrl->val;
		break;
	}
}

/* Two ways to tell for how long the sensor takes light: each follows the other. */
static int camsim_picture_try_ctrl(struct v4l2_ctrl *ctrl)
{
	struct v4l2_ctrl *lines, *time;

	if (ctrl->id != V4L2_CID_EXPOSURE)
		return 0;

	lines = ctrl->cluster[CAMSIM_EXPOSURE_LINES];
	time = ctrl->cluster[CAMSIM_EXPOSURE_TIME];
	if (lines->is_new)
		time->val = DIV_ROUND_UP(lines->val, CAMSIM_LINES_PER_100_US);
	else
		lines->val = time->val * CAMSIM_LINES_PER_100_US;
	return 0;
}

static int camsim_picture_s_ctrl(struct v4l2_ctrl *ctrl)
{
	struct camsim *cam = container_of(ctrl->handler, struct camsim, ctrls);

	guard(spinlock)(&cam->picture.lock);
	camsim_picture_apply(&cam->picture.settings, ctrl);
	return 0;
}

static const struct v4l2_ctrl_ops camsim_picture_ops = {
	.try_ctrl = camsim_picture_try_ctrl,
	.s_ctrl = camsim_picture_s_ctrl,
};

static const struct v4l2_ctrl_config camsim_picture_private[] = {
	{
		.ops = &camsim_picture_ops,
		.id = V4L2_CID_CAMSIM_SOLID_COLOUR,
		.name = "Solid Colour",
		.type = V4L2_CTRL_TYPE_INTEGER,
		.max = 0xffffff,
		.step = 1,
		.def = 0x808080,
	}, {
		.ops = &camsim_picture_ops,
		.id = V4L2_CID_CAMSIM_MOVING_BOX,
		.name = "Moving Box",
		.type = V4L2_CTRL_TYPE_BOOLEAN,
		.max = 1,
		.step = 1,
		.def = 1,
	}, {
		.ops = &camsim_picture_ops,
		.id = V4L2_CID_CAMSIM_FRAME_STAMP,
		.name = "Frame Stamp",
		.type = V4L2_CTRL_TYPE_BOOLEAN,
		.max = 1,
		.step = 1,
		.def = 1,
	},
};

/* In tenths of milliseconds, and in units of 1 / CAMSIM_GAIN_UNITY */
#define CAMSIM_MAX_EXPOSURE_TIME	10000
#define CAMSIM_MAX_GAIN			1600

static const struct {
	u32 id;
	s32 min;
	s32 max;
	s32 def;
} camsim_picture_standard[] = {
	{ V4L2_CID_HFLIP, 0, 1, 0 },
	{ V4L2_CID_VFLIP, 0, 1, 0 },
	{ V4L2_CID_BRIGHTNESS, -128, 127, 0 },
	{ V4L2_CID_CONTRAST, 0, 255, CAMSIM_CONTRAST_UNITY },
	{ V4L2_CID_SATURATION, 0, 255, CAMSIM_SATURATION_UNITY },
};

/* Those that depend on each other: as lines and as time; of the signal and of its numbers. */
static int camsim_picture_add_clusters(struct camsim *cam)
{
	struct v4l2_ctrl_handler *handler = &cam->ctrls;
	const struct v4l2_ctrl_ops *ops = &camsim_picture_ops;
	struct v4l2_ctrl **exposure = cam->picture.exposure;
	struct v4l2_ctrl **gain = cam->picture.gain;

	exposure[CAMSIM_EXPOSURE_LINES] =
		v4l2_ctrl_new_std(handler, ops, V4L2_CID_EXPOSURE, 1,
				  CAMSIM_MAX_EXPOSURE_TIME * CAMSIM_LINES_PER_100_US, 1,
				  CAMSIM_EXPOSURE_UNITY);
	exposure[CAMSIM_EXPOSURE_TIME] =
		v4l2_ctrl_new_std(handler, ops, V4L2_CID_EXPOSURE_ABSOLUTE, 1,
				  CAMSIM_MAX_EXPOSURE_TIME, 1,
				  CAMSIM_EXPOSURE_UNITY / CAMSIM_LINES_PER_100_US);
	gain[CAMSIM_GAIN_DIGITAL] = v4l2_ctrl_new_std(handler, ops, V4L2_CID_GAIN, 0,
						      CAMSIM_MAX_GAIN, 1, CAMSIM_GAIN_UNITY);
	gain[CAMSIM_GAIN_ANALOGUE] =
		v4l2_ctrl_new_std(handler, ops, V4L2_CID_ANALOGUE_GAIN, CAMSIM_GAIN_UNITY,
				  CAMSIM_MAX_GAIN, 1, CAMSIM_GAIN_UNITY);
	if (handler->error)
		return handler->error;

	v4l2_ctrl_cluster(CAMSIM_NUM_EXPOSURES, exposure);
	v4l2_ctrl_cluster(CAMSIM_NUM_GAINS, gain);
	return 0;
}

/**
 * camsim_picture_add_controls - add the picture's controls
 * @cam: the camera, its control handler initialised.
 *
 * Return: 0 or an error.
 */
int camsim_picture_add_controls(struct camsim *cam)
{
	struct v4l2_ctrl_handler *handler = &cam->ctrls;
	unsigned int i;

	static_assert(ARRAY_SIZE(camsim_scene_names) == CAMSIM_NUM_SCENES);

	spin_lock_init(&cam->picture.lock);
	cam->picture.settings = (struct camsim_settings)CAMSIM_SETTINGS_DEFAULT;

	for (i = 0; i < ARRAY_SIZE(camsim_picture_standard); i++)
		v4l2_ctrl_new_std(handler, &camsim_picture_ops, camsim_picture_standard[i].id,
				  camsim_picture_standard[i].min, camsim_picture_standard[i].max,
				  1, camsim_picture_standard[i].def);
	v4l2_ctrl_new_std_menu_items(handler, &camsim_picture_ops, V4L2_CID_TEST_PATTERN,
				     CAMSIM_NUM_SCENES - 1, 0, CAMSIM_SCENE_BARS,
				     camsim_scene_names);
	for (i = 0; i < ARRAY_SIZE(camsim_picture_private); i++)
		v4l2_ctrl_new_custom(handler, &camsim_picture_private[i], NULL);
	return camsim_picture_add_clusters(cam);
}

/**
 * camsim_picture_settings - what the next frame is to be made with
 * @cam: the camera.
 * @settings: out: a copy.
 */
void camsim_picture_settings(struct camsim *cam, struct camsim_settings *settings)
{
	guard(spinlock)(&cam->picture.lock);
	*settings = cam->picture.settings;
}
