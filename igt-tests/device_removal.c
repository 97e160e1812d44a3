// SPDX-License-Identifier: MIT
/*
 * Devices that were made through configfs are removed while others use their buffers, or they
 * use others'.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("removing devices whose buffers and mappings are alive");

#define WIDTH		640
#define HEIGHT		480
#define SIZE		(WIDTH * HEIGHT * 4)
#define FIRST		0xff111111
#define SECOND		0xff222222
#define BUFFERS		3
#define ROUNDS		5
#define CAMERAS		12

static int allocate(int drm, uint32_t *handle)
{
	struct lab_dumb dumb;

	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	*handle = dumb.handle;
	return lab_export(drm, dumb.handle, DRM_RDWR);
}

/* A device that is gone does nothing, and says so. */
static void assert_gone(int drm, uint32_t handle)
{
	struct drm_primesim_surface dst = lab_surface(handle, WIDTH, HEIGHT, WIDTH * 4);
	struct drm_primesim_op op = lab_op_fill(&dst, SECOND);

	igt_assert_eq(lab_submit(drm, &op, NULL, NULL), -ENODEV);
}

/* The GPU that allocated is gone; another GPU, the CPU and the display of that go on. */
static void exporter(const char *profile)
{
	int gpu = lab_open_render("primesim"), drm, dmabuf;
	struct lab_plugged device;
	uint32_t own, handle, *pixels;

	lab_plug(&device, "primesim", profile);
	drm = lab_plugged_primary(&device);
	dmabuf = allocate(drm, &own);
	lab_gpu_fill(drm, own, SIZE, FIRST);
	handle = lab_import(gpu, dmabuf);
	pixels = lab_map(dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);
	igt_assert_eq_u32(lab_gpu_sees(gpu, handle, SIZE), FIRST);

	lab_unplug(&device);
	assert_gone(drm, own);
	lab_check_filled(dmabuf, SIZE, FIRST);
	lab_gpu_fill(gpu, handle, SIZE, SECOND);
	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_eq_u32(pixels[SIZE / 8], SECOND);
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);

	lab_close(drm);
	lab_close(dmabuf);
	igt_assert_eq_u32(lab_gpu_sees(gpu, handle, SIZE), SECOND);
	lab_unmap(pixels, SIZE);
	lab_close(gpu);
}

/* Before it has memory: then that is chosen when the device is gone. */
static void exporter_before_use(const char *profile)
{
	int gpu = lab_open_render("primesim"), drm, dmabuf;
	struct lab_plugged device;
	uint32_t own, handle;

	lab_plug(&device, "primesim", profile);
	drm = lab_plugged_primary(&device);
	dmabuf = allocate(drm, &own);
	handle = lab_import(gpu, dmabuf);
	lab_unplug(&device);
	lab_gpu_fill(gpu, handle, SIZE, SECOND);
	lab_check_filled(dmabuf, SIZE, SECOND);
	lab_close(dmabuf);
	lab_close(drm);
	lab_close(gpu);
}

/* The importer is gone, with the buffer mapped; its owner goes on, and the buffer can move. */
static void importer(const char *profile)
{
	int gpu = lab_open_primary("primesim"), drm, contig, dmabuf;
	struct lab_plugged device, mover;
	uint32_t own, handle;

	dmabuf = allocate(gpu, &own);
	lab_plug(&device, "primesim", profile);
	drm = lab_plugged_render(&device);
	handle = lab_import(drm, dmabuf);
	lab_gpu_fill(drm, handle, SIZE, FIRST);
	lab_unplug(&device);
	assert_gone(drm, handle);
	igt_assert_eq_u32(lab_gpu_sees(gpu, own, SIZE), FIRST);

	lab_plug_policy(&mover, "primesim", "contig32", "early");
	contig = lab_plugged_render(&mover);
	igt_assert_eq_u32(lab_gpu_sees(contig, lab_import(contig, dmabuf), SIZE), FIRST);
	lab_gpu_fill(gpu, own, SIZE, SECOND);
	lab_check_filled(dmabuf, SIZE, SECOND);
	lab_close(contig);
	lab_unplug(&mover);
	lab_close(drm);
	lab_close(dmabuf);
	lab_close(gpu);
}

