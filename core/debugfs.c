// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/debug/simbuf: who shares what with whom, now.
 *
 * For people and for userspace/bufgraph. In "buffers" a line that begins with
 * "buffer" starts a buffer; those that follow are about it, each of its own kind,
 * told by its first word, with a name if there is one and then KEY=VALUE words.
 * mmap_inode= is what /proc/PID/maps calls CPU mappings of it, 0 before the first.
 *
 * dmabuf: one of its dma-bufs; inode= is what stat and dma_buf/bufinfo call it.
 * mapped: a device's mapping of memory of our own, whoever's the device is.
 * fence: "USAGE fence:", as dma-buf's bufinfo shows it.
 * attached: a simulated device; inode= is the dma-buf it came through. segments=0
 * while it is not mapped, page_id= and page_runs= of the last mapping.
 *
 * "obsolete" ends the line of a mapping of memory that the buffer has left. Each
 * buffer is shown as it was at one moment, under its reservation.
 */
#include <linux/debugfs.h>
#include <linux/dma-buf.h>
#include <linux/seq_file.h>
#include <uapi/linux/simbuf.h>

#include "simbuf_internal.h"
#include "simdev_internal.h"

static struct dentry *debugfs_root;

static const char * const placement_names[] = {
	[SIMBUF_PLACEMENT_NONE] = "none",
	[SIMBUF_PLACEMENT_SCATTERED] = "scattered",
	[SIMBUF_PLACEMENT_FOREIGN] = "foreign",
	[SIMBUF_PLACEMENT_CONTIGUOUS] = "contiguous",
	[SIMBUF_PLACEMENT_LOW] = "low",
	[SIMBUF_PLACEMENT_CARVEOUT] = "carve-out",
	[SIMBUF_PLACEMENT_LOCAL] = "local",
};

static void show_storage(struct simbuf *buf, struct seq_file *m)
{
	struct inode *inode = READ_ONCE(buf->inode);

	seq_printf(m, " policy=%s chunks=%u pins=%u vmaps=%u moves=%u mmap_inode=%llu\n",
		   buf->policy ? buf->policy->name : "-",
		   buf->storage ? buf->storage->nr_chunks : 0, buf->pins, buf->vmaps,
		   buf->moves, inode ? (u64)inode->i_ino : 0);
}

static void show_dmabufs(struct simbuf *buf, struct seq_file *m)
{
	struct simbuf_dmabuf *exp;

	if (buf->foreign)
		seq_printf(m, "  dmabuf inode=%llu\n",
			   (u64)file_inode(buf->foreign->file)->i_ino);
	list_for_each_entry(exp, &buf->exports, node)
		seq_printf(m, "  dmabuf inode=%llu\n", exp->ino);
}

static void show_devmaps(struct simbuf *buf, struct seq_file *m)
{
	struct simbuf_devmap *map;

	list_for_each_entry(map, &buf->devmaps, node)
		seq_printf(m, "  mapped %s dir=%d segments=%u%s\n", dev_name(map->dev),
			   map->dir, map->sgt.nents,
			   map->storage == buf->storage ? "" : " obsolete");
}

/* Interruptible: who hangs with a reservation held must not take along who looks for it. */
static int show_buffer(struct simbuf *buf, struct seq_file *m)
{
	struct simbuf_info info;
	int ret = dma_resv_lock_interruptible(buf->resv, NULL);

	if (ret)
		return ret;

	simbuf_describe_locked(buf, &info);
	seq_printf(m, "buffer %llu exporter=%s size=%llu placement=%s device_read=%llu device_written=%llu cpu_copied=%llu cpu_faulted=%llu cpu_mappings=%u",
		   info.buffer_id, buf->exporter, info.size, placement_names[info.placement],
		   info.device_read, info.device_written, info.cpu_copied, info.cpu_faulted,
		   info.cpu_mappings);
	show_storage(buf, m);
	show_dmabufs(buf, m);
	show_devmaps(buf, m);
	dma_resv_describe(buf->resv, m);
	simbuf_attachments_show(buf, m);
	dma_resv_unlock(buf->resv);

	return 0;
}

static int buffers_show(struct seq_file *m, void *unused)
{
	struct simbuf *buf = NULL;
	int ret = 0;

	while (!ret && (buf = simbuf_registry_next(buf)))
		ret = show_buffer(buf, m);
	simbuf_put(buf);

	return ret;
}
DEFINE_SHOW_ATTRIBUTE(buffers);

static int devices_show(struct seq_file *m, void *unused)
{
	simdev_show_all(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(devices);

static int refusals_show(struct seq_file *m, void *unused)
{
	simbuf_refusals_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(refusals);

static int faults_show(struct seq_file *m, void *unused)
{
	simbuf_faults_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(faults);

static int profiles_show(struct seq_file *m, void *unused)
{
	simdev_models_show(m);
	simdev_profiles_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(profiles);

void simbuf_debugfs_init(void)
{
	debugfs_root = debugfs_create_dir("simbuf", NULL);
	debugfs_create_file("buffers", 0400, debugfs_root, NULL, &buffers_fops);
	debugfs_create_file("devices", 0400, debugfs_root, NULL, &devices_fops);
	debugfs_create_file("refusals", 0400, debugfs_root, NULL, &refusals_fops);
	debugfs_create_file("faults", 0400, debugfs_root, NULL, &faults_fops);
	debugfs_create_file("profiles", 0400, debugfs_root, NULL, &profiles_fops);
	simbuf_inject_init(debugfs_root);
}

void simbuf_debugfs_exit(void)
{
	debugfs_remove_recursive(debugfs_root);
}
