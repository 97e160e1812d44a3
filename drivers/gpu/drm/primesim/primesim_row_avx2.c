// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Row functions with x86's AVX2: sixteen pixels at a time, what is left by the plain
 * functions.
 *
 * Compiled with the flags of code that uses vector registers, so nothing else is in
 * this file. Sparse does not know the compiler's vectors.
 */
#include "primesim_row_avx2.h"

#ifndef __CHECKER__

/* The compiler's header would bring in <stdlib.h> for memory that nobody allocates here. */
#define _MM_MALLOC_H_INCLUDED
#define __MM_MALLOC_H
#include <immintrin.h>

#define PIXELS	16	/* a step's */
#define HALF	8	/* a vector's, of 32-bit pixels */

static __always_inline __m256i load(const void *p)
{
	return _mm256_loadu_si256(p);
}

static __always_inline void store(void *p, __m256i v)
{
	_mm256_storeu_si256(p, v);
}

/* Sixteen 16-bit numbers in memory that are eight 32-bit ones: two 8-bit samples each. */
static __always_inline __m256i load_pairs(const void *p)
{
	return _mm256_cvtepu16_epi32(_mm_loadu_si128(p));
}

/* Eight bytes in memory, each in 32 bits */
static __always_inline __m256i load_bytes(const void *p)
{
	return _mm256_cvtepu8_epi32(_mm_loadl_epi64(p));
}

/**
 * struct weights - a struct primesim_matrix in all lanes of vectors
 * @ky: weight of Y.
 * @krv: weight of Cr in red.
 * @kgu: weight of Cb in green, subtracted.
 * @kgv: weight of Cr in green, subtracted.
 * @kbu: weight of Cb in blue.
 * @r: what is added to red: black level, the middle of Cr, and rounding.
 * @g: the same of green.
 * @b: the same of blue.
 */
struct weights {
	__m256i ky, krv, kgu, kgv, kbu;
	__m256i r, g, b;
};

static __always_inline struct weights weights_of(const struct primesim_matrix *m)
{
	const s32 y0 = 32768 - m->y0 * m->ky;

	return (struct weights) {
		.ky = _mm256_set1_epi32(m->ky),
		.krv = _mm256_set1_epi32(m->krv),
		.kgu = _mm256_set1_epi32(m->kgu),
		.kgv = _mm256_set1_epi32(m->kgv),
		.kbu = _mm256_set1_epi32(m->kbu),
		.r = _mm256_set1_epi32(y0 - 128 * m->krv),
		.g = _mm256_set1_epi32(y0 + 128 * (m->kgu + m->kgv)),
		.b = _mm256_set1_epi32(y0 - 128 * m->kbu),
	};
}

/**
 * struct yuv - sixteen pixels, as eight pairs in 32-bit lanes
 * @even: luma of each pair's first pixel.
 * @odd: luma of its second one.
 * @cb: its Cb.
 * @cr: its Cr.
 */
struct yuv {
	__m256i even, odd, cb, cr;
};

/* One colour of sixteen pixels in 16-bit lanes, not clamped: the upper halves of the sums. */
static __always_inline __m256i sum_up(__m256i even, __m256i odd, __m256i chroma)
{
	return _mm256_blend_epi16(_mm256_srli_epi32(_mm256_add_epi32(even, chroma), 16),
				  _mm256_add_epi32(odd, chroma), 0xaa);
}

/* Colours in 16-bit lanes, clamped here, to pixels in memory. */
static __always_inline void store_pixels(u32 *out, __m256i r, __m256i g, __m256i b)
{
	const __m256i br = _mm256_packus_epi16(b, r);
	const __m256i ga = _mm256_packus_epi16(g, _mm256_set1_epi16(0xff));
	const __m256i bg = _mm256_unpacklo_epi8(br, ga);
	const __m256i ra = _mm256_unpackhi_epi8(br, ga);
	/* Pixels 0-3 and 8-11, 4-7 and 12-15: packing works on each half by itself. */
	const __m256i first = _mm256_unpacklo_epi16(bg, ra);
	const __m256i second = _mm256_unpackhi_epi16(bg, ra);

	store(out, _mm256_permute2x128_si256(first, second, 0x20));
	store(out + 8, _mm256_permute2x128_si256(first, second, 0x31));
}

