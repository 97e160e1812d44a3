// SPDX-License-Identifier: MIT
#include "display_mode.h"

#include <stdio.h>

#define BLANKING 160	/* pixels per line, and lines / 4 per frame */
#define REFRESH 60

static uint32_t distance_to_60(const drmModeModeInfo *mode)
{
	return mode->vrefresh > REFRESH ? mode->vrefresh - REFRESH : REFRESH - mode->vrefresh;
}

const drmModeModeInfo *pp_mode_find(const drmModeConnector *connector, uint32_t width,
				    uint32_t height)
{
	const drmModeModeInfo *best = NULL;

	for (int i = 0; i < connector->count_modes; i++) {
		const drmModeModeInfo *mode = &connector->modes[i];

		if (mode->hdisplay != width || mode->vdisplay != height ||
		    mode->flags & DRM_MODE_FLAG_INTERLACE)
			continue;
		if (!best || distance_to_60(mode) < distance_to_60(best))
			best = mode;
	}
	return best;
}

const drmModeModeInfo *pp_mode_preferred(const drmModeConnector *connector)
{
	for (int i = 0; i < connector->count_modes; i++) {
		if (connector->modes[i].type & DRM_MODE_TYPE_PREFERRED)
			return &connector->modes[i];
	}
	return connector->count_modes ? &connector->modes[0] : NULL;
}

drmModeModeInfo pp_mode_make(uint32_t width, uint32_t height)
{
	drmModeModeInfo mode = {
		.hdisplay = (uint16_t)width,
		.hsync_start = (uint16_t)(width + BLANKING / 4),
		.hsync_end = (uint16_t)(width + BLANKING / 2),
		.htotal = (uint16_t)(width + BLANKING),
		.vdisplay = (uint16_t)height,
		.vsync_start = (uint16_t)(height + BLANKING / 16),
		.vsync_end = (uint16_t)(height + BLANKING / 8),
		.vtotal = (uint16_t)(height + BLANKING / 4),
		.vrefresh = REFRESH,
		.type = DRM_MODE_TYPE_USERDEF,
	};

	mode.clock = (uint32_t)mode.htotal * mode.vtotal * REFRESH / 1000;
	snprintf(mode.name, sizeof(mode.name), "%ux%u", width, height);
	return mode;
}
