/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Surfaces as the engine accesses them: line by line, whatever their layout in memory.
 */
#ifndef _PRIMESIM_SURFACE_H_
#define _PRIMESIM_SURFACE_H_

#include <linux/dma-direction.h>
#include <linux/simdev.h>

#include "primesim_format.h"

struct drm_primesim_rect;
struct drm_primesim_surface;
struct primesim_op_surface;

/**
 * struct primesim_access_plane - a rectangle of one plane, open for access
 * @win: the window.
 * @format: of the pixels.
 * @number: of the plane.
 * @offset: byte of the plane's start.
 * @pitch: bytes from line to line.
 * @line: the rectangle's first line in the plane.
 * @lines: of the rectangle.
 * @x: byte of the rectangle's first pixel in each line.
 * @length: bytes of the rectangle in each line.
 * @tiles: where the lines of a row of tiles are, or %NULL when the layout is linear.
 * @stride: bytes from line to line there.
 * @held: what is there of the plane: read from it, or to be written.
 * @held.line: the first line.
 * @held.end: the line after the last one, 0 when there is nothing.
 * @held.x: the first byte of each line.
 * @held.length: bytes of each line.
 */
struct primesim_access_plane {
	struct simdev_window win;
	const struct primesim_format *format;
	u32 number;
	size_t offset;
	size_t pitch;
	u32 line;
	u32 lines;
	u32 x;
	u32 length;
	u8 *tiles;
	u32 stride;
	struct {
		u32 line;
		u32 end;
		u32 x;
		u32 length;
	} held;
};

/**
 * struct primesim_access - a rectangle of all planes of a surface, open for access
 * @format: of the pixels.
 * @rect: the rectangle.
 * @plane: one per plane of @format.
 * @scattered: where a piece that memory scatters is put together, for each plane.
 * @tiles: the lines of a row of tiles, of all planes.
 */
struct primesim_access {
	const struct primesim_format *format;
	const struct drm_primesim_rect *rect;
	struct primesim_access_plane plane[PRIMESIM_MAX_PLANES];
	u8 scattered[PRIMESIM_MAX_PLANES][PRIMESIM_MAX_ROW] __aligned(32);
	u8 tiles[PRIMESIM_MAX_TILE_ROW] __aligned(32);
};

void primesim_access_open(struct primesim_access *access,
			  const struct primesim_op_surface *surface,
			  const struct drm_primesim_surface *args,
			  const struct drm_primesim_rect *rect, enum dma_data_direction dir);
int primesim_access_close(struct primesim_access *access);

void *primesim_access_line(struct primesim_access_plane *plane, u32 line);
const void *primesim_access_part(struct primesim_access_plane *plane, u32 line, u32 x, u32 length);
int primesim_access_rows(struct primesim_access *access, u32 line, const void *planes[]);

#endif /* _PRIMESIM_SURFACE_H_ */
