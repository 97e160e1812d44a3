/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The capture node: /dev/videoN and its ioctls.
 */
#ifndef _CAMSIM_VIDEO_H_
#define _CAMSIM_VIDEO_H_

#include <linux/types.h>

struct camsim;
struct file;
struct v4l2_pix_format_mplane;

int camsim_video_init(struct camsim *cam);
int camsim_video_register(struct camsim *cam);
void camsim_video_take_format(struct camsim *cam, const struct v4l2_pix_format_mplane *pix);
long camsim_ioctl_default(struct file *file, void *priv, bool valid_prio, unsigned int cmd,
			  void *arg);

#endif /* _CAMSIM_VIDEO_H_ */
