/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Physical memory for buffers: where it comes from, and how it looks.
 */
#ifndef _SIMBUF_STORAGE_H
#define _SIMBUF_STORAGE_H

#include <linux/kref.h>
#include <linux/mm_types.h>

#include "constraints.h"

struct simbuf_pool;

/**
 * struct simbuf_chunk - physically contiguous part of a buffer's memory
 * @first: page offset of the chunk in the buffer.
 * @page: its first page.
 * @nr_pages: how many.
 */
struct simbuf_chunk {
	pgoff_t first;
	struct page *page;
	unsigned long nr_pages;
};

/**
 * struct simbuf_storage - memory of a buffer, for as long as somebody maps it
 * @ref: one of the buffer's, one of each device mapping's.
 * @placement: SIMBUF_PLACEMENT_*.
 * @pool: what the chunks are from, with a reference; %NULL: the kernel.
 * @free_chunk: gives a chunk back to where it came from.
 * @nr_pages: pages in all @chunks.
 * @last_address: the highest in @chunks.
 * @nr_chunks: number of @chunks.
 * @room: allocated length of @chunks.
 * @chunks: the memory, in order.
 *
 * A buffer that moves gets new storage; the old one goes when the last device
 * has given up its mapping. Immutable once allocated.
 */
struct simbuf_storage {
	struct kref ref;
	u32 placement;
	struct simbuf_pool *pool;
	void (*free_chunk)(const struct simbuf_storage *st, const struct simbuf_chunk *chunk);
	unsigned long nr_pages;
	u64 last_address;
	unsigned int nr_chunks;
	unsigned int room;
	struct simbuf_chunk *chunks;
};

/* storage.c */
struct simbuf_storage *simbuf_storage_alloc(size_t size, const struct simbuf_constraints *c);
struct simbuf_storage *simbuf_storage_alloc_from(struct simbuf_pool *pool, size_t size,
						 const struct simbuf_constraints *c);
struct simbuf_storage *simbuf_storage_get(struct simbuf_storage *st);
void simbuf_storage_put(struct simbuf_storage *st);
const struct simbuf_chunk *simbuf_storage_find(const struct simbuf_storage *st, pgoff_t pgoff);
enum simbuf_verdict simbuf_storage_check(const struct simbuf_storage *st,
					 const struct simbuf_constraints *c, u64 *found);
void simbuf_storage_copy(const struct simbuf_storage *to, const struct simbuf_storage *from);
int simbuf_storage_add(struct simbuf_storage *st, struct page *page, unsigned long nr_pages);

/* The sources. Each fills @st with @nr_pages zeroed pages, or fails. */
int simbuf_scattered_fill(struct simbuf_storage *st, unsigned long nr_pages,
			  const struct simbuf_constraints *c);
int simbuf_dma_zone_fill(struct simbuf_storage *st, unsigned long nr_pages,
			 const struct simbuf_constraints *c);
int simbuf_cma_fill(struct simbuf_storage *st, unsigned long nr_pages,
		    const struct simbuf_constraints *c);
int simbuf_contig_fill(struct simbuf_storage *st, unsigned long nr_pages,
		       const struct simbuf_constraints *c);
int simbuf_low_fill(struct simbuf_storage *st, unsigned long nr_pages,
		    const struct simbuf_constraints *c);
int simbuf_carveout_fill(struct simbuf_storage *st, unsigned long nr_pages,
			 const struct simbuf_constraints *c);

/* storage_range.c */
struct page *simbuf_range_alloc(unsigned long nr_pages, const struct simbuf_constraints *c,
				unsigned long deadline);
unsigned long simbuf_range_deadline(void);

/* storage_carveout.c */
int simbuf_carveout_init(void);
void simbuf_carveout_exit(void);

#endif /* _SIMBUF_STORAGE_H */
