// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/math.h>

#include "camsim_colour.h"

#define ONE	65536

/* Weights of red and blue in luma, 16.16 fixed point; green has the rest. */
struct camsim_matrix {
	s32 red;
	s32 blue;
};

static const struct camsim_matrix bt601 = { .red = 19595, .blue = 7471 };
static const struct camsim_matrix bt709 = { .red = 13933, .blue = 4732 };

/* @difference of blue or red from luma, 16.16, to a limited-range sample. */
static u8 camsim_chroma(s32 difference, s32 weight)
{
	return 128 + DIV_ROUND_CLOSEST(difference * 112, 255 * (ONE - weight));
}

/**
 * camsim_colour_init - fill in all colour models from one
 * @colour: result.
 * @rgb: 0xRRGGBB, full range.
 * @encoding: matrix to compute Y'CbCr with, limited range.
 */
void camsim_colour_init(struct camsim_colour *colour, u32 rgb, enum v4l2_ycbcr_encoding encoding)
{
	const struct camsim_matrix *matrix = encoding == V4L2_YCBCR_ENC_709 ? &bt709 : &bt601;
	s32 green = ONE - matrix->red - matrix->blue;
	u32 luma;

	colour->red = rgb >> 16;
	colour->green = rgb >> 8;
	colour->blue = rgb;

	luma = matrix->red * colour->red + green * colour->green + matrix->blue * colour->blue;
	colour->luma = 16 + DIV_ROUND_CLOSEST(luma * 219, 255U * ONE);
	colour->cb = camsim_chroma(colour->blue * ONE - (s32)luma, matrix->blue);
	colour->cr = camsim_chroma(colour->red * ONE - (s32)luma, matrix->red);
}
