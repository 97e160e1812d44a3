// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * BLIT and CHECKSUM: pictures on their way from one surface to another, row by row.
 *
 * A row of the destination is made from rows of the source by steps that each yield
 * ARGB8888: read (primesim_source), scale, blend; the last one packs it. Samples that
 * only move do not take that way.
 */
#include <linux/cache.h>
#include <linux/crc32.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/prefetch.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#include "primesim_exec.h"
#include "primesim_fast.h"
#include "primesim_op.h"

#define ROTATE_TURNED	(DRM_PRIMESIM_BLIT_ROTATE_90 | DRM_PRIMESIM_BLIT_ROTATE_270)
#define ROTATE_FLIPPED	(DRM_PRIMESIM_BLIT_ROTATE_180 | DRM_PRIMESIM_BLIT_ROTATE_270)

/**
 * struct primesim_source - lines of a source after it was reflected and turned
 * @exec: working memory.
 * @access: where it is.
 * @matrix: of its encoding.
 * @turned: rows are columns: turned by 90 degrees counter-clockwise, after flips.
 * @flip_x: left is right, before it is turned.
 * @flip_y: top is bottom, before it is turned.
 * @direct: lines may be used where they are, in memory or in the band, until the next one.
 * @width: pixels of a line.
 * @height: lines.
 * @band: which lines are in the band.
 * @band.first: the first one, U32_MAX when there are none.
 * @band.lines: how many there is room for.
 * @band.stride: pixels from one to the next.
 */
struct primesim_source {
	struct primesim_exec *exec;
	struct primesim_access *access;
	const struct primesim_matrix *matrix;
	bool turned;
	bool flip_x;
	bool flip_y;
	bool direct;
	u32 width;
	u32 height;
	struct {
		u32 first;
		u32 lines;
		u32 stride;
	} band;
};

static void source_open(struct primesim_source *src, struct primesim_exec *exec,
			const struct primesim_op *op)
{
	const struct drm_primesim_op *args = &op->args;
	bool flipped = args->flags & ROTATE_FLIPPED;

	src->exec = exec;
	src->access = &exec->src;
	primesim_access_open(src->access, &op->src, &args->src, &args->src_rect, DMA_TO_DEVICE);
	src->matrix = &primesim_matrices[args->src.encoding][args->src.range];
	src->turned = args->flags & ROTATE_TURNED;
	src->flip_x = !!(args->flags & DRM_PRIMESIM_BLIT_REFLECT_X) ^ flipped;
	src->flip_y = !!(args->flags & DRM_PRIMESIM_BLIT_REFLECT_Y) ^ flipped;
	src->direct = false;
	src->width = src->turned ? args->src_rect.height : args->src_rect.width;
	src->height = src->turned ? args->src_rect.width : args->src_rect.height;
	src->band.first = U32_MAX;
	src->band.stride = roundup(src->width, PRIMESIM_BLOCK) + PRIMESIM_STRETCH_MARGIN;
	src->band.lines = min(rounddown(PRIMESIM_BAND_PIXELS / src->band.stride, PRIMESIM_BLOCK),
			      PRIMESIM_BAND);
}

static int source_close(struct primesim_source *src)
{
	return primesim_access_close(src->access);
}

/*
 * Lines that follow each other are a pitch apart, which the processor does not foresee. It is
 * told of the part that is read a block from now, if memory goes on like this; nothing comes
 * of it otherwise.
 */
static void source_foresee(const struct primesim_source *src, u32 plane, const u8 *part, u32 bytes)
{
	const struct primesim_access_plane *access = &src->access->plane[plane];
	size_t ahead = PRIMESIM_BLOCK / access->format->plane[plane].height * access->pitch;

	part = src->flip_y ? part - ahead : part + ahead;
	for (u32 i = 0; i < bytes; i += L1_CACHE_BYTES)
		prefetch(part + i);
}

/* @count pixels of column @x and the following, in source line @line, to @out. */
static int source_part(struct primesim_source *src, u32 *out, u32 line, u32 x, u32 count)
{
	const struct primesim_format *format = src->access->format;
	const void *planes[PRIMESIM_MAX_PLANES];

	for (u32 i = 0; i < format->planes; i++) {
		u32 first = primesim_format_row_bytes(format, i, x);
		u32 bytes = primesim_format_row_bytes(format, i, count);

		planes[i] = primesim_access_part(&src->access->plane[i],
						 line / format->plane[i].height, first, bytes);
		if (IS_ERR(planes[i]))
			return PTR_ERR(planes[i]);
		source_foresee(src, i, planes[i], bytes);
	}
	format->unpack(out, planes, count, src->matrix);

	return 0;
}

