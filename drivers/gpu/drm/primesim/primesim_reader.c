// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/slab.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>

#include <linux/simbuf.h>

#include "primesim_fast.h"
#include "primesim_gem.h"
#include "primesim_reader.h"
#include "primesim_scanout.h"
#include "primesim_wide.h"

static_assert(DRM_COLOR_YCBCR_BT601 == DRM_PRIMESIM_ENCODING_BT601);
static_assert(DRM_COLOR_YCBCR_BT709 == DRM_PRIMESIM_ENCODING_BT709);
static_assert(DRM_COLOR_YCBCR_BT2020 == DRM_PRIMESIM_ENCODING_BT2020);
static_assert(DRM_COLOR_YCBCR_LIMITED_RANGE == DRM_PRIMESIM_RANGE_LIMITED);
static_assert(DRM_COLOR_YCBCR_FULL_RANGE == DRM_PRIMESIM_RANGE_FULL);

/* Chroma samples and bytes are read whole: up to so many pixels more. */
#define READER_MARGIN	8
#define READER_BYTES	8	/* of a pixel, at most */

/**
 * primesim_reader_alloc - get a reader's buffers
 * @reader: the reader.
 * @pixels: of the longest line it will read.
 * @columns: whether there may be layers whose lines are columns of the framebuffer, which takes
 *	most of the memory.
 *
 * Return: 0 or -ENOMEM.
 */
int primesim_reader_alloc(struct primesim_reader *reader, u32 pixels, bool columns)
{
	size_t wide = (size_t)(pixels + READER_MARGIN) * READER_BYTES;
	u32 band = columns ? PRIMESIM_READER_BAND : 0;
	void *at;
	int i;

	reader->pixels = pixels;
	reader->memory = kvmalloc(wide * (2 * PRIMESIM_MAX_PLANES + 2 + band), GFP_KERNEL);
	if (!reader->memory)
		return -ENOMEM;

	at = reader->memory;
	for (i = 0; i < PRIMESIM_MAX_PLANES; i++, at += 2 * wide) {
		reader->staging[i] = at;
		reader->row[i] = at + wide;
	}
	reader->narrow = at;
	reader->line = at + wide;
	reader->band = columns ? at + 2 * wide : NULL;
	return 0;
}

/**
 * primesim_reader_free - free a reader's buffers
 * @reader: the reader, closed.
 */
void primesim_reader_free(struct primesim_reader *reader)
{
	kvfree(reader->memory);
	reader->memory = NULL;
}

/* Rotations are counterclockwise and follow the reflections. */
static void primesim_reader_turn(struct primesim_reader *reader, unsigned int rotation)
{
	unsigned int angle = rotation & DRM_MODE_ROTATE_MASK;

	reader->transposed = angle == DRM_MODE_ROTATE_90 || angle == DRM_MODE_ROTATE_270;
	reader->flip_x = !!(rotation & DRM_MODE_REFLECT_X) ^
			 (angle == DRM_MODE_ROTATE_90 || angle == DRM_MODE_ROTATE_180);
	reader->flip_y = !!(rotation & DRM_MODE_REFLECT_Y) ^
			 (angle == DRM_MODE_ROTATE_180 || angle == DRM_MODE_ROTATE_270);
}

/**
 * primesim_reader_open - start reading a layer
 * @reader: a reader with buffers.
 * @layer: what to read; its framebuffer is mapped for the display until the reader is closed.
 * @first: pixel that lines begin with, counted in the rotated framebuffer.
 * @count: pixels of a line.
 *
 * Returns: 0, or -EMSGSIZE when the buffers are too small, or not for columns.
 */
