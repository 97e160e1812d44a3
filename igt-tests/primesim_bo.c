// SPDX-License-Identifier: MIT
/*
 * primesim's ioctls about buffer objects, with arguments right and wrong.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "device.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("primesim's ioctls about buffer objects, and the one about the display");

#define NO_HANDLE	0xdeadbeef

static int try_create(int drm, uint64_t size, uint32_t flags, struct drm_primesim_bo_create *create)
{
	*create = (struct drm_primesim_bo_create){ .size = size, .flags = flags };
	return lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_CREATE, create);
}

static uint32_t create(int drm, uint64_t size)
{
	struct drm_primesim_bo_create create;

	igt_assert_eq(try_create(drm, size, 0, &create), 0);
	return create.handle;
}

static void sizes(const char *unused)
{
	static const uint64_t good[] = { 1, 4095, 4096, 4097, 1 << 20, 1ull << 31 };
	uint64_t page = getpagesize();
	int drm = lab_open_render("primesim");

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct drm_primesim_bo_create create;

		igt_assert_eq(try_create(drm, good[i], 0, &create), 0);
		igt_assert_eq_u64(create.size, (good[i] + page - 1) / page * page);
		lab_close_handle(drm, create.handle);
	}
	lab_close(drm);
}

static void wrong_sizes(const char *unused)
{
	struct drm_primesim_bo_create create;
	int drm = lab_open_render("primesim");

	igt_assert_eq(try_create(drm, 0, 0, &create), -EINVAL);
	igt_assert_eq(try_create(drm, (1ull << 31) + 1, 0, &create), -E2BIG);
	igt_assert_eq(try_create(drm, 1ull << 32, 0, &create), -E2BIG);
	igt_assert_eq(try_create(drm, ~0ull, 0, &create), -E2BIG);
	for (int bit = 1; bit < 32; bit++)
		igt_assert_eq(try_create(drm, 4096, 1u << bit, &create), -EINVAL);
	lab_close(drm);
}

/* Objects are promises: memory comes with the first use. */
static void no_memory_before_use(const char *unused)
{
	int drm = lab_open_render("primesim");

	for (int i = 0; i < 16; i++)
		create(drm, 1ull << 31);
	lab_close(drm);
}

static void mmap_offset(const char *unused)
{
	struct drm_primesim_bo_mmap_offset arg = {};
	int drm = lab_open_render("primesim");
	uint32_t *pixels;

	arg.handle = create(drm, 8192);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &arg), 0);
	pixels = lab_map(drm, 8192, PROT_READ | PROT_WRITE, arg.offset);
	pixels[2047] = 1;
	lab_unmap(pixels, 8192);
	/* The next object must not be reached. */
	create(drm, 8192);
	igt_assert(lab_try_map(drm, 12288, PROT_READ, arg.offset) < 0);
	lab_close(drm);
}

static void mmap_offset_of_another_file(const char *unused)
{
	struct drm_primesim_bo_mmap_offset arg = {};
	int drm = lab_open_render("primesim");
	int other = lab_open_render("primesim");

	arg.handle = create(drm, 4096);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &arg), 0);
	igt_assert_eq(lab_try_map(drm, 4096, PROT_READ, arg.offset), 0);
	igt_assert_eq(lab_try_map(other, 4096, PROT_READ, arg.offset), -EACCES);
	lab_close(other);
	lab_close(drm);
}

static void wrong_mmap_offset(const char *unused)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_bo_mmap_offset none = { .handle = NO_HANDLE };
	struct drm_primesim_bo_mmap_offset padded = { .handle = create(drm, 4096), .pad = 1 };

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &none), -ENOENT);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &padded), -EINVAL);
	lab_close(drm);
}

static void info(const char *unused)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_bo_info a = { .handle = create(drm, 10000) };
	struct drm_primesim_bo_info b = { .handle = create(drm, 10000) };

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &a), 0);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &b), 0);
	igt_assert_neq_u64(a.info.buffer_id, 0);
	igt_assert_neq_u64(a.info.buffer_id, b.info.buffer_id);
	igt_assert_eq_u64(a.info.size, 12288);
	igt_assert_eq_u32(a.flags, 0);
	igt_assert_eq_u32(a.info.placement, SIMBUF_PLACEMENT_NONE);
	b.device = DRM_PRIMESIM_DEVICE_DISPLAY;
	b.flags = 0;
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &b), 0);
	lab_close(drm);
}

/* Not an import: a second object for the same memory would count, map and fence on its own. */
static void own_object_back(const char *unused)
{
	int drm = lab_open_render("primesim");
	int other = lab_open_render("primesim");
	struct drm_primesim_bo_info a = { .handle = create(drm, 4096) };
	struct drm_primesim_bo_info b = {};
	int dmabuf = lab_export(drm, a.handle, DRM_RDWR);

	b.handle = lab_import(other, dmabuf);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &a), 0);
	igt_assert_eq(lab_ioctl(other, DRM_IOCTL_PRIMESIM_BO_INFO, &b), 0);
	igt_assert_eq_u32(b.flags & DRM_PRIMESIM_BO_IMPORTED, 0);
	igt_assert_eq_u64(b.info.buffer_id, a.info.buffer_id);
	lab_close(dmabuf);
	lab_close(other);
	lab_close(drm);
}

