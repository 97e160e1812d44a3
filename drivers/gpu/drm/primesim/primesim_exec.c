// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Running operations: reads and writes memory through windows of the GPU's
 * simdev, row by row, and computes with row functions in between.
 *
 * All of it runs where a dma-fence is being signalled: nothing here allocates
 * or takes a lock.
 */
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/simbuf.h>
#include <linux/simdev.h>

#include "primesim_exec.h"
#include "primesim_fast.h"
#include "primesim_op.h"

/**
 * struct plane_window - a rectangle of one plane, open for access
 * @win: the window.
 * @start: byte of the rectangle's first line.
 * @pitch: bytes from line to line.
 * @length: bytes of the rectangle in each line.
 */
struct plane_window {
	struct simdev_window win;
	size_t start;
	size_t pitch;
	size_t length;
};

/**
 * struct surface_window - a rectangle of all planes of a surface
 * @format: of the pixels.
 * @rect: the rectangle.
 * @plane: one per plane of @format.
 */
struct surface_window {
	const struct primesim_format *format;
	const struct drm_primesim_rect *rect;
	struct plane_window plane[PRIMESIM_MAX_PLANES];
};

/* @staging: of the surface's first plane; those of the others follow. */
static void surface_open(struct surface_window *sw, const struct primesim_op_surface *surface,
			 const struct drm_primesim_surface *args,
			 const struct drm_primesim_rect *rect, enum dma_data_direction dir,
			 u8 (*staging)[PRIMESIM_MAX_ROW])
{
	sw->format = surface->format;
	sw->rect = rect;
	for (u32 i = 0; i < surface->planes; i++) {
		struct plane_window *plane = &sw->plane[i];
		u32 line = rect->y / surface->format->plane[i].height;

		simbuf_window_open(&plane->win, surface->att[i], dir, staging[i],
				   PRIMESIM_MAX_ROW);
		plane->pitch = args->pitches[i];
		plane->start = args->offsets[i] + line * plane->pitch +
			       primesim_format_row_bytes(surface->format, i, rect->x);
		plane->length = primesim_format_row_bytes(surface->format, i, rect->width);
	}
}

static int surface_close(struct surface_window *sw)
{
	int ret = 0;

	for (u32 i = 0; i < sw->format->planes; i++)
		ret = simdev_window_close(&sw->plane[i].win) ?: ret;

	return ret;
}

/* A line of the rectangle in one plane; @line counts this plane's lines. */
static void *plane_row(struct plane_window *plane, u32 line)
{
	return simdev_window_at(&plane->win, plane->start + line * plane->pitch, plane->length);
}

/* Between two pieces of work: let others have the CPU, and see if it is over. */
static int breathe(const int *stop)
{
	cond_resched();

	return READ_ONCE(*stop);
}

static int fill_plane(struct surface_window *sw, u32 number, u32 value, const int *stop)
{
	const struct primesim_format *format = sw->format;
	const struct primesim_plane_format *layout = &format->plane[number];
	struct plane_window *plane = &sw->plane[number];
	u32 lines = primesim_format_lines(format, number, sw->rect->height);
	u32 block = format->block(value, number);
	int ret;

	for (u32 line = 0; line < lines; line++) {
		void *row = plane_row(plane, line);

		if (IS_ERR(row))
			return PTR_ERR(row);
		primesim_row_fill(row, block, layout->bytes, plane->length / layout->bytes);
		ret = breathe(stop);
		if (ret)
			return ret;
	}

	return 0;
}

static int run_fill(struct primesim_exec *exec, const struct primesim_op *op, const int *stop)
{
	struct surface_window dst;
	int ret = 0;

	surface_open(&dst, &op->dst, &op->args.dst, &op->args.dst_rect, DMA_FROM_DEVICE,
		     exec->staging);
	for (u32 plane = 0; plane < dst.format->planes && !ret; plane++)
		ret = fill_plane(&dst, plane, op->args.value, stop);

	return surface_close(&dst) ?: ret;
}

