// SPDX-License-Identifier: MIT
/*
 * How long the row functions take for a picture of 1920x1080 on this machine, beside
 * memcpy() of as many bytes: half of what is read and written, as it reads and writes each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <drm/drm_fourcc.h>

#include "primesim_fast.h"
#include "primesim_format.h"
#include "primesim_simd.h"

#define WIDTH	1920
#define HEIGHT	1080
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

/* Room for any picture, and where two more are */
static u8 *pictures[3];

/**
 * struct task - something to do with each row
 * @name: for the table.
 * @format: of what is read, or written when @to.
 * @to: ARGB8888 becomes @format; otherwise the reverse.
 * @blend: ARGB8888 is blended over ARGB8888 instead.
 * @turn: rows are mirrored where they are instead.
 */
struct task {
	const char *name;
	const struct primesim_format *format;
	bool to;
	primesim_blend_fn blend;
	bool turn;
};

static size_t format_bytes(const struct primesim_format *format)
{
	size_t bytes = 0;

	for (u32 i = 0; i < format->planes; i++)
		bytes += (size_t)primesim_format_row_bytes(format, i, WIDTH) *
			 primesim_format_lines(format, i, HEIGHT);

	return bytes;
}

static u32 *argb_row(u8 *picture, u32 line)
{
	return (u32 *)picture + (size_t)line * WIDTH;
}

static void rows_of(const struct primesim_format *format, u8 *picture, u32 line, void *planes[])
{
	for (u32 i = 0; i < format->planes; i++) {
		size_t bytes = primesim_format_row_bytes(format, i, WIDTH);

		planes[i] = picture + bytes * (line / format->plane[i].height);
		picture += bytes * primesim_format_lines(format, i, HEIGHT);
	}
}

static void run_line(const struct task *task, u32 line)
{
	const struct primesim_format *format = task->format;
	const struct primesim_weights *weights = &primesim_weights[0][0];
	void *planes[PRIMESIM_MAX_PLANES];
	const u32 *in = argb_row(pictures[0], line);

	if (task->blend) {
		task->blend(argb_row(pictures[1], line), in, WIDTH);
		return;
	}
	if (task->turn) {
		primesim_fast_reverse(argb_row(pictures[0], line), WIDTH);
		return;
	}
	rows_of(format, pictures[2], line, planes);
	if (!task->to) {
		format->unpack(argb_row(pictures[1], line), (const void *const *)planes, WIDTH,
			       &primesim_matrices[0][0]);
		return;
	}
	if (format->pack)
		format->pack(planes[0], in, WIDTH);
	else
		format->pack_luma(planes[0], in, WIDTH, weights);
	if (format->pack_chroma && line % 2)
		format->pack_chroma(planes, argb_row(pictures[0], line - 1), in, WIDTH, weights);
}

static size_t task_bytes(const struct task *task)
{
	size_t argb = (size_t)WIDTH * HEIGHT * 4;

	if (task->blend)
		return 3 * argb;
	if (task->turn)
		return 2 * argb;

	return argb + format_bytes(task->format);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Returns how many times as long as memcpy() it takes, by medians of alternate rounds. */
static double measure(const struct task *task, double *own)
{
	double jobs[ROUNDS], copies[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms();

		for (u32 line = 0; line < HEIGHT; line++)
			run_line(task, line);
		jobs[i] = now_ms() - start;
		start = now_ms();
		memcpy(pictures[1], pictures[0], task_bytes(task) / 2);
		copies[i] = now_ms() - start;
	}
	qsort(jobs, ROUNDS, sizeof(*jobs), compare);
	qsort(copies, ROUNDS, sizeof(*copies), compare);
	*own = jobs[ROUNDS / 2];

	return jobs[ROUNDS / 2] / copies[ROUNDS / 2];
}

static unsigned int report(const struct task *task)
{
	double own, times = measure(task, &own);

	printf("%-28s %7.2f ms  %5.2f times memcpy%s\n", task->name, own, times,
	       times > LIMIT ? "  above 1.5" : "");

	return times > LIMIT;
}

int main(void)
{
	unsigned int above = 0, count = 0;

	for (int i = 0; i < 3; i++) {
		pictures[i] = malloc((size_t)WIDTH * HEIGHT * 6);
		if (!pictures[i])
			return 1;
		memset(pictures[i], 0x55 + i, (size_t)WIDTH * HEIGHT * 6);
	}
	for (u32 i = 0; i < 2 * primesim_format_count; i++) {
		const struct primesim_format *format = &primesim_formats[i / 2];
		char name[64];
		struct task task = { .name = name, .format = format, .to = i % 2 };

		if (!(format->uses & PRIMESIM_USE_ENGINE))
			continue;
		snprintf(name, sizeof(name), i % 2 ? "to %s" : "from %s", format->name);
		above += report(&task);
		count++;
	}
	above += report(&(struct task) { "blend premultiplied",
					 .blend = primesim_fast_blend_premultiplied });
	above += report(&(struct task) { "blend straight", .blend = primesim_fast_blend_straight });
	above += report(&(struct task) { "reverse", .turn = true });
	printf("%u of %u take more than %.1f times as long as memcpy\n", above, count + 3, LIMIT);

	return 0;
}
