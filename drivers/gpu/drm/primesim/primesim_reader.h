/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Reading pixels the way the display does: through its DMA.
 */
#ifndef _PRIMESIM_READER_H_
#define _PRIMESIM_READER_H_

#include <linux/simdev.h>

#include "primesim_format.h"

struct drm_framebuffer;
struct primesim_layer;

/**
 * struct primesim_reader - rows of a framebuffer as ARGB8888
 * @fb: the framebuffer, mapped for the display.
 * @format: its format.
 * @matrix: how its Y'CbCr becomes RGB.
 * @window: access to each plane.
 * @row: the row that was read last.
 *
 * Belongs to one thread.
 */
struct primesim_reader {
	struct drm_framebuffer *fb;
	const struct primesim_format *format;
	const struct primesim_matrix *matrix;
	struct simdev_window window[PRIMESIM_MAX_PLANES];
	u32 *row;
};

int primesim_reader_open(struct primesim_reader *reader, const struct primesim_layer *layer);
u32 *primesim_reader_row(struct primesim_reader *reader, u32 x, u32 y, u32 count);
int primesim_reader_close(struct primesim_reader *reader);

#endif /* _PRIMESIM_READER_H_ */
