// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How engines reach memory: by a DMA address that is looked up in the device's
 * address space, or not at all.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#include "simbuf_trace.h"
#include "simdev_internal.h"
#include "simdev_rows.h"

/**
 * simdev_window_open - prepare an engine's access
 * @win: the window; every member is set here.
 * @sd: see &struct simdev_window.
 * @sgt: see &struct simdev_window; %NULL makes every access a DMA fault.
 * @dir: see &struct simdev_window.
 * @staging: see &struct simdev_window.
 * @staging_size: see &struct simdev_window.
 *
 * Close with simdev_window_close().
 */
void simdev_window_open(struct simdev_window *win, struct simdev *sd,
			const struct sg_table *sgt, enum dma_data_direction dir,
			void *staging, size_t staging_size)
{
	*win = (struct simdev_window) {
		.sd = sd,
		.sgt = sgt,
		.dir = dir,
		.staging = staging,
		.staging_size = staging_size,
	};
}
EXPORT_SYMBOL_NS_GPL(simdev_window_open, "SIMBUF");

static void account(struct simdev_window *win, size_t len)
{
	struct simbuf_stats *stats = READ_ONCE(win->mapping->stats);

	win->bytes += len;
	if (!stats)
		return;
	atomic64_add(len, win->dir == DMA_FROM_DEVICE ? &stats->device_written :
							&stats->device_read);
}

static void window_leave(struct simdev_window *win)
{
	if (!win->mapping)
		return;
	if (win->bytes)
		trace_simbuf_device_access(simdev_name(win->sd),
					   READ_ONCE(win->mapping->buffer_id), win->bytes,
					   win->dir == DMA_FROM_DEVICE);
	win->bytes = 0;
	simdev_mapping_put(win->mapping);
	win->mapping = NULL;
}

/* The DMA address at @offset of what the engine was programmed with. */
static int window_address(const struct simdev_window *win, size_t offset,
			  dma_addr_t *addr, size_t *left)
{
	struct scatterlist *sg;
	size_t start = 0;
	int i;

	if (!win->sgt)
		return -EFAULT;

	for_each_sgtable_dma_sg(win->sgt, sg, i) {
		if (offset - start < sg_dma_len(sg)) {
			*addr = sg_dma_address(sg) + (offset - start);
			*left = sg_dma_len(sg) - (offset - start);
			return 0;
		}
		start += sg_dma_len(sg);
	}
	return -EFAULT;
}

/* Puts the window over the contiguous run at @offset. */
static int window_move(struct simdev_window *win, size_t offset, size_t len)
{
	const struct simdev_run *run;
	dma_addr_t addr = 0;
	size_t left;
	u64 at;

	window_leave(win);
	if (READ_ONCE(win->sd->unplugged))
		return -ENODEV;
	if (window_address(win, offset, &addr, &left))
		return simdev_fault(win->sd, 0, addr, len, win->dir,
				    win->sgt ? "past the end of what is mapped" :
					       "the buffer is not mapped");

	win->mapping = simdev_space_find(&win->sd->space, addr, win->dir);
	if (!win->mapping)
		return simdev_fault(win->sd, 0, addr, len, win->dir,
				    "no mapping at this address");
	if (!simdev_direction_allows(win->mapping->dir, win->dir)) {
		simdev_fault(win->sd, READ_ONCE(win->mapping->buffer_id), addr, len,
			     win->dir, "the mapping is for the other direction");
		window_leave(win);
		return -EFAULT;
	}

	at = addr - win->mapping->node.start;
	run = simdev_mapping_run(win->mapping, at);
	win->first = offset;
	win->last = offset + min_t(u64, left, run->offset + run->len - at) - 1;
	win->cpu = phys_to_virt(run->phys + (at - run->offset));
	return 0;
}

static bool window_covers(const struct simdev_window *win, size_t offset)
{
	return win->mapping && offset >= win->first && offset <= win->last;
}

/* Copies between @bytes of the caller's and memory, run by run. */
static int window_copy(struct simdev_window *win, size_t offset, u8 *bytes, size_t len)
{
	size_t n;
	u8 *cpu;
	int ret;

	for (; len; len -= n, offset += n, bytes += n) {
		if (!window_covers(win, offset)) {
			ret = window_move(win, offset, len);
			if (ret)
				return ret;
		}
		n = min(len, win->last - offset + 1);
		cpu = win->cpu + (offset - win->first);
		if (win->dir == DMA_FROM_DEVICE)
			simdev_rows_write(cpu, n, 1, bytes, n);
		else
			simdev_rows_write(bytes, n, 1, cpu, n);
		account(win, n);
	}
	return 0;
}

static int window_flush(struct simdev_window *win)
{
	size_t len = win->staged;

	win->staged = 0;
	return len ? window_copy(win, win->staged_at, win->staging, len) : 0;
}

