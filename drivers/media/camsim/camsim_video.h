/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The capture node: /dev/videoN and its ioctls.
 */
#ifndef _CAMSIM_VIDEO_H_
#define _CAMSIM_VIDEO_H_

struct camsim;

int camsim_video_register(struct camsim *cam);

#endif /* _CAMSIM_VIDEO_H_ */
