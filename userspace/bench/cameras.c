// SPDX-License-Identifier: MIT
#include "cameras.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../lib/error.h"

#define MAX_NODES 64

int camera_open_of(struct pp_camera *camera, const char *driver, struct pp_error *error)
{
	for (int i = 0; i < MAX_NODES; i++) {
		struct pp_error unused = { 0 };
		char path[32];

		snprintf(path, sizeof(path), "/dev/video%d", i);
		if (pp_camera_open(camera, path, &unused))
			continue;
		if (!strcmp((const char *)camera->capability.driver, driver)) {
			camera->error = error;
			return 0;
		}
		pp_camera_close(camera);
	}
	return pp_fail(error, ENODEV, "no camera of driver %s", driver);
}
