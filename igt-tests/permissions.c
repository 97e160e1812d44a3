// SPDX-License-Identifier: MIT
/*
 * What is for the administrator only, and what names of an administrator's may be.
 */
#include <dirent.h>
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "device.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("who may open what; hostile names in configfs");

#define CONFIGFS	"/sys/kernel/config"
#define DEBUGFS		"/sys/kernel/debug"
#define NOBODY		65534

/* Calls @visit for all files below @path, directories first. */
static void walk(const char *path, void (*visit)(const char *path, const struct stat *stat))
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		char below[512];
		struct stat stat;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (lstat(below, &stat))
			continue;
		visit(below, &stat);
		if (S_ISDIR(stat.st_mode))
			walk(below, visit);
	}
	if (directory)
		closedir(directory);
}

static void assert_administrators(const char *path, const struct stat *stat)
{
	igt_assert_f(stat->st_uid == 0, "%s is user %d's\n", path, stat->st_uid);
	igt_assert_f(!(stat->st_mode & 0022) || S_ISLNK(stat->st_mode),
		     "%s has mode %o\n", path, stat->st_mode);
}

/* What tells about other people's buffers, or makes things fail */
static void assert_secret(const char *path, const struct stat *stat)
{
	assert_administrators(path, stat);
	igt_assert_f(S_ISDIR(stat->st_mode) || !(stat->st_mode & 0044),
		     "%s has mode %o\n", path, stat->st_mode);
}

static void modes(const char *unused)
{
	struct lab_plugged gpu, camera;

	lab_plug(&gpu, "primesim", "ideal");
	lab_plug(&camera, "camsim", "ideal");
	walk(CONFIGFS "/primesim", assert_administrators);
	walk(CONFIGFS "/camsim", assert_administrators);
	walk(CONFIGFS "/simbuf", assert_administrators);
	walk(DEBUGFS "/simbuf", assert_secret);
	walk("/sys/module/simbuf/parameters", assert_administrators);
	walk("/sys/module/primesim/parameters", assert_administrators);
	walk("/sys/module/camsim/parameters", assert_administrators);
	lab_unplug(&camera);
	lab_unplug(&gpu);
}

static void assert_denied(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	igt_assert_f(fd < 0, "%s is open to everybody\n", path);
	igt_assert_eq(errno, EACCES);
}

/* A user without any rights, whom somebody has given a render node */
static void be_nobody(int drm)
{
	struct drm_primesim_context_create high = { .priority = DRM_PRIMESIM_PRIORITY_HIGH };
	struct drm_primesim_context_create normal = {};

	igt_assert_eq(setgid(NOBODY), 0);
	igt_assert_eq(setuid(NOBODY), 0);
	assert_denied(DEBUGFS "/simbuf/buffers", O_RDONLY);
	assert_denied(DEBUGFS "/simbuf/fail_alloc/probability", O_WRONLY);
	assert_denied(CONFIGFS "/primesim/nobody/live", O_WRONLY);
	assert_denied("/sys/bus/platform/drivers/primesim/unbind", O_WRONLY);
	igt_assert(mkdir(CONFIGFS "/primesim/more", 0755) < 0);
	igt_assert(rmdir(CONFIGFS "/primesim/nobody") < 0);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, &normal), 0);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, &high), -EACCES);
}

static void nobody(const char *unused)
{
	struct lab_plugged device;
	int drm;

	lab_plug_prepare(&device, "primesim", "nobody");
	lab_plug_start(&device);
	drm = lab_plugged_render(&device);
	igt_fork(child, 1)
		be_nobody(drm);
	igt_waitchildren();
	lab_close(drm);
	lab_unplug(&device);
}

/* Names that somebody might print, split or look up in the wrong way */
static const char *const names[] = {
	"%s%s%n", "%p", "-", "...", "two words", "a=b", "\x1b[31m", "\xc3\xa4\xe2\x82\xac",
	"\xff\xfe",
	"line\nfeed", "$(reboot)", "'\"\\", "live", "primesim.0",
};

static void use_name(const char *driver, const char *name)
{
	char path[320], file[340];

	snprintf(path, sizeof(path), CONFIGFS "/%s/%s", driver, name);
	igt_assert_f(!mkdir(path, 0755), "mkdir %s: %m\n", path);
	snprintf(file, sizeof(file), "%s/live", path);
	lab_write_file(file, "1");
	lab_write_file(file, "0");
	igt_assert_f(!rmdir(path), "rmdir %s: %m\n", path);
}

