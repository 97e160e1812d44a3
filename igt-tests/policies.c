// SPDX-License-Identifier: MIT
/*
 * The two styles of exporters: memory fixed at export and idle before it is mapped, or memory
 * chosen late and fences left to those who use it.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <xf86drm.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("policies of exporters: early and late");

/* No power of two: so memory that nobody has asked anything about is in several pieces. */
#define WIDTH		320
#define HEIGHT		240
#define SIZE		(WIDTH * HEIGHT * 4)
#define COLOUR		0xff224466
#define BUSY_MS		500

/**
 * struct export - a buffer of a device of some policy
 * @device: the device.
 * @drm: its primary node, or -1 of a camera.
 * @handle: the object on @drm.
 * @camera: of a camera.
 * @dmabuf: the buffer.
 */
struct export {
	struct lab_plugged device;
	int drm;
	uint32_t handle;
	struct lab_camera camera;
	int dmabuf;
};

static void export_from_camera(struct export *export, int video)
{
	*export = (struct export){ .device = export->device, .drm = -1 };
	lab_camera_setup(&export->camera, video, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&export->camera, V4L2_MEMORY_MMAP, 2);
	export->dmabuf = lab_camera_export(&export->camera, 0, O_RDWR);
}

static void export_from_gpu(struct export *export, int drm)
{
	struct lab_dumb dumb;

	export->drm = drm;
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	export->handle = dumb.handle;
	export->dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
}

static void export_open(struct export *export, const char *driver, const char *policy)
{
	lab_plug_policy(&export->device, driver, "no-iommu", policy);
	if (!strcmp(driver, "camsim"))
		export_from_camera(export, lab_plugged_camera(&export->device));
	else
		export_from_gpu(export, lab_plugged_primary(&export->device));
}

static void export_let_go(struct export *export)
{
	lab_close(export->dmabuf);
	if (export->drm >= 0)
		lab_close(export->drm);
	else
		lab_camera_close(&export->camera);
}

static void export_close(struct export *export)
{
	export_let_go(export);
	lab_unplug(&export->device);
}

/* Whether the module was told to be early; otherwise it is late. */
static bool loaded_early(const char *driver)
{
	char path[64], value[16] = "";
	FILE *parameter;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/policy", driver);
	parameter = fopen(path, "re");
	igt_assert_f(parameter, "no %s\n", path);
	if (fread(value, 1, sizeof(value) - 1, parameter))
		igt_info("%s has policy=%s\n", driver, value);
	fclose(parameter);
	return !strncmp(value, "early", 5);
}

/* The default device does as its module was told: igt-tests/module_policy loads both ways. */
static void as_loaded(const char *driver)
{
	bool early = loaded_early(driver);
	struct export export = {};
	struct lab_simbuf state;

	if (!strcmp(driver, "camsim"))
		export_from_camera(&export, lab_open_video(driver));
	else
		export_from_gpu(&export, lab_open_primary(driver));
	lab_simbuf_state(export.dmabuf, &state);
	igt_assert_eq_u32(state.pins, early);
	igt_assert_eq(!strcmp(state.placement, "none"), !early);
	export_let_go(&export);
}

static void fixed_at_export(const char *driver)
{
	struct lab_simbuf state;
	struct export export;

	export_open(&export, driver, "early");
	lab_simbuf_state(export.dmabuf, &state);
	igt_assert(strcmp(state.placement, "none"));
	igt_assert_eq_u32(state.pins, 1);
	export_close(&export);
}

static void chosen_late(const char *driver)
{
	struct lab_simbuf state;
	struct export export;

	export_open(&export, driver, "late");
	lab_simbuf_state(export.dmabuf, &state);
	igt_assert(!strcmp(state.placement, "none"));
	igt_assert_eq_u32(state.pins, 0);
	export_close(&export);
}

/* A GPU that joins later and wants one piece of memory; what becomes of its first job */
static int join_later(const struct export *export, const char *policy)
{
	struct lab_plugged device;
	uint32_t handle;
	int drm, ret;

	lab_plug_policy(&device, "primesim", "contig32", policy);
	drm = lab_plugged_render(&device);
	handle = lab_import(drm, export->dmabuf);
	ret = lab_try_gpu_fill(drm, handle, SIZE, COLOUR);
	lab_close(drm);
	lab_unplug(&device);
	return ret;
}

static void later_refused(const char *driver)
{
	struct export export;
	uint64_t since;

	export_open(&export, driver, "early");
	since = lab_now();
	igt_assert_eq(join_later(&export, "late"), -EBUSY);
	lab_assert_refused(since, -EBUSY, "takes 1 segments");
	lab_assert_refused(since, -EBUSY, "and is pinned by its export");
	lab_assert_moves(export.dmabuf, 0);
	export_close(&export);
}

/* The exporter's policy counts, not the importer's. */
static void later_served(const char *driver)
{
	struct export export;
	int gpu;

	export_open(&export, driver, "late");
	gpu = lab_open_render("primesim");
	lab_gpu_fill(gpu, lab_import(gpu, export.dmabuf), SIZE, 0);
	igt_assert_eq(join_later(&export, "early"), 0);
	lab_assert_moves(export.dmabuf, 1);
	lab_check_filled(export.dmabuf, SIZE, COLOUR);
	lab_close(gpu);
	export_close(&export);
}