static __always_inline void convert(u32 *out, struct yuv in, const struct weights *w)
{
	const __m256i even = _mm256_mullo_epi32(in.even, w->ky);
	const __m256i odd = _mm256_mullo_epi32(in.odd, w->ky);
	const __m256i r = _mm256_add_epi32(w->r, _mm256_mullo_epi32(in.cr, w->krv));
	const __m256i b = _mm256_add_epi32(w->b, _mm256_mullo_epi32(in.cb, w->kbu));
	const __m256i g = _mm256_sub_epi32(_mm256_sub_epi32(w->g,
							    _mm256_mullo_epi32(in.cb, w->kgu)),
					   _mm256_mullo_epi32(in.cr, w->kgv));

	store_pixels(out, sum_up(even, odd, r), sum_up(even, odd, g), sum_up(even, odd, b));
}

/* Luma in bytes, and chroma in pairs of bytes: first Cb, or Cr when @swapped */
static __always_inline u32 unpack_semi_planar(u32 *out, const u8 *luma, const u8 *chroma, u32 count,
					      const struct primesim_matrix *matrix,
					      const bool swapped)
{
	const struct weights w = weights_of(matrix);
	const __m256i low = _mm256_set1_epi32(0xff);
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i y = load_pairs(luma + i);
		const __m256i c = load_pairs(chroma + i);
		const __m256i first = _mm256_and_si256(c, low);
		const __m256i second = _mm256_srli_epi32(c, 8);
		const struct yuv in = {
			.even = _mm256_and_si256(y, low),
			.odd = _mm256_srli_epi32(y, 8),
			.cb = swapped ? second : first,
			.cr = swapped ? first : second,
		};

		convert(out + i, in, &w);
	}

	return i;
}

void primesim_avx2_unpack_nv12(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix)
{
	const u8 *luma = planes[0];
	const u8 *cbcr = planes[1];
	u32 i = unpack_semi_planar(out, luma, cbcr, count, matrix, false);

	primesim_row_unpack_nv12(out + i, (const void *[]){ luma + i, cbcr + i }, count - i,
				 matrix);
}

void primesim_avx2_unpack_nv21(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix)
{
	const u8 *luma = planes[0];
	const u8 *crcb = planes[1];
	u32 i = unpack_semi_planar(out, luma, crcb, count, matrix, true);

	primesim_row_unpack_nv21(out + i, (const void *[]){ luma + i, crcb + i }, count - i,
				 matrix);
}

void primesim_avx2_unpack_yuv420(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix)
{
	const struct weights w = weights_of(matrix);
	const __m256i low = _mm256_set1_epi32(0xff);
	const u8 *luma = planes[0];
	const u8 *cb = planes[1];
	const u8 *cr = planes[2];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i y = load_pairs(luma + i);
		const struct yuv in = {
			.even = _mm256_and_si256(y, low),
			.odd = _mm256_srli_epi32(y, 8),
			.cb = load_bytes(cb + i / 2),
			.cr = load_bytes(cr + i / 2),
		};

		convert(out + i, in, &w);
	}
	primesim_row_unpack_yuv420(out + i,
				   (const void *[]){ luma + i, cb + i / 2, cr + i / 2 },
				   count - i, matrix);
}

/* Samples in the upper bytes of 16 bits */
void primesim_avx2_unpack_p010(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix)
{
	const struct weights w = weights_of(matrix);
	const __m256i low = _mm256_set1_epi32(0xff);
	const u8 *luma = planes[0];
	const u8 *cbcr = planes[1];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i y = load(luma + 2 * i);
		const __m256i c = load(cbcr + 2 * i);
		const struct yuv in = {
			.even = _mm256_and_si256(_mm256_srli_epi32(y, 8), low),
			.odd = _mm256_srli_epi32(y, 24),
			.cb = _mm256_and_si256(_mm256_srli_epi32(c, 8), low),
			.cr = _mm256_srli_epi32(c, 24),
		};

		convert(out + i, in, &w);
	}
	primesim_row_unpack_p010(out + i, (const void *[]){ luma + 2 * i, cbcr + 2 * i },
				 count - i, matrix);
}

