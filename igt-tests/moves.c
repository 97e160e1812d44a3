// SPDX-License-Identifier: MIT
/*
 * Buffers that move while a camera or a GPU writes them and a GPU reads them.
 *
 * LAB_STRESS_SECONDS in the environment says how long each test takes: 4 without it.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <pthread.h>
#include <sys/mman.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("moves under load: no stale or torn content, no deadlock, no DMA fault");

/* No power of two: so memory that nobody has asked anything about is in several pieces. */
#define WIDTH		160
#define HEIGHT		120
#define SIZE		(WIDTH * HEIGHT * 4)
#define STUCK_SECONDS	60
#define MOVERS		2

static int stress_seconds(void)
{
	const char *seconds = getenv("LAB_STRESS_SECONDS");

	return seconds ? atoi(seconds) : 4;
}

/* GPUs that make a buffer move when they join, each more demanding than the one before */
struct movers {
	struct lab_plugged device[MOVERS];
	int drm[MOVERS];
};

static void movers_open(struct movers *movers)
{
	static const char *const bits[MOVERS] = { "32", "30" };

	for (int i = 0; i < MOVERS; i++) {
		lab_plug_prepare(&movers->device[i], "primesim", bits[i]);
		lab_plug_set(&movers->device[i], "gpu/profile", "contig32");
		lab_plug_set(&movers->device[i], "gpu/dma_bits", bits[i]);
		lab_plug_start(&movers->device[i]);
		movers->drm[i] = lab_plugged_render(&movers->device[i]);
	}
}

static void movers_close(struct movers *movers)
{
	for (int i = 0; i < MOVERS; i++) {
		lab_close(movers->drm[i]);
		lab_unplug(&movers->device[i]);
	}
}

/**
 * struct round - one buffer's life: written, read and moved by three threads
 * @drm: file of the default GPU that owns it.
 * @dumb: the object.
 * @dmabuf: its dma-buf.
 * @value: what the last fill that was done has written.
 * @pixels: the buffer, mapped.
 * @reads: what readers have looked at.
 * @end: threads are to end.
 */
struct round {
	int drm;
	struct lab_dumb dumb;
	int dmabuf;
	_Atomic uint32_t value;
	const volatile uint32_t *pixels;
	_Atomic unsigned int reads;
	_Atomic bool end;
};

/* What a thread found, or empty: asserts are for the main thread. */
static char failure[128];

static void fail(struct round *round, const char *what, uint32_t a, uint32_t b)
{
	snprintf(failure, sizeof(failure), "%s: %u, %u", what, a, b);
	round->end = true;
}

static struct drm_primesim_op fill_op(uint32_t handle, uint32_t value)
{
	struct drm_primesim_surface dst = lab_surface(handle, WIDTH, HEIGHT, WIDTH * 4);

	return lab_op_fill(&dst, value);
}

/* Waits as every program does: for the fence that the job leaves in the dma-buf. */
static void wait_for_writer(int dmabuf)
{
	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
}

static void *writer(void *data)
{
	struct round *round = data;

	for (uint32_t value = 1; !round->end; value++) {
		struct drm_primesim_op op = fill_op(round->dumb.handle, value);
		int ret = lab_submit(round->drm, &op, NULL, NULL);

		if (ret)
			fail(round, "fill", value, -ret);
		wait_for_writer(round->dmabuf);
		round->value = value;
	}
	return NULL;
}

/* A copy by a second GPU context shows one fill, not older than the last that was done. */
static void check_copy(struct round *round, const uint32_t *copy, uint32_t least)
{
	if (copy[0] < least)
		fail(round, "stale", copy[0], least);
	for (int i = 0; i < SIZE / 4; i++)
		if (copy[i] != copy[0])
			return fail(round, "torn", copy[0], copy[i]);
}

static void *gpu_reader(void *data)
{
	struct round *round = data;
	int drm = lab_open_render("primesim"), dmabuf;
	uint32_t handle = lab_import(drm, round->dmabuf);
	const uint32_t *pixels;
	struct lab_dumb copy;
	struct drm_primesim_op op;

	lab_dumb_create(&copy, lab_open_primary("primesim"), WIDTH, HEIGHT);
	dmabuf = lab_export(copy.drm, copy.handle, DRM_RDWR);
	op = lab_op_copy(handle, lab_import(drm, dmabuf), SIZE);
	pixels = lab_map(dmabuf, SIZE, PROT_READ, 0);
	while (!round->end) {
		uint32_t least = round->value;
		int ret = lab_submit(drm, &op, NULL, NULL);

		if (ret)
			fail(round, "copy", least, -ret);
		lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
		check_copy(round, pixels, least);
		lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
		round->reads++;
	}
	lab_unmap(pixels, SIZE);
	lab_close(dmabuf);
	lab_close(copy.drm);
	lab_close(drm);
	return NULL;
}

/* The CPU's mapping follows too. It sees whatever is being written, but nothing old. */
static void *cpu_reader(void *data)
{
	struct round *round = data;

	while (!round->end) {
		uint32_t least = round->value, seen = round->pixels[SIZE / 8];

		if (seen < least)
			fail(round, "CPU sees stale", seen, least);
		lab_sleep(1);
	}
	return NULL;
}

/* Some more reads happen, or a thread has failed. */
static void wait_for_reads(struct round *round, unsigned int more)
{
	unsigned int until = round->reads + more;
	uint64_t deadline = lab_now() + STUCK_SECONDS * 1000000ull;

	while (!round->end && round->reads < until && lab_now() < deadline)
		lab_sleep(2);
	igt_assert_f(round->end || round->reads >= until, "readers are stuck\n");
}

