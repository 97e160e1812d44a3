// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/array_size.h>
#include <linux/math.h>
#include <linux/media-bus-format.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "camsim_format.h"

/* Pictures of this height and above are high definition and use its colours. */
#define CAMSIM_HD_HEIGHT	720

/* Samples of the models, by name */
#define Y	0
#define CB	1
#define CR	2
#define R	0
#define G	1
#define B	2
#define X	CAMSIM_FILLER

/* A format, and its colour planes */
#define CAMSIM_FORMAT(fourcc_, code_, model_, bits_, mems_, planes_, ...) {	\
	.fourcc = fourcc_, .bus_code = code_, .model = model_, .bits = bits_,	\
	.num_mems = mems_, .num_planes = planes_, .planes = { __VA_ARGS__ },	\
}

/* A sample of each pixel */
#define CAMSIM_LUMA8 {								\
	.pixels = 1, .lines = 1, .bytes = 1, .slots = 1, .phases = 1, .sample = { { Y } }, \
}

#define CAMSIM_LUMA10 {								\
	.pixels = 1, .lines = 1, .bytes = 2, .storage = CAMSIM_WORDS, .shift = 6, \
	.slots = 1, .phases = 1, .sample = { { Y } },				\
}

/* Two by two pixels share a sample */
#define CAMSIM_CHROMA8(mem_, sample_) {						\
	.mem = mem_, .pixels = 2, .lines = 2, .bytes = 1, .slots = 1, .phases = 1, \
	.sample = { { sample_ } },						\
}

/* Two by two pixels share two samples, side by side */
#define CAMSIM_CHROMA8_PAIR(mem_, first_, second_) {				\
	.mem = mem_, .pixels = 2, .lines = 2, .bytes = 2, .slots = 2, .phases = 1, \
	.sample = { { first_, second_ } },					\
}

#define CAMSIM_CHROMA10_PAIR {							\
	.pixels = 2, .lines = 2, .bytes = 4, .storage = CAMSIM_WORDS, .shift = 6, \
	.slots = 2, .phases = 1, .sample = { { CB, CR } },			\
}

/* Two pixels in four bytes; the chroma belongs to the first one. */
#define CAMSIM_LUMA_FIRST {							\
	.pixels = 2, .lines = 1, .bytes = 4, .slots = 4, .phases = 1,		\
	.sample = { { Y, CB, Y, CR } }, .pixel = { 0, 0, 1, 0 },		\
}

#define CAMSIM_CHROMA_FIRST {							\
	.pixels = 2, .lines = 1, .bytes = 4, .slots = 4, .phases = 1,		\
	.sample = { { CB, Y, CR, Y } }, .pixel = { 0, 0, 0, 1 },		\
}

/* All samples of each pixel */
#define CAMSIM_BGRX {								\
	.pixels = 1, .lines = 1, .bytes = 4, .slots = 4, .phases = 1,		\
	.sample = { { B, G, R, X } },						\
}

#define CAMSIM_RGB_BYTES {								\
	.pixels = 1, .lines = 1, .bytes = 3, .slots = 3, .phases = 1,		\
	.sample = { { R, G, B } },						\
}

/* One colour of each pixel, in even and in odd lines */
#define CAMSIM_RGGB	{ { R, G, R, G }, { G, B, G, B } }
#define CAMSIM_GRBG	{ { G, R, G, R }, { B, G, B, G } }
#define CAMSIM_GBRG	{ { G, B, G, B }, { R, G, R, G } }
#define CAMSIM_BGGR	{ { B, G, B, G }, { G, R, G, R } }

#define CAMSIM_BAYER8(...) {							\
	.pixels = 2, .lines = 1, .bytes = 2, .slots = 2, .phases = 2,		\
	.sample = __VA_ARGS__, .pixel = { 0, 1 },				\
}

#define CAMSIM_BAYER10(...) {							\
	.pixels = 2, .lines = 1, .bytes = 4, .storage = CAMSIM_WORDS,		\
	.slots = 2, .phases = 2, .sample = __VA_ARGS__, .pixel = { 0, 1 },	\
}

#define CAMSIM_BAYER10P(...) {							\
	.pixels = 4, .lines = 1, .bytes = 5, .storage = CAMSIM_PACKED,		\
	.slots = 4, .phases = 2, .sample = __VA_ARGS__, .pixel = { 0, 1, 2, 3 }, \
}

#define CAMSIM_YCBCR8(fourcc_, mems_, planes_, ...)				\
	CAMSIM_FORMAT(fourcc_, MEDIA_BUS_FMT_UYVY8_1X16, CAMSIM_YCBCR, 8, mems_, planes_, \
		      __VA_ARGS__)
