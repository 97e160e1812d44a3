// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/simstamp.h>

#include "camsim_format.h"
#include "camsim_paint.h"
#include "camsim_stamp.h"

void camsim_stamper_init(struct camsim_stamper *stamper, const struct camsim_layout *layout)
{
	stamper->layout = layout;
	camsim_colour_init(&stamper->white, 0xffffff, &layout->coding);
	camsim_colour_init(&stamper->black, 0x000000, &layout->coding);
}

/**
 * camsim_stamp_make - the stamp of a frame
 * @stamper: the stream's stamper.
 * @says: what it says.
 * @wanted: whether there is to be one.
 * @stamp: result: none in pictures that are too small for it.
 */
void camsim_stamp_make(const struct camsim_stamper *stamper, const struct simstamp *says,
		       bool wanted, struct camsim_stamp *stamp)
{
	stamp->present = wanted && stamper->layout->width >= SIMSTAMP_MIN_WIDTH &&
			 stamper->layout->height >= SIMSTAMP_MIN_HEIGHT;
	simstamp_encode(says, stamp->bytes);
}

/* First line of a line of cells; that of SIMSTAMP_LINES is the first one below the stamp. */
u32 camsim_stamp_top(const struct camsim_stamper *stamper, unsigned int line)
{
	return simstamp_cell_start(stamper->layout->height, SIMSTAMP_V_CELLS, line);
}

static u32 camsim_stamp_left(const struct camsim_stamper *stamper, unsigned int column)
{
	return simstamp_cell_start(stamper->layout->width, SIMSTAMP_H_CELLS, column);
}

/* The line of the stamp's cells at line @y, SIMSTAMP_LINES where there are none. */
unsigned int camsim_stamp_line(const struct camsim_stamper *stamper,
			       const struct camsim_stamp *stamp, u32 y)
{
	unsigned int line;

	if (!stamp->present || y >= camsim_stamp_top(stamper, SIMSTAMP_LINES))
		return SIMSTAMP_LINES;
	for (line = SIMSTAMP_LINES - 1; y < camsim_stamp_top(stamper, line); line--)
		;
	return line;
}

/**
 * camsim_stamp_paint - paint a line of cells over a row
 * @stamper: the stream's stamper.
 * @stamp: the frame's stamp.
 * @plane: colour plane of the row.
 * @phase: which of the plane's phases the row has.
 * @row: the row.
 * @line: of camsim_stamp_line(), less than SIMSTAMP_LINES.
 */
void camsim_stamp_paint(const struct camsim_stamper *stamper, const struct camsim_stamp *stamp,
			unsigned int plane, unsigned int phase, u8 *row, unsigned int line)
{
	unsigned int first, last;
	bool white;

	/* Neighbouring cells of the same colour are painted in one go. */
	for (first = 0; first < SIMSTAMP_COLUMNS; first = last) {
		white = simstamp_bit(stamp->bytes, first, line);
		for (last = first + 1; last < SIMSTAMP_COLUMNS; last++)
			if (simstamp_bit(stamp->bytes, last, line) != white)
				break;
		camsim_paint(&stamper->layout->format->planes[plane], phase, row,
			     camsim_stamp_left(stamper, first), camsim_stamp_left(stamper, last),
			     white ? &stamper->white : &stamper->black);
	}
}
