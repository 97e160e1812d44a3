// SPDX-License-Identifier: MIT
/*
 * Devices, and programs, that die at the worst moment: with flips and jobs that wait, with
 * buffers that others show, in the middle of everything.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("death of devices and of programs, at any moment");

#define WIDTH		640
#define HEIGHT		480
#define PITCH		(WIDTH * 4)
#define SIZE		(PITCH * HEIGHT)
#define FIRST		0xff111111
#define SECOND		0xff222222
#define WAKE_MS		20000
#define KILLS		12
#define PLUGS		6
#define USERS		3

static uint32_t allocate(int drm, int *dmabuf)
{
	uint32_t handle = lab_bo_create(drm, SIZE, 0);

	*dmabuf = lab_export(drm, handle, DRM_RDWR);
	return handle;
}

static void *unplug_now(void *device)
{
	lab_unplug(device);
	return NULL;
}

/*
 * A flip waits for somebody's fence when the display goes. Removal cannot end before it, as
 * the flip holds buffers; the flip ends with the fence, and everybody is woken.
 */
static void flip_pending(const char *unused)
{
	struct lab_plugged device;
	struct lab_screen screen;
	struct lab_fence fence;
	uint32_t framebuffers[2];
	struct lab_dumb dumb[2];
	int drm, in, out = -1;
	pthread_t thread;

	lab_fence_open(&fence, 64, 64);
	in = lab_fence_sync_file(&fence);
	lab_plug(&device, "primesim", "ideal");
	drm = lab_plugged_primary(&device);
	lab_screen_open(&screen, drm, WIDTH, HEIGHT);
	for (int i = 0; i < 2; i++) {
		lab_dumb_create(&dumb[i], drm, WIDTH, HEIGHT);
		framebuffers[i] = lab_screen_framebuffer(&screen, dumb[i].handle, dumb[i].pitch);
	}
	lab_screen_show(&screen, framebuffers[0]);
	igt_assert_eq(lab_screen_flip(&screen, framebuffers[1], in, &out), 0);
	igt_assert(!lab_signals(out, 0));
	igt_assert_eq(pthread_create(&thread, NULL, unplug_now, &device), 0);
	lab_sleep(100);
	lab_fence_signal(&fence);
	igt_assert(lab_signals(out, WAKE_MS));
	igt_assert_eq(pthread_join(thread, NULL), 0);
	lab_close(out);
	lab_close(in);
	lab_close(drm);
	lab_fence_close(&fence);
}

/* The GPU that made a picture is gone; the display that shows it and its memory go on. */
static void shown_elsewhere(const char *unused)
{
	int screen_drm = lab_open_primary("primesim"), gpu, dmabuf;
	struct drm_primesim_scanout_info before = {}, after = {};
	struct lab_plugged device;
	struct lab_screen screen;
	uint32_t own, framebuffer;

	lab_plug(&device, "primesim", "no-iommu");
	gpu = lab_plugged_render(&device);
	own = allocate(gpu, &dmabuf);
	lab_screen_open(&screen, screen_drm, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, lab_import(screen_drm, dmabuf), PITCH);
	lab_gpu_fill(gpu, own, SIZE, FIRST);
	lab_screen_show(&screen, framebuffer);
	before.crtc_id = screen.crtc;
	after.crtc_id = screen.crtc;
	igt_assert_eq(lab_ioctl(screen_drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &before), 0);
	lab_unplug(&device);
	lab_close(gpu);
	igt_assert_eq(lab_screen_flip(&screen, framebuffer, -1, NULL), 0);
	igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	igt_assert_eq(lab_ioctl(screen_drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &after), 0);
	igt_assert_eq_u32(after.fb_id, framebuffer);
	igt_assert_eq_u64(after.info.page_id, before.info.page_id);
	lab_check_filled(dmabuf, SIZE, FIRST);
	lab_close(dmabuf);
	igt_assert_eq(drmModeRmFB(screen_drm, framebuffer), 0);
	lab_screen_close(&screen);
	lab_close(screen_drm);
}

/**
 * struct waiter - a thread that waits for a job
 * @drm: the device.
 * @syncobj: gets the job's fence.
 * @result: of the wait.
 */
struct waiter {
	int drm;
	uint32_t syncobj;
	int result;
};

static void *wait_for_job(void *data)
{
	struct waiter *waiter = data;

	waiter->result = drmSyncobjWait(waiter->drm, &waiter->syncobj, 1, INT64_MAX, 0, NULL);
	return NULL;
}

