// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Lines of surfaces by way of simdev windows. Nothing here allocates or takes a lock: it
 * runs where a dma-fence is being signalled.
 */
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#include <drm/drm_fourcc.h>

#include "primesim_fast.h"
#include "primesim_op.h"
#include "primesim_surface.h"

/**
 * primesim_access_open - open a rectangle of a surface
 * @access: to set up, of nobody else until it is closed.
 * @surface: passed all checks, its objects mapped for the GPU.
 * @args: as userspace described it.
 * @rect: the rectangle.
 * @dir: DMA_TO_DEVICE to read, DMA_FROM_DEVICE to write.
 */
void primesim_access_open(struct primesim_access *access,
			  const struct primesim_op_surface *surface,
			  const struct drm_primesim_surface *args,
			  const struct drm_primesim_rect *rect, enum dma_data_direction dir)
{
	const struct primesim_format *format = surface->format;
	bool tiled = args->modifier == DRM_FORMAT_MOD_GENERIC_16_16_TILE;
	u8 *tiles = access->tiles;

	access->format = format;
	access->rect = rect;
	for (u32 i = 0; i < format->planes; i++) {
		struct primesim_access_plane *plane = &access->plane[i];

		simbuf_window_open(&plane->win, surface->att[i], dir, access->scattered[i],
				   sizeof(access->scattered[i]));
		plane->format = format;
		plane->number = i;
		plane->offset = args->offsets[i];
		plane->pitch = args->pitches[i];
		plane->line = rect->y / format->plane[i].height;
		plane->lines = primesim_format_lines(format, i, rect->height);
		plane->x = primesim_format_row_bytes(format, i, rect->x);
		plane->length = primesim_format_row_bytes(format, i, rect->width);
		plane->tiles = tiled ? tiles : NULL;
		plane->stride = roundup(plane->length, 32);
		memset(&plane->held, 0, sizeof(plane->held));
		tiles += plane->stride * primesim_format_tile_lines(format, i);
	}
}

static u8 *tiles_at(const struct primesim_access_plane *plane, u32 line, u32 x)
{
	line %= primesim_format_tile_lines(plane->format, plane->number);

	return plane->tiles + line * plane->stride + (x - plane->x);
}

/* Moves @lines lines of bytes within one tile, which follow each other in memory. */
static int tile_move(struct primesim_access_plane *plane, u32 line, u32 lines, u32 x, u32 length)
{
	size_t at = primesim_format_tiled_at(plane->format, plane->number, plane->pitch, line, x);
	void *memory = simdev_window_at(&plane->win, plane->offset + at, lines * length);
	u8 *ours = tiles_at(plane, line, x);

	if (IS_ERR(memory))
		return PTR_ERR(memory);
	if (plane->win.dir == DMA_FROM_DEVICE)
		primesim_fast_copy(memory, length, ours, plane->stride, length, lines);
	else
		primesim_fast_copy(ours, plane->stride, memory, length, length, lines);

	return 0;
}

/* Moves what is held: between the tiles of one row and the place for its lines. */
static int tiles_move(struct primesim_access_plane *plane)
{
	u32 bytes = primesim_format_tile_bytes(plane->format, plane->number);
	u32 end = plane->held.x + plane->held.length;
	u32 length, lines;
	int ret = 0;

	for (u32 x = plane->held.x; x < end && !ret; x += length) {
		length = min(bytes - x % bytes, end - x);
		/* Lines of a whole tile are one piece. */
		lines = length == bytes ? plane->held.end - plane->held.line : 1;
		for (u32 line = plane->held.line; line < plane->held.end && !ret; line += lines)
			ret = tile_move(plane, line, lines, x, length);
	}

	return ret;
}

static int tiles_flush(struct primesim_access_plane *plane)
{
	int ret = 0;

	if (plane->win.dir == DMA_FROM_DEVICE && plane->held.end)
		ret = tiles_move(plane);
	plane->held.end = 0;

	return ret;
}

