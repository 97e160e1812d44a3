/* SPDX-License-Identifier: MIT */
/* The operations whose cost is looked at. All return 0 or a negative errno. */
#ifndef SHARECOST_MEASURE_H
#define SHARECOST_MEASURE_H

#include "memory.h"

/* Create, export, import on a second file of the same device, close. */
int measure_round_trips(struct cost_lab *lab);
/* A dma-buf of somebody else's, by exporter and size. */
int measure_imports(struct cost_lab *lab);
/* Both of these while more and more buffers are alive. */
int measure_alive(struct cost_lab *lab);

#endif
