// SPDX-License-Identifier: MIT
/*
 * Buffer objects of a GPU: made, mapped, exported, imported, closed.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <xf86drm.h>
#include "actor.h"

#define HANDLES	12

/**
 * struct gem - what it has
 * @drm: a node, or -1.
 * @handles: handles of it, some of which are closed already.
 */
struct gem {
	int drm;
	uint32_t handles[HANDLES];
};

static struct gem *gem_of(struct actor *me)
{
	return me->state;
}

static uint32_t some_handle(struct actor *me)
{
	return actor_vary(me, gem_of(me)->handles[actor_pick(me, HANDLES)]);
}

static void forget_handle(struct actor *me, uint32_t handle)
{
	struct gem *gem = gem_of(me);
	uint32_t *place = &gem->handles[actor_pick(me, HANDLES)];

	actor_close_object(me, gem->drm, *place);
	*place = handle;
}

static void begin(struct actor *me)
{
	gem_of(me)->drm = -1;
	actor_reopen(me, &gem_of(me)->drm, "dri/renderD");
}

static void reopen(struct actor *me)
{
	if (gem_of(me)->drm < 0 || actor_odds(me, 8))
		actor_reopen(me, &gem_of(me)->drm,
			     actor_odds(me, 2) ? "dri/renderD" : "dri/card");
}

static void create(struct actor *me)
{
	struct drm_primesim_bo_create create = {
		.size = 1 + actor_pick(me, actor_odds(me, 8) ? 1 << 20 : 1 << 16),
		.flags = actor_odds(me, 3),
	};

	/* A wrong size is used for nothing else: two of 2 GiB are more than there is. */
	if (actor_odds(me, 20)) {
		create.size = actor_odd_number(me);
		create.flags = actor_odd_number(me);
	}
	if (actor_ioctl(me, "BO_CREATE", gem_of(me)->drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create))
		return;
	if (create.size > 4 << 20)
		actor_close_object(me, gem_of(me)->drm, create.handle);
	else
		forget_handle(me, create.handle);
}

static void create_dumb(struct actor *me)
{
	struct drm_mode_create_dumb create = {
		.width = 1 + actor_pick(me, 320), .height = 1 + actor_pick(me, 240), .bpp = 32,
	};

	if (actor_odds(me, 20)) {
		create.width = actor_odd_number(me);
		create.bpp = actor_odds(me, 2) ? actor_odd_number(me) : 16;
	}
	if (!actor_ioctl(me, "CREATE_DUMB", gem_of(me)->drm, DRM_IOCTL_MODE_CREATE_DUMB, &create) &&
	    create.size <= 4 << 20)
		forget_handle(me, create.handle);
}

static void map(struct actor *me)
{
	struct drm_primesim_bo_mmap_offset map = {
		.handle = some_handle(me), .pad = actor_odds(me, 40),
	};

	if (!actor_ioctl(me, "BO_MMAP_OFFSET", gem_of(me)->drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET,
			 &map))
		actor_touch(me, gem_of(me)->drm, 4096, actor_vary(me, map.offset));
}

static void info(struct actor *me)
{
	struct drm_primesim_bo_info info = {
		.handle = some_handle(me), .device = actor_pick(me, 2), .pad = actor_odds(me, 40),
	};
	struct drm_primesim_device_info device = { .flags = actor_odds(me, 40) };

	actor_ioctl(me, "BO_INFO", gem_of(me)->drm, DRM_IOCTL_PRIMESIM_BO_INFO, &info);
	actor_ioctl(me, "DEVICE_INFO", gem_of(me)->drm, DRM_IOCTL_PRIMESIM_DEVICE_INFO, &device);
}

static void export(struct actor *me)
{
	uint32_t flags = actor_odds(me, 4) ? DRM_CLOEXEC : DRM_CLOEXEC | DRM_RDWR;

	actor_export(me, gem_of(me)->drm, some_handle(me), actor_vary(me, flags));
}

static void import(struct actor *me)
{
	uint32_t handle = actor_import(me, gem_of(me)->drm, actor_some_fd(me));

	if (handle)
		forget_handle(me, handle);
}

static void close_some(struct actor *me)
{
	forget_handle(me, 0);
}

/* Global names: their own table, for those who are authenticated */
static void names(struct actor *me)
{
	struct drm_gem_flink flink = { .handle = some_handle(me) };
	struct drm_gem_open open = {};
	struct drm_gem_change_handle change = {
		.handle = some_handle(me), .new_handle = 1 + actor_pick(me, 2 * HANDLES),
	};

	actor_ioctl(me, "GEM_FLINK", gem_of(me)->drm, DRM_IOCTL_GEM_FLINK, &flink);
	open.name = actor_vary(me, flink.name ?: 1 + actor_pick(me, 8));
	if (!actor_ioctl(me, "GEM_OPEN", gem_of(me)->drm, DRM_IOCTL_GEM_OPEN, &open))
		forget_handle(me, open.handle);
	if (!actor_ioctl(me, "GEM_CHANGE_HANDLE", gem_of(me)->drm, DRM_IOCTL_GEM_CHANGE_HANDLE,
			 &change))
		forget_handle(me, change.new_handle);
}

static void read_fdinfo(struct actor *me)
{
	char path[64], text[4096];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", gem_of(me)->drm);
	actor_does(me, "read fdinfo", gem_of(me)->drm, 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	actor_did(me, read(fd, text, sizeof(text)));
	close(fd);
}

static const actor_step steps[] = {
	reopen, create, create, create_dumb, map, map, info, export, export, import, import,
	close_some, close_some, names, read_fdinfo, NULL,
};

const struct actor_kind actor_gem = {
	.name = "gem", .size = sizeof(struct gem), .begin = begin, .steps = steps,
	.may_lack_memory = true,
};
