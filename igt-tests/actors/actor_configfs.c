// SPDX-License-Identifier: MIT
/*
 * Devices that come and go through configfs, with any properties.
 *
 * Names begin with "x": the devices that are there all the time have others.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "actor.h"

#define CONFIGFS	"/sys/kernel/config"
#define PATH		320

static const char *some_driver(struct actor *me)
{
	static const char *const drivers[] = { "primesim", "camsim", "simbuf" };

	return drivers[actor_pick(me, 3)];
}

/* Few, so that several actors are at the same one */
static void some_directory(struct actor *me, char *path)
{
	static const char *const names[] = { "x1", "x2", "x%s%n", "x\xc3\xa4 \x1b[1m" };
	char tail[200] = "";

	/* Names may have 255 bytes, though not here. */
	if (actor_odds(me, 20))
		memset(tail, 'y', sizeof(tail) - 1);
	snprintf(path, PATH, CONFIGFS "/%s/%s%s", some_driver(me), names[actor_pick(me, 4)], tail);
}

static void make(struct actor *me)
{
	char path[PATH];

	some_directory(me, path);
	actor_does(me, "mkdir in configfs", 0, 0);
	actor_did(me, mkdir(path, 0755) ? -errno : 0);
	/* A job that hangs is not waited for by all others for twenty seconds. */
	strcat(path, "/job_timeout_ms");
	actor_write(me, path, "500");
}

static void drop(struct actor *me)
{
	char path[PATH];

	some_directory(me, path);
	actor_does(me, "rmdir in configfs", 0, 0);
	actor_did(me, rmdir(path) ? -errno : 0);
}

static const char *some_value(struct actor *me, char *text, size_t size)
{
	static const char *const words[] = {
		"contig32", "no-iommu", "noncoherent", "x1", "both", "render", "display", "late",
		"early", "", "%n%s", "\n", "bad",
	};

	if (actor_odds(me, 2))
		return words[actor_pick(me, ACTOR_COUNT(words))];
	if (actor_odds(me, 10))
		snprintf(text, size, "%llu", (unsigned long long)actor_odd_number(me));
	else
		snprintf(text, size, "%u", actor_pick(me, 4));
	return text;
}

static void set(struct actor *me)
{
	static const char *const files[] = {
		"live", "policy", "role", "displays", "gpu/profile", "gpu/iommu",
		"gpu/dma_bits", "display/profile", "device/profile", "device/coherent", "mplane",
		"producer", "media_driver", "profile", "dma_bits", "max_segments",
		"monitor0/connected", "monitor0/link_status", "monitor0/edid",
		"client_handles", "job_timeout_ms", "local_mib",
	};
	char path[PATH], text[32];

	some_directory(me, path);
	strcat(path, "/");
	strcat(path, files[actor_pick(me, ACTOR_COUNT(files))]);
	actor_does(me, "write in configfs", 0, 0);
	actor_did(me, actor_write(me, path, some_value(me, text, sizeof(text))));
}

static void live(struct actor *me)
{
	char path[PATH];

	some_directory(me, path);
	strcat(path, "/live");
	actor_does(me, "live", 0, 0);
	actor_did(me, actor_write(me, path, actor_odds(me, 3) ? "0" : "1"));
}

static void link_them(struct actor *me)
{
	char from[PATH], to[PATH];

	some_directory(me, to);
	some_directory(me, from);
	strcat(from, "/link");
	actor_does(me, "symlink in configfs", 0, 0);
	actor_did(me, symlink(to, from) ? -errno : 0);
}

static const actor_step steps[] = {
	make, make, set, set, set, live, live, drop, link_them, NULL,
};

const struct actor_kind actor_configfs = { .name = "configfs", .steps = steps };
