// SPDX-License-Identifier: MIT
/*
 * Who waits for whom: GPU, display and camera, with fences that signal when the test says so.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "screen.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("fences order camera, GPU and display, explicitly and through the buffers");

#define WIDTH		640
#define HEIGHT		480
#define COLOUR		0xff446688
#define STILL_MS	150	/* long enough for what does not wait to happen */
#define SOON_MS		10000

/**
 * struct scene - a GPU, a picture in an object of its own, and a fence nobody has signalled
 * @gpu: primesim's primary node.
 * @dumb: the picture.
 * @dmabuf: its dma-buf.
 * @fence: the fence, on a vgem buffer as large as the picture.
 */
struct scene {
	int gpu;
	struct lab_dumb dumb;
	int dmabuf;
	struct lab_fence fence;
};

static void scene_open(struct scene *scene)
{
	scene->gpu = lab_open_primary("primesim");
	lab_dumb_create(&scene->dumb, scene->gpu, WIDTH, HEIGHT);
	scene->dmabuf = lab_export(scene->gpu, scene->dumb.handle, DRM_RDWR);
	lab_fence_open(&scene->fence, WIDTH, HEIGHT);
}

static void scene_close(struct scene *scene)
{
	lab_fence_close(&scene->fence);
	lab_close(scene->dmabuf);
	lab_close(scene->gpu);
}

static struct drm_primesim_surface surface(const struct lab_dumb *dumb)
{
	return lab_surface(dumb->handle, dumb->width, dumb->height, dumb->pitch);
}

/* Submits and returns a syncobj that tells when the job is done. */
static uint32_t start(int gpu, const struct drm_primesim_op *op, uint32_t in_syncobj)
{
	struct drm_primesim_sync in = { .handle = in_syncobj };
	struct drm_primesim_sync out = {};

	igt_assert_eq(drmSyncobjCreate(gpu, 0, &out.handle), 0);
	igt_assert_eq(lab_submit(gpu, op, in_syncobj ? &in : NULL, &out), 0);
	return out.handle;
}

/* A job that paints the picture when the fence has signalled */
static uint32_t start_held_fill(const struct scene *scene)
{
	struct drm_primesim_surface dst = surface(&scene->dumb);
	struct drm_primesim_op op = lab_op_fill(&dst, COLOUR);

	return start(scene->gpu, &op, lab_fence_syncobj(&scene->fence, scene->gpu));
}

static bool is_done(const struct scene *scene, uint32_t job, int milliseconds)
{
	return lab_syncobj_signals(scene->gpu, job, milliseconds);
}

static void job_after_sync(const char *unused)
{
	const uint32_t *pixels;
	struct scene scene;
	uint32_t job;

	scene_open(&scene);
	job = start_held_fill(&scene);
	igt_assert(!is_done(&scene, job, STILL_MS));
	/* No brackets around the access: they would wait. */
	pixels = lab_map(scene.dmabuf, scene.dumb.size, PROT_READ, 0);
	igt_assert_eq_u32(pixels[0], 0);
	lab_fence_signal(&scene.fence);
	igt_assert(is_done(&scene, job, SOON_MS));
	igt_assert_eq_u32(pixels[0], COLOUR);
	lab_unmap(pixels, scene.dumb.size);
	scene_close(&scene);
}

static void job_after_timeline_point(const char *unused)
{
	struct drm_primesim_sync in = { .point = 7 };
	struct drm_primesim_sync out = { .point = 9 };
	struct drm_primesim_surface dst;
	struct drm_primesim_op op;
	struct scene scene;
	uint32_t binary;
	uint64_t done = 0;
	int sync_file;

	scene_open(&scene);
	binary = lab_fence_syncobj(&scene.fence, scene.gpu);
	igt_assert_eq(drmSyncobjCreate(scene.gpu, 0, &in.handle), 0);
	igt_assert_eq(drmSyncobjTransfer(scene.gpu, in.handle, in.point, binary, 0, 0), 0);
	/* Another timeline: later points of the same one are not reached before the earlier. */
	igt_assert_eq(drmSyncobjCreate(scene.gpu, 0, &out.handle), 0);
	dst = surface(&scene.dumb);
	op = lab_op_fill(&dst, COLOUR);
	igt_assert_eq(lab_submit(scene.gpu, &op, &in, &out), 0);

	lab_sleep(STILL_MS);
	igt_assert_eq(drmSyncobjQuery(scene.gpu, &out.handle, &done, 1), 0);
	igt_assert_eq_u64(done, 0);
	lab_fence_signal(&scene.fence);
	sync_file = lab_export_sync_file(scene.dmabuf, DMA_BUF_SYNC_READ);
	igt_assert(lab_signals(sync_file, SOON_MS));
	lab_close(sync_file);
	igt_assert_eq(drmSyncobjQuery(scene.gpu, &out.handle, &done, 1), 0);
	igt_assert_eq_u64(done, out.point);
	lab_check_filled(scene.dmabuf, scene.dumb.size, COLOUR);
	scene_close(&scene);
}

