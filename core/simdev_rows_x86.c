// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Rows by way of AVX2's registers.
 */
#include <linux/minmax.h>

#include <asm/cpufeature.h>
#include <asm/fpu/api.h>

#include "simdev_rows.h"

#define SECTION_BYTES	131072UL	/* ten microseconds; eight rows of 4K */
#define WIDE		256UL	/* eight registers */
#define NARROW		32UL	/* one */

/* No clobbers: the kernel's compiler does not know of these registers. */
static void column_wide(u8 *to, size_t stride, size_t rows, const u8 *from)
{
	asm volatile("vmovdqu (%[from]), %%ymm0\n\t"
		     "vmovdqu 32(%[from]), %%ymm1\n\t"
		     "vmovdqu 64(%[from]), %%ymm2\n\t"
		     "vmovdqu 96(%[from]), %%ymm3\n\t"
		     "vmovdqu 128(%[from]), %%ymm4\n\t"
		     "vmovdqu 160(%[from]), %%ymm5\n\t"
		     "vmovdqu 192(%[from]), %%ymm6\n\t"
		     "vmovdqu 224(%[from]), %%ymm7\n"
		     "1:\n\t"
		     "vmovdqu %%ymm0, (%[to])\n\t"
		     "vmovdqu %%ymm1, 32(%[to])\n\t"
		     "vmovdqu %%ymm2, 64(%[to])\n\t"
		     "vmovdqu %%ymm3, 96(%[to])\n\t"
		     "vmovdqu %%ymm4, 128(%[to])\n\t"
		     "vmovdqu %%ymm5, 160(%[to])\n\t"
		     "vmovdqu %%ymm6, 192(%[to])\n\t"
		     "vmovdqu %%ymm7, 224(%[to])\n\t"
		     "add %[stride], %[to]\n\t"
		     "dec %[rows]\n\t"
		     "jnz 1b"
		     : [to] "+r" (to), [rows] "+r" (rows)
		     : [from] "r" (from), [stride] "r" (stride)
		     : "memory", "cc");
}

static void column_narrow(u8 *to, size_t stride, size_t rows, const u8 *from)
{
	asm volatile("vmovdqu (%[from]), %%ymm0\n"
		     "1:\n\t"
		     "vmovdqu %%ymm0, (%[to])\n\t"
		     "add %[stride], %[to]\n\t"
		     "dec %[rows]\n\t"
		     "jnz 1b"
		     : [to] "+r" (to), [rows] "+r" (rows)
		     : [from] "r" (from), [stride] "r" (stride)
		     : "memory", "cc");
}

/* The last column is a full one too, and overlaps the one before. */
static void section_write(u8 *to, size_t stride, size_t rows, const u8 *row, size_t len)
{
	size_t at = 0;

	kernel_fpu_begin();
	for (; len - at >= WIDE; at += WIDE)
		column_wide(to + at, stride, rows, row + at);
	for (; len - at >= NARROW; at += NARROW)
		column_narrow(to + at, stride, rows, row + at);
	if (at < len)
		column_narrow(to + len - NARROW, stride, rows, row + len - NARROW);
	asm volatile("vzeroupper");
	kernel_fpu_end();
}

/* False when nothing was done: not this processor, not now, or not worth it. */
bool simdev_rows_write_wide(u8 *to, size_t stride, size_t rows, const u8 *row, size_t len)
{
	size_t n;

	if (len < WIDE || len > SECTION_BYTES || !boot_cpu_has(X86_FEATURE_AVX2) ||
	    !irq_fpu_usable())
		return false;

	for (; rows; rows -= n, to += n * stride) {
		n = min(rows, SECTION_BYTES / len);
		section_write(to, stride, n, row, len);
	}
	return true;
}
