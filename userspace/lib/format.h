/* SPDX-License-Identifier: MIT */
/*
 * Pixel formats by their names in V4L2 and DRM, and pictures laid out in memory.
 */
#ifndef PP_FORMAT_H
#define PP_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PP_MAX_PLANES 4

/* One plane: so many bytes for so many pixels across and down. */
struct pp_plane {
	uint8_t bytes;
	uint8_t across;
	uint8_t down;
};

struct pp_format {
	const char *name;
	uint32_t v4l2;		/* V4L2_PIX_FMT_* */
	uint32_t drm;		/* DRM_FORMAT_*, 0: GPUs do not know it */
	bool yuv;
	/* Which byte of a pixel in the first plane tells how bright it is. */
	uint8_t luma_offset;
	unsigned int planes;
	struct pp_plane plane[PP_MAX_PLANES];
};

/* How Y'CbCr is made of R'G'B' */
enum pp_encoding {
	PP_ENCODING_BT601,
	PP_ENCODING_BT709,
	PP_ENCODING_BT2020,	/* non-constant luminance */
};

/* A picture in one piece of memory; also V4L2's buffers for each plane, written to a file. */
struct pp_layout {
	const struct pp_format *format;
	uint32_t width;		/* pixels */
	uint32_t height;	/* lines */
	uint32_t pitches[PP_MAX_PLANES];	/* bytes */
	uint32_t offsets[PP_MAX_PLANES];	/* bytes */
	size_t size;		/* bytes, all planes */
	enum pp_encoding encoding;	/* of a Y'CbCr format */
	bool full_range;	/* the same */
};

/* NULL when there is none. Names are compared without case; V4L2's four letters will do, too. */
const struct pp_format *pp_format_by_name(const char *name);
const struct pp_format *pp_format_by_v4l2(uint32_t fourcc);
/* The formats one after the other; NULL after the last. */
const struct pp_format *pp_format_at(unsigned int index);

/* Planes follow each other; @pitch is that of the first one, 0 for the least that is even. */
void pp_layout_init(struct pp_layout *layout, const struct pp_format *format,
		    uint32_t width, uint32_t height, uint32_t pitch);

#endif
