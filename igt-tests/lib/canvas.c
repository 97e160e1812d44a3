// SPDX-License-Identifier: MIT
#include <drm_fourcc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include "canvas.h"
#include "lab.h"

#define SHOT_MS	20000	/* for one frame, on a slow machine */

void lab_picture_create(struct lab_picture *picture, int drm, uint32_t format, uint32_t width,
			uint32_t height)
{
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {};
	uint64_t offset;

	*picture = (struct lab_picture) {
		.drm = drm, .format = format, .width = width, .height = height,
	};
	lab_dumb_create(&picture->dumb, drm, width, height);
	igt_assert_eq(drmModeMapDumbBuffer(drm, picture->dumb.handle, &offset), 0);
	picture->pixels = lab_map(drm, picture->dumb.size, PROT_READ | PROT_WRITE, offset);
	handles[0] = picture->dumb.handle;
	pitches[0] = picture->dumb.pitch;
	igt_assert_eq(drmModeAddFB2(drm, width, height, format, handles, pitches, offsets,
				    &picture->id, 0), 0);
}

void lab_picture_close(struct lab_picture *picture)
{
	igt_assert_eq(drmModeRmFB(picture->drm, picture->id), 0);
	lab_unmap(picture->pixels, picture->dumb.size);
	lab_dumb_close(&picture->dumb);
}

uint32_t *lab_picture_at(const struct lab_picture *picture, uint32_t x, uint32_t y)
{
	return picture->pixels + (size_t)y * picture->dumb.pitch / 4 + x;
}

void lab_picture_fill(const struct lab_picture *picture, uint32_t value)
{
	for (uint32_t y = 0; y < picture->height; y++)
		for (uint32_t x = 0; x < picture->width; x++)
			*lab_picture_at(picture, x, y) = value;
}

void lab_picture_random(const struct lab_picture *picture, unsigned int seed)
{
	for (uint32_t y = 0; y < picture->height; y++)
		for (uint32_t x = 0; x < picture->width; x++)
			*lab_picture_at(picture, x, y) =
				(uint32_t)rand_r(&seed) << 16 ^ rand_r(&seed);
}

/* Runs through an object's properties; the one that is found is the caller's to free. */
static drmModePropertyRes *find_property(int drm, uint32_t object, const char *name,
					 uint64_t *value)
{
	drmModeObjectProperties *all = drmModeObjectGetProperties(drm, object,
								  DRM_MODE_OBJECT_ANY);
	drmModePropertyRes *found = NULL;

	igt_assert(all);
	for (uint32_t i = 0; i < all->count_props && !found; i++) {
		drmModePropertyRes *property = drmModeGetProperty(drm, all->props[i]);

		if (property && !strcmp(property->name, name)) {
			found = property;
			if (value)
				*value = all->prop_values[i];
		} else {
			drmModeFreeProperty(property);
		}
	}
	drmModeFreeObjectProperties(all);
	igt_assert_f(found, "object %u has no property %s\n", object, name);
	return found;
}

