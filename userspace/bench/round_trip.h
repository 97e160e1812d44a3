/* SPDX-License-Identifier: MIT */
/* From an object to a dma-buf and back, within one driver. */
#ifndef BENCH_ROUND_TRIP_H
#define BENCH_ROUND_TRIP_H

#include "lab.h"
#include "row.h"

/* For a row's steps, and by place in a party's values. */
extern const char *const round_trip_steps[];
enum round_trip_step {
	TRIP_CREATE,
	TRIP_EXPORT,
	TRIP_IMPORT,
	TRIP_CLOSE,
	TRIP_ALL,
};

/* @device, @again: two files of one device. @size: of the objects, in bytes. */
struct round_trip {
	struct pp_drm_device *device;
	struct pp_drm_device again;
	size_t size;
	int (*create)(struct pp_drm_device *device, size_t size, uint32_t *handle);
};

int round_trip_open(struct round_trip *trip, struct pp_drm_device *device);
void round_trip_close(struct round_trip *trip);

/* For a party whose context is a struct round_trip. */
int round_trip_measure(void *context, uint64_t *values);
/* The least: as many ioctls and a close, on the file of @context's device. */
int round_trip_limit(void *context, uint64_t *values);
/* As a trip, but what was made stays, with a handle on each file. */
int round_trip_keep(struct round_trip *trip);

#endif
