// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The importer: a simulated device's access to a buffer of anybody's.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <uapi/linux/simbuf.h>

#include "pool.h"
#include "simbuf_internal.h"
#include "simbuf_trace.h"
#include "simdev_internal.h"

/* Longest wait for work on addresses that a move made obsolete. */
#define VALIDATE_TIMEOUT	(5 * HZ)

/* Our own exporter leaves its own trace events, for every importer. */
static bool exporter_traces(const struct simbuf_attachment *att)
{
	return att->dmabuf && !att->buf->foreign;
}

static struct simbuf_attachment *attachment_alloc(struct simbuf *buf, struct simdev *sd,
						  unsigned int flags)
{
	struct simbuf_attachment *att = kzalloc_obj(*att, GFP_KERNEL_ACCOUNT);

	if (!att)
		return NULL;
	att->buf = simbuf_get(buf);
	att->sd = simdev_get(sd);
	att->dynamic = flags & SIMBUF_ATTACH_DYNAMIC;
	return att;
}

static void attachment_free(struct simbuf_attachment *att)
{
	struct dma_buf *dmabuf = att->dmabuf;

	simdev_put(att->sd);
	simbuf_put(att->buf);
	kfree(att);
	if (dmabuf)
		dma_buf_put(dmabuf);
}

/**
 * simbuf_attach - give a device of the exporting driver access
 * @buf: a buffer of the caller's own.
 * @sd: the device.
 * @flags: SIMBUF_ATTACH_*.
 *
 * Return: the attachment, undone by simbuf_detach(), or ERR_PTR(-ENOMEM).
 */
struct simbuf_attachment *simbuf_attach(struct simbuf *buf, struct simdev *sd,
					unsigned int flags)
{
	struct simbuf_attachment *att = attachment_alloc(buf, sd, flags);

	if (!att)
		return ERR_PTR(-ENOMEM);

	simbuf_attachments_add(att);
	trace_simbuf_attach(buf->id, buf->exporter, buf->size, simdev_name(sd));
	return att;
}
EXPORT_SYMBOL_NS_GPL(simbuf_attach, "SIMBUF");

/* The exporter moved the buffer: what is mapped is of no use for new work. */
static void attachment_moved(struct dma_buf_attachment *base)
{
	struct simbuf_attachment *att = base->importer_priv;

	dma_resv_assert_held(base->dmabuf->resv);
	att->moved = true;
}

static const struct dma_buf_attach_ops dynamic_ops = {
	.invalidate_mappings = attachment_moved,
};

/* Is this an importer of ours that can follow moves? */
bool simbuf_attachment_follows(const struct dma_buf_attachment *base)
{
	return base->importer_ops == &dynamic_ops;
}

/**
 * simbuf_attach_dmabuf - give a device access to anybody's dma-buf
 * @dmabuf: the dma-buf; the attachment takes a reference of its own.
 * @sd: the device.
 * @flags: SIMBUF_ATTACH_*.
 *
 * Called without the reservation, as dma_buf_attach() is.
 *
 * Return: the attachment, undone by simbuf_detach(), or an ERR_PTR(): -ENOMEM or
 * what the exporter answered.
 */
struct simbuf_attachment *simbuf_attach_dmabuf(struct dma_buf *dmabuf, struct simdev *sd,
					       unsigned int flags)
{
	struct simbuf *buf = simbuf_get_for_dmabuf(dmabuf);
	struct simbuf_attachment *att;
	int ret;

	if (IS_ERR(buf))
		return ERR_CAST(buf);

	att = attachment_alloc(buf, sd, flags);
	simbuf_put(buf);	/* the attachment has its own reference */
	if (!att)
		return ERR_PTR(-ENOMEM);

	get_dma_buf(dmabuf);
	att->dmabuf = dmabuf;
	att->base = dma_buf_dynamic_attach(dmabuf, simdev_device(sd),
					   att->dynamic ? &dynamic_ops : NULL, att);
	if (IS_ERR(att->base)) {
		ret = simbuf_refuse(PTR_ERR(att->base), att->buf, sd,
				    "the exporter refused to attach");
		attachment_free(att);
		return ERR_PTR(ret);
	}

	simbuf_attachments_add(att);
	if (!exporter_traces(att))
		trace_simbuf_attach(att->buf->id, att->buf->exporter, att->buf->size,
				    simdev_name(sd));
	return att;
}
EXPORT_SYMBOL_NS_GPL(simbuf_attach_dmabuf, "SIMBUF");

