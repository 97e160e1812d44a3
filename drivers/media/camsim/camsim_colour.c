// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/array_size.h>
#include <linux/math.h>
#include <linux/minmax.h>

#include "camsim_colour.h"

#define ONE	10000

/**
 * struct camsim_matrix - how Y' is made
 * @encoding: V4L2_YCBCR_ENC_*.
 * @red: weight of red, in parts of ONE as the standards have it.
 * @blue: weight of blue; green has the rest.
 */
struct camsim_matrix {
	enum v4l2_ycbcr_encoding encoding;
	s32 red;
	s32 blue;
};

/* The first one is taken for what is not in the list. */
static const struct camsim_matrix camsim_matrices[] = {
	{ .encoding = V4L2_YCBCR_ENC_601, .red = 2990, .blue = 1140 },
	{ .encoding = V4L2_YCBCR_ENC_709, .red = 2126, .blue = 722 },
	{ .encoding = V4L2_YCBCR_ENC_BT2020, .red = 2627, .blue = 593 },
	{ .encoding = V4L2_YCBCR_ENC_SMPTE240M, .red = 2120, .blue = 870 },
};

static const struct camsim_matrix *camsim_matrix(enum v4l2_ycbcr_encoding encoding)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(camsim_matrices); i++)
		if (camsim_matrices[i].encoding == encoding)
			return &camsim_matrices[i];
	return &camsim_matrices[0];
}

bool camsim_colour_has_matrix(enum v4l2_ycbcr_encoding encoding)
{
	return camsim_matrix(encoding)->encoding == encoding;
}

static s64 camsim_top(const struct camsim_coding *coding)
{
	return (1 << coding->bits) - 1;
}

/* @value is R', G', B' or Y', @white at most. */
static u16 camsim_level(const struct camsim_coding *coding, s64 value, s64 white)
{
	unsigned int more = coding->bits - 8;

	if (coding->full_range)
		return DIV_ROUND_CLOSEST(value * camsim_top(coding), white);
	return (16 << more) + DIV_ROUND_CLOSEST(value * (219 << more), white);
}

/* @difference of blue or red from luma is @largest at most, either way. */
static u16 camsim_chroma(const struct camsim_coding *coding, s64 difference, s64 largest)
{
	s64 range = coding->full_range ? camsim_top(coding) : 224 << (coding->bits - 8);
	s64 chroma = (1 << (coding->bits - 1)) +
		     DIV_ROUND_CLOSEST(difference * range, 2 * largest);

	/* Full range has no room for the largest difference by half a step. */
	return min(chroma, camsim_top(coding));
}

/**
 * camsim_colour_init - make samples of a colour
 * @colour: result.
 * @rgb: 0xRRGGBB: R'G'B', full range, in whatever colour space and with whatever
 *	transfer function the frame is said to have.
 * @coding: what samples to make.
 */
void camsim_colour_init(struct camsim_colour *colour, u32 rgb, const struct camsim_coding *coding)
{
	const struct camsim_matrix *matrix = camsim_matrix(coding->encoding);
	s64 red = rgb >> 16, green = rgb >> 8 & 0xff, blue = rgb & 0xff, luma;

	colour->sample[CAMSIM_FILLER] = camsim_top(coding);
	if (coding->model != CAMSIM_YCBCR) {
		colour->sample[0] = camsim_level(coding, red, 255);
		colour->sample[1] = camsim_level(coding, green, 255);
		colour->sample[2] = camsim_level(coding, blue, 255);
		return;
	}

	luma = matrix->red * red + (ONE - matrix->red - matrix->blue) * green +
	       matrix->blue * blue;
	colour->sample[0] = camsim_level(coding, luma, 255 * ONE);
	colour->sample[1] = camsim_chroma(coding, blue * ONE - luma, 255 * (ONE - matrix->blue));
	colour->sample[2] = camsim_chroma(coding, red * ONE - luma, 255 * (ONE - matrix->red));
}
