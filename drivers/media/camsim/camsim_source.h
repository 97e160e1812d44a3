/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the camera looks at may change its size and its rate while it is looked at.
 */
#ifndef _CAMSIM_SOURCE_H_
#define _CAMSIM_SOURCE_H_

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct camsim;

/**
 * struct camsim_source_mode - what has changed
 * @width: pixels that the source has now, 0: as many as before.
 * @height: lines, likewise.
 * @rate: frames a second, likewise.
 */
struct camsim_source_mode {
	u32 width;
	u32 height;
	u32 rate;
};

/**
 * struct camsim_source - a change that the camera does not tell yet
 * @lock: protects @mode.
 * @mode: the change.
 * @work: brings what the camera tells up to date.
 */
struct camsim_source {
	spinlock_t lock;	/* protects the mode */
	struct camsim_source_mode mode;
	struct work_struct work;
};

static inline bool camsim_source_resized(const struct camsim_source_mode *mode)
{
	return mode->width || mode->height;
}

void camsim_source_init(struct camsim *cam);
void camsim_source_cancel(struct camsim *cam);
void camsim_source_change(struct camsim *cam, const struct camsim_source_mode *mode);
void camsim_source_settle(struct camsim *cam);

#endif /* _CAMSIM_SOURCE_H_ */