void primesim_avx2_unpack_yuyv(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix)
{
	const struct weights w = weights_of(matrix);
	const __m256i low = _mm256_set1_epi32(0xff);
	const u8 *from = planes[0];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i words = load(from + 2 * i);
		const struct yuv in = {
			.even = _mm256_and_si256(words, low),
			.odd = _mm256_and_si256(_mm256_srli_epi32(words, 16), low),
			.cb = _mm256_and_si256(_mm256_srli_epi32(words, 8), low),
			.cr = _mm256_srli_epi32(words, 24),
		};

		convert(out + i, in, &w);
	}
	primesim_row_unpack_yuyv(out + i, (const void *[]){ from + 2 * i }, count - i, matrix);
}

void primesim_avx2_unpack_uyvy(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix)
{
	const struct weights w = weights_of(matrix);
	const __m256i low = _mm256_set1_epi32(0xff);
	const u8 *from = planes[0];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i words = load(from + 2 * i);
		const struct yuv in = {
			.even = _mm256_and_si256(_mm256_srli_epi32(words, 8), low),
			.odd = _mm256_srli_epi32(words, 24),
			.cb = _mm256_and_si256(words, low),
			.cr = _mm256_and_si256(_mm256_srli_epi32(words, 16), low),
		};

		convert(out + i, in, &w);
	}
	primesim_row_unpack_uyvy(out + i, (const void *[]){ from + 2 * i }, count - i, matrix);
}

void primesim_avx2_pack_xrgb8888(void *out, const u32 *in, u32 count)
{
	const __m256i opaque = _mm256_set1_epi32(0xff000000);
	u32 *row = out;
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		store(row + i, _mm256_or_si256(load(in + i), opaque));
		store(row + i + 8, _mm256_or_si256(load(in + i + 8), opaque));
	}
	primesim_row_pack_xrgb8888(row + i, in + i, count - i);
}

void primesim_avx2_unpack_xrgb8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix)
{
	primesim_avx2_pack_xrgb8888(out, planes[0], count);
}

/* Bytes of each pixel in this order; both halves of a vector alike */
static __always_inline __m256i shuffle_of(char b0, char b1, char b2, char b3)
{
	return _mm256_setr_epi8(b0, b1, b2, b3, b0 + 4, b1 + 4, b2 + 4, b3 + 4,
				b0 + 8, b1 + 8, b2 + 8, b3 + 8, b0 + 12, b1 + 12, b2 + 12, b3 + 12,
				b0, b1, b2, b3, b0 + 4, b1 + 4, b2 + 4, b3 + 4,
				b0 + 8, b1 + 8, b2 + 8, b3 + 8, b0 + 12, b1 + 12, b2 + 12, b3 + 12);
}

static __always_inline u32 swap_row(u32 *out, const u32 *in, u32 count, u32 set)
{
	const __m256i order = shuffle_of(2, 1, 0, 3);
	const __m256i bits = _mm256_set1_epi32(set);
	u32 i;

	for (i = 0; i + HALF <= count; i += HALF)
		store(out + i, _mm256_or_si256(_mm256_shuffle_epi8(load(in + i), order), bits));

	return i;
}

void primesim_avx2_pack_abgr8888(void *out, const u32 *in, u32 count)
{
	u32 *row = out;
	u32 i = swap_row(row, in, count, 0);

	primesim_row_pack_abgr8888(row + i, in + i, count - i);
}

void primesim_avx2_pack_xbgr8888(void *out, const u32 *in, u32 count)
{
	u32 *row = out;
	u32 i = swap_row(row, in, count, 0xff000000);

	primesim_row_pack_xbgr8888(row + i, in + i, count - i);
}

void primesim_avx2_unpack_abgr8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix)
{
	primesim_avx2_pack_abgr8888(out, planes[0], count);
}

void primesim_avx2_unpack_xbgr8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix)
{
	primesim_avx2_pack_xbgr8888(out, planes[0], count);
}

/* Red at @r and blue at @b of three bytes. Reads up to four bytes past a step's own. */
static __always_inline u32 unpack_24(u32 *out, const u8 *in, u32 count, const char r, const char b)
{
	const __m256i order = _mm256_setr_epi8(b, 1, r, -1, b + 3, 4, r + 3, -1,
					       b + 6, 7, r + 6, -1, b + 9, 10, r + 9, -1,
					       b, 1, r, -1, b + 3, 4, r + 3, -1,
					       b + 6, 7, r + 6, -1, b + 9, 10, r + 9, -1);
	const __m256i opaque = _mm256_set1_epi32(0xff000000);
	u32 i;

	for (i = 0; i + HALF + 2 <= count; i += HALF) {
		const __m128i first = _mm_loadu_si128((const void *)(in + 3 * i));
		const __m128i second = _mm_loadu_si128((const void *)(in + 3 * i + 12));
		const __m256i both = _mm256_set_m128i(second, first);

		store(out + i, _mm256_or_si256(_mm256_shuffle_epi8(both, order), opaque));
	}

	return i;
}

