// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What the virtual monitor says about itself: an EDID 1.4 base block and a CTA-861
 * extension with what the base block has no room for.
 */
#include <drm/drm_modes.h>

#include "primesim_edid.h"

#define MONITOR_WIDTH_MM	598
#define MONITOR_HEIGHT_MM	336

/* A two-byte standard timing at 60 Hz. */
#define STANDARD_TIMING(width, aspect)	{ (width) / 8 - 31, (aspect) << 6 }
#define ASPECT_16_10	0
#define ASPECT_5_4	2
#define ASPECT_16_9	3
#define NO_TIMING	{ 0x01, 0x01 }

/* Text of up to 13 bytes ends with a newline and is padded with blanks. */
#define DESCRIPTOR(kind, member, ...) { \
	.data.other_data = { .type = (kind), .data.member = __VA_ARGS__ } }

/* Spelled out in the base block, the preferred one first (CTA-861 4 and 16) */
static const struct drm_display_mode primesim_edid_modes[] = {
	{
		.clock = 74250,
		.hdisplay = 1280, .hsync_start = 1390, .hsync_end = 1430, .htotal = 1650,
		.vdisplay = 720, .vsync_start = 725, .vsync_end = 730, .vtotal = 750,
	}, {
		.clock = 148500,
		.hdisplay = 1920, .hsync_start = 2008, .hsync_end = 2052, .htotal = 2200,
		.vdisplay = 1080, .vsync_start = 1084, .vsync_end = 1089, .vtotal = 1125,
	},
};

/* Spelled out in the extension: 240 Hz, at a size that does not keep the machine busy */
static const struct drm_display_mode primesim_cta_modes[] = {
	{
		.clock = 100800,
		.hdisplay = 640, .hsync_start = 656, .hsync_end = 752, .htotal = 800,
		.vdisplay = 480, .vsync_start = 490, .vsync_end = 492, .vtotal = 525,
	},
};

/* By their CTA-861 codes: 720p at 24, 25, 30, 50, 120 Hz, 1080p at 24, 25, 30, 50 Hz */
static const u8 primesim_cta_vics[] = { 60, 61, 62, 19, 47, 32, 33, 34, 31 };

#define CTA_TAG			0x02
#define CTA_REVISION		3
#define CTA_HEADER		4
#define CTA_VIDEO_DATA_BLOCK	(2 << 5)

static const struct edid primesim_edid_base = {
	.header = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 },
	.mfg_id = { 0x68, 0x6c },			/* ZCL: zero-copy lab */
	.prod_code = { 0x01, 0x00 },
	.mfg_year = 2026 - 1990,
	.version = 1,
	.revision = 4,
	.input = DRM_EDID_INPUT_DIGITAL | DRM_EDID_DIGITAL_DEPTH_8 | DRM_EDID_DIGITAL_TYPE_UNDEF,
	.width_cm = (MONITOR_WIDTH_MM + 5) / 10,
	.height_cm = (MONITOR_HEIGHT_MM + 5) / 10,
	.gamma = 220 - 100,
	.features = DRM_EDID_FEATURE_STANDARD_COLOR | DRM_EDID_FEATURE_PREFERRED_TIMING |
		    DRM_EDID_FEATURE_CONTINUOUS_FREQ,
	.extensions = PRIMESIM_EDID_BLOCKS - 1,
	/* The primaries and white point of sRGB */
	.red_green_lo = 0xee, .blue_white_lo = 0x91,
	.red_x = 0xa3, .red_y = 0x54,
	.green_x = 0x4c, .green_y = 0x99,
	.blue_x = 0x26, .blue_y = 0x0f,
	.white_x = 0x50, .white_y = 0x54,
	/* 640x480, 800x600 and 1024x768 at 60 Hz */
	.established_timings = { .t1 = 0x21, .t2 = 0x08 },
	.standard_timings = {
		STANDARD_TIMING(1280, ASPECT_16_10),
		STANDARD_TIMING(1280, ASPECT_5_4),
		STANDARD_TIMING(1440, ASPECT_16_10),
		STANDARD_TIMING(1600, ASPECT_16_9),
		STANDARD_TIMING(1680, ASPECT_16_10),
		NO_TIMING, NO_TIMING, NO_TIMING,
	},
	.detailed_timings = {
		[2] = DESCRIPTOR(EDID_DETAIL_MONITOR_RANGE, range, {
			.min_vfreq = 24, .max_vfreq = 240,
			.min_hfreq_khz = 15, .max_hfreq_khz = 130,
			.pixel_clock_mhz = 150 / 10,
			.flags = DRM_EDID_RANGE_LIMITS_ONLY_FLAG,
			.formula.gtf2 = { '\n', ' ', ' ', cpu_to_le16(0x2020), ' ', ' ' } }),
		[3] = DESCRIPTOR(EDID_DETAIL_MONITOR_NAME, str, { "primesim\n    " }),
	},
};

