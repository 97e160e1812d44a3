// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Is an operation that userspace asks for one that the engine can do?
 *
 * First by what it says alone, then, when its objects are known, by what it
 * would reach. An operation that passed both cannot leave its objects.
 */
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#include <drm/drm_fourcc.h>
#include <uapi/drm/drm_mode.h>

#include "primesim_gem.h"
#include "primesim_op.h"

/**
 * struct op_check - one operation while it is being checked
 * @op: the operation.
 * @number: its place in the job, for messages.
 * @sd: the engine's device, for messages.
 * @side: "src" or "dst", which of its surfaces is being checked, for messages.
 */
struct op_check {
	struct primesim_op *op;
	u32 number;
	struct simdev *sd;
	const char *side;
};

#define BLIT_ROTATIONS	(DRM_PRIMESIM_BLIT_ROTATE_0 | DRM_PRIMESIM_BLIT_ROTATE_90 |	\
			 DRM_PRIMESIM_BLIT_ROTATE_180 | DRM_PRIMESIM_BLIT_ROTATE_270)
#define BLIT_BLENDINGS	(DRM_PRIMESIM_BLIT_PREMULTIPLIED | DRM_PRIMESIM_BLIT_STRAIGHT)
#define BLIT_FLAGS	(BLIT_ROTATIONS | BLIT_BLENDINGS | DRM_PRIMESIM_BLIT_BILINEAR |	\
			 DRM_PRIMESIM_BLIT_REFLECT_X | DRM_PRIMESIM_BLIT_REFLECT_Y)

/* What KMS and its clients call the same. */
static_assert(DRM_PRIMESIM_BLIT_ROTATE_90 == DRM_MODE_ROTATE_90);
static_assert(DRM_PRIMESIM_BLIT_ROTATE_270 == DRM_MODE_ROTATE_270);
static_assert(DRM_PRIMESIM_BLIT_REFLECT_X == DRM_MODE_REFLECT_X);
static_assert(DRM_PRIMESIM_BLIT_REFLECT_Y == DRM_MODE_REFLECT_Y);

#define is_zero(object)	(!memchr_inv(&(object), 0, sizeof(object)))

static __printf(2, 3) int refuse(const struct op_check *check, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;
	int ret;

	va_start(args, fmt);
	vaf.va = &args;
	ret = simbuf_refuse(-EINVAL, NULL, check->sd, "SUBMIT op %u: %pV", check->number, &vaf);
	va_end(args);

	return ret;
}

static bool is_tiled(const struct drm_primesim_surface *surface)
{
	return surface->modifier == DRM_FORMAT_MOD_GENERIC_16_16_TILE;
}

static int check_picture(const struct op_check *check, const struct drm_primesim_surface *surface,
			 const struct primesim_format *format)
{
	if (surface->pad)
		return refuse(check, "%s.pad is not zero", check->side);
	if (surface->modifier != DRM_FORMAT_MOD_LINEAR && !is_tiled(surface))
		return refuse(check, "%s.modifier %#llx is neither linear nor GENERIC_16_16_TILE",
			      check->side, surface->modifier);
	if (!surface->width || surface->width > PRIMESIM_MAX_WIDTH ||
	    !surface->height || surface->height > PRIMESIM_MAX_HEIGHT)
		return refuse(check, "%s of %ux%u, largest is %ux%u", check->side, surface->width,
			      surface->height, PRIMESIM_MAX_WIDTH, PRIMESIM_MAX_HEIGHT);
	if (surface->width % format->hsub || surface->height % format->vsub)
		return refuse(check, "%s of %ux%u, %s wants multiples of %ux%u", check->side,
			      surface->width, surface->height, format->name,
			      format->hsub, format->vsub);

	return 0;
}

static int check_colours(const struct op_check *check, const struct drm_primesim_surface *surface,
			 const struct primesim_format *format)
{
	if (!format->is_yuv && (surface->encoding || surface->range))
		return refuse(check, "%s.encoding or .range is not zero, %s has none",
			      check->side, format->name);
	if (surface->encoding >= PRIMESIM_ENCODINGS)
		return refuse(check, "%s.encoding %u is unknown", check->side, surface->encoding);
	if (surface->range >= PRIMESIM_RANGES)
		return refuse(check, "%s.range %u is unknown", check->side, surface->range);

	return 0;
}