void primesim_avx2_unpack_rgb888(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix)
{
	const u8 *in = planes[0];
	u32 i = unpack_24(out, in, count, 2, 0);

	primesim_row_unpack_rgb888(out + i, (const void *[]){ in + 3 * i }, count - i, matrix);
}

void primesim_avx2_unpack_bgr888(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix)
{
	const u8 *in = planes[0];
	u32 i = unpack_24(out, in, count, 0, 2);

	primesim_row_unpack_bgr888(out + i, (const void *[]){ in + 3 * i }, count - i, matrix);
}

void primesim_avx2_unpack_r8(u32 *out, const void *const planes[], u32 count,
			     const struct primesim_matrix *matrix)
{
	const __m256i order = _mm256_setr_epi8(0, 0, 0, -1, 4, 4, 4, -1,
					       8, 8, 8, -1, 12, 12, 12, -1,
					       0, 0, 0, -1, 4, 4, 4, -1,
					       8, 8, 8, -1, 12, 12, 12, -1);
	const __m256i opaque = _mm256_set1_epi32(0xff000000);
	const u8 *in = planes[0];
	u32 i;

	for (i = 0; i + HALF <= count; i += HALF)
		store(out + i, _mm256_or_si256(_mm256_shuffle_epi8(load_bytes(in + i), order),
					       opaque));
	primesim_row_unpack_r8(out + i, (const void *[]){ in + i }, count - i, matrix);
}

void primesim_avx2_unpack_rgb565(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix)
{
	const __m256i five = _mm256_set1_epi16(0xf8);
	const __m256i six = _mm256_set1_epi16(0xfc);
	const u16 *in = planes[0];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i words = load(in + i);
		const __m256i r = _mm256_and_si256(_mm256_srli_epi16(words, 8), five);
		const __m256i g = _mm256_and_si256(_mm256_srli_epi16(words, 3), six);
		const __m256i b = _mm256_and_si256(_mm256_slli_epi16(words, 3), five);

		store_pixels(out + i, _mm256_or_si256(r, _mm256_srli_epi16(r, 5)),
			     _mm256_or_si256(g, _mm256_srli_epi16(g, 6)),
			     _mm256_or_si256(b, _mm256_srli_epi16(b, 5)));
	}
	primesim_row_unpack_rgb565(out + i, (const void *[]){ in + i }, count - i, matrix);
}

/* What packing made of each half by itself, in the order of memory again */
static __always_inline __m256i unmix(__m256i packed)
{
	return _mm256_permute4x64_epi64(packed, 0xd8);
}

static __always_inline __m256i rgb565_of(__m256i pixels)
{
	const __m256i r = _mm256_and_si256(_mm256_srli_epi32(pixels, 8),
					   _mm256_set1_epi32(0xf800));
	const __m256i g = _mm256_and_si256(_mm256_srli_epi32(pixels, 5),
					   _mm256_set1_epi32(0x07e0));
	const __m256i b = _mm256_and_si256(_mm256_srli_epi32(pixels, 3),
					   _mm256_set1_epi32(0x001f));

	return _mm256_or_si256(_mm256_or_si256(r, g), b);
}

void primesim_avx2_pack_rgb565(void *out, const u32 *in, u32 count)
{
	u16 *row = out;
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS)
		store(row + i, unmix(_mm256_packus_epi32(rgb565_of(load(in + i)),
							 rgb565_of(load(in + i + 8)))));
	primesim_row_pack_rgb565(row + i, in + i, count - i);
}

