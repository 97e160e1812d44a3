// SPDX-License-Identifier: MIT
/*
 * Local memory of a GPU: who is there, who has to leave, who comes back.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <string.h>
#include <sys/mman.h>
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

IGT_TEST_DESCRIPTION("objects in local memory: evicted, moved when shared, and back again");

#define LOCAL_MIB	"8"
#define MIB		(1ull << 20)
#define SIZE		(2 * MIB)
#define FITTING		4		/* objects of SIZE in LOCAL_MIB */
#define COLOUR		0xff000001
#define WIDTH		640
#define HEIGHT		480
#define ROUNDS		40
#define FREE_TRIES	400
#define FREE_STEP_MS	25
#define CHILDREN	3

static void plug(struct lab_plugged *device, const char *policy)
{
	lab_plug_prepare(device, "primesim", "local");
	lab_plug_set(device, "local_mib", LOCAL_MIB);
	lab_plug_set(device, "policy", policy);
	lab_plug_start(device);
}

static uint32_t create_filled(int drm, uint32_t colour)
{
	uint32_t handle = lab_bo_create(drm, SIZE, 0);

	lab_gpu_fill(drm, handle, SIZE, colour);
	return handle;
}

static bool is_local(int drm, uint32_t handle)
{
	struct drm_primesim_bo_info info;

	lab_bo_info(drm, handle, &info);
	igt_assert_neq_u32(info.info.placement, SIMBUF_PLACEMENT_NONE);
	return info.info.placement == SIMBUF_PLACEMENT_LOCAL;
}

static struct drm_primesim_device_info usage(int drm)
{
	struct drm_primesim_device_info info = {};

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_DEVICE_INFO, &info), 0);
	return info;
}

/* What finished jobs have held is given up a moment later. */
static void wait_for_free(int drm, uint64_t bytes)
{
	for (int i = 0; i < FREE_TRIES && usage(drm).local_free != bytes; i++)
		lab_sleep(FREE_STEP_MS);
	igt_assert_eq_u64(usage(drm).local_free, bytes);
}

/* All words are @colour, without the engine: that would bring the object back. */
static void check_by_cpu(int drm, uint32_t handle, uint32_t colour)
{
	int dmabuf = lab_export(drm, handle, DRM_RDWR);

	lab_check_filled(dmabuf, SIZE, colour);
	lab_close(dmabuf);
}

static void placement(const char *unused)
{
	struct lab_plugged device;
	uint32_t by_default, system, large;
	int drm;

	plug(&device, "late");
	drm = lab_plugged_render(&device);
	igt_assert_eq_u64(usage(drm).local_size, 8 * MIB);
	igt_assert_eq_u64(usage(drm).local_free, 8 * MIB);
	igt_assert_eq_u32(usage(drm).parts, DRM_PRIMESIM_PART_GPU | DRM_PRIMESIM_PART_DISPLAY);
	by_default = create_filled(drm, COLOUR);
	system = lab_bo_create(drm, SIZE, DRM_PRIMESIM_BO_CREATE_SYSTEM);
	lab_gpu_fill(drm, system, SIZE, COLOUR);
	large = lab_bo_create(drm, 9 * MIB, 0);
	lab_gpu_fill(drm, large, 9 * MIB, COLOUR);
	igt_assert(is_local(drm, by_default));
	igt_assert(!is_local(drm, system));
	igt_assert(!is_local(drm, large));
	igt_assert_eq_u64(usage(drm).local_free, 6 * MIB);
	lab_close_handle(drm, by_default);
	wait_for_free(drm, 8 * MIB);
	igt_assert_eq_u64(usage(drm).evictions, 0);
	lab_close(drm);
	lab_unplug(&device);
}

static void none(const char *unused)
{
	int drm = lab_open_render("primesim");
	uint32_t handle = create_filled(drm, COLOUR);
	struct drm_primesim_device_info wrong = { .flags = 1 };

	igt_assert_eq_u64(usage(drm).local_size, 0);
	igt_assert(!is_local(drm, handle));
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_DEVICE_INFO, &wrong), -EINVAL);
	lab_close(drm);
}

