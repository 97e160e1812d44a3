/* SPDX-License-Identifier: MIT */
/* Pictures that a display takes of what it shows, one with each flip. */
#ifndef BENCH_WRITEBACK_H
#define BENCH_WRITEBACK_H

#include "../lib/display.h"

struct writeback {
	uint32_t connector_id;
	uint32_t crtc_property;
	uint32_t fb_property;
	uint32_t fence_property;
	struct pp_framebuffer fb;	/* where the pictures go */
};

int writeback_open(struct writeback *writeback, struct pp_display *display);
void writeback_close(struct writeback *writeback, struct pp_display *display);

/* Ties it to the display. */
int writeback_start(struct writeback *writeback, struct pp_display *display);
void writeback_stop(struct writeback *writeback, struct pp_display *display);
/* Shows a framebuffer, and returns when the picture of it is there. */
int writeback_flip(struct writeback *writeback, struct pp_display *display, uint32_t fb_id);

#endif
