// SPDX-License-Identifier: MIT
/*
 * Who was given a dma-buf to read cannot write it, by no device and by no detour.
 *
 * More about it is in prime_handles (mmap), submit_refusals (SUBMIT), refusals (writeback),
 * camsim_import and camsim_errno (cameras).
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"

IGT_TEST_DESCRIPTION("dma-bufs that were exported for reading");

#define SIZE		4096
#define IMPORTS		300
#define COLOUR		0x11223344

/**
 * struct owner - a program that writes its own buffer
 * @words: its mapping.
 * @lost: how often it has read something else than it had written.
 * @stop: it is to end.
 */
struct owner {
	volatile uint32_t *words;
	unsigned int lost;
	volatile bool stop;
};

static void *write_on(void *data)
{
	struct owner *owner = data;

	for (uint32_t value = 1; !owner->stop; value++) {
		volatile uint32_t *word = &owner->words[value * 16 % (SIZE / 4)];

		*word = value;
		for (volatile int wait = 0; wait < 100; wait++)
			;
		owner->lost += *word != value;
	}
	return NULL;
}

/* A file with a dma-buf that may only be read, and the first file's mapping to write it */
static int share_to_read(int drm, uint32_t *handle, uint32_t **pixels)
{
	struct drm_primesim_bo_mmap_offset map = { .handle = lab_bo_create(drm, SIZE, 0) };

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &map), 0);
	*pixels = lab_map(drm, SIZE, PROT_READ | PROT_WRITE, map.offset);
	*handle = map.handle;
	return lab_export(drm, map.handle, 0);
}

/*
 * A device that is not coherent has a view of its own. It comes and goes with each import, and what
 * its owner writes at the same time is not lost by that.
 */
static void import_writes_nothing(const char *profile)
{
	int drm = lab_open_render("primesim"), dmabuf, other;
	struct lab_plugged device;
	struct owner owner = {};
	pthread_t thread;
	uint32_t handle, *pixels;

	dmabuf = share_to_read(drm, &handle, &pixels);
	lab_plug(&device, "primesim", profile);
	other = lab_plugged_render(&device);
	owner.words = pixels;
	igt_assert_eq(pthread_create(&thread, NULL, write_on, &owner), 0);
	for (int i = 0; i < IMPORTS; i++) {
		uint32_t imported = lab_import(other, dmabuf);
		uint32_t copy = lab_bo_create(other, SIZE, 0);
		struct drm_primesim_op op = lab_op_copy(imported, copy, SIZE);

		lab_execute(other, &op);
		lab_close_handle(other, imported);
		lab_close_handle(other, copy);
	}
	owner.stop = true;
	igt_assert_eq(pthread_join(thread, NULL), 0);
	igt_assert_eq_u32(owner.lost, 0);
	lab_close(other);
	lab_unplug(&device);
	lab_unmap(pixels, SIZE);
	lab_close(dmabuf);
	lab_close(drm);
}

/* A second export for writing, by who imported it to read, is none. */
static void no_way_back(const char *profile)
{
	int drm = lab_open_render("primesim"), dmabuf, other, again = -1;
	struct lab_plugged device;
	uint32_t handle, *pixels, imported;

	dmabuf = share_to_read(drm, &handle, &pixels);
	pixels[0] = COLOUR;
	lab_plug(&device, "primesim", profile);
	other = lab_plugged_render(&device);
	imported = lab_import(other, dmabuf);
	igt_assert_eq(lab_try_gpu_fill(other, imported, SIZE, ~COLOUR), -EACCES);
	if (!lab_try_export(other, imported, DRM_RDWR, &again)) {
		igt_assert(lab_same_dmabuf(again, dmabuf));
		igt_assert_eq(lab_try_map(again, SIZE, PROT_READ | PROT_WRITE, 0), -EACCES);
		lab_close(again);
	}
	igt_assert_eq_u32(pixels[0], COLOUR);
	lab_close(other);
	lab_unplug(&device);
	lab_unmap(pixels, SIZE);
	lab_close(dmabuf);
	lab_close(drm);
}

/* As on every DRM driver: a device knows its own objects, whatever the dma-buf is for. */
static void own_device(const char *unused)
{
	int drm = lab_open_render("primesim"), second = lab_open_render("primesim"), dmabuf;
	uint32_t handle, *pixels;

	dmabuf = share_to_read(drm, &handle, &pixels);
	lab_gpu_fill(second, lab_import(second, dmabuf), SIZE, COLOUR);
	igt_assert_eq_u32(pixels[0], COLOUR);
	lab_unmap(pixels, SIZE);
	lab_close(dmabuf);
	lab_close(second);
	lab_close(drm);
}

static const struct lab_test by_profile[] = {
	{ "import-writes-nothing", import_writes_nothing,
	  "What the owner writes is not lost while others import and read it." },
	{ "no-way-back", no_way_back, "It cannot be exported again for writing." },
};

static const struct lab_test tests[] = {
	{ "own-device", own_device,
	  "Another file of the device that made it gets the object itself, to write." },
};

igt_main()
{
	lab_run(by_profile, "ideal");
	lab_run(by_profile, "noncoherent");
	lab_run(by_profile, "low1g-bounce");
	lab_run(tests, NULL);
}
