/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A producer's times in the camera's. Pure logic, also compiled in userspace.
 */
#ifndef _CAMSIM_TIMELINE_H_
#define _CAMSIM_TIMELINE_H_

#include <linux/types.h>

/**
 * struct camsim_timeline - where the producer's times are in the camera's
 * @begun: whether there was a frame. All zero is a timeline that has not begun.
 * @last: the last frame's timestamp, in nanoseconds of the producer's.
 * @offset: what is added to get the camera's.
 * @period: the shortest time between two frames, 0 while that is unknown.
 */
struct camsim_timeline {
	bool begun;
	u64 last;
	s64 offset;
	s64 period;
};

s64 camsim_timeline_place(struct camsim_timeline *timeline, u64 timestamp, s64 now, s64 margin,
			  unsigned int ahead);

#endif /* _CAMSIM_TIMELINE_H_ */
