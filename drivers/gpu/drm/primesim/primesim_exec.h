/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_EXEC_H_
#define _PRIMESIM_EXEC_H_

#include "primesim_format.h"

struct primesim_op;

/* Planes that an operation has open at once: two read, two written. */
#define PRIMESIM_MAX_WINDOWS	(2 * PRIMESIM_MAX_PLANES)

/**
 * struct primesim_exec - working memory of the unit that computes
 * @staging: for each window, where rows that memory scatters are put together.
 * @pixels: rows between two steps.
 * @index: tables of nearest scaling, pixels and pairs of pixels.
 *
 * Used by one job at a time.
 */
struct primesim_exec {
	u8 staging[PRIMESIM_MAX_WINDOWS][PRIMESIM_MAX_ROW] __aligned(8);
	u32 pixels[2][PRIMESIM_MAX_WIDTH];
	u16 index[2][PRIMESIM_MAX_WIDTH];
};

int primesim_exec_run(struct primesim_exec *exec, const struct primesim_op *ops, u32 count,
		      const int *stop);

#endif /* _PRIMESIM_EXEC_H_ */
