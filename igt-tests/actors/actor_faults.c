// SPDX-License-Identifier: MIT
/*
 * Failures on purpose: simbuf's own, and on kernels that have fault injection allocations that the
 * kernel makes for actors.
 */
#include <stdio.h>
#include <unistd.h>
#include "actor.h"

#define DEBUGFS	"/sys/kernel/debug"

static const char *const points[] = {
	"simbuf/fail_alloc", "simbuf/fail_attach", "simbuf/fail_map", "simbuf/fail_vmap",
	"simbuf/fail_move", "failslab",
};

static void set(struct actor *me, const char *point, const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), DEBUGFS "/%s%s", point, name);
	actor_does(me, "set a knob", 0, 0);
	actor_did(me, actor_write(me, path, value));
}

/* Of those only that ask for it, see &actor_kind.may_lack_memory; also where the kernel may wait */
static void begin(struct actor *me)
{
	set(me, "failslab", "/task-filter", "Y");
	set(me, "failslab", "/ignore-gfp-wait", "N");
	set(me, "failslab", "/verbose", "0");
}

static void inject(struct actor *me)
{
	static const char *const errors[] = { "12", "22", "5", "28" };
	const char *point = points[actor_pick(me, ACTOR_COUNT(points))];

	set(me, point, "_errno", errors[actor_pick(me, ACTOR_COUNT(errors))]);
	set(me, point, "/times", "-1");
	set(me, point, "/probability", actor_odds(me, 4) ? "100" : "10");
	usleep(10000 + actor_pick(me, 90000));
	set(me, point, "/probability", "0");
}

static void rest(struct actor *me)
{
	usleep(actor_pick(me, 200000));
}

static void end(struct actor *me)
{
	for (size_t i = 0; i < ACTOR_COUNT(points); i++)
		set(me, points[i], "/probability", "0");
}

static const actor_step steps[] = { inject, rest, NULL };

const struct actor_kind actor_faults = {
	.name = "faults", .begin = begin, .steps = steps, .end = end, .alone = true, .urgent = true,
};