static void job_after_foreign_writer(const char *unused)
{
	struct drm_primesim_op op;
	struct scene scene;
	uint32_t job;

	scene_open(&scene);
	op = lab_op_copy(lab_import(scene.gpu, scene.fence.dmabuf), scene.dumb.handle,
			 scene.dumb.size);
	job = start(scene.gpu, &op, 0);
	igt_assert(!is_done(&scene, job, STILL_MS));
	lab_fence_signal(&scene.fence);
	igt_assert(is_done(&scene, job, SOON_MS));
	scene_close(&scene);
}

/* With a foreign reader at the picture: who reads goes on, who writes waits. */
static void job_after_foreign_reader(const char *unused)
{
	struct drm_primesim_surface picture;
	struct drm_primesim_op read, write;
	struct lab_dumb copy;
	struct scene scene;
	uint32_t job;
	int sync_file;

	scene_open(&scene);
	sync_file = lab_fence_sync_file(&scene.fence);
	lab_import_sync_file(scene.dmabuf, DMA_BUF_SYNC_READ, sync_file);
	lab_close(sync_file);

	lab_dumb_create(&copy, scene.gpu, WIDTH, HEIGHT);
	read = lab_op_copy(scene.dumb.handle, copy.handle, copy.size);
	igt_assert(is_done(&scene, start(scene.gpu, &read, 0), SOON_MS));
	picture = surface(&scene.dumb);
	write = lab_op_fill(&picture, COLOUR);
	job = start(scene.gpu, &write, 0);
	igt_assert(!is_done(&scene, job, STILL_MS));
	lab_fence_signal(&scene.fence);
	igt_assert(is_done(&scene, job, SOON_MS));
	scene_close(&scene);
}

static void job_seen_from_outside(const char *unused)
{
	struct scene scene;
	int for_reading, for_writing;

	scene_open(&scene);
	start_held_fill(&scene);
	for_reading = lab_export_sync_file(scene.dmabuf, DMA_BUF_SYNC_READ);
	for_writing = lab_export_sync_file(scene.dmabuf, DMA_BUF_SYNC_WRITE);
	igt_assert(!lab_signals(for_reading, STILL_MS));
	igt_assert(!lab_signals(for_writing, 0));
	igt_assert(!lab_poll(scene.dmabuf, POLLIN, 0));
	lab_fence_signal(&scene.fence);
	igt_assert(lab_signals(for_reading, SOON_MS));
	igt_assert(lab_signals(for_writing, SOON_MS));
	igt_assert(lab_poll(scene.dmabuf, POLLIN, SOON_MS));
	lab_close(for_reading);
	lab_close(for_writing);
	scene_close(&scene);
}

/* A job that reads the picture holds off those who want to write, and nobody else. */
static void reader_seen_from_outside(const char *unused)
{
	int for_reading, for_writing;
	struct drm_primesim_op op;
	struct lab_dumb copy;
	struct scene scene;

	scene_open(&scene);
	lab_dumb_create(&copy, scene.gpu, WIDTH, HEIGHT);
	op = lab_op_copy(scene.dumb.handle, copy.handle, copy.size);
	start(scene.gpu, &op, lab_fence_syncobj(&scene.fence, scene.gpu));
	for_reading = lab_export_sync_file(scene.dmabuf, DMA_BUF_SYNC_READ);
	for_writing = lab_export_sync_file(scene.dmabuf, DMA_BUF_SYNC_WRITE);
	igt_assert(lab_signals(for_reading, 0));
	igt_assert(!lab_signals(for_writing, STILL_MS));
	lab_fence_signal(&scene.fence);
	igt_assert(lab_signals(for_writing, SOON_MS));
	lab_close(for_reading);
	lab_close(for_writing);
	scene_close(&scene);
}

