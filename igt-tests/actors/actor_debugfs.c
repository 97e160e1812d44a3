// SPDX-License-Identifier: MIT
/*
 * Somebody who reads all that debugfs has about the devices, while they go.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "actor.h"

#define DEBUGFS	"/sys/kernel/debug"
#define PATH	512

static void read_file(struct actor *me, const char *path)
{
	static char text[1 << 16];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t length;

	if (fd < 0)
		return;
	actor_does(me, "read debugfs", 0, 0);
	do {
		length = read(fd, text, actor_odds(me, 4) ? 100 : sizeof(text));
	} while (length > 0 && !actor_odds(me, 20));
	actor_did(me, length < 0 ? -errno : 0);
	close(fd);
}

static void read_buffers(struct actor *me)
{
	static const char *const names[] = {
		"simbuf/buffers", "simbuf/devices", "simbuf/refusals", "simbuf/faults",
		"simbuf/profiles", "dma_buf/bufinfo",
	};
	char path[PATH];

	snprintf(path, sizeof(path), DEBUGFS "/%s", names[actor_pick(me, 6)]);
	read_file(me, path);
}

/* One entry of a directory, or false */
static bool some_entry(struct actor *me, char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char chosen[256] = "";
	unsigned int count = 0;

	if (!directory)
		return false;
	while ((entry = readdir(directory)))
		if (entry->d_name[0] != '.' && actor_odds(me, ++count))
			snprintf(chosen, sizeof(chosen), "%s", entry->d_name);
	closedir(directory);
	strcat(path, "/");
	strncat(path, chosen, PATH - strlen(path) - 1);
	return count;
}

/* Whatever is below: a few levels, and a file at the end. */
static void read_device(struct actor *me)
{
	static const char *const roots[] = {
		DEBUGFS "/dri", DEBUGFS "/camsim-000", DEBUGFS "/simbuf",
	};
	char path[PATH];
	struct stat stat;

	strcpy(path, roots[actor_pick(me, 3)]);
	for (int depth = 0; depth < 4; depth++) {
		if (lstat(path, &stat))
			return;
		if (S_ISREG(stat.st_mode))
			read_file(me, path);
		if (!S_ISDIR(stat.st_mode) || !some_entry(me, path))
			return;
	}
}

/* Checksums are made while the file is open. */
static void read_checksums(struct actor *me)
{
	char path[PATH], text[256];
	int fd;

	snprintf(path, sizeof(path), DEBUGFS "/dri/primesim.%u/crtc-0/crc/control",
		 actor_pick(me, 2));
	actor_write(me, path, actor_odds(me, 4) ? "nothing" : "auto");
	strcpy(strrchr(path, '/'), "/data");
	actor_does(me, "read checksums", 0, 0);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++) {
		actor_did(me, read(fd, text, sizeof(text)) < 0 ? -errno : 0);
		usleep(actor_pick(me, 30000));
	}
	close(fd);
}

static const actor_step steps[] = { read_buffers, read_buffers, read_device, read_checksums, NULL };

const struct actor_kind actor_debugfs = { .name = "debugfs", .steps = steps };
