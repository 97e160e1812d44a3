// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Lines of surfaces by way of simdev windows. Nothing here allocates or takes a lock: it
 * runs where a dma-fence is being signalled.
 */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#include <drm/drm_fourcc.h>

#include "primesim_op.h"
#include "primesim_surface.h"

/**
 * primesim_access_open - open a rectangle of a surface
 * @access: to set up.
 * @surface: passed all checks, its objects mapped for the GPU.
 * @args: as userspace described it.
 * @rect: the rectangle.
 * @dir: DMA_TO_DEVICE to read, DMA_FROM_DEVICE to write.
 * @staging: one for each plane.
 */
void primesim_access_open(struct primesim_access *access,
			  const struct primesim_op_surface *surface,
			  const struct drm_primesim_surface *args,
			  const struct drm_primesim_rect *rect, enum dma_data_direction dir,
			  struct primesim_staging *staging)
{
	const struct primesim_format *format = surface->format;
	bool tiled = args->modifier == DRM_FORMAT_MOD_GENERIC_16_16_TILE;

	access->format = format;
	access->rect = rect;
	for (u32 i = 0; i < format->planes; i++) {
		struct primesim_access_plane *plane = &access->plane[i];

		simbuf_window_open(&plane->win, surface->att[i], dir, staging[i].scattered,
				   sizeof(staging[i].scattered));
		plane->format = format;
		plane->number = i;
		plane->offset = args->offsets[i];
		plane->pitch = args->pitches[i];
		plane->line = rect->y / format->plane[i].height;
		plane->x = primesim_format_row_bytes(format, i, rect->x);
		plane->length = primesim_format_row_bytes(format, i, rect->width);
		plane->tiled = tiled ? staging[i].tiled : NULL;
		plane->pending = false;
	}
}

/* The piece of a tiled plane's line from byte @x on, within one tile. */
static void *tile_piece(struct primesim_access_plane *plane, u32 line, u32 x, u32 end, u32 *length)
{
	u32 bytes = primesim_format_tile_bytes(plane->format, plane->number);
	size_t at = primesim_format_tiled_at(plane->format, plane->number, plane->pitch, line, x);

	*length = min(bytes - x % bytes, end - x);

	return simdev_window_at(&plane->win, plane->offset + at, *length);
}

static int tiles_read(struct primesim_access_plane *plane, u32 line, u32 x, u32 length)
{
	u32 piece;

	for (u32 done = 0; done < length; done += piece) {
		const void *from = tile_piece(plane, line, x + done, x + length, &piece);

		if (IS_ERR(from))
			return PTR_ERR(from);
		memcpy(plane->tiled + done, from, piece);
	}

	return 0;
}

static int tiles_flush(struct primesim_access_plane *plane)
{
	u32 end = plane->x + plane->length;
	u32 piece;

	if (!plane->pending)
		return 0;

	plane->pending = false;
	for (u32 done = 0; done < plane->length; done += piece) {
		void *to = tile_piece(plane, plane->pending_line, plane->x + done, end, &piece);

		if (IS_ERR(to))
			return PTR_ERR(to);
		memcpy(to, plane->tiled + done, piece);
	}

	return 0;
}

/* A line in the buffer for tiles: what it held before is written, what it is to hold is read. */
static void *tiled_row(struct primesim_access_plane *plane, u32 line)
{
	int ret;

	if (plane->win.dir == DMA_FROM_DEVICE) {
		ret = tiles_flush(plane);
		plane->pending = !ret;
		plane->pending_line = line;
	} else {
		ret = tiles_read(plane, line, plane->x, plane->length);
	}

	return ret ? ERR_PTR(ret) : plane->tiled;
}

/**
 * primesim_access_line - a line of the rectangle in one plane
 * @plane: the plane.
 * @line: counts this plane's lines, from the rectangle's first one on.
 *
 * Return: where it is, valid until the next access to this plane, or an ERR_PTR: see
 * simdev_window_at(). What is written is in memory then.
 */
void *primesim_access_line(struct primesim_access_plane *plane, u32 line)
{
	line += plane->line;
	if (plane->tiled)
		return tiled_row(plane, line);

	return simdev_window_at(&plane->win, plane->offset + plane->x + line * plane->pitch,
				plane->length);
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
	int ret;

	line += plane->line;
	x += plane->x;
	if (!plane->tiled)
		return simdev_window_at(&plane->win, plane->offset + x + line * plane->pitch,
					length);
	ret = tiles_read(plane, line, x, length);

	return ret ? ERR_PTR(ret) : plane->tiled;
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