/**
 * simbuf_detach - end a device's access
 * @att: the attachment, unmapped; freed here. Called without the reservation.
 */
void simbuf_detach(struct simbuf_attachment *att)
{
	WARN_ON(att->maps);
	simbuf_attachments_del(att);
	if (!exporter_traces(att))
		trace_simbuf_detach(att->buf->id, att->buf->exporter, att->buf->size,
				    simdev_name(att->sd));
	if (att->base)
		dma_buf_detach(att->dmabuf, att->base);
	attachment_free(att);
}
EXPORT_SYMBOL_NS_GPL(simbuf_detach, "SIMBUF");

static struct simbuf_devmap *own_map(const struct simbuf_attachment *att)
{
	return container_of(att->sgt, struct simbuf_devmap, sgt);
}

static void do_unmap(struct simbuf_attachment *att)
{
	if (att->fallback) {
		simbuf_fallback_unmap(att, att->fallback);
		att->fallback = NULL;
	} else if (att->base) {
		dma_buf_unmap_attachment(att->base, att->sgt, att->dir);
	} else {
		simbuf_devmap_destroy(att->buf, own_map(att));
		if (!att->dynamic)
			att->buf->pins--;
	}
	att->sgt = NULL;
}

/*
 * Gives up what own devices have mapped: the memory is about to be left, and whoever
 * may be moved validates before the next use.
 */
void simbuf_unmap_own(struct simbuf *buf)
{
	struct simbuf_devmap *map, *next;

	dma_resv_assert_held(buf->resv);
	list_for_each_entry_safe(map, next, &buf->devmaps, node) {
		if (!map->att)
			continue;
		trace_simbuf_unmap(buf->id, dev_name(map->dev), map->dir, map->sgt.nents);
		do_unmap(map->att);
	}
}

static struct sg_table *own_sgt(struct simbuf_attachment *att, enum dma_data_direction dir)
{
	struct simbuf_devmap *map;

	map = simbuf_devmap_create(att->buf, simdev_device(att->sd), dir);
	if (IS_ERR(map))
		return ERR_CAST(map);
	map->att = att;
	map->pins = !att->dynamic;
	if (map->pins)
		att->buf->pins++;
	return &map->sgt;
}

static u64 mapped_bytes(const struct sg_table *sgt)
{
	struct scatterlist *sg;
	u64 bytes = 0;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i)
		bytes += sg_dma_len(sg);
	return bytes;
}

/* The first address that is not where the device wants segments to start, or 0 */
static dma_addr_t misaligned_address(const struct sg_table *sgt, u64 alignment)
{
	struct scatterlist *sg;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (sg_dma_address(sg) & (alignment - 1))
			return sg_dma_address(sg);
	}
	return 0;
}

/* A mapping that the device could not use is refused now, not by a fault later. */
static int check_mapping(struct simbuf_attachment *att)
{
	const struct simdev_model *model = &att->sd->model;
	u64 bytes = mapped_bytes(att->sgt);
	dma_addr_t misaligned = 0;

	if (bytes < att->buf->size)
		return simbuf_refuse(-EINVAL, att->buf, att->sd,
				     "the exporter mapped %llu of %zu bytes", bytes,
				     att->buf->size);
	if (simdev_bind(att->sd, att->sgt, att->buf))
		return simbuf_refuse(-EOPNOTSUPP, att->buf, att->sd,
				     "the exporter gave addresses without using the device's DMA operations: its memory has no pages this device can reach");
	if (model->max_segments && att->sgt->nents > model->max_segments)
		return simbuf_refuse(-EINVAL, att->buf, att->sd,
				     "the device takes %u segments, the exporter's memory has %u",
				     model->max_segments, att->sgt->nents);
	if (model->alignment)
		misaligned = misaligned_address(att->sgt, model->alignment);
	if (misaligned)
		return simbuf_refuse(-EINVAL, att->buf, att->sd,
				     "the device takes addresses that are multiples of %#llx, the exporter's memory has a segment at %pad",
				     model->alignment, &misaligned);
	return 0;
}

static bool is_signal(int err)
{
	return err == -EINTR || err == -ERESTARTSYS;
}

/* Our own exporter has said why; a signal is no refusal. */
static int refuse_mapping(struct simbuf_attachment *att, int err)
{
	u64 addr;

	if (is_signal(err) || !att->buf->foreign)
		return err;
	if (simdev_space_was_beyond(&att->sd->space, &addr))
		return simbuf_refuse(err, att->buf, att->sd,
				     "the device reaches addresses up to %#llx, the exporter's memory is at %#llx",
				     DMA_BIT_MASK(att->sd->model.dma_bits), addr);
	return simbuf_refuse(err, att->buf, att->sd,
			     "its exporter cannot map it for this device");
}