bool lab_has_property(int drm, uint32_t object, const char *name)
{
	drmModeObjectProperties *all = drmModeObjectGetProperties(drm, object, DRM_MODE_OBJECT_ANY);
	bool found = false;

	igt_assert(all);
	for (uint32_t i = 0; i < all->count_props && !found; i++) {
		drmModePropertyRes *property = drmModeGetProperty(drm, all->props[i]);

		found = property && !strcmp(property->name, name);
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(all);
	return found;
}

uint64_t lab_property(int drm, uint32_t object, const char *property)
{
	uint64_t value;

	drmModeFreeProperty(find_property(drm, object, property, &value));
	return value;
}

void lab_canvas_set(struct lab_canvas *canvas, uint32_t object, const char *property,
		    uint64_t value)
{
	drmModePropertyRes *found = find_property(canvas->drm, object, property, NULL);

	igt_assert(drmModeAtomicAddProperty(canvas->request, object, found->prop_id, value) > 0);
	drmModeFreeProperty(found);
}

void lab_canvas_set_enum(struct lab_canvas *canvas, uint32_t object, const char *property,
			 const char *name)
{
	drmModePropertyRes *found = find_property(canvas->drm, object, property, NULL);
	bool known = false;

	for (int i = 0; i < found->count_enums && !known; i++) {
		known = !strcmp(found->enums[i].name, name);
		if (known)
			igt_assert(drmModeAtomicAddProperty(canvas->request, object,
							    found->prop_id,
							    found->enums[i].value) > 0);
	}
	drmModeFreeProperty(found);
	igt_assert_f(known, "%s has no value %s\n", property, name);
}

void lab_canvas_put(struct lab_canvas *canvas, uint32_t plane, const struct lab_picture *picture,
		    struct lab_place place)
{
	lab_canvas_set(canvas, plane, "FB_ID", picture ? picture->id : 0);
	lab_canvas_set(canvas, plane, "CRTC_ID", picture ? canvas->crtc : 0);
	lab_canvas_set(canvas, plane, "SRC_X", 0);
	lab_canvas_set(canvas, plane, "SRC_Y", 0);
	lab_canvas_set(canvas, plane, "SRC_W", picture ? (uint64_t)picture->width << 16 : 0);
	lab_canvas_set(canvas, plane, "SRC_H", picture ? (uint64_t)picture->height << 16 : 0);
	lab_canvas_set(canvas, plane, "CRTC_X", (int64_t)place.x);
	lab_canvas_set(canvas, plane, "CRTC_Y", (int64_t)place.y);
	lab_canvas_set(canvas, plane, "CRTC_W", place.width);
	lab_canvas_set(canvas, plane, "CRTC_H", place.height);
}

int lab_canvas_try_commit(struct lab_canvas *canvas, uint32_t flags)
{
	int ret = drmModeAtomicCommit(canvas->drm, canvas->request, flags, NULL);

	drmModeAtomicSetCursor(canvas->request, 0);
	return ret;
}

void lab_canvas_commit(struct lab_canvas *canvas)
{
	igt_assert_eq(lab_canvas_try_commit(canvas, 0), 0);
}

void lab_canvas_shoot(struct lab_canvas *canvas)
{
	int32_t fence = -1;

	lab_canvas_set(canvas, canvas->writeback, "WRITEBACK_FB_ID", canvas->shot.id);
	lab_canvas_set(canvas, canvas->writeback, "WRITEBACK_OUT_FENCE_PTR", (uintptr_t)&fence);
	lab_canvas_commit(canvas);
	igt_assert(lab_poll(fence, POLLIN, SHOT_MS));
	lab_close(fence);
}

static void find_planes(struct lab_canvas *canvas, unsigned int index)
{
	drmModePlaneRes *planes = drmModeGetPlaneResources(canvas->drm);

	igt_assert(planes);
	for (uint32_t i = 0; i < planes->count_planes; i++) {
		drmModePlane *plane = drmModeGetPlane(canvas->drm, planes->planes[i]);

		igt_assert(plane);
		if (plane->possible_crtcs == 1u << index && canvas->plane_count < LAB_CANVAS_PLANES)
			canvas->planes[canvas->plane_count++] = plane->plane_id;
		drmModeFreePlane(plane);
	}
	drmModeFreePlaneResources(planes);
	igt_assert(canvas->plane_count);
}

/* Whether this is CRTC @index's own writeback connector */
static bool writes_back(int drm, const drmModeConnector *connector, unsigned int index)
{
	drmModeEncoder *encoder = drmModeGetEncoder(drm, connector->encoders[0]);
	bool writes = encoder && encoder->possible_crtcs == 1u << index;

	drmModeFreeEncoder(encoder);
	return writes && connector->connector_type == DRM_MODE_CONNECTOR_WRITEBACK;
}

static void use_monitor(struct lab_canvas *canvas, const drmModeConnector *connector,
			uint32_t width, uint32_t height)
{
	canvas->connector = connector->connector_id;
	for (int i = 0; i < connector->count_modes && !canvas->mode.clock; i++)
		if (connector->modes[i].hdisplay == width && connector->modes[i].vdisplay == height)
			canvas->mode = connector->modes[i];
}

static void find_connectors(struct lab_canvas *canvas, unsigned int index, uint32_t width,
			    uint32_t height)
{
	drmModeRes *resources = drmModeGetResources(canvas->drm);
	unsigned int monitors = 0;

	igt_assert(resources && (int)index < resources->count_crtcs);
	canvas->crtc = resources->crtcs[index];
	for (int i = 0; i < resources->count_connectors; i++) {
		drmModeConnector *connector = drmModeGetConnector(canvas->drm,
								  resources->connectors[i]);

		igt_assert(connector && connector->count_encoders);
		if (writes_back(canvas->drm, connector, index))
			canvas->writeback = connector->connector_id;
		else if (connector->connector_type != DRM_MODE_CONNECTOR_WRITEBACK &&
			 monitors++ == index)
			use_monitor(canvas, connector, width, height);
		drmModeFreeConnector(connector);
	}
	drmModeFreeResources(resources);
	igt_assert(canvas->connector && canvas->writeback);
	igt_require_f(canvas->mode.clock, "no mode %ux%u\n", width, height);
}

/* On, or off with all planes */
static void set_active(struct lab_canvas *canvas, bool active)
{
	lab_canvas_set(canvas, canvas->crtc, "ACTIVE", active);
	lab_canvas_set(canvas, canvas->crtc, "MODE_ID", active ? canvas->mode_blob : 0);
	lab_canvas_set(canvas, canvas->connector, "CRTC_ID", active ? canvas->crtc : 0);
	lab_canvas_set(canvas, canvas->writeback, "CRTC_ID", active ? canvas->crtc : 0);
	for (uint32_t i = 0; i < canvas->plane_count; i++)
		lab_canvas_put(canvas, canvas->planes[i], NULL, (struct lab_place){});
	igt_assert_eq(lab_canvas_try_commit(canvas, DRM_MODE_ATOMIC_ALLOW_MODESET), 0);
}

void lab_canvas_open(struct lab_canvas *canvas, int drm, unsigned int index, uint32_t width,
		     uint32_t height)
{
	*canvas = (struct lab_canvas){ .drm = drm, .request = drmModeAtomicAlloc() };
	igt_assert_eq(drmSetClientCap(drm, DRM_CLIENT_CAP_ATOMIC, 1), 0);
	igt_assert_eq(drmSetClientCap(drm, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1), 0);
	find_planes(canvas, index);
	find_connectors(canvas, index, width, height);
	igt_assert_eq(drmModeCreatePropertyBlob(drm, &canvas->mode, sizeof(canvas->mode),
						&canvas->mode_blob), 0);
	lab_picture_create(&canvas->shot, drm, DRM_FORMAT_XRGB8888, width, height);
	set_active(canvas, true);
}

void lab_canvas_close(struct lab_canvas *canvas)
{
	set_active(canvas, false);
	drmModeAtomicFree(canvas->request);
	lab_picture_close(&canvas->shot);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas->drm, canvas->mode_blob), 0);
}
