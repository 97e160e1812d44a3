// SPDX-License-Identifier: MIT
/*
 * An object is created, exported, imported on a second file of the same device and all of it
 * closed. Those who have no handles have the first and the last of these steps.
 */
#include <unistd.h>

#include "../lib/stats.h"
#include "groups.h"
#include "round_trip.h"
#include "sizes.h"

static const struct size sizes[] = {
	{ "4 KiB", 4 * KIB }, { "1080p", FRAME_1080P }, { "64 MiB", 64 * MIB },
};

enum { OURS, VGEM, VIRTIO, DRIVERS };

/* A party that makes a dma-buf at once. */
struct maker {
	struct bench_lab *lab;
	const struct memory *memory;
	size_t size;
};

static int make_and_close(void *context, uint64_t *values)
{
	const struct maker *maker = context;
	uint64_t start;
	int dmabuf, ret = memory_prepare(maker->memory, maker->lab);

	if (ret)
		return ret;
	start = pp_now_ns();
	ret = maker->memory->make(maker->lab, maker->size, &dmabuf);
	values[TRIP_CREATE] = pp_now_ns() - start;
	if (ret)
		return ret;
	start = pp_now_ns();
	close(dmabuf);
	values[TRIP_CLOSE] = pp_now_ns() - start;
	return 0;
}

static int run_size(const struct bench *bench, struct bench_lab *lab, struct round_trip *trips,
		    const struct size *size)
{
	struct maker udmabuf = { lab, &udmabuf_memory, size->bytes };
	struct maker heap = { lab, &heap_memory, size->bytes };
	struct bench_row row = {
		.unit = "ns", .steps = round_trip_steps, .rounds = rounds_of(size->bytes),
	};

	for (unsigned int i = 0; i < DRIVERS; i++)
		trips[i].size = size->bytes;
	bench_row_name(&row, "round trip, %s", size->name);
	bench_row_add(&row, "primesim", BENCH_OURS, round_trip_measure, &trips[OURS]);
	bench_row_add(&row, "vgem", BENCH_PEER, round_trip_measure, &trips[VGEM]);
	bench_row_add(&row, "virtio-gpu", BENCH_PEER, round_trip_measure, &trips[VIRTIO]);
	bench_row_add(&row, "udmabuf", BENCH_PEER, make_and_close, &udmabuf);
	bench_row_add(&row, "dma-heap", BENCH_PEER, make_and_close, &heap);
	bench_row_add(&row, "empty ioctls", BENCH_LIMIT, round_trip_limit, &trips[OURS]);
	return bench_row_run(bench, &row);
}

static int open_trips(struct bench_lab *lab, struct round_trip *trips)
{
	int ret = round_trip_open(&trips[OURS], &lab->gpu.device);

	if (!ret)
		ret = round_trip_open(&trips[VGEM], &lab->vgem);
	if (!ret)
		ret = round_trip_open(&trips[VIRTIO], &lab->virtio);
	return ret;
}

int bench_prime(const struct bench *bench)
{
	struct round_trip trips[DRIVERS];
	struct bench_lab lab;
	int ret = lab_open(&lab, bench->error);

	if (!ret)
		ret = open_trips(&lab, trips);
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && !ret; i++)
		ret = run_size(bench, &lab, trips, &sizes[i]);
	/* After an error the program ends, and all of it with it. */
	if (ret)
		return ret;
	for (unsigned int i = 0; i < DRIVERS; i++)
		round_trip_close(&trips[i]);
	lab_close(&lab);
	return 0;
}
