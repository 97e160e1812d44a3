// SPDX-License-Identifier: MIT
/*
 * Early fences: work on a frame is submitted before the frame exists.
 *
 * The camera is held back by a fence that the test signals itself, so that all is a matter of
 * order and not of time.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <drm/primesim_drm.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("early fences: signalled by frames, in error by all that prevents frames");

#define WIDTH		640
#define HEIGHT		480
#define SIZE		(WIDTH * HEIGHT * 4)
#define PENDING		0	/* status of a sync_file */
#define SIGNALLED	1

/**
 * struct scene - a camera that is going to write into a buffer of primesim's
 * @camera: with early fences on.
 * @gpu: who owns @dumb.
 * @dumb: the buffer.
 * @dmabuf: its dma-buf.
 * @hold: while this has not signalled, the camera does not write: it looks like one
 *	who reads the buffer.
 * @held: whether it has not.
 */
struct scene {
	struct lab_camera camera;
	int gpu;
	struct lab_dumb dumb;
	int dmabuf;
	struct lab_fence hold;
	bool held;
};

static void hold(struct scene *scene)
{
	int sync_file;

	lab_fence_open(&scene->hold, 16, 16);
	sync_file = lab_fence_sync_file(&scene->hold);
	lab_import_sync_file(scene->dmabuf, DMA_BUF_SYNC_READ, sync_file);
	lab_close(sync_file);
	scene->held = true;
}

static void release(struct scene *scene)
{
	if (scene->held)
		lab_fence_signal(&scene->hold);
	scene->held = false;
}

