// SPDX-License-Identifier: MIT
/*
 * A display: any property of any object, to any value it could have, and some that it could not.
 */
#include <drm_fourcc.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "actor.h"

#define FRAMEBUFFERS	6
#define OBJECTS		24
#define FENCES		4

/**
 * struct kms - what it has
 * @drm: a node, or -1.
 * @framebuffers: ids, of @drm.
 * @objects: CRTCs, connectors and planes.
 * @types: of them.
 * @count: of @objects.
 * @crtc: one of the CRTCs.
 * @connector: one of the connectors.
 * @mode: one of its modes.
 * @blob: that mode.
 */
struct kms {
	int drm;
	uint32_t framebuffers[FRAMEBUFFERS];
	uint32_t objects[OBJECTS];
	uint32_t types[OBJECTS];
	unsigned int count;
	uint32_t crtc;
	uint32_t connector;
	drmModeModeInfo mode;
	uint32_t blob;
};

static struct kms *kms_of(struct actor *me)
{
	return me->state;
}

static void add_objects(struct kms *kms, const uint32_t *ids, int count, uint32_t type)
{
	for (int i = 0; i < count && kms->count < OBJECTS; i++) {
		kms->types[kms->count] = type;
		kms->objects[kms->count++] = ids[i];
	}
}

static void find_mode(struct actor *me)
{
	struct kms *kms = kms_of(me);
	drmModeConnector *connector = drmModeGetConnectorCurrent(kms->drm, kms->connector);

	if (connector && connector->count_modes) {
		kms->mode = connector->modes[actor_pick(me, connector->count_modes)];
		drmModeCreatePropertyBlob(kms->drm, &kms->mode, sizeof(kms->mode), &kms->blob);
	}
	drmModeFreeConnector(connector);
}

static void find_objects(struct actor *me)
{
	struct kms *kms = kms_of(me);
	drmModePlaneRes *planes;
	drmModeRes *resources;

	drmSetClientCap(kms->drm, DRM_CLIENT_CAP_ATOMIC, 1);
	drmSetClientCap(kms->drm, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, actor_odds(me, 2));
	resources = drmModeGetResources(kms->drm);
	if (!resources)
		return;
	add_objects(kms, resources->crtcs, resources->count_crtcs, DRM_MODE_OBJECT_CRTC);
	add_objects(kms, resources->connectors, resources->count_connectors,
		    DRM_MODE_OBJECT_CONNECTOR);
	if (resources->count_crtcs)
		kms->crtc = resources->crtcs[actor_pick(me, resources->count_crtcs)];
	if (resources->count_connectors)
		kms->connector = resources->connectors[0];
	drmModeFreeResources(resources);
	planes = drmModeGetPlaneResources(kms->drm);
	if (planes)
		add_objects(kms, planes->planes, planes->count_planes, DRM_MODE_OBJECT_PLANE);
	drmModeFreePlaneResources(planes);
	find_mode(me);
}

static void open_display(struct actor *me)
{
	struct kms *kms = kms_of(me);
	int drm = kms->drm;

	*kms = (struct kms){ .drm = drm };
	actor_reopen(me, &kms->drm, "dri/card");
	if (kms->drm < 0)
		return;
	actor_ioctl(me, "SET_MASTER", kms->drm, DRM_IOCTL_SET_MASTER, NULL);
	actor_does(me, "find objects", 0, 0);
	find_objects(me);
	actor_did(me, kms->count);
}

static void begin(struct actor *me)
{
	kms_of(me)->drm = -1;
	open_display(me);
}

/*
 * An actor's children have its file, too. Linux 6.12 to 7.2 make a lease by opening the lessor's
 * file again, which becomes the device's master if another of them has dropped that in between; the
 * lessee's master then takes its place in the file, and the device keeps one that nobody can drop
 * (drm_mode_create_lease_ioctl()). So only the actor itself drops it and leases.
 */
static bool is_child(const struct actor *me)
{
	return getpid() != me->seat->pid;
}

static void reopen(struct actor *me)
{
	if (kms_of(me)->drm < 0 || !kms_of(me)->count || actor_odds(me, 10))
		open_display(me);
	else if (actor_odds(me, 6) && !is_child(me))
		actor_ioctl(me, "DROP_MASTER", kms_of(me)->drm, DRM_IOCTL_DROP_MASTER, NULL);
	else
		actor_ioctl(me, "SET_MASTER", kms_of(me)->drm, DRM_IOCTL_SET_MASTER, NULL);
}

static uint32_t some_framebuffer(struct actor *me)
{
	return actor_vary(me, kms_of(me)->framebuffers[actor_pick(me, FRAMEBUFFERS)]);
}

