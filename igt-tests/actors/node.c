// SPDX-License-Identifier: MIT
/*
 * Nodes of the lab's devices, whichever are there at the moment.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "actor.h"

/* By the number that sysfs has of it: the names of its devices and ours differ. */
static bool is_ours(const char *directory, const char *name)
{
	const char *class = strcmp(directory, "/dev/dri") ? "video4linux" : "drm";
	char link[400], target[400];
	ssize_t length;

	if (!strncmp(name, "media", 5))
		snprintf(link, sizeof(link), "/sys/bus/media/devices/%s", name);
	else
		snprintf(link, sizeof(link), "/sys/class/%s/%s", class, name);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = 0;
	return strstr(target, "/primesim.") || strstr(target, "/camsim.");
}

int actor_open_node(struct actor *me, const char *prefix)
{
	const char *slash = strchr(prefix, '/'), *directory = slash ? "/dev/dri" : "/dev";
	char chosen[300] = "", path[400];
	unsigned int count = 0;
	struct dirent *entry;
	DIR *nodes = opendir(directory);
	int fd;

	if (slash)
		prefix = slash + 1;
	while (nodes && (entry = readdir(nodes))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) ||
		    !is_ours(directory, entry->d_name))
			continue;
		if (actor_odds(me, ++count))
			snprintf(chosen, sizeof(chosen), "%s", entry->d_name);
	}
	if (nodes)
		closedir(nodes);
	if (!chosen[0])
		return -1;
	snprintf(path, sizeof(path), "%s/%s", directory, chosen);
	actor_does(me, slash ? "open a DRM node" : "open a node of a camera", count, 0);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return actor_did(me, fd < 0 ? -errno : fd) < 0 ? -1 : fd;
}

void actor_reopen(struct actor *me, int *fd, const char *prefix)
{
	if (*fd >= 0) {
		actor_does(me, "close a node", *fd, 0);
		actor_did(me, close(*fd));
	}
	*fd = actor_open_node(me, prefix);
	/* None at the moment: others make some. */
	if (*fd < 0)
		usleep(5000);
}
