/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_SUBMIT_H_
#define _PRIMESIM_SUBMIT_H_

struct drm_device;
struct drm_file;

int primesim_ioctl_submit(struct drm_device *dev, void *data, struct drm_file *file);

#endif /* _PRIMESIM_SUBMIT_H_ */