static void cpu_access_waits(const char *unused)
{
	struct scene scene;

	scene_open(&scene);
	start_held_fill(&scene);
	igt_fork(child, 1) {
		lab_sleep(STILL_MS);
		lab_fence_signal(&scene.fence);
	}
	/* Sees the colour only if the bracket waited for the job. */
	lab_check_filled(scene.dmabuf, scene.dumb.size, COLOUR);
	igt_waitchildren();
	scene_close(&scene);
}

/* The display */

static uint32_t show_black(struct lab_screen *screen, const struct scene *scene)
{
	struct lab_dumb black;
	uint32_t framebuffer;

	lab_screen_open(screen, scene->gpu, WIDTH, HEIGHT);
	lab_dumb_create(&black, scene->gpu, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(screen, black.handle, black.pitch);
	lab_screen_show(screen, framebuffer);
	return framebuffer;
}

static uint32_t shown(const struct lab_screen *screen)
{
	struct drm_primesim_scanout_info info = { .crtc_id = screen->crtc };

	igt_assert_eq(lab_ioctl(screen->drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	return info.fb_id;
}

static void flip_after_in_fence(const char *unused)
{
	int in_fence, out_fence;
	struct lab_screen screen;
	uint32_t black, picture;
	struct scene scene;

	scene_open(&scene);
	black = show_black(&screen, &scene);
	picture = lab_screen_framebuffer(&screen, scene.dumb.handle, scene.dumb.pitch);
	in_fence = lab_fence_sync_file(&scene.fence);
	igt_assert_eq(lab_screen_flip(&screen, picture, in_fence, &out_fence), 0);
	igt_assert(!lab_screen_flipped(&screen, STILL_MS));
	igt_assert(!lab_signals(out_fence, 0));
	igt_assert_eq_u32(shown(&screen), black);
	lab_fence_signal(&scene.fence);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	igt_assert(lab_signals(out_fence, LAB_FLIP_MS));
	igt_assert_eq_u32(shown(&screen), picture);
	lab_close(in_fence);
	lab_close(out_fence);
	lab_screen_close(&screen);
	scene_close(&scene);
}

static void flip_after_gpu(const char *unused)
{
	struct lab_screen screen;
	uint32_t black, picture;
	struct scene scene;

	scene_open(&scene);
	black = show_black(&screen, &scene);
	picture = lab_screen_framebuffer(&screen, scene.dumb.handle, scene.dumb.pitch);
	start_held_fill(&scene);
	igt_assert_eq(lab_screen_flip(&screen, picture, -1, NULL), 0);
	igt_assert(!lab_screen_flipped(&screen, STILL_MS));
	igt_assert_eq_u32(shown(&screen), black);
	lab_fence_signal(&scene.fence);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	igt_assert_eq_u32(shown(&screen), picture);
	lab_screen_close(&screen);
	scene_close(&scene);
}

static void flip_after_foreign_writer(const char *unused)
{
	struct lab_screen screen;
	struct scene scene;
	uint32_t picture;

	scene_open(&scene);
	show_black(&screen, &scene);
	picture = lab_screen_framebuffer(&screen, lab_import(scene.gpu, scene.fence.dmabuf),
					 WIDTH * 4);
	igt_assert_eq(lab_screen_flip(&screen, picture, -1, NULL), 0);
	igt_assert(!lab_screen_flipped(&screen, STILL_MS));
	lab_fence_signal(&scene.fence);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	lab_screen_close(&screen);
	scene_close(&scene);
}

static void second_flip_is_busy(const char *unused)
{
	struct lab_screen screen;
	uint32_t black, picture;
	struct scene scene;

	scene_open(&scene);
	black = show_black(&screen, &scene);
	picture = lab_screen_framebuffer(&screen, scene.dumb.handle, scene.dumb.pitch);
	start_held_fill(&scene);
	igt_assert_eq(lab_screen_flip(&screen, picture, -1, NULL), 0);
	igt_assert_eq(lab_screen_flip(&screen, black, -1, NULL), -EBUSY);
	lab_fence_signal(&scene.fence);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	igt_assert_eq_u32(shown(&screen), picture);
	lab_screen_close(&screen);
	scene_close(&scene);
}

/* The camera, and all together */

static void queue(const struct lab_camera *camera, int dmabuf)
{
	igt_assert_eq(lab_camera_queue(camera, 0, dmabuf), 0);
}

static struct v4l2_buffer capture(const struct lab_camera *camera, int dmabuf)
{
	lab_camera_request(camera, V4L2_MEMORY_DMABUF, 1);
	queue(camera, dmabuf);
	lab_camera_start(camera);
	return lab_camera_dequeue(camera, V4L2_MEMORY_DMABUF);
}

static void check_stamp_on_screen(const struct lab_screen *screen, uint32_t sequence)
{
	struct drm_primesim_scanout_info info = { .crtc_id = screen->crtc };

	igt_assert_eq(lab_ioctl(screen->drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	igt_assert_eq_u32(info.stamp_status, DRM_PRIMESIM_STAMP_VALID);
	igt_assert_eq_u32(info.stamp_sequence, sequence);
}

/*
 * The GPU is held while it is to bring the camera's frame into the picture. Nothing that
 * follows may overtake: neither the camera, which gets its buffer back at once, nor the flip.
 */
static void chain(const char *unused)
{
	struct drm_primesim_surface from, to;
	struct v4l2_buffer frame, next;
	struct drm_primesim_op op;
	struct lab_screen screen;
	struct lab_camera camera;
	struct lab_dumb buffer;
	struct scene scene;
	uint32_t picture;
	int dmabuf;

	scene_open(&scene);
	show_black(&screen, &scene);
	picture = lab_screen_framebuffer(&screen, scene.dumb.handle, scene.dumb.pitch);
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_dumb_create(&buffer, scene.gpu, WIDTH, HEIGHT);
	dmabuf = lab_export(scene.gpu, buffer.handle, DRM_RDWR);
	frame = capture(&camera, dmabuf);

	from = surface(&buffer);
	to = surface(&scene.dumb);
	op = lab_op_blit(&from, &to);
	start(scene.gpu, &op, lab_fence_syncobj(&scene.fence, scene.gpu));
	queue(&camera, dmabuf);
	igt_assert_eq(lab_screen_flip(&screen, picture, -1, NULL), 0);

	igt_assert(!lab_poll(camera.fd, POLLIN, STILL_MS));
	igt_assert(!lab_screen_flipped(&screen, 0));
	lab_fence_signal(&scene.fence);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	check_stamp_on_screen(&screen, frame.sequence);
	next = lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	igt_assert(next.sequence > frame.sequence);
	lab_stamp_check(dmabuf, &camera, &next);

	lab_camera_close(&camera);
	lab_close(dmabuf);
	lab_screen_close(&screen);
	scene_close(&scene);
}

static const struct lab_test tests[] = {
	{ "job-after-sync", job_after_sync,
	  "A job does not begin before the syncobj it was given has signalled." },
	{ "job-after-timeline-point", job_after_timeline_point,
	  "The same with points of a timeline." },
	{ "job-after-foreign-writer", job_after_foreign_writer,
	  "A job that reads another driver's buffer waits for its writer, without being told." },
	{ "job-after-foreign-reader", job_after_foreign_reader,
	  "A job that writes waits for a foreign reader; a job that reads does not." },
	{ "job-seen-from-outside", job_seen_from_outside,
	  "A pending job is in the sync_files of the dma-buf it writes, and in poll()." },
	{ "reader-seen-from-outside", reader_seen_from_outside,
	  "A pending job that reads is a matter of writers only." },
	{ "cpu-access-waits", cpu_access_waits,
	  "DMA_BUF_IOCTL_SYNC waits for a pending job." },
	{ "flip-after-in-fence", flip_after_in_fence,
	  "A flip with an in-fence waits for it; its event and out-fence come afterwards." },
	{ "flip-after-gpu", flip_after_gpu,
	  "A flip to a picture that the GPU is to paint waits for the GPU." },
	{ "flip-after-foreign-writer", flip_after_foreign_writer,
	  "A flip to another driver's buffer waits for its writer." },
	{ "second-flip-is-busy", second_flip_is_busy,
	  "EBUSY for a flip while the one before still waits." },
	{ "chain", chain,
	  "Camera, GPU and display work on one frame in order, though nobody waits in userspace." },
};

igt_main()
{
	lab_run(tests, NULL);
}
