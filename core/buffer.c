// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The life of a struct simbuf.
 */
#include <linux/dma-buf.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <uapi/linux/simbuf.h>

#include "pool.h"
#include "simbuf_internal.h"
#include "simbuf_trace.h"

static atomic64_t last_id = ATOMIC64_INIT(0);

/* Neither registered nor holding memory yet. */
struct simbuf *simbuf_alloc(size_t size, const char *exporter, struct dma_buf *foreign)
{
	struct simbuf *buf = kzalloc_obj(*buf, GFP_KERNEL_ACCOUNT);

	if (!buf)
		return ERR_PTR(-ENOMEM);

	kref_init(&buf->ref);
	buf->id = atomic64_inc_return(&last_id);
	buf->size = PAGE_ALIGN(size);
	strscpy(buf->exporter, exporter);
	INIT_LIST_HEAD(&buf->devmaps);
	INIT_LIST_HEAD(&buf->exports);
	INIT_LIST_HEAD(&buf->attachments);
	mutex_init(&buf->attachments_lock);
	INIT_LIST_HEAD(&buf->local_node);
	dma_resv_init(&buf->own_resv);
	buf->resv = &buf->own_resv;
	if (foreign) {
		buf->placement = SIMBUF_PLACEMENT_FOREIGN;
		get_dma_buf(foreign);
		buf->foreign = foreign;
		buf->resv = foreign->resv;
	}
	return buf;
}

/* Called when nothing refers to @buf any more. */
void simbuf_free(struct simbuf *buf)
{
	WARN_ON(!list_empty(&buf->devmaps) || !list_empty(&buf->attachments));
	WARN_ON(buf->pins || buf->vmaps || !list_empty(&buf->exports));
	simbuf_local_leave(buf);
	if (buf->storage)
		simbuf_budget_uncharge(buf);
	simbuf_budget_put(buf->budget);
	simbuf_storage_put(buf->storage);
	simbuf_pool_put(buf->pool);
	if (buf->inode)
		iput(buf->inode);
	dma_resv_fini(&buf->own_resv);
	mutex_destroy(&buf->attachments_lock);
	if (buf->foreign)
		dma_buf_put(buf->foreign);
	kfree(buf);
}

/**
 * simbuf_create - create a buffer
 * @size: bytes, not 0; rounded up to whole pages.
 * @exporter: name of the driver, for messages and for the dma-bufs.
 * @policy: what this driver does differently; outlives the buffer.
 *
 * Backing memory is chosen at the first mapping or CPU access. It is zeroed, and
 * accounted to the memory cgroup of the process that causes it.
 *
 * Return: the buffer with one reference, owned by the caller, or an ERR_PTR():
 * -EINVAL for a size of 0 or one that no page count can express, -ENOMEM.
 */
struct simbuf *simbuf_create(size_t size, const char *exporter,
			     const struct simbuf_policy *policy)
{
	struct simbuf *buf;

	if (!size || PAGE_ALIGN(size) < size)
		return ERR_PTR(-EINVAL);

	buf = simbuf_alloc(size, exporter, NULL);
	if (IS_ERR(buf))
		return buf;

	buf->policy = policy;
	simbuf_registry_add(buf);
	trace_simbuf_create(buf->id, buf->exporter, buf->size);
	return buf;
}
EXPORT_SYMBOL_NS_GPL(simbuf_create, "SIMBUF");

/**
 * simbuf_prefer - let a buffer be in a device's local memory
 * @buf: a buffer of the caller's own that nobody is attached to yet.
 * @pool: the memory; the buffer takes a reference.
 *
 * It is there while there is room and all who are attached reach it, and in system
 * memory otherwise.
 */
void simbuf_prefer(struct simbuf *buf, struct simbuf_pool *pool)
{
	buf->pool = simbuf_pool_get(pool);
}
EXPORT_SYMBOL_NS_GPL(simbuf_prefer, "SIMBUF");

/**
 * simbuf_size - the buffer's size
 * @buf: the buffer.
 *
 * Return: bytes, a multiple of the page size.
 */
size_t simbuf_size(const struct simbuf *buf)
{
	return buf->size;
}
EXPORT_SYMBOL_NS_GPL(simbuf_size, "SIMBUF");

/**
 * simbuf_resv - the buffer's reservation object
 * @buf: the buffer.
 *
 * Return: the reservation shared by all who use the memory; lives as long as
 * @buf.
 */
struct dma_resv *simbuf_resv(struct simbuf *buf)
{
	return buf->resv;
}
EXPORT_SYMBOL_NS_GPL(simbuf_resv, "SIMBUF");

/**
 * simbuf_account_cpu_copy - the kernel copied into or out of a buffer
 * @buf: the buffer.
 * @bytes: how many bytes.
 *
 * For drivers with a path that copies, such as read().
 */
void simbuf_account_cpu_copy(struct simbuf *buf, size_t bytes)
{
	atomic64_add(bytes, &buf->stats.cpu_copied);
}
EXPORT_SYMBOL_NS_GPL(simbuf_account_cpu_copy, "SIMBUF");

/**
 * simbuf_placement - where a buffer's memory is
 * @buf: the buffer.
 *
 * Return: SIMBUF_PLACEMENT_*; as of now, unless the caller holds the reservation.
 */
u32 simbuf_placement(const struct simbuf *buf)
{
	return READ_ONCE(buf->placement);
}
EXPORT_SYMBOL_NS_GPL(simbuf_placement, "SIMBUF");

/* simbuf_describe_buf() for callers with the reservation. */
void simbuf_describe_locked(struct simbuf *buf, struct simbuf_info *info)
{
	*info = (struct simbuf_info) {
		.buffer_id = buf->id,
		.size = buf->size,
		.device_read = atomic64_read(&buf->stats.device_read),
		.device_written = atomic64_read(&buf->stats.device_written),
		.cpu_copied = atomic64_read(&buf->stats.cpu_copied),
		.cpu_faulted = atomic64_read(&buf->stats.cpu_faulted),
		.cpu_mappings = atomic_read(&buf->stats.cpu_mappings),
		.placement = simbuf_placement(buf),
	};
}

/**
 * simbuf_describe_buf - what is known about a buffer, without any mapping
 * @buf: the buffer.
 * @info: out: members that belong to a mapping are 0.
 *
 * Called without the reservation.
 */
void simbuf_describe_buf(struct simbuf *buf, struct simbuf_info *info)
{
	dma_resv_lock(buf->resv, NULL);
	simbuf_describe_locked(buf, info);
	dma_resv_unlock(buf->resv);
}
EXPORT_SYMBOL_NS_GPL(simbuf_describe_buf, "SIMBUF");