static int check_plane(const struct op_check *check, const struct drm_primesim_surface *surface,
		       const struct primesim_format *format, u32 plane)
{
	u32 align = primesim_format_align(format, plane);
	u32 tile = is_tiled(surface) ? primesim_format_tile_bytes(format, plane) : align;
	u32 row = primesim_format_row_bytes(format, plane, surface->width);

	if (surface->pitches[plane] < row)
		return refuse(check, "%s.pitches[%u] is %u, a line of %u %s pixels takes %u",
			      check->side, plane, surface->pitches[plane], surface->width,
			      format->name, row);
	if (surface->pitches[plane] % align || surface->offsets[plane] % align)
		return refuse(check, "%s.pitches[%u] %u or offset %u is no multiple of %u",
			      check->side, plane, surface->pitches[plane],
			      surface->offsets[plane], align);
	if (surface->pitches[plane] % tile)
		return refuse(check, "%s.pitches[%u] %u is not of whole tiles, %u bytes each",
			      check->side, plane, surface->pitches[plane], tile);

	return 0;
}

static int check_planes(const struct op_check *check, const struct drm_primesim_surface *surface,
			const struct primesim_format *format)
{
	u32 plane;
	int ret;

	for (plane = 0; plane < format->planes; plane++) {
		ret = check_plane(check, surface, format, plane);
		if (ret)
			return ret;
	}
	for (; plane < ARRAY_SIZE(surface->handles); plane++)
		if (surface->handles[plane] || surface->pitches[plane] || surface->offsets[plane])
			return refuse(check, "%s plane %u is not zero, %s does not have it",
				      check->side, plane, format->name);

	return 0;
}

static int check_rect(const struct op_check *check, const struct drm_primesim_surface *surface,
		      const struct drm_primesim_rect *rect, const struct primesim_format *format)
{
	if (!rect->width || rect->x >= surface->width ||
	    rect->width > surface->width - rect->x ||
	    !rect->height || rect->y >= surface->height ||
	    rect->height > surface->height - rect->y)
		return refuse(check, "%s_rect %ux%u at %u,%u is not in a surface of %ux%u",
			      check->side, rect->width, rect->height, rect->x, rect->y,
			      surface->width, surface->height);
	if (rect->x % format->hsub || rect->width % format->hsub ||
	    rect->y % format->vsub || rect->height % format->vsub)
		return refuse(check, "%s_rect %ux%u at %u,%u, %s wants multiples of %ux%u",
			      check->side, rect->width, rect->height, rect->x, rect->y,
			      format->name, format->hsub, format->vsub);

	return 0;
}

/* Fills in @result as far as it is known without the objects. */
static int check_surface(struct op_check *check, const char *side,
			 const struct drm_primesim_surface *surface,
			 const struct drm_primesim_rect *rect,
			 struct primesim_op_surface *result)
{
	const struct primesim_format *format = primesim_format_find(surface->format);
	int ret;

	check->side = side;
	if (!format || !(format->uses & PRIMESIM_USE_ENGINE))
		return refuse(check, "%s.format %p4cc cannot be used", side, &surface->format);

	ret = check_picture(check, surface, format) ?:
	      check_colours(check, surface, format) ?:
	      check_planes(check, surface, format) ?:
	      check_rect(check, surface, rect, format);
	if (ret)
		return ret;

	result->format = format;
	result->planes = format->planes;

	return 0;
}

static int check_fill(struct op_check *check)
{
	struct drm_primesim_op *args = &check->op->args;
	int ret;

	if (!is_zero(args->src) || !is_zero(args->src_rect) ||
	    args->src_offset || args->dst_offset || args->length)
		return refuse(check, "FILL has a source");

	ret = check_surface(check, "dst", &args->dst, &args->dst_rect, &check->op->dst);
	if (ret)
		return ret;

	if (args->value >> check->op->dst.format->value_bits)
		return refuse(check, "FILL colour %#llx has more than %u bits, %s takes no more",
			      args->value, check->op->dst.format->value_bits,
			      check->op->dst.format->name);

	return 0;
}

