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

/* The @skip-th node of a driver: nodes that come later have higher numbers, or fill gaps. */
static bool find_node(char *found, const char *prefix, unsigned int first, const char *driver,
		      is_node_fn is_node, const char *const *known)
{
	for (unsigned int i = first; i < first + NODES; i++) {
		char path[LAB_PATH];
		bool is_known = false;

		snprintf(path, sizeof(path), "%s%u", prefix, i);
		for (const char *const *k = known; *k; k++)
			is_known |= !strcmp(*k, path);
		if (!is_known && is_node(path, driver)) {
			snprintf(found, LAB_PATH, "%s", path);
			return true;
		}
	}
	found[0] = '\0';
	return false;
}

/* Our devices that are none of @others, of which there are @count. */
static int find_devices(struct lab_devices *devices, const struct lab_devices *const *others,
			unsigned int count, struct pp_error *error)
{
	const char *gpus[3] = { 0 }, *displays[3] = { 0 }, *cameras[3] = { 0 };

	for (unsigned int i = 0; i < count; i++) {
		gpus[i] = others[i]->gpu;
		displays[i] = others[i]->display;
		cameras[i] = others[i]->camera;
	}
	if (!find_node(devices->gpu, "/dev/dri/renderD", 128, "primesim", is_drm, gpus) ||
	    !find_node(devices->display, "/dev/dri/card", 0, "primesim", is_drm, displays))
		return pp_fail(error, ENODEV, "no device node of primesim; is it loaded?");
	if (!find_node(devices->camera, "/dev/video", 0, "camsim", is_camera, cameras))
		return pp_fail(error, ENODEV, "no device node of camsim; is it loaded?");
	return 0;
}

int lab_init(struct lab *lab, struct pp_error *error)
{
	const char *none[] = { NULL }, *first[] = { lab->vivid[0], NULL };

	*lab = (struct lab) { 0 };
	if (find_node(lab->vivid[0], "/dev/video", 0, "vivid", is_camera, none) &&
	    !find_node(lab->vivid[1], "/dev/video", 0, "vivid", is_camera, first))
		snprintf(lab->vivid[1], LAB_PATH, "%s", lab->vivid[0]);
	return find_devices(&lab->standard, NULL, 0, error);
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

static const char *const primesim_files[] = { "gpu/profile", "display/profile", NULL };
static const char *const camsim_files[] = { "device/profile", NULL };

static const char *const primesim_items[] = {
	CONFIGFS "/primesim/interop-exporter", CONFIGFS "/primesim/interop-importer",
};
static const char *const camsim_items[] = {
	CONFIGFS "/camsim/interop-exporter", CONFIGFS "/camsim/interop-importer",
};

int lab_plug(struct lab *lab, const char *profile, struct pp_error *error)
{
	const struct lab_devices *known[] = { &lab->standard, &lab->exporter };
	struct lab_devices *made[] = { &lab->exporter, &lab->importer };

	for (unsigned int i = 0; i < 2; i++) {
		int ret = make_item(primesim_items[i], primesim_files, profile, error);

		if (!ret)
			ret = make_item(camsim_items[i], camsim_files, profile, error);
		if (!ret)
			ret = find_devices(made[i], known, 1 + i, error);
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
	lab->exporter = lab->importer = (struct lab_devices) { 0 };
	return ret;
}
