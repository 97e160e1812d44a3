// SPDX-License-Identifier: MIT
/*
 * One client takes all there is of something. It is told so, others go on, and when it ends there
 * is as much as before.
 *
 * Handles and memory of a GPU's clients are in primesim_clients, contexts and jobs without end in
 * primesim_contexts, local memory in local_memory.
 */
#include <drm/primesim_drm.h>
#include <linux/videodev2.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("one client takes everything, others work");

#define MIB		(1ull << 20)
#define COLOUR		0x11223344
#define FEWEST_BITS	24
#define MOST_BITS	30
#define JOBS		512
#define SYNCOBJS	5000
#define TRIES		200
#define TRY_MS		25

static void assert_works(int drm)
{
	uint32_t handle = lab_bo_create(drm, MIB, 0);

	lab_gpu_fill(drm, handle, MIB, COLOUR);
	igt_assert_eq_u32(lab_gpu_sees(drm, handle, MIB), COLOUR);
	lab_close_handle(drm, handle);
}

/* Uses objects of a MiB until there is an error, which is returned, or so many of them. */
static int use_all(int drm, unsigned int most, unsigned int *count)
{
	int ret = 0;

	for (*count = 0; *count < most; ++*count) {
		ret = lab_try_gpu_fill(drm, lab_bo_create(drm, MIB, 0), MIB, COLOUR);
		if (ret)
			break;
	}
	return ret;
}

/* What was in use a moment ago comes back when its last job is forgotten. */
static void wait_until_works(int drm)
{
	uint32_t handle = lab_bo_create(drm, MIB, 0);
	int ret;

	for (int i = 0; i < TRIES; i++) {
		ret = lab_try_gpu_fill(drm, handle, MIB, COLOUR);
		if (!ret)
			break;
		lab_sleep(TRY_MS);
	}
	igt_assert_eq(ret, 0);
	lab_close_handle(drm, handle);
}

static void plug_reaching(struct lab_plugged *device, const char *profile, unsigned int bits)
{
	char text[8];

	snprintf(text, sizeof(text), "%u", bits);
	lab_plug_prepare(device, "primesim", "small");
	lab_plug_set(device, "gpu/profile", profile);
	lab_plug_set(device, "gpu/dma_bits", text);
	lab_plug_start(device);
}

/* Low memory may be in others' use, or in pieces. */
static bool has_memory(const struct lab_plugged *device)
{
	int drm = lab_plugged_render(device);
	bool works = !lab_try_gpu_fill(drm, lab_bo_create(drm, MIB, 0), MIB, COLOUR);

	lab_close(drm);
	return works;
}

/* The device that reaches least of those that have any memory. Returns its address bits. */
static unsigned int plug_small(struct lab_plugged *device, const char *profile)
{
	for (unsigned int bits = FEWEST_BITS; bits <= MOST_BITS; bits++) {
		plug_reaching(device, profile, bits);
		if (has_memory(device))
			return bits;
		lab_unplug(device);
	}
	igt_assert_f(false, "no MiB in one piece\n");
	return 0;
}

/*
 * A device that reaches little: of addresses behind an IOMMU, or of memory in one piece. They are
 * the device's, so its other clients wait for who has them; those of other devices do not.
 */
static void reach(const char *profile)
{
	int bystander = lab_open_render("primesim"), hog, other, ret;
	struct lab_plugged device;
	unsigned int count, most;

	most = 1u << (plug_small(&device, profile) - 20);
	hog = lab_plugged_render(&device);
	other = lab_plugged_render(&device);
	ret = use_all(hog, most, &count);
	/* None is left, or none in one piece. */
	igt_assert(ret == -ENOMEM || ret == -ENOSPC);
	igt_info("%u of %u MiB\n", count, most);
	igt_assert(count < most);
	assert_works(bystander);
	lab_close(hog);
	wait_until_works(other);
	lab_close(other);
	lab_unplug(&device);
	lab_close(bystander);
}

/* Jobs that wait for somebody's fence fill a context; another file's jobs pass them by. */
static void jobs(const char *unused)
{
	int hog = lab_open_render("primesim"), other = lab_open_render("primesim");
	struct drm_primesim_surface dst = lab_surface(lab_bo_create(hog, 4096, 0), 32, 32, 128);
	struct drm_primesim_op op = lab_op_fill(&dst, COLOUR);
	struct drm_primesim_sync in = {};
	struct lab_fence fence;

	lab_fence_open(&fence, 64, 64);
	in.handle = lab_fence_syncobj(&fence, hog);
	for (int i = 0; i < JOBS; i++)
		igt_assert_eq(lab_submit(hog, &op, &in, NULL), 0);
	assert_works(other);
	lab_fence_signal(&fence);
	lab_fence_close(&fence);
	assert_works(hog);
	lab_close(other);
	lab_close(hog);
}

static uint32_t syncobj(int drm)
{
	uint32_t handle;

	igt_assert_eq(drmSyncobjCreate(drm, 0, &handle), 0);
	return handle;
}

static void syncobjs(const char *unused)
{
	int hog = lab_open_render("primesim"), other = lab_open_render("primesim");

	for (int i = 0; i < SYNCOBJS; i++)
		syncobj(hog);
	assert_works(other);
	lab_close(hog);
	assert_works(other);
	lab_close(other);
}

static uint64_t machine_bytes(void)
{
	return (uint64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
}

static int prepare(const struct lab_camera *camera, uint32_t index)
{
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = index,
	};

	return lab_ioctl(camera->fd, VIDIOC_PREPARE_BUF, &buffer);
}

/*
 * A client of a camera chooses the size of its buffers. Half of the machine's memory is what a
 * camera's have together; each of these takes two fifths.
 */
static void camera_buffers(const char *unused)
{
	uint64_t since = lab_now(), size = machine_bytes() / 5 * 2 / 4096 * 4096;
	int other = lab_open_render("primesim");
	struct v4l2_create_buffers create = {
		.count = 2, .memory = V4L2_MEMORY_MMAP,
		.format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE },
	};
	struct lab_camera camera;

	igt_require_f(size < UINT32_MAX, "more memory than a camera's client can ask for\n");
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, 64, 48);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_FMT, &create.format), 0);
	create.format.fmt.pix.sizeimage = size;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CREATE_BUFS, &create), 0);
	igt_assert_eq_u32(create.count, 2);
	igt_assert_eq(prepare(&camera, 0), 0);
	igt_assert_eq(prepare(&camera, 1), -ENOMEM);
	lab_assert_refused(since, -ENOMEM, "bytes that it may have");
	assert_works(other);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	lab_camera_close(&camera);
	lab_close(other);
}

static const struct lab_test by_reach[] = {
	{ "reach", reach, "All that a device reaches." },
};

static const struct lab_test tests[] = {
	{ "jobs", jobs, "All jobs that a context may have." },
	{ "syncobjs", syncobjs, "Syncobjs." },
	{ "camera-buffers", camera_buffers, "A camera's share of the machine's memory." },
};

igt_main()
{
	lab_run(by_reach, "ideal");
	lab_run(by_reach, "contig32");
	lab_run(tests, NULL);
}
