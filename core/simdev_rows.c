// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: rows
 *
 * Pictures are made of rows of which many are the same. Such a row is not read
 * once for each copy: a column of it that fits into the CPU's wide registers is
 * loaded once and stored into many rows. Not so many that their pages would not
 * stay in the TLB until the next column, nor that the section in which the kernel
 * has the registers for itself, and is not preempted, becomes long.
 */
#include <linux/string.h>

#include "simdev_rows.h"

/**
 * simdev_rows_write - write the same row to several places
 * @to: where the first one goes.
 * @stride: bytes from one to the next.
 * @rows: how many.
 * @row: the row; must not overlap where it goes.
 * @len: bytes of it.
 *
 * Does not sleep. Exactly the @len bytes of each row are written.
 */
void simdev_rows_write(u8 *to, size_t stride, size_t rows, const u8 *row, size_t len)
{
	if (simdev_rows_write_wide(to, stride, rows, row, len))
		return;
	for (; rows; rows--, to += stride)
		memcpy(to, row, len);
}
