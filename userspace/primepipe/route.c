// SPDX-License-Identifier: MIT
#include "route.h"

#include <stddef.h>
#include <string.h>

static const struct route routes[] = {
	{
		.name = "gpu-alloc",
		.summary = "primesim allocates; camsim writes there; primesim converts and shows",
		.camera_memory = CAMERA_MEMORY_GPU,
		.display_driver = "primesim",
	}, {
		.name = "virtio",
		.summary = "the same, but into virtio-gpu's buffers, shown on QEMU's screen",
		.camera_memory = CAMERA_MEMORY_GPU,
		.display_driver = "virtio_gpu",
	}, {
		.name = "direct",
		.summary = "camsim writes straight into virtio-gpu's buffers; no GPU",
		.camera_memory = CAMERA_MEMORY_DISPLAY,
		.display_driver = "virtio_gpu",
	}, {
		.name = "cam-alloc",
		.summary = "camsim allocates and exports; primesim imports, converts and shows",
		.camera_memory = CAMERA_MEMORY_CAMERA,
		.display_driver = "primesim",
	},
};

#define ROUTES (sizeof(routes) / sizeof(routes[0]))

const struct route *route_by_name(const char *name)
{
	for (size_t i = 0; i < ROUTES; i++) {
		if (!strcmp(routes[i].name, name))
			return &routes[i];
	}
	return NULL;
}

const struct route *route_at(unsigned int index)
{
	return index < ROUTES ? &routes[index] : NULL;
}