/* A job that never ends, and somebody who waits for it, for ever: until the device is gone. */
static void waiter_wakes(const char *unused)
{
	struct drm_primesim_op op = { .code = DRM_PRIMESIM_OP_HANG };
	struct drm_primesim_sync out = {};
	struct lab_plugged device;
	struct waiter waiter;
	pthread_t thread;
	int drm, fence;

	lab_plug(&device, "primesim", "ideal");
	drm = lab_plugged_render(&device);
	igt_assert_eq(drmSyncobjCreate(drm, 0, &out.handle), 0);
	igt_assert_eq(lab_submit(drm, &op, NULL, &out), 0);
	igt_assert_eq(drmSyncobjExportSyncFile(drm, out.handle, &fence), 0);
	waiter = (struct waiter){ .drm = drm, .syncobj = out.handle };
	igt_assert_eq(pthread_create(&thread, NULL, wait_for_job, &waiter), 0);
	lab_sleep(50);
	igt_assert(!lab_signals(fence, 0));
	lab_unplug(&device);
	igt_assert_eq(pthread_join(thread, NULL), 0);
	/* The ioctl itself may come too late for the device. */
	igt_assert(waiter.result == 0 || waiter.result == -ENODEV);
	igt_assert_eq(lab_fence_status(fence), -ENODEV);
	lab_close(fence);
	lab_close(drm);
}

/* Who waits for a job through the buffer's dma-buf, in another driver or none */
static void waiter_of_dmabuf_wakes(const char *unused)
{
	int gpu = lab_open_render("primesim"), drm, dmabuf, fence;
	struct drm_primesim_surface surface;
	struct drm_primesim_op ops[2];
	struct drm_primesim_submit submit = {
		.op_count = 2, .op_size = sizeof(ops[0]), .ops = (uintptr_t)ops,
	};
	struct lab_plugged device;
	uint32_t handle;

	lab_plug(&device, "primesim", "ideal");
	drm = lab_plugged_render(&device);
	handle = allocate(drm, &dmabuf);
	lab_gpu_fill(drm, handle, SIZE, FIRST);
	surface = lab_surface(handle, WIDTH, HEIGHT, PITCH);
	ops[0] = (struct drm_primesim_op){ .code = DRM_PRIMESIM_OP_HANG };
	ops[1] = lab_op_fill(&surface, SECOND);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &submit), 0);
	fence = lab_export_sync_file(dmabuf, DMA_BUF_SYNC_READ);
	igt_assert(!lab_signals(fence, 50));
	lab_unplug(&device);
	igt_assert(lab_signals(fence, WAKE_MS));
	igt_assert_eq(lab_fence_status(fence), -ENODEV);
	/* Not done, and nobody stops the next one. */
	igt_assert_eq_u32(lab_gpu_sees(gpu, lab_import(gpu, dmabuf), SIZE), FIRST);
	lab_close(fence);
	lab_close(dmabuf);
	lab_close(drm);
	lab_close(gpu);
}

static int remove_module(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

static void module_stays(const char *unused)
{
	int drm = lab_open_render("primesim"), dmabuf;
	struct lab_plugged device;
	uint32_t *pixels;

	igt_assert_eq(remove_module("primesim"), -EWOULDBLOCK);
	igt_assert_eq(remove_module("simbuf"), -EWOULDBLOCK);
	allocate(drm, &dmabuf);
	lab_close(drm);
	igt_assert_eq(remove_module("primesim"), -EWOULDBLOCK);
	pixels = lab_map(dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);
	pixels[0] = FIRST;
	lab_close(dmabuf);
	igt_assert_eq(remove_module("simbuf"), -EWOULDBLOCK);
	lab_plug_prepare(&device, "primesim", "unused");
	igt_assert_eq(remove_module("primesim"), -EWOULDBLOCK);
	lab_unplug(&device);
	igt_assert_eq_u32(pixels[0], FIRST);
	lab_unmap(pixels, SIZE);
}

static bool is_gone(int ret)
{
	return ret == -ENODEV;
}

/*
 * A bit of all that a program does with a GPU and display. Stops when the device is gone, and
 * never for another reason.
 */
static void use_everything(int drm, int other)
{
	struct drm_primesim_bo_create create = { .size = SIZE };
	struct drm_gem_close close = {};
	struct drm_primesim_surface surface;
	uint32_t imported, *pixels;
	struct drm_primesim_op op;
	int dmabuf, ret;

	for (;;) {
		ret = lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create);
		if (is_gone(ret))
			return;
		igt_assert_eq(ret, 0);
		close.handle = create.handle;
		ret = lab_try_export(drm, create.handle, DRM_RDWR, &dmabuf);
		if (is_gone(ret))
			return;
		igt_assert_eq(ret, 0);
		imported = lab_import(other, dmabuf);
		surface = lab_surface(create.handle, WIDTH, HEIGHT, PITCH);
		op = lab_op_fill(&surface, FIRST);
		ret = lab_submit(drm, &op, NULL, NULL);
		igt_assert(!ret || is_gone(ret));
		surface.handles[0] = imported;
		op = lab_op_fill(&surface, SECOND);
		igt_assert_eq(lab_submit(other, &op, NULL, NULL), 0);
		pixels = lab_map(dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);
		pixels[0] = FIRST;
		/* Left to the end of the mapping: who dies here has it still. */
		lab_unmap(pixels, SIZE);
		lab_close_handle(other, imported);
		lab_close(dmabuf);
		if (ret || is_gone(lab_ioctl(drm, DRM_IOCTL_GEM_CLOSE, &close)))
			return;
	}
}

