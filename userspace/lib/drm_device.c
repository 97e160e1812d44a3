// SPDX-License-Identifier: MIT
#include "drm_device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "error.h"

#define MAX_NODES 64

static int open_node(struct pp_drm_device *device, const char *path)
{
	drmVersionPtr version;

	device->fd = open(path, O_RDWR | O_CLOEXEC);
	if (device->fd < 0)
		return -errno;
	version = drmGetVersion(device->fd);
	if (!version) {
		pp_drm_close(device);
		return -ENOTTY;
	}
	snprintf(device->path, sizeof(device->path), "%s", path);
	snprintf(device->driver, sizeof(device->driver), "%s", version->name);
	snprintf(device->version, sizeof(device->version), "%d.%d.%d", version->version_major,
		 version->version_minor, version->version_patchlevel);
	drmFreeVersion(version);
	return 0;
}

static int find_driver(struct pp_drm_device *device, enum pp_drm_node node, const char *driver)
{
	const char *name = node == PP_DRM_RENDER ? "renderD" : "card";
	int first = node == PP_DRM_RENDER ? 128 : 0;

	for (int i = first; i < first + MAX_NODES; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/dev/dri/%s%d", name, i);
		if (open_node(device, path))
			continue;
		if (pp_drm_is(device, driver))
			return 0;
		pp_drm_close(device);
	}
	return pp_fail(device->error, ENODEV,
		       "no %s: no /dev/dri/%s* belongs to %s; load it with: modprobe %s",
		       node == PP_DRM_RENDER ? "GPU" : "display", name, driver, driver);
}

int pp_drm_open(struct pp_drm_device *device, enum pp_drm_node node, const char *path,
		const char *driver, struct pp_error *error)
{
	int ret;

	*device = (struct pp_drm_device) { .fd = -1, .error = error };
	if (!path)
		return find_driver(device, node, driver);
	ret = open_node(device, path);
	if (ret == -ENOTTY)
		return pp_fail(error, ENODEV, "%s is not a DRM device", path);
	if (ret)
		return pp_fail(error, -ret, "cannot open %s: %s; leave out --%s to take %s's", path,
			       strerror(-ret), node == PP_DRM_RENDER ? "gpu" : "display", driver);
	return 0;
}

void pp_drm_close(struct pp_drm_device *device)
{
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
}

bool pp_drm_is(const struct pp_drm_device *device, const char *driver)
{
	return !strcmp(device->driver, driver);
}

int pp_drm_export(struct pp_drm_device *device, uint32_t handle, int *fd)
{
	if (drmPrimeHandleToFD(device->fd, handle, DRM_CLOEXEC | DRM_RDWR, fd))
		return pp_fail(device->error, errno, "%s (%s) cannot export a buffer: %s",
			       device->path, device->driver, strerror(errno));
	return 0;
}

int pp_drm_import(struct pp_drm_device *device, int fd, uint32_t *handle)
{
	if (drmPrimeFDToHandle(device->fd, fd, handle))
		return pp_fail(device->error, errno,
			       "%s (%s) refuses to import a buffer: %s (the kernel log or simbuf's debugfs says why)",
			       device->path, device->driver, strerror(errno));
	return 0;
}

void pp_drm_close_handle(struct pp_drm_device *device, uint32_t handle)
{
	if (handle)
		drmCloseBufferHandle(device->fd, handle);
}
