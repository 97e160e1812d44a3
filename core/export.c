// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The exporter: the one set of dma_buf_ops of this project.
 *
 * DOC: locking
 *
 * The order is: mmap lock, reservation (&simbuf.resv), registry lock or the
 * lock of a buffer's attachments; the lock of a device's address space is
 * innermost. As the table "locking convention" in the kernel's
 * drivers/dma-buf/dma-buf.c says, @attach, @detach, @release,
 * @begin_cpu_access, @end_cpu_access and @mmap are called without the
 * reservation, @pin, @unpin, @map_dma_buf, @unmap_dma_buf, @vmap and @vunmap
 * with it held.
 */
#include <linux/dma-buf.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "simbuf_internal.h"
#include "simbuf_trace.h"

static struct simbuf *dmabuf_buf(struct dma_buf *dmabuf)
{
	struct simbuf_dmabuf *exp = dmabuf->priv;

	return exp->buf;
}

static int simbuf_op_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct simbuf *buf = dmabuf_buf(dmabuf);

	int ret = simbuf_inject(SIMBUF_INJECT_ATTACH, buf);

	if (!ret)
		trace_simbuf_attach(buf->id, buf->exporter, buf->size, dev_name(attach->dev));
	return ret;
}

static void simbuf_op_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct simbuf *buf = dmabuf_buf(dmabuf);

	trace_simbuf_detach(buf->id, buf->exporter, buf->size, dev_name(attach->dev));
}

/* Where dma-buf pins for each mapping, our own importers still follow. */
static bool simbuf_map_pins(const struct dma_buf_attachment *attach)
{
	return !attach->importer_ops ||
	       (SIMLAB_DMABUF_MAP_PINS && !simbuf_attachment_follows(attach));
}

/* Nobody else pins for those. */
static bool simbuf_pins(const struct dma_buf_attachment *attach)
{
	return !SIMLAB_DMABUF_MAP_PINS || !simbuf_attachment_follows(attach);
}

/*
 * Also called by dma-buf before it maps for an importer that cannot follow moves:
 * so the last chance to move for it. Memory out of its reach that others have
 * pinned is no failure here but at the mapping, which is told the reason.
 */
static int simbuf_op_pin(struct dma_buf_attachment *attach)
{
	struct simbuf *buf = dmabuf_buf(attach->dmabuf);
	int ret;

	if (!simbuf_pins(attach))
		return 0;
	ret = buf->storage && buf->pins ? 0 : simbuf_settle(buf, attach->dev);
	if (ret == -EBUSY)	/* dma-buf takes that for a bug of the exporter's */
		ret = -EREMOTEIO;
	if (!ret)
		buf->pins++;
	return ret;
}

static void simbuf_op_unpin(struct dma_buf_attachment *attach)
{
	struct simbuf *buf = dmabuf_buf(attach->dmabuf);

	dma_resv_assert_held(buf->resv);
	if (simbuf_pins(attach))
		buf->pins--;
}

static struct sg_table *simbuf_op_map(struct dma_buf_attachment *attach,
				      enum dma_data_direction dir)
{
	struct simbuf *buf = dmabuf_buf(attach->dmabuf);
	struct simbuf_devmap *map = simbuf_devmap_create(buf, attach->dev, dir);

	if (IS_ERR(map))
		return ERR_CAST(map);
	map->pins = simbuf_map_pins(attach);
	trace_simbuf_map(buf->id, dev_name(attach->dev), dir, map->sgt.nents);
	return &map->sgt;
}

static void simbuf_op_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
			    enum dma_data_direction dir)
{
	struct simbuf *buf = dmabuf_buf(attach->dmabuf);

	trace_simbuf_unmap(buf->id, dev_name(attach->dev), dir, sgt->nents);
	simbuf_devmap_destroy(buf, container_of(sgt, struct simbuf_devmap, sgt));
}

/*
 * dma-buf waits for fences, too, but only when this has returned: what a job writes after
 * its memory was synchronised would not be seen.
 */
static int simbuf_op_begin_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct simbuf *buf = dmabuf_buf(dmabuf);
	bool write = dir != DMA_FROM_DEVICE;
	long ret;

	ret = dma_resv_wait_timeout(buf->resv, dma_resv_usage_rw(write), true,
				    MAX_SCHEDULE_TIMEOUT);
	if (ret < 0)
		return ret;
	ret = dma_resv_lock_interruptible(buf->resv, NULL);
	if (ret)
		return ret;
	simbuf_devmap_sync_for_cpu(buf);
	dma_resv_unlock(buf->resv);
	return 0;
}

/* Not interruptible: the CPU has written, and that cannot be taken back. */
static int simbuf_op_end_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct simbuf *buf = dmabuf_buf(dmabuf);

	dma_resv_lock(buf->resv, NULL);
	simbuf_devmap_sync_for_device(buf);
	dma_resv_unlock(buf->resv);
	return 0;
}

static int simbuf_op_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return simbuf_mmap(dmabuf_buf(dmabuf), vma);
}

static int simbuf_op_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	return simbuf_vmap(dmabuf_buf(dmabuf), map);
}