static void open_camera(struct lab_camera *camera, struct lab_plugged *device,
			const char *profile)
{
	lab_plug(device, "camsim", profile);
	lab_camera_setup(camera, lab_plugged_camera(device), V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
}

/* The camera streams into a GPU's buffers and is gone. */
static void camera_importing(const char *profile)
{
	int gpu = lab_open_primary("primesim"), dmabufs[BUFFERS];
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_DMABUF,
	};
	uint32_t handles[BUFFERS];
	struct lab_plugged device;
	struct lab_camera camera;
	struct lab_simbuf state;

	open_camera(&camera, &device, profile);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, BUFFERS);
	for (int i = 0; i < BUFFERS; i++) {
		dmabufs[i] = allocate(gpu, &handles[i]);
		igt_assert_eq(lab_camera_queue(&camera, i, dmabufs[i]), 0);
	}
	lab_camera_start(&camera);
	lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	lab_unplug(&device);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -ENODEV);
	for (int i = 0; i < BUFFERS; i++)
		lab_gpu_fill(gpu, handles[i], SIZE, FIRST + i);
	lab_camera_close(&camera);
	for (int i = 0; i < BUFFERS; i++) {
		lab_check_filled(dmabufs[i], SIZE, FIRST + i);
		lab_simbuf_state(dmabufs[i], &state);
		igt_assert_eq_u32(state.pins, 0);
		lab_close(dmabufs[i]);
	}
	lab_close(gpu);
}

/* The camera's own buffers outlive it: in a GPU, in the CPU's page tables. */
static void camera_exporting(const char *profile)
{
	int gpu = lab_open_render("primesim"), dmabufs[BUFFERS];
	uint32_t handles[BUFFERS], *pixels[BUFFERS];
	struct lab_plugged device;
	struct lab_camera camera;

	open_camera(&camera, &device, profile);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, BUFFERS);
	for (int i = 0; i < BUFFERS; i++) {
		dmabufs[i] = lab_camera_export(&camera, i, O_RDWR);
		handles[i] = lab_import(gpu, dmabufs[i]);
		pixels[i] = lab_map(dmabufs[i], SIZE, PROT_READ, 0);
		igt_assert_eq(lab_camera_queue_own(&camera, i), 0);
	}
	lab_camera_start(&camera);
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_unplug(&device);
	lab_camera_close(&camera);
	for (int i = 0; i < BUFFERS; i++) {
		lab_gpu_fill(gpu, handles[i], SIZE, SECOND + i);
		igt_assert_eq_u32(pixels[i][SIZE / 8], SECOND + i);
		lab_unmap(pixels[i], SIZE);
		lab_close(dmabufs[i]);
	}
	lab_close(gpu);
}

static int buffer_of_gone_camera(const char *profile)
{
	struct lab_plugged device;
	struct lab_camera camera;
	int dmabuf;

	open_camera(&camera, &device, profile);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	dmabuf = lab_camera_export(&camera, 0, O_RDWR);
	lab_unplug(&device);
	lab_camera_close(&camera);
	return dmabuf;
}

static void assert_imported(int drm, int dmabuf)
{
	uint32_t handle = lab_import(drm, dmabuf);
	struct drm_primesim_bo_info info;
	struct lab_simbuf state;

	lab_bo_info(drm, handle, &info);
	lab_simbuf_state(dmabuf, &state);
	igt_assert_eq_u32(info.flags, DRM_PRIMESIM_BO_IMPORTED);
	igt_assert_eq_u64(info.info.buffer_id, state.id);
}

/*
 * GPUs may come to be where in the kernel's memory the cameras were. Their buffers are not taken
 * for the GPU's own because of that: stress met one that was, and a processor that waited for ever.
 */
static void camera_then_gpus(const char *profile)
{
	struct lab_plugged device;
	int dmabufs[CAMERAS];
	int drm;

	for (int i = 0; i < CAMERAS; i++)
		dmabufs[i] = buffer_of_gone_camera(profile);
	for (int round = 0; round < CAMERAS; round++) {
		lab_plug(&device, "primesim", profile);
		drm = lab_plugged_render(&device);
		for (int i = 0; i < CAMERAS; i++)
			assert_imported(drm, dmabufs[i]);
		lab_close(drm);
		lab_unplug(&device);
	}
	for (int i = 0; i < CAMERAS; i++)
		lab_close(dmabufs[i]);
}

