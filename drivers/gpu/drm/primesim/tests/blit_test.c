// SPDX-License-Identifier: MIT
/*
 * BLIT, FILL's and CHECKSUM's way through lines, tiles and bands: random pictures in random
 * pieces of random surfaces, against a model that knows of whole pictures only. The model
 * computes with the plain row functions, which row_test compares with the definitions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/crc32.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/simbuf.h>

#include <drm/drm_fourcc.h>

#include "primesim_exec.h"
#include "primesim_op.h"
#include "primesim_simd.h"

#define MOST	300	/* pixels of a picture, each way */
#define BYTES	((size_t)1 << 20)
#define ROUNDS	4000
#define SEED	20261121

static bool use_simd;

#ifdef CONFIG_X86_64
bool primesim_simd_begin(void)
{
	return use_simd;
}

void primesim_simd_end(void)
{
}
#endif

/* ARGB8888 */
struct picture {
	u32 width;
	u32 height;
	u32 pixels[MOST][MOST];
};

/* One side of an operation */
struct side {
	struct primesim_op_surface *surface;
	const struct drm_primesim_surface *args;
	const struct drm_primesim_rect *rect;
	u8 *memory;
};

static struct primesim_exec *exec;
static u8 source_memory[BYTES], memory[BYTES], expected[BYTES];
static struct simbuf_attachment source, destination;

static u32 random_below(u32 limit)
{
	return rand() % limit;
}

static const struct primesim_format *random_format(void)
{
	const struct primesim_format *format;

	do {
		format = &primesim_formats[random_below(primesim_format_count)];
	} while (!(format->uses & PRIMESIM_USE_ENGINE));

	return format;
}

/* A multiple of @step, 0 excluded */
static u32 random_size(u32 step, u32 most)
{
	return (1 + random_below(most / step)) * step;
}

static void random_surface(struct primesim_op_surface *surface, struct drm_primesim_surface *args,
			   struct simbuf_attachment *att, const struct drm_primesim_rect *rect)
{
	const struct primesim_format *format = surface->format;
	u32 offset = 0;

	args->modifier = random_below(2) ? DRM_FORMAT_MOD_GENERIC_16_16_TILE :
					   DRM_FORMAT_MOD_LINEAR;
	args->encoding = format->is_yuv ? random_below(PRIMESIM_ENCODINGS) : 0;
	args->range = format->is_yuv ? random_below(PRIMESIM_RANGES) : 0;
	for (u32 i = 0; i < format->planes; i++) {
		u32 align = primesim_format_align(format, i);
		u32 width = roundup(rect->x + rect->width, PRIMESIM_TILE);
		u32 height = roundup(rect->y + rect->height, PRIMESIM_TILE);

		surface->att[i] = att;
		args->offsets[i] = offset + align * random_below(9);
		args->pitches[i] = primesim_format_row_bytes(format, i, width);
		if (args->modifier == DRM_FORMAT_MOD_LINEAR)
			args->pitches[i] += align * random_below(9);
		offset = args->offsets[i] +
			 args->pitches[i] * primesim_format_lines(format, i, height);
		offset = roundup(offset, 16);
	}
}

static void random_rect(struct drm_primesim_rect *rect, const struct primesim_format *format)
{
	rect->x = (random_below(40) / format->hsub) * format->hsub;
	rect->y = (random_below(40) / format->vsub) * format->vsub;
	rect->width = random_size(format->hsub, MOST);
	rect->height = random_size(format->vsub, MOST);
}

static bool is_turned(u32 flags)
{
	return flags & (DRM_PRIMESIM_BLIT_ROTATE_90 | DRM_PRIMESIM_BLIT_ROTATE_270);
}

static u32 random_flags(void)
{
	static const u32 blends[] = {
		0, 0, DRM_PRIMESIM_BLIT_PREMULTIPLIED, DRM_PRIMESIM_BLIT_STRAIGHT
	};

	if (!random_below(4))
		return 0;

	return DRM_PRIMESIM_BLIT_ROTATE_0 << random_below(4) |
	       DRM_PRIMESIM_BLIT_REFLECT_X * random_below(2) |
	       DRM_PRIMESIM_BLIT_REFLECT_Y * random_below(2) |
	       DRM_PRIMESIM_BLIT_BILINEAR * random_below(2) | blends[random_below(4)];
}