/* @count pixels of @lines source lines become columns of the band, from column @at on. */
static int source_load_columns(struct primesim_source *src, u32 at, u32 lines, u32 x, u32 count)
{
	struct primesim_exec *exec = src->exec;
	u32 *to = exec->band + at;
	ssize_t stride = src->band.stride;
	int ret = 0;

	for (u32 i = 0; i < lines && !ret; i++) {
		u32 line = src->flip_y ? src->width - 1 - at - i : at + i;

		ret = source_part(src, exec->block[i], line, x, count);
	}
	if (ret)
		return ret;
	if (!src->flip_x) {
		to += (count - 1) * stride;
		stride = -stride;
	}
	primesim_fast_turn(to, stride, exec->block[0], PRIMESIM_BAND, count, lines);

	return 0;
}

/* Columns of the source become lines of the band, beginning with line @first. */
static int source_load_band(struct primesim_source *src, u32 first, const int *stop)
{
	u32 count = min(src->height - first, src->band.lines);
	u32 x = src->flip_x ? first : src->height - first - count;
	int ret = 0;

	src->band.first = U32_MAX;
	for (u32 at = 0; at < src->width && !ret; at += PRIMESIM_BLOCK) {
		u32 lines = min(src->width - at, PRIMESIM_BLOCK);

		ret = source_load_columns(src, at, lines, x, count);
		ret = ret ?: primesim_exec_breathe(stop);
	}
	if (!ret)
		src->band.first = first;

	return ret;
}

static const u32 *source_turned_row(struct primesim_source *src, u32 line, u32 *into,
				    const int *stop)
{
	u32 first = rounddown(line, src->band.lines);
	const u32 *row = src->exec->band + (line - first) * src->band.stride;

	if (src->band.first != first) {
		int ret = source_load_band(src, first, stop);

		if (ret)
			return ERR_PTR(ret);
	}
	if (src->direct)
		return row;
	memcpy(into, row, src->width * sizeof(*into));

	return into;
}

