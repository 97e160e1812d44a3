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

/**
 * struct pp_plane - one plane: so many bytes for so many pixels
 * @bytes: of a group of pixels that are stored together.
 * @across: pixels of a group, in a line.
 * @down: lines of pixels that one line of the plane is for.
 */
struct pp_plane {
	uint8_t bytes;
	uint8_t across;
	uint8_t down;
};

/**
 * struct pp_format - a pixel format
 * @name: as V4L2 calls it, but for XRGB8888.
 * @v4l2: V4L2_PIX_FMT_*.
 * @drm: DRM_FORMAT_*; 0: GPUs do not know it.
 * @yuv: Y'CbCr.
 * @luma_offset: which byte of a pixel in the first plane tells how bright it is.
 * @planes: number of planes.
 * @plane: the planes.
 */
struct pp_format {
	const char *name;
	uint32_t v4l2;
	uint32_t drm;
	bool yuv;
	uint8_t luma_offset;
	unsigned int planes;
	struct pp_plane plane[PP_MAX_PLANES];
};

/**
 * enum pp_encoding - how Y'CbCr is made of R'G'B'
 * @PP_ENCODING_BT601: of standard definition.
 * @PP_ENCODING_BT709: of high definition.
 * @PP_ENCODING_BT2020: with non-constant luminance.
 */
enum pp_encoding {
	PP_ENCODING_BT601,
	PP_ENCODING_BT709,
	PP_ENCODING_BT2020,
};

/**
 * struct pp_layout - a picture in one piece of memory
 * @format: its format.
 * @width: in pixels.
 * @height: in lines.
 * @pitches: bytes from one line to the next, of each plane.
 * @offsets: of each plane, in bytes.
 * @size: of all planes, in bytes.
 * @encoding: of a Y'CbCr format.
 * @full_range: of a Y'CbCr format: black is 0 and not 16.
 *
 * Also what V4L2's buffers for each plane are, written to a file one after the other.
 */
struct pp_layout {
	const struct pp_format *format;
	uint32_t width;
	uint32_t height;
	uint32_t pitches[PP_MAX_PLANES];
	uint32_t offsets[PP_MAX_PLANES];
	size_t size;
	enum pp_encoding encoding;
	bool full_range;
};

/**
 * pp_format_by_name - find a format
 * @name: compared without case; V4L2's four letters will do, too.
 *
 * Return: the format, which lives for ever; NULL when there is none.
 */
const struct pp_format *pp_format_by_name(const char *name);

/**
 * pp_format_by_v4l2 - find a format
 * @fourcc: V4L2_PIX_FMT_*.
 *
 * Return: the format, which lives for ever; NULL when there is none.
 */
const struct pp_format *pp_format_by_v4l2(uint32_t fourcc);

/**
 * pp_format_at - the formats one after the other
 * @index: from 0.
 *
 * Return: the format, which lives for ever; NULL after the last.
 */
const struct pp_format *pp_format_at(unsigned int index);

/**
 * pp_layout_init - lay a picture out, plane after plane
 * @layout: out.
 * @format: of pp_format_by_name() or its neighbours.
 * @width: in pixels.
 * @height: in lines.
 * @pitch: of the first plane, in bytes; 0 for the least that is even. Those of the others follow
 *	from it.
 *
 * The encoding is BT.601 in limited range until the caller says otherwise.
 */
void pp_layout_init(struct pp_layout *layout, const struct pp_format *format,
		    uint32_t width, uint32_t height, uint32_t pitch);

#endif
