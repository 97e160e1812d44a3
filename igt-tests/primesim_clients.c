// SPDX-License-Identifier: MIT
/*
 * Open files: what each has used, what it may have, and what it sees of others.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("fdinfo, client names, limits, files that do not see each other's handles");

#define MIB		(1ull << 20)
#define SIZE		(2 * MIB)
#define COLOUR		0xff123456
#define TEXT_SIZE	4096
#define ROOM_TRIES	400
#define ROOM_STEP_MS	25

/* libdrm's headers may be older. */
#ifndef DRM_IOCTL_SET_CLIENT_NAME
struct drm_set_client_name {
	__u64 name_len;
	__u64 name;
};

#define DRM_IOCTL_SET_CLIENT_NAME	DRM_IOWR(0xD1, struct drm_set_client_name)
#endif

static int try_create(int drm, uint64_t size)
{
	struct drm_primesim_bo_create create = { .size = size };

	return lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create);
}

static uint32_t create_used(int drm)
{
	uint32_t handle = lab_bo_create(drm, SIZE, 0);

	lab_gpu_fill(drm, handle, SIZE, COLOUR);
	return handle;
}

static void read_fdinfo(int drm, char text[TEXT_SIZE])
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", drm);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	igt_assert_fd(fd);
	length = read(fd, text, TEXT_SIZE - 1);
	igt_assert(length > 0);
	text[length] = 0;
	lab_close(fd);
}

/* A key's value, in bytes where it has a unit; asserts that it is there, or returns -1 */
static int64_t find(const char *text, const char *key, bool must)
{
	char unit[8] = "", line[64];
	long long value;
	const char *at;

	snprintf(line, sizeof(line), "\n%s:\t", key);
	at = strstr(text, line);
	igt_assert_f(at || !must, "no %s in fdinfo:\n%s\n", key, text);
	if (!at)
		return -1;
	igt_assert(sscanf(at + strlen(line), "%lld %7s", &value, unit) >= 1);
	if (!strcmp(unit, "KiB"))
		value *= 1024;
	if (!strcmp(unit, "MiB"))
		value *= MIB;
	return value;
}

static int64_t fdinfo(int drm, const char *key)
{
	char text[TEXT_SIZE];

	read_fdinfo(drm, text);
	return find(text, key, true);
}

static bool fdinfo_has(int drm, const char *key)
{
	char text[TEXT_SIZE];

	read_fdinfo(drm, text);
	return find(text, key, false) >= 0;
}

static void memory(const char *unused)
{
	int drm = lab_open_render("primesim");
	uint32_t shared;
	int dmabuf;

	igt_assert_eq_s64(fdinfo(drm, "drm-total-system"), 0);
	lab_bo_create(drm, MIB, 0);
	create_used(drm);
	shared = create_used(drm);
	dmabuf = lab_export(drm, shared, DRM_RDWR);
	igt_assert_eq_s64(fdinfo(drm, "drm-total-system"), MIB + 2 * SIZE);
	igt_assert_eq_s64(fdinfo(drm, "drm-resident-system"), 2 * SIZE);
	igt_assert_eq_s64(fdinfo(drm, "drm-shared-system"), SIZE);
	igt_assert_eq_s64(fdinfo(drm, "drm-active-system"), 0);
	igt_assert_eq_s64(fdinfo(drm, "primesim-handles"), 3);
	igt_assert(!fdinfo_has(drm, "drm-total-local"));
	lab_close(dmabuf);
	lab_close_handle(drm, shared);
	igt_assert_eq_s64(fdinfo(drm, "drm-total-system"), MIB + SIZE);
	lab_close(drm);
}

