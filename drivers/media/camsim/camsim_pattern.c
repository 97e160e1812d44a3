// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: how a frame is made
 *
 * A picture is a few horizontal bands whose lines are all the same: one for
 * each line of the stamp's cells, one for the box, and the bars between them.
 * One row per band and colour plane is put together in a scratch row that
 * stays in the CPU's cache; then it is copied to every row of the band. So
 * each byte of the frame is written once, and hardly anything is computed.
 */
#include <linux/array_size.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/simdev.h>
#include <linux/simstamp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "camsim_colour.h"
#include "camsim_format.h"
#include "camsim_pattern.h"

/* White, yellow, cyan, green, magenta, red, blue, black, from left to right. */
static const u32 camsim_bars[] = {
	0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff, 0x000000,
};

#define CAMSIM_BOX_RGB		0xff8000
#define CAMSIM_BOX_STEP		4	/* pixels and lines per frame */

/* The stamp, the box, and bars before and after the box */
#define CAMSIM_MAX_BANDS	(SIMSTAMP_LINES + 3)

/**
 * struct camsim_band - lines that all look the same
 * @first: first line.
 * @last: line after the last one.
 * @cells: line of the stamp's cells in it, or -1.
 * @box: whether the box is in it.
 */
struct camsim_band {
	u32 first;
	u32 last;
	int cells;
	bool box;
};

/**
 * struct camsim_pattern - prepared rows for one layout
 * @layout: where the rows go.
 * @white: of the stamp.
 * @black: of the stamp.
 * @box: colour of the box.
 * @plain: for each colour plane, a row with nothing but bars.
 * @scratch: the row of the band that is being written.
 */
struct camsim_pattern {
	struct camsim_layout layout;
	struct camsim_colour white;
	struct camsim_colour black;
	struct camsim_colour box;
	u8 *plain[CAMSIM_MAX_PLANES];
	u8 *scratch;
};

static void camsim_pattern_paint_bars(struct camsim_pattern *pattern, unsigned int plane)
{
	const struct camsim_layout *layout = &pattern->layout;
	const unsigned int bars = ARRAY_SIZE(camsim_bars);
	struct camsim_colour colour;
	unsigned int bar;

	for (bar = 0; bar < bars; bar++) {
		camsim_colour_init(&colour, camsim_bars[bar], layout->encoding);
		layout->format->planes[plane].paint(pattern->plain[plane],
						    layout->width * bar / bars,
						    layout->width * (bar + 1) / bars, &colour);
	}
}

/* Where a point is after @step steps back and forth between 0 and @range. */
static u32 camsim_bounce(u32 step, u32 range)
{
	u32 turn = 2 * max(range, 1U);
	u32 at = step % turn;

	return at < turn / 2 ? at : turn - at;
}

/* Even, so that the box never shares a group of pixels with the bars. */
static u32 camsim_box_size(const struct camsim_layout *layout)
{
	return round_down(min(layout->width, layout->height) / 8, 2);
}

static u32 camsim_box_x(const struct camsim_layout *layout, u32 sequence)
{
	u32 room = (layout->width - camsim_box_size(layout)) / CAMSIM_BOX_STEP;

	return CAMSIM_BOX_STEP * camsim_bounce(sequence, room);
}

/* The box stays in the lower three quarters, clear of the stamp. */
static u32 camsim_box_y(const struct camsim_layout *layout, u32 sequence)
{
	u32 top = round_up(layout->height / 4, 2);
	u32 room = (layout->height - top - camsim_box_size(layout)) / CAMSIM_BOX_STEP;

	return top + CAMSIM_BOX_STEP * camsim_bounce(sequence, room);
}

static unsigned int camsim_pattern_bands(const struct camsim_layout *layout, u32 sequence,
					 struct camsim_band bands[CAMSIM_MAX_BANDS])
{
	u32 y = camsim_box_y(layout, sequence);
	u32 bottom = y + camsim_box_size(layout);
	struct camsim_band *band = bands;
	u32 start = 0;
	unsigned int i;

	for (i = 0; i < SIMSTAMP_LINES; i++) {
		u32 end = simstamp_cell_start(layout->height, SIMSTAMP_V_CELLS, i + 1);

		*band++ = (struct camsim_band) { .first = start, .last = end, .cells = i };
		start = end;
	}
	*band++ = (struct camsim_band) { .first = start, .last = y, .cells = -1 };
	*band++ = (struct camsim_band) { .first = y, .last = bottom, .cells = -1, .box = true };
	*band++ = (struct camsim_band) { .first = bottom, .last = layout->height, .cells = -1 };
	return band - bands;
}

