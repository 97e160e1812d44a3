// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Writing one row to many places, tested in userspace: with the processor's wide registers
 * and without, exactly the rows are written, and nothing beside them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <asm/cpufeature.h>
#include <linux/array_size.h>

#include "../simdev_rows.h"

#define GUARD	0xa5
#define MARGIN	64	/* bytes before and after, to be left alone */

/* Of these, all below the width of eight registers and some above, around those of one */
static const size_t lengths[] = {
	1, 2, 31, 32, 33, 255, 256, 257, 287, 288, 289, 511, 512, 513, 767, 1000, 1023, 1024,
	3840, 5760, 7680, 65535, 65536, 65537, 100000,
};

static const size_t gaps[] = { 0, 1, 31, 64 };

/* One row; a few; so many that they need more than one section of the longest rows */
static const size_t counts[] = { 1, 2, 7, 70 };

bool test_cpu_has_avx2;

static u8 pixel(size_t i)
{
	return i * 7 + i / 256 + 1;
}

static bool all_are(const u8 *bytes, size_t len, u8 value)
{
	while (len--)
		if (*bytes++ != value)
			return false;
	return true;
}

static bool check_memory(const u8 *memory, size_t stride, size_t rows, const u8 *row, size_t len)
{
	const u8 *at = memory + MARGIN;
	size_t i;

	if (!all_are(memory, MARGIN, GUARD))
		return false;
	for (i = 0; i < rows; i++, at += stride)
		if (memcmp(at, row, len) || !all_are(at + len, stride - len, GUARD))
			return false;
	return all_are(at, MARGIN, GUARD);
}

/* @shift: of the row and of where it goes, against what registers like best */
static bool run(size_t len, size_t gap, size_t rows, size_t shift)
{
	size_t stride = len + gap, size = 2 * MARGIN + stride * rows, i;
	u8 *memory = malloc(size + shift), *row = malloc(len + shift);
	bool ok = memory && row;

	if (ok) {
		memset(memory, GUARD, size + shift);
		for (i = 0; i < len; i++)
			row[shift + i] = pixel(i);
		simdev_rows_write(memory + shift + MARGIN, stride, rows, row + shift, len);
		ok = check_memory(memory + shift, stride, rows, row + shift, len);
	}
	free(memory);
	free(row);
	if (!ok)
		printf("FAIL %zu rows of %zu bytes, %zu between them, shifted by %zu\n", rows, len,
		       gap, shift);
	return ok;
}

static size_t run_all(void)
{
	size_t l, g, c, failed = 0;

	for (l = 0; l < ARRAY_SIZE(lengths); l++)
		for (g = 0; g < ARRAY_SIZE(gaps); g++)
			for (c = 0; c < ARRAY_SIZE(counts); c++)
				failed += !run(lengths[l], gaps[g], counts[c], 3 * l % 32);
	return failed;
}

int main(void)
{
	size_t failed;

	test_cpu_has_avx2 = false;
	failed = run_all();
	printf("%s rows, plain\n", failed ? "FAIL" : "ok  ");
	if (!__builtin_cpu_supports("avx2")) {
		printf("skip rows, wide: this processor has no AVX2\n");
		return !!failed;
	}
	test_cpu_has_avx2 = true;
	if (run_all()) {
		printf("FAIL rows, wide\n");
		return 1;
	}
	printf("ok   rows, wide\n");
	return !!failed;
}