static void memory_active(const char *unused)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_surface surface;
	struct drm_primesim_sync in = {};
	uint32_t handle = create_used(drm);
	struct drm_primesim_op op;
	struct lab_fence fence;

	surface = lab_surface(handle, 1024, SIZE / 4096, 4096);
	op = lab_op_fill(&surface, COLOUR);
	lab_fence_open(&fence, 64, 64);
	in.handle = lab_fence_syncobj(&fence, drm);
	igt_assert_eq(lab_submit(drm, &op, &in, NULL), 0);
	igt_assert_eq_s64(fdinfo(drm, "drm-active-system"), SIZE);
	lab_fence_signal(&fence);
	igt_assert_eq_u32(lab_gpu_sees(drm, handle, SIZE), COLOUR);
	igt_assert_eq_s64(fdinfo(drm, "drm-active-system"), 0);
	lab_fence_close(&fence);
	lab_close(drm);
}

static void memory_local(const char *unused)
{
	struct lab_plugged device;
	uint32_t system;
	int drm;

	lab_plug_prepare(&device, "primesim", "local");
	lab_plug_set(&device, "local_mib", "8");
	lab_plug_start(&device);
	drm = lab_plugged_render(&device);
	lab_bo_create(drm, MIB, 0);
	create_used(drm);
	system = lab_bo_create(drm, SIZE, DRM_PRIMESIM_BO_CREATE_SYSTEM);
	lab_gpu_fill(drm, system, SIZE, COLOUR);
	igt_assert_eq_s64(fdinfo(drm, "drm-total-local"), MIB + SIZE);
	igt_assert_eq_s64(fdinfo(drm, "drm-resident-local"), SIZE);
	igt_assert_eq_s64(fdinfo(drm, "drm-total-system"), SIZE);
	igt_assert_eq_s64(fdinfo(drm, "drm-resident-system"), SIZE);
	lab_close(drm);
	lab_unplug(&device);
}

/* Has the engine work until its time is more than that; the clock may be one that ticks. */
static void work_longer_than(int drm, int64_t ns)
{
	uint32_t handle = create_used(drm);

	while (fdinfo(drm, "drm-engine-render") <= ns)
		lab_gpu_fill(drm, handle, SIZE, COLOUR);
}

/* Time and cycles grow with the work, of the file and queue that did it, and of no other. */
static void engine(const char *unused)
{
	int drm = lab_open_render("primesim"), idle = lab_open_render("primesim");
	int64_t cycles, total;

	igt_assert_eq_s64(fdinfo(drm, "drm-engine-render"), 0);
	work_longer_than(drm, 0);
	cycles = fdinfo(drm, "drm-cycles-render");
	total = fdinfo(drm, "drm-total-cycles-render");
	igt_assert(cycles > 0 && total > cycles);
	work_longer_than(drm, fdinfo(drm, "drm-engine-render"));
	igt_assert(fdinfo(drm, "drm-cycles-render") > cycles);
	igt_assert(fdinfo(drm, "drm-total-cycles-render") > total);
	igt_assert_eq_s64(fdinfo(drm, "drm-engine-copy"), 0);
	igt_assert_eq_s64(fdinfo(idle, "drm-engine-render"), 0);
	lab_close(idle);
	lab_close(drm);
}

static void client_name(const char *unused)
{
	static const char name[] = "compositor";
	struct drm_set_client_name set = {
		.name_len = strlen(name), .name = (uintptr_t)name,
	};
	int ret, drm = lab_open_render("primesim");
	char text[TEXT_SIZE];

	ret = lab_ioctl(drm, DRM_IOCTL_SET_CLIENT_NAME, &set);
	igt_require_f(ret != -EINVAL, "DRM has no ioctl SET_CLIENT_NAME\n");
	igt_assert_eq(ret, 0);
	read_fdinfo(drm, text);
	igt_assert(strstr(text, "drm-driver:\tprimesim\n"));
	igt_assert(strstr(text, "drm-client-name:\tcompositor\n"));
	lab_close(drm);
}