/* By the device's own addresses, as it should be. */
static int map_for_device(struct simbuf_attachment *att, enum dma_data_direction dir)
{
	struct sg_table *sgt;
	int ret;

	sgt = att->base ? dma_buf_map_attachment(att->base, dir) : own_sgt(att, dir);
	if (IS_ERR(sgt))
		return refuse_mapping(att, PTR_ERR(sgt));
	att->sgt = sgt;
	att->dir = dir;
	ret = check_mapping(att);
	if (ret)
		do_unmap(att);
	return ret;
}

/* By the CPU's mapping, after @err: the answer to that stays unless this works. */
static int map_by_fallback(struct simbuf_attachment *att, enum dma_data_direction dir, int err)
{
	struct simbuf_fallback *fallback;
	struct sg_table *sgt;

	if (!att->base || !att->sd->model.vmap_fallback || is_signal(err))
		return err;
	fallback = simbuf_fallback_map(att, dir, &sgt);
	if (IS_ERR(fallback))
		return err;
	att->fallback = fallback;
	att->sgt = sgt;
	att->dir = dir;
	err = check_mapping(att);
	if (err)
		do_unmap(att);
	return err;
}

static int do_map(struct simbuf_attachment *att, enum dma_data_direction dir)
{
	int ret;

	att->moved = false;
	ret = map_for_device(att, dir);
	if (ret)
		ret = map_by_fallback(att, dir, ret);
	if (ret)
		return ret;

	att->page_id = simdev_page_id(att->sd, att->sgt, &att->page_runs);
	if (!exporter_traces(att))
		trace_simbuf_map(att->buf->id, simdev_name(att->sd), dir, att->sgt->nents);
	return 0;
}

/**
 * simbuf_map - give a device addresses for a buffer
 * @att: the attachment, the buffer's reservation held.
 * @dir: what the device will do. A nested call may ask for no more than the
 *	first one did.
 *
 * Calls nest: the last simbuf_unmap() unmaps.
 *
 * Return: 0, -EBUSY when it is mapped for another direction, -ENOMEM, -EINTR,
 * -EINVAL or -EOPNOTSUPP for memory that no simulated device can reach, or what
 * the exporter answered.
 */
int simbuf_map(struct simbuf_attachment *att, enum dma_data_direction dir)
{
	int ret;

	dma_resv_assert_held(att->buf->resv);
	if (att->maps) {
		if (!simdev_direction_allows(att->dir, dir))
			return simbuf_refuse(-EBUSY, att->buf, att->sd,
					     "mapped for direction %d, asked for %d",
					     att->dir, dir);
		att->maps++;
		return 0;
	}

	ret = do_map(att, dir);
	if (!ret)
		att->maps = 1;
	return ret;
}
EXPORT_SYMBOL_NS_GPL(simbuf_map, "SIMBUF");

/**
 * simbuf_map_unlocked - simbuf_map() for callers without the reservation
 * @att: the attachment.
 * @dir: what the device will do.
 *
 * Return: as simbuf_map(), or -EINTR when a signal came first.
 */