/* As many as there is room for, then one more: the one that was not used for longest leaves. */
static void longest_unused_leaves(const char *unused)
{
	uint32_t handles[FITTING], more;
	struct lab_plugged device;
	int drm;

	plug(&device, "late");
	drm = lab_plugged_render(&device);
	for (int i = 0; i < FITTING; i++)
		handles[i] = create_filled(drm, COLOUR + i);
	igt_assert_eq_u64(usage(drm).local_free, 0);
	lab_gpu_fill(drm, handles[0], SIZE, COLOUR);
	more = create_filled(drm, COLOUR + FITTING);

	igt_assert(is_local(drm, more));
	for (int i = 0; i < FITTING; i++)
		igt_assert_eq(is_local(drm, handles[i]), i != 1);
	igt_assert_eq_u64(usage(drm).evictions, 1);
	for (int i = 0; i < FITTING; i++)
		check_by_cpu(drm, handles[i], COLOUR + i);
	lab_close(drm);
	lab_unplug(&device);
}

/* Only when there is room, not by making others leave. */
static void comes_back(const char *unused)
{
	uint32_t handles[FITTING + 1];
	struct lab_plugged device;
	int drm;

	plug(&device, "late");
	drm = lab_plugged_render(&device);
	for (int i = 0; i <= FITTING; i++)
		handles[i] = create_filled(drm, COLOUR + i);
	igt_assert(!is_local(drm, handles[0]));
	lab_gpu_fill(drm, handles[0], 4096, COLOUR);
	igt_assert(!is_local(drm, handles[0]));
	lab_close_handle(drm, handles[1]);
	wait_for_free(drm, SIZE);
	lab_gpu_fill(drm, handles[0], 4096, COLOUR);
	igt_assert(is_local(drm, handles[0]));
	igt_assert_eq_u64(usage(drm).evictions, 1);
	check_by_cpu(drm, handles[0], COLOUR);
	lab_close(drm);
	lab_unplug(&device);
}

static void mapped_by_cpu(const char *unused)
{
	struct drm_primesim_bo_mmap_offset offset = {};
	struct lab_plugged device;
	uint32_t *pixels;
	int drm;

	plug(&device, "late");
	drm = lab_plugged_render(&device);
	offset.handle = create_filled(drm, COLOUR);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &offset), 0);
	pixels = lab_map(drm, SIZE, PROT_READ | PROT_WRITE, offset.offset);
	pixels[1] = 0x600d;
	igt_assert(is_local(drm, offset.handle));
	for (int i = 0; i < FITTING; i++)
		create_filled(drm, COLOUR + 1 + i);
	igt_assert(!is_local(drm, offset.handle));
	igt_assert_eq_u32(pixels[0], COLOUR);
	igt_assert_eq_u32(pixels[1], 0x600d);
	pixels[1] = COLOUR;
	igt_assert_eq_u32(lab_gpu_sees(drm, offset.handle, SIZE), COLOUR);
	lab_unmap(pixels, SIZE);
	lab_close(drm);
	lab_unplug(&device);
}

/* The picture on the display stays where it is, whatever comes; the others make room. */
static void scanned_out_stays(const char *unused)
{
	struct lab_plugged device;
	struct lab_screen screen;
	uint32_t framebuffer;
	struct lab_dumb dumb;
	int drm;

	plug(&device, "late");
	drm = lab_plugged_primary(&device);
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	lab_screen_open(&screen, drm, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, dumb.handle, dumb.pitch);
	lab_screen_show(&screen, framebuffer);
	for (int i = 0; i < 2 * FITTING; i++)
		igt_assert(is_local(drm, create_filled(drm, COLOUR)));
	igt_assert(is_local(drm, dumb.handle));
	igt_assert(usage(drm).evictions >= FITTING);
	igt_assert_eq(drmModeRmFB(drm, framebuffer), 0);
	lab_screen_close(&screen);
	lab_close(drm);
	lab_unplug(&device);
}

/* Jobs on all of them that wait: nobody moves, and who comes gets system memory. */
static void in_use_stays(const char *unused)
{
	struct drm_primesim_surface surface;
	struct drm_primesim_sync in = {};
	uint32_t handles[FITTING], more;
	struct lab_plugged device;
	struct drm_primesim_op op;
	struct lab_fence fence;
	int drm;

	plug(&device, "late");
	drm = lab_plugged_render(&device);
	lab_fence_open(&fence, 64, 64);
	in.handle = lab_fence_syncobj(&fence, drm);
	for (int i = 0; i < FITTING; i++)
		handles[i] = create_filled(drm, COLOUR);
	for (int i = 0; i < FITTING; i++) {
		surface = lab_surface(handles[i], 1024, SIZE / 4096, 4096);
		op = lab_op_fill(&surface, COLOUR + i);
		igt_assert_eq(lab_submit(drm, &op, &in, NULL), 0);
	}
	more = lab_bo_create(drm, SIZE, 0);
	/* By the CPU: the engine's next job waits like the others. */
	check_by_cpu(drm, more, 0);
	igt_assert(!is_local(drm, more));
	for (int i = 0; i < FITTING; i++)
		igt_assert(is_local(drm, handles[i]));
	igt_assert_eq_u64(usage(drm).evictions, 0);
	lab_fence_signal(&fence);
	for (int i = 0; i < FITTING; i++)
		igt_assert_eq_u32(lab_gpu_sees(drm, handles[i], SIZE), COLOUR + i);
	lab_fence_close(&fence);
	lab_close(drm);
	lab_unplug(&device);
}