/* Three bytes of each pixel, red or blue first. Writes up to four bytes past a step's own. */
static __always_inline u32 pack_24(u8 *out, const u32 *in, u32 count, const bool red_first)
{
	const char x = red_first ? 2 : 0, z = 2 - x;
	const __m256i order = _mm256_setr_epi8(x, 1, z, x + 4, 5, z + 4, x + 8, 9, z + 8,
					       x + 12, 13, z + 12, -1, -1, -1, -1,
					       x, 1, z, x + 4, 5, z + 4, x + 8, 9, z + 8,
					       x + 12, 13, z + 12, -1, -1, -1, -1);
	u32 i;

	for (i = 0; i + HALF + 2 <= count; i += HALF) {
		const __m256i bytes = _mm256_shuffle_epi8(load(in + i), order);

		_mm_storeu_si128((void *)(out + 3 * i), _mm256_castsi256_si128(bytes));
		_mm_storeu_si128((void *)(out + 3 * i + 12), _mm256_extracti128_si256(bytes, 1));
	}

	return i;
}

void primesim_avx2_pack_rgb888(void *out, const u32 *in, u32 count)
{
	u8 *row = out;
	u32 i = pack_24(row, in, count, false);

	primesim_row_pack_rgb888(row + 3 * i, in + i, count - i);
}

void primesim_avx2_pack_bgr888(void *out, const u32 *in, u32 count)
{
	u8 *row = out;
	u32 i = pack_24(row, in, count, true);

	primesim_row_pack_bgr888(row + 3 * i, in + i, count - i);
}

/* Two weights for neighbours of 16 bits: blue and red, or green and alpha */
static __always_inline __m256i pair_of(s32 first, s32 second)
{
	return _mm256_set1_epi32((first & 0xffff) | (u32)second << 16);
}

/* Channels in 16 bits: blue and red, and green and alpha */
static __always_inline __m256i blue_red(__m256i pixels)
{
	return _mm256_and_si256(pixels, _mm256_set1_epi16(0xff));
}

static __always_inline __m256i green_alpha(__m256i pixels)
{
	return _mm256_srli_epi16(pixels, 8);
}

/**
 * struct luma - weights of Y, in all lanes
 * @br: of blue and red.
 * @ga: of green.
 * @add: black level and rounding.
 */
struct luma {
	__m256i br, ga, add;
};

static __always_inline struct luma luma_weights(const struct primesim_weights *w)
{
	return (struct luma) {
		.br = pair_of(w->kb, w->kr),
		.ga = pair_of(w->kg, 0),
		.add = _mm256_set1_epi32(16384 + (w->y0 << 15)),
	};
}

/* Y of eight pixels in 32 bits */
static __always_inline __m256i luma_of(__m256i pixels, const struct luma *w)
{
	const __m256i br = _mm256_madd_epi16(blue_red(pixels), w->br);
	const __m256i ga = _mm256_madd_epi16(green_alpha(pixels), w->ga);

	return _mm256_srai_epi32(_mm256_add_epi32(_mm256_add_epi32(br, ga), w->add), 15);
}

/* Y of sixteen pixels in 16 bits */
static __always_inline __m256i luma_of_16(const u32 *in, const struct luma *w)
{
	return unmix(_mm256_packs_epi32(luma_of(load(in), w), luma_of(load(in + 8), w)));
}

static __always_inline u32 pack_luma(u8 *out, const u32 *in, u32 count,
				     const struct primesim_weights *weights)
{
	const struct luma w = luma_weights(weights);
	u32 i;

	for (i = 0; i + 2 * PIXELS <= count; i += 2 * PIXELS)
		store(out + i, unmix(_mm256_packus_epi16(luma_of_16(in + i, &w),
							 luma_of_16(in + i + 16, &w))));

	return i;
}

void primesim_avx2_pack_luma_8(void *out, const u32 *in, u32 count,
			       const struct primesim_weights *weights)
{
	u8 *row = out;
	u32 i = pack_luma(row, in, count, weights);

	primesim_row_pack_luma_8(row + i, in + i, count - i, weights);
}

void primesim_avx2_pack_r8(void *out, const u32 *in, u32 count)
{
	u8 *row = out;
	u32 i = pack_luma(row, in, count, &primesim_row_grey);

	primesim_row_pack_r8(row + i, in + i, count - i);
}

/* Numbers in 16 bits, clamped to 0 .. 255, in the upper bytes */
static __always_inline __m256i upper_bytes(__m256i samples)
{
	const __m256i positive = _mm256_max_epi16(samples, _mm256_setzero_si256());

	return _mm256_slli_epi16(_mm256_min_epi16(positive, _mm256_set1_epi16(0xff)), 8);
}

