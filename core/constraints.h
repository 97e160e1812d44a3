/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What devices ask of memory, and whether memory has it. Pure logic, also
 * compiled in userspace.
 */
#ifndef _SIMBUF_CONSTRAINTS_H
#define _SIMBUF_CONSTRAINTS_H

#ifdef __KERNEL__
#include <linux/limits.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef uint32_t u32;
typedef uint64_t u64;
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX
#endif

/**
 * struct simbuf_constraints - what one or several devices ask of memory
 * @last_address: highest physical address they reach.
 * @max_segment_size: bytes that one segment may have.
 * @boundary: no segment may cross a multiple of this power of two; 0: none.
 * @max_segments: number of segments they can be programmed with.
 * @alignment: every segment starts at a multiple of this power of two; 0: anywhere.
 */
struct simbuf_constraints {
	u64 last_address;
	u64 max_segment_size;
	u64 boundary;
	u32 max_segments;
	u64 alignment;
};

/* What a device behind an IOMMU asks: nothing. */
#define SIMBUF_UNCONSTRAINED ((struct simbuf_constraints) {	\
	.last_address = U64_MAX,				\
	.max_segment_size = U64_MAX,				\
	.boundary = 0,						\
	.max_segments = U32_MAX,				\
	.alignment = 0,						\
})

/**
 * struct simbuf_extent - physically contiguous memory
 * @start: first address.
 * @len: bytes, not 0.
 */
struct simbuf_extent {
	u64 start;
	u64 len;
};

enum simbuf_verdict {
	SIMBUF_FITS,
	SIMBUF_TOO_HIGH,		/* an address above last_address */
	SIMBUF_MISALIGNED,		/* a segment that starts between multiples of alignment */
	SIMBUF_TOO_MANY_SEGMENTS,	/* more than max_segments */
	SIMBUF_OUT_OF_REACH,		/* in the local memory of another device */
};

void simbuf_constraints_narrow(struct simbuf_constraints *c,
			       const struct simbuf_constraints *with);
u64 simbuf_constraints_segment(const struct simbuf_constraints *c, u64 start, u64 len);
enum simbuf_verdict simbuf_constraints_check(const struct simbuf_constraints *c,
					     const struct simbuf_extent *extents,
					     size_t nr_extents, u64 *found);

#endif /* _SIMBUF_CONSTRAINTS_H */
