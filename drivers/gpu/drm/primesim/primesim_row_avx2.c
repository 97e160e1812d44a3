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
	size_t i;

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
	size_t i;

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
	size_t i;

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
	size_t i;

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
	size_t i;

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

static __always_inline void copy_row(u8 *out, const u8 *in, size_t bytes)
{
	size_t i;

	for (i = 0; i + 64 <= bytes; i += 64) {
		store(out + i, load(in + i));
		store(out + i + 32, load(in + i + 32));
	}
	for (; i + 16 <= bytes; i += 16)
		_mm_storeu_si128((void *)(out + i), _mm_loadu_si128((const void *)(in + i)));
	if (i < bytes)
		memcpy(out + i, in + i, bytes - i);
}

void primesim_avx2_copy(void *out, size_t out_stride, const void *in, size_t in_stride, u32 bytes,
			u32 lines)
{
	for (; lines; lines--, out += out_stride, in += in_stride)
		copy_row(out, in, bytes);
}

void primesim_avx2_pack_argb8888(void *out, const u32 *in, u32 count)
{
	copy_row(out, (const u8 *)in, count * sizeof(*in));
}

void primesim_avx2_unpack_argb8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix)
{
	copy_row((u8 *)out, planes[0], count * sizeof(*out));
}

static __always_inline void set_opaque(u32 *out, const u32 *in)
{
	const __m256i opaque = _mm256_set1_epi32(0xff000000);

	store(out, _mm256_or_si256(load(in), opaque));
	store(out + HALF, _mm256_or_si256(load(in + HALF), opaque));
}