static void camsim_pattern_paint_cells(struct camsim_pattern *pattern, unsigned int plane,
				       const u8 bytes[SIMSTAMP_BYTES], unsigned int line)
{
	const struct camsim_layout *layout = &pattern->layout;
	unsigned int column;

	for (column = 0; column < SIMSTAMP_COLUMNS; column++) {
		u32 first = simstamp_cell_start(layout->width, SIMSTAMP_H_CELLS, column);
		u32 last = simstamp_cell_start(layout->width, SIMSTAMP_H_CELLS, column + 1);
		bool white = simstamp_bit(bytes, column, line);

		layout->format->planes[plane].paint(pattern->scratch, first, last,
						    white ? &pattern->white : &pattern->black);
	}
}

/* The row of a band: the bars alone, or put together in the scratch row. */
static const u8 *camsim_pattern_row(struct camsim_pattern *pattern, unsigned int plane,
				    const struct camsim_band *band, u32 sequence,
				    const u8 bytes[SIMSTAMP_BYTES])
{
	const struct camsim_layout *layout = &pattern->layout;

	if (band->cells < 0 && !band->box)
		return pattern->plain[plane];

	memcpy(pattern->scratch, pattern->plain[plane], layout->planes[plane].row_bytes);
	if (band->cells >= 0)
		camsim_pattern_paint_cells(pattern, plane, bytes, band->cells);
	if (band->box) {
		u32 x = camsim_box_x(layout, sequence);

		layout->format->planes[plane].paint(pattern->scratch, x,
						    x + camsim_box_size(layout), &pattern->box);
	}
	return pattern->scratch;
}

/* A row belongs to the band of the first line that it covers. False after a DMA fault. */
static bool camsim_pattern_write_band(struct camsim_pattern *pattern, struct simdev_window *win,
				      unsigned int plane, const struct camsim_band *band,
				      const u8 *source)
{
	const struct camsim_layout *layout = &pattern->layout;
	const u32 lines = layout->format->planes[plane].lines;
	const u32 bytes = layout->planes[plane].row_bytes;
	const u32 end = DIV_ROUND_UP(band->last, lines);
	u32 row;

	for (row = DIV_ROUND_UP(band->first, lines); row < end; row++) {
		size_t offset = layout->planes[plane].offset +
				(size_t)row * layout->planes[plane].bytesperline;
		u8 *target = simdev_window_at(win, offset, bytes);

		if (IS_ERR(target))
			return false;
		memcpy(target, source, bytes);
	}
	return true;
}

/**
 * camsim_pattern_write - write one frame
 * @pattern: the pattern.
 * @win: window on the frame's buffer, for writing. Needs staging for a row,
 *	that is for &camsim_layout.planes.row_bytes.
 * @stamp: what the frame says about itself.
 *
 * Ends at the first DMA fault, which simdev_window_close() then reports.
 */
void camsim_pattern_write(struct camsim_pattern *pattern, struct simdev_window *win,
			  const struct simstamp *stamp)
{
	struct camsim_band bands[CAMSIM_MAX_BANDS];
	u8 bytes[SIMSTAMP_BYTES];
	unsigned int plane, num, i;
	const u8 *row;

	simstamp_encode(stamp, bytes);
	num = camsim_pattern_bands(&pattern->layout, stamp->sequence, bands);

	for (plane = 0; plane < pattern->layout.format->num_planes; plane++) {
		for (i = 0; i < num; i++) {
			row = camsim_pattern_row(pattern, plane, &bands[i], stamp->sequence, bytes);
			if (!camsim_pattern_write_band(pattern, win, plane, &bands[i], row))
				return;
		}
	}
}

/**
 * camsim_pattern_create - prepare the rows of a layout
 * @layout: the layout; copied.
 *
 * Return: the pattern, or %NULL.
 */
struct camsim_pattern *camsim_pattern_create(const struct camsim_layout *layout)
{
	struct camsim_pattern *pattern;
	unsigned int plane;

	pattern = kzalloc_obj(*pattern);
	if (!pattern)
		return NULL;

	pattern->layout = *layout;
	camsim_colour_init(&pattern->white, 0xffffff, layout->encoding);
	camsim_colour_init(&pattern->black, 0x000000, layout->encoding);
	camsim_colour_init(&pattern->box, CAMSIM_BOX_RGB, layout->encoding);

	/* No plane's row is longer than the first one's. */
	pattern->scratch = kvmalloc(layout->planes[0].row_bytes, GFP_KERNEL);
	if (!pattern->scratch)
		goto err_destroy;

	for (plane = 0; plane < layout->format->num_planes; plane++) {
		pattern->plain[plane] = kvmalloc(layout->planes[plane].row_bytes, GFP_KERNEL);
		if (!pattern->plain[plane])
			goto err_destroy;
		camsim_pattern_paint_bars(pattern, plane);
	}
	return pattern;

err_destroy:
	camsim_pattern_destroy(pattern);
	return NULL;
}

void camsim_pattern_destroy(struct camsim_pattern *pattern)
{
	unsigned int plane;

	for (plane = 0; plane < CAMSIM_MAX_PLANES; plane++)
		kvfree(pattern->plain[plane]);
	kvfree(pattern->scratch);
	kfree(pattern);
}
