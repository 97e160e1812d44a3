/* SPDX-License-Identifier: MIT */
/*
 * Something of each kind that an actor could leave, to see whether it is noticed.
 */
#ifndef LEFTOVERS_H
#define LEFTOVERS_H

#include "camera.h"
#include "fence.h"

/* More than 6.12 may be wrong by when it tells how many files are open */
#define LEFTOVER_FILES	128

/**
 * struct leftovers - what is left
 * @drm: file of primesim with many objects, one of which has memory.
 * @dmabufs: of some of them, the first of that one.
 * @camera: has it attached and mapped.
 * @fence: nobody signals it.
 */
struct leftovers {
	int drm;
	int dmabufs[LEFTOVER_FILES];
	struct lab_camera camera;
	struct lab_fence fence;
};

void leftovers_leave(struct leftovers *left);
void leftovers_remove(struct leftovers *left);

#endif /* LEFTOVERS_H */