/* The last export's end unpins; an object that nobody shares may be placed anew. */
static void unpinned_at_end(const char *driver)
{
	struct lab_simbuf state;
	struct export export;
	int second;

	export_open(&export, driver, "early");
	lab_close(export.dmabuf);
	export.dmabuf = lab_export(export.drm, export.handle, DRM_RDWR);
	second = lab_export(export.drm, export.handle, DRM_RDWR);
	lab_simbuf_state(second, &state);
	igt_assert_eq_u32(state.pins, 1);
	lab_close(second);
	export_close(&export);
}

/* A device writes the buffer, says its fence. */
static void make_busy(struct lab_fence *fence, int dmabuf)
{
	int sync_file;

	lab_fence_open(fence, 64, 64);
	sync_file = lab_fence_sync_file(fence);
	lab_import_sync_file(dmabuf, DMA_BUF_SYNC_WRITE, sync_file);
	lab_close(sync_file);
}

static struct drm_primesim_op fill_op(uint32_t handle)
{
	struct drm_primesim_surface dst = lab_surface(handle, WIDTH, HEIGHT, WIDTH * 4);

	return lab_op_fill(&dst, COLOUR);
}

static void waits_until_idle(const char *driver)
{
	int gpu = lab_open_render("primesim");
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct export export;

	export_open(&export, driver, "early");
	make_busy(&fence, export.dmabuf);
	op = fill_op(lab_import(gpu, export.dmabuf));
	lab_alarm_every(BUSY_MS);
	igt_assert_eq(lab_submit_once(gpu, &op), -EINTR);
	lab_alarm_every(0);
	/* As if nothing had been tried. */
	lab_fence_signal(&fence);
	lab_execute(gpu, &op);
	lab_check_filled(export.dmabuf, SIZE, COLOUR);
	lab_fence_close(&fence);
	lab_close(gpu);
	export_close(&export);
}

static void queue_waits_until_idle(const char *driver)
{
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_DMABUF,
	};
	struct lab_camera camera;
	struct lab_fence fence;
	struct export export;

	export_open(&export, driver, "early");
	make_busy(&fence, export.dmabuf);
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	buffer.m.fd = export.dmabuf;
	lab_alarm_every(BUSY_MS);
	igt_assert_eq(ioctl(camera.fd, VIDIOC_QBUF, &buffer), -1);
	igt_assert_eq(errno, EINTR);
	lab_alarm_every(0);
	lab_fence_signal(&fence);
	igt_assert_eq(lab_camera_queue(&camera, 0, export.dmabuf), 0);
	lab_camera_close(&camera);
	lab_fence_close(&fence);
	export_close(&export);
}

static void waits_no_longer(const char *driver)
{
	int gpu = lab_open_render("primesim");
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct export export;
	uint64_t since = lab_now();

	export_open(&export, driver, "early");
	make_busy(&fence, export.dmabuf);
	op = fill_op(lab_import(gpu, export.dmabuf));
	igt_assert_eq(lab_submit_once(gpu, &op), -ETIMEDOUT);
	lab_assert_refused(since, -ETIMEDOUT, "its writers did not finish within 5 s");
	lab_fence_signal(&fence);
	lab_execute(gpu, &op);
	lab_fence_close(&fence);
	lab_close(gpu);
	export_close(&export);
}

/* Late: the job is taken, and waits by itself. */
static void takes_jobs_while_busy(const char *driver)
{
	int gpu = lab_open_render("primesim"), done;
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct export export;

	export_open(&export, driver, "late");
	make_busy(&fence, export.dmabuf);
	op = fill_op(lab_import(gpu, export.dmabuf));
	igt_assert_eq(lab_submit_once(gpu, &op), 0);
	done = lab_export_sync_file(export.dmabuf, DMA_BUF_SYNC_READ);
	igt_assert(!lab_signals(done, 100));
	lab_fence_signal(&fence);
	igt_assert(lab_signals(done, LAB_FRAME_MS));
	lab_close(done);
	lab_fence_close(&fence);
	lab_close(gpu);
	export_close(&export);
}

static const struct lab_test tests[] = {
	{ "as-loaded", as_loaded, "The default device has the policy its module was loaded with." },
	{ "early-fixed-at-export", fixed_at_export,
	  "Early: memory is chosen and pinned at export." },
	{ "late-chosen-late", chosen_late, "Late: exporting chooses nothing." },
	{ "early-refuses-later", later_refused,
	  "Early: a device that joins later with other demands is refused, and why." },
	{ "late-serves-later", later_served,
	  "Late: a device that joins later is served by a move." },
	{ "early-waits-until-idle", waits_until_idle,
	  "Early: mapping waits for writers; a signal ends the wait, and nothing has happened." },
	{ "early-queue-waits-until-idle", queue_waits_until_idle, "The same when it is queued." },
	{ "late-takes-jobs-while-busy", takes_jobs_while_busy,
	  "Late: a job on a busy buffer is taken, and waits." },
};

static const struct lab_test gpu_tests[] = {
	{ "early-unpinned-at-end", unpinned_at_end, "Early: what one export pinned it unpins." },
	{ "early-waits-no-longer", waits_no_longer,
	  "Early: writers that do not end are not waited for longer than 5 s, and why." },
};

igt_main()
{
	lab_run(tests, "primesim");
	lab_run(tests, "camsim");
	lab_run(gpu_tests, "primesim");
}