/* A display that shows another GPU's buffer is gone: nobody holds the buffer any more. */
static void display(const char *profile)
{
	int gpu = lab_open_render("primesim"), drm, dmabuf;
	uint32_t handle = lab_bo_create(gpu, SIZE, 0);
	struct lab_plugged device;
	struct lab_screen screen;
	struct lab_simbuf state;

	dmabuf = lab_export(gpu, handle, DRM_RDWR);
	lab_plug(&device, "primesim", profile);
	drm = lab_plugged_primary(&device);
	lab_screen_open(&screen, drm, WIDTH, HEIGHT);
	lab_screen_show(&screen, lab_screen_framebuffer(&screen, lab_import(drm, dmabuf),
							WIDTH * 4));
	lab_simbuf_state(dmabuf, &state);
	igt_assert_lt(0, state.pins);
	lab_unplug(&device);
	lab_gpu_fill(gpu, handle, SIZE, FIRST);
	lab_close(drm);
	lab_simbuf_state(dmabuf, &state);
	igt_assert_eq_u32(state.pins, 0);
	lab_check_filled(dmabuf, SIZE, FIRST);
	lab_close(dmabuf);
	lab_close(gpu);
}

/**
 * struct worker - a thread that uses a buffer until its device is gone
 * @drm: the device.
 * @handle: the buffer.
 * @last: what became of the last job.
 */
struct worker {
	int drm;
	uint32_t handle;
	int last;
};

static void *work(void *data)
{
	struct drm_primesim_surface dst = lab_surface(0, WIDTH, HEIGHT, WIDTH * 4);
	struct worker *worker = data;
	struct drm_primesim_op op;

	dst.handles[0] = worker->handle;
	op = lab_op_fill(&dst, SECOND);
	do {
		worker->last = lab_submit(worker->drm, &op, NULL, NULL);
	} while (!worker->last);
	return NULL;
}

/* In the middle of its work */
static void while_working(const char *profile)
{
	int gpu = lab_open_primary("primesim"), dmabuf;
	struct lab_plugged device;
	struct worker worker;
	pthread_t thread;
	uint32_t own;

	dmabuf = allocate(gpu, &own);
	for (int round = 0; round < ROUNDS; round++) {
		lab_plug(&device, "primesim", profile);
		worker.drm = lab_plugged_render(&device);
		worker.handle = lab_import(worker.drm, dmabuf);
		igt_assert_eq(pthread_create(&thread, NULL, work, &worker), 0);
		lab_gpu_fill(gpu, own, SIZE, FIRST);
		lab_sleep(round * 5);
		lab_unplug(&device);
		igt_assert_eq(pthread_join(thread, NULL), 0);
		igt_assert_eq(worker.last, -ENODEV);
		lab_gpu_fill(gpu, own, SIZE, FIRST);
		lab_check_filled(dmabuf, SIZE, FIRST);
		lab_close(worker.drm);
	}
	lab_close(dmabuf);
	lab_close(gpu);
}

/* live=0 and 1 again, with everything of the first life still open */
static void comes_back(const char *profile)
{
	int old, new, dmabuf;
	struct lab_plugged device;
	uint32_t own, handle;

	lab_plug(&device, "primesim", profile);
	old = lab_plugged_primary(&device);
	dmabuf = allocate(old, &own);
	lab_gpu_fill(old, own, SIZE, FIRST);
	lab_plug_set(&device, "live", "0");
	lab_plug_start(&device);
	new = lab_plugged_render(&device);
	/* The old device's own, but not the new one's. */
	handle = lab_import(new, dmabuf);
	igt_assert_eq_u32(lab_gpu_sees(new, handle, SIZE), FIRST);
	lab_gpu_fill(new, handle, SIZE, SECOND);
	lab_check_filled(dmabuf, SIZE, SECOND);
	assert_gone(old, own);
	lab_unplug(&device);
	lab_close(dmabuf);
	lab_close(new);
	lab_close(old);
}

static const struct lab_test tests[] = {
	{ "exporter", exporter, "A GPU is removed whose buffer others have mapped." },
	{ "exporter-before-use", exporter_before_use,
	  "A GPU is removed whose buffer has no memory yet." },
	{ "importer", importer, "A GPU is removed that has others' buffer mapped." },
	{ "camera-importing", camera_importing,
	  "A camera is removed that writes others' buffers." },
	{ "camera-exporting", camera_exporting, "A camera is removed whose buffers others use." },
	{ "camera-then-gpus", camera_then_gpus,
	  "Cameras are removed, and GPUs come in their place." },
	{ "display", display, "A display is removed that shows others' buffer." },
	{ "while-working", while_working, "A GPU is removed in the middle of jobs." },
	{ "comes-back", comes_back, "A device is unplugged and plugged in with files open." },
};

igt_main()
{
	lab_run(tests, "no-iommu");
	lab_run(tests, "contig32");
}
