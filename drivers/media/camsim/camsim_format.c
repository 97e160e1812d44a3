// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/array_size.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <media/v4l2-common.h>

#include "camsim_colour.h"
#include "camsim_format.h"

/* Pictures of this height and above are high definition and use its colours. */
#define CAMSIM_HD_HEIGHT	720

/* Two pixels in four bytes, their luma samples at @luma and @luma + 2. */
static void camsim_paint_packed(u8 *row, u32 first, u32 last, const struct camsim_colour *colour,
				unsigned int luma)
{
	unsigned int chroma = 1 - luma;
	u32 x;

	for (x = first; x < last; x++) {
		row[2 * x + luma] = colour->luma;
		if (x % 2)
			continue;
		row[2 * x + chroma] = colour->cb;
		row[2 * x + chroma + 2] = colour->cr;
	}
}

static void camsim_paint_yuyv(u8 *row, u32 first, u32 last, const struct camsim_colour *colour)
{
	camsim_paint_packed(row, first, last, colour, 0);
}

static void camsim_paint_uyvy(u8 *row, u32 first, u32 last, const struct camsim_colour *colour)
{
	camsim_paint_packed(row, first, last, colour, 1);
}

static void camsim_paint_luma(u8 *row, u32 first, u32 last, const struct camsim_colour *colour)
{
	memset(row + first, colour->luma, last - first);
}

static void camsim_paint_cbcr(u8 *row, u32 first, u32 last, const struct camsim_colour *colour)
{
	u32 x;

	for (x = round_up(first, 2); x < last; x += 2) {
		row[x] = colour->cb;
		row[x + 1] = colour->cr;
	}
}

static void camsim_paint_xrgb(u8 *row, u32 first, u32 last, const struct camsim_colour *colour)
{
	u32 pixel = 0xffu << 24 | colour->red << 16 | colour->green << 8 | colour->blue;
	u32 x;

	for (x = first; x < last; x++)
		put_unaligned_le32(pixel, row + 4 * x);
}

/* The first one is the default. */
static const struct camsim_format camsim_formats[] = {
	{
		.fourcc = V4L2_PIX_FMT_YUYV,
		.num_planes = 1,
		.planes = { { .pixels = 2, .lines = 1, .bytes = 4, .paint = camsim_paint_yuyv } },
	}, {
		.fourcc = V4L2_PIX_FMT_UYVY,
		.num_planes = 1,
		.planes = { { .pixels = 2, .lines = 1, .bytes = 4, .paint = camsim_paint_uyvy } },
	}, {
		.fourcc = V4L2_PIX_FMT_NV12,
		.num_planes = 2,
		.planes = {
			{ .pixels = 1, .lines = 1, .bytes = 1, .paint = camsim_paint_luma },
			{ .pixels = 2, .lines = 2, .bytes = 2, .paint = camsim_paint_cbcr },
		},
	}, {
		.fourcc = V4L2_PIX_FMT_XBGR32,
		.rgb = true,
		.num_planes = 1,
		.planes = { { .pixels = 1, .lines = 1, .bytes = 4, .paint = camsim_paint_xrgb } },
	},
};

const struct camsim_format *camsim_format_by_index(u32 index)
{
	return index < ARRAY_SIZE(camsim_formats) ? &camsim_formats[index] : NULL;
}

const struct camsim_format *camsim_format_by_fourcc(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(camsim_formats); i++)
		if (camsim_formats[i].fourcc == fourcc)
			return &camsim_formats[i];
	return NULL;
}

bool camsim_format_size_valid(u32 width, u32 height)
{
	return width >= CAMSIM_MIN_WIDTH && width <= CAMSIM_MAX_WIDTH && width % 2 == 0 &&
	       height >= CAMSIM_MIN_HEIGHT && height <= CAMSIM_MAX_HEIGHT && height % 2 == 0;
}

static u32 camsim_row_bytes(const struct camsim_plane_format *plane, u32 width)
{
	return DIV_ROUND_UP(width, plane->pixels) * plane->bytes;
}

/* Whole groups in a row, and no half rows in planes with half as many pixels. */
static u32 camsim_bytesperline(const struct camsim_format *format, u32 width, u32 wanted)
{
	const struct camsim_plane_format *plane = &format->planes[0];
	u32 align = max_t(u32, plane->bytes, 2);

	return round_up(clamp(wanted, camsim_row_bytes(plane, width), CAMSIM_MAX_BYTESPERLINE),
			align);
}

static void camsim_format_set_colours(struct v4l2_pix_format *pix, bool rgb)
{
	pix->quantization = V4L2_QUANTIZATION_LIM_RANGE;
	pix->xfer_func = V4L2_XFER_FUNC_709;
	if (rgb) {
		pix->colorspace = V4L2_COLORSPACE_SRGB;
		pix->ycbcr_enc = V4L2_YCBCR_ENC_601;
		pix->quantization = V4L2_QUANTIZATION_FULL_RANGE;
		pix->xfer_func = V4L2_XFER_FUNC_SRGB;
	} else if (pix->height >= CAMSIM_HD_HEIGHT) {
		pix->colorspace = V4L2_COLORSPACE_REC709;
		pix->ycbcr_enc = V4L2_YCBCR_ENC_709;
	} else {
		pix->colorspace = V4L2_COLORSPACE_SMPTE170M;
		pix->ycbcr_enc = V4L2_YCBCR_ENC_601;
	}
}

/**
 * camsim_format_adjust - make a wanted format one that the camera has
 * @pix: what a client asks for; every member is set to what it would get.
 */
void camsim_format_adjust(struct v4l2_pix_format *pix)
{
	const struct camsim_format *format = camsim_format_by_fourcc(pix->pixelformat);
	struct camsim_layout layout;

	if (!format)
		format = &camsim_formats[0];

	pix->pixelformat = format->fourcc;
	v4l_bound_align_image(&pix->width, CAMSIM_MIN_WIDTH, CAMSIM_MAX_WIDTH, 1,
			      &pix->height, CAMSIM_MIN_HEIGHT, CAMSIM_MAX_HEIGHT, 1, 0);
	pix->field = V4L2_FIELD_NONE;
	pix->bytesperline = camsim_bytesperline(format, pix->width, pix->bytesperline);
	camsim_format_set_colours(pix, format->rgb);
	camsim_format_layout(pix, &layout);
	pix->sizeimage = layout.sizeimage;
}

/**
 * camsim_format_layout - find the rows of a picture
 * @pix: a format that camsim_format_adjust() has seen.
 * @layout: result.
 */
void camsim_format_layout(const struct v4l2_pix_format *pix, struct camsim_layout *layout)
{
	const struct camsim_format *format = camsim_format_by_fourcc(pix->pixelformat);
	const struct camsim_plane_format *first = &format->planes[0];
	const struct camsim_plane_format *plane;
	unsigned int i;

	*layout = (struct camsim_layout) {
		.format = format,
		.width = pix->width,
		.height = pix->height,
		.encoding = pix->ycbcr_enc,
	};

	for (i = 0; i < format->num_planes; i++) {
		plane = &format->planes[i];
		layout->planes[i].offset = layout->sizeimage;
		layout->planes[i].bytesperline = pix->bytesperline * first->pixels * plane->bytes /
						 (plane->pixels * first->bytes);
		layout->planes[i].row_bytes = camsim_row_bytes(plane, pix->width);
		layout->planes[i].rows = DIV_ROUND_UP(pix->height, plane->lines);
		layout->sizeimage += layout->planes[i].bytesperline * layout->planes[i].rows;
	}
}
