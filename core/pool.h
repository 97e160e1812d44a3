/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Memory that was reserved at once, and is handed out in pieces.
 */
#ifndef _SIMBUF_POOL_H
#define _SIMBUF_POOL_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "storage.h"

struct device;
struct gen_pool;
struct page;
struct simbuf;

/**
 * struct simbuf_pool - reserved memory
 * @ref: one of whoever made it, one of each buffer that prefers it, and one of
 *	each storage in it.
 * @home: whose local memory it is, with a reference: only simulated devices below
 *	it, and the CPU, reach it. %NULL: everybody does.
 * @pages: the memory, one range.
 * @nr_pages: of @pages.
 * @free: what is not handed out.
 * @lock: protects @lru. Inside of reservations; of those, only trylock within.
 * @lru: struct simbuf whose memory is here, longest unused first.
 * @evictions: how many had to leave.
 */
struct simbuf_pool {
	struct kref ref;
	struct device *home;
	struct page *pages;
	unsigned long nr_pages;
	struct gen_pool *free;
	struct mutex lock;	/* of @lru */
	struct list_head lru;
	atomic_t evictions;
};

struct simbuf_pool *simbuf_pool_get(struct simbuf_pool *pool);
int simbuf_pool_fill(struct simbuf_storage *st, struct simbuf_pool *pool, unsigned long nr_pages,
		     const struct simbuf_constraints *c);
bool simbuf_pool_reached_by(const struct simbuf_pool *pool, struct device *dev);

/* local.c: buffers whose memory is in a pool, their reservation held */
struct simbuf_storage *simbuf_local_alloc(struct simbuf *buf, const struct simbuf_constraints *c,
					  bool evict);
void simbuf_local_enter(struct simbuf *buf);
void simbuf_local_used(struct simbuf *buf);
void simbuf_local_leave(struct simbuf *buf);

#endif /* _SIMBUF_POOL_H */
