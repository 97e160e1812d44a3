// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/array_size.h>

#include <drm/drm_fourcc.h>

#include "primesim_fast.h"
#include "primesim_format.h"
#include "primesim_wide.h"

/* Limited range: Y 16..235, C 16..240. Weights rounded to nearest. */
const struct primesim_matrix primesim_matrices[PRIMESIM_ENCODINGS][PRIMESIM_RANGES] = {
	{	/* BT.601 */
		{ .y0 = 16, .ky = 76309, .krv = 104597, .kgu = 25675, .kgv = 53279, .kbu = 132201 },
		{ .y0 = 0, .ky = 65536, .krv = 91881, .kgu = 22553, .kgv = 46802, .kbu = 116130 },
	}, {	/* BT.709 */
		{ .y0 = 16, .ky = 76309, .krv = 117489, .kgu = 13975, .kgv = 34925, .kbu = 138438 },
		{ .y0 = 0, .ky = 65536, .krv = 103206, .kgu = 12276, .kgv = 30679, .kbu = 121609 },
	}, {	/* BT.2020 */
		{ .y0 = 16, .ky = 76309, .krv = 110014, .kgu = 12277, .kgv = 42626, .kbu = 140363 },
		{ .y0 = 0, .ky = 65536, .krv = 96639, .kgu = 10784, .kgv = 37444, .kbu = 123299 },
	},
};

/* Weights rounded to nearest, those of Y adding up to what makes white. */
const struct primesim_weights primesim_weights[PRIMESIM_ENCODINGS][PRIMESIM_RANGES] = {
	{	/* BT.601 */
		{ .y0 = 16, .kr = 8414, .kg = 16520, .kb = 3208,
		  .kur = 4857, .kub = 14392, .kvr = 14392, .kvb = 2341 },
		{ .y0 = 0, .kr = 9798, .kg = 19234, .kb = 3736,
		  .kur = 5529, .kub = 16384, .kvr = 16384, .kvb = 2664 },
	}, {	/* BT.709 */
		{ .y0 = 16, .kr = 5983, .kg = 20127, .kb = 2032,
		  .kur = 3298, .kub = 14392, .kvr = 14392, .kvb = 1320 },
		{ .y0 = 0, .kr = 6966, .kg = 23436, .kb = 2366,
		  .kur = 3754, .kub = 16384, .kvr = 16384, .kvb = 1502 },
	}, {	/* BT.2020 */
		{ .y0 = 16, .kr = 7393, .kg = 19080, .kb = 1669,
		  .kur = 4019, .kub = 14392, .kvr = 14392, .kvb = 1158 },
		{ .y0 = 0, .kr = 8608, .kg = 22217, .kb = 1943,
		  .kur = 4575, .kub = 16384, .kvr = 16384, .kvb = 1318 },
	},
};

static u32 block_rgb(u32 value, u32 plane)
{
	return value;
}

/* Colours of Y'CbCr formats are Y | Cb << 8 | Cr << 16. */
static u32 block_nv12(u32 value, u32 plane)
{
	return plane ? value >> 8 & 0xffff : value & 0xff;
}

static u32 block_nv21(u32 value, u32 plane)
{
	return plane ? (value >> 16 & 0xff) | (value & 0xff00) : value & 0xff;
}

static u32 block_yuv420(u32 value, u32 plane)
{
	return value >> 8 * plane & 0xff;
}

static u32 block_p010(u32 value, u32 plane)
{
	return plane ? (value & 0xff00) | (value & 0xff0000) << 8 : (value & 0xff) << 8;
}

static u32 block_yuyv(u32 value, u32 plane)
{
	u32 y = value & 0xff;
	u32 cb = value >> 8 & 0xff;
	u32 cr = value >> 16 & 0xff;

	return y | cb << 8 | y << 16 | cr << 24;
}

static u32 block_uyvy(u32 value, u32 plane)
{
	u32 y = value & 0xff;
	u32 cb = value >> 8 & 0xff;
	u32 cr = value >> 16 & 0xff;

	return cb | y << 8 | cr << 16 | y << 24;
}