/* Half of the pictures keep their size, as far as the formats allow it. */
static void random_op(struct primesim_op *op)
{
	struct drm_primesim_op *args = &op->args;
	u32 width, height;

	*op = (struct primesim_op) { .args.code = DRM_PRIMESIM_OP_BLIT };
	op->src.format = random_format();
	op->dst.format = random_below(4) ? random_format() : op->src.format;
	args->flags = random_flags();
	random_rect(&args->src_rect, op->src.format);
	random_rect(&args->dst_rect, op->dst.format);
	if (random_below(2)) {
		width = is_turned(args->flags) ? args->src_rect.height : args->src_rect.width;
		height = is_turned(args->flags) ? args->src_rect.width : args->src_rect.height;
		args->dst_rect.width = roundup(width, op->dst.format->hsub);
		args->dst_rect.height = roundup(height, op->dst.format->vsub);
	}
	random_surface(&op->src, &args->src, &source, &args->src_rect);
	random_surface(&op->dst, &args->dst, &destination, &args->dst_rect);
	source.run = 1 + random_below(5000);
	destination.run = 1 + random_below(5000);
}

/* Copies a line of the rectangle in one plane, byte by byte: to @row, or from it. */
static void move_line(const struct side *side, u32 plane, u32 line, u8 *row, bool write)
{
	const struct primesim_format *format = side->surface->format;
	u32 first = primesim_format_row_bytes(format, plane, side->rect->x);
	u32 bytes = primesim_format_row_bytes(format, plane, side->rect->width);
	bool tiled = side->args->modifier != DRM_FORMAT_MOD_LINEAR;
	size_t pitch = side->args->pitches[plane];

	line += side->rect->y / format->plane[plane].height;
	for (u32 x = first; x < first + bytes; x++, row++) {
		size_t at = tiled ? primesim_format_tiled_at(format, plane, pitch, line, x) :
				    line * pitch + x;
		u8 *byte = side->memory + side->args->offsets[plane] + at;

		*(write ? byte : row) = *(write ? row : byte);
	}
}

static void picture_read(struct picture *picture, const struct side *side)
{
	const struct primesim_format *format = side->surface->format;
	u8 rows[PRIMESIM_MAX_PLANES][MOST * 8];
	const void *planes[PRIMESIM_MAX_PLANES];

	picture->width = side->rect->width;
	picture->height = side->rect->height;
	for (u32 y = 0; y < picture->height; y++) {
		for (u32 i = 0; i < format->planes; i++) {
			planes[i] = rows[i];
			move_line(side, i, y / format->plane[i].height, rows[i], false);
		}
		format->unpack(picture->pixels[y], planes, picture->width,
			       &primesim_matrices[side->args->encoding][side->args->range]);
	}
}

static void picture_write_yuv(const struct picture *picture, const struct side *side)
{
	const struct primesim_weights *weights =
		&primesim_weights[side->args->encoding][side->args->range];
	const struct primesim_format *format = side->surface->format;
	u8 rows[PRIMESIM_MAX_PLANES][MOST * 8];
	void *planes[] = { rows[0], rows[1], rows[2] };

	for (u32 y = 0; y < picture->height; y++) {
		format->pack_luma(rows[0], picture->pixels[y], picture->width, weights);
		move_line(side, 0, y, rows[0], true);
		if (!format->pack_chroma || y % 2)
			continue;
		format->pack_chroma(planes, picture->pixels[y], picture->pixels[y + 1],
				    picture->width, weights);
		for (u32 i = 1; i < format->planes; i++)
			move_line(side, i, y / 2, rows[i], true);
	}
}

static void picture_write(const struct picture *picture, const struct side *side)
{
	u8 row[MOST * 8];

	if (side->surface->format->is_yuv) {
		picture_write_yuv(picture, side);
		return;
	}
	for (u32 y = 0; y < picture->height; y++) {
		side->surface->format->pack(row, picture->pixels[y], picture->width);
		move_line(side, 0, y, row, true);
	}
}

