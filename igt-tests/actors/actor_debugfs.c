// SPDX-License-Identifier: MIT
/*
 * Somebody who reads all that debugfs has about the devices, while they go.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
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

static bool is_checksums(const char *path)
{
	const char *name = strrchr(path, '/');

	return name && !strcmp(name, "/data");
}

/* Whatever is below: a few levels, and a file at the end. Checksums have a step of their own. */
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
		if (S_ISREG(stat.st_mode) && !is_checksums(path))
			read_file(me, path);
		if (!S_ISDIR(stat.st_mode) || !some_entry(me, path))
			return;
	}
}

/* Checksums are made while the file is open. */
static void read_open_checksums(struct actor *me, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char text[256];

	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++) {
		actor_did(me, read(fd, text, sizeof(text)) < 0 ? -errno : 0);
		usleep(actor_pick(me, 30000));
	}
	close(fd);
}

/*
 * One of an actor and its children at a time. Linux 6.12 to 7.2 let the file be opened as soon as
 * its release has begun (crtc_crc_release() in drm_debugfs_crc.c), which then leaks the entries of
 * who closes it and takes those of who opened it. The lock is the file that was opened first: who
 * is killed gives it back last.
 */
static void read_checksums(struct actor *me)
{
	char path[PATH];
	int lock;

	snprintf(path, sizeof(path), DEBUGFS "/dri/primesim.%u/crtc-0/crc/control",
		 actor_pick(me, 2));
	actor_write(me, path, actor_odds(me, 4) ? "nothing" : "auto");
	lock = open(path, O_RDONLY | O_CLOEXEC);
	if (lock < 0)
		return;
	strcpy(strrchr(path, '/'), "/data");
	actor_does(me, "read checksums", 0, 0);
	if (!flock(lock, LOCK_EX))
		read_open_checksums(me, path);
	close(lock);
}

static const actor_step steps[] = { read_buffers, read_buffers, read_device, read_checksums, NULL };

const struct actor_kind actor_debugfs = { .name = "debugfs", .steps = steps };
