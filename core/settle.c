// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Negotiation: where a buffer's memory is, given who wants to reach it.
 *
 * DOC: negotiation
 *
 * Memory is chosen at the first mapping or CPU access, to satisfy all devices
 * that are attached by then. When a device whose needs are not met maps later,
 * the buffer moves, unless somebody has pinned it: then the mapping is refused.
 * Memory that meets a device's needs is never moved for it, so that two devices
 * cannot chase a buffer to and fro. Local memory has rules of its own, see local.c.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/slab.h>

#include "pool.h"
#include "simbuf_internal.h"
#include "simbuf_trace.h"
#include "simdev_internal.h"

/* Longest wait for the fences of those who use a buffer that must move. */
#define MOVE_TIMEOUT	(5 * HZ)

/* What a device asks, ours or anybody's. */
void simbuf_device_constraints(struct device *dev, struct simbuf_constraints *c)
{
	struct simdev *sd = simdev_of_device(dev);
	unsigned long boundary;

	if (sd) {
		simdev_model_constraints(&sd->model, c);
		return;
	}
	*c = SIMBUF_UNCONSTRAINED;
	c->max_segment_size = dma_get_max_seg_size(dev);
	boundary = dma_get_seg_boundary(dev);
	if (boundary != ULONG_MAX)
		c->boundary = (u64)boundary + 1;
	if (!device_iommu_mapped(dev))
		c->last_address = dma_get_mask(dev);
}

/* What everybody who is attached asks, together. */
static void attached_constraints(struct simbuf *buf, struct simbuf_constraints *all)
{
	struct dma_buf_attachment *attach;
	struct simbuf_constraints c;
	struct simbuf_dmabuf *exp;

	simbuf_attachments_constraints(buf, all);
	list_for_each_entry(exp, &buf->exports, node) {
		list_for_each_entry(attach, &exp->dmabuf->attachments, node) {
			simbuf_device_constraints(attach->dev, &c);
			simbuf_constraints_narrow(all, &c);
		}
	}
}

/* Do all who are attached, ours and others, reach the local memory that @buf prefers? */
static bool all_reach_local(struct simbuf *buf)
{
	struct dma_buf_attachment *attach;
	struct simbuf_dmabuf *exp;

	list_for_each_entry(exp, &buf->exports, node) {
		list_for_each_entry(attach, &exp->dmabuf->attachments, node) {
			if (!simbuf_pool_reached_by(buf->pool, attach->dev))
				return false;
		}
	}
	return simbuf_attachments_all_reach(buf, buf->pool);
}

static bool is_local(const struct simbuf *buf)
{
	return buf->storage && buf->storage->placement == SIMBUF_PLACEMENT_LOCAL;
}

/**
 * struct request - who wants to reach a buffer
 * @dev: a device, or %NULL for the CPU.
 * @local: local memory will do.
 * @asked: what @dev asks of memory.
 * @all: what all who are attached ask.
 */
struct request {
	struct device *dev;
	bool local;
	struct simbuf_constraints asked;
	struct simbuf_constraints all;
};

static int allocate(struct simbuf *buf, const struct request *req,
		    const struct simbuf_constraints *c, struct simbuf_storage **storage)
{
	int ret = simbuf_inject(SIMBUF_INJECT_ALLOC, buf);
	struct simbuf_storage *st = ERR_PTR(-ENOMEM);

	if (ret)
		return ret;
	if (req->local && all_reach_local(buf))
		st = simbuf_local_alloc(buf, c, true);
	if (IS_ERR(st))
		st = simbuf_storage_alloc(buf->size, c);
	if (IS_ERR(st))
		return PTR_ERR(st);
	*storage = st;
	return 0;
}

/* For everybody, or if that cannot be had, for who asks now. */
static int allocate_best(struct simbuf *buf, const struct request *req,
			 struct simbuf_storage **storage)
{
	int ret = allocate(buf, req, &req->all, storage);

	if (ret == -ENOSPC || ret == -ENOMEM)
		ret = allocate(buf, req, &req->asked, storage);
	return ret;
}

/* Takes over @storage and drops what there was. */
static void set_storage(struct simbuf *buf, struct simbuf_storage *storage)
{
	struct simbuf_storage *old = buf->storage;

	if (is_local(buf))
		simbuf_local_leave(buf);
	buf->storage = storage;
	WRITE_ONCE(buf->placement, storage->placement);
	if (is_local(buf))
		simbuf_local_enter(buf);
	simbuf_storage_put(old);
}

