/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the camera looks at may change its size while it is looked at.
 */
#ifndef _CAMSIM_SOURCE_H_
#define _CAMSIM_SOURCE_H_

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct camsim;

/**
 * struct camsim_source - a change of the source's size
 * @lock: protects @width and @height.
 * @width: pixels that the source has now, 0: as many as the camera's format says.
 * @height: lines, likewise.
 * @work: brings the camera's format up to date.
 */
struct camsim_source {
	spinlock_t lock;	/* protects the size */
	u32 width;
	u32 height;
	struct work_struct work;
};

void camsim_source_init(struct camsim *cam);
void camsim_source_cancel(struct camsim *cam);
void camsim_source_change(struct camsim *cam, u32 width, u32 height);
void camsim_source_settle(struct camsim *cam);

#endif /* _CAMSIM_SOURCE_H_ */
