// SPDX-License-Identifier: MIT
/*
 * Somebody who tries to unload what is in use, and to load what is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "actor.h"

#define MODULES	"/opt/lab/modules"

static void load(struct actor *me, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), MODULES "/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	actor_does(me, "load a module", 0, 0);
	actor_did(me, syscall(SYS_finit_module, fd, "", 0) ? -errno : 0);
	close(fd);
}

static void unload(struct actor *me)
{
	static const char *const names[] = { "primesim", "camsim", "simbuf" };
	const char *name = names[actor_pick(me, 3)];

	actor_does(me, "unload a module", 0, 0);
	actor_did(me, syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0);
	load(me, name);
}

static void rest(struct actor *me)
{
	usleep(actor_pick(me, 300000));
}

static const actor_step steps[] = { unload, rest, rest, NULL };

const struct actor_kind actor_modules = {
	.name = "modules", .steps = steps, .alone = true, .urgent = true,
};
