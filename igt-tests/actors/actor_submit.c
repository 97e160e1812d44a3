// SPDX-License-Identifier: MIT
/*
 * Jobs for the engine, with contexts and syncobjs.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#include <xf86drm.h>
#include "actor.h"

#define OBJECTS		4
#define WIDTH		64
#define HEIGHT		48
#define PITCH		(WIDTH * 4)
#define SIZE		(PITCH * HEIGHT)
#define OPS		4
#define SYNCS		3

/**
 * struct submit - what it has
 * @drm: a node, or -1.
 * @handles: objects, of its own or imported.
 * @syncobjs: binary, or used as timelines.
 * @contexts: numbers of contexts, 0 among them.
 * @may_hang: @drm is a device whose timeout is short.
 */
struct submit {
	int drm;
	uint32_t handles[OBJECTS];
	uint32_t syncobjs[OBJECTS];
	uint32_t contexts[OBJECTS];
	bool may_hang;
};

static struct submit *submit_of(struct actor *me)
{
	return me->state;
}

static uint32_t some(struct actor *me, const uint32_t *numbers)
{
	return actor_vary(me, numbers[actor_pick(me, OBJECTS)]);
}

/* Number 0 is the one that comes with the module. */
static bool is_default(int drm)
{
	char link[64], target[256];
	struct stat stat;
	ssize_t length;

	if (fstat(drm, &stat))
		return true;
	snprintf(link, sizeof(link), "/sys/dev/char/%u:%u", major(stat.st_rdev),
		 minor(stat.st_rdev));
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return true;
	target[length] = 0;
	return strstr(target, "/primesim.0/");
}

static void open_render(struct actor *me)
{
	struct submit *submit = submit_of(me);

	actor_reopen(me, &submit->drm, "dri/renderD");
	memset(submit->contexts, 0, sizeof(submit->contexts));
	submit->may_hang = submit->drm >= 0 && !is_default(submit->drm);
}

static void begin(struct actor *me)
{
	submit_of(me)->drm = -1;
	open_render(me);
}

static void reopen(struct actor *me)
{
	if (submit_of(me)->drm < 0 || actor_odds(me, 8))
		open_render(me);
}

static void replace_object(struct actor *me)
{
	struct submit *submit = submit_of(me);
	uint32_t *handle = &submit->handles[actor_pick(me, OBJECTS)];
	struct drm_primesim_bo_create create = { .size = SIZE };

	actor_close_object(me, submit->drm, *handle);
	if (actor_odds(me, 2)) {
		*handle = actor_import(me, submit->drm, actor_some_fd(me)) ?: *handle;
		return;
	}
	if (actor_ioctl(me, "BO_CREATE", submit->drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create))
		return;
	*handle = create.handle;
	actor_export(me, submit->drm, *handle, DRM_CLOEXEC | DRM_RDWR);
}

static struct drm_primesim_surface some_surface(struct actor *me)
{
	static const uint32_t formats[] = {
		DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, DRM_FORMAT_RGB565, DRM_FORMAT_R8,
		DRM_FORMAT_NV12, DRM_FORMAT_YUYV, DRM_FORMAT_P010,
	};
	struct drm_primesim_surface surface = {
		.format = formats[actor_pick(me, 7)],
		.width = actor_vary(me, WIDTH), .height = actor_vary(me, HEIGHT / 2),
		.encoding = 0, .range = 0,
		.modifier = actor_odds(me, 4) ? DRM_FORMAT_MOD_GENERIC_16_16_TILE :
						DRM_FORMAT_MOD_LINEAR,
	};
	uint32_t handle = some(me, submit_of(me)->handles);
	int planes = surface.format == DRM_FORMAT_NV12 || surface.format == DRM_FORMAT_P010 ? 2 : 1;

	for (int i = 0; i < planes; i++) {
		surface.handles[i] = handle;
		surface.pitches[i] = actor_vary(me, PITCH);
		surface.offsets[i] = actor_vary(me, i * SIZE / 2);
	}
	if (actor_odds(me, 60))
		surface.pad = 1;
	return surface;
}

static struct drm_primesim_rect some_rect(struct actor *me)
{
	return (struct drm_primesim_rect){
		.x = actor_vary(me, 0), .y = actor_vary(me, 2),
		.width = actor_vary(me, 2 + 2 * actor_pick(me, WIDTH / 2)),
		.height = actor_vary(me, 2 + 2 * actor_pick(me, HEIGHT / 4 - 1)),
	};
}

static struct drm_primesim_op some_op(struct actor *me)
{
	struct drm_primesim_op op = { .code = 1 + actor_pick(me, 3) };
	uint32_t *handles = submit_of(me)->handles;

