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
void primesim_avx2_unpack_nv21(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_avx2_unpack_yuv420(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix);
void primesim_avx2_unpack_p010(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_avx2_unpack_yuyv(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_avx2_unpack_uyvy(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_avx2_unpack_argb8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix);
void primesim_avx2_unpack_xrgb8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix);
void primesim_avx2_unpack_xbgr8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix);
void primesim_avx2_unpack_abgr8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix);
void primesim_avx2_unpack_rgb888(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix);
void primesim_avx2_unpack_bgr888(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix);
void primesim_avx2_unpack_rgb565(u32 *out, const void *const planes[], u32 count,
				 const struct primesim_matrix *matrix);
void primesim_avx2_unpack_r8(u32 *out, const void *const planes[], u32 count,
			     const struct primesim_matrix *matrix);

void primesim_avx2_pack_argb8888(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_xrgb8888(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_xbgr8888(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_abgr8888(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_rgb565(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_luma_8(void *out, const u32 *in, u32 count,
			       const struct primesim_weights *weights);
void primesim_avx2_pack_yuyv(void *out, const u32 *in, u32 count,
			     const struct primesim_weights *weights);
void primesim_avx2_pack_uyvy(void *out, const u32 *in, u32 count,
			     const struct primesim_weights *weights);
void primesim_avx2_pack_chroma_nv12(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights);
void primesim_avx2_pack_rgb888(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_bgr888(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_r8(void *out, const u32 *in, u32 count);
void primesim_avx2_pack_luma_p010(void *out, const u32 *in, u32 count,
				  const struct primesim_weights *weights);
void primesim_avx2_pack_chroma_nv21(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights);
void primesim_avx2_pack_chroma_yuv420(void *const planes[], const u32 *first, const u32 *second,
				      u32 count, const struct primesim_weights *weights);
void primesim_avx2_pack_chroma_p010(void *const planes[], const u32 *first, const u32 *second,
				    u32 count, const struct primesim_weights *weights);

void primesim_avx2_blend_premultiplied(u32 *out, const u32 *below, const u32 *above, u32 count);
void primesim_avx2_blend_straight(u32 *out, const u32 *below, const u32 *above, u32 count);
void primesim_avx2_mix(u32 *out, const u32 *first, const u32 *second, u32 part, u32 count);
void primesim_avx2_stretch(u32 *out, const u32 *in, u32 count,
			   const struct primesim_row_filter *filter);
void primesim_avx2_scale_32(void *out, const void *in, u32 count,
			    const struct primesim_row_index *index);
void primesim_avx2_reverse(u32 *row, u32 count);
void primesim_avx2_turn(u32 *out, ssize_t out_stride, const u32 *in, size_t in_stride, u32 count,
			u32 lines);
void primesim_avx2_copy(void *out, size_t out_stride, const void *in, size_t in_stride, u32 bytes,
			u32 lines);

#endif /* _PRIMESIM_ROW_AVX2_H_ */
