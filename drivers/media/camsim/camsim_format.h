/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Pixel formats: one table says how each is enumerated, laid out and painted.
 */
#ifndef _CAMSIM_FORMAT_H_
#define _CAMSIM_FORMAT_H_

#include <linux/types.h>
#include <linux/videodev2.h>

struct camsim_colour;

#define CAMSIM_MIN_WIDTH	160
#define CAMSIM_MIN_HEIGHT	120
#define CAMSIM_MAX_WIDTH	3840
#define CAMSIM_MAX_HEIGHT	2160
#define CAMSIM_MAX_BYTESPERLINE	(2 * 4 * CAMSIM_MAX_WIDTH)
#define CAMSIM_MAX_PLANES	2

/**
 * struct camsim_plane_format - how a format stores one of its colour planes
 * @pixels: neighbouring pixels of a line that are stored together.
 * @lines: lines that share one row of the plane.
 * @bytes: bytes of such a group.
 * @paint: gives pixels @first to @last - 1 of a row one colour. A group that
 *	is only partly covered gets what is common to its pixels from the first.
 */
struct camsim_plane_format {
	u8 pixels;
	u8 lines;
	u8 bytes;
	void (*paint)(u8 *row, u32 first, u32 last, const struct camsim_colour *colour);
};

/**
 * struct camsim_format - one pixel format
 * @fourcc: V4L2_PIX_FMT_*.
 * @rgb: stores R'G'B', else Y'CbCr.
 * @num_planes: colour planes, one after the other in memory.
 * @planes: the colour planes.
 */
struct camsim_format {
	u32 fourcc;
	bool rgb;
	u8 num_planes;
	struct camsim_plane_format planes[CAMSIM_MAX_PLANES];
};

/**
 * struct camsim_layout - where a picture's rows are in its buffer
 * @format: the pixel format.
 * @width: pixels.
 * @height: lines.
 * @encoding: matrix of Y'CbCr formats.
 * @planes: for each colour plane:
 * @planes.offset: bytes from the buffer's start to its first row.
 * @planes.bytesperline: bytes from one row to the next.
 * @planes.row_bytes: bytes of a row that hold pixels.
 * @planes.rows: number of rows.
 * @sizeimage: bytes of the whole picture.
 */
struct camsim_layout {
	const struct camsim_format *format;
	u32 width;
	u32 height;
	enum v4l2_ycbcr_encoding encoding;
	struct {
		u32 offset;
		u32 bytesperline;
		u32 row_bytes;
		u32 rows;
	} planes[CAMSIM_MAX_PLANES];
	u32 sizeimage;
};

const struct camsim_format *camsim_format_by_index(u32 index);
const struct camsim_format *camsim_format_by_fourcc(u32 fourcc);
bool camsim_format_size_valid(u32 width, u32 height);
void camsim_format_adjust(struct v4l2_pix_format *pix);
void camsim_format_layout(const struct v4l2_pix_format *pix, struct camsim_layout *layout);

#endif /* _CAMSIM_FORMAT_H_ */