void primesim_avx2_pack_luma_p010(void *out, const u32 *in, u32 count,
				  const struct primesim_weights *weights)
{
	const struct luma w = luma_weights(weights);
	u16 *row = out;
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS)
		store(row + i, upper_bytes(luma_of_16(in + i, &w)));
	primesim_row_pack_luma_p010(row + i, in + i, count - i, weights);
}

/**
 * struct chroma - weights of Cb and Cr, in all lanes
 * @cb_br: in Cb, of blue and red.
 * @cb_ga: in Cb, of green.
 * @cr_br: in Cr, of blue and red.
 * @cr_ga: in Cr, of green.
 * @add: the middle and rounding.
 */
struct chroma {
	__m256i cb_br, cb_ga, cr_br, cr_ga, add;
};

/* @shift: as in cb_of() of the plain functions. */
static __always_inline struct chroma chroma_weights(const struct primesim_weights *w,
						    const u32 shift)
{
	return (struct chroma) {
		.cb_br = pair_of(w->kub, -w->kur),
		.cb_ga = pair_of(w->kur - w->kub, 0),
		.cr_br = pair_of(-w->kvb, w->kvr),
		.cr_ga = pair_of(w->kvb - w->kvr, 0),
		.add = _mm256_set1_epi32((128 << shift) + (1 << (shift - 1))),
	};
}

/* Cb and Cr, in turn, of four pairs of pixels in 32 bits; channels may be sums of two rows */
static __always_inline __m256i chroma_of(__m256i br, __m256i ga, const struct chroma *w,
					 const u32 shift)
{
	const __m256i cb = _mm256_add_epi32(_mm256_madd_epi16(br, w->cb_br),
					    _mm256_madd_epi16(ga, w->cb_ga));
	const __m256i cr = _mm256_add_epi32(_mm256_madd_epi16(br, w->cr_br),
					    _mm256_madd_epi16(ga, w->cr_ga));
	/* Cb of two pairs, then Cr of the same, in each half */
	const __m256i both = _mm256_shuffle_epi32(_mm256_hadd_epi32(cb, cr), 0xd8);

	return _mm256_srai_epi32(_mm256_add_epi32(both, w->add), shift);
}

static __always_inline __m256i chroma_of_rows(const u32 *first, const u32 *second,
					      const struct chroma *w)
{
	const __m256i a = load(first), b = load(second);

	return chroma_of(_mm256_add_epi16(blue_red(a), blue_red(b)),
			 _mm256_add_epi16(green_alpha(a), green_alpha(b)), w, 17);
}

/* Cb and Cr, in turn, of eight pairs of pixels, in 16 bits */
static __always_inline __m256i chroma_of_rows_16(const u32 *first, const u32 *second,
						 const struct chroma *w)
{
	return unmix(_mm256_packs_epi32(chroma_of_rows(first, second, w),
					chroma_of_rows(first + 8, second + 8, w)));
}

/* The same in bytes */
static __always_inline __m128i chroma_bytes(const u32 *first, const u32 *second,
					    const struct chroma *w)
{
	const __m256i c = chroma_of_rows_16(first, second, w);

	return _mm256_castsi256_si128(unmix(_mm256_packus_epi16(c, c)));
}

void primesim_avx2_pack_chroma_nv12(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	u8 *row = planes[1];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS)
		_mm_storeu_si128((void *)(row + i), chroma_bytes(first + i, second + i, &w));
	primesim_row_pack_chroma_nv12((void *[]){ NULL, row + i }, first + i, second + i,
				      count - i, weights);
}

void primesim_avx2_pack_chroma_nv21(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	const struct chroma swapped = { w.cr_br, w.cr_ga, w.cb_br, w.cb_ga, w.add };
	u8 *row = planes[1];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS)
		_mm_storeu_si128((void *)(row + i), chroma_bytes(first + i, second + i, &swapped));
	primesim_row_pack_chroma_nv21((void *[]){ NULL, row + i }, first + i, second + i,
				      count - i, weights);
}

void primesim_avx2_pack_chroma_yuv420(void *const planes[], const u32 *first, const u32 *second,
				      u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	const __m128i apart = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
	u8 *cb = planes[1];
	u8 *cr = planes[2];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m128i both = chroma_bytes(first + i, second + i, &w);
		const __m128i sorted = _mm_shuffle_epi8(both, apart);

		_mm_storel_epi64((void *)(cb + i / 2), sorted);
		_mm_storel_epi64((void *)(cr + i / 2), _mm_unpackhi_epi64(sorted, sorted));
	}
	primesim_row_pack_chroma_yuv420((void *[]){ NULL, cb + i / 2, cr + i / 2 }, first + i,
					second + i, count - i, weights);
}

