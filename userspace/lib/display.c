// SPDX-License-Identifier: MIT
#include "display.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <xf86drm.h>

#include "display_mode.h"
#include "error.h"

#define FLIP_TIMEOUT_MS 1000

struct property_name {
	uint32_t object_type;
	const char *name;
};

static const struct property_name property_names[PP_DISPLAY_PROPERTIES] = {
	[PP_CONNECTOR_CRTC_ID] = { DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID" },
	[PP_CRTC_ACTIVE] = { DRM_MODE_OBJECT_CRTC, "ACTIVE" },
	[PP_CRTC_MODE_ID] = { DRM_MODE_OBJECT_CRTC, "MODE_ID" },
	[PP_PLANE_FB_ID] = { DRM_MODE_OBJECT_PLANE, "FB_ID" },
	[PP_PLANE_CRTC_ID] = { DRM_MODE_OBJECT_PLANE, "CRTC_ID" },
	[PP_PLANE_SRC_X] = { DRM_MODE_OBJECT_PLANE, "SRC_X" },
	[PP_PLANE_SRC_Y] = { DRM_MODE_OBJECT_PLANE, "SRC_Y" },
	[PP_PLANE_SRC_W] = { DRM_MODE_OBJECT_PLANE, "SRC_W" },
	[PP_PLANE_SRC_H] = { DRM_MODE_OBJECT_PLANE, "SRC_H" },
	[PP_PLANE_CRTC_X] = { DRM_MODE_OBJECT_PLANE, "CRTC_X" },
	[PP_PLANE_CRTC_Y] = { DRM_MODE_OBJECT_PLANE, "CRTC_Y" },
	[PP_PLANE_CRTC_W] = { DRM_MODE_OBJECT_PLANE, "CRTC_W" },
	[PP_PLANE_CRTC_H] = { DRM_MODE_OBJECT_PLANE, "CRTC_H" },
	[PP_PLANE_IN_FENCE_FD] = { DRM_MODE_OBJECT_PLANE, "IN_FENCE_FD" },
};

static int take_control(struct pp_display *display)
{
	struct pp_drm_device *device = &display->device;

	if (drmSetClientCap(device->fd, DRM_CLIENT_CAP_ATOMIC, 1))
		return pp_fail(device->error, EOPNOTSUPP,
			       "%s (%s) is not a display with atomic modesetting", device->path,
			       device->driver);
	if (!drmIsMaster(device->fd) && drmSetMaster(device->fd))
		return pp_fail(device->error, EBUSY,
			       "another program shows pictures on %s; stop it, or use a text console",
			       device->path);
	return 0;
}

int pp_display_open(struct pp_display *display, const char *path, const char *driver,
		    struct pp_error *error)
{
	int ret;

	*display = (struct pp_display) { 0 };
	ret = pp_drm_open(&display->device, PP_DRM_PRIMARY, path, driver, error);
	if (ret)
		return ret;
	ret = take_control(display);
	if (ret)
		pp_drm_close(&display->device);
	return ret;
}

static uint32_t object_id(const struct pp_display *display, uint32_t object_type)
{
	switch (object_type) {
	case DRM_MODE_OBJECT_CONNECTOR:
		return display->connector_id;
	case DRM_MODE_OBJECT_CRTC:
		return display->crtc_id;
	default:
		return display->plane_id;
	}
}

static uint32_t find_property(int fd, uint32_t object, uint32_t object_type, const char *name,
			      uint64_t *value)
{
	drmModeObjectPropertiesPtr list = drmModeObjectGetProperties(fd, object, object_type);
	uint32_t id = 0;

	for (uint32_t i = 0; list && i < list->count_props && !id; i++) {
		drmModePropertyPtr property = drmModeGetProperty(fd, list->props[i]);

		if (property && !strcmp(property->name, name)) {
			id = property->prop_id;
			if (value)
				*value = list->prop_values[i];
		}
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(list);
	return id;
}

static int find_properties(struct pp_display *display)
{
	for (int i = 0; i < PP_DISPLAY_PROPERTIES; i++) {
		const struct property_name *wanted = &property_names[i];

		display->properties[i] = find_property(display->device.fd,
						       object_id(display, wanted->object_type),
						       wanted->object_type, wanted->name, NULL);
		if (!display->properties[i])
			return pp_fail(display->device.error, EOPNOTSUPP,
				       "%s (%s) has no property %s", display->device.path,
				       display->device.driver, wanted->name);
	}
	return 0;
}

static bool is_primary_of(int fd, drmModePlanePtr plane, uint32_t crtc_index)
{
	uint64_t type = DRM_PLANE_TYPE_OVERLAY;

	if (!(plane->possible_crtcs & 1u << crtc_index))
		return false;
	find_property(fd, plane->plane_id, DRM_MODE_OBJECT_PLANE, "type", &type);
	return type == DRM_PLANE_TYPE_PRIMARY;
}

static uint32_t find_primary_plane(int fd, uint32_t crtc_index)
{
	drmModePlaneResPtr planes = drmModeGetPlaneResources(fd);
	uint32_t id = 0;

	for (uint32_t i = 0; planes && i < planes->count_planes && !id; i++) {
		drmModePlanePtr plane = drmModeGetPlane(fd, planes->planes[i]);

		if (plane && is_primary_of(fd, plane, crtc_index))
			id = plane->plane_id;
		drmModeFreePlane(plane);
	}
	drmModeFreePlaneResources(planes);
	return id;
}

/* The first CRTC that one of the connector's encoders can use. */
static int find_crtc(struct pp_display *display, const drmModeRes *resources,
		     const drmModeConnector *connector)
{
	int fd = display->device.fd;
	uint32_t possible = 0;

	for (int i = 0; i < connector->count_encoders; i++) {
		drmModeEncoderPtr encoder = drmModeGetEncoder(fd, connector->encoders[i]);

		if (encoder)
			possible |= encoder->possible_crtcs;
		drmModeFreeEncoder(encoder);
	}
	for (int i = 0; i < resources->count_crtcs; i++) {
		if (!(possible & 1u << i))
			continue;
		display->crtc_id = resources->crtcs[i];
		display->plane_id = find_primary_plane(fd, (uint32_t)i);
		if (display->plane_id)
			return 0;
	}
	return -ENODEV;
}

static drmModeConnectorPtr find_connector(int fd, const drmModeRes *resources)
{
	for (int i = 0; i < resources->count_connectors; i++) {
		drmModeConnectorPtr connector = drmModeGetConnector(fd, resources->connectors[i]);

		if (connector && connector->connection == DRM_MODE_CONNECTED &&
		    connector->count_modes)
			return connector;
		drmModeFreeConnector(connector);
	}
	return NULL;
}

static void add(const struct pp_display *display, drmModeAtomicReq *request,
		enum pp_display_property property, uint64_t value)
{
	drmModeAtomicAddProperty(request, object_id(display, property_names[property].object_type),
				 display->properties[property], value);
}

static void add_modeset(const struct pp_display *display, drmModeAtomicReq *request, bool on)
{
	add(display, request, PP_CONNECTOR_CRTC_ID, on ? display->crtc_id : 0);
	add(display, request, PP_CRTC_MODE_ID, on ? display->mode_blob : 0);
	add(display, request, PP_CRTC_ACTIVE, on);
}

static void add_plane(const struct pp_display *display, drmModeAtomicReq *request, uint32_t fb_id)
{
	const drmModeModeInfo *mode = &display->mode;
	uint32_t width = fb_id ? mode->hdisplay : 0;
	uint32_t height = fb_id ? mode->vdisplay : 0;

	add(display, request, PP_PLANE_FB_ID, fb_id);
	add(display, request, PP_PLANE_CRTC_ID, fb_id ? display->crtc_id : 0);
	add(display, request, PP_PLANE_SRC_X, 0);
	add(display, request, PP_PLANE_SRC_Y, 0);
	add(display, request, PP_PLANE_SRC_W, (uint64_t)width << 16);
	add(display, request, PP_PLANE_SRC_H, (uint64_t)height << 16);
	add(display, request, PP_PLANE_CRTC_X, 0);
	add(display, request, PP_PLANE_CRTC_Y, 0);
	add(display, request, PP_PLANE_CRTC_W, width);
	add(display, request, PP_PLANE_CRTC_H, height);
}

static int commit(struct pp_display *display, drmModeAtomicReq *request, uint32_t flags)
{
	int ret = drmModeAtomicCommit(display->device.fd, request, flags, display);

	drmModeAtomicFree(request);
	return ret < 0 ? -errno : 0;
}

static int set_mode(struct pp_display *display, const drmModeModeInfo *mode)
{
	int fd = display->device.fd;

	if (display->mode_blob)
		drmModeDestroyPropertyBlob(fd, display->mode_blob);
	display->mode = *mode;
	display->mode_blob = 0;
	if (drmModeCreatePropertyBlob(fd, mode, sizeof(*mode), &display->mode_blob))
		return pp_fail(display->device.error, errno, "%s: cannot set a mode: %s",
			       display->device.path, strerror(errno));
	return 0;
}

static bool mode_is_taken(struct pp_display *display)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	if (!request)
		return false;
	add_modeset(display, request, true);
	return !commit(display, request, DRM_MODE_ATOMIC_TEST_ONLY | DRM_MODE_ATOMIC_ALLOW_MODESET);
}

static int choose_mode(struct pp_display *display, const drmModeConnector *connector,
		       uint32_t width, uint32_t height)
{
	const drmModeModeInfo *found = pp_mode_find(connector, width, height);

	if (found)
		return set_mode(display, found);
	if (connector->connector_type == DRM_MODE_CONNECTOR_VIRTUAL) {
		drmModeModeInfo made = pp_mode_make(width, height);
		int ret = set_mode(display, &made);

		if (ret || mode_is_taken(display))
			return ret;
	}
	return set_mode(display, pp_mode_preferred(connector));
}

static int use_connector(struct pp_display *display, const drmModeRes *resources,
			 const drmModeConnector *connector, uint32_t width, uint32_t height)
{
	int ret = find_crtc(display, resources, connector);

	if (ret)
		return pp_fail(display->device.error, -ret, "%s: no CRTC with a primary plane",
			       display->device.path);
	display->connector_id = connector->connector_id;
	snprintf(display->connector_name, sizeof(display->connector_name), "%s-%u",
		 drmModeGetConnectorTypeName(connector->connector_type),
		 connector->connector_type_id);
	ret = find_properties(display);
	if (ret)
		return ret;
	display->saved = drmModeGetCrtc(display->device.fd, display->crtc_id);
	return choose_mode(display, connector, width, height);
}

int pp_display_choose_mode(struct pp_display *display, uint32_t width, uint32_t height)
{
	struct pp_drm_device *device = &display->device;
	drmModeResPtr resources = drmModeGetResources(device->fd);
	drmModeConnectorPtr connector;
	int ret;

	if (!resources)
		return pp_fail(device->error, ENODEV, "%s (%s) has no display", device->path,
			       device->driver);
	connector = find_connector(device->fd, resources);
	if (connector)
		ret = use_connector(display, resources, connector, width, height);
	else
		ret = pp_fail(device->error, ENODEV, "%s (%s): no monitor is connected",
			      device->path, device->driver);
	drmModeFreeConnector(connector);
	drmModeFreeResources(resources);
	return ret;
}

int pp_display_enable(struct pp_display *display, const struct pp_framebuffer *fb)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int ret;

	if (!request)
		return pp_fail(display->device.error, ENOMEM, "out of memory");
	add_modeset(display, request, true);
	add_plane(display, request, fb->fb_id);
	ret = commit(display, request, DRM_MODE_ATOMIC_ALLOW_MODESET);
	if (ret)
		return pp_fail(display->device.error, -ret, "%s refuses the mode %ux%u: %s",
			       display->device.path, display->mode.hdisplay,
			       display->mode.vdisplay, strerror(-ret));
	return 0;
}

