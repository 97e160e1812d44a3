/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Cropping on the sensor, and composing into the frame.
 */
#ifndef _CAMSIM_SELECTION_H_
#define _CAMSIM_SELECTION_H_

#include <linux/types.h>

struct camsim;
struct file;
struct v4l2_rect;
struct v4l2_selection;

/* All of its pixels */
extern const struct v4l2_rect camsim_selection_sensor;

int camsim_g_selection(struct file *file, void *priv, struct v4l2_selection *sel);
int camsim_s_selection(struct file *file, void *priv, struct v4l2_selection *sel);
void camsim_selection_reset_compose(struct camsim *cam);
void camsim_selection_fit_crop(struct v4l2_rect *r, u32 flags);

#endif /* _CAMSIM_SELECTION_H_ */
