/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The pixel formats of primesim, in one table.
 *
 * Pure logic, also compiled in userspace (tests/).
 */
#ifndef _PRIMESIM_FORMAT_H_
#define _PRIMESIM_FORMAT_H_

#include <linux/bits.h>

#include "primesim_row.h"
#include "primesim_wide.h"

#define PRIMESIM_MAX_PLANES	3
#define PRIMESIM_MAX_WIDTH	16384
#define PRIMESIM_MAX_HEIGHT	16384

/* Bytes of the longest row of any plane. */
#define PRIMESIM_MAX_ROW	(PRIMESIM_MAX_WIDTH * 4)

/* Pixels of a tile of DRM_FORMAT_MOD_GENERIC_16_16_TILE, each way. */
#define PRIMESIM_TILE		16

/* Bytes of the longest row of tiles, all planes together. */
#define PRIMESIM_MAX_TILE_ROW	(PRIMESIM_MAX_ROW * PRIMESIM_TILE)

#define PRIMESIM_USE_ENGINE	BIT(0)	/* the engine reads and writes it */
#define PRIMESIM_USE_SCANOUT	BIT(1)	/* planes show it */

/**
 * struct primesim_plane_format - memory layout of one plane
 * @bytes: of one block, the smallest piece that makes sense by itself.
 * @width: pixels that a block covers.
 * @height: lines that a block covers.
 * @scale: nearest scaling of a row of this plane, both in this format.
 */
struct primesim_plane_format {
	u8 bytes;
	u8 width;
	u8 height;
	primesim_scale_fn scale;
};

/**
 * struct primesim_format - one pixel format
 * @fourcc: DRM_FORMAT_* code.
 * @name: for messages.
 * @uses: PRIMESIM_USE_*.
 * @is_yuv: has luma and chroma; needs a struct primesim_matrix to unpack, and a
 *	struct primesim_weights to pack.
 * @is_8888: is ARGB8888 but for what the upper byte means.
 * @has_alpha: its pixels carry alpha.
 * @has_unused: has bits that mean nothing; they are written as ones.
 * @planes: number of planes.
 * @hsub: width and x of pictures are multiples of it; where the display only knows the format,
 *	it reads so many pixels together.
 * @vsub: height and y of pictures are multiples of it.
 * @value_bits: bits of a colour as FILL takes it.
 * @plane: layout of each plane.
 * @block: a block of plane number @plane that shows the colour @value, as the
 *	little-endian number it is in memory.
 * @unpack: to ARGB8888; NULL where the display only knows the format, and has @unpack_wide.
 * @unpack_wide: to wide pixels, of formats with more than 8 bits a channel, for the
 *	display.
 * @pack: from ARGB8888, for RGB formats.
 * @pack_wide: from opaque wide pixels, for RGB formats with more than 8 bits a channel that the
 *	display writes.
 * @pack_luma: from ARGB8888 to the first plane, for Y'CbCr formats.
 * @pack_chroma: from two rows to the other planes, for those that have them.
 */
struct primesim_format {
	u32 fourcc;
	const char *name;
	u8 uses;
	bool is_yuv;
	bool is_8888;
	bool has_alpha;
	bool has_unused;
	u8 planes;
	u8 hsub;
	u8 vsub;
	u8 value_bits;
	struct primesim_plane_format plane[PRIMESIM_MAX_PLANES];
	u32 (*block)(u32 value, u32 plane);
	primesim_unpack_fn unpack;
	primesim_unpack_wide_fn unpack_wide;
	primesim_pack_fn pack;
	primesim_pack_wide_fn pack_wide;
	primesim_pack_luma_fn pack_luma;
	primesim_pack_chroma_fn pack_chroma;
};

extern const struct primesim_format primesim_formats[];
extern const u32 primesim_format_count;

/* Indices are DRM_PRIMESIM_ENCODING_* and DRM_PRIMESIM_RANGE_*. */
#define PRIMESIM_ENCODINGS	3
#define PRIMESIM_RANGES		2
extern const struct primesim_matrix primesim_matrices[PRIMESIM_ENCODINGS][PRIMESIM_RANGES];
extern const struct primesim_weights primesim_weights[PRIMESIM_ENCODINGS][PRIMESIM_RANGES];

const struct primesim_format *primesim_format_find(u32 fourcc);

/* Bytes of @width pixels of a plane, also those before pixel number @width. */
static inline u32 primesim_format_row_bytes(const struct primesim_format *format,
					    u32 plane, u32 width)
{
	const struct primesim_plane_format *layout = &format->plane[plane];

	return (width + layout->width - 1) / layout->width * layout->bytes;
}

/* Lines of a plane in a picture that is @height lines high. */
static inline u32 primesim_format_lines(const struct primesim_format *format,
					u32 plane, u32 height)
{
	const struct primesim_plane_format *layout = &format->plane[plane];

	return (height + layout->height - 1) / layout->height;
}

/* What pitches and offsets of a plane are multiples of: processors want that of numbers. */
static inline u32 primesim_format_align(const struct primesim_format *format, u32 plane)
{
	u32 bytes = format->plane[plane].bytes;

	return bytes & (bytes - 1) ? 1 : bytes;
}

/* Bytes of a line of a tile, and lines of a tile, in one plane. */
static inline u32 primesim_format_tile_bytes(const struct primesim_format *format, u32 plane)
{
	return primesim_format_row_bytes(format, plane, PRIMESIM_TILE);
}

static inline u32 primesim_format_tile_lines(const struct primesim_format *format, u32 plane)
{
	return primesim_format_lines(format, plane, PRIMESIM_TILE);
}

/*
 * Where byte @x of a line is in a tiled plane, from the plane's start. Bytes up to the
 * next multiple of a tile's width follow it.
 */
static inline size_t primesim_format_tiled_at(const struct primesim_format *format, u32 plane,
					      size_t pitch, u32 line, u32 x)
{
	u32 bytes = primesim_format_tile_bytes(format, plane);
	u32 lines = primesim_format_tile_lines(format, plane);

	return line / lines * lines * pitch + (size_t)(x / bytes) * bytes * lines +
	       line % lines * bytes + x % bytes;
}

#endif /* _PRIMESIM_FORMAT_H_ */
