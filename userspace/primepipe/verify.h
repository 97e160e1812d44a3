/* SPDX-License-Identifier: MIT */
/* Whether what the display shows is the frame that went in. */
#ifndef VERIFY_H
#define VERIFY_H

#include "pipeline.h"

/* @target has just been flipped to. Mismatches are counted; only broken devices fail. */
int verify_shown(struct pipeline *pipeline, struct target *target);

#endif
