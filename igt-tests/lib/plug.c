// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lab.h"
#include "plug.h"

#define CONFIGFS	"/sys/kernel/config"

void lab_plug_prepare(struct lab_plugged *plugged, const char *driver, const char *name)
{
	char root[32];

	*plugged = (struct lab_plugged){ .driver = driver, .id = -1 };
	snprintf(root, sizeof(root), CONFIGFS "/%s", driver);
	igt_require_f(!access(root, W_OK), "%s: %m\n", root);
	snprintf(plugged->directory, sizeof(plugged->directory), "%s/%s", root, name);
	igt_assert_f(!mkdir(plugged->directory, 0755), "mkdir %s: %m\n", plugged->directory);
}

static int open_attribute(const struct lab_plugged *plugged, const char *attribute, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", plugged->directory, attribute);
	fd = open(path, flags | O_CLOEXEC);
	igt_assert_f(fd >= 0, "%s: %m\n", path);
	return fd;
}

int lab_plug_write(const struct lab_plugged *plugged, const char *attribute, const char *value)
{
	int fd = open_attribute(plugged, attribute, O_WRONLY), ret;

	ret = write(fd, value, strlen(value)) < 0 ? -errno : 0;
	lab_close(fd);
	return ret;
}

void lab_plug_read(const struct lab_plugged *plugged, const char *attribute, char *value,
		   size_t size)
{
	int fd = open_attribute(plugged, attribute, O_RDONLY);
	ssize_t len = read(fd, value, size - 1);

	igt_assert_f(len >= 0, "%s/%s: %m\n", plugged->directory, attribute);
	value[len] = 0;
	lab_close(fd);
}

void lab_plug_set(const struct lab_plugged *plugged, const char *attribute, const char *value)
{
	int ret = lab_plug_write(plugged, attribute, value);

	igt_assert_f(!ret, "%s/%s = %s: %s\n", plugged->directory, attribute, value,
		     strerror(-ret));
}

void lab_plug_start(struct lab_plugged *plugged)
{
	char id[16];

	lab_plug_set(plugged, "live", "1");
	lab_plug_read(plugged, "id", id, sizeof(id));
	igt_assert_f(id[0], "live, but there is no device\n");
	plugged->id = atoi(id);
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

/* The first node of that name which @is accepts */
static int open_node(const struct lab_plugged *plugged, const char *prefix, bool (*is)(int fd))
{
	char nodes[256], *left = nodes, *path;
	int fd;

	lab_plug_read(plugged, "nodes", nodes, sizeof(nodes));
	for (;;) {
		path = strsep(&left, "\n");
		igt_assert_f(path, "no %s* is a node of %s\n", prefix, plugged->directory);
		if (strncmp(path, prefix, strlen(prefix)))
			continue;
		fd = open(path, O_RDWR | O_CLOEXEC);
		igt_assert_f(fd >= 0, "%s: %m\n", path);
		if (is(fd))
			return fd;
		lab_close(fd);
	}
}

static bool is_any(int fd)
{
	return true;
}

static bool has_capabilities(int fd, uint32_t any)
{
	struct v4l2_capability capability = {};

	igt_assert_eq(lab_ioctl(fd, VIDIOC_QUERYCAP, &capability), 0);
	return capability.device_caps & any;
}

static bool is_capture(int fd)
{
	return has_capabilities(fd, V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE);
}

static bool is_output(int fd)
{
	return has_capabilities(fd, V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE);
}

int lab_plugged_render(const struct lab_plugged *plugged)
{
	return open_node(plugged, "/dev/dri/renderD", is_any);
}

int lab_plugged_primary(const struct lab_plugged *plugged)
{
	return open_node(plugged, "/dev/dri/card", is_any);
}

int lab_plugged_camera(const struct lab_plugged *plugged)
{
	return open_node(plugged, "/dev/video", is_capture);
}

int lab_plugged_producer(const struct lab_plugged *plugged)
{
	return open_node(plugged, "/dev/video", is_output);
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
	remove_all(CONFIGFS "/simbuf");
}