static void *window_at(struct simdev_window *win, size_t offset, size_t len)
{
	int ret = window_flush(win);

	if (!ret && !window_covers(win, offset))
		ret = window_move(win, offset, len);
	if (ret)
		return ERR_PTR(ret);

	if (len <= win->last - offset + 1) {
		account(win, len);
		return win->cpu + (offset - win->first);
	}

	if (len > win->staging_size)
		return ERR_PTR(-EMSGSIZE);
	if (win->dir == DMA_FROM_DEVICE) {
		win->staged_at = offset;
		win->staged = len;
	} else {
		ret = window_copy(win, offset, win->staging, len);
	}
	return ret ? ERR_PTR(ret) : win->staging;
}

/**
 * simdev_window_at - access one piece of memory
 * @win: an open window.
 * @offset: bytes from the start of the engine's descriptor list.
 * @len: bytes, not 0. No more than &simdev_window.staging_size, unless the piece
 *	is known to be contiguous.
 *
 * The device is accounted for having moved @len bytes. What is written lands in
 * memory before the next call on the window returns.
 *
 * Return: where the bytes are, valid until the next call on @win, or an
 * ERR_PTR(): -EFAULT for a DMA fault, -ENODEV when the device is unplugged,
 * -EMSGSIZE when the piece is scattered and longer than the staging memory.
 */
void *simdev_window_at(struct simdev_window *win, size_t offset, size_t len)
{
	void *p = window_at(win, offset, len);

	if (p == ERR_PTR(-EFAULT) && win->sd->model.count_faults && len <= win->staging_size)
		return memset(win->staging, 0, len);
	if (IS_ERR(p) && !win->error)
		win->error = PTR_ERR(p);
	return p;
}
EXPORT_SYMBOL_NS_GPL(simdev_window_at, "SIMBUF");

/* How many of @rows rows are whole in the contiguous run under the window, from @offset on. */
static size_t window_whole_rows(const struct simdev_window *win, size_t offset, size_t stride,
				size_t rows, size_t len)
{
	size_t left = win->last - offset + 1;

	if (left < len)
		return 0;
	return rows == 1 ? 1 : min(rows, (left - len) / stride + 1);
}

/* Writes at least one of the rows; returns how many, or an error. */
static ssize_t window_write_some(struct simdev_window *win, size_t offset, size_t stride,
				 size_t rows, const void *row, size_t len)
{
	size_t whole;
	int ret;

	if (!window_covers(win, offset)) {
		ret = window_move(win, offset, len);
		if (ret)
			return ret;
	}

	whole = window_whole_rows(win, offset, stride, rows, len);
	if (!whole) {
		/* Only read from, as the window is for writing. */
		ret = window_copy(win, offset, (u8 *)row, len);
		return ret ?: 1;
	}
	simdev_rows_write(win->cpu + (offset - win->first), stride, whole, row, len);
	account(win, whole * len);
	return whole;
}

/**
 * simdev_window_write_rows - write the same row several times
 * @win: an open window for DMA_FROM_DEVICE.
 * @offset: where the first one goes, bytes from the start of the engine's
 *	descriptor list.
 * @stride: bytes from one to the next, at least @len.
 * @rows: how many, not 0.
 * @row: the row, memory of the caller's.
 * @len: bytes of it, not 0.
 *
 * Needs no staging memory, and costs hardly more than filling memory with one
 * value. What lies between the rows is not touched. The device is accounted for
 * having moved @rows * @len bytes.
 *
 * Return: 0, or the error, as of simdev_window_at(); the rest is not written then.
 */
int simdev_window_write_rows(struct simdev_window *win, size_t offset, size_t stride,
			     size_t rows, const void *row, size_t len)
{
	ssize_t n = window_flush(win);

	if (n == -EFAULT && win->sd->model.count_faults)
		n = 0;
	while (rows && n >= 0) {
		n = window_write_some(win, offset, stride, rows, row, len);
		if (n == -EFAULT && win->sd->model.count_faults)
			n = 1;	/* this row is lost */
		if (n > 0) {
			rows -= n;
			offset += n * stride;
		}
	}
	if (n >= 0)
		return 0;
	if (!win->error)
		win->error = n;
	return n;
}
EXPORT_SYMBOL_NS_GPL(simdev_window_write_rows, "SIMBUF");

/**
 * simdev_window_close - end an engine's access
 * @win: an open window.
 *
 * Return: 0, or the first error that any access of this window had.
 */
int simdev_window_close(struct simdev_window *win)
{
	int ret = window_flush(win);

	window_leave(win);
	if (ret == -EFAULT && win->sd->model.count_faults)
		ret = 0;
	return win->error ?: ret;
}
EXPORT_SYMBOL_NS_GPL(simdev_window_close, "SIMBUF");