static int copy_bytes(struct simdev_window *src, struct simdev_window *dst,
		      const struct drm_primesim_op *args, const int *stop)
{
	size_t length;
	int ret;

	for (size_t done = 0; done < args->length; done += length) {
		const void *from;
		void *to;

		length = min_t(u64, args->length - done, PRIMESIM_MAX_ROW);
		from = simdev_window_at(src, args->src_offset + done, length);
		to = simdev_window_at(dst, args->dst_offset + done, length);
		if (IS_ERR(from) || IS_ERR(to))
			return -EFAULT;
		memcpy(to, from, length);
		ret = breathe(stop);
		if (ret)
			return ret;
	}

	return 0;
}

static int run_copy(struct primesim_exec *exec, const struct primesim_op *op, const int *stop)
{
	struct simdev_window src, dst;
	int ret;

	simbuf_window_open(&src, op->src.att[0], DMA_TO_DEVICE, exec->staging[0],
			   PRIMESIM_MAX_ROW);
	simbuf_window_open(&dst, op->dst.att[0], DMA_FROM_DEVICE, exec->staging[1],
			   PRIMESIM_MAX_ROW);
	ret = copy_bytes(&src, &dst, &op->args, stop);
	ret = simdev_window_close(&dst) ?: ret;

	return simdev_window_close(&src) ?: ret;
}

/* Destination line @line of @lines shows this one of @source_lines. */
static u32 nearest_line(u32 line, u32 lines, u32 source_lines)
{
	return (line * source_lines + source_lines / 2) / lines;
}

/**
 * struct blit - a BLIT at work
 * @exec: working memory.
 * @stop: not zero when the work is to end.
 * @src: what is read.
 * @dst: what is written.
 * @index: for each destination pixel, and pair of them, the source's.
 * @scaled: source and destination rows differ in size.
 */
struct blit {
	struct primesim_exec *exec;
	const int *stop;
	struct surface_window src;
	struct surface_window dst;
	struct primesim_row_index index;
	bool scaled;
};

/**
 * struct blit_steps - how a row of pixels gets from source to destination
 * @unpack: to ARGB8888, or NULL when the source is that but for alpha.
 * @matrix: for @unpack.
 * @scale: 32 bits to 32 bits, or NULL when sizes agree.
 * @pack: from ARGB8888, or NULL when the destination needs no more.
 *
 * The last step that is not NULL writes the destination.
 */
struct blit_steps {
	primesim_unpack_fn unpack;
	const struct primesim_matrix *matrix;
	primesim_scale_fn scale;
	primesim_pack_fn pack;
};

static void blit_open(struct blit *blit, const struct primesim_op *op)
{
	struct primesim_exec *exec = blit->exec;
	u32 from = op->args.src_rect.width;
	u32 to = op->args.dst_rect.width;

	surface_open(&blit->src, &op->src, &op->args.src, &op->args.src_rect, DMA_TO_DEVICE,
		     exec->staging);
	surface_open(&blit->dst, &op->dst, &op->args.dst, &op->args.dst_rect, DMA_FROM_DEVICE,
		     exec->staging + PRIMESIM_MAX_PLANES);

	blit->scaled = from != to;
	if (!blit->scaled)
		return;
	primesim_row_index(exec->index[0], to, from);
	primesim_row_index(exec->index[1], DIV_ROUND_UP(to, 2), DIV_ROUND_UP(from, 2));
	blit->index.pixels = exec->index[0];
	blit->index.pairs = exec->index[1];
}

static int blit_close(struct blit *blit)
{
	int ret = surface_close(&blit->dst);

	return surface_close(&blit->src) ?: ret;
}

static int blit_plane(struct blit *blit, u32 number)
{
	const struct primesim_format *format = blit->dst.format;
	struct plane_window *src = &blit->src.plane[number];
	struct plane_window *dst = &blit->dst.plane[number];
	u32 width = blit->dst.rect->width;
	u32 lines = primesim_format_lines(format, number, blit->dst.rect->height);
	u32 source_lines = primesim_format_lines(format, number, blit->src.rect->height);
	int ret;

	for (u32 line = 0; line < lines; line++) {
		const void *from = plane_row(src, nearest_line(line, lines, source_lines));
		void *to = plane_row(dst, line);

		if (IS_ERR(from) || IS_ERR(to))
			return -EFAULT;
		if (blit->scaled)
			format->plane[number].scale(to, from, width, &blit->index);
		else
			memcpy(to, from, dst->length);
		ret = breathe(blit->stop);
		if (ret)
			return ret;
	}

	return 0;
}

