/* SPDX-License-Identifier: MIT */
/* What a camera's frame costs. */
#ifndef SHARECOST_FRAMES_H
#define SHARECOST_FRAMES_H

struct pp_error;

/* CPU time of the thread that makes frames, camsim's and vivid's; and of a memset of that size. */
int measure_frames(struct pp_error *error);

#endif
