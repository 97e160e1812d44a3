// SPDX-License-Identifier: MIT
#include <string.h>

#include "../lib/display_mode.h"
#include "test.h"

static drmModeModeInfo modes[] = {
	{ .hdisplay = 1920, .vdisplay = 1080, .vrefresh = 60, .flags = DRM_MODE_FLAG_INTERLACE },
	{ .hdisplay = 1920, .vdisplay = 1080, .vrefresh = 24 },
	{ .hdisplay = 1920, .vdisplay = 1080, .vrefresh = 75 },
	{ .hdisplay = 1920, .vdisplay = 1080, .vrefresh = 50 },
	{ .hdisplay = 1280, .vdisplay = 800, .vrefresh = 60, .type = DRM_MODE_TYPE_PREFERRED },
};

static drmModeConnector connector = { .modes = modes };

static void finds_the_nearest_to_60_hz(void)
{
	connector.count_modes = 5;
	CHECK(pp_mode_find(&connector, 1920, 1080) == &modes[3]);
	CHECK(pp_mode_find(&connector, 1280, 800) == &modes[4]);
	CHECK(!pp_mode_find(&connector, 1280, 720));
	CHECK(!pp_mode_find(&connector, 1080, 1920));
}

static void prefers(void)
{
	connector.count_modes = 5;
	CHECK(pp_mode_preferred(&connector) == &modes[4]);
	connector.count_modes = 4;
	CHECK(pp_mode_preferred(&connector) == &modes[0]);
	connector.count_modes = 0;
	CHECK(!pp_mode_preferred(&connector));
}

/* What the kernel checks of every mode: drm_mode_validate_basic(). */
static void made_up_modes_are_in_order(void)
{
	static const uint32_t sizes[][2] = { { 160, 120 }, { 1366, 768 }, { 3840, 2160 } };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		drmModeModeInfo mode = pp_mode_make(sizes[i][0], sizes[i][1]);
		double refresh = mode.clock * 1000.0 / mode.htotal / mode.vtotal;

		CHECK(mode.hdisplay == sizes[i][0] && mode.vdisplay == sizes[i][1]);
		CHECK(mode.hdisplay < mode.hsync_start && mode.hsync_start < mode.hsync_end &&
		      mode.hsync_end < mode.htotal);
		CHECK(mode.vdisplay < mode.vsync_start && mode.vsync_start < mode.vsync_end &&
		      mode.vsync_end < mode.vtotal);
		CHECK(refresh > 59 && refresh <= 60);
		CHECK(strlen(mode.name) > 0);
	}
}

int main(void)
{
	finds_the_nearest_to_60_hz();
	prefers();
	made_up_modes_are_in_order();
	return 0;
}