int primesim_reader_open(struct primesim_reader *reader, const struct primesim_layer *layer,
			 u32 first, u32 count)
{
	u32 plane;

	primesim_reader_turn(reader, layer->rotation);
	if (count > reader->pixels || (reader->transposed && !reader->band))
		return -EMSGSIZE;

	reader->fb = layer->fb;
	reader->format = primesim_format_find(layer->fb->format->format);
	reader->matrix = &primesim_matrices[layer->encoding][layer->range];
	reader->first = first;
	reader->count = count;
	reader->band_at = -1;
	for (plane = 0; plane < reader->format->planes; plane++) {
		struct primesim_bo *bo = to_primesim_bo(drm_gem_fb_get_obj(reader->fb, plane));

		simbuf_window_open(&reader->window[plane],
				   primesim_bo_attachment(bo, PRIMESIM_DISPLAY), DMA_TO_DEVICE,
				   reader->staging[plane],
				   (size_t)(reader->pixels + READER_MARGIN) * READER_BYTES);
	}
	return 0;
}

/* @bytes of a plane's line from byte @x on, collected from the tiles it runs through */
static void *primesim_reader_tiles(struct primesim_reader *reader, u32 plane, u32 line, u32 x,
				   u32 bytes)
{
	u32 tile = primesim_format_tile_bytes(reader->format, plane);
	u8 *out = reader->row[plane];
	const void *piece;
	u32 done, n;

	for (done = 0; done < bytes; done += n, x += n) {
		n = min(bytes - done, tile - x % tile);
		piece = simdev_window_at(&reader->window[plane], reader->fb->offsets[plane] +
					 primesim_format_tiled_at(reader->format, plane,
								  reader->fb->pitches[plane],
								  line, x), n);
		if (IS_ERR(piece))
			return ERR_CAST(piece);
		memcpy(out + done, piece, n);
	}
	return out;
}

/* The same, however the framebuffer is laid out */
static void *primesim_reader_bytes(struct primesim_reader *reader, u32 plane, u32 line, u32 x,
				   u32 bytes)
{
	if (reader->fb->modifier == DRM_FORMAT_MOD_GENERIC_16_16_TILE)
		return primesim_reader_tiles(reader, plane, line, x, bytes);
	return simdev_window_at(&reader->window[plane], reader->fb->offsets[plane] + x +
				(size_t)reader->fb->pitches[plane] * line, bytes);
}

/* Where the framebuffer's row @y is in each plane, with pixels from @x on */
static int primesim_reader_planes(struct primesim_reader *reader, const void *planes[], u32 x,
				  u32 y, u32 count)
{
	const struct primesim_format *format = reader->format;
	u32 plane;

	for (plane = 0; plane < format->planes; plane++) {
		planes[plane] = primesim_reader_bytes(reader, plane,
						      y / format->plane[plane].height,
						      primesim_format_row_bytes(format, plane, x),
						      primesim_format_row_bytes(format, plane,
										count));
		if (IS_ERR(planes[plane]))
			return PTR_ERR(planes[plane]);
	}
	return 0;
}

/* @count pixels of the framebuffer's row @y from @x on, ARGB8888 */
static u32 *primesim_reader_fetch_narrow(struct primesim_reader *reader, u32 x, u32 y, u32 count)
{
	const void *planes[PRIMESIM_MAX_PLANES];
	u32 skip = x % reader->format->hsub;	/* chroma samples and bytes are read whole */
	int ret;

	ret = primesim_reader_planes(reader, planes, x - skip, y, count + skip);
	if (ret)
		return ERR_PTR(ret);
	reader->format->unpack(reader->narrow, planes, count + skip, reader->matrix);
	return reader->narrow + skip;
}

/* The same, wide. Returns where they are in @out, which has room for some more. */
static u64 *primesim_reader_fetch(struct primesim_reader *reader, u64 *out, u32 x, u32 y, u32 count)
{
	const void *planes[PRIMESIM_MAX_PLANES];
	u32 skip = x % reader->format->hsub;
	const u32 *narrow;
	int ret;

	if (reader->format->unpack_wide) {
		ret = primesim_reader_planes(reader, planes, x - skip, y, count + skip);
		if (ret)
			return ERR_PTR(ret);
		reader->format->unpack_wide(out, planes, count + skip, reader->matrix);
		return out + skip;
	}
	narrow = primesim_reader_fetch_narrow(reader, x, y, count);
	if (IS_ERR(narrow))
		return ERR_CAST(narrow);
	primesim_wide_from_8888(out, narrow, count);
	return out;
}