int pp_display_flip(struct pp_display *display, const struct pp_framebuffer *fb, int in_fence)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int ret;

	if (!request)
		return pp_fail(display->device.error, ENOMEM, "out of memory");
	add(display, request, PP_PLANE_FB_ID, fb->fb_id);
	if (in_fence >= 0)
		add(display, request, PP_PLANE_IN_FENCE_FD, (uint64_t)in_fence);
	ret = commit(display, request, DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT);
	if (ret)
		return pp_fail(display->device.error, -ret, "%s refuses to flip: %s",
			       display->device.path, strerror(-ret));
	display->flip_pending = true;
	return 0;
}

static void on_flip(int fd, unsigned int sequence, unsigned int seconds, unsigned int microseconds,
		    unsigned int crtc_id, void *user_data)
{
	struct pp_display *display = user_data;

	(void)fd;
	(void)crtc_id;
	display->flip_pending = false;
	display->last_flip = (struct pp_flip) {
		.vblank = sequence,
		.timestamp_ns = seconds * 1000000000ull + microseconds * 1000ull,
	};
}

int pp_display_read_flip(struct pp_display *display, struct pp_flip *flip)
{
	drmEventContext context = { .version = 3, .page_flip_handler2 = on_flip };
	bool was_pending = display->flip_pending;

	if (drmHandleEvent(display->device.fd, &context))
		return pp_fail(display->device.error, EIO, "%s: cannot read events",
			       display->device.path);
	if (!was_pending || display->flip_pending)
		return 0;
	*flip = display->last_flip;
	return 1;
}

