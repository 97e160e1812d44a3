/* SPDX-License-Identifier: MIT */
/* Running the pipeline: frames in, flips out, until enough are shown. */
#ifndef RUN_H
#define RUN_H

#include "pipeline.h"

/* Returns when all frames are shown or the user interrupts; negative errno when it breaks. */
int run(struct pipeline *pipeline);

#endif