/* Same format on both sides: each plane by itself, bytes as they are. */
static int blit_same(struct blit *blit)
{
	int ret = 0;

	for (u32 plane = 0; plane < blit->dst.format->planes && !ret; plane++)
		ret = blit_plane(blit, plane);

	return ret;
}

static primesim_pack_fn blit_pack(const struct blit *blit)
{
	const struct primesim_format *from = blit->src.format;
	const struct primesim_format *to = blit->dst.format;

	if (!to->is_8888)
		return to->pack;
	/* Alpha that the source or the destination does not have becomes 0xff. */
	if (from->is_8888 && !(from->has_alpha && to->has_alpha))
		return primesim_fast_pack_xrgb8888;
	/* When lines repeat, they are packed again instead of computed again. */
	if (blit->dst.rect->height > blit->src.rect->height)
		return primesim_row_pack_argb8888;

	return NULL;
}

static struct blit_steps blit_plan(const struct blit *blit, const struct primesim_op *op)
{
	const struct drm_primesim_surface *args = &op->args.src;
	const struct primesim_format *from = blit->src.format;

	return (struct blit_steps) {
		.unpack = from->is_8888 ? NULL : from->unpack,
		.matrix = &primesim_matrices[args->encoding][args->range],
		.scale = blit->scaled ? primesim_row_scale_32 : NULL,
		.pack = blit_pack(blit),
	};
}

/* The steps before pack; they write to @out when there is no pack. */
static const u32 *blit_row(const struct blit *blit, const struct blit_steps *steps, u32 *out,
			   const void *const planes[])
{
	struct primesim_exec *exec = blit->exec;
	const u32 *pixels = planes[0];
	u32 *to;

	if (steps->unpack) {
		to = steps->scale || steps->pack ? exec->pixels[0] : out;
		steps->unpack(to, planes, blit->src.rect->width, steps->matrix);
		pixels = to;
	}
	if (steps->scale) {
		to = steps->pack ? exec->pixels[1] : out;
		steps->scale(to, pixels, blit->dst.rect->width, &blit->index);
		pixels = to;
	}

	return pixels;
}

static int blit_source_row(struct blit *blit, u32 line, const void *planes[])
{
	const struct primesim_format *format = blit->src.format;

	for (u32 i = 0; i < format->planes; i++) {
		planes[i] = plane_row(&blit->src.plane[i], line / format->plane[i].height);
		if (IS_ERR(planes[i]))
			return PTR_ERR(planes[i]);
	}

	return 0;
}

/* Different formats: pixels go through ARGB8888. */
static int blit_convert(struct blit *blit, const struct blit_steps *steps)
{
	const u32 lines = blit->dst.rect->height;
	const u32 source_lines = blit->src.rect->height;
	const void *planes[PRIMESIM_MAX_PLANES];
	const u32 *pixels = NULL;
	u32 current_line = U32_MAX;
	int ret;

	for (u32 line = 0; line < lines; line++) {
		u32 source_line = nearest_line(line, lines, source_lines);
		void *out = plane_row(&blit->dst.plane[0], line);

		if (IS_ERR(out))
			return PTR_ERR(out);
		if (source_line != current_line) {
			ret = blit_source_row(blit, source_line, planes);
			if (ret)
				return ret;
			pixels = blit_row(blit, steps, out, planes);
			current_line = source_line;
		}
		if (steps->pack)
			steps->pack(out, pixels, blit->dst.rect->width);
		ret = breathe(blit->stop);
		if (ret)
			return ret;
	}

	return 0;
}

static int run_blit(struct primesim_exec *exec, const struct primesim_op *op, const int *stop)
{
	struct blit blit = { .exec = exec, .stop = stop };
	struct blit_steps steps;
	int ret;

	blit_open(&blit, op);
	if (op->src.format == op->dst.format && !op->dst.format->has_unused) {
		ret = blit_same(&blit);
	} else {
		steps = blit_plan(&blit, op);
		ret = blit_convert(&blit, &steps);
	}

	return blit_close(&blit) ?: ret;
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
	default:
		return run_blit(exec, op, stop);
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
