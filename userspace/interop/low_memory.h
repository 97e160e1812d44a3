/* SPDX-License-Identifier: MIT */
/*
 * Memory of a small machine mostly lies where a device of few address bits can
 * reach it; on a large one hardly any does. So occupy the lowest GiB.
 */
#ifndef INTEROP_LOW_MEMORY_H
#define INTEROP_LOW_MEMORY_H

#include "../lib/error.h"

/*
 * Takes pages until hardly any below 1 GiB is free, and keeps them until the process
 * ends. Done again, it takes what others have freed since. The kernel can still move
 * them out of the way of who asks for low memory.
 * 0 or a negative errno, with a line in @error.
 */
int low_memory_occupy(struct pp_error *error);

#endif
