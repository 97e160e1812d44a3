// SPDX-License-Identifier: MIT
/*
 * A camera takes a dma-buf: QBUF of one that it had not in that place before, which it attaches
 * and maps while it lets go of the other, and of the one that it had.
 */
#include <unistd.h>

#include "../lib/camera.h"
#include "../lib/stats.h"
#include "groups.h"
#include "lab.h"
#include "sizes.h"

#define BUFFERS 2

static const char *const drivers[] = { "camsim", "vivid" };
#define DRIVERS (sizeof(drivers) / sizeof(drivers[0]))

static const struct picture {
	const char *name;
	uint32_t width;
	uint32_t height;
} pictures[] = {
	{ "640x480", 640, 480 }, { "1080p", 1920, 1080 }, { "4K", 3840, 2160 },
};

/* @fresh: whether the dma-bufs take turns. */
struct queuer {
	struct pp_camera camera;
	int dmabufs[2];
	unsigned int turn;
	bool fresh;
};

static int measure_qbuf(void *context, uint64_t *values)
{
	struct queuer *queuer = context;
	uint64_t start;
	int ret;

	if (queuer->fresh)
		queuer->turn ^= 1;
	start = pp_now_ns();
	ret = pp_camera_queue(&queuer->camera, 0, queuer->dmabufs[queuer->turn]);
	values[0] = pp_now_ns() - start;
	/* Gives it back, and does not forget it. */
	pp_camera_stop(&queuer->camera);
	return ret;
}

static int measure_ioctl(void *context, uint64_t *values)
{
	values[0] = empty_ioctls(context, 1);
	return 0;
}

static int run_rows(const struct bench *bench, struct bench_lab *lab, struct queuer *queuers,
		    const struct picture *picture)
{
	int ret = 0;

	for (int fresh = 0; fresh <= 1 && !ret; fresh++) {
		struct bench_row row = { .unit = "ns", .rounds = 41 };

		bench_row_name(&row, "QBUF of a %s buffer, %s", fresh ? "fresh" : "known",
			       picture->name);
		for (unsigned int i = 0; i < DRIVERS; i++) {
			queuers[i].fresh = fresh;
			bench_row_add(&row, drivers[i], i ? BENCH_PEER : BENCH_OURS, measure_qbuf,
				      &queuers[i]);
		}
		if (!fresh)
			bench_row_add(&row, "empty ioctl", BENCH_LIMIT, measure_ioctl,
				      &lab->gpu.device);
		ret = bench_row_run(bench, &row);
	}
	return ret;
}

/* In as few pieces as can be: what each more costs is in the rows of imports. */
static size_t whole_mib(size_t size)
{
	return (size + MIB - 1) / MIB * MIB;
}

static int prepare(struct queuer *queuer, struct bench_lab *lab, const char *driver,
		   const struct picture *picture)
{
	struct pp_camera *camera = &queuer->camera;
	int ret = pp_camera_open_driver(camera, driver, lab->error);

	if (ret)
		return ret;
	ret = pp_camera_set_format(camera, pp_format_by_name("YUYV"), picture->width,
				   picture->height, 0);
	if (!ret)
		ret = pp_camera_request_buffers(camera, V4L2_MEMORY_DMABUF, BUFFERS);
	for (unsigned int i = 0; i < 2 && !ret; i++)
		ret = memory_make(&foreign_memory[0], lab, whole_mib(camera->layout.size),
				  &queuer->dmabufs[i]);
	return ret;
}

static void release(struct queuer *queuer)
{
	pp_camera_close(&queuer->camera);
	close(queuer->dmabufs[0]);
	close(queuer->dmabufs[1]);
}

static int run_picture(const struct bench *bench, struct bench_lab *lab,
		       const struct picture *picture)
{
	struct queuer queuers[DRIVERS] = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < DRIVERS && !ret; i++)
		ret = prepare(&queuers[i], lab, drivers[i], picture);
	if (!ret)
		ret = run_rows(bench, lab, queuers, picture);
	for (unsigned int i = 0; i < DRIVERS && !ret; i++)
		release(&queuers[i]);
	return ret;
}

int bench_qbuf(const struct bench *bench)
{
	struct bench_lab lab;
	int ret = lab_open(&lab, bench->error);

	for (unsigned int i = 0; i < sizeof(pictures) / sizeof(pictures[0]) && !ret; i++)
		ret = run_picture(bench, &lab, &pictures[i]);
	if (!ret)
		lab_close(&lab);
	return ret;
}
