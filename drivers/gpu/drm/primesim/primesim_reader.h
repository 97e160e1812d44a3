/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Reading pixels the way the display does: through its DMA, a line at a time, the
 * way up that the plane's rotation says.
 */
#ifndef _PRIMESIM_READER_H_
#define _PRIMESIM_READER_H_

#include <linux/simdev.h>

#include "primesim_format.h"

struct drm_framebuffer;
struct primesim_layer;

/* Lines that are read at once where a line of the picture is a column of the framebuffer */
#define PRIMESIM_READER_BAND	16

/**
 * struct primesim_reader - lines of a framebuffer as wide pixels
 * @memory: all of the buffers below.
 * @pixels: of a line, as many as the buffers have room for.
 * @staging: for what a window finds scattered, per plane.
 * @row: for what is collected from tiles, per plane.
 * @narrow: a row as ARGB8888.
 * @line: the line that was read last.
 * @band: PRIMESIM_READER_BAND lines, for columns; %NULL: there are none.
 * @fb: the framebuffer, mapped for the display.
 * @format: its format.
 * @matrix: how its Y'CbCr becomes RGB.
 * @transposed: lines are columns of @fb.
 * @flip_x: its columns count from the right.
 * @flip_y: its rows count from the bottom.
 * @first: pixel of a line that is read first.
 * @count: pixels of a line that are read.
 * @band_at: line that @band begins with, or -1.
 * @window: access to each plane.
 *
 * Belongs to one thread. Between primesim_reader_open() and _close() nothing is
 * allocated and nothing sleeps.
 */
struct primesim_reader {
	void *memory;
	u32 pixels;
	void *staging[PRIMESIM_MAX_PLANES];
	void *row[PRIMESIM_MAX_PLANES];
	u32 *narrow;
	u64 *line;
	u64 *band;

	struct drm_framebuffer *fb;
	const struct primesim_format *format;
	const struct primesim_matrix *matrix;
	bool transposed;
	bool flip_x;
	bool flip_y;
	u32 first;
	u32 count;
	s64 band_at;
	struct simdev_window window[PRIMESIM_MAX_PLANES];
};

int primesim_reader_alloc(struct primesim_reader *reader, u32 pixels, bool columns);
void primesim_reader_free(struct primesim_reader *reader);

int primesim_reader_open(struct primesim_reader *reader, const struct primesim_layer *layer,
			 u32 first, u32 count);
u64 *primesim_reader_line(struct primesim_reader *reader, u32 number);
bool primesim_reader_is_narrow(const struct primesim_reader *reader);
u32 *primesim_reader_narrow_line(struct primesim_reader *reader, u32 number);
int primesim_reader_close(struct primesim_reader *reader);

#endif /* _PRIMESIM_READER_H_ */
