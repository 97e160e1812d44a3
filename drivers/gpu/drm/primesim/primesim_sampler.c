// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/slab.h>

#include <drm/drm_framebuffer.h>
#include <drm/drm_rect.h>

#include "primesim_sampler.h"
#include "primesim_scanout.h"

/**
 * primesim_sampler_alloc - get a sampler's buffers
 * @sampler: the sampler.
 * @source_pixels: of the longest line of a framebuffer.
 * @pixels: of the longest line on the CRTC.
 *
 * Return: 0 or -ENOMEM.
 */
int primesim_sampler_alloc(struct primesim_sampler *sampler, u32 source_pixels, u32 pixels)
{
	u64 *rows;
	int i, ret;

	rows = kvmalloc_array(ARRAY_SIZE(sampler->rows) * pixels, sizeof(*rows), GFP_KERNEL);
	if (!rows)
		return -ENOMEM;

	ret = primesim_reader_alloc(&sampler->reader, source_pixels, true);
	if (ret) {
		kvfree(rows);
		return ret;
	}
	for (i = 0; i < ARRAY_SIZE(sampler->rows); i++)
		sampler->rows[i] = rows + (size_t)i * pixels;
	return 0;
}

/**
 * primesim_sampler_free - free a sampler's buffers
 * @sampler: the sampler, closed.
 */
void primesim_sampler_free(struct primesim_sampler *sampler)
{
	primesim_reader_free(&sampler->reader);
	kvfree(sampler->rows[0]);
}

/* One for one, pixel on pixel */
static bool primesim_span_is_plain(const struct primesim_span *span)
{
	return !(span->at & 0xffff) && span->length == span->count << 16;
}

static struct primesim_span primesim_span_make(u32 from, u32 to, u32 count)
{
	return (struct primesim_span) {
		.at = from,
		.length = to - from,
		.count = count,
		.last = DIV_ROUND_UP(to, 1 << 16) - 1,
	};
}

/**
 * primesim_sampler_open - start sampling a layer
 * @sampler: a sampler with buffers.
 * @layer: what to sample; its framebuffer is mapped for the display until the sampler is closed.
 *
 * Returns: 0, or -EMSGSIZE when the buffers are too small.
 */
int primesim_sampler_open(struct primesim_sampler *sampler, const struct primesim_layer *layer)
{
	struct drm_rect source = layer->source;
	u32 first;

	drm_rect_rotate(&source, layer->fb->width << 16, layer->fb->height << 16, layer->rotation);
	sampler->across = primesim_span_make(source.x1, source.x2, drm_rect_width(&layer->visible));
	sampler->down = primesim_span_make(source.y1, source.y2, drm_rect_height(&layer->visible));
	sampler->nearest = layer->nearest;
	sampler->held[0] = -1;
	sampler->held[1] = -1;

	/* Lines are read from their first pixel on. */
	first = source.x1 >> 16;
	sampler->across.at -= first << 16;
	sampler->across.last -= first;
	return primesim_reader_open(&sampler->reader, layer, first, sampler->across.last + 1);
}

/* A line of the source, as wide as the layer is on the CRTC */
static const u64 *primesim_sampler_row(struct primesim_sampler *sampler, u32 number)
{
	u64 *row = sampler->rows[number % 2];
	const u64 *line;

	if (sampler->held[number % 2] == number)
		return row;

	line = primesim_reader_line(&sampler->reader, number);
	if (IS_ERR(line) || primesim_span_is_plain(&sampler->across))
		return line;
	if (sampler->nearest)
		primesim_wide_scale_nearest(row, line, &sampler->across);
	else
		primesim_wide_scale_linear(row, line, &sampler->across);
	sampler->held[number % 2] = number;
	return row;
}

static const u64 *primesim_sampler_mix(struct primesim_sampler *sampler, u32 number, u32 part)
{
	u32 count = sampler->across.count;
	const u64 *a, *b;

	a = primesim_sampler_row(sampler, number);
	if (IS_ERR(a))
		return a;

	/* What was not scaled across is in the reader, which reads the next line there. */
	memcpy(sampler->rows[2], a, count * sizeof(*a));
	b = primesim_sampler_row(sampler, number + 1);
	if (IS_ERR(b))
		return b;
	primesim_wide_mix(sampler->rows[2], sampler->rows[2], b, part, count);
	return sampler->rows[2];
}

/**
 * primesim_sampler_line - one line of the layer
 * @sampler: an open sampler.
 * @number: of the line, from the top of what is visible of the layer.
 *
 * Returns: its pixels, valid until the next call, or the error of a DMA fault.
 */
const u64 *primesim_sampler_line(struct primesim_sampler *sampler, u32 number)
{
	u32 part = 0;
	u32 at;

	if (sampler->nearest || primesim_span_is_plain(&sampler->down))
		at = primesim_span_nearest(&sampler->down, number);
	else
		at = primesim_span_linear(&sampler->down, number, &part);
	return part ? primesim_sampler_mix(sampler, at, part) : primesim_sampler_row(sampler, at);
}

/**
 * primesim_sampler_is_narrow - are pixels those of the framebuffer, with 8 bits a channel?
 * @sampler: an open sampler.
 *
 * Returns: whether primesim_sampler_narrow_line() may be called.
 */
bool primesim_sampler_is_narrow(const struct primesim_sampler *sampler)
{
	return primesim_reader_is_narrow(&sampler->reader) &&
	       primesim_span_is_plain(&sampler->across) && primesim_span_is_plain(&sampler->down);
}

/**
 * primesim_sampler_narrow_line - one line of the layer
 * @sampler: an open sampler that is narrow.
 * @number: of the line, from the top of what is visible of the layer.
 *
 * Returns: as primesim_sampler_line(), but ARGB8888; until the next call it is the caller's.
 */
u32 *primesim_sampler_narrow_line(struct primesim_sampler *sampler, u32 number)
{
	return primesim_reader_narrow_line(&sampler->reader,
					   primesim_span_nearest(&sampler->down, number));
}

/**
 * primesim_sampler_close - stop sampling
 * @sampler: the sampler.
 *
 * Returns: the first error that occurred while reading, or 0.
 */
int primesim_sampler_close(struct primesim_sampler *sampler)
{
	return primesim_reader_close(&sampler->reader);
}
