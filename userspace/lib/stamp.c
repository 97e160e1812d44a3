// SPDX-License-Identifier: MIT
#include "stamp.h"

#include <linux/simstamp.h>

/* Between black and white in limited as well as in full range. */
#define THRESHOLD 128

/* Where several pixels are stored together, a byte of each comes first. */
static size_t luma_at(const struct pp_format *format, uint32_t x)
{
	const struct pp_plane *plane = &format->plane[0];

	return (size_t)x / plane->across * plane->bytes + x % plane->across + format->luma_offset;
}

static bool cell_is_white(const struct pp_layout *layout, const uint8_t *pixels, uint32_t column,
			  uint32_t line)
{
	uint32_t x = simstamp_cell_centre(layout->width, SIMSTAMP_H_CELLS, column);
	uint32_t y = simstamp_cell_centre(layout->height, SIMSTAMP_V_CELLS, line);
	const uint8_t *row = pixels + layout->offsets[0] + (size_t)y * layout->pitches[0];

	return row[luma_at(layout->format, x)] >= THRESHOLD;
}

/* The kernel's words for it are not for programs. */
static enum pp_stamp_status decode(const uint8_t *bytes, struct pp_stamp *stamp)
{
	struct simstamp found;

	switch (simstamp_decode(bytes, &found)) {
	case SIMSTAMP_VALID:
		*stamp = (struct pp_stamp) {
			.sequence = found.sequence,
			.timestamp_ns = found.timestamp,
			.camera = found.camera,
		};
		return PP_STAMP_VALID;
	case SIMSTAMP_DAMAGED:
		return PP_STAMP_DAMAGED;
	default:
		return PP_STAMP_NONE;
	}
}

enum pp_stamp_status pp_stamp_read(const struct pp_layout *layout, const void *pixels,
				   struct pp_stamp *stamp, uint64_t *bytes_read)
{
	uint8_t bytes[SIMSTAMP_BYTES] = { 0 };

	if (layout->width < SIMSTAMP_MIN_WIDTH || layout->height < SIMSTAMP_MIN_HEIGHT)
		return PP_STAMP_NONE;
	for (uint32_t line = 0; line < SIMSTAMP_LINES; line++) {
		for (uint32_t column = 0; column < SIMSTAMP_COLUMNS; column++) {
			uint32_t bit = line * SIMSTAMP_COLUMNS + column;

			if (cell_is_white(layout, pixels, column, line))
				bytes[bit / 8] |= 0x80 >> (bit % 8);
		}
	}
	if (bytes_read)
		*bytes_read += SIMSTAMP_COLUMNS * SIMSTAMP_LINES;
	return decode(bytes, stamp);
}
