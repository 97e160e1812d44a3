// SPDX-License-Identifier: MIT
/*
 * The machine sleeps while the camera streams.
 *
 * All drivers' suspend and resume are called (the kernel's pm_test=devices), nothing is switched
 * off. The directories that the guest shares with the host do not survive that, so this has a
 * guest of its own: make check-sleep.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include "camera.h"
#include "device.h"
#include "fence.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("suspend and resume of a streaming camera");

#define PAGE	4096

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	igt_require_f(fd >= 0, "%s: %m\n", path);
	igt_assert_eq(write(fd, text, strlen(text)), strlen(text));
	lab_close(fd);
}

static void sleep_and_wake(void)
{
	write_file("/sys/module/suspend/parameters/pm_test_delay", "1");
	write_file("/sys/power/pm_test", "devices");
	write_file("/sys/power/state", "mem");
	write_file("/sys/power/pm_test", "none");
}

static void require_own_root(void)
{
	igt_require_f(getenv("LAB_MAY_SLEEP"),
		      "LAB_MAY_SLEEP is not set: 9p mounts would be lost\n");
}

/* Buffers that nobody waits for stay queued, and frames go on. */
static void streaming(const char *unused)
{
	struct v4l2_buffer before, after;
	struct lab_camera camera;

	require_own_root();
	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 4);
	for (int i = 0; i < 4; i++)
		igt_assert_eq(lab_camera_queue_own(&camera, i), 0);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_STALL_MS, 500);
	lab_camera_start(&camera);
	sleep_and_wake();
	before = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	igt_assert_eq_u32(before.sequence, 0);
	for (int i = 1; i < 4; i++) {
		after = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
		igt_assert_eq_u32(after.sequence, before.sequence + i);
		igt_assert(lab_camera_time(&after) > lab_camera_time(&before));
	}
	lab_camera_close(&camera);
}

/* Those that somebody waits for end before the sleep, and can be queued again after it. */
static void early_fence(const char *unused)
{
	struct v4l2_buffer buffer;
	struct lab_camera camera;
	int fence, dmabuf;

	require_own_root();
	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_STALL_MS, 60000);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	dmabuf = lab_udmabuf((camera.size + PAGE - 1) / PAGE * PAGE);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), 0);
	lab_camera_start(&camera);
	fence = lab_export_sync_file(dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_eq(lab_sync_file_status(fence), 0);
	sleep_and_wake();
	igt_assert_eq(lab_sync_file_status(fence), -ECANCELED);
	igt_assert_eq(lab_camera_try_dequeue(&camera, V4L2_MEMORY_DMABUF, &buffer), 0);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_ERROR);
	lab_camera_stop(&camera);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_EARLY_FENCES, 0);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), 0);
	lab_camera_start(&camera);
	lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	lab_close(fence);
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

static void idle(const char *unused)
{
	struct lab_camera camera;

	require_own_root();
	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	sleep_and_wake();
	lab_camera_start(&camera);
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_camera_close(&camera);
}

static const struct lab_test tests[] = {
	{ "streaming", streaming, "Queued buffers stay so, and frames go on." },
	{ "early-fence", early_fence, "ECANCELED for a fence that is waited for." },
	{ "idle", idle, "A camera that does not stream sleeps and wakes." },
};

igt_main()
{
	lab_run(tests, NULL);
}
