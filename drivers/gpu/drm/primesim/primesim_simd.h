/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Whether row functions may use vector registers, and when.
 */
#ifndef _PRIMESIM_SIMD_H_
#define _PRIMESIM_SIMD_H_

#include <linux/types.h>

#ifdef CONFIG_X86_64

void primesim_simd_init(void);

/* When it is true, vector registers are the caller's until primesim_simd_end(). */
bool primesim_simd_begin(void);
void primesim_simd_end(void);

#else

static inline void primesim_simd_init(void)
{
}

static inline bool primesim_simd_begin(void)
{
	return false;
}

static inline void primesim_simd_end(void)
{
}

#endif /* CONFIG_X86_64 */

#endif /* _PRIMESIM_SIMD_H_ */