void primesim_avx2_pack_xrgb8888(void *out, const u32 *in, u32 count)
{
	u32 *row = out;
	size_t i;

	for (i = 0; i + 2 * PIXELS <= count; i += 2 * PIXELS) {
		set_opaque(row + i, in + i);
		set_opaque(row + i + PIXELS, in + i + PIXELS);
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
	size_t i;

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
	size_t i;

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
	size_t i;

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
	size_t i;

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
	size_t i;

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
	size_t i;

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

/* Y of eight pixels, 15 bits of fraction. Weights of Y add up to 1: there is nothing to clamp. */
static __always_inline __m256i luma_sum(__m256i br, __m256i ga, const struct luma *w)
{
	return _mm256_add_epi32(_mm256_add_epi32(_mm256_madd_epi16(br, w->br),
						 _mm256_madd_epi16(ga, w->ga)), w->add);
}

static __always_inline __m256i luma_of(const u32 *in, const struct luma *w)
{
	const __m256i pixels = load(in);

	return _mm256_srli_epi32(luma_sum(blue_red(pixels), green_alpha(pixels), w), 15);
}

/* Y of sixteen pixels in 16 bits; packing takes four of the first eight, four of the others ... */
static __always_inline __m256i luma_of_16(const u32 *in, const struct luma *w)
{
	return _mm256_packs_epi32(luma_of(in, w), luma_of(in + HALF, w));
}

/* Bytes of two vectors that were packed before; in the order of memory again */
static __always_inline __m256i pack_twice(__m256i first, __m256i second)
{
	return _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second),
					   _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

static __always_inline u32 pack_luma(u8 *out, const u32 *in, u32 count,
				     const struct primesim_weights *weights)
{
	const struct luma w = luma_weights(weights);
	size_t i;

	for (i = 0; i + 2 * PIXELS <= count; i += 2 * PIXELS)
		store(out + i, pack_twice(luma_of_16(in + i, &w),
					  luma_of_16(in + i + PIXELS, &w)));

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

void primesim_avx2_pack_luma_p010(void *out, const u32 *in, u32 count,
				  const struct primesim_weights *weights)
{
	const struct luma w = luma_weights(weights);
	u16 *row = out;
	size_t i;

	for (i = 0; i + PIXELS <= count; i += PIXELS)
		store(row + i, _mm256_slli_epi16(unmix(luma_of_16(in + i, &w)), 8));
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

/*
 * Cb and Cr, in turn, of eight pairs in 16 bits; channels are sums over a pair's pixels. With
 * weights that add up to 0, nothing is below 0.
 */
static __always_inline __m256i chroma_of(__m256i br, __m256i ga, const struct chroma *w,
					 const u32 shift)
{
	const __m256i cb = _mm256_add_epi32(_mm256_madd_epi16(br, w->cb_br),
					    _mm256_madd_epi16(ga, w->cb_ga));
	const __m256i cr = _mm256_add_epi32(_mm256_madd_epi16(br, w->cr_br),
					    _mm256_madd_epi16(ga, w->cr_ga));
	const __m256i low = _mm256_srli_epi32(_mm256_add_epi32(cb, w->add), shift);
	const __m256i high = _mm256_srli_epi32(_mm256_add_epi32(cr, w->add), shift - 16);

	return _mm256_min_epi16(_mm256_blend_epi16(low, high, 0xaa), _mm256_set1_epi16(0xff));
}

/* Of sixteen pixels in two rows. As with packing, each half has pairs of the first eight first. */
static __always_inline __m256i chroma_of_rows(const u32 *first, const u32 *second,
					      const struct chroma *w)
{
	const __m256i a = load(first), b = load(second);
	const __m256i c = load(first + HALF), d = load(second + HALF);
	const __m256i br = _mm256_hadd_epi32(_mm256_add_epi16(blue_red(a), blue_red(b)),
					     _mm256_add_epi16(blue_red(c), blue_red(d)));
	const __m256i ga = _mm256_hadd_epi32(_mm256_add_epi16(green_alpha(a), green_alpha(b)),
					     _mm256_add_epi16(green_alpha(c), green_alpha(d)));

	return chroma_of(br, ga, w, 17);
}

/* Of 32 pixels in two rows, in bytes */
static __always_inline __m256i chroma_bytes(const u32 *first, const u32 *second,
					    const struct chroma *w)
{
	return pack_twice(chroma_of_rows(first, second, w),
			  chroma_of_rows(first + PIXELS, second + PIXELS, w));
}

static __always_inline u32 pack_chroma(u8 *out, const u32 *first, const u32 *second, u32 count,
				       const struct chroma *w)
{
	size_t i;

	for (i = 0; i + 2 * PIXELS <= count; i += 2 * PIXELS)
		store(out + i, chroma_bytes(first + i, second + i, w));

	return i;
}

void primesim_avx2_pack_chroma_nv12(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	u8 *row = planes[1];
	u32 i = pack_chroma(row, first, second, count, &w);

	primesim_row_pack_chroma_nv12((void *[]){ NULL, row + i }, first + i, second + i,
				      count - i, weights);
}

void primesim_avx2_pack_chroma_nv21(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	const struct chroma swapped = { w.cr_br, w.cr_ga, w.cb_br, w.cb_ga, w.add };
	u8 *row = planes[1];
	u32 i = pack_chroma(row, first, second, count, &swapped);

	primesim_row_pack_chroma_nv21((void *[]){ NULL, row + i }, first + i, second + i,
				      count - i, weights);
}

void primesim_avx2_pack_chroma_yuv420(void *const planes[], const u32 *first, const u32 *second,
				      u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	const __m256i apart = _mm256_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14,
					       1, 3, 5, 7, 9, 11, 13, 15,
					       0, 2, 4, 6, 8, 10, 12, 14,
					       1, 3, 5, 7, 9, 11, 13, 15);
	u8 *cb = planes[1];
	u8 *cr = planes[2];
	size_t i;

	for (i = 0; i + 2 * PIXELS <= count; i += 2 * PIXELS) {
		const __m256i both = chroma_bytes(first + i, second + i, &w);
		const __m256i sorted = unmix(_mm256_shuffle_epi8(both, apart));

		_mm_storeu_si128((void *)(cb + i / 2), _mm256_castsi256_si128(sorted));
		_mm_storeu_si128((void *)(cr + i / 2), _mm256_extracti128_si256(sorted, 1));
	}
	primesim_row_pack_chroma_yuv420((void *[]){ NULL, cb + i / 2, cr + i / 2 }, first + i,
					second + i, count - i, weights);
}

void primesim_avx2_pack_chroma_p010(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights)
{
	const struct chroma w = chroma_weights(weights, 17);
	u8 *row = planes[1];
	size_t i;

	for (i = 0; i + PIXELS <= count; i += PIXELS)
		store(row + 2 * i, _mm256_slli_epi16(unmix(chroma_of_rows(first + i, second + i,
									  &w)), 8));
	primesim_row_pack_chroma_p010((void *[]){ NULL, row + 2 * i }, first + i, second + i,
				      count - i, weights);
}

/* Every second pixel of sixteen; as with packing, each half has those of the first eight first. */
static __always_inline __m256i every_second(const u32 *in, const bool odd)
{
	const __m256 a = _mm256_castsi256_ps(load(in)), b = _mm256_castsi256_ps(load(in + HALF));

	return _mm256_castps_si256(odd ? _mm256_shuffle_ps(a, b, 0xdd) :
					 _mm256_shuffle_ps(a, b, 0x88));
}

/* Luma and chroma in bytes, in turn; luma second when @swapped */
static __always_inline u32 pack_422(u8 *out, const u32 *in, u32 count,
				    const struct primesim_weights *weights, const bool swapped)
{
	const struct luma luma = luma_weights(weights);
	const struct chroma chroma = chroma_weights(weights, 16);
	size_t i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i even = every_second(in + i, false), odd = every_second(in + i, true);
		const __m256i even_br = blue_red(even), even_ga = green_alpha(even);
		const __m256i odd_br = blue_red(odd), odd_ga = green_alpha(odd);
		const __m256i low = _mm256_srli_epi32(luma_sum(even_br, even_ga, &luma), 15);
		const __m256i high = _mm256_slli_epi32(luma_sum(odd_br, odd_ga, &luma), 1);
		const __m256i y = _mm256_blend_epi16(low, high, 0xaa);
		const __m256i c = chroma_of(_mm256_add_epi16(even_br, odd_br),
					    _mm256_add_epi16(even_ga, odd_ga), &chroma, 16);
		const __m256i bytes = swapped ? _mm256_or_si256(c, _mm256_slli_epi16(y, 8)) :
						_mm256_or_si256(y, _mm256_slli_epi16(c, 8));

		store(out + 2 * i, unmix(bytes));
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

void primesim_avx2_blend_premultiplied(u32 *out, const u32 *below, const u32 *above, u32 count)
{
	const __m256i all = _mm256_set1_epi16(0xff);
	size_t i;

	for (i = 0; i + HALF <= count; i += HALF) {
		const __m256i s = load(above + i), d = load(below + i);
		const __m256i through = _mm256_xor_si256(alpha_of(s), all);
		const __m256i br = over_255(_mm256_mullo_epi16(blue_red(d), through));
		const __m256i ga = over_255(_mm256_mullo_epi16(green_alpha(d), through));
		const __m256i rest = _mm256_or_si256(br, _mm256_slli_epi16(ga, 8));

		store(out + i, _mm256_adds_epu8(rest, s));
	}
	primesim_row_blend_premultiplied(out + i, below + i, above + i, count - i);
}

void primesim_avx2_blend_straight(u32 *out, const u32 *below, const u32 *above, u32 count)
{
	const __m256i all = _mm256_set1_epi16(0xff);
	/* Alpha's own weight is 255 / 255. */
	const __m256i opaque = _mm256_set1_epi32(0x00ff0000);
	size_t i;

	for (i = 0; i + HALF <= count; i += HALF) {
		const __m256i s = load(above + i), d = load(below + i);
		const __m256i alpha = alpha_of(s);
		const __m256i through = _mm256_xor_si256(alpha, all);
		const __m256i br = _mm256_add_epi16(_mm256_mullo_epi16(blue_red(d), through),
						    _mm256_mullo_epi16(blue_red(s), alpha));
		const __m256i own = _mm256_or_si256(green_alpha(s), opaque);
		const __m256i ga = _mm256_add_epi16(_mm256_mullo_epi16(green_alpha(d), through),
						    _mm256_mullo_epi16(own, alpha));

		store(out + i, _mm256_or_si256(over_255(br), _mm256_slli_epi16(over_255(ga), 8)));
	}
	primesim_row_blend_straight(out + i, below + i, above + i, count - i);
}

/*
 * The upper or lower halves' pixels in 16 bits: a + (b - a) * part / 256, rounded to nearest.
 * @parts: twice the part. 64 * (b - a) fits in 16 bits.
 */
static __always_inline __m256i mix_channels(__m256i a, __m256i both, __m256i parts)
{
	const __m256i difference = _mm256_maddubs_epi16(both, _mm256_set1_epi16(64 << 8 | 0xc0));

	return _mm256_add_epi16(a, _mm256_mulhrs_epi16(difference, parts));
}

static __always_inline __m256i mix_pixels(__m256i a, __m256i b, __m256i low, __m256i high)
{
	const __m256i zero = _mm256_setzero_si256();

	return _mm256_packus_epi16(mix_channels(_mm256_unpacklo_epi8(a, zero),
						_mm256_unpacklo_epi8(a, b), low),
				   mix_channels(_mm256_unpackhi_epi8(a, zero),
						_mm256_unpackhi_epi8(a, b), high));
}

void primesim_avx2_mix(u32 *out, const u32 *first, const u32 *second, u32 part, u32 count)
{
	const __m256i parts = _mm256_set1_epi16(2 * part);
	size_t i;

	for (i = 0; i + HALF <= count; i += HALF)
		store(out + i, mix_pixels(load(first + i), load(second + i), parts, parts));
	primesim_row_mix(out + i, first + i, second + i, part, count - i);
}

/* The 16-bit numbers @a and @b of each half of a vector, four times each */
static __always_inline __m256i spread_of(char a, char b)
{
	const char c = a + 8, d = b + 8;

	return _mm256_setr_epi8(a, a + 1, a, a + 1, a, a + 1, a, a + 1,
				b, b + 1, b, b + 1, b, b + 1, b, b + 1,
				c, c + 1, c, c + 1, c, c + 1, c, c + 1,
				d, d + 1, d, d + 1, d, d + 1, d, d + 1);
}

/* Pixels from places that are no more than seven apart, or from any */
static __always_inline __m256i pixels_near(const u32 *in, __m256i at)
{
	return _mm256_permutevar8x32_epi32(load(in), at);
}

static __always_inline __m256i pixels_far(const u32 *in, __m256i at)
{
	return _mm256_i32gather_epi32((const int *)in, at, 4);
}

void primesim_avx2_stretch(u32 *out, const u32 *in, u32 count,
			   const struct primesim_row_filter *filter)
{
	const __m256i low = spread_of(0, 2), high = spread_of(4, 6);
	const u16 *shares = filter->part;
	const u16 *places = filter->at;
	size_t i;

	for (i = 0; i + HALF <= count; i += HALF, places += HALF) {
		const u32 *from = in + places[0];
		const __m256i at = _mm256_sub_epi32(load_pairs(places),
						    _mm256_set1_epi32(places[0]));
		const __m128i part = _mm_loadu_si128((const void *)(shares + i));
		const __m256i parts = _mm256_broadcastsi128_si256(_mm_slli_epi16(part, 1));
		const bool near = places[HALF - 1] - places[0] < HALF;
		const __m256i left = near ? pixels_near(from, at) : pixels_far(from, at);
		const __m256i right = near ? pixels_near(from + 1, at) : pixels_far(from + 1, at);

		store(out + i, mix_pixels(left, right, _mm256_shuffle_epi8(parts, low),
					  _mm256_shuffle_epi8(parts, high)));
	}
	primesim_row_stretch(out + i, in, count - i, &(struct primesim_row_filter) {
		filter->at + i, filter->part + i
	});
}

void primesim_avx2_scale_32(void *out, const void *in, u32 count,
			    const struct primesim_row_index *index)
{
	u32 *to = out;
	size_t i;

	for (i = 0; i + HALF <= count; i += HALF)
		store(to + i, _mm256_i32gather_epi32(in, load_pairs(index->pixels + i), 4));
	primesim_row_scale_32(to + i, in, count - i, &(struct primesim_row_index) {
		.pixels = index->pixels + i
	});
}

/* Eight pixels of each of eight rows become columns. */
static __always_inline void turn_block(u32 *out, ssize_t out_stride, const u32 *in,
				       size_t in_stride)
{
	const __m256i r0 = load(in), r1 = load(in + in_stride);
	const __m256i r2 = load(in + 2 * in_stride), r3 = load(in + 3 * in_stride);
	const __m256i r4 = load(in + 4 * in_stride), r5 = load(in + 5 * in_stride);
	const __m256i r6 = load(in + 6 * in_stride), r7 = load(in + 7 * in_stride);
	/* Pairs of rows: pixels 0, 1, 4, 5, and 2, 3, 6, 7 */
	const __m256i a0 = _mm256_unpacklo_epi32(r0, r1), a1 = _mm256_unpackhi_epi32(r0, r1);
	const __m256i b0 = _mm256_unpacklo_epi32(r2, r3), b1 = _mm256_unpackhi_epi32(r2, r3);
	const __m256i c0 = _mm256_unpacklo_epi32(r4, r5), c1 = _mm256_unpackhi_epi32(r4, r5);
	const __m256i d0 = _mm256_unpacklo_epi32(r6, r7), d1 = _mm256_unpackhi_epi32(r6, r7);
	/* Pixels i and i + 4, of four rows */
	const __m256i first[4] = {
		_mm256_unpacklo_epi64(a0, b0), _mm256_unpackhi_epi64(a0, b0),
		_mm256_unpacklo_epi64(a1, b1), _mm256_unpackhi_epi64(a1, b1),
	};
	const __m256i second[4] = {
		_mm256_unpacklo_epi64(c0, d0), _mm256_unpackhi_epi64(c0, d0),
		_mm256_unpacklo_epi64(c1, d1), _mm256_unpackhi_epi64(c1, d1),
	};

	store(out, _mm256_permute2x128_si256(first[0], second[0], 0x20));
	store(out + out_stride, _mm256_permute2x128_si256(first[1], second[1], 0x20));
	store(out + 2 * out_stride, _mm256_permute2x128_si256(first[2], second[2], 0x20));
	store(out + 3 * out_stride, _mm256_permute2x128_si256(first[3], second[3], 0x20));
	out += 4 * out_stride;
	store(out, _mm256_permute2x128_si256(first[0], second[0], 0x31));
	store(out + out_stride, _mm256_permute2x128_si256(first[1], second[1], 0x31));
	store(out + 2 * out_stride, _mm256_permute2x128_si256(first[2], second[2], 0x31));
	store(out + 3 * out_stride, _mm256_permute2x128_si256(first[3], second[3], 0x31));
}

void primesim_avx2_turn(u32 *out, ssize_t out_stride, const u32 *in, size_t in_stride, u32 count,
			u32 lines)
{
	size_t i = 0;

	if (lines == HALF)
		for (; i + HALF <= count; i += HALF)
			turn_block(out + i * out_stride, out_stride, in + i, in_stride);
	primesim_row_turn(out + i * out_stride, out_stride, in + i, in_stride, count - i, lines);
}

void primesim_avx2_reverse(u32 *row, u32 count)
{
	const __m256i order = _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0);
	size_t i;

	for (i = 0; 2 * (i + HALF) <= count; i += HALF) {
		const __m256i left = load(row + i);
		const __m256i right = load(row + count - i - HALF);

		store(row + i, _mm256_permutevar8x32_epi32(right, order));
		store(row + count - i - HALF, _mm256_permutevar8x32_epi32(left, order));
	}
	primesim_row_reverse(row + i, count - 2 * i);
}

#endif /* !__CHECKER__ */
