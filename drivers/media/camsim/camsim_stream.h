/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The stream: fills buffers at the camera's frame rate.
 */
#ifndef _CAMSIM_STREAM_H_
#define _CAMSIM_STREAM_H_

struct camsim;

int camsim_stream_start(struct camsim *cam);
void camsim_stream_stop(struct camsim *cam);
void camsim_stream_suspend(struct camsim *cam);
void camsim_stream_resume(struct camsim *cam);
void camsim_stream_log(struct camsim *cam);

#endif /* _CAMSIM_STREAM_H_ */
