// SPDX-License-Identifier: MIT
#include "desk.h"
#include "lab.h"

void lab_desk_open(struct lab_desk *desk, const char *name, uint32_t width, uint32_t height)
{
	lab_plug_prepare(&desk->plugged, "primesim", name);
	lab_plug_set(&desk->plugged, "displays", "2");
	lab_plug_start(&desk->plugged);
	desk->drm = lab_plugged_primary(&desk->plugged);
	for (int i = 0; i < LAB_DESK_DISPLAYS; i++)
		lab_canvas_open(&desk->canvases[i], desk->drm, i, width, height);
}

void lab_desk_close(struct lab_desk *desk)
{
	for (int i = 0; i < LAB_DESK_DISPLAYS; i++)
		lab_canvas_close(&desk->canvases[i]);
	lab_close(desk->drm);
	lab_unplug(&desk->plugged);
}
