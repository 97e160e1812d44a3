// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/slab.h>

#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>

#include <linux/simbuf.h>

#include "primesim_gem.h"
#include "primesim_reader.h"
#include "primesim_scanout.h"

static_assert(DRM_COLOR_YCBCR_BT601 == DRM_PRIMESIM_ENCODING_BT601);
static_assert(DRM_COLOR_YCBCR_BT709 == DRM_PRIMESIM_ENCODING_BT709);
static_assert(DRM_COLOR_YCBCR_LIMITED_RANGE == DRM_PRIMESIM_RANGE_LIMITED);
static_assert(DRM_COLOR_YCBCR_FULL_RANGE == DRM_PRIMESIM_RANGE_FULL);

static struct primesim_bo *primesim_reader_bo(struct primesim_reader *reader, u32 plane)
{
	return to_primesim_bo(drm_gem_fb_get_obj(reader->fb, plane));
}

/* Maps it again: the plane may show something else by now. */
static int primesim_reader_open_plane(struct primesim_reader *reader, u32 plane)
{
	struct primesim_bo *bo = primesim_reader_bo(reader, plane);
	size_t size = primesim_format_row_bytes(reader->format, plane, reader->fb->width);
	void *staging;
	int ret;

	staging = kvmalloc(size, GFP_KERNEL);
	if (!staging)
		return -ENOMEM;
	ret = primesim_bo_map_display(bo);
	if (ret) {
		kvfree(staging);
		return ret;
	}

	simbuf_window_open(&reader->window[plane], primesim_bo_attachment(bo, PRIMESIM_DISPLAY),
			   DMA_TO_DEVICE, staging, size);
	return 0;
}

static int primesim_reader_close_planes(struct primesim_reader *reader, u32 count)
{
	int ret = 0;

	while (count--) {
		int err = simdev_window_close(&reader->window[count]);

		ret = ret ?: err;
		primesim_bo_unmap_display(primesim_reader_bo(reader, count));
		kvfree(reader->window[count].staging);
	}
	return ret;
}

/**
 * primesim_reader_open - start reading a layer
 * @reader: the reader to set up.
 * @layer: what to read; it has a framebuffer, which its caller keeps.
 *
 * Returns: 0, -ENOMEM, -EINTR, or why the display cannot reach it.
 */
int primesim_reader_open(struct primesim_reader *reader, const struct primesim_layer *layer)
{
	u32 plane;
	int ret;

	reader->fb = layer->fb;
	reader->format = primesim_format_find(layer->fb->format->format);
	reader->matrix = &primesim_matrices[layer->encoding][layer->range];
	reader->row = kvmalloc_array(reader->fb->width, sizeof(*reader->row), GFP_KERNEL);
	if (!reader->row)
		return -ENOMEM;

	for (plane = 0; plane < reader->format->planes; plane++) {
		ret = primesim_reader_open_plane(reader, plane);
		if (ret)
			goto close_planes;
	}
	return 0;

close_planes:
	primesim_reader_close_planes(reader, plane);
	kvfree(reader->row);
	return ret;
}

/**
 * primesim_reader_row - read part of one line
 * @reader: an open reader.
 * @x: first pixel.
 * @y: line.
 * @count: pixels; all of them are inside the framebuffer.
 *
 * Returns: the pixels, the caller's to change until the next call, or -EFAULT
 * after a DMA fault.
 */
u32 *primesim_reader_row(struct primesim_reader *reader, u32 x, u32 y, u32 count)
{
	const struct primesim_format *format = reader->format;
	const void *planes[PRIMESIM_MAX_PLANES];
	u32 skip = x % format->hsub;	/* chroma samples are read whole */
	u32 plane;

	for (plane = 0; plane < format->planes; plane++) {
		size_t offset = reader->fb->offsets[plane] +
				(size_t)reader->fb->pitches[plane] *
				(y / format->plane[plane].height) +
				primesim_format_row_bytes(format, plane, x - skip);

		planes[plane] = simdev_window_at(&reader->window[plane], offset,
						 primesim_format_row_bytes(format, plane,
									   count + skip));
		if (IS_ERR(planes[plane]))
			return ERR_CAST(planes[plane]);
	}

	format->unpack(reader->row, planes, count + skip, reader->matrix);
	return reader->row + skip;
}

/**
 * primesim_reader_close - stop reading
 * @reader: the reader.
 *
 * Returns: the first error that occurred while reading, or 0.
 */
int primesim_reader_close(struct primesim_reader *reader)
{
	int ret = primesim_reader_close_planes(reader, reader->format->planes);

	kvfree(reader->row);
	return ret;
}
