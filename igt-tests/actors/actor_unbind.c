// SPDX-License-Identifier: MIT
/*
 * Drivers that are taken from their devices and given back, in the middle of everything.
 */
#include <stdio.h>
#include <unistd.h>
#include "actor.h"

#define MOST_DEVICES	3

static void write_number(struct actor *me, const char *driver, const char *file,
			 unsigned int number)
{
	char path[96], text[32];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/%s", driver, file);
	snprintf(text, sizeof(text), "%s.%u", driver, number);
	actor_does(me, file, number, 0);
	actor_did(me, actor_write(me, path, text));
}

static void rebind(struct actor *me)
{
	const char *driver = actor_odds(me, 2) ? "primesim" : "camsim";
	unsigned int number = actor_pick(me, MOST_DEVICES);

	write_number(me, driver, "unbind", number);
	usleep(actor_pick(me, 50000));
	write_number(me, driver, "bind", number);
}

static void rest(struct actor *me)
{
	usleep(actor_pick(me, 300000));
}

static void end(struct actor *me)
{
	for (unsigned int i = 0; i < MOST_DEVICES; i++) {
		write_number(me, "primesim", "bind", i);
		write_number(me, "camsim", "bind", i);
	}
}

static const actor_step steps[] = { rebind, rest, NULL };

const struct actor_kind actor_unbind = {
	.name = "unbind", .steps = steps, .end = end, .alone = true, .urgent = true,
};