static void wait_for_flip(struct pp_display *display)
{
	struct pollfd poll_fd = { .fd = display->device.fd, .events = POLLIN };
	struct pp_flip flip;

	while (display->flip_pending && poll(&poll_fd, 1, FLIP_TIMEOUT_MS) > 0) {
		if (pp_display_read_flip(display, &flip) < 0)
			return;
	}
}

static void switch_off(struct pp_display *display)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	if (!request)
		return;
	add_modeset(display, request, false);
	add_plane(display, request, 0);
	commit(display, request, DRM_MODE_ATOMIC_ALLOW_MODESET);
}

void pp_display_restore(struct pp_display *display)
{
	drmModeCrtcPtr saved = display->saved;

	if (!saved)
		return;
	wait_for_flip(display);
	if (!saved->mode_valid || !saved->buffer_id ||
	    drmModeSetCrtc(display->device.fd, saved->crtc_id, saved->buffer_id, saved->x,
			   saved->y, &display->connector_id, 1, &saved->mode))
		switch_off(display);
	drmModeFreeCrtc(saved);
	display->saved = NULL;
}

void pp_display_close(struct pp_display *display)
{
	if (display->device.fd < 0)
		return;
	if (display->mode_blob)
		drmModeDestroyPropertyBlob(display->device.fd, display->mode_blob);
	pp_drm_close(&display->device);
}

