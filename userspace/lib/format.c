// SPDX-License-Identifier: MIT
#include "format.h"

#include <drm_fourcc.h>
#include <linux/videodev2.h>
#include <string.h>
#include <strings.h>

#define YUV(format_, drm_, luma_, planes_, ...)					\
	{ .name = #format_, .v4l2 = V4L2_PIX_FMT_##format_, .drm = drm_, .yuv = true,	\
	  .luma_offset = luma_, .planes = planes_, .plane = { __VA_ARGS__ } }

#define RGB(name_, format_, drm_, green_, bytes_)				\
	{ .name = name_, .v4l2 = V4L2_PIX_FMT_##format_, .drm = drm_,		\
	  .luma_offset = green_, .planes = 1, .plane = { { bytes_, 1, 1 } } }

/* Black and white are the same in all colours. Of two bytes the lower one differs more. */
#define BAYER(order)								\
	{ .name = #order "8", .v4l2 = V4L2_PIX_FMT_##order##8,			\
	  .planes = 1, .plane = { { 1, 1, 1 } } },				\
	{ .name = #order "10", .v4l2 = V4L2_PIX_FMT_##order##10,		\
	  .planes = 1, .plane = { { 2, 1, 1 } } },				\
	{ .name = #order "10P", .v4l2 = V4L2_PIX_FMT_##order##10P,		\
	  .planes = 1, .plane = { { 5, 4, 1 } } }

/* Those of camsim */
static const struct pp_format formats[] = {
	RGB("XRGB8888", XBGR32, DRM_FORMAT_XRGB8888, 1, 4),
	YUV(YUYV, DRM_FORMAT_YUYV, 0, 1, { 2, 1, 1 }),
	YUV(UYVY, DRM_FORMAT_UYVY, 1, 1, { 2, 1, 1 }),
	YUV(NV12, DRM_FORMAT_NV12, 0, 2, { 1, 1, 1 }, { 2, 2, 2 }),
	YUV(NV21, DRM_FORMAT_NV21, 0, 2, { 1, 1, 1 }, { 2, 2, 2 }),
	YUV(YUV420, DRM_FORMAT_YUV420, 0, 3, { 1, 1, 1 }, { 1, 2, 2 }, { 1, 2, 2 }),
	YUV(P010, DRM_FORMAT_P010, 1, 2, { 2, 1, 1 }, { 4, 2, 2 }),
	RGB("RGB24", RGB24, DRM_FORMAT_BGR888, 1, 3),
	YUV(NV12M, 0, 0, 2, { 1, 1, 1 }, { 2, 2, 2 }),
	YUV(YUV420M, 0, 0, 3, { 1, 1, 1 }, { 1, 2, 2 }, { 1, 2, 2 }),
	YUV(GREY, 0, 0, 1, { 1, 1, 1 }),
	BAYER(SRGGB),
	BAYER(SGRBG),
	BAYER(SGBRG),
	BAYER(SBGGR),
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static bool is_fourcc(uint32_t fourcc, const char *text)
{
	const char code[] = { (char)fourcc, (char)(fourcc >> 8), (char)(fourcc >> 16),
			      (char)(fourcc >> 24), '\0' };

	return !strcmp(code, text);
}

const struct pp_format *pp_format_by_name(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (!strcasecmp(formats[i].name, name) || is_fourcc(formats[i].v4l2, name))
			return &formats[i];
	}
	return NULL;
}

const struct pp_format *pp_format_by_v4l2(uint32_t fourcc)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (formats[i].v4l2 == fourcc)
			return &formats[i];
	}
	return NULL;
}

const struct pp_format *pp_format_at(unsigned int index)
{
	return index < FORMATS ? &formats[index] : NULL;
}

static uint32_t least_pitch(const struct pp_plane *plane, uint32_t width)
{
	uint32_t bytes = (width + plane->across - 1) / plane->across * plane->bytes;

	return bytes + bytes % 2;
}

void pp_layout_init(struct pp_layout *layout, const struct pp_format *format,
		    uint32_t width, uint32_t height, uint32_t pitch)
{
	const struct pp_plane *first = &format->plane[0];

	*layout = (struct pp_layout) { .format = format, .width = width, .height = height };
	if (!pitch)
		pitch = least_pitch(first, width);
	for (unsigned int i = 0; i < format->planes; i++) {
		const struct pp_plane *plane = &format->plane[i];

		layout->offsets[i] = layout->size;
		layout->pitches[i] = pitch * first->across * plane->bytes /
				     (plane->across * first->bytes);
		layout->size += (size_t)layout->pitches[i] * (height / plane->down);
	}
}
