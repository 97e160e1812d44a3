/* SPDX-License-Identifier: MIT */
/* When each frame was where: the most recent ones. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#define TIMELINE_FRAMES 1024

/* Nanoseconds of CLOCK_MONOTONIC; both 0 when the frame had no such step. */
struct span {
	uint64_t begin;
	uint64_t end;
};

struct frame_record {
	uint32_t sequence;
	bool early;		/* the job was queued before the frame's time */
	bool damaged;		/* the camera says that its content is no good */
	struct span capture;	/* the camera's timestamp .. the frame is there */
	struct span copy_in;	/* memcpy to the GPU's buffer */
	struct span convert;	/* job queued .. its fence has signalled */
	struct span copy_out;	/* memcpy to the display's buffer */
	struct span flip;	/* flip queued .. it happened */
};

struct timeline {
	struct frame_record frames[TIMELINE_FRAMES];
	uint64_t count;		/* of all frames ever added */
};

static inline void timeline_add(struct timeline *timeline, const struct frame_record *record)
{
	timeline->frames[timeline->count++ % TIMELINE_FRAMES] = *record;
}

/* Index of the oldest frame still there; go on to count - 1. */
static inline uint64_t timeline_first(const struct timeline *timeline)
{
	return timeline->count > TIMELINE_FRAMES ? timeline->count - TIMELINE_FRAMES : 0;
}

static inline const struct frame_record *timeline_at(const struct timeline *timeline,
						     uint64_t index)
{
	return &timeline->frames[index % TIMELINE_FRAMES];
}

#endif
