// SPDX-License-Identifier: MIT
/*
 * Round trips and imports while more and more buffers are alive, or more and more devices have
 * the same one. The least is what they cost with one alive.
 */
#include <stdio.h>
#include <unistd.h>

#include "groups.h"
#include "import.h"
#include "plug.h"
#include "round_trip.h"
#include "sizes.h"

#define BATCH		50	/* objects that a job can map */
#define MAX_IMPORTERS	50	/* DRM opens no more than 64 devices */
#define MAX_NAME	24

static const unsigned int alive_counts[] = { 1, 100, 10000, 0 };
static const unsigned int importer_counts[] = { 1, 10, MAX_IMPORTERS, 0 };

/* Those alive are exported and have a handle on both files. */
static int keep_alive(struct round_trip *trip, unsigned int count)
{
	int ret = 0;

	while (count-- && !ret)
		ret = round_trip_keep(trip);
	return ret;
}

static int trips_alive(const struct bench *bench, struct bench_lab *lab)
{
	struct round_trip ours = { .size = 4 * KIB };
	struct round_trip peer = { .size = 4 * KIB };
	struct round_trip least = { .size = 4 * KIB };
	unsigned int alive = 0;
	int ret = round_trip_open(&ours, &lab->gpu.device);

	if (!ret)
		ret = round_trip_open(&peer, &lab->vgem);
	if (!ret)
		ret = round_trip_open(&least, &lab->foreign_gpu.device);
	for (const unsigned int *count = alive_counts; *count && !ret; count++) {
		struct bench_row row = { .unit = "ns", .steps = round_trip_steps, .rounds = 41 };

		ret = keep_alive(&ours, *count - alive);
		if (!ret)
			ret = keep_alive(&peer, *count - alive);
		alive = *count;
		bench_row_name(&row, "round trip, 4 KiB, %u alive", alive);
		bench_row_add(&row, "primesim", BENCH_OURS, round_trip_measure, &ours);
		bench_row_add(&row, "vgem", BENCH_PEER, round_trip_measure, &peer);
		bench_row_add(&row, "none alive", BENCH_LIMIT, round_trip_measure, &least);
		if (!ret)
			ret = bench_row_run(bench, &row);
	}
	round_trip_close(&least);
	round_trip_close(&peer);
	round_trip_close(&ours);
	return ret;
}

/* Imports @count more dma-bufs. Their handles are lost: the file has them. */
static int import_more(struct bench_lab *lab, unsigned int count)
{
	uint32_t handles[BATCH] = { 0 };
	int dmabuf, ret = 0;

	for (unsigned int i = 0; i < count && !ret; i++) {
		ret = memory_make(&heap_memory, lab, 4 * KIB, &dmabuf);
		if (ret)
			break;
		ret = pp_drm_import(&lab->gpu.device, dmabuf, &handles[i]);
		close(dmabuf);
	}
	return ret ? ret : import_use(&lab->gpu, handles, count);
}

static int imports_alive(const struct bench *bench, struct bench_lab *lab)
{
	struct import ours = { .gpu = &lab->gpu }, least = { .gpu = &lab->foreign_gpu };
	unsigned int alive = 0;
	int ret = memory_make(&heap_memory, lab, MIB, &ours.dmabuf);

	if (ret)
		return ret;
	least.dmabuf = ours.dmabuf;
	for (const unsigned int *count = alive_counts; *count && !ret; count++) {
		struct bench_row row = { .unit = "ns", .steps = import_steps, .rounds = 41 };

		while (alive < *count && !ret) {
			unsigned int more = *count - alive < BATCH ? *count - alive : BATCH;

			ret = import_more(lab, more);
			alive += more;
		}
		bench_row_name(&row, "import, 1 MiB, %u alive", alive);
		bench_row_add(&row, "primesim", BENCH_OURS, import_measure, &ours);
		bench_row_add(&row, "none alive", BENCH_LIMIT, import_measure, &least);
		if (!ret)
			ret = bench_row_run(bench, &row);
	}
	close(ours.dmabuf);
	return ret;
}

static void name_importer(char *name, unsigned int number)
{
	snprintf(name, MAX_NAME, "importer-%u", number);
}

/* One more device that has @dmabufs mapped. */
static int join(struct pp_gpu *gpu, unsigned int number, const int *dmabufs, unsigned int count,
		struct pp_error *error)
{
	uint32_t handles[BATCH] = { 0 };
	char name[MAX_NAME], node[64];
	int ret;

	name_importer(name, number);
	ret = plug("primesim", name, error);
	if (!ret)
		ret = plug_node("primesim", name, "renderD", node, sizeof(node), error);
	if (!ret)
		ret = pp_gpu_open(gpu, node, error);
	for (unsigned int i = 0; i < count && !ret; i++)
		ret = pp_drm_import(&gpu->device, dmabufs[i], &handles[i]);
	return ret ? ret : import_use(gpu, handles, count);
}

/* Whose memory it is that others have, too; in one piece, so that its list is short. */
static const struct memory *const shared[] = {
	&foreign_memory[0], &heap_memory, &udmabuf_large_memory
};

#define SHARED (sizeof(shared) / sizeof(shared[0]))

static int run_importers(const struct bench *bench, struct bench_lab *lab, const int *dmabufs,
			 unsigned int others)
{
	struct bench_row row = { .unit = "ns", .steps = import_steps, .rounds = 41 };
	struct import imports[SHARED], least = { .gpu = &lab->gpu };
	int ret = memory_make(&foreign_memory[0], lab, MIB, &least.dmabuf);

	if (ret)
		return ret;
	for (unsigned int i = 0; i < SHARED; i++) {
		imports[i] = (struct import) { &lab->gpu, dmabufs[i] };
		bench_row_add(&row, shared[i]->name, i ? BENCH_PEER : BENCH_OURS, import_measure,
			      &imports[i]);
	}
	bench_row_add(&row, "no importers", BENCH_LIMIT, import_measure, &least);
	bench_row_name(&row, "import, 1 MiB, %u importers", others);
	ret = bench_row_run(bench, &row);
	close(least.dmabuf);
	return ret;
}

static int importers(const struct bench *bench, struct bench_lab *lab)
{
	struct pp_gpu gpus[MAX_IMPORTERS];
	int dmabufs[SHARED];
	unsigned int alive = 0;
	int ret = 0;

	for (unsigned int i = 0; i < SHARED && !ret; i++)
		ret = memory_make(shared[i], lab, MIB, &dmabufs[i]);
	for (const unsigned int *count = importer_counts; *count && !ret; count++) {
		for (; alive < *count && !ret; alive++)
			ret = join(&gpus[alive], alive, dmabufs, SHARED, bench->error);
		if (!ret)
			ret = run_importers(bench, lab, dmabufs, *count);
	}
	if (ret)
		return ret;
	while (alive--) {
		char name[MAX_NAME];

		pp_gpu_close(&gpus[alive]);
		name_importer(name, alive);
		unplug("primesim", name);
	}
	for (unsigned int i = 0; i < SHARED; i++)
		close(dmabufs[i]);
	return 0;
}

int bench_lookup(const struct bench *bench)
{
	struct bench_lab lab;
	int ret = lab_open(&lab, bench->error);

	if (!ret)
		ret = importers(bench, &lab);
	if (!ret)
		ret = trips_alive(bench, &lab);
	if (!ret)
		ret = imports_alive(bench, &lab);
	if (!ret)
		lab_close(&lab);
	return ret;
}
