// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Buffers in the local memory of a device: who is there, and who has to leave.
 *
 * DOC: local memory
 *
 * A buffer that prefers a device's local memory gets it when its memory is chosen, as
 * long as only devices that reach it are attached. Where there is no room, those
 * that were not used for longest move to system memory, content and all. What is
 * pinned, as what is scanned out, stays, and so does what has fences that have not
 * signalled: nobody waits here, and nothing moves under a job. If that does not make
 * room, the buffer gets system memory itself.
 *
 * A buffer that had to leave comes back when its device uses it and there is room
 * without anybody leaving: so two sets of buffers that do not fit at once do not chase
 * each other.
 *
 * Buffers leave when a device maps them that cannot reach local memory.
 */
#include <linux/dma-resv.h>
#include <uapi/linux/simbuf.h>

#include "pool.h"
#include "simbuf_internal.h"

static bool may_leave(struct simbuf *buf)
{
	return !buf->pins && dma_resv_test_signaled(buf->resv, DMA_RESV_USAGE_BOOKKEEP);
}

/*
 * Who leaves first, with a reference and the reservation held. On the list, buffers
 * are alive for as long as the pool's lock is held.
 */
static struct simbuf *lock_victim(struct simbuf_pool *pool)
{
	struct simbuf *buf, *victim = NULL;

	mutex_lock(&pool->lock);
	list_for_each_entry(buf, &pool->lru, local_node) {
		if (!dma_resv_trylock(buf->resv))
			continue;
		if (may_leave(buf) && kref_get_unless_zero(&buf->ref)) {
			victim = buf;
			break;
		}
		dma_resv_unlock(buf->resv);
	}
	mutex_unlock(&pool->lock);
	return victim;
}

static bool evict_one(struct simbuf_pool *pool)
{
	struct simbuf *victim = lock_victim(pool);
	int ret;

	if (!victim)
		return false;
	ret = simbuf_settle_away(victim);
	dma_resv_unlock(victim->resv);
	simbuf_put(victim);
	if (!ret)
		atomic_inc(&pool->evictions);
	return !ret;
}

/**
 * simbuf_local_alloc - memory in the pool that a buffer prefers
 * @buf: the buffer.
 * @c: what is asked of the memory.
 * @evict: others may have to leave.
 *
 * Return: zeroed memory with one reference, or an ERR_PTR(): -ENOMEM when there is
 * no room, -ENOSPC when there is but it has not what is asked.
 */
struct simbuf_storage *simbuf_local_alloc(struct simbuf *buf, const struct simbuf_constraints *c,
					  bool evict)
{
	struct simbuf_storage *st;

	if (buf->size > (size_t)buf->pool->nr_pages << PAGE_SHIFT)
		return ERR_PTR(-ENOMEM);
	do {
		st = simbuf_storage_alloc_from(buf->pool, buf->size, c);
	} while (IS_ERR(st) && evict && evict_one(buf->pool));
	return st;
}

/* The buffer's memory is local now. */
void simbuf_local_enter(struct simbuf *buf)
{
	dma_resv_assert_held(buf->resv);
	mutex_lock(&buf->pool->lock);
	list_add_tail(&buf->local_node, &buf->pool->lru);
	mutex_unlock(&buf->pool->lock);
}

/* Somebody uses it: others leave before it does. */
void simbuf_local_used(struct simbuf *buf)
{
	dma_resv_assert_held(buf->resv);
	if (!buf->pool)
		return;
	mutex_lock(&buf->pool->lock);
	if (!list_empty(&buf->local_node))
		list_move_tail(&buf->local_node, &buf->pool->lru);
	mutex_unlock(&buf->pool->lock);
}

/* It has moved, or dies. */
void simbuf_local_leave(struct simbuf *buf)
{
	if (!buf->pool)
		return;
	mutex_lock(&buf->pool->lock);
	list_del_init(&buf->local_node);
	mutex_unlock(&buf->pool->lock);
}
