// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: memory
 *
 * Buffers of V4L2_MEMORY_MMAP, read() and write() are simbufs of the camera's own. They
 * are mapped for its DMA from QBUF to DQBUF only: the pages are chosen when the
 * first buffer is queued, when importers had a chance to attach, and can be
 * moved while userspace holds it. Buffers of V4L2_MEMORY_DMABUF are anybody's; videobuf2
 * keeps them mapped until another dma-buf is queued at the same index.
 *
 * A dma-buf that was exported keeps the pages and a struct camsim_mem, never
 * the device: the attachment ends when videobuf2 lets go of the memory.
 */
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/simbuf.h>
#include <linux/slab.h>

#include "camsim_drv.h"
#include "camsim_mem.h"

/**
 * struct camsim_mem - memory of one plane
 * @users: videobuf2, and every export of it that is alive.
 * @sd: the camera.
 * @dir: DMA_FROM_DEVICE for capturing, DMA_TO_DEVICE for a producer's frames.
 * @size: bytes that videobuf2 believes to be there.
 * @buf: the memory, with a reference if it is our own.
 * @att: the camera's access to it, until videobuf2 lets go of the memory.
 * @mapped: whether @att is mapped.
 * @dmabuf: where the memory was imported from, else %NULL. The reference is
 *	videobuf2's.
 * @map: kernel mapping for read() and write().
 */
struct camsim_mem {
	refcount_t users;
	struct simdev *sd;
	enum dma_data_direction dir;
	size_t size;
	struct simbuf *buf;
	struct simbuf_attachment *att;
	bool mapped;
	struct dma_buf *dmabuf;
	struct iosys_map map;
};

static struct simdev *camsim_mem_device(struct vb2_buffer *vb)
{
	struct camsim *cam = vb2_get_drv_priv(vb->vb2_queue);

	return cam->sd;
}

static const struct simbuf_policy *camsim_mem_policy(struct vb2_buffer *vb)
{
	struct camsim *cam = vb2_get_drv_priv(vb->vb2_queue);

	return cam->policy;
}

static struct simbuf_budget *camsim_mem_budget(struct vb2_buffer *vb)
{
	struct camsim *cam = vb2_get_drv_priv(vb->vb2_queue);

	return cam->budget;
}

static struct camsim_mem *camsim_mem_create(struct vb2_buffer *vb, size_t size)
{
	struct camsim_mem *mem;

	mem = kzalloc_obj(*mem);
	if (!mem)
		return NULL;

	refcount_set(&mem->users, 1);
	mem->sd = camsim_mem_device(vb);
	mem->dir = vb->vb2_queue->dma_dir;
	mem->size = size;
	return mem;
}

static void camsim_mem_unuse(void *priv)
{
	struct camsim_mem *mem = priv;

	if (!refcount_dec_and_test(&mem->users))
		return;
	if (mem->buf)
		simbuf_put(mem->buf);
	kfree(mem);
}

static int camsim_mem_map(struct camsim_mem *mem)
{
	int err;

	err = simbuf_map_unlocked(mem->att, mem->dir);
	if (!err)
		mem->mapped = true;
	return err;
}

static void camsim_mem_unmap(struct camsim_mem *mem)
{
	if (!mem->mapped)
		return;
	simbuf_unmap_unlocked(mem->att);
	mem->mapped = false;
}

/* Memory of our own */

static void *camsim_mem_alloc(struct vb2_buffer *vb, struct device *dev, unsigned long size)
{
	struct camsim_mem *mem;
	int err;

	mem = camsim_mem_create(vb, size);
	if (!mem)
		return ERR_PTR(-ENOMEM);

	mem->buf = simbuf_create(size, CAMSIM_NAME, camsim_mem_policy(vb));
	if (IS_ERR(mem->buf)) {
		err = PTR_ERR(mem->buf);
		goto err_free;
	}
	simbuf_charge_to(mem->buf, camsim_mem_budget(vb));

	mem->att = simbuf_attach(mem->buf, mem->sd, 0);
	if (IS_ERR(mem->att)) {
		err = PTR_ERR(mem->att);
		goto err_put_buf;
	}
	return mem;

err_put_buf:
	simbuf_put(mem->buf);
err_free:
	kfree(mem);
	return ERR_PTR(err);
}

static void camsim_mem_put(void *priv)
{
	struct camsim_mem *mem = priv;

	if (mem->map.vaddr)
		simbuf_vunmap_unlocked(mem->buf, &mem->map);
	/* REMOVE_BUFS takes buffers that were prepared and never finished. */
	camsim_mem_unmap(mem);
	simbuf_detach(mem->att);
	mem->att = NULL;
	camsim_mem_unuse(mem);
}

static struct dma_buf *camsim_mem_get_dmabuf(struct vb2_buffer *vb, void *priv,
					     unsigned long flags)
{
	struct camsim_mem *mem = priv;
	const struct simbuf_export_info info = {
		.owner = THIS_MODULE,
		.flags = flags | O_CLOEXEC,
		.priv = mem,
		.release = camsim_mem_unuse,
	};
	struct dma_buf *dmabuf;

	refcount_inc(&mem->users);
	dmabuf = simbuf_export(mem->buf, &info);
	if (IS_ERR(dmabuf))
		camsim_mem_unuse(mem);
	return dmabuf;
}

