// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/minmax.h>

#include "primesim_row.h"
#include "primesim_wide.h"

#define ONE		0xffffu
#define EVEN_LANES	0x0000ffff0000ffffull
#define HALF_LANES	0x0000800000008000ull

static __always_inline u32 channel(u64 pixel, u32 shift)
{
	return pixel >> shift & ONE;
}

/* value / 65535, rounded to nearest; exact up to 65535 * 65535. */
static __always_inline u32 divide(u32 value)
{
	value += 0x8000;
	return (value + (value >> 16)) >> 16;
}

void primesim_wide_from_8888(u64 *out, const u32 *in, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		u64 p = in[i];
		u64 low = (p & 0xff) | (p & 0xff00) << 8;
		u64 high = (p >> 16 & 0xff) | (p >> 8 & 0xff0000);

		out[i] = (low | high << 32) * 0x101;
	}
}

/* To and from formats that have red where others have blue */
static __always_inline u64 in_order(u64 p, const bool bgr)
{
	if (!bgr)
		return p;
	return (p & 0xffff0000ffff0000ull) | (p & ONE) << PRIMESIM_WIDE_R |
	       (p >> PRIMESIM_WIDE_R & ONE);
}

/* Bits are repeated below, as often as they are missing. */
static __always_inline u64 from_2101010(u32 p)
{
	u64 r = p >> 20 & 0x3ff, g = p >> 10 & 0x3ff, b = p & 0x3ff, a = p >> 30;

	return (u64)(a * 0x5555) << PRIMESIM_WIDE_A | (r << 6 | r >> 4) << PRIMESIM_WIDE_R |
	       (g << 6 | g >> 4) << PRIMESIM_WIDE_G | (b << 6 | b >> 4);
}

static __always_inline void row_from_2101010(u64 *out, const u32 *in, u32 count,
					     const bool bgr, const u64 set)
{
	for (u32 i = 0; i < count; i++)
		out[i] = in_order(from_2101010(in[i]) | set, bgr);
}

PRIMESIM_WIDE_FROM(xrgb2101010)
{
	row_from_2101010(out, planes[0], count, false, PRIMESIM_WIDE_ALPHA);
}

PRIMESIM_WIDE_FROM(argb2101010)
{
	row_from_2101010(out, planes[0], count, false, 0);
}

PRIMESIM_WIDE_FROM(xbgr2101010)
{
	row_from_2101010(out, planes[0], count, true, PRIMESIM_WIDE_ALPHA);
}

PRIMESIM_WIDE_FROM(abgr2101010)
{
	row_from_2101010(out, planes[0], count, true, 0);
}

static __always_inline void row_from_16161616(u64 *out, const u64 *in, u32 count,
					      const bool bgr, const u64 set)
{
	for (u32 i = 0; i < count; i++)
		out[i] = in_order(in[i] | set, bgr);
}

PRIMESIM_WIDE_FROM(xrgb16161616)
{
	row_from_16161616(out, planes[0], count, false, PRIMESIM_WIDE_ALPHA);
}

PRIMESIM_WIDE_FROM(argb16161616)
{
	row_from_16161616(out, planes[0], count, false, 0);
}

PRIMESIM_WIDE_FROM(xbgr16161616)
{
	row_from_16161616(out, planes[0], count, true, PRIMESIM_WIDE_ALPHA);
}

PRIMESIM_WIDE_FROM(abgr16161616)
{
	row_from_16161616(out, planes[0], count, true, 0);
}

/*
 * In 16.16 fixed point, the weights being those of 8 bits. From black to white that is 255 steps of
 * 257 in full range, but 219 of 256 in limited range: @scale, in 1/256, makes up for that.
 */
static __always_inline u64 yuv_channel(s64 sum, u32 scale, u32 shift)
{
	sum = (sum * scale + (1 << 23)) >> 24;
	if (sum < 0)
		sum = 0;
	return (u64)(sum > ONE ? ONE : sum) << shift;
}

/* A plane with a pair of chroma samples for two pixels; @unused bits of each sample are padding. */
static __always_inline void row_from_p01x(u64 *out, const void *const planes[], u32 count,
					  const struct primesim_matrix *m, const u32 unused)
{
	const u32 mask = ONE >> unused << unused;
	const u32 scale = m->y0 ? 257 : 256;
	const u16 *luma = planes[0];
	const u16 *cbcr = planes[1];

	for (u32 i = 0; i < count; i++) {
		s64 y = (s64)((s32)(luma[i] & mask) - (m->y0 << 8)) * m->ky;
		s64 u = (s32)(cbcr[i & ~1u] & mask) - 32768;
		s64 v = (s32)(cbcr[i | 1] & mask) - 32768;

		out[i] = PRIMESIM_WIDE_ALPHA |
			 yuv_channel(y + m->krv * v, scale, PRIMESIM_WIDE_R) |
			 yuv_channel(y - m->kgu * u - m->kgv * v, scale, PRIMESIM_WIDE_G) |
			 yuv_channel(y + m->kbu * u, scale, PRIMESIM_WIDE_B);
	}
}

