// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: when a producer's frame is due
 *
 * Rates are converted by timestamps. When the first frame comes it is decided where
 * the producer's times are in the camera's: half a frame's time of the camera's behind,
 * so that small irregularities do no harm. A frame without a timestamp is due when it
 * comes. A timestamp that goes back, or more than a second ahead of the one before, and a
 * frame that comes more than a second late begin anew. No frame waits longer than it
 * takes to show as many as the producer has buffers: a producer that has a clock, and
 * whose first frame was late, would have to wait for buffers otherwise.
 */
#include <linux/minmax.h>
#include <linux/time64.h>

#include "camsim_timeline.h"

/* Longer steps between frames, and longer delays, are no part of the same timeline. */
#define CAMSIM_TIMELINE_STEP_NS		((s64)NSEC_PER_SEC)

/**
 * camsim_timeline_place - when a frame is to be shown
 * @timeline: the timeline.
 * @timestamp: what the producer says, in nanoseconds; 0: nothing.
 * @now: when the frame came, in nanoseconds of the camera's.
 * @margin: how much later the first one is shown, in nanoseconds.
 * @ahead: how many frames a producer can be ahead that waits for its buffers only.
 *
 * Return: nanoseconds of the camera's.
 */
s64 camsim_timeline_place(struct camsim_timeline *timeline, u64 timestamp, s64 now, s64 margin,
			  unsigned int ahead)
{
	s64 step = timestamp - timeline->last;
	s64 due = timestamp + timeline->offset;

	if (!timestamp)
		return now;

	timeline->last = timestamp;
	if (!timeline->begun || step < 0 || step > CAMSIM_TIMELINE_STEP_NS ||
	    due < now - CAMSIM_TIMELINE_STEP_NS) {
		due = now + margin;
		timeline->begun = true;
		timeline->period = 0;
	} else if (step) {
		timeline->period = min(timeline->period ?: step, step);
	}
	/* Later than that: the first frame came late, and those that follow in time. */
	due = min(due, now + margin + ahead * timeline->period);
	timeline->offset = due - timestamp;
	return due;
}
