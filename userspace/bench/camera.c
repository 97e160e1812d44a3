// SPDX-License-Identifier: MIT
/*
 * What a frame of a camera costs: CPU time of the thread that makes the frames, from one frame to
 * the next. camsim shows colour bars, or what is said, a moving box and the stamp; vivid its colour
 * bars and text. The least is a memset of the frame.
 */
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
#include "../lib/stats.h"
#include "groups.h"

#define BUFFERS		4
#define FRAMES		4	/* of each round */
#define ROUNDS		9
#define FRAME_MS	10000

#define PATTERN_BARS	0
#define PATTERN_RAMPS	1
#define PATTERN_NOISE	4

static const struct task {
	const char *name;
	const char *format;
	uint32_t width;
	uint32_t height;
	int pattern;
} tasks[] = {
	{ "640x480 YUYV", "YUYV", 640, 480, PATTERN_BARS },
	{ "640x480 NV12", "NV12", 640, 480, PATTERN_BARS },
	{ "640x480 XRGB8888", "XRGB8888", 640, 480, PATTERN_BARS },
	{ "1080p YUYV", "YUYV", 1920, 1080, PATTERN_BARS },
	{ "1080p NV12", "NV12", 1920, 1080, PATTERN_BARS },
	{ "1080p XRGB8888", "XRGB8888", 1920, 1080, PATTERN_BARS },
	{ "1080p YUYV, ramps", "YUYV", 1920, 1080, PATTERN_RAMPS },
	{ "1080p YUYV, noise", "YUYV", 1920, 1080, PATTERN_NOISE },
	{ "4K YUYV", "YUYV", 3840, 2160, PATTERN_BARS },
	{ "4K NV12", "NV12", 3840, 2160, PATTERN_BARS },
	{ "4K XRGB8888", "XRGB8888", 3840, 2160, PATTERN_BARS },
};

struct stream {
	struct pp_camera camera;
	const char *driver;
};

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

/* From frame to frame: all that the thread does for one. The median of some. */
static int measure_frames(struct stream *stream, uint64_t *ns)
{
	struct pp_camera *camera = &stream->camera;
	struct pp_samples samples = { 0 };
	uint64_t before = 0, now = 0;
	int pid, ret = next_frame(camera);

	if (ret)
		return ret;
	pid = find_thread(stream->driver, camera->error);
	if (pid < 0)
		return pid;
	ret = cpu_time(pid, &before, camera->error);
	for (int i = 0; i < FRAMES && !ret; i++, before = now) {
		ret = next_frame(camera);
		if (!ret)
			ret = cpu_time(pid, &now, camera->error);
		if (!ret)
			ret = pp_samples_add(&samples, (uint32_t)(now - before));
	}
	*ns = pp_samples_percentile(&samples, 50);
	pp_samples_free(&samples);
	return ret;
}

static int measure_stream(void *context, uint64_t *values)
{
	struct stream *stream = context;
	struct pp_camera *camera = &stream->camera;
	int ret = 0;

	for (unsigned int i = 0; i < BUFFERS && !ret; i++)
		ret = pp_camera_queue(camera, i, -1);
	if (!ret)
		ret = pp_camera_start(camera);
	if (ret)
		return ret;
	ret = measure_frames(stream, &values[0]);
	pp_camera_stop(camera);
	return ret;
}

static int open_stream(struct stream *stream, const struct task *task, struct pp_error *error)
{
	struct pp_camera *camera = &stream->camera;
	int ret = pp_camera_open_driver(camera, stream->driver, error);

	if (!ret)
		ret = pp_camera_set_format(camera, pp_format_by_name(task->format), task->width,
					   task->height, 0);
	if (!ret)
		ret = pp_camera_request_buffers(camera, V4L2_MEMORY_MMAP, BUFFERS);
	return ret;
}

/* As the frame's memory, which the caller frees. */
struct memory_of_frame {
	void *bytes;
	size_t size;
};

static int measure_memset(void *context, uint64_t *values)
{
	const struct memory_of_frame *frame = context;
	uint64_t start = pp_now_ns();

	memset(frame->bytes, 0x55, frame->size);
	/* It is read, as far as the compiler knows. */
	__asm__ volatile("" : : "r"(frame->bytes) : "memory");
	values[0] = pp_now_ns() - start;
	return 0;
}

static int run_row(const struct bench *bench, const struct task *task, struct stream *ours,
		   struct stream *peer)
{
	struct bench_row row = { .unit = "ns", .rounds = ROUNDS };
	struct memory_of_frame frame = { .size = ours->camera.layout.size };
	int ret;

	frame.bytes = malloc(frame.size);
	if (!frame.bytes)
		return pp_fail(bench->error, ENOMEM, "no memory for a frame");
	bench_row_name(&row, "frame, %s", task->name);
	bench_row_add(&row, "camsim", BENCH_OURS, measure_stream, ours);
	bench_row_add(&row, "vivid", BENCH_PEER, measure_stream, peer);
	bench_row_add(&row, "memset", BENCH_LIMIT, measure_memset, &frame);
	ret = bench_row_run(bench, &row);
	free(frame.bytes);
	return ret;
}

static int run_task(const struct bench *bench, const struct task *task)
{
	struct stream ours = { .driver = "camsim" }, peer = { .driver = "vivid" };
	int ret = open_stream(&ours, task, bench->error);

	if (!ret)
		ret = pp_camera_set_control(&ours.camera, V4L2_CID_TEST_PATTERN, task->pattern);
	if (!ret)
		ret = open_stream(&peer, task, bench->error);
	if (!ret)
		ret = run_row(bench, task, &ours, &peer);
	if (ret)
		return ret;
	pp_camera_close(&peer.camera);
	pp_camera_close(&ours.camera);
	return 0;
}

int bench_camera(const struct bench *bench)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]) && !ret; i++)
		ret = run_task(bench, &tasks[i]);
	return ret;
}
