/* SPDX-License-Identifier: MIT */
/* One frame's way from the camera's buffer into a display's buffer. */
#ifndef CONVEY_H
#define CONVEY_H

#include "pipeline.h"

/*
 * Without --copy this only queues work: target->fence then tells when the frame
 * is in @target. With --copy it waits for the GPU, as copying makes necessary.
 */
int convey(struct pipeline *pipeline, struct source *source, struct target *target);

#endif