static void device_names(const char *driver)
{
	char longest[256], path[320];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		use_name(driver, names[i]);
	memset(longest, 'n', sizeof(longest) - 1);
	longest[255] = 0;
	use_name(driver, longest);
	snprintf(path, sizeof(path), CONFIGFS "/%s/%sn", driver, longest);
	igt_assert(mkdir(path, 0755) < 0);
	igt_assert_eq(errno, ENAMETOOLONG);
}

/* The kernel prints them as they are: so there are none but words. */
static void profile_names(const char *unused)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[96];

		snprintf(path, sizeof(path), CONFIGFS "/simbuf/%s", names[i]);
		if (!mkdir(path, 0755)) {
			igt_assert_eq(strspn(names[i], "abcdefghijklmnopqrstuvwxyz.-0"),
				      strlen(names[i]));
			igt_assert_eq(rmdir(path), 0);
		}
	}
}

/* Directories are neither linked nor renamed, so nothing is elsewhere than where it was made. */
static void links(const char *driver)
{
	char path[64], target[64], file[96];
	struct lab_plugged device;

	lab_plug_prepare(&device, driver, "links");
	snprintf(path, sizeof(path), CONFIGFS "/%s/link", driver);
	snprintf(file, sizeof(file), "%s/link", device.directory);
	snprintf(target, sizeof(target), CONFIGFS "/%s/renamed", driver);
	igt_assert(symlink(device.directory, path) < 0);
	igt_assert_eq(errno, EPERM);
	igt_assert(symlink(CONFIGFS "/simbuf", file) < 0);
	igt_assert_eq(errno, EPERM);
	igt_assert(symlink("/etc", file) < 0);
	igt_assert(rename(device.directory, target) < 0);
	igt_assert(link(device.directory, path) < 0);
	lab_unplug(&device);
}

/* Texts that no file takes: too long, unfinished, of other kinds of characters. Each is refused. */
static void values(const char *unused)
{
	static const char *const files[] = {
		"policy", "role", "displays", "local_mib", "job_timeout_ms", "gpu/profile",
		"gpu/dma_bits", "monitor0/link_status",
	};
	static const char *const texts[] = {
		"%s%n", "../contig32", "contig32/..", "\x1b[31m", "1e3", "-1", "0x",
		"18446744073709551616", "4294967296", "\xff",
	};
	struct lab_plugged device;
	char longest[4097];

	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	lab_plug_prepare(&device, "primesim", "values");
	for (size_t f = 0; f < ARRAY_SIZE(files); f++) {
		for (size_t t = 0; t < ARRAY_SIZE(texts); t++)
			igt_assert(lab_plug_write(&device, files[f], texts[t]) < 0);
		igt_assert(lab_plug_write(&device, files[f], longest) < 0);
	}
	lab_unplug(&device);
}

#define MOST_FILES	256

static int opened[MOST_FILES];
static int opened_count;

static void open_it(const char *path, const struct stat *stat)
{
	int fd;

	if (!S_ISREG(stat->st_mode) || opened_count == MOST_FILES)
		return;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		opened[opened_count++] = fd;
}

static void read_all(void)
{
	char text[4096];

	for (int i = 0; i < opened_count; i++) {
		/* Whatever it says: an error, or what was true before. */
		while (read(opened[i], text, sizeof(text)) > 0)
			;
		lab_close(opened[i]);
	}
}

/* Files that are open stay open when what they tell about goes. */
static void debugfs_outlives(const char *driver)
{
	struct lab_plugged device;
	char path[96];

	opened_count = 0;
	lab_plug_prepare(&device, driver, "debugfs");
	if (!strcmp(driver, "camsim"))
		lab_plug_set(&device, "producer", "1");
	lab_plug_start(&device);
	if (!strcmp(driver, "camsim"))
		snprintf(path, sizeof(path), DEBUGFS "/%s", lab_plugged_name(&device, ""));
	else
		snprintf(path, sizeof(path), DEBUGFS "/dri/primesim.%d", device.id);
	walk(path, open_it);
	igt_assert_lt(0, opened_count);
	walk(DEBUGFS "/simbuf", open_it);
	lab_unplug(&device);
	read_all();
}

static const struct lab_test by_driver[] = {
	{ "names", device_names, "Devices of any name go live and away." },
	{ "links", links, "Nothing is linked or renamed." },
	{ "debugfs-outlives", debugfs_outlives, "debugfs is read after its device is gone." },
};

static const struct lab_test tests[] = {
	{ "modes", modes, "Files that only the administrator writes, or reads." },
	{ "nobody", nobody, "A user with a render node, and no other rights." },
	{ "profile-names", profile_names, "Profiles are words." },
	{ "values", values, "Values that no file takes." },
};

igt_main()
{
	lab_run(by_driver, "primesim");
	lab_run(by_driver, "camsim");
	lab_run(tests, NULL);
}
