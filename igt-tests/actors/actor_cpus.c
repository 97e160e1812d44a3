// SPDX-License-Identifier: MIT
/*
 * Processors that go and come back: their work, timers and pages go elsewhere.
 */
#include <unistd.h>
#include "actor.h"

#define ONLINE	"/sys/devices/system/cpu/cpu1/online"

static void rest(struct actor *me)
{
	for (unsigned int left = 3 + actor_pick(me, 8); left && !*me->stage->stop; left--)
		usleep(100000);
}

static void toggle(struct actor *me)
{
	actor_does(me, "processor off", 0, 0);
	actor_did(me, actor_write(me, ONLINE, "0"));
	rest(me);
	actor_does(me, "processor on", 0, 0);
	actor_did(me, actor_write(me, ONLINE, "1"));
	rest(me);
}

static void end(struct actor *me)
{
	actor_write(me, ONLINE, "1");
}

static const actor_step steps[] = { toggle, NULL };

const struct actor_kind actor_cpus = {
	.name = "cpus", .steps = steps, .end = end, .alone = true, .urgent = true,
};
