// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "primesim_fast.h"
#include "primesim_row_avx2.h"
#include "primesim_simd.h"

/* primesim_fast_NAME: primesim_avx2_NAME where that may be used, else primesim_row_NAME. */
#define FAST_FN(name, parameters, ...)					\
	void primesim_fast_##name parameters				\
	{								\
		if (!primesim_simd_begin()) {				\
			primesim_row_##name(__VA_ARGS__);		\
			return;						\
		}							\
		primesim_avx2_##name(__VA_ARGS__);			\
		primesim_simd_end();					\
	}

#define FAST_UNPACK(name)						\
	FAST_FN(unpack_##name,						\
		(u32 *out, const void *const planes[], u32 count,	\
		 const struct primesim_matrix *matrix),			\
		out, planes, count, matrix)

#define FAST_PACK(name)							\
	FAST_FN(pack_##name, (void *out, const u32 *in, u32 count), out, in, count)

#define FAST_PACK_LUMA(name)						\
	FAST_FN(pack_##name,						\
		(void *out, const u32 *in, u32 count,			\
		 const struct primesim_weights *weights),		\
		out, in, count, weights)

#define FAST_PACK_CHROMA(name)						\
	FAST_FN(pack_chroma_##name,					\
		(void *const planes[], const u32 *first,		\
		 const u32 *second, u32 count,				\
		 const struct primesim_weights *weights),		\
		planes, first, second, count, weights)

FAST_UNPACK(nv12)
FAST_UNPACK(nv21)
FAST_UNPACK(yuv420)
FAST_UNPACK(p010)
FAST_UNPACK(yuyv)
FAST_UNPACK(uyvy)
FAST_UNPACK(argb8888)
FAST_UNPACK(xrgb8888)
FAST_UNPACK(xbgr8888)
FAST_UNPACK(abgr8888)
FAST_UNPACK(rgb888)
FAST_UNPACK(bgr888)
FAST_UNPACK(rgb565)
FAST_UNPACK(r8)

FAST_PACK(argb8888)
FAST_PACK(xrgb8888)
FAST_PACK(xbgr8888)
FAST_PACK(abgr8888)
FAST_PACK(rgb565)
FAST_PACK(rgb888)
FAST_PACK(bgr888)
FAST_PACK(r8)
FAST_PACK_LUMA(luma_8)
FAST_PACK_LUMA(luma_p010)
FAST_PACK_LUMA(yuyv)
FAST_PACK_LUMA(uyvy)
FAST_PACK_CHROMA(nv12)
FAST_PACK_CHROMA(nv21)
FAST_PACK_CHROMA(yuv420)
FAST_PACK_CHROMA(p010)

FAST_FN(blend_premultiplied, (u32 *out, const u32 *below, const u32 *above, u32 count),
	out, below, above, count)
FAST_FN(blend_straight, (u32 *out, const u32 *below, const u32 *above, u32 count),
	out, below, above, count)
FAST_FN(mix, (u32 *out, const u32 *first, const u32 *second, u32 part, u32 count),
	out, first, second, part, count)
FAST_FN(stretch, (u32 *out, const u32 *in, u32 count, const struct primesim_row_filter *filter),
	out, in, count, filter)
FAST_FN(scale_32, (void *out, const void *in, u32 count, const struct primesim_row_index *index),
	out, in, count, index)
FAST_FN(reverse, (u32 *row, u32 count), row, count)
FAST_FN(turn,
	(u32 *out, ssize_t out_stride, const u32 *in, size_t in_stride, u32 count, u32 lines),
	out, out_stride, in, in_stride, count, lines)
FAST_FN(copy,
	(void *out, size_t out_stride, const void *in, size_t in_stride, u32 bytes, u32 lines),
	out, out_stride, in, in_stride, bytes, lines)
