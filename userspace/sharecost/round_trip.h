/* SPDX-License-Identifier: MIT */
/* From an object to a dma-buf and back, within one driver. */
#ifndef SHARECOST_ROUND_TRIP_H
#define SHARECOST_ROUND_TRIP_H

#include "memory.h"
#include "rows.h"

/* @device, @again: two files of one device. */
struct round_trip {
	struct pp_drm_device *device;
	struct pp_drm_device again;
	int (*create)(struct pp_drm_device *device, size_t size, uint32_t *handle);
};

int round_trip_open(struct round_trip *trip, struct pp_drm_device *device);
void round_trip_close(struct round_trip *trip);

struct operation round_trip_operation(const char *table, const struct round_trip *trip,
				      size_t size);
int round_trip_measure(struct round_trip *trip, size_t size, struct operation *op);
/* The same, but what was made stays, with a handle on each file. */
int round_trip_keep(struct round_trip *trip, size_t size);

#endif