	if (actor_odds(me, 50))
		op.code = actor_odds(me, 4) ? (uint32_t)actor_odd_number(me) :
					      DRM_PRIMESIM_OP_CHECKSUM;
	/* The engine's timeout costs time: half a second on those that are made for this. */
	if (op.code == DRM_PRIMESIM_OP_HANG || actor_odds(me, 2000))
		return (struct drm_primesim_op){
			.code = submit_of(me)->may_hang ? DRM_PRIMESIM_OP_HANG : 0,
		};
	if (op.code == DRM_PRIMESIM_OP_COPY) {
		op.src.handles[0] = some(me, handles);
		op.dst.handles[0] = some(me, handles);
		op.src_offset = actor_vary(me, actor_pick(me, 4096));
		op.dst_offset = actor_vary(me, actor_pick(me, 4096));
		op.length = actor_vary(me, 1 + actor_pick(me, SIZE - 4096));
		return op;
	}
	op.dst = some_surface(me);
	op.dst_rect = some_rect(me);
	if (op.code == DRM_PRIMESIM_OP_FILL) {
		op.value = actor_vary(me, 0x80);
		return op;
	}
	op.src = some_surface(me);
	op.src_rect = some_rect(me);
	op.flags = actor_odds(me, 2) ? actor_pick(me, 1 << 9) : 0;
	return op;
}

static void some_syncs(struct actor *me, struct drm_primesim_sync *syncs)
{
	for (int i = 0; i < SYNCS; i++)
		syncs[i] = (struct drm_primesim_sync){
			.handle = some(me, submit_of(me)->syncobjs),
			.flags = actor_odds(me, 60),
			.point = actor_odds(me, 2) ? 0 : actor_vary(me, actor_pick(me, 100)),
		};
}

static void submit(struct actor *me)
{
	struct drm_primesim_sync in[SYNCS], out[SYNCS];
	struct drm_primesim_op ops[OPS];
	struct drm_primesim_submit submit = {
		.flags = actor_odds(me, 4) ? DRM_PRIMESIM_SUBMIT_NO_IMPLICIT : 0,
		.op_count = actor_vary(me, 1 + actor_pick(me, OPS)),
		.op_size = actor_vary(me, sizeof(ops[0])),
		.in_count = actor_odds(me, 3) ? actor_vary(me, actor_pick(me, SYNCS + 1)) : 0,
		.out_count = actor_odds(me, 2) ? actor_vary(me, actor_pick(me, SYNCS + 1)) : 0,
		.queue = actor_vary(me, actor_pick(me, 2)),
		.ops = actor_vary(me, (uintptr_t)ops),
		.in_syncs = actor_vary(me, (uintptr_t)in),
		.out_syncs = actor_vary(me, (uintptr_t)out),
		.context = some(me, submit_of(me)->contexts),
	};

	for (int i = 0; i < OPS; i++)
		ops[i] = some_op(me);
	some_syncs(me, in);
	some_syncs(me, out);
	actor_ioctl(me, "SUBMIT", submit_of(me)->drm, DRM_IOCTL_PRIMESIM_SUBMIT, &submit);
}

/* A good one of one operation: what others wait for */
static void fill(struct actor *me)
{
	struct submit *state = submit_of(me);
	struct drm_primesim_op op = {
		.code = DRM_PRIMESIM_OP_FILL,
		.dst = {
			.format = DRM_FORMAT_XRGB8888, .width = WIDTH, .height = HEIGHT,
			.handles = { some(me, state->handles) }, .pitches = { PITCH },
		},
		.dst_rect = { .width = WIDTH, .height = HEIGHT },
	};
	struct drm_primesim_sync out = { .handle = some(me, state->syncobjs) };
	struct drm_primesim_submit submit = {
		.op_count = 1, .op_size = sizeof(op), .ops = (uintptr_t)&op,
		.out_count = actor_odds(me, 2), .out_syncs = (uintptr_t)&out,
	};

	actor_ioctl(me, "SUBMIT of a fill", state->drm, DRM_IOCTL_PRIMESIM_SUBMIT, &submit);
}

static void contexts(struct actor *me)
{
	struct submit *submit = submit_of(me);
	uint32_t *place = &submit->contexts[actor_pick(me, OBJECTS)];
	struct drm_primesim_context_create create = {
		.priority = actor_vary(me, actor_pick(me, 3)),
	};
	struct drm_primesim_context_destroy destroy = { .id = actor_vary(me, *place) };

	actor_ioctl(me, "CONTEXT_DESTROY", submit->drm, DRM_IOCTL_PRIMESIM_CONTEXT_DESTROY,
		    &destroy);
	*place = 0;
	if (!actor_ioctl(me, "CONTEXT_CREATE", submit->drm, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE,
			 &create))
		*place = create.id;
}

