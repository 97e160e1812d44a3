// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * All buffers there are, so that one piece of memory is one struct simbuf,
 * whoever brings it, and debugfs can show who shares what.
 */
#include <linux/dma-buf.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>

#include "simbuf_internal.h"
#include "simbuf_trace.h"

/* Protects buffers and foreign_buffers. No other lock is taken inside. */
static DEFINE_MUTEX(registry_lock);
static LIST_HEAD(buffers);

/* Those that stand for somebody else's dma-buf, by that: an import must not search them all. */
static struct rhashtable foreign_buffers;

static const struct rhashtable_params foreign_params = {
	.key_len = sizeof_field(struct simbuf, foreign),
	.key_offset = offsetof(struct simbuf, foreign),
	.head_offset = offsetof(struct simbuf, foreign_node),
	.automatic_shrinking = true,
};

int simbuf_registry_init(void)
{
	return rhashtable_init(&foreign_buffers, &foreign_params);
}

/* Only drivers create buffers, and none is loaded any more. */
void simbuf_registry_exit(void)
{
	WARN_ON(!list_empty(&buffers));
	rhashtable_destroy(&foreign_buffers);
}

void simbuf_registry_add(struct simbuf *buf)
{
	mutex_lock(&registry_lock);
	list_add_tail(&buf->node, &buffers);
	mutex_unlock(&registry_lock);
}

/**
 * simbuf_get - take a reference
 * @buf: the buffer.
 *
 * Return: @buf.
 */
struct simbuf *simbuf_get(struct simbuf *buf)
{
	kref_get(&buf->ref);
	return buf;
}
EXPORT_SYMBOL_NS_GPL(simbuf_get, "SIMBUF");

static void simbuf_last_put(struct kref *ref)
{
	struct simbuf *buf = container_of(ref, struct simbuf, ref);

	list_del(&buf->node);
	if (buf->foreign)
		rhashtable_remove_fast(&foreign_buffers, &buf->foreign_node, foreign_params);
	mutex_unlock(&registry_lock);
	trace_simbuf_release(buf->id, buf->exporter, buf->size, &buf->stats);
	simbuf_free(buf);
}

/**
 * simbuf_put - drop a reference
 * @buf: the buffer, or %NULL.
 *
 * Its reservation must not be held: the last reference takes it along.
 */
void simbuf_put(struct simbuf *buf)
{
	if (buf)
		kref_put_mutex(&buf->ref, simbuf_last_put, &registry_lock);
}
EXPORT_SYMBOL_NS_GPL(simbuf_put, "SIMBUF");

/* Registers @new unless another stands for its dma-buf already: returns which one does. */
static struct simbuf *add_foreign_locked(struct simbuf *new)
{
	struct simbuf *buf;
	int ret;

	lockdep_assert_held(&registry_lock);
	buf = rhashtable_lookup_fast(&foreign_buffers, &new->foreign, foreign_params);
	if (buf)
		return simbuf_get(buf);
	ret = rhashtable_insert_fast(&foreign_buffers, &new->foreign_node, foreign_params);
	if (ret)
		return ERR_PTR(ret);
	list_add_tail(&new->node, &buffers);
	return new;
}

static struct simbuf *get_for_foreign(struct dma_buf *dmabuf)
{
	struct simbuf *new, *buf;

	new = simbuf_alloc(dmabuf->size, dmabuf->exp_name, dmabuf);
	if (IS_ERR(new))
		return new;

	mutex_lock(&registry_lock);
	buf = add_foreign_locked(new);
	mutex_unlock(&registry_lock);
	if (buf == new)
		trace_simbuf_create(new->id, new->exporter, new->size);
	else
		simbuf_free(new);
	return buf;
}

/*
 * The simbuf that stands for @dmabuf, with a reference: the exported one when it
 * is ours, else one that all our importers share.
 */
struct simbuf *simbuf_get_for_dmabuf(struct dma_buf *dmabuf)
{
	struct simbuf *buf = simbuf_of_dmabuf(dmabuf);

	return buf ? simbuf_get(buf) : get_for_foreign(dmabuf);
}

/*
 * The buffer after @prev, or the first for %NULL, with a reference; drops the
 * reference of @prev. For walks that must sleep on a buffer's reservation.
 */
struct simbuf *simbuf_registry_next(struct simbuf *prev)
{
	struct list_head *at;
	struct simbuf *next = NULL;

	mutex_lock(&registry_lock);
	at = prev ? prev->node.next : buffers.next;
	if (at != &buffers)
		next = simbuf_get(list_entry(at, struct simbuf, node));
	mutex_unlock(&registry_lock);
	simbuf_put(prev);
	return next;
}