/* Reflected, then turned counter-clockwise */
static void picture_turn(struct picture *picture, u32 flags)
{
	static struct picture in;
	u32 w = picture->width - 1, h = picture->height - 1;

	in = *picture;
	if (is_turned(flags)) {
		picture->width = h + 1;
		picture->height = w + 1;
	}
	for (u32 y = 0; y < picture->height; y++)
		for (u32 x = 0; x < picture->width; x++) {
			u32 from_x = x, from_y = y;

			if (flags & DRM_PRIMESIM_BLIT_ROTATE_90) {
				from_x = w - y;
				from_y = x;
			} else if (flags & DRM_PRIMESIM_BLIT_ROTATE_180) {
				from_x = w - x;
				from_y = h - y;
			} else if (flags & DRM_PRIMESIM_BLIT_ROTATE_270) {
				from_x = y;
				from_y = h - x;
			}
			if (flags & DRM_PRIMESIM_BLIT_REFLECT_X)
				from_x = w - from_x;
			if (flags & DRM_PRIMESIM_BLIT_REFLECT_Y)
				from_y = h - from_y;
			picture->pixels[y][x] = in.pixels[from_y][from_x];
		}
}

static u32 mix(u32 a, u32 b, u32 part)
{
	u32 pixel = 0;

	for (u32 shift = 0; shift < 32; shift += 8)
		pixel |= ((a >> shift & 0xff) * (256 - part) + (b >> shift & 0xff) * part + 128) /
			 256 << shift;

	return pixel;
}

/* The place of @i of @n in @m, in 1/256 */
static u32 place_of(u32 i, u32 n, u32 m, bool bilinear)
{
	int p;

	if (!bilinear)
		return (i * m + m / 2) / n * 256;
	p = (int)((2 * i + 1) * m * 128 / n) - 128;

	return max(0, min(p, (int)(m - 1) * 256));
}

static void picture_scale(struct picture *picture, u32 width, u32 height, bool bilinear)
{
	static struct picture in, wide;

	in = *picture;
	for (u32 y = 0; y < in.height; y++)
		for (u32 x = 0; x < width; x++) {
			u32 p = place_of(x, width, in.width, bilinear);
			const u32 *from = &in.pixels[y][p / 256];

			wide.pixels[y][x] = p % 256 ? mix(from[0], from[1], p % 256) : from[0];
		}
	for (u32 y = 0; y < height; y++) {
		u32 p = place_of(y, height, in.height, bilinear);

		for (u32 x = 0; x < width; x++) {
			u32 first = wide.pixels[p / 256][x];

			picture->pixels[y][x] =
				p % 256 ? mix(first, wide.pixels[p / 256 + 1][x], p % 256) : first;
		}
	}
	picture->width = width;
	picture->height = height;
}

/* Samples as they are: of formats with chroma, if the picture keeps its size */
static void model_move(const struct side *src, const struct side *dst)
{
	const struct primesim_format *format = src->surface->format;
	u8 row[MOST * 8];

	for (u32 i = 0; i < format->planes; i++)
		for (u32 y = 0; y < primesim_format_lines(format, i, dst->rect->height); y++) {
			move_line(src, i, y, row, false);
			move_line(dst, i, y, row, true);
		}
}

static void model_blit(const struct side *src, const struct side *dst, u32 flags)
{
	static struct picture picture, below;

	picture_read(&picture, src);
	picture_turn(&picture, flags);
	picture_scale(&picture, dst->rect->width, dst->rect->height,
		      flags & DRM_PRIMESIM_BLIT_BILINEAR);
	picture_read(&below, dst);
	for (u32 y = 0; y < picture.height; y++) {
		u32 *row = picture.pixels[y];

		if (flags & DRM_PRIMESIM_BLIT_PREMULTIPLIED)
			primesim_row_blend_premultiplied(row, below.pixels[y], row, picture.width);
		if (flags & DRM_PRIMESIM_BLIT_STRAIGHT)
			primesim_row_blend_straight(row, below.pixels[y], row, picture.width);
	}
	picture_write(&picture, dst);
}