static void simbuf_op_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	simbuf_vunmap(dmabuf_buf(dmabuf), map);
}

static void simbuf_op_release(struct dma_buf *dmabuf)
{
	struct simbuf_dmabuf *exp = dmabuf->priv;
	struct simbuf *buf = exp->buf;

	dma_resv_lock(buf->resv, NULL);
	list_del(&exp->node);
	if (buf->policy->pin_on_export)
		buf->pins--;
	dma_resv_unlock(buf->resv);

	trace_simbuf_unexport(buf->id, buf->exporter, buf->size);
	exp->release(exp->priv);
	simbuf_put(buf);
	kfree(exp);
}

static const struct dma_buf_ops simbuf_dmabuf_ops = {
	.attach = simbuf_op_attach,
	.detach = simbuf_op_detach,
	.pin = simbuf_op_pin,
	.unpin = simbuf_op_unpin,
	.map_dma_buf = simbuf_op_map,
	.unmap_dma_buf = simbuf_op_unmap,
	.begin_cpu_access = simbuf_op_begin_cpu_access,
	.end_cpu_access = simbuf_op_end_cpu_access,
	.mmap = simbuf_op_mmap,
	.vmap = simbuf_op_vmap,
	.vunmap = simbuf_op_vunmap,
	.release = simbuf_op_release,
};

static int pin_for_export(struct simbuf *buf)
{
	int ret;

	if (!buf->policy->pin_on_export)
		return 0;
	ret = dma_resv_lock_interruptible(buf->resv, NULL);
	if (ret)
		return ret;
	ret = simbuf_settle_shared(buf);
	if (!ret)
		buf->pins++;
	dma_resv_unlock(buf->resv);
	return ret;
}

static void unpin_for_export(struct simbuf *buf)
{
	if (!buf->policy->pin_on_export)
		return;
	dma_resv_lock(buf->resv, NULL);
	buf->pins--;
	dma_resv_unlock(buf->resv);
}

/**
 * simbuf_export - make a dma-buf of a buffer
 * @buf: a buffer of the caller's own; the dma-buf takes a reference.
 * @info: how; copied.
 *
 * A buffer may be exported several times. Called without the reservation.
 *
 * Return: the dma-buf with one reference, owned by the caller, or an ERR_PTR():
 * -ENOMEM, -ENOENT while @info->owner is being unloaded. On error the caller
 * keeps its reference to @info->priv.
 */
struct dma_buf *simbuf_export(struct simbuf *buf, const struct simbuf_export_info *info)
{
	struct dma_buf_export_info exp_info = {
		.exp_name = buf->exporter,
		.owner = info->owner,
		.ops = &simbuf_dmabuf_ops,
		.size = buf->size,
		.flags = info->flags,
		.resv = buf->resv,
	};
	struct simbuf_dmabuf *exp;
	struct dma_buf *dmabuf;
	int ret;

	exp = kzalloc_obj(*exp, GFP_KERNEL);
	if (!exp)
		return ERR_PTR(-ENOMEM);

	exp->buf = simbuf_get(buf);
	exp->device = info->device;
	exp->priv = info->priv;
	exp->release = info->release;
	exp_info.priv = exp;
	ret = pin_for_export(buf);
	if (ret)
		goto err_free;
	dmabuf = dma_buf_export(&exp_info);
	if (IS_ERR(dmabuf)) {
		ret = PTR_ERR(dmabuf);
		goto err_unpin;
	}

	/* From here on the dma-buf owns exp and with it info->priv. */
	exp->dmabuf = dmabuf;
	exp->ino = file_inode(dmabuf->file)->i_ino;
	dma_resv_lock(buf->resv, NULL);
	list_add_tail(&exp->node, &buf->exports);
	dma_resv_unlock(buf->resv);
	trace_simbuf_export(buf->id, buf->exporter, buf->size);
	return dmabuf;

err_unpin:
	unpin_for_export(buf);
err_free:
	simbuf_put(buf);
	kfree(exp);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_NS_GPL(simbuf_export, "SIMBUF");

/**
 * simbuf_self_import - is this dma-buf the caller's own?
 * @dmabuf: any dma-buf.
 * @device: the importing device, as in &simbuf_export_info.device; not %NULL.
 *
 * A driver that is handed its own buffer back must use the object it already
 * has, or it would wait for itself and count everything twice.
 *
 * Return: &simbuf_export_info.priv if @device exported @dmabuf, else %NULL. No
 * reference is taken: it lives as long as @dmabuf.
 */
void *simbuf_self_import(struct dma_buf *dmabuf, const void *device)
{
	struct simbuf_dmabuf *exp;

	if (dmabuf->ops != &simbuf_dmabuf_ops)
		return NULL;
	exp = dmabuf->priv;
	return exp->device == device ? exp->priv : NULL;
}
EXPORT_SYMBOL_NS_GPL(simbuf_self_import, "SIMBUF");

/* The buffer behind a dma-buf of ours, no reference taken; NULL for others. */
struct simbuf *simbuf_of_dmabuf(struct dma_buf *dmabuf)
{
	return dmabuf->ops == &simbuf_dmabuf_ops ? dmabuf_buf(dmabuf) : NULL;
}
