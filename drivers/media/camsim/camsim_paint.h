/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Storing pixels of one colour in a row. Pure logic, also compiled in userspace.
 */
#ifndef _CAMSIM_PAINT_H_
#define _CAMSIM_PAINT_H_

#include <linux/types.h>

struct camsim_colour;
struct camsim_plane_format;

void camsim_paint(const struct camsim_plane_format *plane, unsigned int phase, u8 *row,
		  u32 first, u32 last, const struct camsim_colour *colour);

#endif /* _CAMSIM_PAINT_H_ */
