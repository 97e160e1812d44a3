// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "camsim_colour.h"
#include "camsim_format.h"
#include "camsim_paint.h"

/* Four samples of ten bits in five bytes: the upper eight of each, then what is left. */
static void camsim_store_packed(u8 *group, unsigned int slot, u16 sample)
{
	unsigned int shift = 2 * slot;

	group[slot] = sample >> 2;
	group[4] = (group[4] & ~(3 << shift)) | (sample & 3) << shift;
}

static void camsim_store(const struct camsim_plane_format *plane, u8 *group, unsigned int slot,
			 u16 sample)
{
	switch (plane->storage) {
	case CAMSIM_BYTES:
		group[slot] = sample;
		break;
	case CAMSIM_WORDS:
		put_unaligned_le16(sample << plane->shift, group + 2 * slot);
		break;
	case CAMSIM_PACKED:
		camsim_store_packed(group, slot, sample);
		break;
	}
}

/* What a group holds of its pixel number @pixel. */
static void camsim_paint_pixel(const struct camsim_plane_format *plane, unsigned int phase,
			       u8 *group, unsigned int pixel, const struct camsim_colour *colour)
{
	unsigned int slot;

	for (slot = 0; slot < plane->slots; slot++)
		if (plane->pixel[slot] == pixel)
			camsim_store(plane, group, slot,
				     colour->sample[plane->sample[phase][slot]]);
}

/* Repeats what is in the first group, doubling it each time. */
static void camsim_repeat_group(u8 *group, size_t bytes, size_t groups)
{
	size_t total = groups * bytes, done, n;

	for (done = bytes; done < total; done += n) {
		n = min(done, total - done);
		memcpy(group + done, group, n);
	}
}

/**
 * camsim_paint - give pixels of a row one colour
 * @plane: the colour plane.
 * @phase: which of its &camsim_plane_format.phases the row has.
 * @row: the row.
 * @first: first pixel of the picture's that gets the colour.
 * @last: pixel after the last one.
 * @colour: the colour.
 *
 * A group of pixels that is only partly covered keeps what belongs to its other
 * pixels; what is common to its pixels belongs to the first.
 */
void camsim_paint(const struct camsim_plane_format *plane, unsigned int phase, u8 *row,
		  u32 first, u32 last, const struct camsim_colour *colour)
{
	unsigned int pixels = plane->pixels, i;
	u32 x = first, groups;
	u8 *group = row + (size_t)(first / pixels) * plane->bytes;

	if (x % pixels) {
		for (; x < last && x % pixels; x++)
			camsim_paint_pixel(plane, phase, group, x % pixels, colour);
		group += plane->bytes;
	}
	if (x >= last)
		return;

	groups = (last - x) / pixels;
	if (groups) {
		for (i = 0; i < pixels; i++)
			camsim_paint_pixel(plane, phase, group, i, colour);
		camsim_repeat_group(group, plane->bytes, groups);
		group += (size_t)groups * plane->bytes;
		x += groups * pixels;
	}
	for (i = 0; x < last; x++, i++)
		camsim_paint_pixel(plane, phase, group, i, colour);
}
