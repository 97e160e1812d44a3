// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/crc32.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <drm/drm_framebuffer.h>
#include <drm/drm_property.h>

#include "primesim_compose.h"
#include "primesim_fast.h"
#include "primesim_kms.h"
#include "primesim_sampler.h"
#include "primesim_scanout.h"

/**
 * struct primesim_composer - composition of one picture after the other
 * @picture: what is composed.
 * @samplers: of its layers, by their number in the picture.
 * @order: numbers of the layers that have a framebuffer, the lowest first.
 * @layers: entries of @order.
 * @degamma: curve of @picture, if it has one.
 * @ctm: matrix of @picture, if it has one.
 * @gamma: curve of @picture, if it has one.
 * @background: of @picture, XRGB8888.
 * @line: a line with 16 bits a channel.
 * @narrow: a line as XRGB8888.
 *
 * Belongs to one thread. primesim_compose() allocates nothing and takes no lock
 * that something sleeps under.
 */
struct primesim_composer {
	const struct primesim_picture *picture;
	struct primesim_sampler samplers[PRIMESIM_LAYERS];
	u8 order[PRIMESIM_LAYERS];
	u32 layers;
	struct primesim_lut degamma;
	struct primesim_ctm ctm;
	struct primesim_lut gamma;
	u32 background;
	u64 line[PRIMESIM_MAX_MODE_SIZE];
	u32 narrow[PRIMESIM_MAX_MODE_SIZE];
};

static void primesim_composer_free_samplers(struct primesim_composer *composer, int count)
{
	while (count--)
		primesim_sampler_free(&composer->samplers[count]);
}

/**
 * primesim_composer_create - get all memory that composition needs
 *
 * Returns: a composer for primesim_composer_destroy(), or %NULL.
 */
struct primesim_composer *primesim_composer_create(void)
{
	struct primesim_composer *composer;
	int i;

	composer = kvzalloc_obj(*composer);
	if (!composer)
		return NULL;

	for (i = 0; i < PRIMESIM_LAYERS; i++)
		if (primesim_sampler_alloc(&composer->samplers[i], PRIMESIM_MAX_FB_SIZE,
					   PRIMESIM_MAX_MODE_SIZE))
			goto free_samplers;
	return composer;

free_samplers:
	primesim_composer_free_samplers(composer, i);
	kvfree(composer);
	return NULL;
}

/**
 * primesim_composer_destroy - free a composer
 * @composer: the composer, or %NULL.
 */
void primesim_composer_destroy(struct primesim_composer *composer)
{
	if (!composer)
		return;
	primesim_composer_free_samplers(composer, PRIMESIM_LAYERS);
	kvfree(composer);
}

static void primesim_compose_load_lut(struct primesim_lut *lut,
				      const struct drm_property_blob *blob)
{
	const struct drm_color_lut *entries = blob->data;
	int i;

	for (i = 0; i <= PRIMESIM_LUT_SIZE; i++) {
		const struct drm_color_lut *entry = &entries[min(i, PRIMESIM_LUT_SIZE - 1)];

		lut->value[0][i] = entry->red;
		lut->value[1][i] = entry->green;
		lut->value[2][i] = entry->blue;
	}
}

static void primesim_compose_load_ctm(struct primesim_ctm *ctm,
				      const struct drm_property_blob *blob)
{
	const struct drm_color_ctm *matrix = blob->data;
	int i;

	for (i = 0; i < ARRAY_SIZE(ctm->weight); i++)
		ctm->weight[i] = primesim_ctm_weight(matrix->matrix[i]);
}

/* Sorts layer @number in, by its zpos. */
static void primesim_compose_order(struct primesim_composer *composer, int number)
{
	const struct primesim_layer *layers = composer->picture->layers;
	int at = composer->layers++;

	for (; at && layers[composer->order[at - 1]].zpos > layers[number].zpos; at--)
		composer->order[at] = composer->order[at - 1];
	composer->order[at] = number;
}