/* One that shows pictures, each only when the one before it is on the screen */
static void flip_for_ever(int drm)
{
	struct lab_screen screen;
	uint32_t framebuffers[2];
	struct lab_dumb dumb;

	lab_screen_open(&screen, drm, WIDTH, HEIGHT);
	for (int i = 0; i < 2; i++) {
		lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
		framebuffers[i] = lab_screen_framebuffer(&screen, dumb.handle, dumb.pitch);
	}
	lab_screen_show(&screen, framebuffers[0]);
	for (int i = 1;; i++) {
		igt_assert_eq(lab_screen_flip(&screen, framebuffers[i % 2], -1, NULL), 0);
		igt_assert(lab_screen_flipped(&screen, LAB_FLIP_MS));
	}
}

static pid_t start(void (*run)(const struct lab_plugged *device), const struct lab_plugged *device)
{
	pid_t child = fork();

	igt_assert(child >= 0);
	if (child)
		return child;
	run(device);
	_exit(0);
}

static void render_program(const struct lab_plugged *device)
{
	use_everything(lab_plugged_render(device), lab_open_render("primesim"));
}

static void display_program(const struct lab_plugged *device)
{
	flip_for_ever(lab_plugged_primary(device));
}

static void kill_and_reap(pid_t child)
{
	int status;

	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* After each death, the device works for those who live. */
static void killed(const char *unused)
{
	struct lab_plugged device;
	int drm, dmabuf;
	uint32_t handle;

	lab_plug_prepare(&device, "primesim", "killed");
	lab_plug_set(&device, "local_mib", "4");
	lab_plug_start(&device);
	for (int i = 0; i < KILLS; i++) {
		pid_t render = start(render_program, &device);
		pid_t display = start(display_program, &device);

		lab_sleep(20 + i * 37 % 200);
		kill_and_reap(render);
		kill_and_reap(display);
		drm = lab_plugged_render(&device);
		handle = allocate(drm, &dmabuf);
		lab_gpu_fill(drm, handle, SIZE, FIRST + i);
		lab_check_filled(dmabuf, SIZE, FIRST + i);
		lab_close(dmabuf);
		lab_close(drm);
	}
	lab_unplug(&device);
}

/* Several programs, and their device goes. They end by themselves, without anything else wrong. */
static void in_the_middle(const char *unused)
{
	for (int round = 0; round < PLUGS; round++) {
		struct lab_plugged device;
		int drm[USERS];

		lab_plug_prepare(&device, "primesim", "middle");
		lab_plug_set(&device, "local_mib", "4");
		lab_plug_start(&device);
		/* Open before it goes, however late the children begin. */
		for (int i = 0; i < USERS; i++)
			drm[i] = lab_plugged_render(&device);
		igt_fork(child, USERS)
			use_everything(drm[child], lab_open_render("primesim"));
		lab_sleep(200 + round * 31);
		lab_unplug(&device);
		igt_waitchildren();
		for (int i = 0; i < USERS; i++)
			lab_close(drm[i]);
	}
}

static const struct lab_test tests[] = {
	{ "flip-pending", flip_pending, "A display goes while a flip waits for a fence." },
	{ "shown-elsewhere", shown_elsewhere,
	  "A GPU goes whose picture another device's display shows." },
	{ "waiter-wakes", waiter_wakes, "Who waits for a job wakes when the device goes." },
	{ "waiter-of-dmabuf-wakes", waiter_of_dmabuf_wakes,
	  "Who waits for a dma-buf's fence wakes when the device goes." },
	{ "module-stays", module_stays, "Modules stay loaded while anything of theirs is used." },
	{ "killed", killed, "Programs are killed at any moment." },
	{ "in-the-middle", in_the_middle, "A device goes while programs do everything with it." },
};

igt_main()
{
	lab_run(tests, NULL);
}
