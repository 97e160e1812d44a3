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

void primesim_avx2_unpack_nv12(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix)
{
	const struct weights w = weights_of(matrix);
	const __m256i low = _mm256_set1_epi32(0xff);
	const u8 *luma = planes[0];
	const u8 *cbcr = planes[1];
	u32 i;

	for (i = 0; i + PIXELS <= count; i += PIXELS) {
		const __m256i y = load_pairs(luma + i);
		const __m256i c = load_pairs(cbcr + i);
		const struct yuv in = {
			.even = _mm256_and_si256(y, low),
			.odd = _mm256_srli_epi32(y, 8),
			.cb = _mm256_and_si256(c, low),
			.cr = _mm256_srli_epi32(c, 8),
		};

		convert(out + i, in, &w);
	}
	primesim_row_unpack_nv12(out + i, (const void *[]){ luma + i, cbcr + i }, count - i,
				 matrix);
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

#endif /* !__CHECKER__ */