static int primesim_compose_close(struct primesim_composer *composer)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < composer->layers; i++) {
		int err = primesim_sampler_close(&composer->samplers[composer->order[i]]);

		ret = ret ?: err;
	}
	return ret;
}

static int primesim_compose_open(struct primesim_composer *composer,
				 const struct primesim_picture *picture)
{
	int i, ret;

	composer->picture = picture;
	composer->layers = 0;
	primesim_wide_to_8888(&composer->background, &picture->background, 1);
	if (picture->degamma)
		primesim_compose_load_lut(&composer->degamma, picture->degamma);
	if (picture->ctm)
		primesim_compose_load_ctm(&composer->ctm, picture->ctm);
	if (picture->gamma)
		primesim_compose_load_lut(&composer->gamma, picture->gamma);

	for (i = 0; i < PRIMESIM_LAYERS; i++) {
		if (!picture->layers[i].fb)
			continue;
		ret = primesim_sampler_open(&composer->samplers[i], &picture->layers[i]);
		if (ret)
			goto close_layers;
		primesim_compose_order(composer, i);
	}
	return 0;

close_layers:
	primesim_compose_close(composer);
	return ret;
}

/* Nothing of what is below it can be seen. */
static bool primesim_layer_is_opaque(const struct primesim_layer *layer)
{
	return layer->alpha == PRIMESIM_WIDE_OPAQUE &&
	       (layer->blend == PRIMESIM_BLEND_NONE || !layer->fb->format->has_alpha);
}

static bool primesim_layer_has_line(const struct primesim_layer *layer, u32 y)
{
	return y >= layer->visible.y1 && y < layer->visible.y2;
}

static int primesim_compose_layer(struct primesim_composer *composer, u32 number, u32 y)
{
	const struct primesim_layer *layer = &composer->picture->layers[number];
	u64 *below = composer->line + layer->visible.x1;
	u32 width = drm_rect_width(&layer->visible);
	const u64 *row;

	if (!primesim_layer_has_line(layer, y))
		return 0;

	row = primesim_sampler_line(&composer->samplers[number], y - layer->visible.y1);
	if (IS_ERR(row))
		return PTR_ERR(row);

	if (!primesim_layer_is_opaque(layer)) {
		primesim_wide_blend(below, row, width, layer->blend, layer->alpha);
		return 0;
	}
	memcpy(below, row, width * sizeof(*row));
	if (layer->fb->format->has_alpha)
		primesim_wide_set_alpha(below, width);
	return 0;
}

/* The line with 16 bits a channel all the way, blended, through the curves and the matrix */
static int primesim_compose_wide_line(struct primesim_composer *composer, u32 y)
{
	const struct primesim_picture *picture = composer->picture;
	int ret = 0;
	u32 i;

	memset64(composer->line, picture->background, picture->width);
	for (i = 0; i < composer->layers && !ret; i++)
		ret = primesim_compose_layer(composer, composer->order[i], y);

	if (picture->degamma)
		primesim_wide_lut(composer->line, &composer->degamma, picture->width);
	if (picture->ctm)
		primesim_wide_ctm(composer->line, &composer->ctm, picture->width);
	if (picture->gamma)
		primesim_wide_lut(composer->line, &composer->gamma, picture->width);
	return ret;
}

/* All that is seen are pixels of framebuffers as they are: 8 bits a channel lose nothing. */
static bool primesim_compose_is_narrow(const struct primesim_composer *composer, u32 y)
{
	const struct primesim_picture *picture = composer->picture;
	u32 i;

	if (picture->degamma || picture->ctm || picture->gamma)
		return false;
	for (i = 0; i < composer->layers; i++) {
		const struct primesim_layer *layer = &picture->layers[composer->order[i]];

		if (primesim_layer_has_line(layer, y) &&
		    (!primesim_layer_is_opaque(layer) ||
		     !primesim_sampler_is_narrow(&composer->samplers[composer->order[i]])))
			return false;
	}
	return true;
}