/* COPY uses nothing of a surface but its first object. */
static bool is_plain(const struct drm_primesim_surface *surface)
{
	struct drm_primesim_surface rest = *surface;

	rest.handles[0] = 0;

	return is_zero(rest);
}

static int check_copy(struct op_check *check)
{
	struct drm_primesim_op *args = &check->op->args;

	if (!is_plain(&args->src) || !is_plain(&args->dst) ||
	    !is_zero(args->src_rect) || !is_zero(args->dst_rect) || args->value)
		return refuse(check, "COPY has more than two objects, offsets and a length");
	if (!args->length)
		return refuse(check, "COPY of nothing");

	check->op->src.planes = 1;
	check->op->dst.planes = 1;

	return 0;
}

/* At most one bit of @group is set. */
static bool is_clear_choice(u32 flags, u32 group)
{
	return !(flags & group) || is_power_of_2(flags & group);
}

static int check_blit_flags(const struct op_check *check)
{
	u32 flags = check->op->args.flags;

	if (flags & ~BLIT_FLAGS)
		return refuse(check, "BLIT flags %#x are unknown", flags & ~BLIT_FLAGS);
	if (!is_clear_choice(flags, BLIT_ROTATIONS))
		return refuse(check, "BLIT flags %#x have several rotations", flags);
	if (!is_clear_choice(flags, BLIT_BLENDINGS))
		return refuse(check, "BLIT flags %#x have several ways to blend", flags);

	return 0;
}

static int check_blit(struct op_check *check)
{
	struct drm_primesim_op *args = &check->op->args;

	if (args->value || args->src_offset || args->dst_offset || args->length)
		return refuse(check, "BLIT has a colour, an offset or a length");

	return check_blit_flags(check) ?:
	       check_surface(check, "src", &args->src, &args->src_rect, &check->op->src) ?:
	       check_surface(check, "dst", &args->dst, &args->dst_rect, &check->op->dst);
}

static int check_checksum(struct op_check *check)
{
	struct drm_primesim_op *args = &check->op->args;

	if (!is_plain(&args->dst) || !is_zero(args->dst_rect) || args->value ||
	    args->src_offset || args->length)
		return refuse(check, "CHECKSUM has more than a source, an object and an offset");
	if (args->dst_offset % sizeof(u32))
		return refuse(check, "CHECKSUM's offset %llu is no multiple of 4",
			      args->dst_offset);

	check->op->dst.planes = 1;

	return check_surface(check, "src", &args->src, &args->src_rect, &check->op->src);
}

/* HANG says nothing but its code. */
static int check_hang(const struct op_check *check)
{
	struct drm_primesim_op rest = check->op->args;

	rest.code = 0;
	if (!is_zero(rest))
		return refuse(check, "HANG has more than its code");

	return 0;
}

static int check_code(struct op_check *check)
{
	switch (check->op->args.code) {
	case DRM_PRIMESIM_OP_FILL:
		return check_fill(check);
	case DRM_PRIMESIM_OP_COPY:
		return check_copy(check);
	case DRM_PRIMESIM_OP_BLIT:
		return check_blit(check);
	case DRM_PRIMESIM_OP_HANG:
		return check_hang(check);
	case DRM_PRIMESIM_OP_CHECKSUM:
		return check_checksum(check);
	default:
		return refuse(check, "code %u is unknown", check->op->args.code);
	}
}

/* The copy queue's unit moves bytes and cannot compute with pixels. */
static int check_queue(const struct op_check *check, u32 queue)
{
	if (queue == DRM_PRIMESIM_QUEUE_COPY && check->op->src.format)
		return refuse(check, "BLIT and CHECKSUM take the render queue");

	return 0;
}