int simbuf_map_unlocked(struct simbuf_attachment *att, enum dma_data_direction dir)
{
	int ret = dma_resv_lock_interruptible(att->buf->resv, NULL);

	if (ret)
		return ret;
	ret = simbuf_map(att, dir);
	dma_resv_unlock(att->buf->resv);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(simbuf_map_unlocked, "SIMBUF");

static bool is_current(const struct simbuf_attachment *att)
{
	if (!att->sgt || att->moved)
		return false;
	return att->base || own_map(att)->storage == att->buf->storage;
}

/**
 * simbuf_validate - follow a move
 * @att: a mapped attachment, the buffer's reservation held. Its addresses are
 *	current when this succeeds, and stay so until the reservation is dropped or,
 *	with a fence added before, until that fence has signalled.
 *
 * A failure leaves it without addresses: accesses are DMA faults until a later
 * call succeeds. But when old work does not end, that keeps its addresses.
 *
 * Return: 0, -EBUSY when old work does not end, or as simbuf_map().
 */
int simbuf_validate(struct simbuf_attachment *att)
{
	long ret;

	dma_resv_assert_held(att->buf->resv);
	if (WARN_ON(!att->maps))
		return -EINVAL;
	simbuf_settle_back(att->buf);
	if (is_current(att)) {
		simbuf_local_used(att->buf);
		return 0;
	}

	/* An exporter may move while old work still uses the old addresses. */
	ret = dma_resv_wait_timeout(att->buf->resv, DMA_RESV_USAGE_BOOKKEEP, true,
				    VALIDATE_TIMEOUT);
	if (ret <= 0)
		return ret ?: simbuf_refuse(-EBUSY, att->buf, att->sd,
					    "it moved while old work on it does not end");
	if (att->sgt)
		do_unmap(att);
	return do_map(att, att->dir);
}
EXPORT_SYMBOL_NS_GPL(simbuf_validate, "SIMBUF");

/**
 * simbuf_unmap - undo one simbuf_map()
 * @att: the attachment, the buffer's reservation held.
 */
void simbuf_unmap(struct simbuf_attachment *att)
{
	dma_resv_assert_held(att->buf->resv);
	if (WARN_ON(!att->maps) || --att->maps || !att->sgt)
		return;

	if (!exporter_traces(att))
		trace_simbuf_unmap(att->buf->id, simdev_name(att->sd), att->dir,
				   att->sgt->nents);
	do_unmap(att);
}
EXPORT_SYMBOL_NS_GPL(simbuf_unmap, "SIMBUF");

/**
 * simbuf_unmap_unlocked - simbuf_unmap() for callers without the reservation
 * @att: the attachment.
 */
void simbuf_unmap_unlocked(struct simbuf_attachment *att)
{
	dma_resv_lock(att->buf->resv, NULL);
	simbuf_unmap(att);
	dma_resv_unlock(att->buf->resv);
}
EXPORT_SYMBOL_NS_GPL(simbuf_unmap_unlocked, "SIMBUF");

/**
 * simbuf_window_open - open a window on what an attachment has mapped
 * @win: the window.
 * @att: the attachment. It stays mapped while the window is open.
 * @dir: see &struct simdev_window.
 * @staging: see &struct simdev_window.
 * @staging_size: see &struct simdev_window.
 */
void simbuf_window_open(struct simdev_window *win, struct simbuf_attachment *att,
			enum dma_data_direction dir, void *staging, size_t staging_size)
{
	simdev_window_open(win, att->sd, att->sgt, dir, staging, staging_size);
}
EXPORT_SYMBOL_NS_GPL(simbuf_window_open, "SIMBUF");

/**
 * simbuf_attachment_buf - the buffer that is attached to
 * @att: the attachment.
 *
 * Return: the buffer; no reference is taken.
 */
struct simbuf *simbuf_attachment_buf(const struct simbuf_attachment *att)
{
	return att->buf;
}
EXPORT_SYMBOL_NS_GPL(simbuf_attachment_buf, "SIMBUF");

/**
 * simbuf_attachment_base - the kernel's attachment
 * @att: the attachment.
 *
 * Return: the &struct dma_buf_attachment; %NULL on the exporter's own device.
 */
struct dma_buf_attachment *simbuf_attachment_base(const struct simbuf_attachment *att)
{
	return att->base;
}
EXPORT_SYMBOL_NS_GPL(simbuf_attachment_base, "SIMBUF");

/**
 * simbuf_attachment_writable - may the device write?
 * @att: the attachment.
 *
 * Return: false when the dma-buf was exported for reading only (without
 * DRM_RDWR or O_RDWR).
 */
bool simbuf_attachment_writable(const struct simbuf_attachment *att)
{
	return !att->dmabuf || att->dmabuf->file->f_mode & FMODE_WRITE;
}
EXPORT_SYMBOL_NS_GPL(simbuf_attachment_writable, "SIMBUF");

/**
 * simbuf_describe - what is known about a buffer and a device's mapping of it
 * @att: the attachment. Called without the reservation.
 * @info: out: @info->segments is 0 while it is not mapped; @info->page_id and
 *	@info->page_runs are those of the last mapping.
 */
void simbuf_describe(struct simbuf_attachment *att, struct simbuf_info *info)
{
	simbuf_describe_buf(att->buf, info);

	dma_resv_lock(att->buf->resv, NULL);
	info->page_id = att->page_id;
	info->page_runs = att->page_runs;
	info->segments = att->sgt ? att->sgt->nents : 0;
	dma_resv_unlock(att->buf->resv);
}
EXPORT_SYMBOL_NS_GPL(simbuf_describe, "SIMBUF");
