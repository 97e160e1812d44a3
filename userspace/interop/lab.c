// SPDX-License-Identifier: MIT
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/camera.h"
#include "../lib/drm_device.h"

#define CONFIGFS	"/sys/kernel/config"
#define NODES		64

/* Whether @path is a node of @driver. */
typedef bool (*is_node_fn)(const char *path, const char *driver);

static bool is_drm(const char *path, const char *driver)
{
	struct pp_drm_device device;
	struct pp_error ignored;
	bool is;

	if (pp_drm_open(&device, PP_DRM_PRIMARY, path, driver, &ignored))
		return false;
	is = pp_drm_is(&device, driver);
	pp_drm_close(&device);
	return is;
}

static bool is_camera(const char *path, const char *driver)
{
	struct pp_camera camera;
	struct pp_error ignored;
	bool is;

	if (pp_camera_open(&camera, path, &ignored))
		return false;
	is = !strcmp((const char *)camera.capability.driver, driver);
	pp_camera_close(&camera);
	return is;
}

/* The first node of a driver that is not @known (may be NULL) */
static bool find_node(char *found, const char *prefix, unsigned int first, const char *driver,
		      is_node_fn is_node, const char *known)
{
	for (unsigned int i = first; i < first + NODES; i++) {
		char path[LAB_PATH];

		snprintf(path, sizeof(path), "%s%u", prefix, i);
		if ((!known || strcmp(known, path)) && is_node(path, driver)) {
			snprintf(found, LAB_PATH, "%s", path);
			return true;
		}
	}
	found[0] = '\0';
	return false;
}

int lab_init(struct lab *lab, struct pp_error *error)
{
	*lab = (struct lab) { 0 };
	if (find_node(lab->vivid[0], "/dev/video", 0, "vivid", is_camera, NULL) &&
	    !find_node(lab->vivid[1], "/dev/video", 0, "vivid", is_camera, lab->vivid[0]))
		snprintf(lab->vivid[1], LAB_PATH, "%s", lab->vivid[0]);
	if (!find_node(lab->standard.gpu, "/dev/dri/renderD", 128, "primesim", is_drm, NULL) ||
	    !find_node(lab->standard.display, "/dev/dri/card", 0, "primesim", is_drm, NULL))
		return pp_fail(error, ENODEV, "no device node of primesim; is it loaded?");
	if (!find_node(lab->standard.camera, "/dev/video", 0, "camsim", is_camera, NULL))
		return pp_fail(error, ENODEV, "no device node of camsim; is it loaded?");
	return 0;
}

static int store(const char *item, const char *file, const char *value, struct pp_error *error)
{
	char path[128];
	ssize_t len = (ssize_t)strlen(value);
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", item, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return pp_fail(error, errno, "%s: %s", path, strerror(errno));
	if (write(fd, value, (size_t)len) != len)
		ret = pp_fail(error, errno, "%s in %s: %s", value, path, strerror(errno));
	close(fd);
	return ret;
}

/* @files: where the profile is written to, ends with NULL. */
static int make_item(const char *item, const char *const *files, const char *profile,
		     struct pp_error *error)
{
	int ret = 0;

	if (mkdir(item, 0755))
		return pp_fail(error, errno, "mkdir %s: %s", item, strerror(errno));
	for (; *files && !ret; files++)
		ret = store(item, *files, profile, error);
	return ret ? ret : store(item, "live", "1", error);
}

/* The node of a live item that begins with @prefix */
static int read_node(const char *item, const char *prefix, char *node, struct pp_error *error)
{
	bool found = false;
	char path[128];
	FILE *nodes;

	snprintf(path, sizeof(path), "%s/nodes", item);
	nodes = fopen(path, "re");
	if (!nodes)
		return pp_fail(error, errno, "%s: %s", path, strerror(errno));
	while (!found && fgets(node, LAB_PATH, nodes)) {
		node[strcspn(node, "\n")] = '\0';
		found = !strncmp(node, prefix, strlen(prefix));
	}
	fclose(nodes);
	return found ? 0 : pp_fail(error, ENODEV, "no %s* in %s", prefix, path);
}

static const char *const primesim_files[] = { "gpu/profile", "display/profile", NULL };
static const char *const camsim_files[] = { "device/profile", NULL };

static const char *const primesim_items[] = {
	CONFIGFS "/primesim/interop-exporter", CONFIGFS "/primesim/interop-importer",
};

static const char *const camsim_items[] = {
	CONFIGFS "/camsim/interop-exporter", CONFIGFS "/camsim/interop-importer",
};

/* @i: 0 for the exporter, 1 for the importer. */
static int make_devices(struct lab_devices *devices, unsigned int i, const char *profile,
			struct pp_error *error)
{
	int ret = make_item(primesim_items[i], primesim_files, profile, error);

	if (!ret)
		ret = make_item(camsim_items[i], camsim_files, profile, error);
	if (!ret)
		ret = read_node(primesim_items[i], "/dev/dri/renderD", devices->gpu, error);
	if (!ret)
		ret = read_node(primesim_items[i], "/dev/dri/card", devices->display, error);
	if (!ret)
		ret = read_node(camsim_items[i], "/dev/video", devices->camera, error);
	return ret;
}

int lab_plug(struct lab *lab, const char *profile, struct pp_error *error)
{
	struct lab_devices *made[] = { &lab->exporter, &lab->importer };

	for (unsigned int i = 0; i < 2; i++) {
		int ret = make_devices(made[i], i, profile, error);

		if (ret) {
			struct pp_error ignored;

			lab_unplug(lab, &ignored);
			return ret;
		}
	}
	return 0;
}

int lab_unplug(struct lab *lab, struct pp_error *error)
{
	int ret = 0;

	for (unsigned int i = 0; i < 2; i++) {
		if (rmdir(primesim_items[i]) && errno != ENOENT)
			ret = pp_fail(error, errno, "rmdir %s: %s", primesim_items[i],
				      strerror(errno));
		if (rmdir(camsim_items[i]) && errno != ENOENT)
			ret = pp_fail(error, errno, "rmdir %s: %s", camsim_items[i],
				      strerror(errno));
	}
	lab->exporter = (struct lab_devices) { 0 };
	lab->importer = (struct lab_devices) { 0 };
	return ret;
}
