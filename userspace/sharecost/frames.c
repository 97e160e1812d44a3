// SPDX-License-Identifier: MIT
#include "frames.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/camera.h"
#include "../lib/error.h"
#include "rows.h"

#define WIDTH		1920
#define HEIGHT		1080
#define BUFFERS		4
#define FRAMES		41
#define MAX_NODES	64
#define FRAME_MS	10000

#define PATTERN_BARS	0
#define PATTERN_RAMPS	1
#define PATTERN_NOISE	4
#define PATTERN_OWN	(-1)	/* what the camera shows by itself */

/* What to look at: the name, the driver, and what is in front of the camera. */
static const struct source {
	const char *name;
	const char *driver;
	int pattern;
} sources[] = {
	{ "camsim", "camsim", PATTERN_BARS },
	{ "camsim, ramps", "camsim", PATTERN_RAMPS },
	{ "camsim, noise", "camsim", PATTERN_NOISE },
	{ "vivid", "vivid", PATTERN_OWN },
};

static const char *const formats[] = { "YUYV", "NV12" };

static int open_camera(struct pp_camera *camera, const char *driver, struct pp_error *error)
{
	for (int i = 0; i < MAX_NODES; i++) {
		struct pp_error unused = { 0 };
		char path[32];

		snprintf(path, sizeof(path), "/dev/video%d", i);
		if (pp_camera_open(camera, path, &unused))
			continue;
		if (!strcmp((const char *)camera->capability.driver, driver)) {
			camera->error = error;
			return 0;
		}
		pp_camera_close(camera);
	}
	return pp_fail(error, ENODEV, "no camera of driver %s", driver);
}

static bool is_thread_of(const char *pid, const char *driver)
{
	char path[300], prefix[32], comm[64] = "";
	FILE *file;

	if (!isdigit((unsigned char)pid[0]))
		return false;
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(comm, sizeof(comm), file))
		comm[0] = '\0';
	fclose(file);
	snprintf(prefix, sizeof(prefix), "%s-000", driver);
	return !strncmp(comm, prefix, strlen(prefix));
}

/* Of the first camera that streams; there is no other. */
static int find_thread(const char *driver, struct pp_error *error)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int pid = 0;

	while (proc && !pid && (entry = readdir(proc))) {
		if (is_thread_of(entry->d_name, driver))
			pid = atoi(entry->d_name);
	}
	if (proc)
		closedir(proc);
	return pid ? pid : pp_fail(error, ESRCH, "%s has no thread that makes frames", driver);
}

static int cpu_time(int pid, uint64_t *ns, struct pp_error *error)
{
	char path[64];
	FILE *file;
	int found = 0;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	file = fopen(path, "re");
	if (file) {
		found = fscanf(file, "%" SCNu64, ns);
		fclose(file);
	}
	return found == 1 ? 0 : pp_fail(error, EIO, "%s tells no CPU time", path);
}

static int next_frame(struct pp_camera *camera)
{
	struct pollfd ready = { .fd = camera->fd, .events = POLLIN };
	struct pp_frame frame;
	int ret;

	do {
		if (poll(&ready, 1, FRAME_MS) <= 0)
			return pp_fail(camera->error, ETIMEDOUT, "%s makes no frames",
				       camera->path);
		ret = pp_camera_dequeue(camera, &frame);
	} while (!ret);
	return ret < 0 ? ret : pp_camera_queue(camera, frame.index, -1);
}

/* From frame to frame: all that the thread does for one. */
static int measure_stream(struct pp_camera *camera, const char *driver, struct operation *op)
{
	uint64_t before = 0, now = 0;
	int pid, ret;

	ret = next_frame(camera);
	if (ret)
		return ret;
	pid = find_thread(driver, camera->error);
	if (pid < 0)
		return pid;
	ret = cpu_time(pid, &before, camera->error);
	for (int i = 0; i < FRAMES && !ret; i++, before = now) {
		ret = next_frame(camera);
		if (!ret)
			ret = cpu_time(pid, &now, camera->error);
		if (!ret)
			operation_add(op, 0, now - before);
	}
	return ret;
}

static int stream(struct pp_camera *camera, const char *driver, struct operation *op)
{
	int ret = pp_camera_request_buffers(camera, V4L2_MEMORY_MMAP, BUFFERS);

	for (unsigned int i = 0; i < BUFFERS && !ret; i++)
		ret = pp_camera_queue(camera, i, -1);
	if (!ret)
		ret = pp_camera_start(camera);
	if (ret)
		return ret;
	ret = measure_stream(camera, driver, op);
	pp_camera_stop(camera);
	return ret;
}

static int measure_camera(const struct source *source, const struct pp_format *format,
			  struct pp_error *error)
{
	struct operation op = { .table = "frame", .driver = source->name,
		.exporter = format->name, .steps = { "frame" } };
	struct pp_camera camera;
	int ret = open_camera(&camera, source->driver, error);

	if (ret)
		return ret;
	ret = pp_camera_set_format(&camera, format, WIDTH, HEIGHT, 0);
	op.size = camera.layout.size;
	if (!ret && source->pattern != PATTERN_OWN)
		ret = pp_camera_set_control(&camera, V4L2_CID_TEST_PATTERN, source->pattern);
	if (!ret)
		ret = stream(&camera, source->driver, &op);
	if (!ret)
		operation_print(&op);
	pp_camera_close(&camera);
	return ret;
}

static int measure_memset(const struct pp_format *format, struct pp_error *error)
{
	struct operation op = { .table = "frame", .driver = "memset", .exporter = format->name,
		.steps = { "frame" } };
	struct pp_layout layout;
	void *memory;

	pp_layout_init(&layout, format, WIDTH, HEIGHT, 0);
	op.size = layout.size;
	memory = malloc(layout.size);
	if (!memory)
		return pp_fail(error, ENOMEM, "no memory for a frame");
	/* The first time the pages come. */
	for (int i = 0; i <= FRAMES; i++) {
		uint64_t start = pp_now_ns();

		memset(memory, i, layout.size);
		/* It is read, as far as the compiler knows. */
		__asm__ volatile("" : : "r"(memory) : "memory");
		if (i)
			operation_step(&op, 0, start);
	}
	free(memory);
	operation_print(&op);
	return 0;
}

int measure_frames(struct pp_error *error)
{
	int ret = 0;

	for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]) && !ret; f++) {
		const struct pp_format *format = pp_format_by_name(formats[f]);

		for (size_t s = 0; s < sizeof(sources) / sizeof(sources[0]) && !ret; s++)
			ret = measure_camera(&sources[s], format, error);
		if (!ret)
			ret = measure_memset(format, error);
	}
	return ret;
}
