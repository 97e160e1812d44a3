// SPDX-License-Identifier: MIT
#include "measure.h"

#include <string.h>
#include <unistd.h>

#include "import.h"
#include "round_trip.h"

#define KIB		((size_t)1024)
#define MIB		(1024 * KIB)
#define FRAME_1080P	((size_t)1920 * 1080 * 4)
#define LARGE		(32 * MIB)
#define BATCH		50	/* objects made at a time while more get alive */

static const size_t round_trip_sizes[] = { 4 * KIB, FRAME_1080P, 64 * MIB, 0 };
static const size_t import_sizes[] = { 4 * KIB, MIB, FRAME_1080P, 64 * MIB, 256 * MIB, 0 };
static const unsigned int alive_counts[] = { 1, 100, 1000, 10000, 0 };

static unsigned int repetitions(size_t size)
{
	return size > LARGE ? 9 : 41;
}

static int trips(struct round_trip *trip, struct operation *op)
{
	int ret = 0;

	for (unsigned int i = 0; i < repetitions(op->size) && !ret; i++)
		ret = round_trip_measure(trip, op->size, op);
	operation_print(op);
	return ret;
}

static int round_trips_of(struct pp_drm_device *device)
{
	struct round_trip trip;
	int ret = round_trip_open(&trip, device);

	if (ret)
		return ret;
	for (const size_t *size = round_trip_sizes; *size && !ret; size++) {
		struct operation op = round_trip_operation("round trip", &trip, *size);

		ret = trips(&trip, &op);
	}
	round_trip_close(&trip);
	return ret;
}

/* udmabuf has no handles: a dma-buf is made of memory, and closed. */
static int round_trips_of_udmabuf(struct cost_lab *lab, size_t size)
{
	struct operation op = { .table = "round trip", .driver = "udmabuf",
		.exporter = "udmabuf", .size = size, .steps = { "create", "close" } };
	int dmabuf, ret = 0;

	for (unsigned int i = 0; i < 9 && !ret; i++) {
		uint64_t start = pp_now_ns();

		ret = memory_make(&udmabuf_memory, lab, size, &dmabuf);
		if (ret)
			break;
		operation_step(&op, 0, start);
		start = pp_now_ns();
		close(dmabuf);
		operation_step(&op, 1, start);
	}
	operation_print(&op);
	return ret;
}

int measure_round_trips(struct cost_lab *lab)
{
	int ret = round_trips_of(&lab->gpu.device);

	if (!ret)
		ret = round_trips_of(&lab->vgem);
	for (const size_t *size = round_trip_sizes; *size && !ret; size++)
		ret = round_trips_of_udmabuf(lab, *size);
	return ret;
}

/* The first import is not counted: there the exporter may have to find memory. */
static int imports(struct cost_lab *lab, enum importer importer, int dmabuf,
		   struct operation *op)
{
	int ret = import_measure(lab, importer, dmabuf, NULL);

	for (unsigned int i = 0; i < repetitions(op->size) && !ret; i++)
		ret = import_measure(lab, importer, dmabuf, op);
	operation_print(op);
	return ret;
}

static int imports_of(struct cost_lab *lab, enum importer importer,
		      const struct memory *memory, size_t size)
{
	struct operation op = import_operation("import", importer, memory->name, size);
	int dmabuf, ret = memory_make(memory, lab, size, &dmabuf);

	if (ret)
		return ret;
	ret = imports(lab, importer, dmabuf, &op);
	close(dmabuf);
	return ret;
}

int measure_imports(struct cost_lab *lab)
{
	const struct memory *memory;
	const size_t *size;
	int ret = 0;

	for (size = import_sizes; *size && !ret; size++) {
		for (memory = foreign_memory; memory->name && !ret; memory++) {
			ret = imports_of(lab, IMPORTER_PRIMESIM, memory, *size);
			/* A driver's own come back as they are. */
			if (!ret && strncmp(memory->name, "vgem", 4))
				ret = imports_of(lab, IMPORTER_VGEM, memory, *size);
		}
	}
	return ret;
}

static int trips_alive(struct pp_drm_device *device)
{
	struct round_trip trip;
	unsigned int alive = 0;
	int ret = round_trip_open(&trip, device);

	if (ret)
		return ret;
	for (const unsigned int *count = alive_counts; *count && !ret; count++) {
		struct operation op = round_trip_operation("round trip, alive", &trip, 4 * KIB);

		for (; alive < *count && !ret; alive++)
			ret = round_trip_keep(&trip, 4 * KIB);
		op.alive = alive;
		if (!ret)
			ret = trips(&trip, &op);
	}
	round_trip_close(&trip);
	return ret;
}

static int import_one(struct cost_lab *lab, struct pp_drm_device *device, uint32_t *handle)
{
	int dmabuf, ret = memory_make(&heap_memory, lab, 4 * KIB, &dmabuf);

	if (ret)
		return ret;
	ret = pp_drm_import(device, dmabuf, handle);
	close(dmabuf);
	return ret;
}

/* Imports @count more, mapped for the device. The handles are lost: the file has them. */
static int import_more(struct cost_lab *lab, enum importer importer, unsigned int count)
{
	struct pp_drm_device *device = importer == IMPORTER_VGEM ? &lab->vgem : &lab->gpu.device;
	uint32_t handles[BATCH];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < count && !ret; i++)
		ret = import_one(lab, device, &handles[i]);
	if (!ret && importer == IMPORTER_PRIMESIM)
		ret = import_use(&lab->gpu, handles, count);
	return ret;
}

static int import_until(struct cost_lab *lab, enum importer importer, unsigned int *alive,
			unsigned int count)
{
	int ret = 0;

	while (*alive < count && !ret) {
		unsigned int more = count - *alive < BATCH ? count - *alive : BATCH;

		ret = import_more(lab, importer, more);
		*alive += more;
	}
	return ret;
}

static int imports_alive(struct cost_lab *lab, enum importer importer, const char *table,
			 unsigned int alive, size_t size)
{
	struct operation op = import_operation(table, importer, heap_memory.name, size);
	int dmabuf, ret = memory_make(&heap_memory, lab, size, &dmabuf);

	if (ret)
		return ret;
	op.alive = alive;
	ret = imports(lab, importer, dmabuf, &op);
	close(dmabuf);
	return ret;
}

static int imports_while_alive(struct cost_lab *lab, enum importer importer)
{
	unsigned int alive = 0;
	int ret = 0;

	for (const unsigned int *count = alive_counts; *count && !ret; count++) {
		ret = import_until(lab, importer, &alive, *count);
		if (!ret)
			ret = imports_alive(lab, importer, "import, alive", alive, 4 * KIB);
		if (!ret)
			ret = imports_alive(lab, importer, "import, alive", alive, 8 * MIB);
	}
	return ret;
}

int measure_alive(struct cost_lab *lab)
{
	struct pp_error *error = lab->error;
	int ret = trips_alive(&lab->gpu.device);

	if (!ret)
		ret = trips_alive(&lab->vgem);
	/* What is left of it goes with the files. */
	lab_close(lab);
	if (!ret)
		ret = lab_open(lab, error);
	if (!ret)
		ret = imports_while_alive(lab, IMPORTER_PRIMESIM);
	if (!ret)
		ret = imports_while_alive(lab, IMPORTER_VGEM);
	return ret;
}
