// SPDX-License-Identifier: MIT
#include "format.h"

#include <drm_fourcc.h>
#include <linux/videodev2.h>
#include <strings.h>

static const struct pp_format formats[] = {
	{
		.name = "XRGB8888",
		.v4l2 = V4L2_PIX_FMT_XBGR32,
		.drm = DRM_FORMAT_XRGB8888,
		.luma_step = 4,
		.luma_offset = 1,	/* green carries most of the brightness */
		.planes = 1,
		.plane = { { 4, 1, 1 } },
	}, {
		.name = "YUYV",
		.v4l2 = V4L2_PIX_FMT_YUYV,
		.drm = DRM_FORMAT_YUYV,
		.yuv = true,
		.luma_step = 2,
		.planes = 1,
		.plane = { { 2, 1, 1 } },
	}, {
		.name = "UYVY",
		.v4l2 = V4L2_PIX_FMT_UYVY,
		.drm = DRM_FORMAT_UYVY,
		.yuv = true,
		.luma_step = 2,
		.luma_offset = 1,
		.planes = 1,
		.plane = { { 2, 1, 1 } },
	}, {
		.name = "NV12",
		.v4l2 = V4L2_PIX_FMT_NV12,
		.drm = DRM_FORMAT_NV12,
		.yuv = true,
		.luma_step = 1,
		.planes = 2,
		.plane = { { 1, 1, 1 }, { 2, 2, 2 } },
	},
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct pp_format *pp_format_by_name(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (!strcasecmp(formats[i].name, name))
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

void pp_layout_init(struct pp_layout *layout, const struct pp_format *format,
		    uint32_t width, uint32_t height, uint32_t pitch)
{
	const struct pp_plane *first = &format->plane[0];

	*layout = (struct pp_layout) { .format = format, .width = width, .height = height };
	if (!pitch)
		pitch = width * first->bytes;
	for (unsigned int i = 0; i < format->planes; i++) {
		const struct pp_plane *plane = &format->plane[i];

		layout->offsets[i] = layout->size;
		layout->pitches[i] = pitch * plane->bytes / (plane->across * first->bytes);
		layout->size += (size_t)layout->pitches[i] * (height / plane->down);
	}
}