#define CAMSIM_RGB8(fourcc_, ...)						\
	CAMSIM_FORMAT(fourcc_, MEDIA_BUS_FMT_RGB888_1X24, CAMSIM_RGB, 8, 1, 1, __VA_ARGS__)
#define CAMSIM_RAW8(fourcc_, order_)						\
	CAMSIM_FORMAT(fourcc_, MEDIA_BUS_FMT_S##order_##8_1X8, CAMSIM_RAW, 8, 1, 1, \
		      CAMSIM_BAYER8(CAMSIM_##order_))
#define CAMSIM_RAW10(fourcc_, order_)						\
	CAMSIM_FORMAT(fourcc_, MEDIA_BUS_FMT_S##order_##10_1X10, CAMSIM_RAW, 10, 1, 1, \
		      CAMSIM_BAYER10(CAMSIM_##order_))
#define CAMSIM_RAW10P(fourcc_, order_)						\
	CAMSIM_FORMAT(fourcc_, MEDIA_BUS_FMT_S##order_##10_1X10, CAMSIM_RAW, 10, 1, 1, \
		      CAMSIM_BAYER10P(CAMSIM_##order_))

/* The first one is the default. */
static const struct camsim_format camsim_formats[] = {
	CAMSIM_YCBCR8(V4L2_PIX_FMT_YUYV, 1, 1, CAMSIM_LUMA_FIRST),
	CAMSIM_YCBCR8(V4L2_PIX_FMT_UYVY, 1, 1, CAMSIM_CHROMA_FIRST),
	CAMSIM_YCBCR8(V4L2_PIX_FMT_NV12, 1, 2, CAMSIM_LUMA8, CAMSIM_CHROMA8_PAIR(0, CB, CR)),
	CAMSIM_YCBCR8(V4L2_PIX_FMT_NV21, 1, 2, CAMSIM_LUMA8, CAMSIM_CHROMA8_PAIR(0, CR, CB)),
	CAMSIM_YCBCR8(V4L2_PIX_FMT_YUV420, 1, 3, CAMSIM_LUMA8, CAMSIM_CHROMA8(0, CB),
		      CAMSIM_CHROMA8(0, CR)),
	CAMSIM_YCBCR8(V4L2_PIX_FMT_NV12M, 2, 2, CAMSIM_LUMA8, CAMSIM_CHROMA8_PAIR(1, CB, CR)),
	CAMSIM_YCBCR8(V4L2_PIX_FMT_YUV420M, 3, 3, CAMSIM_LUMA8, CAMSIM_CHROMA8(1, CB),
		      CAMSIM_CHROMA8(2, CR)),
	CAMSIM_FORMAT(V4L2_PIX_FMT_P010, MEDIA_BUS_FMT_UYVY10_1X20, CAMSIM_YCBCR, 10, 1, 2,
		      CAMSIM_LUMA10, CAMSIM_CHROMA10_PAIR),
	CAMSIM_RGB8(V4L2_PIX_FMT_XBGR32, CAMSIM_BGRX),
	CAMSIM_RGB8(V4L2_PIX_FMT_RGB24, CAMSIM_RGB_BYTES),
	CAMSIM_FORMAT(V4L2_PIX_FMT_GREY, MEDIA_BUS_FMT_Y8_1X8, CAMSIM_YCBCR, 8, 1, 1, CAMSIM_LUMA8),
	CAMSIM_RAW8(V4L2_PIX_FMT_SRGGB8, RGGB),
	CAMSIM_RAW8(V4L2_PIX_FMT_SGRBG8, GRBG),
	CAMSIM_RAW8(V4L2_PIX_FMT_SGBRG8, GBRG),
	CAMSIM_RAW8(V4L2_PIX_FMT_SBGGR8, BGGR),
	CAMSIM_RAW10(V4L2_PIX_FMT_SRGGB10, RGGB),
	CAMSIM_RAW10(V4L2_PIX_FMT_SGRBG10, GRBG),
	CAMSIM_RAW10(V4L2_PIX_FMT_SGBRG10, GBRG),
	CAMSIM_RAW10(V4L2_PIX_FMT_SBGGR10, BGGR),
	CAMSIM_RAW10P(V4L2_PIX_FMT_SRGGB10P, RGGB),
	CAMSIM_RAW10P(V4L2_PIX_FMT_SGRBG10P, GRBG),
	CAMSIM_RAW10P(V4L2_PIX_FMT_SGBRG10P, GBRG),
	CAMSIM_RAW10P(V4L2_PIX_FMT_SBGGR10P, BGGR),
};

static bool camsim_format_fits_node(const struct camsim_format *format, bool mplane)
{
	return mplane || format->num_mems == 1;
}

/**
 * camsim_format_by_index - enumerate formats
 * @index: from 0.
 * @mplane: of a multi-planar node.
 *
 * Return: the format, or %NULL after the last one.
 */
const struct camsim_format *camsim_format_by_index(u32 index, bool mplane)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(camsim_formats); i++)
		if (camsim_format_fits_node(&camsim_formats[i], mplane) && !index--)
			return &camsim_formats[i];
	return NULL;
}

const struct camsim_format *camsim_format_by_fourcc(u32 fourcc, bool mplane)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(camsim_formats); i++)
		if (camsim_formats[i].fourcc == fourcc &&
		    camsim_format_fits_node(&camsim_formats[i], mplane))
			return &camsim_formats[i];
	return NULL;
}

/* Which members of a format clients may set: V4L2_FMT_FLAG_CSC_*. */
u32 camsim_format_csc_flags(const struct camsim_format *format)
{
	u32 any = V4L2_FMT_FLAG_CSC_COLORSPACE | V4L2_FMT_FLAG_CSC_XFER_FUNC |
		  V4L2_FMT_FLAG_CSC_QUANTIZATION;

	if (format->model == CAMSIM_RAW)
		return 0;
	return format->model == CAMSIM_YCBCR ? any | V4L2_FMT_FLAG_CSC_YCBCR_ENC : any;
}

/* Pixels that the widest group has: pictures within a frame begin and end with whole ones. */
u32 camsim_format_group(const struct camsim_format *format)
{
	unsigned int i;
	u32 group = 2;

	for (i = 0; i < format->num_planes; i++)
		group = max_t(u32, group, format->planes[i].pixels);
	return group;
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

/* The first colour plane in a memory plane: its rows are the ones that userspace measures. */
static const struct camsim_plane_format *camsim_leader(const struct camsim_format *format, u8 mem)
{
	const struct camsim_plane_format *plane = format->planes;

	while (plane->mem != mem)
		plane++;
	return plane;
}

/* Even, so that a plane with half as many pixels has no half byte. */
static u32 camsim_bytesperline(const struct camsim_plane_format *plane, u32 width, u32 wanted)
{
	return round_up(clamp_t(u32, wanted, camsim_row_bytes(plane, width),
				CAMSIM_MAX_BYTESPERLINE), 2);
}

/* Much more than is needed is no wish, but what was left there from another format. */
static u32 camsim_sizeimage(u32 needed, u32 wanted)
{
	return wanted > needed && wanted - needed <= needed ? wanted : needed;
}

static enum v4l2_colorspace camsim_default_colorspace(const struct v4l2_pix_format_mplane *pix,
						      const struct camsim_format *format)
{
	switch (format->model) {
	case CAMSIM_RAW:
		return V4L2_COLORSPACE_RAW;
	case CAMSIM_RGB:
		return V4L2_COLORSPACE_SRGB;
	default:
		return pix->height >= CAMSIM_HD_HEIGHT ? V4L2_COLORSPACE_REC709 :
							 V4L2_COLORSPACE_SMPTE170M;
	}
}

static bool camsim_colorspace_known(u32 colorspace)
{
	return colorspace > V4L2_COLORSPACE_DEFAULT && colorspace <= V4L2_COLORSPACE_DCI_P3 &&
	       colorspace != V4L2_COLORSPACE_BT878 && colorspace != V4L2_COLORSPACE_RAW;
}

/* What a client may not or does not choose is what V4L2 has for the colour space. */
static void camsim_format_set_colours(struct v4l2_pix_format_mplane *pix,
				      const struct camsim_format *format)
{
	bool may = pix->flags & V4L2_PIX_FMT_FLAG_SET_CSC && format->model != CAMSIM_RAW;
	bool rgb = format->model != CAMSIM_YCBCR;

	if (!may || !camsim_colorspace_known(pix->colorspace))
		pix->colorspace = camsim_default_colorspace(pix, format);
	if (!may || rgb || !camsim_colour_has_matrix(pix->ycbcr_enc))
		pix->ycbcr_enc = V4L2_MAP_YCBCR_ENC_DEFAULT(pix->colorspace);
	/* Its other matrices are not linear, or need more bits. */
	if (!camsim_colour_has_matrix(pix->ycbcr_enc))
		pix->ycbcr_enc = V4L2_YCBCR_ENC_601;
	if (!may || (pix->quantization != V4L2_QUANTIZATION_FULL_RANGE &&
		     pix->quantization != V4L2_QUANTIZATION_LIM_RANGE))
		pix->quantization = V4L2_MAP_QUANTIZATION_DEFAULT(rgb, pix->colorspace,
								  pix->ycbcr_enc);
	if (!may || pix->xfer_func == V4L2_XFER_FUNC_DEFAULT ||
	    pix->xfer_func > V4L2_XFER_FUNC_SMPTE2084)
		pix->xfer_func = V4L2_MAP_XFER_FUNC_DEFAULT(pix->colorspace);
	pix->flags = 0;
}

static void camsim_format_adjust_planes(struct v4l2_pix_format_mplane *pix,
					const struct camsim_format *format)
{
	const struct v4l2_rect whole = { .width = pix->width, .height = pix->height };
	struct v4l2_plane_pix_format *plane;
	struct camsim_layout layout;
	u8 mem;

	pix->num_planes = format->num_mems;
	for (mem = 0; mem < format->num_mems; mem++) {
		plane = &pix->plane_fmt[mem];
		plane->bytesperline = camsim_bytesperline(camsim_leader(format, mem), pix->width,
							  plane->bytesperline);
		memset(plane->reserved, 0, sizeof(plane->reserved));
	}

	camsim_format_layout(pix, &whole, &layout);
	for (mem = 0; mem < format->num_mems; mem++) {
		plane = &pix->plane_fmt[mem];
		plane->sizeimage = camsim_sizeimage(layout.sizeimage[mem], plane->sizeimage);
	}
}

/**
 * camsim_format_adjust - make a wanted format one that the camera has
 * @pix: what a client asks for; every member is set to what it would get.
 * @mplane: for a multi-planar node.
 */
void camsim_format_adjust(struct v4l2_pix_format_mplane *pix, bool mplane)
{
	const struct camsim_format *format = camsim_format_by_fourcc(pix->pixelformat, mplane);

	if (!format)
		format = &camsim_formats[0];

	pix->pixelformat = format->fourcc;
	pix->width = clamp_t(u32, round_down(pix->width, 2), CAMSIM_MIN_WIDTH, CAMSIM_MAX_WIDTH);
	pix->height = clamp_t(u32, round_down(pix->height, 2), CAMSIM_MIN_HEIGHT,
			      CAMSIM_MAX_HEIGHT);
	pix->field = V4L2_FIELD_NONE;
	camsim_format_set_colours(pix, format);
	camsim_format_adjust_planes(pix, format);
	memset(pix->reserved, 0, sizeof(pix->reserved));
}

/**
 * camsim_format_layout - find the rows of a picture
 * @pix: a format that camsim_format_adjust() has seen.
 * @picture: which part of the frame is the picture; of whole groups, unless it
 *	ends where the frame ends.
 * @layout: result.
 */
void camsim_format_layout(const struct v4l2_pix_format_mplane *pix,
			  const struct v4l2_rect *picture, struct camsim_layout *layout)
{
	const struct camsim_format *format = camsim_format_by_fourcc(pix->pixelformat, true);
	const struct camsim_plane_format *plane, *leader;
	u32 bytesperline;
	unsigned int i;

	*layout = (struct camsim_layout) {
		.format = format,
		.coding = {
			.model = format->model,
			.bits = format->bits,
			.full_range = pix->quantization == V4L2_QUANTIZATION_FULL_RANGE,
			.encoding = pix->ycbcr_enc,
		},
		.width = picture->width,
		.height = picture->height,
	};

	for (i = 0; i < format->num_planes; i++) {
		plane = &format->planes[i];
		leader = camsim_leader(format, plane->mem);
		bytesperline = pix->plane_fmt[plane->mem].bytesperline * leader->pixels *
			       plane->bytes / (plane->pixels * leader->bytes);
		layout->planes[i].bytesperline = bytesperline;
		layout->planes[i].offset = layout->sizeimage[plane->mem] +
					   picture->top / plane->lines * bytesperline +
					   picture->left / plane->pixels * plane->bytes;
		layout->planes[i].row_bytes = camsim_row_bytes(plane, picture->width);
		layout->planes[i].rows = DIV_ROUND_UP(picture->height, plane->lines);
		layout->sizeimage[plane->mem] += bytesperline *
						 DIV_ROUND_UP(pix->height, plane->lines);
	}
}

/* Bytes that are enough for the picture's rows in any plane */
size_t camsim_layout_row_size(const struct camsim_layout *layout)
{
	size_t size = 0;
	unsigned int plane;

	for (plane = 0; plane < layout->format->num_planes; plane++)
		size = max_t(size_t, size, layout->planes[plane].row_bytes);
	return size;
}