static void scene_setup(struct scene *scene, int camera)
{
	lab_camera_setup(&scene->camera, camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_set(&scene->camera, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
	lab_camera_request(&scene->camera, V4L2_MEMORY_DMABUF, 2);
	scene->gpu = lab_open_primary("primesim");
	lab_dumb_create(&scene->dumb, scene->gpu, WIDTH, HEIGHT);
	scene->dmabuf = lab_export(scene->gpu, scene->dumb.handle, DRM_RDWR);
	hold(scene);
}

static void scene_open(struct scene *scene)
{
	scene_setup(scene, lab_open_camera());
}

static void scene_start(struct scene *scene)
{
	igt_assert_eq(lab_camera_queue(&scene->camera, 0, scene->dmabuf), 0);
	lab_camera_start(&scene->camera);
}

static void camera_close(struct scene *scene)
{
	lab_camera_set(&scene->camera, V4L2_CID_CAMSIM_EARLY_FENCES, 0);
	lab_camera_close(&scene->camera);
}

static void buffer_close(struct scene *scene)
{
	release(scene);
	lab_fence_close(&scene->hold);
	lab_close(scene->dmabuf);
	lab_close(scene->gpu);
}

static void scene_close(struct scene *scene)
{
	camera_close(scene);
	buffer_close(scene);
}

/* What somebody who wants to read the buffer has to wait for */
static int frame_fence(const struct scene *scene)
{
	return lab_export_sync_file(scene->dmabuf, DMA_BUF_SYNC_READ);
}

/* The fence's end comes, with this status. */
static void expect_status(int fence, int status)
{
	igt_assert(lab_signals(fence, LAB_FRAME_MS));
	igt_assert_eq(lab_sync_file_status(fence), status);
}

static void no_frame_yet(const struct scene *scene)
{
	igt_assert(!lab_poll(scene->camera.fd, POLLIN, 0));
}

/* Frames that are used before they exist */

static void job_before_frame(const char *unused)
{
	struct drm_primesim_sync out = {};
	struct v4l2_buffer buffer;
	struct drm_primesim_op op;
	struct lab_dumb copy;
	struct scene scene;
	int fence, dmabuf;

	scene_open(&scene);
	scene_start(&scene);
	fence = frame_fence(&scene);
	lab_dumb_create(&copy, scene.gpu, WIDTH, HEIGHT);
	dmabuf = lab_export(scene.gpu, copy.handle, DRM_RDWR);
	igt_assert_eq(drmSyncobjCreate(scene.gpu, 0, &out.handle), 0);
	op = lab_op_copy(scene.dumb.handle, copy.handle, SIZE);
	igt_assert_eq(lab_submit(scene.gpu, &op, NULL, &out), 0);

	no_frame_yet(&scene);
	igt_assert_eq(lab_sync_file_status(fence), PENDING);
	igt_assert(!lab_syncobj_signals(scene.gpu, out.handle, 0));

	release(&scene);
	igt_assert(lab_syncobj_signals(scene.gpu, out.handle, LAB_FRAME_MS));
	igt_assert_eq(lab_sync_file_status(fence), SIGNALLED);
	buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
	lab_stamp_check(dmabuf, &scene.camera, &buffer);

	igt_assert_eq(drmSyncobjDestroy(scene.gpu, out.handle), 0);
	lab_close(fence);
	lab_close(dmabuf);
	scene_close(&scene);
}

static void flip_before_frame(bool explicit)
{
	struct drm_primesim_scanout_info info = {};
	uint32_t framebuffer, black;
	struct v4l2_buffer buffer;
	struct lab_screen screen;
	struct lab_dumb dumb;
	struct scene scene;
	int fence;

	scene_open(&scene);
	lab_screen_open(&screen, scene.gpu, WIDTH, HEIGHT);
	lab_dumb_create(&dumb, scene.gpu, WIDTH, HEIGHT);
	black = lab_screen_framebuffer(&screen, dumb.handle, dumb.pitch);
	framebuffer = lab_screen_framebuffer(&screen, scene.dumb.handle, scene.dumb.pitch);
	lab_screen_show(&screen, black);

	scene_start(&scene);
	fence = frame_fence(&scene);
	igt_assert_eq(lab_screen_flip(&screen, framebuffer, explicit ? fence : -1, NULL), 0);
	no_frame_yet(&scene);
	igt_assert(!lab_screen_flipped(&screen, 100));

	release(&scene);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
	info.crtc_id = screen.crtc;
	igt_assert_eq(lab_ioctl(scene.gpu, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	igt_assert_eq_u32(info.fb_id, framebuffer);
	igt_assert_eq_u32(info.stamp_status, DRM_PRIMESIM_STAMP_VALID);
	igt_assert_eq_u32(info.stamp_sequence, buffer.sequence);

	lab_screen_close(&screen);
	igt_assert_eq(drmModeRmFB(scene.gpu, framebuffer), 0);
	igt_assert_eq(drmModeRmFB(scene.gpu, black), 0);
	lab_close(fence);
	scene_close(&scene);
}

static void flip_explicit(const char *unused)
{
	flip_before_frame(true);
}

static void flip_implicit(const char *unused)
{
	flip_before_frame(false);
}

/* A job for each frame, always one frame ahead; each sees the frame it was meant for. */
static void pipeline(const char *unused)
{
	enum { FRAMES = 20 };
	struct drm_primesim_op op;
	struct v4l2_buffer buffer;
	struct lab_dumb copy;
	struct scene scene;
	int dmabuf;

	scene_open(&scene);
	release(&scene);
	lab_dumb_create(&copy, scene.gpu, WIDTH, HEIGHT);
	dmabuf = lab_export(scene.gpu, copy.handle, DRM_RDWR);
	op = lab_op_copy(scene.dumb.handle, copy.handle, SIZE);
	lab_camera_start(&scene.camera);
	for (int i = 0; i < FRAMES; i++) {
		igt_assert_eq(lab_camera_queue(&scene.camera, 0, scene.dmabuf), 0);
		igt_assert_eq(lab_submit(scene.gpu, &op, NULL, NULL), 0);
		buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
		/* Its brackets wait for the job. */
		lab_stamp_check(dmabuf, &scene.camera, &buffer);
	}
	lab_close(dmabuf);
	scene_close(&scene);
}

/* When fences exist */

static void off_by_default(const char *unused)
{
	struct scene scene;
	int fence;

	scene_open(&scene);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_EARLY_FENCES, 0);
	scene_start(&scene);
	fence = frame_fence(&scene);
	igt_assert_eq(lab_sync_file_status(fence), SIGNALLED);
	no_frame_yet(&scene);
	lab_close(fence);
	scene_close(&scene);
}

static void none_before_streaming(const char *unused)
{
	struct v4l2_buffer prepare = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				       .memory = V4L2_MEMORY_DMABUF };
	struct scene scene;
	int before, after;

	scene_open(&scene);
	prepare.m.fd = scene.dmabuf;
	igt_assert_eq(lab_ioctl(scene.camera.fd, VIDIOC_PREPARE_BUF, &prepare), 0);
	igt_assert_eq(lab_camera_queue(&scene.camera, 0, scene.dmabuf), 0);
	before = frame_fence(&scene);
	igt_assert_eq(lab_sync_file_status(before), SIGNALLED);
	lab_camera_start(&scene.camera);
	after = frame_fence(&scene);
	igt_assert_eq(lab_sync_file_status(after), PENDING);
	release(&scene);
	expect_status(after, SIGNALLED);
	lab_close(before);
	lab_close(after);
	scene_close(&scene);
}

static void signalled_when_dequeued(const char *unused)
{
	enum { FRAMES = 30 };
	struct scene scene;

	scene_open(&scene);
	release(&scene);
	lab_camera_start(&scene.camera);
	for (int i = 0; i < FRAMES; i++) {
		int fence;

		igt_assert_eq(lab_camera_queue(&scene.camera, 0, scene.dmabuf), 0);
		fence = frame_fence(&scene);
		lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
		igt_assert_eq(lab_sync_file_status(fence), SIGNALLED);
		lab_close(fence);
	}
	scene_close(&scene);
}

/* The camera's own buffers have fences for those who imported them. */
static void own_buffer(const char *unused)
{
	struct v4l2_buffer buffer;
	struct scene scene;
	int fence, dmabuf;

	scene_open(&scene);
	lab_camera_request(&scene.camera, V4L2_MEMORY_MMAP, 1);
	dmabuf = lab_camera_export(&scene.camera, 0, O_RDWR);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_STALL_MS, 200);
	lab_camera_start(&scene.camera);
	igt_assert_eq(lab_camera_queue_own(&scene.camera, 0), 0);
	fence = lab_export_sync_file(dmabuf, DMA_BUF_SYNC_READ);
	buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_MMAP);
	igt_assert_eq(lab_sync_file_status(fence), SIGNALLED);
	lab_stamp_check(dmabuf, &scene.camera, &buffer);
	lab_close(fence);
	lab_close(dmabuf);
	scene_close(&scene);
}

