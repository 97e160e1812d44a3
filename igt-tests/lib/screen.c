// SPDX-License-Identifier: MIT
#include <drm_fourcc.h>
#include <poll.h>
#include <unistd.h>
#include <xf86drm.h>
#include "lab.h"
#include "screen.h"

/* The id of an object's property; its value now goes to @value unless %NULL. 0 if there is none. */
static uint32_t find_property(int drm, uint32_t object, uint32_t type, const char *name,
			      uint64_t *value)
{
	drmModeObjectProperties *all = drmModeObjectGetProperties(drm, object, type);
	uint32_t found = 0;

	igt_assert(all);
	for (uint32_t i = 0; i < all->count_props && !found; i++) {
		drmModePropertyRes *property = drmModeGetProperty(drm, all->props[i]);

		if (property && !strcmp(property->name, name)) {
			found = property->prop_id;
			if (value)
				*value = all->prop_values[i];
		}
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(all);
	return found;
}

static uint32_t need_property(int drm, uint32_t object, uint32_t type, const char *name)
{
	uint32_t id = find_property(drm, object, type, name, NULL);

	igt_assert_f(id, "object %u has no property %s\n", object, name);
	return id;
}

static void find_properties(struct lab_screen *screen)
{
	static const char *const sides[] = { "X", "Y", "W", "H" };
	struct lab_screen_properties *p = &screen->property;
	int drm = screen->drm;
	char name[16];

	p->connector_crtc = need_property(drm, screen->connector, DRM_MODE_OBJECT_CONNECTOR,
					  "CRTC_ID");
	p->crtc_active = need_property(drm, screen->crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE");
	p->crtc_mode = need_property(drm, screen->crtc, DRM_MODE_OBJECT_CRTC, "MODE_ID");
	p->crtc_out_fence = need_property(drm, screen->crtc, DRM_MODE_OBJECT_CRTC,
					  "OUT_FENCE_PTR");
	p->plane_fb = need_property(drm, screen->plane, DRM_MODE_OBJECT_PLANE, "FB_ID");
	p->plane_crtc = need_property(drm, screen->plane, DRM_MODE_OBJECT_PLANE, "CRTC_ID");
	p->plane_in_fence = need_property(drm, screen->plane, DRM_MODE_OBJECT_PLANE,
					  "IN_FENCE_FD");
	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "SRC_%s", sides[i]);
		p->plane_src[i] = need_property(drm, screen->plane, DRM_MODE_OBJECT_PLANE, name);
		snprintf(name, sizeof(name), "CRTC_%s", sides[i]);
		p->plane_dst[i] = need_property(drm, screen->plane, DRM_MODE_OBJECT_PLANE, name);
	}
}

static uint32_t find_primary_plane(int drm)
{
	drmModePlaneRes *planes = drmModeGetPlaneResources(drm);
	uint32_t found = 0;

	igt_assert(planes);
	for (uint32_t i = 0; i < planes->count_planes && !found; i++) {
		uint64_t type;

		if (find_property(drm, planes->planes[i], DRM_MODE_OBJECT_PLANE, "type", &type) &&
		    type == DRM_PLANE_TYPE_PRIMARY)
			found = planes->planes[i];
	}
	drmModeFreePlaneResources(planes);
	igt_assert_f(found, "no primary plane\n");
	return found;
}

static bool find_mode(struct lab_screen *screen, uint32_t width, uint32_t height)
{
	drmModeConnector *connector = drmModeGetConnector(screen->drm, screen->connector);
	bool found = false;

	igt_assert(connector);
	for (int i = 0; i < connector->count_modes && !found; i++) {
		screen->mode = connector->modes[i];
		found = screen->mode.hdisplay == width && screen->mode.vdisplay == height;
	}
	drmModeFreeConnector(connector);
	return found;
}

static void find_objects(struct lab_screen *screen)
{
	drmModeRes *resources = drmModeGetResources(screen->drm);

	igt_require_f(resources && resources->count_connectors && resources->count_crtcs,
		      "no display\n");
	screen->connector = resources->connectors[0];
	screen->crtc = resources->crtcs[0];
	drmModeFreeResources(resources);
	screen->plane = find_primary_plane(screen->drm);
}