static enum pp_stamp_status stamp_status(const struct drm_primesim_scanout_info *info)
{
	switch (info->stamp_status) {
	case DRM_PRIMESIM_STAMP_VALID:
		return PP_STAMP_VALID;
	case DRM_PRIMESIM_STAMP_DAMAGED:
		return PP_STAMP_DAMAGED;
	default:
		return PP_STAMP_NONE;
	}
}

/* What primesim's display reads from its own scan-out. */
static int read_scanout(struct pp_display *display, struct pp_shown *shown)
{
	struct drm_primesim_scanout_info info = { .crtc_id = display->crtc_id };

	if (drmIoctl(display->device.fd, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info))
		return pp_fail(display->device.error, errno, "%s does not tell what it shows: %s",
			       display->device.path, strerror(errno));
	*shown = (struct pp_shown) {
		.fb_id = info.fb_id,
		.stamp_status = stamp_status(&info),
		.stamp = {
			.sequence = info.stamp_sequence,
			.timestamp_ns = info.stamp_timestamp,
			.camera = (uint8_t)info.stamp_camera,
		},
		.info = info.info,
	};
	return 0;
}

/* For displays that do not tell: a look into the buffer that is shown. */
static int read_pixels(struct pp_display *display, const struct pp_framebuffer *fb,
		       const struct pp_map *map, struct pp_shown *shown)
{
	int ret = pp_dmabuf_begin(fb->dmabuf, DMA_BUF_SYNC_READ);

	if (ret)
		return pp_fail(display->device.error, -ret, "DMA_BUF_IOCTL_SYNC: %s",
			       strerror(-ret));
	*shown = (struct pp_shown) { .fb_id = pp_display_shown(display) };
	shown->stamp_status = pp_stamp_read(&fb->layout, map->pixels, &shown->stamp,
					    &shown->bytes_read);
	pp_dmabuf_end(fb->dmabuf, DMA_BUF_SYNC_READ);
	return 0;
}

int pp_display_read_shown(struct pp_display *display, const struct pp_framebuffer *fb,
			  const struct pp_map *map, struct pp_shown *shown)
{
	if (pp_drm_is(&display->device, "primesim"))
		return read_scanout(display, shown);
	return read_pixels(display, fb, map, shown);
}