/* One dma-buf at two indexes: the second frame waits for nothing but the first. */
static void twice(const char *unused)
{
	struct v4l2_buffer first, second;
	struct scene scene;
	int fence;

	scene_open(&scene);
	scene_start(&scene);
	igt_assert_eq(lab_camera_queue(&scene.camera, 1, scene.dmabuf), 0);
	fence = frame_fence(&scene);
	release(&scene);
	first = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
	second = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
	igt_assert_eq_u32(first.index, 0);
	igt_assert_eq_u32(second.index, 1);
	igt_assert_eq(lab_sync_file_status(fence), SIGNALLED);
	lab_stamp_check(scene.dmabuf, &scene.camera, &second);
	lab_close(fence);
	scene_close(&scene);
}

/* Two memory planes, each a dma-buf of its own */

#define MPLANE		V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE
#define PLANE_SIZE	(WIDTH * HEIGHT)	/* of luma; chroma needs half of it */

static int mplane_open(struct lab_plugged *plugged)
{
	struct v4l2_requestbuffers request = {
		.count = 1, .type = MPLANE, .memory = V4L2_MEMORY_DMABUF,
	};
	struct v4l2_format format = { .type = MPLANE, .fmt.pix_mp = {
		.width = WIDTH, .height = HEIGHT, .pixelformat = V4L2_PIX_FMT_NV12M,
	} };
	struct v4l2_control early = { .id = V4L2_CID_CAMSIM_EARLY_FENCES, .value = 1 };
	int fd;

	lab_plug_prepare(plugged, "camsim", "mplane");
	lab_plug_set(plugged, "mplane", "1");
	lab_plug_start(plugged);
	fd = lab_plugged_camera(plugged);
	igt_assert_eq(lab_ioctl(fd, VIDIOC_S_FMT, &format), 0);
	igt_assert_eq_u32(format.fmt.pix_mp.pixelformat, V4L2_PIX_FMT_NV12M);
	igt_assert_eq(lab_ioctl(fd, VIDIOC_S_CTRL, &early), 0);
	igt_assert_eq(lab_ioctl(fd, VIDIOC_REQBUFS, &request), 0);
	return fd;
}

static void mplane_queue(int fd, const int dmabufs[2])
{
	struct v4l2_plane planes[2] = {
		{ .m.fd = dmabufs[0] },
		{ .m.fd = dmabufs[1], .data_offset = dmabufs[0] == dmabufs[1] ? PLANE_SIZE : 0 },
	};
	struct v4l2_buffer buffer = {
		.type = MPLANE, .memory = V4L2_MEMORY_DMABUF, .m.planes = planes, .length = 2,
	};

	igt_assert_eq(lab_ioctl(fd, VIDIOC_QBUF, &buffer), 0);
}