/* What the memory costs is charged already. */
static int choose(struct simbuf *buf, const struct request *req)
{
	struct simbuf_storage *storage;
	int ret = allocate_best(buf, req, &storage);

	if (ret)
		simbuf_budget_uncharge(buf);
	else
		set_storage(buf, storage);
	return ret;
}

static const char *pinned_by(const struct simbuf *buf)
{
	struct simbuf_devmap *map;

	if (buf->vmaps)
		return "the kernel's CPU mapping";
	list_for_each_entry(map, &buf->devmaps, node) {
		if (map->pins)
			return dev_name(map->dev);
	}
	return "its export";
}

static int wait_until_idle(struct simbuf *buf, struct device *dev)
{
	long ret = dma_resv_wait_timeout(buf->resv, DMA_RESV_USAGE_BOOKKEEP, true, MOVE_TIMEOUT);

	if (!ret)
		return simbuf_refuse(-EBUSY, buf, dev ? simdev_of_device(dev) : NULL,
				     "it must move, and is in use since %u s", MOVE_TIMEOUT / HZ);
	return ret < 0 ? ret : 0;
}

/*
 * Every mapping is to be made anew. Devices may go on with the old ones until the fences
 * have signalled that are there then, some of which they add when they are told: see
 * dma_buf_invalidate_mappings().
 */
static int invalidate(struct simbuf *buf, struct device *dev)
{
	struct simbuf_dmabuf *exp;
	int ret;

	list_for_each_entry(exp, &buf->exports, node)
		dma_buf_invalidate_mappings(exp->dmabuf);
	ret = wait_until_idle(buf, dev);
	if (ret)
		return ret;
	simbuf_mmap_zap(buf);
	simbuf_devmap_sync_for_cpu(buf);
	return 0;
}

/*
 * The buffer, which is idle, and its content are in @storage from now on; or it stays
 * where it was, and @storage is freed.
 */
static int relocate(struct simbuf *buf, struct device *dev, struct simbuf_storage *storage)
{
	int ret = invalidate(buf, dev);

	if (ret) {
		simbuf_storage_put(storage);
		return ret;
	}
	simbuf_unmap_own(buf);
	simbuf_storage_copy(storage, buf->storage);
	simbuf_account_cpu_copy(buf, buf->size);
	trace_simbuf_move(buf->id, buf->storage->placement, storage->placement, buf->size);
	buf->moves++;
	set_storage(buf, storage);
	return 0;
}

static int move(struct simbuf *buf, const struct request *req)
{
	int ret = simbuf_inject(SIMBUF_INJECT_MOVE, buf);
	struct simbuf_storage *storage;

	if (ret)
		return ret;
	ret = allocate_best(buf, req, &storage);
	if (ret)
		return ret;
	/* Nobody is disturbed before it is known that work on the buffer ends. */
	ret = wait_until_idle(buf, req->dev);
	if (ret) {
		simbuf_storage_put(storage);
		return ret;
	}
	return relocate(buf, req->dev, storage);
}

static int refuse_pinned(struct simbuf *buf, const struct request *req,
			 enum simbuf_verdict verdict, u64 found)
{
	struct simdev *sd = req->dev ? simdev_of_device(req->dev) : NULL;
	const char *who = req->dev ? dev_name(req->dev) : "who it is shared with";

	if (verdict == SIMBUF_OUT_OF_REACH)
		return simbuf_refuse(-EBUSY, buf, sd,
				     "%s does not reach the local memory of %s, where it is pinned by %s",
				     who, dev_name(buf->pool->home), pinned_by(buf));
	if (verdict == SIMBUF_TOO_HIGH)
		return simbuf_refuse(-EBUSY, buf, sd,
				     "%s reaches addresses up to %#llx, memory is at %#llx and pinned by %s",
				     who, req->asked.last_address, found, pinned_by(buf));
	if (verdict == SIMBUF_MISALIGNED)
		return simbuf_refuse(-EBUSY, buf, sd,
				     "%s takes addresses that are multiples of %#llx, memory is at %#llx and pinned by %s",
				     who, req->asked.alignment, found, pinned_by(buf));
	return simbuf_refuse(-EBUSY, buf, sd,
			     "%s takes %u segments, memory has %llu and is pinned by %s",
			     who, req->asked.max_segments, found, pinned_by(buf));
}