static void handles_are_private(const char *unused)
{
	int drm = lab_open_render("primesim"), other = lab_open_render("primesim");
	struct drm_primesim_bo_info info = { .handle = lab_bo_create(drm, MIB, 0) };
	struct drm_primesim_bo_mmap_offset offset = { .handle = info.handle };
	int dmabuf;

	igt_assert_eq(lab_ioctl(other, DRM_IOCTL_PRIMESIM_BO_INFO, &info), -ENOENT);
	igt_assert_eq(lab_ioctl(other, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &offset), -ENOENT);
	igt_assert_eq(lab_try_gpu_fill(other, info.handle, MIB, COLOUR), -ENOENT);
	igt_assert_eq(lab_try_export(other, info.handle, DRM_RDWR, &dmabuf), -ENOENT);
	igt_assert(!lab_handle_is_valid(other, info.handle));
	igt_assert(lab_handle_is_valid(drm, info.handle));
	lab_close(other);
	lab_close(drm);
}

/* The render node is for everybody: nothing there shows or changes what is on the screen. */
static void render_node(const char *unused)
{
	struct drm_mode_create_dumb dumb = { .width = 64, .height = 64, .bpp = 32 };
	struct drm_primesim_scanout_info scanout = {};
	struct drm_gem_flink flink = {};
	int drm = lab_open_render("primesim");

	flink.handle = create_used(drm);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_MODE_CREATE_DUMB, &dumb), -EACCES);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &scanout), -EACCES);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_GEM_FLINK, &flink), -EACCES);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_SET_MASTER, NULL), -EACCES);
	lab_close(drm);
}

static void plug_limited(struct lab_plugged *device, const char *limit, const char *value)
{
	lab_plug_prepare(device, "primesim", "limited");
	lab_plug_set(device, limit, value);
	lab_plug_start(device);
}

#define HANDLES		"4"

static void handle_limit(const char *unused)
{
	struct lab_plugged device;
	uint64_t since = lab_now();
	int drm, other, dmabuf;
	uint32_t handle;

	plug_limited(&device, "client_handles", HANDLES);
	drm = lab_plugged_render(&device);
	other = lab_plugged_render(&device);
	for (int i = 0; i < atoi(HANDLES); i++)
		handle = lab_bo_create(drm, MIB, 0);
	igt_assert_eq(try_create(drm, MIB), -ENOSPC);
	lab_assert_refused(since, -ENOSPC,
			   "the file has " HANDLES " handles, all that it may have");
	dmabuf = lab_export(other, lab_bo_create(other, MIB, 0), DRM_RDWR);
	igt_assert_eq(lab_try_import(drm, dmabuf, &handle), -ENOSPC);
	lab_close_handle(drm, 1);
	igt_assert_eq(lab_try_import(drm, dmabuf, &handle), 0);
	/* It has that one: no further handle. */
	igt_assert_eq(lab_try_import(drm, dmabuf, &handle), 0);
	lab_close(dmabuf);
	lab_close(other);
	lab_close(drm);
	lab_unplug(&device);
}

/* What a finished job has held is given up a moment later. */
static void fill_when_there_is_room(int drm, uint32_t handle)
{
	int ret;

	for (int i = 0; i < ROOM_TRIES; i++) {
		ret = lab_try_gpu_fill(drm, handle, SIZE, COLOUR);
		if (ret != -ENOMEM)
			break;
		lab_sleep(ROOM_STEP_MS);
	}
	igt_assert_eq(ret, 0);
}

static void memory_limit(const char *unused)
{
	uint64_t since = lab_now();
	struct lab_plugged device;
	uint32_t used, more;
	int drm, other;

	plug_limited(&device, "client_memory_mib", "4");
	drm = lab_plugged_render(&device);
	other = lab_plugged_render(&device);
	create_used(drm);
	used = create_used(drm);
	/* A promise: it costs when it is used. */
	more = lab_bo_create(drm, SIZE, 0);
	igt_assert_eq(lab_try_gpu_fill(drm, more, SIZE, COLOUR), -ENOMEM);
	lab_assert_refused(since, -ENOMEM,
			   "its client has 4194304 of 4194304 bytes that it may have");
	create_used(other);
	lab_close_handle(drm, used);
	fill_when_there_is_room(drm, more);
	igt_assert_eq_s64(fdinfo(drm, "drm-resident-system"), 2 * SIZE);
	lab_close(other);
	lab_close(drm);
	lab_unplug(&device);
}

