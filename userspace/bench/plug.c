// SPDX-License-Identifier: MIT
#include "plug.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/error.h"

#define MAX_PATH	128
#define MAX_NAME	24
#define MAX_PLUGGED	64

/* What is there now; without a driver: room for another. */
static struct device {
	const char *driver;
	char name[MAX_NAME];
} plugged[MAX_PLUGGED];

static void remember(const char *driver, const char *name)
{
	for (unsigned int i = 0; i < MAX_PLUGGED; i++) {
		if (plugged[i].driver)
			continue;
		plugged[i].driver = driver;
		snprintf(plugged[i].name, sizeof(plugged[i].name), "%s", name);
		return;
	}
	abort();
}

static void forget(const char *driver, const char *name)
{
	for (unsigned int i = 0; i < MAX_PLUGGED; i++) {
		if (plugged[i].driver && !strcmp(plugged[i].driver, driver) &&
		    !strcmp(plugged[i].name, name))
			plugged[i].driver = NULL;
	}
}

/* Of a file of the device, or for NULL of its directory. */
static void set_path(char path[MAX_PATH], const char *driver, const char *name, const char *file)
{
	snprintf(path, MAX_PATH, "/sys/kernel/config/%s/%s%s%s", driver, name, file ? "/" : "",
		 file ? file : "");
}

int plug(const char *driver, const char *name, struct pp_error *error)
{
	char path[MAX_PATH];
	FILE *file;

	set_path(path, driver, name, NULL);
	if (mkdir(path, 0755))
		return pp_fail(error, errno, "%s: %s", path, strerror(errno));
	remember(driver, name);
	set_path(path, driver, name, "live");
	file = fopen(path, "we");
	if (!file || fputs("1", file) < 0 || fclose(file))
		return pp_fail(error, errno, "%s: %s", path, strerror(errno));
	return 0;
}

void unplug(const char *driver, const char *name)
{
	char path[MAX_PATH];

	set_path(path, driver, name, NULL);
	rmdir(path);
	forget(driver, name);
}

void unplug_all(void)
{
	for (unsigned int i = MAX_PLUGGED; i--;) {
		if (plugged[i].driver)
			unplug(plugged[i].driver, plugged[i].name);
	}
}

int plug_node(const char *driver, const char *name, const char *kind, char *node, size_t room,
	      struct pp_error *error)
{
	char path[MAX_PATH];
	FILE *file;

	set_path(path, driver, name, "nodes");
	file = fopen(path, "re");
	while (file && fgets(node, (int)room, file)) {
		node[strcspn(node, "\n")] = '\0';
		if (!strstr(node, kind))
			continue;
		fclose(file);
		return 0;
	}
	if (file)
		fclose(file);
	return pp_fail(error, ENODEV, "%s tells no %s", path, kind);
}
