/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Misbehaviour on demand: what private controls ask for, and what a frame suffers.
 */
#ifndef _CAMSIM_MISBEHAVE_H_
#define _CAMSIM_MISBEHAVE_H_

#include <linux/atomic.h>
#include <linux/bits.h>

struct camsim;
struct camsim_source_mode;

/*
 * For how many frames from now on (up to CAMSIM_WRONG_SEQUENCE), in how many frames
 * (up to CAMSIM_UNPLUG), for how many milliseconds (up to CAMSIM_DELAY_MS), or to what.
 */
enum camsim_wish {
	CAMSIM_DROP,
	CAMSIM_FREEZE,
	CAMSIM_CORRUPT,
	CAMSIM_FLAG_ERROR,
	CAMSIM_FAULT,
	CAMSIM_SHORTEN,
	CAMSIM_WRONG_SEQUENCE,
	CAMSIM_CHANGE_SOURCE,
	CAMSIM_END,
	CAMSIM_FAIL,
	CAMSIM_UNPLUG,
	CAMSIM_STALL_MS,
	CAMSIM_DELAY_MS,
	CAMSIM_SOURCE_WIDTH,
	CAMSIM_SOURCE_HEIGHT,
	CAMSIM_SOURCE_RATE,
	CAMSIM_NUM_WISHES,
};

/**
 * struct camsim_misbehaviour - what clients have asked for and not got yet
 * @wishes: by &enum camsim_wish. Written by controls, counted down by the stream.
 * @late: frames of the current stream that a slow machine did not make.
 */
struct camsim_misbehaviour {
	atomic_t wishes[CAMSIM_NUM_WISHES];
	atomic_t late;
};

int camsim_misbehave_init(struct camsim *cam);
int camsim_misbehave_module_init(void);
void camsim_misbehave_module_exit(void);

bool camsim_misbehave_due(struct camsim *cam, enum camsim_wish wish);
unsigned int camsim_misbehave_take_frame(struct camsim *cam);
unsigned int camsim_misbehave_take_stall(struct camsim *cam);
unsigned int camsim_misbehave_delay(struct camsim *cam);
bool camsim_misbehave_source_change(struct camsim *cam, struct camsim_source_mode *mode);

void camsim_misbehave_unplug(struct camsim *cam);
void camsim_misbehave_unplug_cancel(struct camsim *cam);

#endif /* _CAMSIM_MISBEHAVE_H_ */
