/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Pixel formats: one table says how each is enumerated, laid out and painted.
 * Pure logic, also compiled in userspace.
 */
#ifndef _CAMSIM_FORMAT_H_
#define _CAMSIM_FORMAT_H_

#include <linux/types.h>
#include <linux/videodev2.h>

#include "camsim_colour.h"

#define CAMSIM_MIN_WIDTH	16
#define CAMSIM_MIN_HEIGHT	16
#define CAMSIM_MAX_WIDTH	7680
#define CAMSIM_MAX_HEIGHT	4320
#define CAMSIM_MAX_BYTESPERLINE	(2 * 4 * CAMSIM_MAX_WIDTH)
#define CAMSIM_MAX_PLANES	3
#define CAMSIM_MAX_SLOTS	4
#define CAMSIM_MAX_PHASES	2

/* How the samples of a group are put into memory. */
enum camsim_storage {
	CAMSIM_BYTES,	/* a byte each */
	CAMSIM_WORDS,	/* 16 bits each, little-endian */
	CAMSIM_PACKED,	/* four of ten bits in five bytes, as MIPI CSI-2 sends them */
};

/**
 * struct camsim_plane_format - how a format stores one of its colour planes
 * @mem: number of the memory plane that holds it.
 * @pixels: neighbouring pixels of a line that are stored together, a group.
 * @lines: lines that share one row of the plane.
 * @bytes: bytes of a group.
 * @storage: how samples are stored.
 * @shift: of a sample in its word.
 * @slots: samples in a group.
 * @phases: rows after which the order of samples begins anew.
 * @sample: for each row of these, which sample of &struct camsim_colour is in
 *	each slot.
 * @pixel: which pixel of the group each slot belongs to.
 */
struct camsim_plane_format {
	u8 mem;
	u8 pixels;
	u8 lines;
	u8 bytes;
	enum camsim_storage storage;
	u8 shift;
	u8 slots;
	u8 phases;
	u8 sample[CAMSIM_MAX_PHASES][CAMSIM_MAX_SLOTS];
	u8 pixel[CAMSIM_MAX_SLOTS];
};

/**
 * struct camsim_format - one pixel format
 * @fourcc: V4L2_PIX_FMT_*.
 * @bus_code: MEDIA_BUS_FMT_* of what the sensor sends for it.
 * @model: what its samples are.
 * @bits: of a sample.
 * @num_mems: memory planes, a buffer each. More than one is only for
 *	multi-planar nodes.
 * @num_planes: colour planes; those in the same memory plane follow each other.
 * @planes: the colour planes.
 */
struct camsim_format {
	u32 fourcc;
	u32 bus_code;
	enum camsim_model model;
	u8 bits;
	u8 num_mems;
	u8 num_planes;
	struct camsim_plane_format planes[CAMSIM_MAX_PLANES];
};

/**
 * struct camsim_layout - where a picture's rows are in its buffer
 * @format: the pixel format.
 * @coding: how colours are stored.
 * @width: pixels of the picture.
 * @height: lines of the picture.
 * @planes: for each colour plane:
 * @planes.offset: bytes from the start of its memory plane to the picture's
 *	first pixel.
 * @planes.bytesperline: bytes from one row to the next.
 * @planes.row_bytes: bytes of a row that hold pixels.
 * @planes.rows: number of rows.
 * @sizeimage: bytes of each memory plane.
 */
struct camsim_layout {
	const struct camsim_format *format;
	struct camsim_coding coding;
	u32 width;
	u32 height;
	struct {
		u32 offset;
		u32 bytesperline;
		u32 row_bytes;
		u32 rows;
	} planes[CAMSIM_MAX_PLANES];
	u32 sizeimage[CAMSIM_MAX_PLANES];
};

const struct camsim_format *camsim_format_by_index(u32 index, bool mplane);
const struct camsim_format *camsim_format_by_fourcc(u32 fourcc, bool mplane);
u32 camsim_format_csc_flags(const struct camsim_format *format);
u32 camsim_format_group(const struct camsim_format *format);
bool camsim_format_size_valid(u32 width, u32 height);
void camsim_format_adjust(struct v4l2_pix_format_mplane *pix, bool mplane);
void camsim_format_layout(const struct v4l2_pix_format_mplane *pix,
			  const struct v4l2_rect *picture, struct camsim_layout *layout);
size_t camsim_layout_row_size(const struct camsim_layout *layout);

#endif /* _CAMSIM_FORMAT_H_ */
