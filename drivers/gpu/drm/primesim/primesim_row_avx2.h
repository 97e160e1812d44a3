/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Row functions for x86's AVX2: each does, bit by bit, what the function of the same
 * name in primesim_row.h does.
 *
 * In the kernel to be called between primesim_simd_begin() and primesim_simd_end() only.
 */
#ifndef _PRIMESIM_ROW_AVX2_H_
#define _PRIMESIM_ROW_AVX2_H_

#include "primesim_row.h"

void primesim_avx2_unpack_nv12(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_avx2_unpack_yuyv(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_avx2_unpack_uyvy(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_avx2_unpack_xrgb8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix);
void primesim_avx2_pack_xrgb8888(void *out, const u32 *in, u32 count);

#endif /* _PRIMESIM_ROW_AVX2_H_ */