/* An object of its own, or somebody else's; closed again, as the framebuffer keeps it. */
static uint32_t some_object(struct actor *me, uint32_t width, uint32_t height)
{
	struct drm_mode_create_dumb create = { .width = width, .height = height, .bpp = 32 };
	int drm = kms_of(me)->drm;

	if (actor_odds(me, 3))
		return actor_import(me, drm, actor_some_fd(me));
	actor_ioctl(me, "CREATE_DUMB", drm, DRM_IOCTL_MODE_CREATE_DUMB, &create);
	actor_export(me, drm, create.handle, DRM_CLOEXEC | DRM_RDWR);
	return create.handle;
}

static void replace_framebuffer(struct actor *me)
{
	static const uint32_t formats[] = {
		DRM_FORMAT_XRGB8888, DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, DRM_FORMAT_YUYV,
		DRM_FORMAT_NV12, DRM_FORMAT_XBGR2101010, DRM_FORMAT_RGB565, DRM_FORMAT_P010,
	};
	struct kms *kms = kms_of(me);
	bool whole = actor_odds(me, 3) && kms->mode.hdisplay;
	uint32_t width = whole ? kms->mode.hdisplay : 64, height = whole ? kms->mode.vdisplay : 64;
	uint32_t *place = &kms->framebuffers[actor_pick(me, FRAMEBUFFERS)];
	uint32_t handle = some_object(me, width, height);
	struct drm_mode_fb_cmd2 add = {
		.width = actor_vary(me, width), .height = actor_vary(me, height),
		.pixel_format = formats[actor_pick(me, 8)], .flags = DRM_MODE_FB_MODIFIERS,
	};
	bool two = add.pixel_format == DRM_FORMAT_NV12 || add.pixel_format == DRM_FORMAT_P010;

	for (int i = 0; i < 1 + two; i++) {
		add.handles[i] = handle;
		add.pitches[i] = actor_vary(me, width * (two ? 2 : 4));
		add.offsets[i] = actor_vary(me, i * width * height * 2);
	}
	actor_ioctl(me, "RMFB", kms->drm, DRM_IOCTL_MODE_RMFB, place);
	*place = 0;
	if (!actor_ioctl(me, "ADDFB2", kms->drm, DRM_IOCTL_MODE_ADDFB2, &add))
		*place = add.fb_id;
	actor_close_object(me, kms->drm, handle);
}

static uint64_t blob_value(struct actor *me)
{
	struct kms *kms = kms_of(me);
	unsigned char curve[256 * 8];
	uint32_t id = 0;

	if (actor_odds(me, 2))
		return kms->blob;
	for (size_t i = 0; i < sizeof(curve); i++)
		curve[i] = i * 7;
	drmModeCreatePropertyBlob(kms->drm, curve, actor_odds(me, 4) ? 72 : sizeof(curve), &id);
	return id;
}

/* Something that a property can be */
static uint64_t some_value(struct actor *me, const drmModePropertyRes *property)
{
	struct kms *kms = kms_of(me);

	if (actor_odds(me, 30))
		return actor_odd_number(me);
	if (!strcmp(property->name, "FB_ID") || !strcmp(property->name, "WRITEBACK_FB_ID"))
		return some_framebuffer(me);
	if (!strcmp(property->name, "CRTC_ID"))
		return actor_odds(me, 4) ? 0 : kms->crtc;
	if (!strncmp(property->name, "SRC_", 4))
		return (uint64_t)(strchr("XY", property->name[4]) ? 0 : 64) << 16;
	if (!strcmp(property->name, "CRTC_W") || !strcmp(property->name, "CRTC_H"))
		return 16 + actor_pick(me, 200);
	if (!strcmp(property->name, "IN_FENCE_FD"))
		return actor_odds(me, 2) ? (uint64_t)-1 : (uint64_t)actor_some_fd(me);
	if (drm_property_type_is((drmModePropertyPtr)property, DRM_MODE_PROP_BLOB))
		return actor_odds(me, 3) ? 0 : blob_value(me);
	if (property->count_enums)
		return property->enums[actor_pick(me, property->count_enums)].value;
	if (property->count_values == 2)
		return property->values[0] +
		       actor_random(me) % (property->values[1] - property->values[0] + 1 ?: 1);
	return actor_pick(me, 4);
}

/* Pointers that the kernel writes fences to: the stack's is good for the commit only. */
static bool wants_pointer(const drmModePropertyRes *property)
{
	return strstr(property->name, "FENCE_PTR");
}