static void primesim_edid_timing(struct detailed_timing *timing,
				 const struct drm_display_mode *mode)
{
	struct detailed_pixel_timing *pixel = &timing->data.pixel_data;
	u32 hblank = mode->htotal - mode->hdisplay;
	u32 vblank = mode->vtotal - mode->vdisplay;
	u32 hfront = mode->hsync_start - mode->hdisplay;
	u32 vfront = mode->vsync_start - mode->vdisplay;
	u32 hsync = mode->hsync_end - mode->hsync_start;
	u32 vsync = mode->vsync_end - mode->vsync_start;

	timing->pixel_clock = cpu_to_le16(mode->clock / 10);
	pixel->hactive_lo = mode->hdisplay & 0xff;
	pixel->hblank_lo = hblank & 0xff;
	pixel->hactive_hblank_hi = mode->hdisplay >> 8 << 4 | hblank >> 8;
	pixel->vactive_lo = mode->vdisplay & 0xff;
	pixel->vblank_lo = vblank & 0xff;
	pixel->vactive_vblank_hi = mode->vdisplay >> 8 << 4 | vblank >> 8;
	pixel->hsync_offset_lo = hfront & 0xff;
	pixel->hsync_pulse_width_lo = hsync & 0xff;
	pixel->vsync_offset_pulse_width_lo = (vfront & 0xf) << 4 | (vsync & 0xf);
	pixel->hsync_vsync_offset_pulse_width_hi = hfront >> 8 << 6 | hsync >> 8 << 4 |
						   vfront >> 4 << 2 | vsync >> 4;
	pixel->width_mm_lo = MONITOR_WIDTH_MM & 0xff;
	pixel->height_mm_lo = MONITOR_HEIGHT_MM & 0xff;
	pixel->width_height_mm_hi = MONITOR_WIDTH_MM >> 8 << 4 | MONITOR_HEIGHT_MM >> 8;
	/* Digital separate sync, both positive */
	pixel->misc = DRM_EDID_PT_SEPARATE_SYNC | DRM_EDID_PT_HSYNC_POSITIVE |
		      DRM_EDID_PT_VSYNC_POSITIVE;
}

/* All bytes of a block add up to 0. */
static void primesim_edid_finish(u8 *block)
{
	u8 sum = 0;
	size_t i;

	for (i = 0; i < EDID_LENGTH - 1; i++)
		sum += block[i];
	block[EDID_LENGTH - 1] = -sum;
}

static void primesim_edid_build_base(u8 *block)
{
	struct edid *base = (struct edid *)block;
	size_t i;

	*base = primesim_edid_base;
	for (i = 0; i < ARRAY_SIZE(primesim_edid_modes); i++)
		primesim_edid_timing(&base->detailed_timings[i], &primesim_edid_modes[i]);
	primesim_edid_finish(block);
}

static void primesim_edid_build_cta(u8 *block)
{
	size_t vics = ARRAY_SIZE(primesim_cta_vics);
	u8 *at = block + CTA_HEADER;
	size_t i;

	memset(block, 0, EDID_LENGTH);
	*at++ = CTA_VIDEO_DATA_BLOCK | vics;
	memcpy(at, primesim_cta_vics, vics);
	at += vics;
	block[0] = CTA_TAG;
	block[1] = CTA_REVISION;
	block[2] = at - block;
	for (i = 0; i < ARRAY_SIZE(primesim_cta_modes); i++, at += sizeof(struct detailed_timing))
		primesim_edid_timing((struct detailed_timing *)at, &primesim_cta_modes[i]);
	primesim_edid_finish(block);
}

/**
 * primesim_edid_build - make the monitor's EDID
 * @edid: out: complete blocks, checksums and all.
 */
void primesim_edid_build(u8 edid[PRIMESIM_EDID_SIZE])
{
	primesim_edid_build_base(edid);
	primesim_edid_build_cta(edid + EDID_LENGTH);
}