static void mplane_dequeue(int fd)
{
	struct v4l2_plane planes[2] = {};
	struct v4l2_buffer buffer = {
		.type = MPLANE, .memory = V4L2_MEMORY_DMABUF, .m.planes = planes, .length = 2,
	};

	igt_assert(lab_poll(fd, POLLIN, LAB_FRAME_MS));
	igt_assert_eq(lab_ioctl(fd, VIDIOC_DQBUF, &buffer), 0);
	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);
}

/* Somebody uses the second plane: that holds the frame, and both planes have its fence. */
static void use_planes(const int dmabufs[2])
{
	int fences[2], camera, sync_file, type = MPLANE;
	struct lab_plugged plugged;
	struct lab_fence user;

	camera = mplane_open(&plugged);
	lab_fence_open(&user, 16, 16);
	sync_file = lab_fence_sync_file(&user);
	lab_import_sync_file(dmabufs[1], DMA_BUF_SYNC_READ, sync_file);
	mplane_queue(camera, dmabufs);
	igt_assert_eq(lab_ioctl(camera, VIDIOC_STREAMON, &type), 0);
	for (int i = 0; i < 2; i++) {
		fences[i] = lab_export_sync_file(dmabufs[i], DMA_BUF_SYNC_READ);
		igt_assert_eq(lab_sync_file_status(fences[i]), PENDING);
	}
	igt_assert(!lab_poll(camera, POLLIN, 100));

	lab_fence_signal(&user);
	mplane_dequeue(camera);
	for (int i = 0; i < 2; i++) {
		igt_assert_eq(lab_sync_file_status(fences[i]), SIGNALLED);
		lab_close(fences[i]);
	}
	lab_close(sync_file);
	lab_fence_close(&user);
	lab_close(camera);
	lab_unplug(&plugged);
}

static void planes(const char *unused)
{
	int dmabufs[2] = { lab_udmabuf(PLANE_SIZE), lab_udmabuf(PLANE_SIZE) };

	use_planes(dmabufs);
	lab_close(dmabufs[0]);
	lab_close(dmabufs[1]);
}

static void planes_together(const char *unused)
{
	int dmabuf = lab_udmabuf(2 * PLANE_SIZE);

	use_planes((int[2]) { dmabuf, dmabuf });
	lab_close(dmabuf);
}

/* What ends a fence but a frame */

static void streamoff(const char *unused)
{
	struct scene scene;
	int fence;

	scene_open(&scene);
	scene_start(&scene);
	fence = frame_fence(&scene);
	lab_camera_stop(&scene.camera);
	igt_assert_eq(lab_sync_file_status(fence), -ECANCELED);
	lab_close(fence);
	scene_close(&scene);
}

static void closed(const char *unused)
{
	struct scene scene;
	int fence;

	scene_open(&scene);
	scene_start(&scene);
	fence = frame_fence(&scene);
	camera_close(&scene);
	expect_status(fence, -ECANCELED);
	lab_close(fence);
	buffer_close(&scene);
}

/* The job that waits for a frame which never comes runs: nobody hangs. */
/* How often primesim went on after a fence with an error: "jobs" or "planes" */
static int failed_fences(const char *of)
{
	char path[80], text[16] = "";
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/primesim.0/failed_fences_of_%s", of);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	igt_assert_f(fd >= 0, "%s: %m\n", path);
	length = read(fd, text, sizeof(text) - 1);
	igt_assert(length > 0);
	lab_close(fd);
	return atoi(text);
}

static void job_after_streamoff(const char *unused)
{
	int before = failed_fences("jobs");
	struct drm_primesim_sync out = {};
	struct drm_primesim_op op;
	struct lab_dumb copy, other;
	struct scene scene;

	scene_open(&scene);
	scene_start(&scene);
	lab_dumb_create(&copy, scene.gpu, WIDTH, HEIGHT);
	igt_assert_eq(drmSyncobjCreate(scene.gpu, 0, &out.handle), 0);
	op = lab_op_copy(scene.dumb.handle, copy.handle, SIZE);
	igt_assert_eq(lab_submit(scene.gpu, &op, NULL, &out), 0);
	igt_assert(!lab_syncobj_signals(scene.gpu, out.handle, 0));
	lab_camera_stop(&scene.camera);
	igt_assert(lab_syncobj_signals(scene.gpu, out.handle, LAB_FRAME_MS));
	igt_assert_eq(failed_fences("jobs"), before + 1);

	/* It does not spread to jobs that wait for this one. */
	lab_dumb_create(&other, scene.gpu, WIDTH, HEIGHT);
	op = lab_op_copy(copy.handle, other.handle, SIZE);
	igt_assert_eq(lab_submit(scene.gpu, &op, NULL, &out), 0);
	igt_assert(lab_syncobj_signals(scene.gpu, out.handle, LAB_FRAME_MS));
	igt_assert_eq(failed_fences("jobs"), before + 1);
	igt_assert_eq(drmSyncobjDestroy(scene.gpu, out.handle), 0);
	scene_close(&scene);
}