static void add_random(struct actor *me, drmModeAtomicReq *request, int *fences)
{
	struct kms *kms = kms_of(me);
	unsigned int which = actor_pick(me, kms->count);
	drmModeObjectProperties *properties;
	drmModePropertyRes *property;

	properties = drmModeObjectGetProperties(kms->drm, kms->objects[which], kms->types[which]);
	if (!properties)
		return;
	for (int i = actor_pick(me, 6); i > 0 && properties->count_props; i--) {
		uint32_t id = properties->props[actor_pick(me, properties->count_props)];

		property = drmModeGetProperty(kms->drm, id);
		if (property)
			drmModeAtomicAddProperty(request, kms->objects[which], property->prop_id,
						 wants_pointer(property) ?
						 (uintptr_t)&fences[actor_pick(me, FENCES)] :
						 some_value(me, property));
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(properties);
}

static void commit(struct actor *me)
{
	static const uint32_t flags[] = {
		DRM_MODE_ATOMIC_ALLOW_MODESET, DRM_MODE_ATOMIC_NONBLOCK, DRM_MODE_ATOMIC_TEST_ONLY,
		DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT,
		DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_ATOMIC_ALLOW_MODESET,
		DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_ASYNC, 0,
	};
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	struct kms *kms = kms_of(me);
	int fences[FENCES];

	memset(fences, -1, sizeof(fences));
	for (int i = actor_pick(me, 4); request && kms->count && i >= 0; i--)
		add_random(me, request, fences);
	actor_does(me, "atomic commit", 0, 0);
	actor_did(me, drmModeAtomicCommit(kms->drm, request,
					  actor_vary(me, flags[actor_pick(me, 7)]), NULL));
	drmModeAtomicFree(request);
	for (int i = 0; i < FENCES; i++)
		actor_keep(me, fences[i]);
}

static void set_crtc(struct actor *me)
{
	struct kms *kms = kms_of(me);
	bool on = !actor_odds(me, 4);

	actor_does(me, "SETCRTC", kms->crtc, on);
	actor_did(me, drmModeSetCrtc(kms->drm, kms->crtc, on ? some_framebuffer(me) : 0,
				     actor_vary(me, 0), 0, &kms->connector, on,
				     on ? &kms->mode : NULL));
}

static void flip(struct actor *me)
{
	struct kms *kms = kms_of(me);

	actor_does(me, "PAGE_FLIP", kms->crtc, 0);
	actor_did(me, drmModePageFlip(kms->drm, kms->crtc, some_framebuffer(me),
				      actor_vary(me, actor_pick(me, 4)), NULL));
}

static void cursor(struct actor *me)
{
	struct kms *kms = kms_of(me);
	uint32_t handle = some_object(me, 64, 64);

	actor_does(me, "CURSOR", handle, 0);
	actor_did(me, drmModeSetCursor2(kms->drm, kms->crtc, actor_odds(me, 4) ? 0 : handle,
					actor_vary(me, 64), 64, 0, 0));
	drmModeMoveCursor(kms->drm, kms->crtc, actor_vary(me, 10), -10);
	actor_close_object(me, kms->drm, handle);
}

static void events(struct actor *me)
{
	struct kms *kms = kms_of(me);
	char buffer[1024];
	drmVBlank vblank = {
		.request = {
			.type = actor_odds(me, 2) ? DRM_VBLANK_RELATIVE | DRM_VBLANK_EVENT :
						    DRM_VBLANK_RELATIVE,
			.sequence = actor_vary(me, actor_pick(me, 3)),
		},
	};

	actor_does(me, "read events", 0, 0);
	actor_did(me, read(kms->drm, buffer, sizeof(buffer)));
	/* Without an event it waits, for as many vblanks as it was told. */
	if (vblank.request.sequence < 4 || vblank.request.type & DRM_VBLANK_EVENT)
		actor_ioctl(me, "WAIT_VBLANK", kms->drm, DRM_IOCTL_WAIT_VBLANK, &vblank);
}

static void lease(struct actor *me)
{
	struct kms *kms = kms_of(me);
	uint32_t lessee = 0;
	int fd;

	if (!kms->count || is_child(me))
		return;
	actor_does(me, "lease", kms->count, 0);
	fd = drmModeCreateLease(kms->drm, kms->objects, kms->count, O_CLOEXEC, &lessee);
	actor_did(me, fd);
	if (fd < 0)
		return;
	if (actor_odds(me, 2))
		drmModeRevokeLease(kms->drm, lessee);
	/* It goes on with the lessee's file. */
	if (actor_odds(me, 2)) {
		close(kms->drm);
		kms->drm = fd;
	} else {
		close(fd);
	}
}

static const actor_step steps[] = {
	reopen, reopen, replace_framebuffer, replace_framebuffer, commit, commit, commit, commit,
	set_crtc, flip, flip, cursor, events, events, lease, NULL,
};

const struct actor_kind actor_kms = {
	.name = "kms", .size = sizeof(struct kms), .begin = begin, .steps = steps,
	.may_lack_memory = true,
};
