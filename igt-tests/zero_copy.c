// SPDX-License-Identifier: MIT
/*
 * One frame's way from the camera through the GPU to the display, in one and the same memory.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/camsim.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "screen.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("camera, GPU and display reach the same pages, whoever allocated them");

#define WIDTH		640
#define HEIGHT		480
#define SIZE		(WIDTH * HEIGHT * 4)

/* A dma-buf of one frame, allocated by the named exporter; @owner keeps it unless -1. */
static int allocate(const char *exporter, int *owner)
{
	struct lab_camera camera;
	struct lab_dumb dumb;

	*owner = -1;
	if (!strcmp(exporter, "udmabuf"))
		return lab_udmabuf(SIZE);
	if (!strcmp(exporter, "camsim")) {
		int dmabuf;

		lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
		lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
		dmabuf = lab_camera_export(&camera, 0, O_RDWR);
		lab_camera_close(&camera);
		return dmabuf;
	}
	*owner = lab_open_primary(exporter);
	lab_dumb_create(&dumb, *owner, WIDTH, HEIGHT);
	return lab_export(*owner, dumb.handle, DRM_RDWR);
}

/* The camera writes a frame; returns what it knows about the buffer. */
static struct simbuf_info camera_writes(int dmabuf, uint32_t *sequence)
{
	struct camsim_buffer_info info = {};
	struct v4l2_buffer buffer;
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), 0);
	lab_camera_start(&camera);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	*sequence = buffer.sequence;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CAMSIM_BUFFER_INFO, &info), 0);
	lab_camera_close(&camera);
	return info.info;
}

/* The GPU reads all of it. */
static struct simbuf_info gpu_reads(int gpu, uint32_t handle)
{
	struct drm_primesim_bo_info info;
	struct drm_primesim_op op;
	struct lab_dumb copy;

	lab_dumb_create(&copy, gpu, WIDTH, HEIGHT);
	op = lab_op_copy(handle, copy.handle, SIZE);
	lab_execute(gpu, &op);
	lab_bo_info(gpu, handle, &info);
	lab_dumb_close(&copy);
	return info.info;
}

static struct drm_primesim_scanout_info display_shows(int gpu, uint32_t handle)
{
	struct drm_primesim_scanout_info info = {};
	struct lab_screen screen;
	uint32_t framebuffer;

	lab_screen_open(&screen, gpu, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, handle, WIDTH * 4);
	lab_screen_show(&screen, framebuffer);
	info.crtc_id = screen.crtc;
	igt_assert_eq(lab_ioctl(gpu, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	igt_assert_eq_u32(info.fb_id, framebuffer);
	igt_assert_eq(drmModeRmFB(gpu, framebuffer), 0);
	lab_screen_close(&screen);
	return info;
}

static void same_pages(const char *exporter)
{
	struct drm_primesim_scanout_info display;
	struct simbuf_info camera, gpu;
	int owner, drm, dmabuf;
	uint32_t handle, sequence;

	/* First, so that it is master when the exporter is primesim, too. */
	drm = lab_open_primary("primesim");
	dmabuf = allocate(exporter, &owner);
	handle = lab_import(drm, dmabuf);
	camera = camera_writes(dmabuf, &sequence);
	gpu = gpu_reads(drm, handle);
	display = display_shows(drm, handle);

	igt_assert_eq_u32(display.stamp_status, DRM_PRIMESIM_STAMP_VALID);
	igt_assert_eq_u32(display.stamp_sequence, sequence);
	igt_assert_neq_u64(camera.page_id, 0);
	igt_assert_eq_u64(gpu.page_id, camera.page_id);
	igt_assert_eq_u64(display.info.page_id, camera.page_id);
	igt_assert_eq_u64(gpu.buffer_id, camera.buffer_id);
	igt_assert_eq_u64(display.info.cpu_copied, 0);
	igt_assert_eq_u64(display.info.cpu_faulted, 0);
	igt_assert(gpu.device_written >= SIZE);
	igt_assert(gpu.device_read >= SIZE);

	lab_close(drm);
	if (owner != -1)
		lab_close(owner);
	lab_close(dmabuf);
}

/* Another buffer is other memory: page_id tells them apart. */
static void other_pages(const char *exporter)
{
	int owners[2], dmabufs[2];
	struct simbuf_info infos[2];

	for (int i = 0; i < 2; i++) {
		uint32_t sequence;

		dmabufs[i] = allocate(exporter, &owners[i]);
		infos[i] = camera_writes(dmabufs[i], &sequence);
	}
	igt_assert_neq_u64(infos[0].page_id, infos[1].page_id);
	igt_assert_neq_u64(infos[0].buffer_id, infos[1].buffer_id);
	for (int i = 0; i < 2; i++) {
		lab_close(dmabufs[i]);
		if (owners[i] != -1)
			lab_close(owners[i]);
	}
}

static const struct lab_test tests[] = {
	{ "same-pages", same_pages,
	  "The display shows a frame from the pages that the camera wrote and the GPU read." },
	{ "other-pages", other_pages,
	  "Two buffers have different pages." },
};

igt_main()
{
	static const char *const exporters[] = {
		"primesim", "camsim", "virtio_gpu", "vgem", "udmabuf",
	};

	for (size_t i = 0; i < ARRAY_SIZE(exporters); i++)
		lab_run(tests, exporters[i]);
}