/* Touches the first byte of an object of 8 MiB; returns the signal that ended that, or 0. */
static int signal_of_touching(int drm, uint32_t handle)
{
	struct drm_primesim_bo_mmap_offset offset = { .handle = handle };
	volatile uint32_t *pixels;
	pid_t child;
	int status;

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &offset), 0);
	pixels = lab_map(drm, 4 * SIZE, PROT_READ | PROT_WRITE, offset.offset);
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		signal(SIGBUS, SIG_DFL);
		pixels[0] = COLOUR;
		_exit(0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	lab_unmap((const void *)pixels, 4 * SIZE);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* The CPU gets no errno; a file that may have more gets the memory. */
static void memory_limit_of_cpu(const char *unused)
{
	uint64_t since = lab_now();
	struct lab_plugged device;
	int drm;

	plug_limited(&device, "client_memory_mib", "4");
	drm = lab_plugged_render(&device);
	igt_assert_eq(signal_of_touching(drm, lab_bo_create(drm, 4 * SIZE, 0)), SIGBUS);
	lab_assert_refused(since, -ENOMEM, "its client has 0 of 4194304 bytes that it may have");
	lab_close(drm);
	lab_unplug(&device);

	drm = lab_open_render("primesim");
	igt_assert_eq(signal_of_touching(drm, lab_bo_create(drm, 4 * SIZE, 0)), 0);
	lab_close(drm);
}

/* Giving objects away does not make room for more of them. */
static void memory_limit_of_shared(const char *unused)
{
	struct lab_plugged device;
	int dmabufs[2], drm;
	uint32_t handle;

	plug_limited(&device, "client_memory_mib", "4");
	drm = lab_plugged_render(&device);
	for (int i = 0; i < 2; i++) {
		handle = create_used(drm);
		dmabufs[i] = lab_export(drm, handle, DRM_RDWR);
		lab_close_handle(drm, handle);
	}
	handle = lab_bo_create(drm, SIZE, 0);
	igt_assert_eq(lab_try_gpu_fill(drm, handle, SIZE, COLOUR), -ENOMEM);
	lab_close(dmabufs[0]);
	fill_when_there_is_room(drm, handle);
	lab_close(dmabufs[1]);
	lab_close(drm);
	lab_unplug(&device);
}

static const struct lab_test tests[] = {
	{ "memory", memory,
	  "fdinfo tells what a file's objects have, and how much of it is shared." },
	{ "memory-active", memory_active, "fdinfo tells what jobs use." },
	{ "memory-local", memory_local, "fdinfo tells local from system memory." },
	{ "engine", engine, "fdinfo tells how long the engine worked for a file." },
	{ "client-name", client_name, "fdinfo has the name that a client gave itself." },
	{ "handles-are-private", handles_are_private,
	  "One file's handles mean nothing on another." },
	{ "render-node", render_node, "What is the display's is refused on the render node." },
	{ "handle-limit", handle_limit, "A file gets so many handles, and ENOSPC." },
	{ "memory-limit", memory_limit, "A file's objects get so much memory, and ENOMEM." },
	{ "memory-limit-of-cpu", memory_limit_of_cpu,
	  "The same for the CPU, which gets SIGBUS." },
	{ "memory-limit-of-shared", memory_limit_of_shared,
	  "What a file has made counts for as long as anybody has it." },
};

igt_main()
{
	lab_run(tests, NULL);
}
