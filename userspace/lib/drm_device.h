/* SPDX-License-Identifier: MIT */
/* Finding and opening DRM devices, and what is the same on all of them. */
#ifndef PP_DRM_DEVICE_H
#define PP_DRM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

struct pp_error;

/**
 * enum pp_drm_node - which of a device's files
 * @PP_DRM_PRIMARY: /dev/dri/card*: shows pictures.
 * @PP_DRM_RENDER: /dev/dri/renderD*: makes them.
 */
enum pp_drm_node {
	PP_DRM_PRIMARY,
	PP_DRM_RENDER,
};

/**
 * struct pp_drm_device - an open DRM device
 * @fd: the device's own; pp_drm_close() closes it. The program may poll it and make ioctls.
 * @path: of the file.
 * @driver: its name.
 * @version: of the driver's interface, as text.
 * @error: of who opened it.
 */
struct pp_drm_device {
	int fd;
	char path[64];
	char driver[32];
	char version[32];
	struct pp_error *error;
};

/**
 * pp_drm_open - open a DRM device
 * @device: out: to be closed by pp_drm_close(), also after a failure.
 * @node: which kind of file to look for.
 * @path: the file; NULL for the first of that kind whose driver is @driver.
 * @driver: see @path.
 * @error: gets the reason of each failure; must live as long as the device.
 *
 * Return: 0 or a negative errno, -ENODEV when there is no such device.
 */
int pp_drm_open(struct pp_drm_device *device, enum pp_drm_node node, const char *path,
		const char *driver, struct pp_error *error);

/**
 * pp_drm_close - close a DRM device
 * @device: of pp_drm_open(); may be closed already. All of its handles are gone with it.
 */
void pp_drm_close(struct pp_drm_device *device);

/**
 * pp_drm_is - whether a device is of that driver
 * @device: of pp_drm_open().
 * @driver: name, such as "primesim" or "virtio_gpu".
 *
 * Return: true when it is.
 */
bool pp_drm_is(const struct pp_drm_device *device, const char *driver);

/**
 * pp_drm_export - make a dma-buf of a buffer (PRIME_HANDLE_TO_FD)
 * @device: whose buffer it is.
 * @handle: of the buffer; stays the caller's.
 * @fd: out: a new file descriptor of its dma-buf, owned by the caller. It keeps the memory alive
 *	without the handle and the device.
 *
 * Return: 0 or a negative errno.
 */
int pp_drm_export(struct pp_drm_device *device, uint32_t handle, int *fd);

/**
 * pp_drm_import - take a dma-buf of any device (PRIME_FD_TO_HANDLE)
 * @device: which takes it.
 * @fd: the dma-buf; stays the caller's, who may close it at once.
 * @handle: out: owned by the caller. A device has one handle of each buffer: who imports it
 *	twice gets the same handle, to be closed once with pp_drm_close_handle().
 *
 * Return: 0 or a negative errno, when the device cannot reach that memory; the kernel says why.
 */
int pp_drm_import(struct pp_drm_device *device, int fd, uint32_t *handle);

/**
 * pp_drm_close_handle - give a handle up
 * @device: whose handle it is.
 * @handle: of pp_drm_import() or pp_gpu_create(); 0 is none.
 *
 * The memory lives on while jobs, framebuffers or file descriptors have it.
 */
void pp_drm_close_handle(struct pp_drm_device *device, uint32_t handle);

#endif
