/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Rows of wide pixels: what the display computes between reading a layer and
 * sending a line to the monitor.
 *
 * A wide pixel is ARGB16161616 in one u64, blue in the low bits. Pure logic, also
 * compiled in userspace (tests/). Rows given to one call do not overlap.
 */
#ifndef _PRIMESIM_WIDE_H_
#define _PRIMESIM_WIDE_H_

#include <linux/string.h>
#include <linux/types.h>

struct primesim_matrix;

#define PRIMESIM_WIDE_ALPHA	0xffff000000000000ull
#define PRIMESIM_WIDE_OPAQUE	0xffffu

/* Channels of a wide pixel, as shifts */
#define PRIMESIM_WIDE_B		0
#define PRIMESIM_WIDE_G		16
#define PRIMESIM_WIDE_R		32
#define PRIMESIM_WIDE_A		48

void primesim_wide_from_8888(u64 *out, const u32 *in, u32 count);

/*
 * One row of some format to wide pixels; parameters as those of primesim_unpack_fn.
 *
 * Y'CbCr of more than 8 bits, to the nearest of 16 bits, samples being numbers of 16 bits
 * with nothing in the unused ones: Y is 16 << 8 .. 235 << 8, or 0 .. 65535; C is around 1 << 15.
 */
typedef void (*primesim_unpack_wide_fn)(u64 *out, const void *const planes[], u32 count,
					const struct primesim_matrix *matrix);

#define PRIMESIM_WIDE_FROM(name)						\
	void primesim_wide_from_##name(u64 *out, const void *const planes[],	\
				       u32 count, const struct primesim_matrix *matrix)
PRIMESIM_WIDE_FROM(xrgb2101010);
PRIMESIM_WIDE_FROM(argb2101010);
PRIMESIM_WIDE_FROM(xbgr2101010);
PRIMESIM_WIDE_FROM(abgr2101010);
PRIMESIM_WIDE_FROM(xrgb16161616);
PRIMESIM_WIDE_FROM(argb16161616);
PRIMESIM_WIDE_FROM(xbgr16161616);
PRIMESIM_WIDE_FROM(abgr16161616);
PRIMESIM_WIDE_FROM(p010);
PRIMESIM_WIDE_FROM(p012);
PRIMESIM_WIDE_FROM(p016);

/* Rounded to nearest */
void primesim_wide_to_8888(u32 *out, const u64 *in, u32 count);

/* The same, to formats with more bits; all pixels are taken for opaque, what is unused is set. */
typedef void (*primesim_pack_wide_fn)(void *out, const u64 *in, u32 count);

void primesim_wide_to_rgb2101010(void *out, const u64 *in, u32 count);
void primesim_wide_to_bgr2101010(void *out, const u64 *in, u32 count);
void primesim_wide_to_rgb16161616(void *out, const u64 *in, u32 count);
void primesim_wide_to_bgr16161616(void *out, const u64 *in, u32 count);
void primesim_wide_set_alpha(u64 *row, u32 count);
void primesim_wide_reverse(u64 *row, u32 count);

/* What a layer's pixels mean; the equations are those of DRM's "pixel blend mode". */
enum primesim_blend {
	PRIMESIM_BLEND_NONE,
	PRIMESIM_BLEND_PREMULTIPLIED,
	PRIMESIM_BLEND_COVERAGE,
};

/* @alpha: of the whole layer, 0 .. 0xffff. What is @below is opaque, and stays so. */
void primesim_wide_blend(u64 *below, const u64 *above, u32 count, enum primesim_blend blend,
			 u16 alpha);

/**
 * struct primesim_span - how a run of pixels is taken from a longer one
 * @at: first position in the source, in pixels, 16.16 fixed point.
 * @length: of the source, the same.
 * @count: pixels it is stretched or shrunk to.
 * @last: number of the last source pixel that may be read.
 *
 * Destination pixel i has its centre at @at + (i + 1/2) * @length / @count.
 */
struct primesim_span {
	u32 at;
	u32 length;
	u32 count;
	u32 last;
};

/* The source pixel that covers the centre of destination pixel @i */
u32 primesim_span_nearest(const struct primesim_span *span, u32 i);
/*
 * The source pixel whose centre is at the left of that of destination pixel @i; @part: out: how
 * far its right neighbour's colour is mixed in, in 1/65536.
 */
u32 primesim_span_linear(const struct primesim_span *span, u32 i, u32 *part);

void primesim_wide_scale_nearest(u64 *out, const u64 *in, const struct primesim_span *span);
void primesim_wide_scale_linear(u64 *out, const u64 *in, const struct primesim_span *span);
/* @part / 65536 of @b, the rest of @a */
void primesim_wide_mix(u64 *out, const u64 *a, const u64 *b, u32 part, u32 count);

#define PRIMESIM_LUT_SIZE	256

/**
 * struct primesim_lut - a curve for each channel
 * @value: by red, green, blue: what the channel value 257 * i becomes; those between are
 *	interpolated. The last one is there twice.
 */
struct primesim_lut {
	u16 value[3][PRIMESIM_LUT_SIZE + 1];
};

void primesim_wide_lut(u64 *row, const struct primesim_lut *lut, u32 count);

#define PRIMESIM_CTM_SHIFT	24

/* A 3x3 matrix on red, green, blue: row by row, PRIMESIM_CTM_SHIFT bits of fraction. */
struct primesim_ctm {
	s64 weight[9];
};

/* A weight in sign-magnitude S31.32, as userspace gives it. Limited to +-32768. */
s64 primesim_ctm_weight(u64 s31_32);
void primesim_wide_ctm(u64 *row, const struct primesim_ctm *ctm, u32 count);

#endif /* _PRIMESIM_WIDE_H_ */
