/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Controls of the picture.
 */
#ifndef _CAMSIM_PICTURE_H_
#define _CAMSIM_PICTURE_H_

struct camsim;
struct camsim_settings;

int camsim_picture_add_controls(struct camsim *cam);
void camsim_picture_settings(struct camsim *cam, struct camsim_settings *settings);

#endif /* _CAMSIM_PICTURE_H_ */
