/* SPDX-License-Identifier: MIT */
/*
 * --early-fences: in the second half of the run, what is done with a frame is queued
 * before the frame exists; the camera's fence starts it.
 */
#ifndef EARLY_H
#define EARLY_H

#include "pipeline.h"

/* Fails when the camera has no such fences. Call before the camera is started. */
int early_check(struct pipeline *pipeline);
/* Call after each frame shown; switches the camera's fences on at the right one. */
int early_reached(struct pipeline *pipeline);
/*
 * Queues the conversion of the next frame that the camera is going to make. Returns 1
 * when a target has become ready by that, 0 when there is nothing to do now.
 */
int early_submit(struct pipeline *pipeline);
/* Where the frame that now came in @source is, or is going to be; NULL: nowhere yet. */
struct target *early_target(struct pipeline *pipeline, const struct source *source);
/* The frame that @target was waiting for is there. */
void early_arrived(struct target *target, const struct pp_frame *frame);

#endif