/* The same line, of layers that hide what is below them */
static int primesim_compose_narrow_line(struct primesim_composer *composer, u32 y)
{
	const struct primesim_picture *picture = composer->picture;
	u32 i;

	memset32(composer->narrow, composer->background, picture->width);
	for (i = 0; i < composer->layers; i++) {
		u32 number = composer->order[i];
		const struct primesim_layer *layer = &picture->layers[number];
		const u32 *row;

		if (!primesim_layer_has_line(layer, y))
			continue;
		row = primesim_sampler_narrow_line(&composer->samplers[number],
						   y - layer->visible.y1);
		if (IS_ERR(row))
			return PTR_ERR(row);
		primesim_fast_pack_xrgb8888(composer->narrow + layer->visible.x1, row,
					    drm_rect_width(&layer->visible));
	}
	return 0;
}

static int primesim_compose_line(struct primesim_composer *composer, u32 y)
{
	int ret;

	if (primesim_compose_is_narrow(composer, y))
		return primesim_compose_narrow_line(composer, y);

	ret = primesim_compose_wide_line(composer, y);
	primesim_wide_to_8888(composer->narrow, composer->line, composer->picture->width);
	return ret;
}

/* Who gets the lines: one of the functions is %NULL. */
struct primesim_taker {
	primesim_line_fn take;
	primesim_wide_line_fn take_wide;
	void *context;
};

static int primesim_compose_take(struct primesim_composer *composer,
				 const struct primesim_taker *taker, u32 y)
{
	u32 width = composer->picture->width;
	int ret;

	if (taker->take_wide) {
		ret = primesim_compose_wide_line(composer, y);
		return ret ?: taker->take_wide(taker->context, y, composer->line, width);
	}
	ret = primesim_compose_line(composer, y);
	return ret ?: taker->take(taker->context, y, composer->narrow, width);
}

static int primesim_compose_for(struct primesim_composer *composer,
				const struct primesim_picture *picture,
				const struct primesim_taker *taker)
{
	int ret, err;
	u32 y;

	ret = primesim_compose_open(composer, picture);
	if (ret)
		return ret;

	for (y = 0; y < picture->height && !ret; y++) {
		ret = primesim_compose_take(composer, taker, y);
		cond_resched();
	}
	err = primesim_compose_close(composer);
	return ret ?: err;
}

/**
 * primesim_compose - compose a picture
 * @composer: the composer.
 * @picture: the picture; its framebuffers are mapped for the display.
 * @take: gets its lines, from the top.
 * @context: for @take.
 *
 * Returns: 0, the error of a DMA fault, or what @take returned.
 */
int primesim_compose(struct primesim_composer *composer, const struct primesim_picture *picture,
		     primesim_line_fn take, void *context)
{
	const struct primesim_taker taker = { .take = take, .context = context };

	return primesim_compose_for(composer, picture, &taker);
}

/**
 * primesim_compose_wide - compose a picture with 16 bits a channel
 * @composer: the composer.
 * @picture: the picture; its framebuffers are mapped for the display.
 * @take: gets its lines, from the top.
 * @context: for @take.
 *
 * Returns: as primesim_compose().
 */
int primesim_compose_wide(struct primesim_composer *composer,
			  const struct primesim_picture *picture, primesim_wide_line_fn take,
			  void *context)
{
	const struct primesim_taker taker = { .take_wide = take, .context = context };

	return primesim_compose_for(composer, picture, &taker);
}

static int primesim_crc_line(void *crc, u32 y, const u32 *line, u32 width)
{
	*(u32 *)crc = crc32_le(*(u32 *)crc, (const u8 *)line, width * sizeof(*line));
	return 0;
}

/**
 * primesim_compose_crc - checksum of a picture
 * @composer: the composer.
 * @picture: the picture; its framebuffers are mapped for the display.
 * @crc: out: checksum of its pixels as they are visible, XRGB8888 with the
 *	unused byte set.
 *
 * Returns: 0, or the error of a DMA fault.
 */
int primesim_compose_crc(struct primesim_composer *composer,
			 const struct primesim_picture *picture, u32 *crc)
{
	*crc = ~0;
	return primesim_compose(composer, picture, primesim_crc_line, crc);
}
