// SPDX-License-Identifier: MIT
/*
 * What the camera costs when it is idle, and how it keeps its time when it is not.
 */
#include <dirent.h>
#include <linux/camsim.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>
#include "camera.h"
#include "lab.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("no thread when idle, one wake-up per frame, a frame rate without drift");

#define BUFFERS		8
#define THREAD		"camsim-000"

static void read_proc(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, size - 1, file) : 0;

	text[length] = 0;
	if (file)
		fclose(file);
}

/* The camera's kernel thread; 0 when there is none */
static pid_t camera_thread(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	igt_assert(proc);
	while ((entry = readdir(proc))) {
		char path[280], name[32];

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		read_proc(path, name, sizeof(name));
		if (!strcmp(name, THREAD "\n"))
			found = atoi(entry->d_name);
	}
	closedir(proc);
	return found;
}

/* Who stops it waits until it has returned; /proc has it for a moment longer. */
static bool thread_is_gone(void)
{
	for (int i = 0; i < 100 && camera_thread(); i++)
		lab_sleep(10);
	return !camera_thread();
}

/* How often the thread has gone to sleep */
static long sleeps(pid_t thread)
{
	static const char key[] = "\nvoluntary_ctxt_switches:";
	char path[64], status[4096];
	const char *found;

	snprintf(path, sizeof(path), "/proc/%d/status", thread);
	read_proc(path, status, sizeof(status));
	found = strstr(status, key);
	igt_assert(found);
	return atol(found + sizeof(key) - 1);
}

static void camera_open(struct lab_camera *camera, uint32_t rate)
{
	struct v4l2_streamparm parm = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.parm.capture.timeperframe = { 1, rate },
	};

	lab_camera_open(camera, V4L2_PIX_FMT_YUYV, 160, 120);
	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_S_PARM, &parm), 0);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, BUFFERS);
	for (int i = 0; i < BUFFERS; i++)
		igt_assert_eq(lab_camera_queue_own(camera, i), 0);
}

static struct v4l2_buffer next(const struct lab_camera *camera)
{
	struct v4l2_buffer buffer = lab_camera_dequeue(camera, V4L2_MEMORY_MMAP);

	igt_assert_eq(lab_camera_queue_own(camera, buffer.index), 0);
	return buffer;
}

static void idle(const char *unused)
{
	struct lab_camera camera;

	igt_assert(thread_is_gone());
	camera_open(&camera, 60);
	igt_assert_eq(camera_thread(), 0);
	lab_camera_start(&camera);
	igt_assert(camera_thread());
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_camera_stop(&camera);
	igt_assert(thread_is_gone());
	lab_camera_close(&camera);
	igt_assert(thread_is_gone());
}

static void one_wake_per_frame(const char *unused)
{
	struct v4l2_buffer first, last;
	struct lab_camera camera;
	long before, after;
	pid_t thread;

	camera_open(&camera, 60);
	lab_camera_start(&camera);
	thread = camera_thread();
	first = next(&camera);
	before = sleeps(thread);
	for (int i = 0; i < 60; i++)
		last = next(&camera);
	after = sleeps(thread);
	igt_assert_lt_u64(before, after);
	/* One frame may have been made between reading its number and the count. */
	igt_assert_lt_u64(after - before, last.sequence - first.sequence + 3);
	lab_camera_close(&camera);
}

/* Pacing */

#define RATE		120
#define FRAMES		1000
#define QUARTER		(FRAMES / 4)

/**
 * struct pace - what was seen of a stream
 * @first: its first frame.
 * @last: its last frame.
 * @age_at_first: the least age in us of a frame that arrives, in the first quarter.
 * @age_at_last: the same in the last quarter.
 */
struct pace {
	struct v4l2_buffer first;
	struct v4l2_buffer last;
	int64_t age_at_first;
	int64_t age_at_last;
};

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Frame intervals between two timestamps: whole ones, but for the microseconds' rounding */
static int64_t intervals(const struct v4l2_buffer *from, const struct v4l2_buffer *to)
{
	int64_t scaled = (lab_camera_time(to) - lab_camera_time(from)) * RATE;
	int64_t whole = (scaled + 500000) / 1000000;

	igt_assert_f(llabs(scaled - whole * 1000000) <= 2 * RATE,
		     "timestamps are %lld us apart\n", (long long)scaled / RATE);
	return whole;
}

