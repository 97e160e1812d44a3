/* SPDX-License-Identifier: MIT */
/* Finding and opening DRM devices, and what is the same on all of them. */
#ifndef PP_DRM_DEVICE_H
#define PP_DRM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

struct pp_error;

enum pp_drm_node {
	PP_DRM_PRIMARY,		/* /dev/dri/card*: shows pictures */
	PP_DRM_RENDER,		/* /dev/dri/renderD*: makes them */
};

struct pp_drm_device {
	int fd;			/* owned; closed by pp_drm_close() */
	char path[64];
	char driver[32];
	char version[32];
	struct pp_error *error;
};

/*
 * Opens @path, or, when that is NULL, the first node of that kind whose driver
 * is @driver.
 */
int pp_drm_open(struct pp_drm_device *device, enum pp_drm_node node, const char *path,
		const char *driver, struct pp_error *error);
void pp_drm_close(struct pp_drm_device *device);
bool pp_drm_is(const struct pp_drm_device *device, const char *driver);

/* @fd: a new file descriptor of the object's dma-buf, owned by the caller. */
int pp_drm_export(struct pp_drm_device *device, uint32_t handle, int *fd);
/*
 * @handle: to be closed once with pp_drm_close_handle(), however often it was
 * imported. @fd stays the caller's.
 */
int pp_drm_import(struct pp_drm_device *device, int fd, uint32_t *handle);
void pp_drm_close_handle(struct pp_drm_device *device, uint32_t handle);

#endif
