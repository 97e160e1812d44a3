// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/array_size.h>
#include <linux/minmax.h>

#include "camsim_scene.h"

/* White, yellow, cyan, green, magenta, red, blue, black, from left to right. */
static const u32 camsim_bars[] = {
	0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff, 0x000000,
};

/* Grey, red, green, blue, from top to bottom: which of R'G'B' grow from left to right. */
static const u32 camsim_ramps[] = { 0x010101, 0x010000, 0x000100, 0x000001 };

/* Squares, 32 by 18 of them */
#define CAMSIM_SQUARE	(CAMSIM_SENSOR_WIDTH / 32)

/**
 * camsim_scene_line_kind - which lines look the same
 * @scene: the scene.
 * @y: a line of the sensor.
 *
 * Return: less than CAMSIM_MAX_LINE_KINDS; lines of the same kind are the same.
 */
unsigned int camsim_scene_line_kind(enum camsim_scene scene, u32 y)
{
	switch (scene) {
	case CAMSIM_SCENE_RAMPS:
		return y * ARRAY_SIZE(camsim_ramps) / CAMSIM_SENSOR_HEIGHT;
	case CAMSIM_SCENE_CHECKER:
		return y / CAMSIM_SQUARE % 2;
	default:
		return 0;
	}
}

/**
 * camsim_scene_rgb - the colour of a point, before controls change it
 * @settings: which scene.
 * @x: column of the sensor.
 * @kind: of camsim_scene_line_kind().
 *
 * Noise is not made of points: here it is grey.
 *
 * Return: 0xRRGGBB.
 */
u32 camsim_scene_rgb(const struct camsim_settings *settings, u32 x, unsigned int kind)
{
	switch (settings->scene) {
	case CAMSIM_SCENE_BARS:
		return camsim_bars[x * ARRAY_SIZE(camsim_bars) / CAMSIM_SENSOR_WIDTH];
	case CAMSIM_SCENE_RAMPS:
		return camsim_ramps[kind] * (x * 256 / CAMSIM_SENSOR_WIDTH);
	case CAMSIM_SCENE_CHECKER:
		return (x / CAMSIM_SQUARE + kind) % 2 ? 0x000000 : 0xffffff;
	case CAMSIM_SCENE_SOLID:
		return settings->solid;
	default:
		return 0x808080;
	}
}

static s32 camsim_component(u32 rgb, unsigned int shift)
{
	return rgb >> shift & 0xff;
}

static s32 camsim_expose(const struct camsim_settings *settings, s32 value)
{
	u64 light = (u64)value * settings->exposure * settings->gain;

	return min(light / (CAMSIM_EXPOSURE_UNITY * CAMSIM_GAIN_UNITY), 255ULL);
}

/* Away from @grey, then from middle grey, then up or down. */
static u32 camsim_tune(const struct camsim_settings *settings, s32 value, s32 grey)
{
	s32 v = grey + (value - grey) * (s32)settings->saturation / CAMSIM_SATURATION_UNITY;

	v = clamp(v, 0, 255);
	v = 128 + (v - 128) * (s32)settings->contrast / CAMSIM_CONTRAST_UNITY;
	v = clamp(v, 0, 255);
	return clamp(v + settings->brightness, 0, 255);
}

/**
 * camsim_scene_adjust - what controls make of a colour
 * @settings: the controls.
 * @rgb: 0xRRGGBB.
 *
 * In this order: exposure and gain, saturation, contrast, brightness; each
 * rounds towards zero, and ends where R'G'B' end.
 *
 * Return: 0xRRGGBB.
 */
u32 camsim_scene_adjust(const struct camsim_settings *settings, u32 rgb)
{
	s32 red = camsim_expose(settings, camsim_component(rgb, 16));
	s32 green = camsim_expose(settings, camsim_component(rgb, 8));
	s32 blue = camsim_expose(settings, camsim_component(rgb, 0));
	s32 grey = (299 * red + 587 * green + 114 * blue) / 1000;

	return camsim_tune(settings, red, grey) << 16 | camsim_tune(settings, green, grey) << 8 |
	       camsim_tune(settings, blue, grey);
}
