// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Running operations: reads and writes memory through windows of the GPU's
 * simdev, row by row, and computes with row functions in between.
 *
 * All of it runs where a dma-fence is being signalled: nothing here allocates
 * or takes a lock.
 */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/simbuf.h>
#include <linux/simdev.h>
#include <linux/string.h>

#include "primesim_exec.h"
#include "primesim_op.h"

int primesim_exec_breathe(const int *stop)
{
	cond_resched();

	return READ_ONCE(*stop);
}

static int fill_plane(struct primesim_access *access, u32 number, u32 value, const int *stop)
{
	const struct primesim_format *format = access->format;
	const struct primesim_plane_format *layout = &format->plane[number];
	struct primesim_access_plane *plane = &access->plane[number];
	u32 lines = primesim_format_lines(format, number, access->rect->height);
	u32 block = format->block(value, number);
	int ret = 0;

	for (u32 line = 0; line < lines && !ret; line++) {
		void *row = primesim_access_line(plane, line);

		if (IS_ERR(row))
			return PTR_ERR(row);
		primesim_row_fill(row, block, layout->bytes, plane->length / layout->bytes);
		ret = primesim_exec_breathe(stop);
	}

	return ret;
}

static int run_fill(struct primesim_exec *exec, const struct primesim_op *op, const int *stop)
{
	struct primesim_access *dst = &exec->dst;
	int ret = 0;

	primesim_access_open(dst, &op->dst, &op->args.dst, &op->args.dst_rect, DMA_FROM_DEVICE);
	for (u32 plane = 0; plane < dst->format->planes && !ret; plane++)
		ret = fill_plane(dst, plane, op->args.value, stop);

	return primesim_access_close(dst) ?: ret;
}

static int copy_bytes(struct simdev_window *src, struct simdev_window *dst,
		      const struct drm_primesim_op *args, const int *stop)
{
	size_t length;
	int ret = 0;

	for (size_t done = 0; done < args->length && !ret; done += length) {
		const void *from;
		void *to;

		length = min_t(u64, args->length - done, PRIMESIM_MAX_ROW);
		from = simdev_window_at(src, args->src_offset + done, length);
		to = simdev_window_at(dst, args->dst_offset + done, length);
		if (IS_ERR(from) || IS_ERR(to))
			return -EFAULT;
		memcpy(to, from, length);
		ret = primesim_exec_breathe(stop);
	}

	return ret;
}

static int run_copy(struct primesim_exec *exec, const struct primesim_op *op, const int *stop)
{
	struct simdev_window src, dst;
	int ret;

	simbuf_window_open(&src, op->src.att[0], DMA_TO_DEVICE,
			   exec->src.scattered[0], PRIMESIM_MAX_ROW);
	simbuf_window_open(&dst, op->dst.att[0], DMA_FROM_DEVICE,
			   exec->dst.scattered[0], PRIMESIM_MAX_ROW);
	ret = copy_bytes(&src, &dst, &op->args, stop);
	ret = simdev_window_close(&dst) ?: ret;

	return simdev_window_close(&src) ?: ret;
}

/* Sleeps: a unit that is stuck does not keep the machine busy. */
static int run_hang(const int *stop)
{
	int ret;

	while (!(ret = READ_ONCE(*stop)))
		schedule_timeout_uninterruptible(1);

	return ret;
}

static int run_op(struct primesim_exec *exec, const struct primesim_op *op, const int *stop)
{
	switch (op->args.code) {
	case DRM_PRIMESIM_OP_FILL:
		return run_fill(exec, op, stop);
	case DRM_PRIMESIM_OP_COPY:
		return run_copy(exec, op, stop);
	case DRM_PRIMESIM_OP_HANG:
		return run_hang(stop);
	case DRM_PRIMESIM_OP_CHECKSUM:
		return primesim_checksum_run(exec, op, stop);
	default:
		return primesim_blit_run(exec, op, stop);
	}
}

/**
 * primesim_exec_run - run operations
 * @exec: working memory, of nobody else until this returns.
 * @ops: operations that passed all checks, their objects mapped for the GPU.
 * @count: number of @ops.
 * @stop: becomes a negative errno when the work is to end early; looked at
 *	after each row.
 *
 * Return: 0, -EFAULT after a DMA fault, or what @stop says.
 */
int primesim_exec_run(struct primesim_exec *exec, const struct primesim_op *ops, u32 count,
		      const int *stop)
{
	int ret = READ_ONCE(*stop);

	for (u32 i = 0; i < count && !ret; i++)
		ret = run_op(exec, &ops[i], stop);

	return ret;
}
