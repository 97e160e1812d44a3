/* SPDX-License-Identifier: MIT */
/* The rows, in groups. All return 0 or a negative errno. */
#ifndef BENCH_GROUPS_H
#define BENCH_GROUPS_H

#include "row.h"

int bench_imports(const struct bench *bench);	/* attach, map, unmap, detach */
int bench_qbuf(const struct bench *bench);	/* the same by a camera */
int bench_prime(const struct bench *bench);	/* from an object to a dma-buf and back */
int bench_camera(const struct bench *bench);	/* a frame */
int bench_lookup(const struct bench *bench);	/* while more and more is alive */
int bench_engine(const struct bench *bench);	/* operations of the GPU */
int bench_display(const struct bench *bench);	/* a flip */
int bench_pipeline(const struct bench *bench);	/* a frame, from camera to display */
int bench_scaling(const struct bench *bench);	/* many of these at once */
int bench_processors(const struct bench *bench);	/* the same on all processors */
int bench_modules(const struct bench *bench);	/* load, idle, memory */

#endif