static void wrong_info(const char *unused)
{
	int drm = lab_open_render("primesim");
	uint32_t handle = create(drm, 4096);
	struct drm_primesim_bo_info none = { .handle = NO_HANDLE };
	struct drm_primesim_bo_info device = { .handle = handle, .device = 2 };
	struct drm_primesim_bo_info padded = { .handle = handle, .pad = 1 };

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &none), -ENOENT);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &device), -EINVAL);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &padded), -EINVAL);
	lab_close(drm);
}

static void wrong_scanout_info(const char *unused)
{
	int master = lab_open_primary("primesim");
	int other = lab_open_primary("primesim");
	struct drm_primesim_scanout_info none = { .crtc_id = NO_HANDLE };
	struct drm_primesim_scanout_info info = {};
	drmModeRes *resources = drmModeGetResources(master);

	igt_assert(resources && resources->count_crtcs > 0);
	info.crtc_id = resources->crtcs[0];
	igt_assert_eq(lab_ioctl(master, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	igt_assert_eq(lab_ioctl(master, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &none), -ENOENT);
	none.crtc_id = resources->connectors[0];
	igt_assert_eq(lab_ioctl(master, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &none), -ENOENT);
	igt_assert_eq(lab_ioctl(other, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), -EACCES);
	drmModeFreeResources(resources);
	lab_close(other);
	lab_close(master);
}

/* Modes of sharing that the kernel's helpers must refuse or carry without harm */

static void vgem_imports(const char *unused)
{
	int drm = lab_open_primary("primesim");
	int vgem = lab_open_primary("vgem");
	struct lab_dumb dumb;
	int dmabuf, again;

	lab_dumb_create(&dumb, drm, 64, 64);
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	again = lab_export(vgem, lab_import(vgem, dmabuf), DRM_RDWR);
	igt_assert(lab_same_dmabuf(dmabuf, again));
	lab_close(drm);
	lab_write_pattern(again, dumb.size, 3);
	lab_check_pattern(dmabuf, dumb.size, 3);
	lab_close(again);
	lab_close(dmabuf);
	lab_close(vgem);
}

/* Whether QEMU's device takes foreign memory depends on the host; a refusal must leave nothing. */
static void virtio_gpu_imports(const char *unused)
{
	int drm = lab_open_primary("primesim");
	int virtio = lab_open_primary("virtio_gpu");
	struct lab_dumb dumb;
	uint32_t handle;
	int dmabuf, ret;

	lab_dumb_create(&dumb, drm, 64, 64);
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	ret = lab_try_import(virtio, dmabuf, &handle);
	igt_info("virtio-gpu's answer to an import: %d\n", ret);
	lab_close(virtio);
	lab_write_pattern(dmabuf, dumb.size, 5);
	lab_check_pattern(dmabuf, dumb.size, 5);
	lab_close(dmabuf);
	lab_close(drm);
}

static const struct lab_test tests[] = {
	{ "sizes", sizes,
	  "Sizes from one byte to 2 GiB are rounded up to whole pages." },
	{ "wrong-sizes", wrong_sizes,
	  "EINVAL for no size and for flags, E2BIG for more than 2 GiB." },
	{ "no-memory-before-use", no_memory_before_use,
	  "Objects of more memory than there is can exist as long as nobody uses them." },
	{ "mmap-offset", mmap_offset,
	  "An object's mmap offset reaches it and nothing behind it." },
	{ "mmap-offset-of-another-file", mmap_offset_of_another_file,
	  "EACCES for a mapping with an offset that belongs to another file's object." },
	{ "wrong-mmap-offset", wrong_mmap_offset,
	  "ENOENT for a handle that is none, EINVAL for padding that is not zero." },
	{ "info", info,
	  "BO_INFO tells identity and size, before there are pages." },
	{ "own-object-back", own_object_back,
	  "A file that imports what another file of primesim exported gets the object itself." },
	{ "wrong-info", wrong_info,
	  "ENOENT for a handle that is none, EINVAL for a device that is none and for padding." },
	{ "wrong-scanout-info", wrong_scanout_info,
	  "SCANOUT_INFO: ENOENT for what is no CRTC, EACCES for whoever is not master." },
	{ "vgem-imports", vgem_imports,
	  "vgem takes an object and gives back the same dma-buf." },
	{ "virtio-gpu-imports", virtio_gpu_imports,
	  "virtio-gpu takes or refuses an object, and leaves nothing either way." },
};

igt_main()
{
	lab_run(tests, NULL);
}