/* A line to write, with those of its row of tiles that were asked for before. */
static void *tiles_write(struct primesim_access_plane *plane, u32 line)
{
	u32 lines = primesim_format_tile_lines(plane->format, plane->number);

	if (plane->held.end && line / lines != plane->held.line / lines) {
		int ret = tiles_flush(plane);

		if (ret)
			return ERR_PTR(ret);
	}
	if (!plane->held.end)
		plane->held.line = line;
	plane->held.end = line + 1;
	plane->held.x = plane->x;
	plane->held.length = plane->length;

	return tiles_at(plane, line, plane->x);
}

/* Part of a line to read: that part of all of the rectangle's lines in its row of tiles. */
static void *tiles_read(struct primesim_access_plane *plane, u32 line, u32 x, u32 length)
{
	u32 lines = primesim_format_tile_lines(plane->format, plane->number);
	u32 first = rounddown(line, lines);
	int ret;

	if (line < plane->held.line || line >= plane->held.end || x != plane->held.x ||
	    length != plane->held.length) {
		plane->held.line = max(first, plane->line);
		plane->held.end = min(first + lines, plane->line + plane->lines);
		plane->held.x = x;
		plane->held.length = length;
		ret = tiles_move(plane);
		if (ret) {
			plane->held.end = 0;
			return ERR_PTR(ret);
		}
	}

	return tiles_at(plane, line, x);
}

/**
 * primesim_access_part - part of a line of the rectangle, to read
 * @plane: the plane.
 * @line: as in primesim_access_line().
 * @x: first byte, from the rectangle's first one on.
 * @length: bytes, within the rectangle.
 *
 * Return: as primesim_access_line().
 */
const void *primesim_access_part(struct primesim_access_plane *plane, u32 line, u32 x, u32 length)
{
	line += plane->line;
	x += plane->x;
	if (plane->tiles)
		return tiles_read(plane, line, x, length);

	return simdev_window_at(&plane->win, plane->offset + x + line * plane->pitch, length);
}

/**
 * primesim_access_line - a line of the rectangle in one plane
 * @plane: the plane.
 * @line: counts this plane's lines, from the rectangle's first one on. Lines are
 *	written in this order, none is left out.
 *
 * Return: where it is, valid until the next access to this plane, or an ERR_PTR: see
 * simdev_window_at(). What is written is in memory at the latest when access ends.
 */
void *primesim_access_line(struct primesim_access_plane *plane, u32 line)
{
	if (plane->tiles && plane->win.dir == DMA_FROM_DEVICE)
		return tiles_write(plane, line + plane->line);

	return (void *)primesim_access_part(plane, line, 0, plane->length);
}

/**
 * primesim_access_rows - a line of pixels in all planes, to read
 * @access: open for reading.
 * @line: of pixels, from the rectangle's first one on.
 * @planes: out: where the line is in each plane.
 *
 * Return: 0 or the error of primesim_access_line().
 */
int primesim_access_rows(struct primesim_access *access, u32 line, const void *planes[])
{
	const struct primesim_format *format = access->format;

	for (u32 i = 0; i < format->planes; i++) {
		planes[i] = primesim_access_line(&access->plane[i], line / format->plane[i].height);
		if (IS_ERR(planes[i]))
			return PTR_ERR(planes[i]);
	}

	return 0;
}

/**
 * primesim_access_close - end access to a surface
 * @access: open.
 *
 * Return: 0, or the first error that any access to it had.
 */
int primesim_access_close(struct primesim_access *access)
{
	int ret = 0;

	for (u32 i = 0; i < access->format->planes; i++) {
		struct primesim_access_plane *plane = &access->plane[i];
		int flushed = tiles_flush(plane);
		int closed = simdev_window_close(&plane->win);

		ret = ret ?: closed ?: flushed;
	}

	return ret;
}