const struct primesim_format primesim_formats[] = {
	{
		.fourcc = DRM_FORMAT_XRGB8888,
		.name = "XRGB8888",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_8888 = true,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 32,
		.plane = { { 4, 1, 1, primesim_fast_scale_32 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_xrgb8888,
		.pack = primesim_fast_pack_xrgb8888,
	}, {
		.fourcc = DRM_FORMAT_ARGB8888,
		.name = "ARGB8888",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_8888 = true,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 32,
		.plane = { { 4, 1, 1, primesim_fast_scale_32 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_argb8888,
		.pack = primesim_fast_pack_argb8888,
	}, {
		.fourcc = DRM_FORMAT_XBGR8888,
		.name = "XBGR8888",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 32,
		.plane = { { 4, 1, 1, primesim_fast_scale_32 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_xbgr8888,
		.pack = primesim_fast_pack_xbgr8888,
	}, {
		.fourcc = DRM_FORMAT_ABGR8888,
		.name = "ABGR8888",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 32,
		.plane = { { 4, 1, 1, primesim_fast_scale_32 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_abgr8888,
		.pack = primesim_fast_pack_abgr8888,
	}, {
		.fourcc = DRM_FORMAT_RGB888,
		.name = "RGB888",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 24,
		.plane = { { 3, 1, 1, primesim_row_scale_24 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_rgb888,
		.pack = primesim_fast_pack_rgb888,
	}, {
		.fourcc = DRM_FORMAT_BGR888,
		.name = "BGR888",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 24,
		.plane = { { 3, 1, 1, primesim_row_scale_24 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_bgr888,
		.pack = primesim_fast_pack_bgr888,
	}, {
		.fourcc = DRM_FORMAT_RGB565,
		.name = "RGB565",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 16,
		.plane = { { 2, 1, 1, primesim_row_scale_16 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_rgb565,
		.pack = primesim_fast_pack_rgb565,
	}, {
		.fourcc = DRM_FORMAT_R8,
		.name = "R8",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.value_bits = 8,
		.plane = { { 1, 1, 1, primesim_row_scale_8 } },
		.block = block_rgb,
		.unpack = primesim_fast_unpack_r8,
		.pack = primesim_fast_pack_r8,
	}, {
		.fourcc = DRM_FORMAT_NV12,
		.name = "NV12",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 2,
		.vsub = 2,
		.value_bits = 24,
		.plane = {
			{ 1, 1, 1, primesim_row_scale_8 },
			{ 2, 2, 2, primesim_row_scale_pairs_16 },
		},
		.block = block_nv12,
		.unpack = primesim_fast_unpack_nv12,
		.pack_luma = primesim_fast_pack_luma_8,
		.pack_chroma = primesim_fast_pack_chroma_nv12,
	}, {
		.fourcc = DRM_FORMAT_NV21,
		.name = "NV21",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 2,
		.vsub = 2,
		.value_bits = 24,
		.plane = {
			{ 1, 1, 1, primesim_row_scale_8 },
			{ 2, 2, 2, primesim_row_scale_pairs_16 },
		},
		.block = block_nv21,
		.unpack = primesim_fast_unpack_nv21,
		.pack_luma = primesim_fast_pack_luma_8,
		.pack_chroma = primesim_fast_pack_chroma_nv21,
	}, {
		.fourcc = DRM_FORMAT_YUV420,
		.name = "YUV420",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 3,
		.hsub = 2,
		.vsub = 2,
		.value_bits = 24,
		.plane = {
			{ 1, 1, 1, primesim_row_scale_8 },
			{ 1, 2, 2, primesim_row_scale_pairs_8 },
			{ 1, 2, 2, primesim_row_scale_pairs_8 },
		},
		.block = block_yuv420,
		.unpack = primesim_fast_unpack_yuv420,
		.pack_luma = primesim_fast_pack_luma_8,
		.pack_chroma = primesim_fast_pack_chroma_yuv420,
	}, {
		.fourcc = DRM_FORMAT_P010,
		.name = "P010",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 2,
		.vsub = 2,
		.value_bits = 24,
		.plane = {
			{ 2, 1, 1, primesim_row_scale_16 },
			{ 4, 2, 2, primesim_row_scale_pairs_32 },
		},
		.block = block_p010,
		.unpack = primesim_fast_unpack_p010,
		.unpack_wide = primesim_wide_from_p010,
		.pack_luma = primesim_fast_pack_luma_p010,
		.pack_chroma = primesim_fast_pack_chroma_p010,
	}, {
		.fourcc = DRM_FORMAT_YUYV,
		.name = "YUYV",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 1,
		.hsub = 2,
		.vsub = 1,
		.value_bits = 24,
		.plane = { { 4, 2, 1, primesim_row_scale_yuyv } },
		.block = block_yuyv,
		.unpack = primesim_fast_unpack_yuyv,
		.pack_luma = primesim_fast_pack_yuyv,
	}, {
		.fourcc = DRM_FORMAT_UYVY,
		.name = "UYVY",
		.uses = PRIMESIM_USE_ENGINE | PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 1,
		.hsub = 2,
		.vsub = 1,
		.value_bits = 24,
		.plane = { { 4, 2, 1, primesim_row_scale_uyvy } },
		.block = block_uyvy,
		.unpack = primesim_fast_unpack_uyvy,
		.pack_luma = primesim_fast_pack_uyvy,
	}, {
		.fourcc = DRM_FORMAT_XRGB2101010,
		.name = "XRGB2101010",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack_wide = primesim_wide_from_xrgb2101010,
		.pack_wide = primesim_wide_to_rgb2101010,
	}, {
		.fourcc = DRM_FORMAT_ARGB2101010,
		.name = "ARGB2101010",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack_wide = primesim_wide_from_argb2101010,
		.pack_wide = primesim_wide_to_rgb2101010,
	}, {
		.fourcc = DRM_FORMAT_XBGR2101010,
		.name = "XBGR2101010",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack_wide = primesim_wide_from_xbgr2101010,
		.pack_wide = primesim_wide_to_bgr2101010,
	}, {
		.fourcc = DRM_FORMAT_ABGR2101010,
		.name = "ABGR2101010",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack_wide = primesim_wide_from_abgr2101010,
		.pack_wide = primesim_wide_to_bgr2101010,
	}, {
		.fourcc = DRM_FORMAT_XRGB16161616,
		.name = "XRGB16161616",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 8, 1, 1 } },
		.unpack_wide = primesim_wide_from_xrgb16161616,
		.pack_wide = primesim_wide_to_rgb16161616,
	}, {
		.fourcc = DRM_FORMAT_ARGB16161616,
		.name = "ARGB16161616",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 8, 1, 1 } },
		.unpack_wide = primesim_wide_from_argb16161616,
		.pack_wide = primesim_wide_to_rgb16161616,
	}, {
		.fourcc = DRM_FORMAT_XBGR16161616,
		.name = "XBGR16161616",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 8, 1, 1 } },
		.unpack_wide = primesim_wide_from_xbgr16161616,
		.pack_wide = primesim_wide_to_bgr16161616,
	}, {
		.fourcc = DRM_FORMAT_ABGR16161616,
		.name = "ABGR16161616",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 8, 1, 1 } },
		.unpack_wide = primesim_wide_from_abgr16161616,
		.pack_wide = primesim_wide_to_bgr16161616,
	}, {
		.fourcc = DRM_FORMAT_BGRA8888,
		.name = "BGRA8888",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack = primesim_row_unpack_bgra8888,
	}, {
		.fourcc = DRM_FORMAT_BGRX8888,
		.name = "BGRX8888",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack = primesim_row_unpack_bgrx8888,
	}, {
		.fourcc = DRM_FORMAT_RGBA8888,
		.name = "RGBA8888",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_alpha = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack = primesim_row_unpack_rgba8888,
	}, {
		.fourcc = DRM_FORMAT_RGBX8888,
		.name = "RGBX8888",
		.uses = PRIMESIM_USE_SCANOUT,
		.has_unused = true,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 4, 1, 1 } },
		.unpack = primesim_row_unpack_rgbx8888,
	}, {
		.fourcc = DRM_FORMAT_BGR565,
		.name = "BGR565",
		.uses = PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 1,
		.vsub = 1,
		.plane = { { 2, 1, 1 } },
		.unpack = primesim_row_unpack_bgr565,
	}, {
		.fourcc = DRM_FORMAT_R4,
		.name = "R4",
		.uses = PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 2,
		.vsub = 1,
		.plane = { { 1, 2, 1 } },
		.unpack = primesim_row_unpack_r4,
	}, {
		.fourcc = DRM_FORMAT_R2,
		.name = "R2",
		.uses = PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 4,
		.vsub = 1,
		.plane = { { 1, 4, 1 } },
		.unpack = primesim_row_unpack_r2,
	}, {
		.fourcc = DRM_FORMAT_R1,
		.name = "R1",
		.uses = PRIMESIM_USE_SCANOUT,
		.planes = 1,
		.hsub = 8,
		.vsub = 1,
		.plane = { { 1, 8, 1 } },
		.unpack = primesim_row_unpack_r1,
	}, {
		.fourcc = DRM_FORMAT_NV16,
		.name = "NV16",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 2,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 2, 2, 1 },
		},
		.unpack = primesim_fast_unpack_nv12,
	}, {
		.fourcc = DRM_FORMAT_NV61,
		.name = "NV61",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 2,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 2, 2, 1 },
		},
		.unpack = primesim_fast_unpack_nv21,
	}, {
		.fourcc = DRM_FORMAT_NV24,
		.name = "NV24",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 1,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 2, 1, 1 },
		},
		.unpack = primesim_row_unpack_nv24,
	}, {
		.fourcc = DRM_FORMAT_NV42,
		.name = "NV42",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 1,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 2, 1, 1 },
		},
		.unpack = primesim_row_unpack_nv42,
	}, {
		.fourcc = DRM_FORMAT_YVU420,
		.name = "YVU420",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 3,
		.hsub = 2,
		.vsub = 2,
		.plane = {
			{ 1, 1, 1 },
			{ 1, 2, 2 },
			{ 1, 2, 2 },
		},
		.unpack = primesim_row_unpack_yvu420,
	}, {
		.fourcc = DRM_FORMAT_YUV422,
		.name = "YUV422",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 3,
		.hsub = 2,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 1, 2, 1 },
			{ 1, 2, 1 },
		},
		.unpack = primesim_fast_unpack_yuv420,
	}, {
		.fourcc = DRM_FORMAT_YVU422,
		.name = "YVU422",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 3,
		.hsub = 2,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 1, 2, 1 },
			{ 1, 2, 1 },
		},
		.unpack = primesim_row_unpack_yvu420,
	}, {
		.fourcc = DRM_FORMAT_YUV444,
		.name = "YUV444",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 3,
		.hsub = 1,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 1, 1, 1 },
			{ 1, 1, 1 },
		},
		.unpack = primesim_row_unpack_yuv444,
	}, {
		.fourcc = DRM_FORMAT_YVU444,
		.name = "YVU444",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 3,
		.hsub = 1,
		.vsub = 1,
		.plane = {
			{ 1, 1, 1 },
			{ 1, 1, 1 },
			{ 1, 1, 1 },
		},
		.unpack = primesim_row_unpack_yvu444,
	}, {
		.fourcc = DRM_FORMAT_P012,
		.name = "P012",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 2,
		.vsub = 2,
		.plane = {
			{ 2, 1, 1 },
			{ 4, 2, 2 },
		},
		.unpack_wide = primesim_wide_from_p012,
	}, {
		.fourcc = DRM_FORMAT_P016,
		.name = "P016",
		.uses = PRIMESIM_USE_SCANOUT,
		.is_yuv = true,
		.planes = 2,
		.hsub = 2,
		.vsub = 2,
		.plane = {
			{ 2, 1, 1 },
			{ 4, 2, 2 },
		},
		.unpack_wide = primesim_wide_from_p016,
	},
};

const u32 primesim_format_count = ARRAY_SIZE(primesim_formats);

const struct primesim_format *primesim_format_find(u32 fourcc)
{
	for (u32 i = 0; i < primesim_format_count; i++)
		if (primesim_formats[i].fourcc == fourcc)
			return &primesim_formats[i];

	return NULL;
}
