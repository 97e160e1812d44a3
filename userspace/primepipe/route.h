/* SPDX-License-Identifier: MIT */
/* The ways from the camera to the display: who allocates, who converts, who shows. */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>

/* Who allocates the memory that the camera writes. */
enum camera_memory {
	CAMERA_MEMORY_CAMERA,
	CAMERA_MEMORY_GPU,
	CAMERA_MEMORY_DISPLAY,	/* no GPU between the two */
};

struct route {
	const char *name;
	const char *summary;
	enum camera_memory camera_memory;
	const char *display_driver;	/* looked for unless --display names a node */
};

/* NULL when there is none of that name. */
const struct route *route_by_name(const char *name);
/* The routes one after the other; NULL after the last. */
const struct route *route_at(unsigned int index);

static inline bool route_converts(const struct route *route)
{
	return route->camera_memory != CAMERA_MEMORY_DISPLAY;
}

#endif