/**
 * primesim_op_check - check what an operation says
 * @op: @op->args is given; formats and numbers of planes are filled in.
 * @number: its place in the job, for messages.
 * @queue: DRM_PRIMESIM_QUEUE_*, where it is to run.
 * @sd: the engine's device, for messages.
 *
 * Return: 0 or -EINVAL.
 */
int primesim_op_check(struct primesim_op *op, u32 number, u32 queue, struct simdev *sd)
{
	struct op_check check = { .op = op, .number = number, .sd = sd };

	if (op->args.flags && op->args.code != DRM_PRIMESIM_OP_BLIT)
		return refuse(&check, "flags %#x are unknown", op->args.flags);

	return check_code(&check) ?: check_queue(&check, queue);
}

/* One past the last byte of a plane; all its factors are bounded, no overflow. */
static u64 plane_end(const struct primesim_format *format,
		     const struct drm_primesim_surface *surface, u32 plane)
{
	u32 lines = primesim_format_lines(format, plane, surface->height);
	u32 tile_lines = primesim_format_tile_lines(format, plane);

	if (is_tiled(surface))
		return surface->offsets[plane] +
		       (u64)surface->pitches[plane] * round_up(lines, tile_lines);

	return surface->offsets[plane] + (u64)surface->pitches[plane] * (lines - 1) +
	       primesim_format_row_bytes(format, plane, surface->width);
}

static int check_end(struct primesim_bo *bo, u64 end, u32 number, struct simdev *sd)
{
	if (end <= bo->base.size)
		return 0;

	return simbuf_refuse(-ERANGE, bo->buf, sd,
			     "SUBMIT op %u reaches up to byte %llu of an object of %zu",
			     number, end, bo->base.size);
}

static int check_surface_end(const struct primesim_op_surface *surface,
			     const struct drm_primesim_surface *args, u32 number,
			     struct simdev *sd)
{
	for (u32 plane = 0; plane < surface->planes; plane++) {
		int ret = check_end(surface->bo[plane],
				    plane_end(surface->format, args, plane), number, sd);

		if (ret)
			return ret;
	}

	return 0;
}

static int check_copy_range(struct primesim_bo *bo, u64 offset, u64 length, u32 number,
			    struct simdev *sd)
{
	u64 end;

	if (check_add_overflow(offset, length, &end))
		end = U64_MAX;

	return check_end(bo, end, number, sd);
}

static int check_copy_reach(const struct primesim_op *op, u32 number, struct simdev *sd)
{
	const struct drm_primesim_op *args = &op->args;
	int ret;

	ret = check_copy_range(op->src.bo[0], args->src_offset, args->length, number, sd) ?:
	      check_copy_range(op->dst.bo[0], args->dst_offset, args->length, number, sd);
	if (ret)
		return ret;

	if (op->src.bo[0]->buf == op->dst.bo[0]->buf &&
	    args->src_offset < args->dst_offset + args->length &&
	    args->dst_offset < args->src_offset + args->length)
		return simbuf_refuse(-EINVAL, op->dst.bo[0]->buf, sd,
				     "SUBMIT op %u: COPY of %llu bytes from %llu to %llu overlaps",
				     number, args->length, args->src_offset, args->dst_offset);

	return 0;
}

/**
 * primesim_op_check_reach - check that an operation stays in its objects
 * @op: passed primesim_op_check(), its objects are filled in.
 * @number: its place in the job, for messages.
 * @sd: the engine's device, for messages.
 *
 * Return: 0, -ERANGE, or -EINVAL for a COPY onto itself.
 */
int primesim_op_check_reach(const struct primesim_op *op, u32 number, struct simdev *sd)
{
	if (op->args.code == DRM_PRIMESIM_OP_COPY)
		return check_copy_reach(op, number, sd);
	if (op->args.code == DRM_PRIMESIM_OP_CHECKSUM)
		return check_surface_end(&op->src, &op->args.src, number, sd) ?:
		       check_copy_range(op->dst.bo[0], op->args.dst_offset, sizeof(u32), number,
					sd);

	return check_surface_end(&op->src, &op->args.src, number, sd) ?:
	       check_surface_end(&op->dst, &op->args.dst, number, sd);
}
