/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Writing one row of pixels to many places.
 */
#ifndef _SIMDEV_ROWS_H
#define _SIMDEV_ROWS_H

#include <linux/types.h>

#ifdef CONFIG_X86_64
bool simdev_rows_write_wide(u8 *to, size_t stride, size_t rows, const u8 *row, size_t len);
#else
static inline bool simdev_rows_write_wide(u8 *to, size_t stride, size_t rows, const u8 *row,
					  size_t len)
{
	return false;
}
#endif

void simdev_rows_write(u8 *to, size_t stride, size_t rows, const u8 *row, size_t len);

#endif /* _SIMDEV_ROWS_H */
