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
 * cannot chase a buffer to and fro.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/slab.h>

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

	simbuf_registry_constraints(buf, all);
	list_for_each_entry(exp, &buf->exports, node) {
		list_for_each_entry(attach, &exp->dmabuf->attachments, node) {
			simbuf_device_constraints(attach->dev, &c);
			simbuf_constraints_narrow(all, &c);
		}
	}
}

static int allocate(struct simbuf *buf, const struct simbuf_constraints *c,
		    struct simbuf_storage **storage)
{
	int ret = simbuf_inject(SIMBUF_INJECT_ALLOC, buf);
	struct simbuf_storage *st;

	if (ret)
		return ret;
	st = simbuf_storage_alloc(buf->size, c);
	if (IS_ERR(st))
		return PTR_ERR(st);
	*storage = st;
	return 0;
}

/* The first choice: for everybody, or if that cannot be had, for who asks now. */
static int choose(struct simbuf *buf, const struct simbuf_constraints *all,
		  const struct simbuf_constraints *asked)
{
	struct simbuf_storage *storage;
	int ret = allocate(buf, all, &storage);

	if (ret == -ENOSPC || ret == -ENOMEM)
		ret = allocate(buf, asked, &storage);
	if (ret)
		return ret;
	buf->storage = storage;
	return 0;
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

/* Every mapping, of devices and the CPU, is to be made anew. */
static void invalidate(struct simbuf *buf)
{
	struct simbuf_dmabuf *exp;

	list_for_each_entry(exp, &buf->exports, node)
		dma_buf_invalidate_mappings(exp->dmabuf);
	simbuf_mmap_zap(buf);
	simbuf_devmap_sync_for_cpu(buf);
}

static int move(struct simbuf *buf, struct device *dev, const struct simbuf_constraints *all,
		const struct simbuf_constraints *asked)
{
	struct simbuf_storage *storage, *old = buf->storage;
	int ret = simbuf_inject(SIMBUF_INJECT_MOVE, buf);

	if (ret)
		return ret;
	ret = allocate(buf, all, &storage);
	if (ret == -ENOSPC || ret == -ENOMEM)
		ret = allocate(buf, asked, &storage);
	if (ret)
		return ret;
	ret = wait_until_idle(buf, dev);
	if (ret) {
		simbuf_storage_put(storage);
		return ret;
	}

	invalidate(buf);
	simbuf_storage_copy(storage, old);
	simbuf_account_cpu_copy(buf, buf->size);
	trace_simbuf_move(buf->id, old->placement, storage->placement, buf->size);
	buf->storage = storage;
	buf->moves++;
	simbuf_storage_put(old);
	return 0;
}

static int refuse_pinned(struct simbuf *buf, struct device *dev, enum simbuf_verdict verdict,
			 const struct simbuf_constraints *c, u64 found)
{
	struct simdev *sd = simdev_of_device(dev);

	if (verdict == SIMBUF_TOO_HIGH)
		return simbuf_refuse(-EBUSY, buf, sd,
				     "%s reaches addresses up to %#llx, memory is at %#llx and pinned by %s",
				     dev_name(dev), c->last_address, found, pinned_by(buf));
	return simbuf_refuse(-EBUSY, buf, sd,
			     "%s takes %u segments, memory has %llu and is pinned by %s",
			     dev_name(dev), c->max_segments, found, pinned_by(buf));
}

static int refuse_unavailable(struct simbuf *buf, struct device *dev,
			      const struct simbuf_constraints *c, int err)
{
	return simbuf_refuse(err, buf, dev ? simdev_of_device(dev) : NULL,
			     "no memory for %s: addresses up to %#llx, at most %u segments of %#llx bytes",
			     dev ? dev_name(dev) : "the CPU", c->last_address, c->max_segments,
			     c->max_segment_size);
}

/* Does the memory, if any, have what @dev asks? */
bool simbuf_settled_for(struct simbuf *buf, struct device *dev)
{
	struct simbuf_constraints c;
	u64 found;

	dma_resv_assert_held(buf->resv);
	simbuf_device_constraints(dev, &c);
	return buf->storage && simbuf_storage_check(buf->storage, &c, &found) == SIMBUF_FITS;
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
	struct simbuf_constraints asked = SIMBUF_UNCONSTRAINED, all;
	enum simbuf_verdict verdict;
	u64 found = 0;
	int ret;

	dma_resv_assert_held(buf->resv);
	if (dev)
		simbuf_device_constraints(dev, &asked);
	if (buf->storage) {
		verdict = simbuf_storage_check(buf->storage, &asked, &found);
		if (verdict == SIMBUF_FITS)
			return 0;
		if (buf->pins)
			return refuse_pinned(buf, dev, verdict, &asked, found);
	}

	attached_constraints(buf, &all);
	simbuf_constraints_narrow(&all, &asked);
	ret = buf->storage ? move(buf, dev, &all, &asked) : choose(buf, &all, &asked);
	if (ret && ret != -EINTR && ret != -ERESTARTSYS && ret != -EBUSY)
		refuse_unavailable(buf, dev, &asked, ret);
	return ret;
}
