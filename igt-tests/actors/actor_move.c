// SPDX-License-Identifier: MIT
/*
 * An object of one device that another uses in turn with it: where they want it in other places,
 * each turn moves it.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>
#include "actor.h"

#define DEVICES	2
#define MOST	160

/**
 * struct move - what it has
 * @drm: nodes, or -1.
 * @handles: of the object, on each.
 * @width: of the object, in pixels.
 * @height: the same.
 */
struct move {
	int drm[DEVICES];
	uint32_t handles[DEVICES];
	uint32_t width;
	uint32_t height;
};

static struct move *move_of(struct actor *me)
{
	return me->state;
}

static void begin(struct actor *me)
{
	memset(move_of(me)->drm, -1, sizeof(move_of(me)->drm));
}

/* Another device: another place that it wants the object in */
static void reopen(struct actor *me)
{
	unsigned int which = actor_pick(me, DEVICES);

	actor_reopen(me, &move_of(me)->drm[which], "dri/renderD");
	move_of(me)->handles[which] = 0;
}

static void close_handles(struct actor *me)
{
	struct move *move = move_of(me);

	for (int i = 0; i < DEVICES; i++) {
		actor_close_object(me, move->drm[i], move->handles[i]);
		move->handles[i] = 0;
	}
}

static void renew(struct actor *me)
{
	struct move *move = move_of(me);
	unsigned int owner = actor_pick(me, DEVICES);
	struct drm_primesim_bo_create create = {};
	int dmabuf;

	for (int i = 0; i < DEVICES; i++)
		if (move->drm[i] < 0)
			reopen(me);
	close_handles(me);
	move->width = 1 + actor_pick(me, MOST);
	move->height = 1 + actor_pick(me, MOST);
	create.size = move->width * move->height * 4;
	if (actor_ioctl(me, "BO_CREATE", move->drm[owner], DRM_IOCTL_PRIMESIM_BO_CREATE, &create))
		return;
	move->handles[owner] = create.handle;
	dmabuf = actor_export(me, move->drm[owner], create.handle, DRM_CLOEXEC | DRM_RDWR);
	/* Whose node is closed goes on existing by the other. */
	if (dmabuf >= 0)
		move->handles[!owner] = actor_import(me, move->drm[!owner], dmabuf);
}

static void use(struct actor *me, unsigned int which)
{
	struct move *move = move_of(me);
	struct drm_primesim_op op = {
		.code = DRM_PRIMESIM_OP_FILL,
		.value = (uint32_t)actor_random(me),
		.dst = {
			.format = DRM_FORMAT_XRGB8888,
			.width = move->width, .height = move->height,
			.handles = { move->handles[which] }, .pitches = { move->width * 4 },
		},
		.dst_rect = { .width = move->width, .height = move->height },
	};
	struct drm_primesim_submit submit = {
		.op_count = 1, .op_size = sizeof(op), .ops = (uintptr_t)&op,
	};

	actor_ioctl(me, "SUBMIT that moves", move->drm[which], DRM_IOCTL_PRIMESIM_SUBMIT, &submit);
}

static void turns(struct actor *me)
{
	for (unsigned int i = 0; i < 2 * DEVICES; i++)
		use(me, i % DEVICES);
}

static const actor_step steps[] = { reopen, renew, renew, renew, turns, turns, turns, NULL };

const struct actor_kind actor_move = {
	.name = "move", .size = sizeof(struct move), .begin = begin, .steps = steps,
	.may_lack_memory = true,
};
