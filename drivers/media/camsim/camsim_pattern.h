/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the camera sees: colour bars, a moving box, and the frame's stamp.
 */
#ifndef _CAMSIM_PATTERN_H_
#define _CAMSIM_PATTERN_H_

struct camsim_layout;
struct camsim_pattern;
struct simdev_window;
struct simstamp;

struct camsim_pattern *camsim_pattern_create(const struct camsim_layout *layout);
void camsim_pattern_destroy(struct camsim_pattern *pattern);
void camsim_pattern_write(struct camsim_pattern *pattern, struct simdev_window *win,
			  const struct simstamp *stamp);

#endif /* _CAMSIM_PATTERN_H_ */