/* The display shows what is in the buffer, and that it should be another picture is counted. */
static void flip_after_streamoff(bool explicit)
{
	int before = failed_fences("planes"), fence;
	uint32_t framebuffer, black;
	struct lab_screen screen;
	struct lab_dumb dumb;
	struct scene scene;

	scene_open(&scene);
	lab_screen_open(&screen, scene.gpu, WIDTH, HEIGHT);
	lab_dumb_create(&dumb, scene.gpu, WIDTH, HEIGHT);
	black = lab_screen_framebuffer(&screen, dumb.handle, dumb.pitch);
	framebuffer = lab_screen_framebuffer(&screen, scene.dumb.handle, scene.dumb.pitch);
	lab_screen_show(&screen, black);
	scene_start(&scene);
	fence = frame_fence(&scene);
	igt_assert_eq(lab_screen_flip(&screen, framebuffer, explicit ? fence : -1, NULL), 0);
	igt_assert_eq(failed_fences("planes"), before);
	lab_camera_stop(&scene.camera);
	release(&scene);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	igt_assert_eq(failed_fences("planes"), before + 1);

	/* A good one does not count. */
	igt_assert_eq(lab_screen_flip(&screen, black, -1, NULL), 0);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	igt_assert_eq(failed_fences("planes"), before + 1);
	lab_screen_close(&screen);
	igt_assert_eq(drmModeRmFB(scene.gpu, framebuffer), 0);
	igt_assert_eq(drmModeRmFB(scene.gpu, black), 0);
	lab_close(fence);
	scene_close(&scene);
}

static void flip_after_streamoff_explicit(const char *unused)
{
	flip_after_streamoff(true);
}

static void flip_after_streamoff_implicit(const char *unused)
{
	flip_after_streamoff(false);
}

static void client_killed(const char *unused)
{
	struct scene scene;
	int fence, started[2];
	pid_t child;
	char byte;

	scene_open(&scene);
	camera_close(&scene);
	igt_assert_eq(pipe(started), 0);
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		lab_camera_open(&scene.camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
		lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
		lab_camera_request(&scene.camera, V4L2_MEMORY_DMABUF, 1);
		scene_start(&scene);
		igt_assert_eq(write(started[1], "", 1), 1);
		pause();
	}
	igt_assert_eq(read(started[0], &byte, 1), 1);
	fence = frame_fence(&scene);
	igt_assert_eq(lab_sync_file_status(fence), PENDING);
	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, NULL, 0), child);
	expect_status(fence, -ECANCELED);

	lab_camera_open(&scene.camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_close(fence);
	lab_close(started[0]);
	lab_close(started[1]);
	scene_close(&scene);
}

static void unplugged(const char *unused)
{
	struct lab_plugged plugged;
	struct scene scene;
	int fence;

	lab_plug(&plugged, "camsim", "ideal");
	scene_setup(&scene, lab_plugged_camera(&plugged));
	scene_start(&scene);
	fence = frame_fence(&scene);
	lab_unplug(&plugged);
	expect_status(fence, -ENODEV);
	lab_close(fence);
	lab_camera_close(&scene.camera);
	buffer_close(&scene);
}

/* A frame that is made, but not well */
static void frame_trouble(uint32_t control, int32_t value, int status)
{
	struct scene scene;
	int fence;

	scene_open(&scene);
	lab_camera_set(&scene.camera, control, value);
	scene_start(&scene);
	fence = frame_fence(&scene);
	igt_assert_eq(lab_sync_file_status(fence), PENDING);
	release(&scene);
	expect_status(fence, status);
	lab_close(fence);
	scene_close(&scene);
}

static void dma_fault(const char *unused)
{
	lab_expect_kernel_message("DMA fault");
	frame_trouble(V4L2_CID_CAMSIM_FAULT_FRAMES, 1, -EFAULT);
}