static int refuse_unavailable(struct simbuf *buf, struct device *dev,
			      const struct simbuf_constraints *c, int err)
{
	return simbuf_refuse(err, buf, dev ? simdev_of_device(dev) : NULL,
			     "no memory for %s: addresses up to %#llx, at most %u segments of %#llx bytes, at multiples of %#llx",
			     dev ? dev_name(dev) : "the CPU", c->last_address, c->max_segments,
			     c->max_segment_size, max_t(u64, c->alignment, PAGE_SIZE));
}

static enum simbuf_verdict check_storage(const struct simbuf *buf, const struct request *req,
					 u64 *found)
{
	if (is_local(buf) && !req->local)
		return SIMBUF_OUT_OF_REACH;
	return simbuf_storage_check(buf->storage, &req->asked, found);
}

static int settle(struct simbuf *buf, struct request *req)
{
	enum simbuf_verdict verdict;
	u64 found = 0;
	int ret;

	dma_resv_assert_held(buf->resv);
	if (buf->storage) {
		verdict = check_storage(buf, req, &found);
		if (verdict == SIMBUF_FITS) {
			simbuf_local_used(buf);
			return 0;
		}
		if (buf->pins)
			return refuse_pinned(buf, req, verdict, found);
	} else {
		ret = simbuf_budget_charge(buf);
		if (ret)
			return ret;
	}

	attached_constraints(buf, &req->all);
	simbuf_constraints_narrow(&req->all, &req->asked);
	ret = buf->storage ? move(buf, req) : choose(buf, req);
	if (ret && ret != -EINTR && ret != -ERESTARTSYS && ret != -EBUSY)
		refuse_unavailable(buf, req->dev, &req->asked, ret);
	return ret;
}

/**
 * simbuf_settle - see to it that a buffer has memory somebody can reach
 * @buf: a buffer of our own, its reservation held.
 * @dev: a device that wants to map it, or %NULL for the CPU.
 *
 * Return: 0; -EBUSY when the memory is out of @dev's reach and pinned, -ENOSPC
 * when there is memory but none @dev can reach, -ENOMEM, -EINTR.
 */
int simbuf_settle(struct simbuf *buf, struct device *dev)
{
	struct request req = {
		.dev = dev,
		.local = buf->pool && simbuf_pool_reached_by(buf->pool, dev),
		.asked = SIMBUF_UNCONSTRAINED,
	};

	if (dev)
		simbuf_device_constraints(dev, &req.asked);
	return settle(buf, &req);
}

/**
 * simbuf_settle_shared - the same, for devices that nobody knows yet
 * @buf: a buffer of our own, its reservation held.
 *
 * Return: as simbuf_settle().
 */
int simbuf_settle_shared(struct simbuf *buf)
{
	struct request req = { .asked = SIMBUF_UNCONSTRAINED };

	return settle(buf, &req);
}

/**
 * simbuf_settle_away - leave local memory, for others that need it
 * @buf: a buffer in local memory, idle and not pinned, its reservation held.
 *
 * Return: 0, or as simbuf_settle(); then it is where it was.
 */
int simbuf_settle_away(struct simbuf *buf)
{
	int ret = simbuf_inject(SIMBUF_INJECT_MOVE, buf);
	struct simbuf_storage *storage;
	struct request req = {};

	if (ret)
		return ret;
	attached_constraints(buf, &req.all);
	ret = allocate(buf, &req, &req.all, &storage);
	return ret ?: relocate(buf, NULL, storage);
}

/**
 * simbuf_settle_back - come back to local memory if there is room
 * @buf: a buffer of anybody's that is about to be used, its reservation held.
 *
 * Where it is now will do, too.
 */
void simbuf_settle_back(struct simbuf *buf)
{
	struct simbuf_constraints all;
	struct simbuf_storage *storage;

	dma_resv_assert_held(buf->resv);
	if (!buf->pool || !buf->storage || is_local(buf) || buf->pins || !all_reach_local(buf))
		return;
	if (!dma_resv_test_signaled(buf->resv, DMA_RESV_USAGE_BOOKKEEP))
		return;
	attached_constraints(buf, &all);
	storage = simbuf_local_alloc(buf, &all, false);
	if (!IS_ERR(storage))
		relocate(buf, NULL, storage);
}