PRIMESIM_WIDE_FROM(p010)
{
	row_from_p01x(out, planes, count, matrix, 6);
}

PRIMESIM_WIDE_FROM(p012)
{
	row_from_p01x(out, planes, count, matrix, 4);
}

PRIMESIM_WIDE_FROM(p016)
{
	row_from_p01x(out, planes, count, matrix, 0);
}

/* value / 257, rounded to nearest */
static __always_inline u32 to_8(u32 value)
{
	return (value * 255 + 32895) >> 16;
}

static __always_inline u32 to_10(u32 value)
{
	return divide(value * 1023);
}

void primesim_wide_to_8888(u32 *out, const u64 *in, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		u64 p = in[i];

		out[i] = to_8(channel(p, PRIMESIM_WIDE_A)) << 24 |
			 to_8(channel(p, PRIMESIM_WIDE_R)) << 16 |
			 to_8(channel(p, PRIMESIM_WIDE_G)) << 8 |
			 to_8(channel(p, PRIMESIM_WIDE_B));
	}
}

static __always_inline void row_to_2101010(u32 *out, const u64 *in, u32 count, const bool bgr)
{
	for (u32 i = 0; i < count; i++) {
		u64 p = in_order(in[i], bgr);

		out[i] = 3u << 30 | to_10(channel(p, PRIMESIM_WIDE_R)) << 20 |
			 to_10(channel(p, PRIMESIM_WIDE_G)) << 10 |
			 to_10(channel(p, PRIMESIM_WIDE_B));
	}
}

void primesim_wide_to_rgb2101010(void *out, const u64 *in, u32 count)
{
	row_to_2101010(out, in, count, false);
}

void primesim_wide_to_bgr2101010(void *out, const u64 *in, u32 count)
{
	row_to_2101010(out, in, count, true);
}

static __always_inline void row_to_16161616(u64 *out, const u64 *in, u32 count, const bool bgr)
{
	for (u32 i = 0; i < count; i++)
		out[i] = in_order(in[i], bgr) | PRIMESIM_WIDE_ALPHA;
}

void primesim_wide_to_rgb16161616(void *out, const u64 *in, u32 count)
{
	row_to_16161616(out, in, count, false);
}

void primesim_wide_to_bgr16161616(void *out, const u64 *in, u32 count)
{
	row_to_16161616(out, in, count, true);
}

void primesim_wide_set_alpha(u64 *row, u32 count)
{
	for (u32 i = 0; i < count; i++)
		row[i] |= PRIMESIM_WIDE_ALPHA;
}

void primesim_wide_reverse(u64 *row, u32 count)
{
	for (u32 i = 0, j = count; i + 1 < j; i++) {
		u64 pixel = row[i];

		row[i] = row[--j];
		row[j] = pixel;
	}
}

/*
 * above * weight + below * (1 - cover), rounded once. Only a premultiplied pixel
 * that claims to be brighter than its alpha allows can come out too bright.
 */
static __always_inline u64 blend_channel(u64 below, u64 above, u32 weight, u32 cover, u32 shift)
{
	u64 sum = (u64)channel(above, shift) * weight +
		  (u64)channel(below, shift) * (ONE - cover);

	return (u64)(sum < (u64)ONE * ONE ? divide(sum) : ONE) << shift;
}

static __always_inline u64 blend_pixel(u64 below, u64 above, u32 weight, u32 cover)
{
	return PRIMESIM_WIDE_ALPHA |
	       blend_channel(below, above, weight, cover, PRIMESIM_WIDE_R) |
	       blend_channel(below, above, weight, cover, PRIMESIM_WIDE_G) |
	       blend_channel(below, above, weight, cover, PRIMESIM_WIDE_B);
}

void primesim_wide_blend(u64 *below, const u64 *above, u32 count, enum primesim_blend blend,
			 u16 alpha)
{
	for (u32 i = 0; i < count; i++) {
		u64 p = above[i];
		u32 cover = blend == PRIMESIM_BLEND_NONE ?
			    alpha : divide(channel(p, PRIMESIM_WIDE_A) * alpha);
		u32 weight = blend == PRIMESIM_BLEND_COVERAGE ? cover : alpha;

		if (weight == ONE && cover == ONE)
			below[i] = p | PRIMESIM_WIDE_ALPHA;
		else
			below[i] = blend_pixel(below[i], p, weight, cover);
	}
}