void lab_screen_open(struct lab_screen *screen, int drm, uint32_t width, uint32_t height)
{
	*screen = (struct lab_screen){ .drm = drm };
	igt_assert_eq(drmSetClientCap(drm, DRM_CLIENT_CAP_ATOMIC, 1), 0);
	find_objects(screen);
	igt_require_f(find_mode(screen, width, height), "no mode %ux%u\n", width, height);
	find_properties(screen);
	igt_assert_eq(drmModeCreatePropertyBlob(drm, &screen->mode, sizeof(screen->mode),
						&screen->mode_blob), 0);
}

uint32_t lab_screen_framebuffer(const struct lab_screen *screen, uint32_t handle, uint32_t pitch)
{
	uint32_t handles[4] = { handle }, pitches[4] = { pitch }, offsets[4] = {};
	uint32_t id;

	igt_assert_eq(drmModeAddFB2(screen->drm, screen->mode.hdisplay, screen->mode.vdisplay,
				    DRM_FORMAT_XRGB8888, handles, pitches, offsets, &id, 0), 0);
	return id;
}

static void set(drmModeAtomicReq *request, uint32_t object, uint32_t property, uint64_t value)
{
	igt_assert(drmModeAtomicAddProperty(request, object, property, value) > 0);
}

static void set_plane(const struct lab_screen *screen, drmModeAtomicReq *request,
		      uint32_t framebuffer)
{
	const uint64_t size[2] = { screen->mode.hdisplay, screen->mode.vdisplay };
	const struct lab_screen_properties *p = &screen->property;

	set(request, screen->plane, p->plane_fb, framebuffer);
	set(request, screen->plane, p->plane_crtc, framebuffer ? screen->crtc : 0);
	for (int i = 0; i < 4; i++) {
		uint64_t side = i < 2 ? 0 : size[i - 2];

		set(request, screen->plane, p->plane_src[i], side << 16);
		set(request, screen->plane, p->plane_dst[i], side);
	}
}

/* On with a picture, or off without one */
static void modeset(const struct lab_screen *screen, uint32_t framebuffer)
{
	const struct lab_screen_properties *p = &screen->property;
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int ret;

	set(request, screen->connector, p->connector_crtc, framebuffer ? screen->crtc : 0);
	set(request, screen->crtc, p->crtc_active, framebuffer != 0);
	set(request, screen->crtc, p->crtc_mode, framebuffer ? screen->mode_blob : 0);
	set_plane(screen, request, framebuffer);
	ret = drmModeAtomicCommit(screen->drm, request, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	drmModeAtomicFree(request);
	igt_assert_eq(ret, 0);
}

void lab_screen_show(const struct lab_screen *screen, uint32_t framebuffer)
{
	modeset(screen, framebuffer);
}

void lab_screen_close(struct lab_screen *screen)
{
	modeset(screen, 0);
	igt_assert_eq(drmModeDestroyPropertyBlob(screen->drm, screen->mode_blob), 0);
}

int lab_screen_flip(const struct lab_screen *screen, uint32_t framebuffer, int in_fence,
		    int *out_fence)
{
	const struct lab_screen_properties *p = &screen->property;
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int ret;

	set_plane(screen, request, framebuffer);
	set(request, screen->plane, p->plane_in_fence, in_fence);
	if (out_fence)
		set(request, screen->crtc, p->crtc_out_fence, (uintptr_t)out_fence);
	ret = drmModeAtomicCommit(screen->drm, request,
				  DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT, NULL);
	drmModeAtomicFree(request);
	return ret;
}

bool lab_screen_flipped(const struct lab_screen *screen, int milliseconds)
{
	char event[256];

	if (!lab_poll(screen->drm, POLLIN, milliseconds))
		return false;
	igt_assert_lt(0, (int)read(screen->drm, event, sizeof(event)));
	igt_assert_eq_u32(((struct drm_event *)event)->type, DRM_EVENT_FLIP_COMPLETE);
	return true;
}