/* Where line @number begins in the framebuffer */
static void primesim_reader_place(const struct primesim_reader *reader, u32 number, u32 *x, u32 *y)
{
	*x = reader->first;
	*y = number;
	if (reader->flip_x)
		*x = reader->fb->width - reader->first - reader->count;
	if (reader->flip_y)
		*y = reader->fb->height - 1 - number;
}

static u64 *primesim_reader_row(struct primesim_reader *reader, u32 number)
{
	u64 *line;
	u32 x, y;

	primesim_reader_place(reader, number, &x, &y);
	line = primesim_reader_fetch(reader, reader->line, x, y, reader->count);
	if (!IS_ERR(line) && reader->flip_x)
		primesim_wide_reverse(line, reader->count);
	return line;
}

/* One pixel of each line in the band that begins with line @at, of which @lines exist */
static int primesim_reader_fill_band(struct primesim_reader *reader, u32 at, u32 lines, u32 i)
{
	u32 x = reader->flip_x ? reader->fb->width - at - lines : at;
	u32 y = reader->first + i;
	u64 *pixels;
	u32 k;

	if (reader->flip_y)
		y = reader->fb->height - 1 - y;
	pixels = primesim_reader_fetch(reader, reader->line, x, y, lines);
	if (IS_ERR(pixels))
		return PTR_ERR(pixels);
	for (k = 0; k < lines; k++)
		reader->band[(size_t)k * reader->pixels + i] =
			pixels[reader->flip_x ? lines - 1 - k : k];
	return 0;
}

static u64 *primesim_reader_column(struct primesim_reader *reader, u32 number)
{
	u32 at = round_down(number, PRIMESIM_READER_BAND);
	u32 lines = min(PRIMESIM_READER_BAND, reader->fb->width - at);
	u32 i;
	int ret;

	if (reader->band_at != at) {
		reader->band_at = -1;
		for (i = 0; i < reader->count; i++) {
			ret = primesim_reader_fill_band(reader, at, lines, i);
			if (ret)
				return ERR_PTR(ret);
		}
		reader->band_at = at;
	}
	return reader->band + (size_t)(number - at) * reader->pixels;
}

/**
 * primesim_reader_line - read one line
 * @reader: an open reader.
 * @number: of the line in the rotated framebuffer.
 *
 * Returns: its pixels, valid until the next call, or the error of a DMA fault.
 */
u64 *primesim_reader_line(struct primesim_reader *reader, u32 number)
{
	return reader->transposed ? primesim_reader_column(reader, number) :
				    primesim_reader_row(reader, number);
}

/**
 * primesim_reader_is_narrow - do lines have 8 bits a channel?
 * @reader: an open reader.
 *
 * Returns: whether primesim_reader_narrow_line() may be called.
 */
bool primesim_reader_is_narrow(const struct primesim_reader *reader)
{
	return !reader->format->unpack_wide && !reader->transposed;
}

/**
 * primesim_reader_narrow_line - read one line
 * @reader: an open reader that is narrow.
 * @number: of the line in the rotated framebuffer.
 *
 * Returns: as primesim_reader_line(), but ARGB8888.
 */
u32 *primesim_reader_narrow_line(struct primesim_reader *reader, u32 number)
{
	u32 *line;
	u32 x, y;

	primesim_reader_place(reader, number, &x, &y);
	line = primesim_reader_fetch_narrow(reader, x, y, reader->count);
	if (!IS_ERR(line) && reader->flip_x)
		primesim_fast_reverse(line, reader->count);
	return line;
}

/**
 * primesim_reader_close - stop reading
 * @reader: the reader.
 *
 * Returns: the first error that occurred while reading, or 0.
 */
int primesim_reader_close(struct primesim_reader *reader)
{
	u32 count = reader->format->planes;
	int ret = 0;

	while (count--) {
		int err = simdev_window_close(&reader->window[count]);

		ret = ret ?: err;
	}
	return ret;
}
