// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Which simulated devices use a buffer: the list that each buffer keeps of its attachments,
 * with a lock of its own, because a frame attaches and detaches, and so do those of all
 * other pipelines at that moment.
 */
#include <linux/dma-buf.h>
#include <linux/seq_file.h>

#include "pool.h"
#include "simbuf_internal.h"
#include "simdev_internal.h"

void simbuf_attachments_add(struct simbuf_attachment *att)
{
	struct simbuf *buf = att->buf;

	mutex_lock(&buf->attachments_lock);
	list_add_tail(&att->node, &buf->attachments);
	mutex_unlock(&buf->attachments_lock);
}

void simbuf_attachments_del(struct simbuf_attachment *att)
{
	struct simbuf *buf = att->buf;

	mutex_lock(&buf->attachments_lock);
	list_del(&att->node);
	mutex_unlock(&buf->attachments_lock);
}

static void show_attachment(const struct simbuf_attachment *att, struct seq_file *m)
{
	seq_printf(m, "  attached %s", simdev_name(att->sd));
	if (att->dmabuf)
		seq_printf(m, " inode=%llu", (u64)file_inode(att->dmabuf->file)->i_ino);
	else
		seq_puts(m, " (exporter)");
	seq_printf(m, " maps=%u dir=%d segments=%u page_id=%016llx page_runs=%u%s\n", att->maps,
		   att->dir, att->sgt ? att->sgt->nents : 0, att->page_id, att->page_runs,
		   att->moved ? " obsolete" : "");
}

/* With the reservation held: what an attachment has mapped is protected by it. */
void simbuf_attachments_show(struct simbuf *buf, struct seq_file *m)
{
	struct simbuf_attachment *att;

	dma_resv_assert_held(buf->resv);
	mutex_lock(&buf->attachments_lock);
	list_for_each_entry(att, &buf->attachments, node)
		show_attachment(att, m);
	mutex_unlock(&buf->attachments_lock);
}

/* What all simulated devices that are attached ask, together. */
void simbuf_attachments_constraints(struct simbuf *buf, struct simbuf_constraints *c)
{
	struct simbuf_attachment *att;
	struct simbuf_constraints one;

	*c = SIMBUF_UNCONSTRAINED;
	mutex_lock(&buf->attachments_lock);
	list_for_each_entry(att, &buf->attachments, node) {
		simdev_model_constraints(&att->sd->model, &one);
		simbuf_constraints_narrow(c, &one);
	}
	mutex_unlock(&buf->attachments_lock);
}

/* Do all simulated devices that are attached reach what is in @pool? */
bool simbuf_attachments_all_reach(struct simbuf *buf, const struct simbuf_pool *pool)
{
	struct simbuf_attachment *att;
	bool all = true;

	mutex_lock(&buf->attachments_lock);
	list_for_each_entry(att, &buf->attachments, node)
		all = all && simbuf_pool_reached_by(pool, simdev_device(att->sd));
	mutex_unlock(&buf->attachments_lock);
	return all;
}
