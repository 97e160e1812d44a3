// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "primesim_fast.h"
#include "primesim_row_avx2.h"
#include "primesim_simd.h"

/* primesim_fast_NAME: primesim_avx2_NAME where that may be used, else primesim_row_NAME. */
#define FAST(name, parameters, ...)					\
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
	FAST(unpack_##name,						\
	     (u32 *out, const void *const planes[], u32 count,		\
	      const struct primesim_matrix *matrix),			\
	     out, planes, count, matrix)

#define FAST_PACK(name)							\
	FAST(pack_##name, (void *out, const u32 *in, u32 count), out, in, count)

FAST_UNPACK(nv12)
FAST_UNPACK(yuyv)
FAST_UNPACK(uyvy)
FAST_UNPACK(xrgb8888)
FAST_PACK(xrgb8888)
