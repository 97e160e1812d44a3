/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The sensor: a sub-device with one pad, what is seen of it, and its timing.
 */
#ifndef _CAMSIM_SENSOR_H_
#define _CAMSIM_SENSOR_H_

#include <linux/types.h>
#include <linux/v4l2-common.h>
#include <linux/videodev2.h>

#include <media/media-entity.h>
#include <media/v4l2-subdev.h>

/* Frames a second, at most */
#define CAMSIM_MAX_RATE	120

struct camsim;
struct v4l2_ctrl;

/**
 * struct camsim_sensor - one camera's sensor
 * @sd: the sub-device.
 * @pad: its only pad, a source.
 * @interval: time per frame, exactly. Protected by the controls' lock.
 * @pixel_rate: control: pixels a second, those of no picture included.
 * @vblank: control: lines of a frame that are no picture, to the nearest.
 */
struct camsim_sensor {
	struct v4l2_subdev sd;
	struct media_pad pad;
	struct v4l2_fract interval;
	struct v4l2_ctrl *pixel_rate;
	struct v4l2_ctrl *vblank;
};

int camsim_sensor_add_controls(struct camsim *cam);
int camsim_sensor_init(struct camsim *cam);

void camsim_sensor_set_format(struct camsim *cam, const struct v4l2_mbus_framefmt *format);
void camsim_sensor_get_crop(struct camsim *cam, struct v4l2_rect *crop);
void camsim_sensor_set_crop(struct camsim *cam, const struct v4l2_rect *crop);
void camsim_sensor_get_interval(struct camsim *cam, struct v4l2_fract *interval);
void camsim_sensor_set_interval(struct camsim *cam, const struct v4l2_fract *wanted);

#endif /* _CAMSIM_SENSOR_H_ */
