/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The colours of the picture, in every colour model that a format stores.
 */
#ifndef _CAMSIM_COLOUR_H_
#define _CAMSIM_COLOUR_H_

#include <linux/types.h>
#include <linux/videodev2.h>

/**
 * struct camsim_colour - one colour, ready to be stored
 * @red: full range, as are @green and @blue.
 * @green: see @red.
 * @blue: see @red.
 * @luma: limited range, as are @cb and @cr.
 * @cb: see @luma.
 * @cr: see @luma.
 */
struct camsim_colour {
	u8 red;
	u8 green;
	u8 blue;
	u8 luma;
	u8 cb;
	u8 cr;
};

void camsim_colour_init(struct camsim_colour *colour, u32 rgb, enum v4l2_ycbcr_encoding encoding);

#endif /* _CAMSIM_COLOUR_H_ */
