// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lab.h"
#include "plug.h"

#define CONFIGFS	"/sys/kernel/config"
#define PLATFORM	"/sys/bus/platform/devices"
#define MAX_DEVICES	64

/* Bit n is set when there is a device DRIVER.n. */
static uint64_t devices(const char *driver)
{
	uint64_t found = 0;
	char path[128];

	for (int id = 0; id < MAX_DEVICES; id++) {
		snprintf(path, sizeof(path), PLATFORM "/%s.%d", driver, id);
		if (!access(path, F_OK))
			found |= 1ull << id;
	}
	return found;
}

void lab_plug_prepare(struct lab_plugged *plugged, const char *driver, const char *name)
{
	char root[32];

	*plugged = (struct lab_plugged){ .driver = driver, .id = -1 };
	snprintf(root, sizeof(root), CONFIGFS "/%s", driver);
	igt_require_f(!access(root, W_OK), "%s: %m\n", root);
	snprintf(plugged->directory, sizeof(plugged->directory), "%s/%s", root, name);
	igt_assert_f(!mkdir(plugged->directory, 0755), "mkdir %s: %m\n", plugged->directory);
}

int lab_plug_write(const struct lab_plugged *plugged, const char *attribute, const char *value)
{
	char path[128];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/%s", plugged->directory, attribute);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	igt_assert_f(fd >= 0, "%s: %m\n", path);
	ret = write(fd, value, strlen(value)) < 0 ? -errno : 0;
	lab_close(fd);
	return ret;
}

void lab_plug_set(const struct lab_plugged *plugged, const char *attribute, const char *value)
{
	int ret = lab_plug_write(plugged, attribute, value);

	igt_assert_f(!ret, "%s/%s = %s: %s\n", plugged->directory, attribute, value,
		     strerror(-ret));
}

void lab_plug_start(struct lab_plugged *plugged)
{
	uint64_t before = devices(plugged->driver), made;

	lab_plug_set(plugged, "live", "1");
	made = devices(plugged->driver) & ~before;
	igt_assert_f(made, "live, but there is no device\n");
	plugged->id = __builtin_ctzll(made);
}

void lab_unplug(const struct lab_plugged *plugged)
{
	igt_assert_f(!rmdir(plugged->directory), "rmdir %s: %m\n", plugged->directory);
}

void lab_plug_policy(struct lab_plugged *plugged, const char *driver, const char *profile,
		     const char *policy)
{
	char name[32];

	snprintf(name, sizeof(name), "%s-%s", profile, policy);
	lab_plug_prepare(plugged, driver, name);
	if (!strcmp(driver, "camsim")) {
		lab_plug_set(plugged, "device/profile", profile);
	} else {
		lab_plug_set(plugged, "gpu/profile", profile);
		lab_plug_set(plugged, "display/profile", profile);
	}
	lab_plug_set(plugged, "policy", policy);
	lab_plug_start(plugged);
}

void lab_plug(struct lab_plugged *plugged, const char *driver, const char *profile)
{
	lab_plug_policy(plugged, driver, profile, "late");
}

const char *lab_plugged_name(const struct lab_plugged *plugged, const char *part)
{
	static char name[32];

	if (!strcmp(plugged->driver, "camsim"))
		snprintf(name, sizeof(name), "camsim-%03d", plugged->id);
	else
		snprintf(name, sizeof(name), "primesim-%s%d", part, plugged->id);
	return name;
}

/* sysfs names a device's nodes in a directory called after their class. */
static int open_node(const struct lab_plugged *plugged, const char *class, const char *prefix,
		     const char *dev)
{
	struct dirent *entry;
	char path[512];
	int fd = -1;
	DIR *nodes;

	snprintf(path, sizeof(path), PLATFORM "/%s.%d/%s", plugged->driver, plugged->id, class);
	nodes = opendir(path);
	igt_assert_f(nodes, "%s: %m\n", path);
	while (fd < 0 && (entry = readdir(nodes))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dev, entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
		igt_assert_f(fd >= 0, "%s: %m\n", path);
	}
	closedir(nodes);
	igt_assert_fd(fd);
	return fd;
}

int lab_plugged_render(const struct lab_plugged *plugged)
{
	return open_node(plugged, "drm", "renderD", "/dev/dri");
}

int lab_plugged_primary(const struct lab_plugged *plugged)
{
	return open_node(plugged, "drm", "card", "/dev/dri");
}

int lab_plugged_camera(const struct lab_plugged *plugged)
{
	return open_node(plugged, "video4linux", "video", "/dev");
}

static void remove_all(const char *root)
{
	DIR *directory = opendir(root);
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(directory), entry->d_name, AT_REMOVEDIR);
	}
	if (directory)
		closedir(directory);
}

void lab_unplug_leftovers(void)
{
	remove_all(CONFIGFS "/primesim");
	remove_all(CONFIGFS "/camsim");
}
