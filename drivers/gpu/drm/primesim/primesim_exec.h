/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_EXEC_H_
#define _PRIMESIM_EXEC_H_

#include "primesim_surface.h"

struct primesim_op;

/*
 * Lines of a picture that is turned by 90 degrees that are made at once, at most. That many
 * pixels of each source line are read, as many lines as make a block of columns.
 */
#define PRIMESIM_BAND		128
#define PRIMESIM_BLOCK		8

/* What primesim_row_stretch() wants after a row's own pixels. */
#define PRIMESIM_ROW_PIXELS	(PRIMESIM_MAX_WIDTH + PRIMESIM_STRETCH_MARGIN)

/* Room for lines of a band: 16 of the longest */
#define PRIMESIM_BAND_PIXELS	(16 * PRIMESIM_ROW_PIXELS)

/**
 * struct primesim_exec - working memory of the unit that computes
 * @src: the surface that is read.
 * @dst: the surface that is written.
 * @below: the same, read before it is written.
 * @source: a line of the source as ARGB8888.
 * @stretched: the two lines between which bilinear scaling goes on, in their new width.
 * @row: the line and the one before it, before they are blended.
 * @blended: the same, blended.
 * @band: lines of a source that is turned.
 * @block: parts of source lines that become columns of @band.
 * @index: tables of nearest scaling, pixels and pairs of pixels.
 * @filter: tables of bilinear scaling, of the width and of the height.
 *
 * Used by one job at a time.
 */
struct primesim_exec {
	struct primesim_access src;
	struct primesim_access dst;
	struct primesim_access below;
	u32 source[PRIMESIM_ROW_PIXELS];
	u32 stretched[2][PRIMESIM_MAX_WIDTH];
	u32 row[2][PRIMESIM_MAX_WIDTH];
	u32 blended[2][PRIMESIM_MAX_WIDTH];
	u32 band[PRIMESIM_BAND_PIXELS];
	u32 block[PRIMESIM_BLOCK][PRIMESIM_BAND];
	u16 index[2][PRIMESIM_MAX_WIDTH];
	struct {
		u16 at[PRIMESIM_MAX_WIDTH];
		u16 part[PRIMESIM_MAX_WIDTH];
	} filter[2];
};

int primesim_exec_run(struct primesim_exec *exec, const struct primesim_op *ops, u32 count,
		      const int *stop);

/* Between two pieces of work: lets others have the CPU, and tells if it is over. */
int primesim_exec_breathe(const int *stop);

int primesim_blit_run(struct primesim_exec *exec, const struct primesim_op *op, const int *stop);
int primesim_checksum_run(struct primesim_exec *exec, const struct primesim_op *op,
			  const int *stop);

#endif /* _PRIMESIM_EXEC_H_ */
