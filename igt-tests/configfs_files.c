// SPDX-License-Identifier: MIT
/*
 * All files of a device's directory in configfs: what they say can be written to them.
 */
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lab.h"
#include "plug.h"

IGT_TEST_DESCRIPTION("files of devices in configfs are read and written back");

#define MAX_PATH	192
#define MAX_FILES	128

/**
 * struct files - the files below a directory, as nftw() finds them
 * @count: of @paths.
 * @paths: their names.
 */
static struct files {
	unsigned int count;
	char paths[MAX_FILES][MAX_PATH];
} found;

static int add_file(const char *path, const struct stat *info, int type, struct FTW *at)
{
	if (type != FTW_F)
		return 0;
	igt_assert(found.count < MAX_FILES && strlen(path) < MAX_PATH);
	snprintf(found.paths[found.count++], MAX_PATH, "%s", path);
	return 0;
}

static bool is_called(const char *path, const char *name)
{
	return !strcmp(strrchr(path, '/') + 1, name);
}

static ssize_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	igt_assert_f(fd >= 0, "%s: %m\n", path);
	length = read(fd, text, size - 1);
	igt_assert_f(length >= 0, "%s: %m\n", path);
	text[length] = 0;
	lab_close(fd);
	return length;
}

static int write_file(const char *path, const char *text, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret;

	igt_assert_f(fd >= 0, "%s: %m\n", path);
	ret = write(fd, text, length) < 0 ? -errno : 0;
	lab_close(fd);
	return ret;
}

/* A profile is called "custom" once one of its properties was written; there may be no EDID. */
static bool takes_what_it_says(const char *path, const struct stat *info)
{
	return info->st_mode & 0200 && !is_called(path, "profile") && !is_called(path, "edid");
}

/* @live: what describes the device is refused then. */
static void try_file(const char *path, bool live)
{
	char text[4096], again[4096];
	struct stat info;
	ssize_t length;
	int ret;

	igt_assert(!stat(path, &info));
	if (!(info.st_mode & 0400))
		return;
	length = read_file(path, text, sizeof(text));
	if (!takes_what_it_says(path, &info))
		return;
	ret = write_file(path, text, length);
	igt_assert_f(!ret || (live && ret == -EBUSY), "%s = %s: %s\n", path, text, strerror(-ret));
	igt_assert_eq(read_file(path, again, sizeof(again)), length);
	igt_assert_f(!strcmp(text, again), "%s was %s, is %s\n", path, text, again);
}

static void try_files(const struct lab_plugged *plugged, bool live)
{
	found.count = 0;
	igt_assert(!nftw(plugged->directory, add_file, 8, FTW_PHYS));
	igt_assert_lt(4, found.count);
	for (unsigned int i = 0; i < found.count; i++)
		try_file(found.paths[i], live);
}

static void files(const char *driver)
{
	struct lab_plugged plugged;

	lab_plug_prepare(&plugged, driver, "files");
	try_files(&plugged, false);
	lab_plug_start(&plugged);
	try_files(&plugged, true);
	lab_unplug(&plugged);
}

static const struct lab_test tests[] = {
	{ "files", files, "Each file takes what it says, or, while the device is there, is busy." },
};

igt_main()
{
	lab_run(tests, "primesim");
	lab_run(tests, "camsim");
}
