/* SPDX-License-Identifier: MIT */
/* --midway: a command that looks at the pipeline from outside while it runs. */
#ifndef MIDWAY_H
#define MIDWAY_H

#include <stdbool.h>
#include <sys/types.h>

#include "pipeline.h"

/* Zero it before use. */
struct midway {
	pid_t pid;	/* 0: not started */
};

/* Call after each frame shown; starts the command at the right one and goes on. */
int midway_reached(struct midway *midway, struct pipeline *pipeline);
/* Waits for the command; fails when it failed. */
int midway_end(struct midway *midway, struct pipeline *pipeline);

#endif
