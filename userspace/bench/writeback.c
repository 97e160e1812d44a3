// SPDX-License-Identifier: MIT
#include "writeback.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "../lib/error.h"
#include "../lib/fence.h"

#define FENCE_MS	10000
#define CLEANUP_US	50000

static uint32_t find_connector(int fd)
{
	drmModeResPtr resources = drmModeGetResources(fd);
	uint32_t id = 0;

	for (int i = 0; resources && i < resources->count_connectors && !id; i++) {
		drmModeConnectorPtr connector = drmModeGetConnector(fd, resources->connectors[i]);

		if (connector && connector->connector_type == DRM_MODE_CONNECTOR_WRITEBACK)
			id = connector->connector_id;
		drmModeFreeConnector(connector);
	}
	drmModeFreeResources(resources);
	return id;
}

static uint32_t find_property(int fd, uint32_t connector_id, const char *name)
{
	drmModeObjectPropertiesPtr list =
		drmModeObjectGetProperties(fd, connector_id, DRM_MODE_OBJECT_CONNECTOR);
	uint32_t id = 0;

	for (uint32_t i = 0; list && i < list->count_props && !id; i++) {
		drmModePropertyPtr property = drmModeGetProperty(fd, list->props[i]);

		if (property && !strcmp(property->name, name))
			id = property->prop_id;
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(list);
	return id;
}

int writeback_open(struct writeback *writeback, struct pp_display *display)
{
	int fd = display->device.fd;

	if (drmSetClientCap(fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1))
		return pp_fail(display->device.error, EOPNOTSUPP, "%s has no writeback",
			       display->device.path);
	writeback->connector_id = find_connector(fd);
	writeback->crtc_property = find_property(fd, writeback->connector_id, "CRTC_ID");
	writeback->fb_property = find_property(fd, writeback->connector_id, "WRITEBACK_FB_ID");
	writeback->fence_property =
		find_property(fd, writeback->connector_id, "WRITEBACK_OUT_FENCE_PTR");
	if (!writeback->crtc_property || !writeback->fb_property || !writeback->fence_property)
		return pp_fail(display->device.error, EOPNOTSUPP, "%s has no writeback connector",
			       display->device.path);
	return pp_framebuffer_create(display, &writeback->fb);
}

void writeback_close(struct writeback *writeback, struct pp_display *display)
{
	pp_framebuffer_destroy(display, &writeback->fb);
}

static int set_crtc(struct writeback *writeback, struct pp_display *display, uint32_t crtc_id)
{
	drmModeAtomicReqPtr request = drmModeAtomicAlloc();
	int ret;

	if (!request)
		return -ENOMEM;
	drmModeAtomicAddProperty(request, writeback->connector_id, writeback->crtc_property,
				 crtc_id);
	ret = drmModeAtomicCommit(display->device.fd, request, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	drmModeAtomicFree(request);
	return ret < 0 ? pp_fail(display->device.error, errno, "%s refuses writeback: %s",
				 display->device.path, strerror(errno)) : 0;
}

int writeback_start(struct writeback *writeback, struct pp_display *display)
{
	return set_crtc(writeback, display, display->crtc_id);
}

void writeback_stop(struct writeback *writeback, struct pp_display *display)
{
	set_crtc(writeback, display, 0);
}

int writeback_flip(struct writeback *writeback, struct pp_display *display, uint32_t fb_id)
{
	drmModeAtomicReqPtr request = drmModeAtomicAlloc();
	int32_t fence = -1;
	int ret;

	if (!request)
		return -ENOMEM;
	drmModeAtomicAddProperty(request, display->plane_id, display->properties[PP_PLANE_FB_ID],
				 fb_id);
	drmModeAtomicAddProperty(request, writeback->connector_id, writeback->fb_property,
				 writeback->fb.fb_id);
	drmModeAtomicAddProperty(request, writeback->connector_id, writeback->fence_property,
				 (uintptr_t)&fence);
	ret = drmModeAtomicCommit(display->device.fd, request, 0, NULL);
	drmModeAtomicFree(request);
	if (ret < 0)
		return pp_fail(display->device.error, errno, "%s refuses to write back: %s",
			       display->device.path, strerror(errno));
	ret = pp_fence_wait(fence, FENCE_MS);
	close(fence);
	/* vkms switches writeback off when it has cleaned up after this one, for the next, too. */
	usleep(CLEANUP_US);
	return ret ? pp_fail(display->device.error, -ret, "%s did not write back: %s",
			     display->device.path, strerror(-ret)) : 0;
}
