/* SPDX-License-Identifier: MIT */
/*
 * A device of a test's own with two displays, both switched on.
 */
#ifndef LAB_DESK_H
#define LAB_DESK_H

#include <stdint.h>
#include "canvas.h"
#include "plug.h"

#define LAB_DESK_DISPLAYS	2

/**
 * struct lab_desk - the device
 * @plugged: the device.
 * @drm: its primary node, which is DRM master.
 * @canvases: the CRTCs; each begins with the monitor of its number.
 */
struct lab_desk {
	struct lab_plugged plugged;
	int drm;
	struct lab_canvas canvases[LAB_DESK_DISPLAYS];
};

/* @name: of its directory in configfs; skips without modes of that size. */
void lab_desk_open(struct lab_desk *desk, const char *name, uint32_t width, uint32_t height);
void lab_desk_close(struct lab_desk *desk);

#endif /* LAB_DESK_H */