static void error_flag(const char *unused)
{
	frame_trouble(V4L2_CID_CAMSIM_ERROR_FRAMES, 1, -EIO);
}

static void device_fails(const char *unused)
{
	frame_trouble(V4L2_CID_CAMSIM_FAIL_IN, 1, -EIO);
}

static void dropped_frame(const char *unused)
{
	frame_trouble(V4L2_CID_CAMSIM_DROP_FRAMES, 2, SIGNALLED);
}

/* The last frame is one; what is queued after it never gets one. */
static void end_of_stream(const char *unused)
{
	int last, none, other;
	struct scene scene;

	scene_open(&scene);
	other = lab_udmabuf(SIZE);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_END_IN, 1);
	scene_start(&scene);
	igt_assert_eq(lab_camera_queue(&scene.camera, 1, other), 0);
	last = frame_fence(&scene);
	none = lab_export_sync_file(other, DMA_BUF_SYNC_READ);
	release(&scene);
	expect_status(last, SIGNALLED);
	expect_status(none, -ENODATA);
	lab_close(last);
	lab_close(none);
	lab_close(other);
	scene_close(&scene);
}

/* A camera that gives no frame at all: the fence's own time ends. */
static void timeout(const char *unused)
{
	struct v4l2_buffer buffer;
	struct scene scene;
	uint64_t since;
	int fence;

	scene_open(&scene);
	since = lab_now();
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_STALL_MS, 60000);
	scene_start(&scene);
	fence = frame_fence(&scene);
	expect_status(fence, -ETIMEDOUT);
	igt_assert_eq(lab_camera_try_dequeue(&scene.camera, V4L2_MEMORY_DMABUF, &buffer), 0);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_ERROR);
	lab_assert_refused_by(since, -ETIMEDOUT, "camsim-000",
			      "buffer 0: no frame within 5 s, and others wait for its fence");
	lab_close(fence);
	scene_close(&scene);
}

static const struct lab_test tests[] = {
	{ "job-before-frame", job_before_frame,
	  "A GPU job is submitted before the frame exists, and reads that frame." },
	{ "flip-before-frame", flip_explicit,
	  "A flip with the frame's fence as IN_FENCE_FD shows that frame." },
	{ "flip-before-frame-implicit", flip_implicit,
	  "The same flip without the fence: the buffer has it." },
	{ "pipeline", pipeline, "Jobs one frame ahead see the frames they were meant for." },
	{ "off-by-default", off_by_default, "With the control off there is no fence." },
	{ "none-before-streaming", none_before_streaming,
	  "A fence comes into being by STREAMON, not by PREPARE_BUF or QBUF before it." },
	{ "signalled-when-dequeued", signalled_when_dequeued,
	  "Whoever has dequeued a frame finds its fence signalled." },
	{ "own-buffer", own_buffer, "Buffers that the camera allocated have fences as well." },
	{ "twice", twice, "One dma-buf queued twice waits for itself only once." },
	{ "planes", planes, "Each plane's dma-buf has the fence, and each holds the frame." },
	{ "planes-together", planes_together, "The same with both planes in one dma-buf." },
	{ "streamoff", streamoff, "STREAMOFF: ECANCELED, at once." },
	{ "closed", closed, "Close: ECANCELED." },
	{ "job-after-streamoff", job_after_streamoff,
	  "A job whose frame never comes runs nevertheless." },
	{ "flip-after-streamoff", flip_after_streamoff_explicit,
	  "A flip goes on when its frame's fence fails, and that is counted." },
	{ "flip-after-streamoff-implicit", flip_after_streamoff_implicit,
	  "The same without a fence in the commit." },
	{ "client-killed", client_killed, "SIGKILL: ECANCELED." },
	{ "unplugged", unplugged, "Unplugging: ENODEV." },
	{ "dma-fault", dma_fault, "DMA fault: EFAULT." },
	{ "error-flag", error_flag, "V4L2_BUF_FLAG_ERROR: EIO." },
	{ "device-fails", device_fails, "Device failure: EIO." },
	{ "dropped-frame", dropped_frame, "After lost frames the next one signals." },
	{ "end-of-stream", end_of_stream, "No frame after the last one: ENODATA." },
	{ "timeout", timeout, "A camera that stands still: ETIMEDOUT, and the buffer comes back." },
};

igt_main()
{
	lab_run(tests, NULL);
}