/* Each joins, makes a small job, and leaves. */
static void movers_join(struct movers *movers, struct round *round)
{
	for (int i = 0; i < MOVERS && !round->end; i++) {
		uint32_t handle = lab_import(movers->drm[i], round->dmabuf);
		uint32_t copy = lab_bo_create(movers->drm[i], 4096, 0);
		struct drm_primesim_op op = lab_op_copy(handle, copy, 4096);
		int ret = lab_submit(movers->drm[i], &op, NULL, NULL);

		if (ret)
			fail(round, "mover", i, -ret);
		wait_for_reads(round, 2);
		lab_close_handle(movers->drm[i], copy);
		lab_close_handle(movers->drm[i], handle);
	}
}

static void round_open(struct round *round)
{
	*round = (struct round){ .drm = lab_open_primary("primesim") };
	lab_dumb_create(&round->dumb, round->drm, WIDTH, HEIGHT);
	round->dmabuf = lab_export(round->drm, round->dumb.handle, DRM_RDWR);
	round->pixels = lab_map(round->dmabuf, SIZE, PROT_READ, 0);
}

static void round_close(struct round *round)
{
	lab_unmap((const void *)round->pixels, SIZE);
	lab_close(round->dmabuf);
	lab_close(round->drm);
}

/* Returns how often the buffer has moved. */
static unsigned int gpu_round(struct movers *movers)
{
	void *(*const run[])(void *) = { writer, gpu_reader, cpu_reader };
	pthread_t threads[ARRAY_SIZE(run)];
	struct lab_simbuf state;
	struct round round;

	round_open(&round);
	for (size_t i = 0; i < ARRAY_SIZE(run); i++)
		igt_assert_eq(pthread_create(&threads[i], NULL, run[i], &round), 0);
	wait_for_reads(&round, 2);
	movers_join(movers, &round);
	round.end = true;
	for (size_t i = 0; i < ARRAY_SIZE(run); i++)
		igt_assert_eq(pthread_join(threads[i], NULL), 0);
	lab_simbuf_state(round.dmabuf, &state);
	round_close(&round);
	igt_assert_f(!failure[0], "%s\n", failure);
	return state.moves;
}

static void gpu_writes(const char *argument)
{
	uint64_t until = lab_now() + stress_seconds() * 1000000ull, faults = lab_dma_faults();
	unsigned int rounds = 0, moves = 0;
	struct movers movers;

	failure[0] = 0;
	movers_open(&movers);
	do {
		moves += gpu_round(&movers);
		rounds++;
	} while (lab_now() < until);
	movers_close(&movers);
	igt_info("%u moves of %u buffers\n", moves, rounds);
	igt_assert_lte(rounds, moves);
	igt_assert_eq_u64(lab_dma_faults(), faults);
}

#define CAMERA_BUFFERS	4

/* What the mover's GPU sees of a frame: the frame's stamp */
static void check_frame(struct movers *movers, int which, int dmabuf, struct lab_camera *camera,
			const struct v4l2_buffer *buffer)
{
	int drm = movers->drm[which], copied;
	uint32_t handle = lab_import(drm, dmabuf);
	uint32_t copy = lab_bo_create(drm, SIZE, 0);
	struct drm_primesim_op op = lab_op_copy(handle, copy, SIZE);

	copied = lab_export(drm, copy, DRM_RDWR);
	lab_execute(drm, &op);
	lab_stamp_check(copied, camera, buffer);
	lab_close(copied);
	lab_close_handle(drm, copy);
	lab_close_handle(drm, handle);
}

/* While the camera fills others of its buffers, the one it has filled moves. */
static unsigned int camera_round(struct movers *movers)
{
	int dmabufs[CAMERA_BUFFERS];
	struct lab_camera camera;
	struct lab_simbuf state;
	unsigned int moves = 0;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, CAMERA_BUFFERS);
	for (int i = 0; i < CAMERA_BUFFERS; i++) {
		dmabufs[i] = lab_camera_export(&camera, i, O_RDWR);
		igt_assert_eq(lab_camera_queue_own(&camera, i), 0);
	}
	lab_camera_start(&camera);
	for (int frame = 0; frame < 3 * CAMERA_BUFFERS; frame++) {
		struct v4l2_buffer buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);

		lab_stamp_check(dmabufs[buffer.index], &camera, &buffer);
		check_frame(movers, frame % MOVERS, dmabufs[buffer.index], &camera, &buffer);
		lab_stamp_check(dmabufs[buffer.index], &camera, &buffer);
		igt_assert_eq(lab_camera_queue_own(&camera, buffer.index), 0);
	}
	for (int i = 0; i < CAMERA_BUFFERS; i++) {
		lab_simbuf_state(dmabufs[i], &state);
		moves += state.moves;
		lab_close(dmabufs[i]);
	}
	lab_camera_close(&camera);
	return moves;
}

static void camera_writes(const char *argument)
{
	uint64_t until = lab_now() + stress_seconds() * 1000000ull, faults = lab_dma_faults();
	unsigned int rounds = 0, moves = 0;
	struct movers movers;

	movers_open(&movers);
	do {
		moves += camera_round(&movers);
		rounds++;
	} while (lab_now() < until);
	movers_close(&movers);
	igt_info("%u moves of %u buffers\n", moves, rounds * CAMERA_BUFFERS);
	igt_assert_lte(rounds * CAMERA_BUFFERS, moves);
	igt_assert_eq_u64(lab_dma_faults(), faults);
}

static const struct lab_test tests[] = {
	{ "gpu-writes", gpu_writes,
	  "One GPU context writes, another and the CPU read, while the buffer moves." },
	{ "camera-writes", camera_writes,
	  "Frames are whole and current while their buffers move." },
};

igt_main()
{
	lab_run(tests, NULL);
}
