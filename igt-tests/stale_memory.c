// SPDX-License-Identifier: MIT
/*
 * Nobody sees what was in memory before it was theirs, wherever it is.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include "buffer.h"
#include "camera.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("memory that was somebody's is zero when it is somebody else's");

#define SECRET		0x5ec2e75e
#define SIZE		(256 * 1024)
#define OBJECTS		6
#define ROUNDS		3
#define WIDTH		160
#define HEIGHT		120

static void check_by_cpu(int drm, uint32_t handle, uint64_t size)
{
	int dmabuf = lab_export(drm, handle, DRM_RDWR);

	lab_check_filled(dmabuf, size, 0);
	lab_close(dmabuf);
}

/* Whoever looks first has the memory chosen: the device one time, the CPU the next. */
static void check_zero(int drm, uint32_t handle, uint64_t size, bool device_first)
{
	if (!device_first)
		check_by_cpu(drm, handle, size);
	igt_assert_eq_u32(lab_gpu_sees(drm, handle, size), 0);
	if (device_first)
		check_by_cpu(drm, handle, size);
}

/* One client leaves secrets, the next one looks. */
static void fill_and_look(const struct lab_plugged *device)
{
	for (int round = 0; round < ROUNDS; round++) {
		int drm = lab_plugged_render(device);

		for (int i = 0; i < OBJECTS; i++) {
			uint32_t handle = lab_bo_create(drm, SIZE, 0);

			check_zero(drm, handle, SIZE, (round + i) % 2);
			lab_gpu_fill(drm, handle, SIZE, SECRET);
		}
		lab_close(drm);
	}
}

static void fresh(const char *profile)
{
	struct lab_plugged device;

	lab_plug(&device, "primesim", profile);
	fill_and_look(&device);
	lab_unplug(&device);
}

static void local_plug(struct lab_plugged *device)
{
	lab_plug_prepare(device, "primesim", "local");
	lab_plug_set(device, "local_mib", "2");
	lab_plug_start(device);
}

static void fresh_local(const char *unused)
{
	struct lab_plugged device;

	local_plug(&device);
	fill_and_look(&device);
	lab_unplug(&device);
}

/* Somebody has to leave local memory for another client: who gets no more than its place. */
static void evicted(const char *unused)
{
	struct drm_primesim_device_info info = {};
	const uint64_t size = 1 << 20;
	struct lab_plugged device;
	uint32_t secrets[2];
	int first, second;

	local_plug(&device);
	first = lab_plugged_render(&device);
	second = lab_plugged_render(&device);
	for (int i = 0; i < 2; i++) {
		secrets[i] = lab_bo_create(first, size, 0);
		lab_gpu_fill(first, secrets[i], size, SECRET + i);
	}
	for (int i = 0; i < 2; i++)
		check_zero(second, lab_bo_create(second, size, 0), size, true);
	igt_assert_eq(lab_ioctl(first, DRM_IOCTL_PRIMESIM_DEVICE_INFO, &info), 0);
	igt_assert_lt_u64(0, info.evictions);
	for (int i = 0; i < 2; i++)
		igt_assert_eq_u32(lab_gpu_sees(first, secrets[i], size), SECRET + i);
	lab_close(second);
	lab_close(first);
	lab_unplug(&device);
}

static uint8_t *map_frame(const struct lab_camera *camera, uint32_t index)
{
	int dmabuf = lab_camera_export(camera, index, O_RDWR);
	uint8_t *frame = (uint8_t *)lab_map(dmabuf, camera->size, PROT_READ, 0);

	lab_close(dmabuf);
	return frame;
}

static void assert_zero(const uint8_t *bytes, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		igt_assert_f(!bytes[i], "byte %zu is %#x\n", i, bytes[i]);
}

static void capture(const struct lab_camera *camera, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		igt_assert_eq(lab_camera_queue_own(camera, i), 0);
	lab_camera_start(camera);
	for (unsigned int i = 0; i < count; i++)
		lab_camera_dequeue(camera, V4L2_MEMORY_MMAP);
	lab_camera_stop(camera);
}

/* A client's frames are gone with its buffers. */
static void frames(const char *profile)
{
	struct lab_plugged device;
	struct lab_camera camera;

	lab_plug(&device, "camsim", profile);
	lab_camera_setup(&camera, lab_plugged_camera(&device), V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	for (int round = 0; round < ROUNDS; round++) {
		lab_camera_request(&camera, V4L2_MEMORY_MMAP, OBJECTS);
		for (int i = 0; i < OBJECTS; i++) {
			uint8_t *frame = map_frame(&camera, i);

			assert_zero(frame, 0, camera.size);
			lab_unmap(frame, camera.size);
		}
		capture(&camera, OBJECTS);
		lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	}
	lab_camera_close(&camera);
	lab_unplug(&device);
}

/* Of a frame that covers a part of its buffer, the rest is what it was. */
static void part_of_frame(const char *profile)
{
	struct v4l2_selection compose = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.target = V4L2_SEL_TGT_COMPOSE,
		.r = { .width = WIDTH / 2, .height = HEIGHT / 2 },
	};
	struct lab_plugged device;
	struct lab_camera camera;
	uint8_t *frame;

	lab_plug(&device, "camsim", profile);
	lab_camera_setup(&camera, lab_plugged_camera(&device), V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_SELECTION, &compose), 0);
	igt_assert_lt(compose.r.height, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	capture(&camera, 1);
	frame = map_frame(&camera, 0);
	igt_assert(frame[0] || frame[1] || frame[2]);
	assert_zero(frame, compose.r.height * camera.stride, camera.size);
	lab_unmap(frame, camera.size);
	lab_camera_close(&camera);
	lab_unplug(&device);
}

static const struct lab_test by_profile[] = {
	{ "fresh", fresh, "Objects are zero, for the device and for the CPU." },
	{ "frames", frames, "So are a camera's buffers, after another client's." },
	{ "part-of-frame", part_of_frame, "A frame smaller than its buffer leaves the rest." },
};

static const struct lab_test local[] = {
	{ "fresh", fresh_local, "The same in a device's own memory." },
	{ "evicted", evicted, "Who makes others leave gets their place, not what was there." },
};

igt_main()
{
	lab_run(by_profile, "ideal");
	lab_run(by_profile, "contig32");
	lab_run(by_profile, "low1g");
	lab_run(by_profile, "low1g-bounce");
	lab_run(by_profile, "noncoherent");
	lab_run(local, "local");
}
