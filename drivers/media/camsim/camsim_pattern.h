/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The frames that the camera writes: a scene, a moving box, and the stamp.
 */
#ifndef _CAMSIM_PATTERN_H_
#define _CAMSIM_PATTERN_H_

struct camsim_access;
struct camsim_layout;
struct camsim_pattern;
struct camsim_settings;
struct simstamp;
struct v4l2_rect;

struct camsim_pattern *camsim_pattern_create(const struct camsim_layout *layout,
					     const struct v4l2_rect *crop);
void camsim_pattern_destroy(struct camsim_pattern *pattern);
void camsim_pattern_write(struct camsim_pattern *pattern, struct camsim_access *access,
			  const struct camsim_settings *settings, const struct simstamp *stamp);
void camsim_pattern_spoil(struct camsim_pattern *pattern, struct camsim_access *access);

#endif /* _CAMSIM_PATTERN_H_ */
