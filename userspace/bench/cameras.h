/* SPDX-License-Identifier: MIT */
/* Cameras by their driver. */
#ifndef BENCH_CAMERAS_H
#define BENCH_CAMERAS_H

#include "../lib/camera.h"

/* The first camera of @driver's. */
int camera_open_of(struct pp_camera *camera, const char *driver, struct pp_error *error);

#endif