static void moves_when_shared(const char *unused)
{
	int other = lab_open_render("primesim"), drm, dmabuf;
	struct lab_plugged device;
	uint32_t own, handle;

	plug(&device, "late");
	drm = lab_plugged_render(&device);
	own = create_filled(drm, COLOUR);
	dmabuf = lab_export(drm, own, DRM_RDWR);
	handle = lab_import(other, dmabuf);
	igt_assert(is_local(drm, own));
	igt_assert_eq_u32(lab_gpu_sees(other, handle, SIZE), COLOUR);
	igt_assert(!is_local(drm, own));
	lab_assert_moves(dmabuf, 1);
	igt_assert_eq_u64(usage(drm).local_free, 8 * MIB);
	lab_gpu_fill(other, handle, SIZE, COLOUR + 1);
	igt_assert_eq_u32(lab_gpu_sees(drm, own, SIZE), COLOUR + 1);
	igt_assert(!is_local(drm, own));
	lab_assert_moves(dmabuf, 1);
	/* Once nobody else has it any more. */
	lab_close_handle(other, handle);
	for (int i = 0; i < FREE_TRIES && !is_local(drm, own); i++) {
		lab_sleep(FREE_STEP_MS);
		lab_gpu_fill(drm, own, 4096, COLOUR + 1);
	}
	igt_assert(is_local(drm, own));
	lab_check_filled(dmabuf, SIZE, COLOUR + 1);
	lab_close(dmabuf);
	lab_close(other);
	lab_close(drm);
	lab_unplug(&device);
}

static void pinned_refused(const char *unused)
{
	int other = lab_open_render("primesim"), drm, dmabuf;
	struct lab_plugged device;
	struct lab_screen screen;
	uint32_t framebuffer, handle;
	struct lab_dumb dumb;
	uint64_t since = lab_now();
	char why[128];

	plug(&device, "late");
	drm = lab_plugged_primary(&device);
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	lab_screen_open(&screen, drm, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, dumb.handle, dumb.pitch);
	lab_screen_show(&screen, framebuffer);
	handle = lab_import(other, dmabuf);
	igt_assert_eq(lab_try_gpu_fill(other, handle, dumb.size, COLOUR), -EBUSY);
	snprintf(why, sizeof(why),
		 "primesim-gpu0 does not reach the local memory of primesim.%d, where it is pinned by primesim-display%d",
		 device.id, device.id);
	lab_assert_refused_by(since, -EBUSY, "primesim-gpu0", why);
	igt_assert(is_local(drm, dumb.handle));
	/* Gone from the screen, it can move. */
	lab_screen_close(&screen);
	igt_assert_eq(drmModeRmFB(drm, framebuffer), 0);
	lab_gpu_fill(other, handle, dumb.size, COLOUR);
	lab_check_filled(dmabuf, dumb.size, COLOUR);
	lab_close(dmabuf);
	lab_close(other);
	lab_close(drm);
	lab_unplug(&device);
}

/* What is pinned when it is exported must be where everybody reaches it. */
static void early_leaves_at_export(const char *unused)
{
	int other = lab_open_render("primesim"), drm, dmabuf;
	struct lab_plugged device;
	uint32_t own;

	plug(&device, "early");
	drm = lab_plugged_render(&device);
	own = create_filled(drm, COLOUR);
	igt_assert(is_local(drm, own));
	dmabuf = lab_export(drm, own, DRM_RDWR);
	igt_assert(!is_local(drm, own));
	igt_assert_eq_u32(lab_gpu_sees(other, lab_import(other, dmabuf), SIZE), COLOUR);
	lab_gpu_fill(drm, own, SIZE, COLOUR + 1);
	lab_check_filled(dmabuf, SIZE, COLOUR + 1);
	lab_assert_moves(dmabuf, 1);
	lab_close(dmabuf);
	lab_close(other);
	lab_close(drm);
	lab_unplug(&device);
}