/* Returns false for what is left to other tests: chroma scaled as a picture of its own. */
static bool model(const struct primesim_op *op)
{
	const struct drm_primesim_op *args = &op->args;
	const struct side src = {
		(struct primesim_op_surface *)&op->src, &args->src, &args->src_rect, source_memory
	};
	const struct side dst = {
		(struct primesim_op_surface *)&op->dst, &args->dst, &args->dst_rect, expected
	};

	if (!op->src.format->is_yuv || op->src.format != op->dst.format || args->flags ||
	    args->src.encoding != args->dst.encoding || args->src.range != args->dst.range) {
		model_blit(&src, &dst, args->flags);
		return true;
	}
	if (args->src_rect.width != args->dst_rect.width ||
	    args->src_rect.height != args->dst_rect.height)
		return false;
	model_move(&src, &dst);

	return true;
}

static void describe(const struct primesim_op *op)
{
	const struct drm_primesim_op *args = &op->args;

	printf("FAIL: %s %s %ux%u at %u,%u to %s %s %ux%u at %u,%u, flags %#x, %s\n",
	       args->src.modifier ? "tiled" : "linear", op->src.format->name, args->src_rect.width,
	       args->src_rect.height, args->src_rect.x, args->src_rect.y,
	       args->dst.modifier ? "tiled" : "linear", op->dst.format->name, args->dst_rect.width,
	       args->dst_rect.height, args->dst_rect.x, args->dst_rect.y, args->flags,
	       use_simd ? "vector instructions" : "plain");
}

static unsigned int check(bool simd)
{
	static const int go_on;
	struct primesim_op op;
	bool equal;

	random_op(&op);
	memcpy(expected, memory, BYTES);
	use_simd = false;
	if (!model(&op))
		return 0;
	use_simd = simd;
	equal = !primesim_exec_run(exec, &op, 1, &go_on) && !memcmp(memory, expected, BYTES);
	memcpy(memory, expected, BYTES);
	if (!equal)
		describe(&op);

	return !equal;
}

/* The checksum of what the model reads; of ARGB8888, alpha does not count. */
static unsigned int check_checksum(bool simd)
{
	static const int go_on;
	static struct picture picture;
	struct primesim_op op;
	const struct side src = { &op.src, &op.args.src, &op.args.src_rect, source_memory };
	u32 crc = ~0, found;

	random_op(&op);
	op.args.code = DRM_PRIMESIM_OP_CHECKSUM;
	op.args.flags = 0;
	op.args.dst_offset = 4 * random_below(100);
	op.dst.att[0] = &destination;
	use_simd = false;
	picture_read(&picture, &src);
	for (u32 y = 0; y < picture.height; y++) {
		primesim_row_pack_xrgb8888(picture.pixels[y], picture.pixels[y], picture.width);
		crc = crc32_le(crc, (const u8 *)picture.pixels[y], picture.width * 4);
	}
	use_simd = simd;
	if (primesim_exec_run(exec, &op, 1, &go_on))
		return 1;
	memcpy(&found, memory + op.args.dst_offset, sizeof(found));
	if (found == crc)
		return 0;
	describe(&op);

	return 1;
}

static unsigned int run(bool simd)
{
	unsigned int failed = 0;

	for (u32 i = 0; i < ROUNDS && failed < 20; i++)
		failed += check(simd);
	for (u32 i = 0; i < ROUNDS / 40 && failed < 20; i++)
		failed += check_checksum(simd);
	printf("%-20s %s\n", simd ? "vector instructions" : "plain", failed ? "FAIL" : "ok");

	return failed;
}

int main(void)
{
	unsigned int failed = 0;

	srand(SEED);
	exec = malloc(sizeof(*exec));
	if (!exec)
		return 1;
	for (size_t i = 0; i < BYTES; i++) {
		source_memory[i] = rand();
		memory[i] = rand();
	}
	source = (struct simbuf_attachment) { .memory = source_memory, .size = BYTES };
	destination = (struct simbuf_attachment) { .memory = memory, .size = BYTES };

#ifdef CONFIG_X86_64
	if (__builtin_cpu_supports("avx2"))
		failed += run(true);
#endif
	failed += run(false);

	return failed != 0;
}
