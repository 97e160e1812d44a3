// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Composition: all layers of a picture to one, a line at a time.
 */
#include <linux/crc32.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "primesim_compose.h"
#include "primesim_reader.h"
#include "primesim_scanout.h"

#define PRIMESIM_BLACK	0xff000000

/**
 * struct primesim_composer - composition of one picture
 * @picture: what is composed.
 * @readers: of the layers that have a framebuffer.
 * @line: the line that was composed last, XRGB8888 with the unused byte set.
 */
struct primesim_composer {
	const struct primesim_picture *picture;
	struct primesim_reader readers[PRIMESIM_LAYERS];
	u32 *line;
};

/* Alpha is premultiplied, which is DRM's default. */
static u32 primesim_blend(u32 below, u32 above)
{
	u32 through = 255 - (above >> 24);
	u32 shift, out = PRIMESIM_BLACK;

	if (!through)
		return above;

	for (shift = 0; shift < 24; shift += 8) {
		u32 channel = (above >> shift & 0xff) +
			      DIV_ROUND_CLOSEST((below >> shift & 0xff) * through, 255);

		out |= min(channel, 255) << shift;
	}
	return out;
}

static void primesim_blend_row(u32 *below, const u32 *above, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		below[i] = primesim_blend(below[i], above[i]);
}

static int primesim_compose_layer(struct primesim_composer *composer, int i, u32 y)
{
	const struct primesim_layer *layer = &composer->picture->layers[i];
	u32 width = drm_rect_width(&layer->visible);
	const u32 *row;

	if (!layer->fb || y < layer->visible.y1 || y >= layer->visible.y2)
		return 0;

	row = primesim_reader_row(&composer->readers[i], layer->x,
				  layer->y + y - layer->visible.y1, width);
	if (IS_ERR(row))
		return PTR_ERR(row);

	primesim_blend_row(composer->line + layer->visible.x1, row, width);
	return 0;
}

static int primesim_compose_line(struct primesim_composer *composer, u32 y)
{
	int i, ret = 0;

	memset32(composer->line, PRIMESIM_BLACK, composer->picture->width);
	for (i = 0; i < PRIMESIM_LAYERS && !ret; i++)
		ret = primesim_compose_layer(composer, i, y);
	return ret;
}

static int primesim_compose_close_layers(struct primesim_composer *composer, int count)
{
	int ret = 0;

	while (count--) {
		int err = 0;

		if (composer->picture->layers[count].fb)
			err = primesim_reader_close(&composer->readers[count]);
		ret = ret ?: err;
	}
	return ret;
}

static int primesim_compose_open(struct primesim_composer *composer,
				 const struct primesim_picture *picture)
{
	int i, ret;

	composer->picture = picture;
	composer->line = kvmalloc_array(picture->width, sizeof(*composer->line), GFP_KERNEL);
	if (!composer->line)
		return -ENOMEM;

	for (i = 0; i < PRIMESIM_LAYERS; i++) {
		if (!picture->layers[i].fb)
			continue;
		ret = primesim_reader_open(&composer->readers[i], &picture->layers[i]);
		if (ret)
			goto close_layers;
	}
	return 0;

close_layers:
	primesim_compose_close_layers(composer, i);
	kvfree(composer->line);
	return ret;
}

static int primesim_compose_close(struct primesim_composer *composer)
{
	int ret = primesim_compose_close_layers(composer, PRIMESIM_LAYERS);

	kvfree(composer->line);
	return ret;
}

/**
 * primesim_compose_crc - checksum of a picture
 * @picture: the picture.
 * @crc: out: checksum of its pixels as they are visible, XRGB8888 with the
 *	unused byte set.
 *
 * Returns: 0, -ENOMEM, or the error of a DMA fault.
 */
int primesim_compose_crc(const struct primesim_picture *picture, u32 *crc)
{
	struct primesim_composer composer;
	int ret, err;
	u32 y;

	ret = primesim_compose_open(&composer, picture);
	if (ret)
		return ret;

	*crc = ~0;
	for (y = 0; y < picture->height && !ret; y++) {
		ret = primesim_compose_line(&composer, y);
		*crc = crc32_le(*crc, (const u8 *)composer.line, picture->width * sizeof(u32));
		cond_resched();
	}
	err = primesim_compose_close(&composer);
	return ret ?: err;
}