/* Processes that together want more than there is: each finds what it has written. */
static void crowd(const char *unused)
{
	struct lab_plugged device;
	int drm;

	plug(&device, "late");
	igt_fork(child, CHILDREN) {
		uint32_t handles[FITTING];
		int own = lab_plugged_render(&device);

		for (int i = 0; i < FITTING; i++)
			handles[i] = create_filled(own, COLOUR * (child + 1) + i);
		for (int round = 0; round < ROUNDS; round++) {
			int i = (round * 7 + child) % FITTING;

			igt_assert_eq_u32(lab_gpu_sees(own, handles[i], SIZE),
					  COLOUR * (child + 1) + i);
			lab_close_handle(own, handles[i]);
			handles[i] = create_filled(own, COLOUR * (child + 1) + i);
		}
		lab_close(own);
	}
	igt_waitchildren();
	drm = lab_plugged_render(&device);
	igt_assert(usage(drm).evictions > 0);
	wait_for_free(drm, 8 * MIB);
	lab_close(drm);
	lab_unplug(&device);
}

/* The memory outlives the device, for those who have it. */
static void outlives_device(const char *unused)
{
	int other = lab_open_render("primesim"), drm, dmabuf;
	struct lab_plugged device;
	uint32_t handle, *pixels;

	plug(&device, "late");
	drm = lab_plugged_render(&device);
	handle = create_filled(drm, COLOUR);
	dmabuf = lab_export(drm, handle, DRM_RDWR);
	pixels = lab_map(dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);
	igt_assert_eq_u32(pixels[0], COLOUR);
	lab_unplug(&device);
	igt_assert_eq_u32(pixels[SIZE / 4 - 1], COLOUR);
	lab_close(drm);
	igt_assert_eq_u32(lab_gpu_sees(other, lab_import(other, dmabuf), SIZE), COLOUR);
	lab_close(dmabuf);
	lab_close(other);
	igt_assert_eq_u32(pixels[1], COLOUR);
	lab_unmap(pixels, SIZE);
}

static void attribute(const char *unused)
{
	struct lab_plugged device;

	lab_plug_prepare(&device, "primesim", "local");
	igt_assert_eq(lab_plug_write(&device, "local_mib", "65537"), -ERANGE);
	igt_assert_eq(lab_plug_write(&device, "local_mib", "-1"), -EINVAL);
	igt_assert_eq(lab_plug_write(&device, "local_mib", "much"), -EINVAL);
	/* More than the machine has */
	lab_expect_kernel_message("local_mib=65536: no contiguous memory");
	lab_expect_kernel_message("probe with driver primesim failed");
	lab_plug_set(&device, "local_mib", "65536");
	igt_assert_eq(lab_plug_write(&device, "live", "1"), -EIO);
	lab_plug_set(&device, "local_mib", "1");
	lab_plug_start(&device);
	igt_assert_eq(lab_plug_write(&device, "local_mib", "2"), -EBUSY);
	lab_unplug(&device);
}

static const struct lab_test tests[] = {
	{ "placement", placement, "Objects are local by default, in system memory where asked." },
	{ "none", none, "Devices without local memory say so." },
	{ "longest-unused-leaves", longest_unused_leaves,
	  "For an object that needs room, the one not used for longest leaves, content and all." },
	{ "comes-back", comes_back, "What had to leave comes back when there is room." },
	{ "mapped-by-cpu", mapped_by_cpu, "A mapping of the CPU's follows." },
	{ "scanned-out-stays", scanned_out_stays, "What a display shows does not leave." },
	{ "in-use-stays", in_use_stays, "What jobs use does not leave; nobody waits for them." },
	{ "moves-when-shared", moves_when_shared,
	  "A device that cannot reach local memory makes the object move, once." },
	{ "pinned-refused", pinned_refused,
	  "What is shown from local memory is refused to others, and why." },
	{ "early-leaves-at-export", early_leaves_at_export,
	  "Policy early: what is pinned at export is pinned in system memory." },
	{ "crowd", crowd, "Several processes that want more than there is keep their contents." },
	{ "outlives-device", outlives_device, "Local memory stays for those who have it." },
	{ "attribute", attribute, "The size is checked, and fixed while the device is live." },
};

igt_main()
{
	lab_run(tests, NULL);
}
