// SPDX-License-Identifier: MIT
/*
 * PRIME between one driver's own files: handle to dma-buf and back.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("handles become dma-bufs and dma-bufs become handles, on every driver");

#define WIDTH	64
#define HEIGHT	32

static void self_import_same_handle(const char *driver)
{
	int drm = lab_open_primary(driver);
	struct lab_dumb dumb;
	int dmabuf;

	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	igt_assert_eq_u32(lab_import(drm, dmabuf), dumb.handle);
	lab_close(dmabuf);
	lab_dumb_close(&dumb);
	lab_close(drm);
}

static const struct lab_test tests[] = {
	{ "self-import-same-handle", self_import_same_handle,
	  "A file that imports its own dma-buf gets the handle it exported." },
};

igt_main()
{
	lab_run(tests, "primesim");
	lab_run(tests, "virtio_gpu");
	lab_run(tests, "vgem");
}