static int camsim_mem_mmap(void *priv, struct vm_area_struct *vma)
{
	struct camsim_mem *mem = priv;

	/* mmap() comes without the queue's lock, and so upon buffers that are just being made. */
	if (!mem)
		return -EINVAL;
	return simbuf_mmap(mem->buf, vma);
}

/* Only read() and write() ask; the mapping stays until its buffers are freed. */
static void *camsim_mem_vaddr(struct vb2_buffer *vb, void *priv)
{
	struct camsim_mem *mem = priv;

	if (mem->dmabuf)
		return NULL;
	if (!mem->map.vaddr && simbuf_vmap_unlocked(mem->buf, &mem->map))
		return NULL;
	return mem->map.vaddr;
}

static unsigned int camsim_mem_num_users(void *priv)
{
	struct camsim_mem *mem = priv;
	struct simbuf_info info;

	/* videobuf2 asks for imported memory too; its users are not ours to know. */
	if (mem->dmabuf)
		return refcount_read(&mem->users);
	simbuf_describe_buf(mem->buf, &info);
	return refcount_read(&mem->users) + info.cpu_mappings;
}

/* Imported memory */

/* Stands for what there was no memory for, until map_dmabuf can say so. */
static struct camsim_mem camsim_mem_missing;

/*
 * Nothing fails here, only in map_dmabuf: when this fails, videobuf2 (as of 7.2)
 * forgets the reference it has taken to the dma-buf.
 */
static void *camsim_mem_attach_dmabuf(struct vb2_buffer *vb, struct device *dev,
				      struct dma_buf *dmabuf, unsigned long size)
{
	struct camsim_mem *mem;

	mem = camsim_mem_create(vb, size);
	if (!mem)
		return &camsim_mem_missing;

	mem->dmabuf = dmabuf;
	return mem;
}

static void camsim_mem_detach_dmabuf(void *priv)
{
	struct camsim_mem *mem = priv;

	if (mem == &camsim_mem_missing)
		return;
	if (mem->att)
		simbuf_detach(mem->att);
	kfree(mem);
}

static int camsim_mem_check_import(struct camsim_mem *mem)
{
	struct simbuf *buf = simbuf_attachment_buf(mem->att);

	if (mem->dmabuf->size < mem->size)
		return simbuf_refuse(-EINVAL, buf, mem->sd,
				     "dma-buf has %zu bytes, the client says %zu",
				     mem->dmabuf->size, mem->size);
	if (mem->dir == DMA_FROM_DEVICE && !simbuf_attachment_writable(mem->att))
		return simbuf_refuse(-EACCES, buf, mem->sd,
				     "dma-buf is read-only, a camera writes");
	return 0;
}

static int camsim_mem_map_dmabuf(void *priv)
{
	struct camsim_mem *mem = priv;
	struct simbuf_attachment *att;
	int err;

	if (mem == &camsim_mem_missing)
		return -ENOMEM;
	if (!mem->att) {
		att = simbuf_attach_dmabuf(mem->dmabuf, mem->sd, 0);
		if (IS_ERR(att))
			return PTR_ERR(att);
		mem->att = att;
	}

	err = camsim_mem_check_import(mem);
	if (err)
		return err;
	return camsim_mem_map(mem);
}

static void camsim_mem_unmap_dmabuf(void *priv)
{
	camsim_mem_unmap(priv);
}

const struct vb2_mem_ops camsim_mem_ops = {
	.alloc = camsim_mem_alloc,
	.put = camsim_mem_put,
	.get_dmabuf = camsim_mem_get_dmabuf,
	.mmap = camsim_mem_mmap,
	.vaddr = camsim_mem_vaddr,
	.num_users = camsim_mem_num_users,
	.attach_dmabuf = camsim_mem_attach_dmabuf,
	.detach_dmabuf = camsim_mem_detach_dmabuf,
	.map_dmabuf = camsim_mem_map_dmabuf,
	.unmap_dmabuf = camsim_mem_unmap_dmabuf,
};

/**
 * camsim_mem_prepare - make memory ready for the camera's DMA
 * @mem: the memory.
 *
 * Return: 0, or why it cannot be mapped.
 */
int camsim_mem_prepare(struct camsim_mem *mem)
{
	return mem->mapped ? 0 : camsim_mem_map(mem);
}

/**
 * camsim_mem_finish - give memory back to the CPU
 * @mem: the memory.
 *
 * Imported memory stays mapped: videobuf2 ends that itself.
 */
void camsim_mem_finish(struct camsim_mem *mem)
{
	if (!mem->dmabuf)
		camsim_mem_unmap(mem);
}

struct simbuf_attachment *camsim_mem_attachment(struct camsim_mem *mem)
{
	return mem->att;
}

struct dma_resv *camsim_mem_resv(struct camsim_mem *mem)
{
	return simbuf_resv(simbuf_attachment_buf(mem->att));
}

/**
 * camsim_mem_account_copy - count what read() or write() copies
 * @mem: memory of our own.
 * @bytes: bytes of the frame.
 */
void camsim_mem_account_copy(struct camsim_mem *mem, size_t bytes)
{
	simbuf_account_cpu_copy(mem->buf, bytes);
}

void camsim_mem_describe(struct camsim_mem *mem, struct simbuf_info *info)
{
	simbuf_describe(mem->att, info);
}
