/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Row functions by the fastest means there are: those of primesim_row.h, or what does the
 * same with the processor's vector instructions. In process context.
 */
#ifndef _PRIMESIM_FAST_H_
#define _PRIMESIM_FAST_H_

#include "primesim_row.h"

void primesim_fast_unpack_nv12(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_fast_unpack_yuyv(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_fast_unpack_uyvy(u32 *out, const void *const planes[], u32 count,
			       const struct primesim_matrix *matrix);
void primesim_fast_unpack_xrgb8888(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix);
void primesim_fast_pack_xrgb8888(void *out, const u32 *in, u32 count);

#endif /* _PRIMESIM_FAST_H_ */
