// SPDX-License-Identifier: MIT
/*
 * How long the engine's operations take for a picture of 1920x1080 on this machine,
 * beside memcpy() of all bytes that they read and write, and of half of them: a copy
 * reads all its bytes and writes all of them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <linux/array_size.h>
#include <linux/simbuf.h>

#include <drm/drm_fourcc.h>

#include "primesim_exec.h"
#include "primesim_op.h"
#include "primesim_simd.h"

#define WIDTH	1920
#define HEIGHT	1080
#define BYTES	((size_t)WIDTH * HEIGHT * 12)	/* of blending's three pictures */
#define ROUNDS	31
#define LIMIT	1.5

#ifdef CONFIG_X86_64
bool primesim_simd_begin(void)
{
	return __builtin_cpu_supports("avx2");
}

void primesim_simd_end(void)
{
}
#endif

/**
 * struct task - an operation to measure
 * @name: for the table.
 * @from: format of the source.
 * @to: format of the destination.
 * @flags: of BLIT.
 * @from_tiled: the source is in tiles.
 * @to_tiled: the destination is in tiles.
 * @half: the source has half the width and height.
 */
struct task {
	const char *name;
	u32 from;
	u32 to;
	u32 flags;
	bool from_tiled;
	bool to_tiled;
	bool half;
};

/* From ARGB8888 to ARGB8888 */
static const struct task argb_tasks[] = {
	{ "move", .flags = 0 },
	{ "blend premultiplied", .flags = DRM_PRIMESIM_BLIT_PREMULTIPLIED },
	{ "blend straight", .flags = DRM_PRIMESIM_BLIT_STRAIGHT },
	{ "turn by 90", .flags = DRM_PRIMESIM_BLIT_ROTATE_90 },
	{ "turn by 180", .flags = DRM_PRIMESIM_BLIT_ROTATE_180 },
	{ "double, nearest", .half = true },
	{ "double, bilinear", .half = true, .flags = DRM_PRIMESIM_BLIT_BILINEAR },
	{ "tile", .to_tiled = true },
	{ "detile", .from_tiled = true },
};

/* Where copies go, and how fast they are is measured */
static u8 *memory[2];
static struct simbuf_attachment source, destination;
static struct primesim_exec *exec;

static size_t describe(struct primesim_op_surface *surface, struct drm_primesim_surface *args,
		       struct drm_primesim_rect *rect, struct simbuf_attachment *att, u32 fourcc,
		       bool tiled, u32 width, u32 height)
{
	const struct primesim_format *format = primesim_format_find(fourcc);
	u32 offset = 0, bytes = 0;

	*rect = (struct drm_primesim_rect) { .width = width, .height = height };
	args->modifier = tiled ? DRM_FORMAT_MOD_GENERIC_16_16_TILE : DRM_FORMAT_MOD_LINEAR;
	surface->format = format;
	for (u32 i = 0; i < format->planes; i++) {
		/* Whole tiles, also at the bottom */
		u32 lines = primesim_format_lines(format, i, height + PRIMESIM_TILE);

		surface->att[i] = att;
		args->offsets[i] = offset;
		args->pitches[i] = primesim_format_row_bytes(format, i, width);
		offset += args->pitches[i] * lines;
		bytes += args->pitches[i] * primesim_format_lines(format, i, height);
	}

	return bytes;
}

/* Returns the bytes that the operation reads and writes. */
static size_t prepare(struct primesim_op *op, const struct task *task)
{
	bool turned = task->flags & DRM_PRIMESIM_BLIT_ROTATE_90;
	u32 divide = task->half ? 2 : 1;
	size_t read, written;

	*op = (struct primesim_op) {
		.args.code = DRM_PRIMESIM_OP_BLIT,
		.args.flags = task->flags,
	};
	read = describe(&op->src, &op->args.src, &op->args.src_rect, &source, task->from,
			task->from_tiled, WIDTH / divide, HEIGHT / divide);
	written = describe(&op->dst, &op->args.dst, &op->args.dst_rect, &destination, task->to,
			   task->to_tiled, turned ? HEIGHT : WIDTH, turned ? WIDTH : HEIGHT);
	if (task->flags & (DRM_PRIMESIM_BLIT_PREMULTIPLIED | DRM_PRIMESIM_BLIT_STRAIGHT))
		read += written;

	return read + written;
}

/* Of what was measured */
static unsigned int above, count;
static const char *only = "";

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double copy_ms(size_t bytes)
{
	double start = now_ms();

	memcpy(memory[1], memory[0], bytes);

	return now_ms() - start;
}

/* The fastest of alternate rounds: what else the machine does only adds to it. */
static void report(const struct task *task)
{
	static const int go_on;
	double job = INFINITY, half = INFINITY, all = INFINITY;
	struct primesim_op op;
	size_t bytes = prepare(&op, task);

	if (!strstr(task->name, only))
		return;
	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms();

		if (primesim_exec_run(exec, &op, 1, &go_on))
			abort();
		job = fmin(job, now_ms() - start);
		half = fmin(half, copy_ms(bytes / 2));
		all = fmin(all, copy_ms(bytes));
	}
	printf("%-24s %7.2f ms %7.2f %7.2f%s\n", task->name, job, job / all, job / half,
	       job / all > LIMIT ? "  above 1.5" : "");
	above += job / all > LIMIT;
	count++;
}

static void report_format(const struct primesim_format *format, bool to)
{
	char name[64];
	struct task task = {
		.name = name,
		.from = to ? DRM_FORMAT_XRGB8888 : format->fourcc,
		.to = to ? format->fourcc : DRM_FORMAT_XRGB8888,
	};

	snprintf(name, sizeof(name), to ? "XRGB8888 to %s" : "%s to XRGB8888", format->name);
	report(&task);
}

/* In large pages, as the kernel sees memory */
static void *memory_or_exit(size_t bytes)
{
	const size_t page = 2 << 20;
	void *p = aligned_alloc(page, (bytes + page - 1) / page * page);

	if (!p)
		exit(1);
	madvise(p, bytes, MADV_HUGEPAGE);

	return memset(p, 0x55, bytes);
}

/* blit_bench [PART]: only operations in whose names that occurs */
int main(int argc, char *argv[])
{
	if (argc > 1)
		only = argv[1];
	for (int i = 0; i < 2; i++)
		memory[i] = memory_or_exit(BYTES);
	exec = memory_or_exit(sizeof(*exec));
	source = (struct simbuf_attachment) { memory[0], BYTES, BYTES };
	destination = (struct simbuf_attachment) { memory[1], BYTES, BYTES };

	printf("%-24s %10s %15s\n%-24s %10s %7s %7s\n", "", "", "times memcpy of",
	       "1920x1080", "", "all", "half");
	for (u32 i = 0; i < 2 * primesim_format_count; i++) {
		const struct primesim_format *format = &primesim_formats[i / 2];

		if (format->uses & PRIMESIM_USE_ENGINE)
			report_format(format, i % 2);
	}
	for (u32 i = 0; i < ARRAY_SIZE(argb_tasks); i++) {
		struct task task = argb_tasks[i];

		task.from = DRM_FORMAT_ARGB8888;
		task.to = DRM_FORMAT_ARGB8888;
		report(&task);
	}
	printf("%u of %u take more than %.1f times as long as memcpy of all bytes\n", above, count,
	       LIMIT);

	return 0;
}
