/* SPDX-License-Identifier: MIT */
/* What the GPU's operations cost at 1920x1080, beside copying as many bytes. */
#ifndef SHARECOST_OPERATE_H
#define SHARECOST_OPERATE_H

#include "memory.h"

int measure_operations(struct cost_lab *lab);

#endif