void primesim_avx2_pack_chroma_p010(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	u8 *row = planes[1];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS)
		store(row + 2 * i, upper_bytes(chroma_of_rows_16(first + i, second + i, &w)));
	primesim_row_pack_chroma_p010((void *[]){ NULL, row + 2 * i }, first + i, second + i,
				      count - i, weights);
}

static __always_inline __m256i chroma_of_row(const u32 *in, const struct chroma *w)
{
	const __m256i pixels = load(in);

	return chroma_of(blue_red(pixels), green_alpha(pixels), w, 16);
}

/* Luma and chroma in bytes, in turn; luma second when @swapped */
static __always_inline u32 pack_422(u8 *out, const u32 *in, u32 count,
				    const struct primesim_weights *weights, const bool swapped)
{
	const struct luma luma = luma_weights(weights);
	const struct chroma chroma = chroma_weights(weights, 16);
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i y = luma_of_16(in + i, &luma);
		const __m256i c = unmix(_mm256_packs_epi32(chroma_of_row(in + i, &chroma),
							   chroma_of_row(in + i + 8, &chroma)));
		/* In each half, eight bytes of the one and then eight of the other */
		const __m256i bytes = swapped ? _mm256_packus_epi16(c, y) :
						_mm256_packus_epi16(y, c);

		store(out + 2 * i,
		      _mm256_unpacklo_epi8(bytes, _mm256_bsrli_epi128(bytes, 8)));
	}

	return i;
}

void primesim_avx2_pack_yuyv(void *out, const u32 *in, u32 count,
			     const struct primesim_weights *weights)
{
	u8 *row = out;
	u32 i = pack_422(row, in, count, weights, false);

	primesim_row_pack_yuyv(row + 2 * i, in + i, count - i, weights);
}

void primesim_avx2_pack_uyvy(void *out, const u32 *in, u32 count,
			     const struct primesim_weights *weights)
{
	u8 *row = out;
	u32 i = pack_422(row, in, count, weights, true);

	primesim_row_pack_uyvy(row + 2 * i, in + i, count - i, weights);
}

/* Channels in 16 bits, 0 .. 255 * 255, over 255, rounded to nearest */
static __always_inline __m256i over_255(__m256i channels)
{
	return _mm256_mulhi_epu16(_mm256_add_epi16(channels, _mm256_set1_epi16(128)),
				  _mm256_set1_epi16(257));
}

/* Alpha of each pixel, twice, in 16 bits */
static __always_inline __m256i alpha_of(__m256i pixels)
{
	return _mm256_shuffle_epi8(pixels,
				   _mm256_setr_epi8(3, -1, 3, -1, 7, -1, 7, -1,
						    11, -1, 11, -1, 15, -1, 15, -1,
						    3, -1, 3, -1, 7, -1, 7, -1,
						    11, -1, 11, -1, 15, -1, 15, -1));
}

void primesim_avx2_blend_premultiplied(u32 *below, const u32 *above, u32 count)
{
	const __m256i all = _mm256_set1_epi16(0xff);
	u32 i;

	for (i = 0; i + HALF <= count; i += HALF) {
		const __m256i s = load(above + i), d = load(below + i);
		const __m256i through = _mm256_xor_si256(alpha_of(s), all);
		const __m256i br = over_255(_mm256_mullo_epi16(blue_red(d), through));
		const __m256i ga = over_255(_mm256_mullo_epi16(green_alpha(d), through));
		const __m256i rest = _mm256_or_si256(br, _mm256_slli_epi16(ga, 8));

		store(below + i, _mm256_adds_epu8(rest, s));
	}
	primesim_row_blend_premultiplied(below + i, above + i, count - i);
}

