/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _CAMSIM_EVENT_H_
#define _CAMSIM_EVENT_H_

#include <linux/types.h>

struct camsim;
struct v4l2_event_subscription;
struct v4l2_fh;

int camsim_event_subscribe_frame_sync(struct v4l2_fh *fh,
				      const struct v4l2_event_subscription *sub);
int camsim_event_subscribe(struct v4l2_fh *fh, const struct v4l2_event_subscription *sub);
void camsim_event_frame_sync(struct camsim *cam, u32 sequence);
void camsim_event_source_change(struct camsim *cam);
void camsim_event_end_of_stream(struct camsim *cam);

#endif /* _CAMSIM_EVENT_H_ */