static void replace_syncobj(struct actor *me)
{
	struct submit *submit = submit_of(me);
	uint32_t *place = &submit->syncobjs[actor_pick(me, OBJECTS)];
	struct drm_syncobj_destroy destroy = { .handle = *place };
	struct drm_syncobj_create create = { .flags = actor_odds(me, 2) };

	actor_ioctl(me, "SYNCOBJ_DESTROY", submit->drm, DRM_IOCTL_SYNCOBJ_DESTROY, &destroy);
	if (!actor_ioctl(me, "SYNCOBJ_CREATE", submit->drm, DRM_IOCTL_SYNCOBJ_CREATE, &create))
		*place = create.handle;
}

static void syncobj_files(struct actor *me)
{
	struct submit *submit = submit_of(me);
	uint32_t flags = actor_odds(me, 4) ? 0 : DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE;
	struct drm_syncobj_handle handle = {
		.handle = some(me, submit->syncobjs), .flags = flags, .fd = -1,
	};

	if (!actor_ioctl(me, "SYNCOBJ_HANDLE_TO_FD", submit->drm, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD,
			 &handle))
		actor_keep(me, handle.fd);
	handle.fd = actor_some_fd(me);
	handle.flags = actor_odds(me, 4) ? 0 : DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE;
	handle.handle = some(me, submit->syncobjs);
	if (!actor_ioctl(me, "SYNCOBJ_FD_TO_HANDLE", submit->drm, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE,
			 &handle))
		submit->syncobjs[actor_pick(me, OBJECTS)] = handle.handle;
}

static void syncobj_states(struct actor *me)
{
	struct submit *submit = submit_of(me);
	uint32_t handles[2] = { some(me, submit->syncobjs), some(me, submit->syncobjs) };
	uint64_t points[2] = { actor_vary(me, actor_pick(me, 50)), actor_vary(me, 50) };
	struct drm_syncobj_array array = { .handles = (uintptr_t)handles, .count_handles = 2 };
	struct drm_syncobj_timeline_array timeline = {
		.handles = (uintptr_t)handles, .points = (uintptr_t)points, .count_handles = 2,
	};
	struct drm_syncobj_transfer transfer = {
		.src_handle = handles[0], .dst_handle = handles[1],
		.src_point = points[0], .dst_point = points[1],
	};

	switch (actor_pick(me, 5)) {
	case 0:
		actor_ioctl(me, "SYNCOBJ_RESET", submit->drm, DRM_IOCTL_SYNCOBJ_RESET, &array);
		break;
	case 1:
		actor_ioctl(me, "SYNCOBJ_SIGNAL", submit->drm, DRM_IOCTL_SYNCOBJ_SIGNAL, &array);
		break;
	case 2:
		actor_ioctl(me, "SYNCOBJ_TIMELINE_SIGNAL", submit->drm,
			    DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL, &timeline);
		break;
	case 3:
		actor_ioctl(me, "SYNCOBJ_QUERY", submit->drm, DRM_IOCTL_SYNCOBJ_QUERY, &timeline);
		break;
	default:
		actor_ioctl(me, "SYNCOBJ_TRANSFER", submit->drm, DRM_IOCTL_SYNCOBJ_TRANSFER,
			    &transfer);
	}
}

static void wait(struct actor *me)
{
	struct submit *submit = submit_of(me);
	uint32_t handles[2] = { some(me, submit->syncobjs), some(me, submit->syncobjs) };
	struct drm_syncobj_wait wait = {
		.handles = (uintptr_t)handles, .count_handles = 1 + actor_pick(me, 2),
		.flags = actor_vary(me, actor_pick(me, 4)),
	};
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	wait.timeout_nsec = now.tv_sec * 1000000000ll + now.tv_nsec + actor_pick(me, 20000000);
	actor_ioctl(me, "SYNCOBJ_WAIT", submit->drm, DRM_IOCTL_SYNCOBJ_WAIT, &wait);
}

static const actor_step steps[] = {
	reopen, replace_object, replace_object, submit, submit, submit, submit, submit, fill, fill,
	fill, contexts, replace_syncobj, syncobj_files, syncobj_states, wait, NULL,
};

const struct actor_kind actor_submit = {
	.name = "submit", .size = sizeof(struct submit), .begin = begin, .steps = steps,
	.may_lack_memory = true,
};
