// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Pure logic: nothing of the kernel's but types may be used here.
 */
#include "constraints.h"

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/**
 * simbuf_constraints_narrow - the intersection of what two sides ask
 * @c: one side; out: what satisfies both.
 * @with: the other side.
 */
void simbuf_constraints_narrow(struct simbuf_constraints *c,
			       const struct simbuf_constraints *with)
{
	c->last_address = min_u64(c->last_address, with->last_address);
	c->max_segment_size = min_u64(c->max_segment_size, with->max_segment_size);
	c->max_segments = min_u64(c->max_segments, with->max_segments);
	if (!c->boundary || (with->boundary && with->boundary < c->boundary))
		c->boundary = with->boundary;
	if (with->alignment > c->alignment)
		c->alignment = with->alignment;
}

/**
 * simbuf_constraints_segment - the longest first segment of some memory
 * @c: what is asked.
 * @start: first address.
 * @len: bytes.
 *
 * Return: how many of the @len bytes one segment may cover.
 */
u64 simbuf_constraints_segment(const struct simbuf_constraints *c, u64 start, u64 len)
{
	len = min_u64(len, c->max_segment_size);
	if (c->boundary)
		len = min_u64(len, c->boundary - (start & (c->boundary - 1)));
	return len;
}

static u64 count_segments(const struct simbuf_constraints *c, struct simbuf_extent e)
{
	u64 n = 0, len;

	for (; e.len; e.len -= len, e.start += len, n++)
		len = simbuf_constraints_segment(c, e.start, e.len);
	return n;
}

/**
 * simbuf_constraints_check - does some memory have what is asked?
 * @c: what is asked.
 * @extents: the memory, neighbours coalesced.
 * @nr_extents: number of @extents.
 * @found: out: the address that is too high or misaligned, or the number of segments
 *	that is too much.
 *
 * Segments that start within an extent are aligned whenever the extent is: models have
 * segment sizes and boundaries that are multiples of their alignment.
 *
 * Return: SIMBUF_FITS, or the first constraint that is violated.
 */
enum simbuf_verdict simbuf_constraints_check(const struct simbuf_constraints *c,
					     const struct simbuf_extent *extents,
					     size_t nr_extents, u64 *found)
{
	u64 segments = 0, last;
	size_t i;

	for (i = 0; i < nr_extents; i++) {
		last = extents[i].start + extents[i].len - 1;
		if (last > c->last_address) {
			*found = last;
			return SIMBUF_TOO_HIGH;
		}
	}
	for (i = 0; c->alignment && i < nr_extents; i++) {
		if (extents[i].start & (c->alignment - 1)) {
			*found = extents[i].start;
			return SIMBUF_MISALIGNED;
		}
	}
	if (c->max_segments == U32_MAX)
		return SIMBUF_FITS;

	for (i = 0; i < nr_extents; i++)
		segments += count_segments(c, extents[i]);
	*found = segments;
	return segments > c->max_segments ? SIMBUF_TOO_MANY_SEGMENTS : SIMBUF_FITS;
}
