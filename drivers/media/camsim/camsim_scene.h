/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What is in front of the camera, and what its sensor makes of it. Pure logic,
 * also compiled in userspace.
 */
#ifndef _CAMSIM_SCENE_H_
#define _CAMSIM_SCENE_H_

#include <linux/types.h>
#include <linux/videodev2.h>

/* The sensor's pixels: coordinates of what crop rectangles select. */
#define CAMSIM_SENSOR_WIDTH	7680
#define CAMSIM_SENSOR_HEIGHT	4320

/* Lines that the sensor reads in 0.1 ms, the unit of V4L2_CID_EXPOSURE_ABSOLUTE */
#define CAMSIM_LINES_PER_100_US	60

/* Values that leave colours as they are */
#define CAMSIM_EXPOSURE_UNITY	(100 * CAMSIM_LINES_PER_100_US)
#define CAMSIM_GAIN_UNITY	100
#define CAMSIM_CONTRAST_UNITY	128
#define CAMSIM_SATURATION_UNITY	128

/* In the order of the menu of V4L2_CID_TEST_PATTERN. */
enum camsim_scene {
	CAMSIM_SCENE_BARS,
	CAMSIM_SCENE_RAMPS,
	CAMSIM_SCENE_CHECKER,
	CAMSIM_SCENE_SOLID,
	CAMSIM_SCENE_NOISE,
	CAMSIM_NUM_SCENES
};

/* No scene has more kinds of lines than so many. */
#define CAMSIM_MAX_LINE_KINDS	4

/**
 * struct camsim_settings - what controls have set
 * @scene: what is in front of the camera.
 * @solid: 0xRRGGBB: colour of CAMSIM_SCENE_SOLID.
 * @box: a box moves in front of it.
 * @stamp: the frame is stamped.
 * @hflip: left and right change places, but not of the stamp.
 * @vflip: top and bottom change places, but not of the stamp.
 * @exposure: for how many lines' time light comes in, CAMSIM_EXPOSURE_UNITY for what
 *	there is.
 * @gain: amplification, in units of 1 / CAMSIM_GAIN_UNITY.
 * @brightness: added to each of R'G'B', -128 to 127.
 * @contrast: distance from middle grey, in units of 1 / CAMSIM_CONTRAST_UNITY.
 * @saturation: distance from grey, in units of 1 / CAMSIM_SATURATION_UNITY.
 */
struct camsim_settings {
	enum camsim_scene scene;
	u32 solid;
	bool box;
	bool stamp;
	bool hflip;
	bool vflip;
	u32 exposure;
	u32 gain;
	s32 brightness;
	u32 contrast;
	u32 saturation;
};

#define CAMSIM_SETTINGS_DEFAULT {			\
	.scene = CAMSIM_SCENE_BARS,			\
	.solid = 0x808080,				\
	.box = true,					\
	.stamp = true,					\
	.exposure = CAMSIM_EXPOSURE_UNITY,		\
	.gain = CAMSIM_GAIN_UNITY,			\
	.contrast = CAMSIM_CONTRAST_UNITY,		\
	.saturation = CAMSIM_SATURATION_UNITY,		\
}

unsigned int camsim_scene_line_kind(enum camsim_scene scene, u32 y);
u32 camsim_scene_rgb(const struct camsim_settings *settings, u32 x, unsigned int kind);
u32 camsim_scene_adjust(const struct camsim_settings *settings, u32 rgb);

#endif /* _CAMSIM_SCENE_H_ */
