// SPDX-License-Identifier: MIT
/*
 * primesim goes away while it is busy: its driver is unbound from the device, with files open,
 * jobs queued and buffers mapped.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "driver.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("removing primesim while programs use it");

#define SIDE		2048
#define JOBS		20

static void plug(void)
{
	lab_bind("primesim");
	lab_close(lab_open_render("primesim"));
}

/* Whatever a test that failed has left */
static void plug_again(void)
{
	if (!lab_is_bound("primesim"))
		plug();
}

static struct drm_primesim_op fill_op(int drm, uint32_t *handle)
{
	struct drm_primesim_surface surface;

	*handle = lab_bo_create(drm, SIDE * SIDE * 4, 0);
	surface = lab_surface(*handle, SIDE, SIDE, SIDE * 4);
	return lab_op_fill(&surface, 0x5eed);
}

/* A fence that is signalled after a job */
static int queue_job(int drm, const struct drm_primesim_op *op, const struct drm_primesim_sync *in)
{
	struct drm_primesim_sync out = {};
	int fence;

	igt_assert_eq(drmSyncobjCreate(drm, 0, &out.handle), 0);
	igt_assert_eq(lab_submit(drm, op, in, &out), 0);
	igt_assert_eq(drmSyncobjExportSyncFile(drm, out.handle, &fence), 0);
	igt_assert_eq(drmSyncobjDestroy(drm, out.handle), 0);
	return fence;
}

/*
 * Some that may run at once, then one that cannot before @gate is signalled, and some behind
 * it. Returns the fence of the last one, which is not signalled.
 */
static int queue_jobs(int drm, const struct drm_primesim_op *op, const struct lab_fence *gate)
{
	struct drm_primesim_sync in = { .handle = lab_fence_syncobj(gate, drm) };
	int fence;

	for (int i = 0; i < 2 * JOBS; i++) {
		fence = queue_job(drm, op, i == JOBS ? &in : NULL);
		if (i < 2 * JOBS - 1)
			lab_close(fence);
	}
	igt_assert_eq(drmSyncobjDestroy(drm, in.handle), 0);
	return fence;
}

static void jobs_queued(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_op op;
	struct lab_fence gate;
	uint32_t handle;
	int fence;

	op = fill_op(drm, &handle);
	lab_fence_open(&gate, 64, 64);
	fence = queue_jobs(drm, &op, &gate);
	lab_unbind("primesim");
	igt_assert_eq(lab_submit(drm, &op, NULL, NULL), -ENODEV);
	lab_fence_signal(&gate);
	igt_assert_eq(lab_fence_status(fence), -ENODEV);
	lab_close(fence);
	lab_fence_close(&gate);
	lab_close(drm);
	plug();
}

/*
 * The file is closed first, so that nobody but the jobs themselves knows of them any more. Another
 * is open: unbinding the device waits for jobs that nobody is there to ask about.
 */
static void jobs_of_closed_file(const char *argument)
{
	int drm = lab_open_render("primesim"), other = lab_open_render("primesim"), fence;
	struct drm_primesim_op op;
	struct lab_fence gate;
	uint32_t handle;

	op = fill_op(drm, &handle);
	lab_fence_open(&gate, 64, 64);
	fence = queue_jobs(drm, &op, &gate);
	lab_close(drm);
	lab_unbind("primesim");
	lab_fence_signal(&gate);
	igt_assert_eq(lab_fence_status(fence), -ENODEV);
	lab_close(fence);
	lab_fence_close(&gate);
	lab_close(other);
	plug();
}

static void buffer_mapped(const char *argument)
{
	int drm = lab_open_render("primesim");
	const uint64_t size = SIDE * SIDE * 4;
	struct drm_primesim_op op;
	uint32_t handle, *pixels;
	int dmabuf, fence;

	op = fill_op(drm, &handle);
	dmabuf = lab_export(drm, handle, DRM_RDWR);
	pixels = lab_map(dmabuf, size, PROT_READ | PROT_WRITE, 0);
	fence = queue_job(drm, &op, NULL);
	igt_assert_eq(lab_fence_status(fence), 1);
	lab_unbind("primesim");
	igt_assert_eq_u32(pixels[size / 4 - 1], 0x5eed);
	pixels[0] = 1;
	lab_close(drm);
	igt_assert_eq_u32(pixels[0], 1);
	igt_assert_eq_u64(lab_dmabuf_size(dmabuf), size);
	plug();
	lab_unmap(pixels, size);
	lab_close(dmabuf);
	lab_close(fence);
}

/* The new device has nothing to do with what is left of the old one. */
static void plug_while_open(const char *argument)
{
	int old = lab_open_render("primesim");
	struct drm_primesim_op op;
	struct lab_fence gate;
	uint32_t handle;
	int drm, fence;

	op = fill_op(old, &handle);
	lab_fence_open(&gate, 64, 64);
	fence = queue_jobs(old, &op, &gate);
	lab_unbind("primesim");
	plug();
	drm = lab_open_render("primesim");
	op = fill_op(drm, &handle);
	lab_execute(drm, &op);
	lab_fence_signal(&gate);
	igt_assert_eq(lab_fence_status(fence), -ENODEV);
	lab_close(fence);
	lab_fence_close(&gate);
	lab_close(drm);
	lab_close(old);
}

static const struct lab_test tests[] = {
	{ "jobs-queued", jobs_queued,
	  "The fences of jobs that cannot be done any more signal with ENODEV." },
	{ "jobs-of-closed-file", jobs_of_closed_file,
	  "The same when their file is closed already." },
	{ "buffer-mapped", buffer_mapped,
	  "Buffers and mappings stay good after the device is gone." },
	{ "plug-while-open", plug_while_open,
	  "The device can come back while the old one is still open." },
};

/* A test that fails leaves primesim unplugged. */
static void run(const struct lab_test *test)
{
	lab_run_tests(test, 1, NULL);
	igt_fixture()
		plug_again();
}

igt_main()
{
	igt_fixture()
		plug_again();
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		run(&tests[i]);
}
