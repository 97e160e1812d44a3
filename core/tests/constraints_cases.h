/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What devices ask, what memory is there, and what must come of it. Shared by the
 * KUnit suite and by the test that runs in userspace.
 */
#ifndef _CONSTRAINTS_CASES_H
#define _CONSTRAINTS_CASES_H

#include "../constraints.h"

#define KIB	1024ULL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)
#define ANY	U64_MAX

struct constraints_case {
	const char *name;
	struct simbuf_constraints ask;
	struct simbuf_extent memory[4];
	size_t extents;
	enum simbuf_verdict verdict;
	u64 found;
};

static const struct constraints_case constraints_cases[] = {
	{
		.name = "nothing asked, scattered memory",
		.ask = { ANY, ANY, 0, U32_MAX },
		.memory = { { 1 * MIB, 4 * KIB }, { 9 * GIB, 4 * KIB } }, .extents = 2,
		.verdict = SIMBUF_FITS,
	}, {
		.name = "one byte above the reach",
		.ask = { 1 * GIB - 1, ANY, 0, U32_MAX },
		.memory = { { 1 * GIB - 4 * KIB, 8 * KIB } }, .extents = 1,
		.verdict = SIMBUF_TOO_HIGH, .found = 1 * GIB + 4 * KIB - 1,
	}, {
		.name = "up to the last reachable byte",
		.ask = { 1 * GIB - 1, ANY, 0, U32_MAX },
		.memory = { { 1 * GIB - 8 * KIB, 8 * KIB } }, .extents = 1,
		.verdict = SIMBUF_FITS,
	}, {
		.name = "the second of two is too high",
		.ask = { 1 * GIB - 1, ANY, 0, U32_MAX },
		.memory = { { 1 * MIB, 4 * KIB }, { 2 * GIB, 4 * KIB } }, .extents = 2,
		.verdict = SIMBUF_TOO_HIGH, .found = 2 * GIB + 4 * KIB - 1,
	}, {
		.name = "contiguous asked and had",
		.ask = { ANY, ANY, 0, 1 },
		.memory = { { 5 * MIB, 8 * MIB } }, .extents = 1,
		.verdict = SIMBUF_FITS, .found = 1,
	}, {
		.name = "contiguous asked, two pieces had",
		.ask = { ANY, ANY, 0, 1 },
		.memory = { { 5 * MIB, 4 * MIB }, { 32 * MIB, 4 * MIB } }, .extents = 2,
		.verdict = SIMBUF_TOO_MANY_SEGMENTS, .found = 2,
	}, {
		.name = "short segments make many of one piece",
		.ask = { ANY, 16 * KIB, 0, 3 },
		.memory = { { 5 * MIB, 64 * KIB } }, .extents = 1,
		.verdict = SIMBUF_TOO_MANY_SEGMENTS, .found = 4,
	}, {
		.name = "just as many short segments as may be",
		.ask = { ANY, 16 * KIB, 0, 4 },
		.memory = { { 5 * MIB, 64 * KIB } }, .extents = 1,
		.verdict = SIMBUF_FITS, .found = 4,
	}, {
		.name = "a boundary cuts one piece in two",
		.ask = { ANY, ANY, 64 * KIB, 1 },
		.memory = { { 1 * MIB - 4 * KIB, 8 * KIB } }, .extents = 1,
		.verdict = SIMBUF_TOO_MANY_SEGMENTS, .found = 2,
	}, {
		.name = "a piece that ends at a boundary",
		.ask = { ANY, ANY, 64 * KIB, 1 },
		.memory = { { 1 * MIB - 8 * KIB, 8 * KIB } }, .extents = 1,
		.verdict = SIMBUF_FITS, .found = 1,
	}, {
		.name = "boundary and short segments together",
		.ask = { ANY, 16 * KIB, 64 * KIB, 3 },
		.memory = { { 1 * MIB - 4 * KIB, 40 * KIB } }, .extents = 1,
		.verdict = SIMBUF_TOO_MANY_SEGMENTS, .found = 4,
	}, {
		.name = "each piece at a multiple of the alignment",
		.ask = { ANY, ANY, 0, U32_MAX, 64 * KIB },
		.memory = { { 1 * MIB, 4 * KIB }, { 2 * MIB + 64 * KIB, 4 * KIB } }, .extents = 2,
		.verdict = SIMBUF_FITS,
	}, {
		.name = "the second piece between two multiples",
		.ask = { ANY, ANY, 0, U32_MAX, 64 * KIB },
		.memory = { { 1 * MIB, 4 * KIB }, { 2 * MIB + 4 * KIB, 64 * KIB } }, .extents = 2,
		.verdict = SIMBUF_MISALIGNED, .found = 2 * MIB + 4 * KIB,
	}, {
		.name = "too high is said before misaligned",
		.ask = { 1 * GIB - 1, ANY, 0, 1, 64 * KIB },
		.memory = { { 1 * GIB + 4 * KIB, 4 * KIB } }, .extents = 1,
		.verdict = SIMBUF_TOO_HIGH, .found = 1 * GIB + 8 * KIB - 1,
	}, {
		.name = "aligned, but in too many pieces",
		.ask = { ANY, ANY, 0, 1, 64 * KIB },
		.memory = { { 1 * MIB, 64 * KIB }, { 2 * MIB, 64 * KIB } }, .extents = 2,
		.verdict = SIMBUF_TOO_MANY_SEGMENTS, .found = 2,
	},
};

struct narrow_case {
	const char *name;
	struct simbuf_constraints a, b, both;
};

static const struct narrow_case narrow_cases[] = {
	{
		.name = "the tighter of each",
		.a = { 4 * GIB - 1, 64 * KIB, 0, 100 },
		.b = { 1 * GIB - 1, ANY, 4 * KIB, U32_MAX },
		.both = { 1 * GIB - 1, 64 * KIB, 4 * KIB, 100 },
	}, {
		.name = "no boundary is the loosest",
		.a = { ANY, ANY, 64 * KIB, 1 },
		.b = { ANY, ANY, 0, 2 },
		.both = { ANY, ANY, 64 * KIB, 1 },
	}, {
		.name = "the smaller of two boundaries",
		.a = { ANY, ANY, 64 * KIB, 1 },
		.b = { ANY, ANY, 32 * KIB, 1 },
		.both = { ANY, ANY, 32 * KIB, 1 },
	}, {
		.name = "the larger of two alignments",
		.a = { ANY, ANY, 0, 1, 64 * KIB },
		.b = { ANY, ANY, 0, 1, 16 * KIB },
		.both = { ANY, ANY, 0, 1, 64 * KIB },
	}, {
		.name = "no alignment is the loosest",
		.a = { ANY, ANY, 0, 1, 0 },
		.b = { ANY, ANY, 0, 1, 16 * KIB },
		.both = { ANY, ANY, 0, 1, 16 * KIB },
	},
};

#endif /* _CONSTRAINTS_CASES_H */