/* One line: in @into, unless it may be used where it is. */
static const u32 *source_row(struct primesim_source *src, u32 line, u32 *into, const int *stop)
{
	const void *planes[PRIMESIM_MAX_PLANES];
	int ret;

	if (src->turned)
		return source_turned_row(src, line, into, stop);
	if (src->flip_y)
		line = src->height - 1 - line;
	ret = primesim_access_rows(src->access, line, planes);
	if (ret)
		return ERR_PTR(ret);
	if (src->direct)
		return planes[0];
	src->access->format->unpack(into, planes, src->width, src->matrix);
	if (src->flip_x)
		primesim_fast_reverse(into, src->width);

	return into;
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
 * @below: the same, read before it is written; opened for blending only.
 * @below_matrix: of its encoding.
 * @weights: of the destination's encoding.
 * @width: pixels of the destination.
 * @height: lines of the destination.
 * @index: nearest scaling: for each destination pixel, and pair of them, the source's.
 * @across: bilinear scaling of the width.
 * @down: bilinear scaling of the height.
 * @scaled: source and destination rows differ in size.
 * @bilinear: not by the nearest pixel.
 * @blend: or %NULL.
 * @pack: of the destination, or %NULL when rows are made where they are to be.
 * @line: the line that was made last, of the source, or U32_MAX.
 * @made: that line, scaled.
 * @turn: which of the two rows is the next to be made.
 * @stretched: which lines are in the exec's stretched rows.
 */
struct blit {
	struct primesim_exec *exec;
	const int *stop;
	struct primesim_source src;
	struct primesim_access *dst;
	struct primesim_access *below;
	const struct primesim_matrix *below_matrix;
	const struct primesim_weights *weights;
	u32 width;
	u32 height;
	struct primesim_row_index index;
	struct primesim_row_filter across;
	struct primesim_row_filter down;
	bool scaled;
	bool bilinear;
	primesim_blend_fn blend;
	primesim_pack_fn pack;
	u32 line;
	const u32 *made;
	u32 turn;
	u32 stretched[2];
};

static void blit_open_scaling(struct blit *blit)
{
	struct primesim_exec *exec = blit->exec;

	blit->scaled = blit->src.width != blit->width;
	if (blit->bilinear) {
		blit->across.at = exec->filter[0].at;
		blit->across.part = exec->filter[0].part;
		blit->down.at = exec->filter[1].at;
		blit->down.part = exec->filter[1].part;
		primesim_row_filter(&blit->across, blit->width, blit->src.width);
		primesim_row_filter(&blit->down, blit->height, blit->src.height);
	} else if (blit->scaled) {
		primesim_row_index(exec->index[0], blit->width, blit->src.width);
		primesim_row_index(exec->index[1], DIV_ROUND_UP(blit->width, 2),
				   DIV_ROUND_UP(blit->src.width, 2));
		blit->index.pixels = exec->index[0];
		blit->index.pairs = exec->index[1];
	}
}

static primesim_blend_fn blit_blend(const struct drm_primesim_op *args)
{
	if (args->flags & DRM_PRIMESIM_BLIT_PREMULTIPLIED)
		return primesim_fast_blend_premultiplied;
	if (args->flags & DRM_PRIMESIM_BLIT_STRAIGHT)
		return primesim_fast_blend_straight;

	return NULL;
}

/* Whether bits that mean nothing in the source, or in the destination, are to be set. */
static bool needs_opaque(const struct primesim_source *src, const struct primesim_format *to)
{
	const struct primesim_format *from = src->access->format;

	return (to->has_unused && from->has_alpha) ||
	       (src->direct && from->is_8888 && from->has_unused);
}

/* The last step of RGB destinations. ARGB8888 can be made where it is to be. */
static primesim_pack_fn blit_pack(const struct blit *blit)
{
	const struct primesim_format *to = blit->dst->format;

	if (!to->is_8888)
		return to->pack;
	/* Over what is opaque, everything is. */
	if (blit->blend)
		return NULL;
	if (needs_opaque(&blit->src, to))
		return primesim_fast_pack_xrgb8888;
	if (blit->bilinear)
		return NULL;
	/* When lines are used again, they are packed again instead of computed again. */
	if (blit->src.direct || blit->height > blit->src.height)
		return primesim_fast_pack_argb8888;

	return NULL;
}

/* Nobody has set the unused bits of rows in memory. */
static bool blit_is_direct_format(const struct primesim_format *from,
				  const struct primesim_format *to, bool blend)
{
	return from->is_8888 && (from->has_alpha || (!blend && (to->is_8888 || !to->has_alpha)));
}

/* Rows that stay in their place are gone with the next one, and nothing follows their pixels. */
static bool blit_is_direct(const struct blit *blit)
{
	const struct primesim_source *src = &blit->src;
	const struct primesim_format *to = blit->dst->format;

	if (blit->bilinear || (to->vsub > 1 && blit->height > src->height))
		return false;

	return src->turned || (!src->flip_x &&
			       blit_is_direct_format(src->access->format, to, blit->blend));
}

static void blit_open(struct blit *blit, const struct primesim_op *op)
{
	const struct drm_primesim_op *args = &op->args;
	struct primesim_exec *exec = blit->exec;

	source_open(&blit->src, exec, op);
	blit->dst = &exec->dst;
	primesim_access_open(blit->dst, &op->dst, &args->dst, &args->dst_rect, DMA_FROM_DEVICE);
	blit->weights = &primesim_weights[args->dst.encoding][args->dst.range];
	blit->width = args->dst_rect.width;
	blit->height = args->dst_rect.height;
	blit->bilinear = args->flags & DRM_PRIMESIM_BLIT_BILINEAR;
	blit_open_scaling(blit);

	blit->blend = blit_blend(args);
	blit->below = &exec->below;
	if (blit->blend)
		primesim_access_open(blit->below, &op->dst, &args->dst, &args->dst_rect,
				     DMA_TO_DEVICE);
	blit->below_matrix = &primesim_matrices[args->dst.encoding][args->dst.range];
	blit->src.direct = blit_is_direct(blit);
	blit->pack = blit_pack(blit);
	blit->line = U32_MAX;
	blit->stretched[0] = U32_MAX;
	blit->stretched[1] = U32_MAX;
}

static int blit_close(struct blit *blit)
{
	int ret = primesim_access_close(blit->dst);
	int err = blit->blend ? primesim_access_close(blit->below) : 0;

	ret = ret ?: err;
	err = source_close(&blit->src);

	return ret ?: err;
}

/* Source line @line in its new width, by the nearest pixels. */
static const u32 *blit_nearest_row(struct blit *blit, u32 line, u32 *into)
{
	const u32 *row = source_row(&blit->src, line, blit->scaled ? blit->exec->source : into,
				    blit->stop);

	if (IS_ERR(row) || !blit->scaled)
		return row;
	primesim_fast_scale_32(into, row, blit->width, &blit->index);

	return into;
}

/* Source line @line stretched to its new width; lines alternate between two places. */
static const u32 *blit_stretched_row(struct blit *blit, u32 line)
{
	u32 *into = blit->exec->stretched[line % 2];
	const u32 *row;

	if (blit->stretched[line % 2] == line)
		return into;
	row = source_row(&blit->src, line, blit->exec->source, blit->stop);
	if (IS_ERR(row))
		return row;
	primesim_fast_stretch(into, row, blit->width, &blit->across);
	blit->stretched[line % 2] = line;

	return into;
}

static const u32 *blit_bilinear_row(struct blit *blit, u32 line, u32 *into)
{
	u32 part = blit->down.part[line];
	const u32 *first = blit_stretched_row(blit, blit->down.at[line]);
	const u32 *second = first;

	/* The last line has none below it. */
	if (!IS_ERR(first) && part)
		second = blit_stretched_row(blit, blit->down.at[line] + 1);
	if (IS_ERR(second))
		return second;
	primesim_fast_mix(into, first, second, part, blit->width);

	return into;
}

/* The source scaled to the destination's line @line; in @out if that is not %NULL. */
static const u32 *blit_scaled_row(struct blit *blit, u32 line, u32 *out)
{
	u32 source_line = blit->bilinear ? line :
			  nearest_line(line, blit->height, blit->src.height);
	u32 *into = out ?: blit->exec->row[blit->turn];

	if (blit->line == source_line)
		return blit->made;
	blit->turn ^= 1;
	blit->made = blit->bilinear ? blit_bilinear_row(blit, line, into) :
				      blit_nearest_row(blit, source_line, into);
	blit->line = source_line;

	return blit->made;
}

/* What is at the destination's line @line, ARGB8888: where it is in memory, or in @into. */
static const u32 *blit_row_below(struct blit *blit, u32 line, u32 *into)
{
	const struct primesim_format *format = blit->below->format;
	const void *planes[PRIMESIM_MAX_PLANES];
	int ret = primesim_access_rows(blit->below, line, planes);

	if (ret)
		return ERR_PTR(ret);
	if (format->is_8888 && format->has_alpha)
		return planes[0];
	format->unpack(into, planes, blit->width, blit->below_matrix);

	return into;
}

/* Line @line as it is to be, ARGB8888; in @out if that is not %NULL. */
static const u32 *blit_row(struct blit *blit, u32 line, u32 *out)
{
	const u32 *row = blit_scaled_row(blit, line, blit->blend ? NULL : out);
	u32 *blended = blit->exec->blended[line % 2];
	const u32 *below;

	if (IS_ERR(row) || !blit->blend)
		return row;
	below = blit_row_below(blit, line, blended);
	if (IS_ERR(below))
		return below;
	blended = out ?: blended;
	blit->blend(blended, below, row, blit->width);

	return blended;
}

static int blit_chroma(struct blit *blit, u32 line, const u32 *first, const u32 *second)
{
	const struct primesim_format *format = blit->dst->format;
	void *planes[PRIMESIM_MAX_PLANES] = {};

	for (u32 i = 1; i < format->planes; i++) {
		planes[i] = primesim_access_line(&blit->dst->plane[i], line);
		if (IS_ERR(planes[i]))
			return PTR_ERR(planes[i]);
	}
	format->pack_chroma(planes, first, second, blit->width, blit->weights);

	return 0;
}

static int blit_to_yuv(struct blit *blit)
{
	const struct primesim_format *format = blit->dst->format;
	bool direct = blit->src.direct;
	const u32 *rows[2] = {};
	int ret = 0;

	for (u32 line = 0; line < blit->height && !ret; line++) {
		const u32 *row;
		void *luma;

		/* Chroma is made of two rows, when the second one has been read. */
		blit->src.direct = direct && (line % 2 || blit->blend || !format->pack_chroma);
		row = blit_row(blit, line, NULL);
		if (IS_ERR(row))
			return PTR_ERR(row);
		luma = primesim_access_line(&blit->dst->plane[0], line);
		if (IS_ERR(luma))
			return PTR_ERR(luma);
		format->pack_luma(luma, row, blit->width, blit->weights);
		rows[line % 2] = row;
		if (format->pack_chroma && line % 2)
			ret = blit_chroma(blit, line / 2, rows[0], rows[1]);
		ret = ret ?: primesim_exec_breathe(blit->stop);
	}

	return ret;
}

static int blit_to_rgb(struct blit *blit)
{
	int ret = 0;

	for (u32 line = 0; line < blit->height && !ret; line++) {
		void *out = primesim_access_line(&blit->dst->plane[0], line);
		const u32 *row;

		if (IS_ERR(out))
			return PTR_ERR(out);
		row = blit_row(blit, line, blit->pack ? NULL : out);
		if (IS_ERR(row))
			return PTR_ERR(row);
		if (blit->pack)
			blit->pack(out, row, blit->width);
		ret = primesim_exec_breathe(blit->stop);
	}

	return ret;
}

static int blit_plane(struct blit *blit, u32 number)
{
	const struct primesim_format *format = blit->dst->format;
	struct primesim_access_plane *src = &blit->src.access->plane[number];
	struct primesim_access_plane *dst = &blit->dst->plane[number];
	u32 lines = primesim_format_lines(format, number, blit->height);
	u32 source_lines = primesim_format_lines(format, number, blit->src.height);
	int ret = 0;

	for (u32 line = 0; line < lines && !ret; line++) {
		u32 source_line = nearest_line(line, lines, source_lines);
		const void *from = primesim_access_line(src, source_line);
		void *to = primesim_access_line(dst, line);

		if (IS_ERR(from) || IS_ERR(to))
			return -EFAULT;
		if (blit->scaled)
			format->plane[number].scale(to, from, blit->width, &blit->index);
		else
			memcpy(to, from, dst->length);
		ret = primesim_exec_breathe(blit->stop);
	}

	return ret;
}

/* Same format on both sides: each plane by itself, samples as they are. */
static int blit_samples(struct blit *blit)
{
	int ret = 0;

	for (u32 plane = 0; plane < blit->dst->format->planes && !ret; plane++)
		ret = blit_plane(blit, plane);

	return ret;
}

static bool only_moves_samples(const struct primesim_op *op)
{
	const struct drm_primesim_surface *src = &op->args.src;
	const struct drm_primesim_surface *dst = &op->args.dst;

	return !op->args.flags && op->src.format == op->dst.format &&
	       !op->dst.format->has_unused &&
	       src->encoding == dst->encoding && src->range == dst->range;
}

int primesim_blit_run(struct primesim_exec *exec, const struct primesim_op *op, const int *stop)
{
	struct blit blit = { .exec = exec, .stop = stop };
	int ret;

	blit_open(&blit, op);
	if (only_moves_samples(op))
		ret = blit_samples(&blit);
	else if (op->dst.format->is_yuv)
		ret = blit_to_yuv(&blit);
	else
		ret = blit_to_rgb(&blit);

	return blit_close(&blit) ?: ret;
}

static int checksum_rows(struct primesim_source *src, u32 *crc, const int *stop)
{
	const struct primesim_format *format = src->access->format;
	u32 *opaque = src->exec->row[0];
	int ret = 0;

	/* What is not opaque is made so on the way. */
	src->direct = format->is_8888;
	for (u32 line = 0; line < src->height && !ret; line++) {
		const u32 *row = source_row(src, line, src->exec->source, stop);

		if (IS_ERR(row))
			return PTR_ERR(row);
		if (format->is_8888 || format->has_alpha) {
			primesim_fast_pack_xrgb8888(opaque, row, src->width);
			row = opaque;
		}
		*crc = crc32_le(*crc, (const u8 *)row, src->width * sizeof(*row));
		ret = primesim_exec_breathe(stop);
	}

	return ret;
}

static int checksum_write(struct primesim_exec *exec, const struct primesim_op *op, u32 crc)
{
	const __le32 result = cpu_to_le32(crc);
	struct simdev_window dst;
	void *to;

	simbuf_window_open(&dst, op->dst.att[0], DMA_FROM_DEVICE,
			   exec->dst.scattered[0], PRIMESIM_MAX_ROW);
	to = simdev_window_at(&dst, op->args.dst_offset, sizeof(result));
	if (!IS_ERR(to))
		memcpy(to, &result, sizeof(result));

	return simdev_window_close(&dst);
}

int primesim_checksum_run(struct primesim_exec *exec, const struct primesim_op *op,
			  const int *stop)
{
	struct primesim_source src;
	u32 crc = ~0;
	int ret, err;

	source_open(&src, exec, op);
	ret = checksum_rows(&src, &crc, stop);
	err = source_close(&src);

	return ret ?: err ?: checksum_write(exec, op, crc);
}