/* The centre of destination pixel @i, in 16.16 fixed point */
static __always_inline u32 span_centre(const struct primesim_span *span, u32 i)
{
	return span->at + (u32)((2 * i + 1) * (u64)span->length / (2 * span->count));
}

u32 primesim_span_nearest(const struct primesim_span *span, u32 i)
{
	return min(span_centre(span, i) >> 16, span->last);
}

u32 primesim_span_linear(const struct primesim_span *span, u32 i, u32 *part)
{
	u32 centre = span_centre(span, i);
	u32 first = span->at >> 16;
	u32 at;

	*part = 0;
	if (centre < (first << 16) + 0x8000)
		return first;

	centre -= 0x8000;
	at = centre >> 16;
	if (at >= span->last)
		return span->last;
	*part = centre & 0xffff;
	return at;
}

static __always_inline u64 mix(u64 a, u64 b, u32 part)
{
	u64 even = ((a & EVEN_LANES) * (65536 - part) + (b & EVEN_LANES) * part +
		    HALF_LANES) >> 16 & EVEN_LANES;
	u64 odd = (a >> 16 & EVEN_LANES) * (65536 - part) + (b >> 16 & EVEN_LANES) * part +
		  HALF_LANES;

	return even | (odd & ~EVEN_LANES);
}

void primesim_wide_scale_nearest(u64 *out, const u64 *in, const struct primesim_span *span)
{
	for (u32 i = 0; i < span->count; i++)
		out[i] = in[primesim_span_nearest(span, i)];
}

void primesim_wide_scale_linear(u64 *out, const u64 *in, const struct primesim_span *span)
{
	for (u32 i = 0; i < span->count; i++) {
		u32 part;
		u32 at = primesim_span_linear(span, i, &part);

		out[i] = part ? mix(in[at], in[at + 1], part) : in[at];
	}
}

void primesim_wide_mix(u64 *out, const u64 *a, const u64 *b, u32 part, u32 count)
{
	for (u32 i = 0; i < count; i++)
		out[i] = mix(a[i], b[i], part);
}

static __always_inline u64 lut_channel(u64 pixel, const u16 *value, u32 shift)
{
	u32 in = channel(pixel, shift);
	u32 at = in / 257;
	u32 part = in % 257;

	return (u64)((value[at] * (257 - part) + value[at + 1] * part + 128) / 257) << shift;
}

void primesim_wide_lut(u64 *row, const struct primesim_lut *lut, u32 count)
{
	for (u32 i = 0; i < count; i++)
		row[i] = (row[i] & PRIMESIM_WIDE_ALPHA) |
			 lut_channel(row[i], lut->value[0], PRIMESIM_WIDE_R) |
			 lut_channel(row[i], lut->value[1], PRIMESIM_WIDE_G) |
			 lut_channel(row[i], lut->value[2], PRIMESIM_WIDE_B);
}

s64 primesim_ctm_weight(u64 s31_32)
{
	const u64 sign = 1ull << 63;
	u64 value = (s31_32 & ~sign) >> (32 - PRIMESIM_CTM_SHIFT);
	const u64 limit = 32768ull << PRIMESIM_CTM_SHIFT;

	if (value > limit)
		value = limit;
	return s31_32 & sign ? -(s64)value : (s64)value;
}

static __always_inline u64 ctm_channel(u64 pixel, const s64 *weight, u32 shift)
{
	s64 sum = weight[0] * channel(pixel, PRIMESIM_WIDE_R) +
		  weight[1] * channel(pixel, PRIMESIM_WIDE_G) +
		  weight[2] * channel(pixel, PRIMESIM_WIDE_B) +
		  (1ll << (PRIMESIM_CTM_SHIFT - 1));

	sum >>= PRIMESIM_CTM_SHIFT;
	if (sum < 0)
		sum = 0;
	return (u64)(sum > ONE ? ONE : sum) << shift;
}

void primesim_wide_ctm(u64 *row, const struct primesim_ctm *ctm, u32 count)
{
	for (u32 i = 0; i < count; i++)
		row[i] = (row[i] & PRIMESIM_WIDE_ALPHA) |
			 ctm_channel(row[i], &ctm->weight[0], PRIMESIM_WIDE_R) |
			 ctm_channel(row[i], &ctm->weight[3], PRIMESIM_WIDE_G) |
			 ctm_channel(row[i], &ctm->weight[6], PRIMESIM_WIDE_B);
}
