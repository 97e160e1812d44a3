/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The stamp as rows of a picture show it. Pure logic, also compiled in userspace.
 */
#ifndef _CAMSIM_STAMP_H_
#define _CAMSIM_STAMP_H_

#include <linux/simstamp.h>
#include <linux/types.h>

#include "camsim_colour.h"

struct camsim_layout;

/**
 * struct camsim_stamper - what all stamps of a stream have in common
 * @layout: of the picture.
 * @white: its colour of cells that are 1.
 * @black: its colour of cells that are 0.
 */
struct camsim_stamper {
	const struct camsim_layout *layout;
	struct camsim_colour white;
	struct camsim_colour black;
};

/**
 * struct camsim_stamp - the stamp of one frame
 * @present: whether there is one.
 * @bytes: its cells.
 */
struct camsim_stamp {
	bool present;
	u8 bytes[SIMSTAMP_BYTES];
};

void camsim_stamper_init(struct camsim_stamper *stamper, const struct camsim_layout *layout);
void camsim_stamp_make(const struct camsim_stamper *stamper, const struct simstamp *says,
		       bool wanted, struct camsim_stamp *stamp);
u32 camsim_stamp_top(const struct camsim_stamper *stamper, unsigned int line);
unsigned int camsim_stamp_line(const struct camsim_stamper *stamper,
			       const struct camsim_stamp *stamp, u32 y);
void camsim_stamp_paint(const struct camsim_stamper *stamper, const struct camsim_stamp *stamp,
			unsigned int plane, unsigned int phase, u8 *row, unsigned int line);

#endif /* _CAMSIM_STAMP_H_ */