static void watch(const struct lab_camera *camera, struct pace *pace)
{
	*pace = (struct pace){ .age_at_first = INT64_MAX, .age_at_last = INT64_MAX };
	for (int i = 0; i < FRAMES; i++) {
		int64_t age;

		pace->last = next(camera);
		age = (int64_t)lab_now() - lab_camera_time(&pace->last);
		igt_assert_f(age >= 0, "a frame came %lld us before its time\n", (long long)-age);
		if (!i)
			pace->first = pace->last;
		if (i < QUARTER)
			pace->age_at_first = min(pace->age_at_first, age);
		if (i >= FRAMES - QUARTER)
			pace->age_at_last = min(pace->age_at_last, age);
	}
}

/*
 * The clock of timestamps is the frame rate's: they are whole intervals apart, one for each
 * number and each frame that the machine was too slow for. That they are true is seen by when
 * frames arrive: the quickest one of many is no later at the end than at the beginning. Returns
 * by how much it is, in us, when that is more than 0.01 %, and more than the clock can tell:
 * kernels without a better one have one that stands still for 4 ms.
 */
static int64_t drift(const struct lab_camera *camera)
{
	struct pace pace;
	int64_t moved, shift, limit;
	struct timespec tick;
	int late;

	watch(camera, &pace);
	late = lab_camera_get(camera, V4L2_CID_CAMSIM_LATE_FRAMES);
	moved = intervals(&pace.first, &pace.last) - (pace.last.sequence - pace.first.sequence);
	igt_assert_lte(0, moved);
	igt_assert_lte(moved, late);
	shift = pace.age_at_last - pace.age_at_first;
	igt_assert_eq(clock_getres(CLOCK_MONOTONIC, &tick), 0);
	limit = (lab_camera_time(&pace.last) - lab_camera_time(&pace.first)) / 10000;
	limit += 2 * tick.tv_nsec / 1000;
	igt_info("%d frames, %d late, shifted by %lld us of at most %lld us\n", FRAMES, late,
		 (long long)shift, (long long)limit);
	return llabs(shift) > limit ? shift : 0;
}

/* Other programs keep a machine from being quick at times, but not always in one direction. */
static void no_drift(const char *unused)
{
	struct lab_camera camera;
	int64_t first, again;
	int tries = 10;

	camera_open(&camera, RATE);
	lab_camera_start(&camera);
	first = drift(&camera);
	again = first;
	while (again && (again > 0) == (first > 0)) {
		igt_assert_f(--tries, "frames arrive later and later, or sooner and sooner\n");
		again = drift(&camera);
	}
	lab_camera_close(&camera);
}

/* A machine that is too slow, made of a processor that has something better to do */

static void *be_better(void *unused)
{
	uint64_t end = lab_now() + 300000;

	while (lab_now() < end)
		;
	return NULL;
}

static void starve(pid_t thread)
{
	struct sched_param param = { .sched_priority = 10 };
	pthread_attr_t attr;
	pthread_t better;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	igt_assert_eq(sched_setaffinity(thread, sizeof(set), &set), 0);
	igt_assert_eq(pthread_attr_init(&attr), 0);
	igt_assert_eq(pthread_attr_setaffinity_np(&attr, sizeof(set), &set), 0);
	igt_assert_eq(pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED), 0);
	igt_assert_eq(pthread_attr_setschedpolicy(&attr, SCHED_FIFO), 0);
	igt_assert_eq(pthread_attr_setschedparam(&attr, &param), 0);
	igt_assert_eq(pthread_create(&better, &attr, be_better, NULL), 0);
	igt_assert_eq(pthread_join(better, NULL), 0);
	igt_assert_eq(pthread_attr_destroy(&attr), 0);
}

static void late_frames_counted(const char *unused)
{
	struct v4l2_buffer before, after;
	struct lab_camera camera;
	int late, moved;

	camera_open(&camera, RATE);
	lab_camera_start(&camera);
	before = next(&camera);
	starve(camera_thread());
	/* What was made before is read first. */
	for (int i = 0; i < 2 * BUFFERS; i++)
		after = next(&camera);
	late = lab_camera_get(&camera, V4L2_CID_CAMSIM_LATE_FRAMES);
	moved = intervals(&before, &after) - (after.sequence - before.sequence);
	igt_assert_lt(RATE / 10, moved);
	igt_assert_lte(moved, late);
	lab_camera_close(&camera);
}

static const struct lab_test tests[] = {
	{ "idle", idle, "There is no thread unless it streams." },
	{ "one-wake-per-frame", one_wake_per_frame, "The thread sleeps once for each frame." },
	{ "no-drift", no_drift, "Over 1,000 frames the error of the rate is below 0.01 %." },
	{ "late-frames-counted", late_frames_counted,
	  "What a busy machine misses is counted; time goes on by whole intervals." },
};

igt_main()
{
	lab_run(tests, NULL);
}