void primesim_avx2_blend_straight(u32 *below, const u32 *above, u32 count)
{
	const __m256i all = _mm256_set1_epi16(0xff);
	/* Alpha's own weight is 255 / 255. */
	const __m256i opaque = _mm256_set1_epi32(0x00ff0000);
	u32 i;

	for (i = 0; i + HALF <= count; i += HALF) {
		const __m256i s = load(above + i), d = load(below + i);
		const __m256i alpha = alpha_of(s);
		const __m256i through = _mm256_xor_si256(alpha, all);
		const __m256i br = _mm256_add_epi16(_mm256_mullo_epi16(blue_red(d), through),
						    _mm256_mullo_epi16(blue_red(s), alpha));
		const __m256i own = _mm256_or_si256(green_alpha(s), opaque);
		const __m256i ga = _mm256_add_epi16(_mm256_mullo_epi16(green_alpha(d), through),
						    _mm256_mullo_epi16(own, alpha));

		store(below + i, _mm256_or_si256(over_255(br),
						 _mm256_slli_epi16(over_255(ga), 8)));
	}
	primesim_row_blend_straight(below + i, above + i, count - i);
}

/* @part: of @b, in each 16 bits, 0 .. 255 of 256 */
static __always_inline __m256i mix_pixels(__m256i a, __m256i b, __m256i part)
{
	const __m256i rest = _mm256_sub_epi16(_mm256_set1_epi16(256), part);
	const __m256i half = _mm256_set1_epi16(128);
	const __m256i br = _mm256_add_epi16(_mm256_mullo_epi16(blue_red(a), rest),
					    _mm256_mullo_epi16(blue_red(b), part));
	const __m256i ga = _mm256_add_epi16(_mm256_mullo_epi16(green_alpha(a), rest),
					    _mm256_mullo_epi16(green_alpha(b), part));

	return _mm256_or_si256(_mm256_srli_epi16(_mm256_add_epi16(br, half), 8),
			       _mm256_andnot_si256(_mm256_set1_epi16(0xff),
						   _mm256_add_epi16(ga, half)));
}

void primesim_avx2_mix(u32 *out, const u32 *first, const u32 *second, u32 part, u32 count)
{
	const __m256i parts = _mm256_set1_epi16(part);
	u32 i;

	for (i = 0; i + HALF <= count; i += HALF)
		store(out + i, mix_pixels(load(first + i), load(second + i), parts));
	primesim_row_mix(out + i, first + i, second + i, part, count - i);
}

/* Four pixels and those to the right of them, from places in @at */
static __always_inline __m256i gather_pairs(const u32 *in, __m128i at)
{
	return _mm256_i32gather_epi64((const long long *)in, at, 4);
}

void primesim_avx2_stretch(u32 *out, const u32 *in, u32 count,
			   const struct primesim_row_filter *filter)
{
	/* The order in which pixels come out of two vectors of pairs */
	const __m256i order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);
	u32 i;

	for (i = 0; i + HALF <= count; i += HALF) {
		const __m256i at = load_pairs(filter->at + i);
		const __m256i part = _mm256_permutevar8x32_epi32(load_pairs(filter->part + i),
								 order);
		const __m256 a = _mm256_castsi256_ps(gather_pairs(in, _mm256_castsi256_si128(at)));
		const __m256 b = _mm256_castsi256_ps(gather_pairs(in,
								  _mm256_extracti128_si256(at, 1)));
		const __m256i left = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88));
		const __m256i right = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xdd));
		const __m256i parts = _mm256_or_si256(part, _mm256_slli_epi32(part, 16));

		store(out + i, unmix(mix_pixels(left, right, parts)));
	}
	primesim_row_stretch(out + i, in, count - i, &(struct primesim_row_filter) {
		filter->at + i, filter->part + i
	});
}

void primesim_avx2_scale_32(void *out, const void *in, u32 count,
			    const struct primesim_row_index *index)
{
	u32 *to = out;
	u32 i;

	for (i = 0; i + HALF <= count; i += HALF)
		store(to + i, _mm256_i32gather_epi32(in, load_pairs(index->pixels + i), 4));
	primesim_row_scale_32(to + i, in, count - i, &(struct primesim_row_index) {
		.pixels = index->pixels + i
	});
}

void primesim_avx2_reverse(u32 *row, u32 count)
{
	const __m256i order = _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0);
	u32 i;

	for (i = 0; 2 * (i + HALF) <= count; i += HALF) {
		const __m256i left = load(row + i);
		const __m256i right = load(row + count - i - HALF);

		store(row + i, _mm256_permutevar8x32_epi32(right, order));
		store(row + count - i - HALF, _mm256_permutevar8x32_epi32(left, order));
	}
	primesim_row_reverse(row + i, count - 2 * i);
}

#endif /* !__CHECKER__ */
