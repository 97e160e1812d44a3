// SPDX-License-Identifier: MIT
/*
 * Handles and dma-bufs of one driver: what names what, and for how long a name is good.
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
#define SEED	0x5eed

/**
 * struct shared - an object of a driver and a dma-buf of it
 * @drm: the file that owns the object's handle.
 * @dumb: the object.
 * @dmabuf: its dma-buf.
 */
struct shared {
	int drm;
	struct lab_dumb dumb;
	int dmabuf;
};

static void share(struct shared *shared, const char *driver, uint32_t flags)
{
	shared->drm = lab_open_primary(driver);
	lab_dumb_create(&shared->dumb, shared->drm, WIDTH, HEIGHT);
	shared->dmabuf = lab_export(shared->drm, shared->dumb.handle, flags);
}

static void unshare_all(struct shared *shared)
{
	lab_close(shared->dmabuf);
	lab_dumb_close(&shared->dumb);
	lab_close(shared->drm);
}

static void self_import(const char *driver)
{
	struct shared shared;

	share(&shared, driver, DRM_RDWR);
	igt_assert_eq_u32(lab_import(shared.drm, shared.dmabuf), shared.dumb.handle);
	unshare_all(&shared);
}

static void export_twice(const char *driver)
{
	struct shared shared;
	int again;

	share(&shared, driver, DRM_RDWR);
	again = lab_export(shared.drm, shared.dumb.handle, DRM_RDWR);
	igt_assert(lab_same_dmabuf(shared.dmabuf, again));
	lab_close(again);
	unshare_all(&shared);
}

static void second_file(const char *driver)
{
	struct shared shared;
	int other, again;
	uint32_t handle;

	share(&shared, driver, DRM_RDWR);
	other = lab_open_primary(driver);
	handle = lab_import(other, shared.dmabuf);
	igt_assert_eq_u32(lab_import(other, shared.dmabuf), handle);
	again = lab_export(other, handle, DRM_RDWR);
	igt_assert(lab_same_dmabuf(shared.dmabuf, again));
	lab_close(again);
	lab_close(other);
	unshare_all(&shared);
}

static void render_node(const char *driver)
{
	struct shared shared;
	int render;

	share(&shared, driver, DRM_RDWR);
	render = lab_open_render(driver);
	igt_assert_neq_u32(lab_import(render, shared.dmabuf), 0);
	lab_close(render);
	unshare_all(&shared);
}

/* The object lives on in the dma-buf: a handle that was closed must not be found again. */
static void handle_closed_and_imported(const char *driver)
{
	struct shared shared;

	share(&shared, driver, DRM_RDWR);
	lab_write_pattern(shared.dmabuf, shared.dumb.size, SEED);
	lab_dumb_close(&shared.dumb);
	igt_assert(!lab_handle_is_valid(shared.drm, shared.dumb.handle));
	shared.dumb.handle = lab_import(shared.drm, shared.dmabuf);
	igt_assert(lab_handle_is_valid(shared.drm, shared.dumb.handle));
	lab_check_pattern(shared.dmabuf, shared.dumb.size, SEED);
	unshare_all(&shared);
}

/* Importing again gives no second handle to close: one close, and the name is gone. */
static void one_close(const char *driver)
{
	struct shared shared;

	share(&shared, driver, DRM_RDWR);
	lab_import(shared.drm, shared.dmabuf);
	lab_dumb_close(&shared.dumb);
	igt_assert(!lab_handle_is_valid(shared.drm, shared.dumb.handle));
	lab_close(shared.dmabuf);
	lab_close(shared.drm);
}

static void size(const char *driver)
{
	struct shared shared;

	share(&shared, driver, 0);
	igt_assert_eq_u64(lab_dmabuf_size(shared.dmabuf), shared.dumb.size);
	igt_assert_eq_u64(shared.dumb.size % getpagesize(), 0);
	unshare_all(&shared);
}

static void seek(const char *driver)
{
	struct shared shared;

	share(&shared, driver, 0);
	igt_assert_eq_s64(lseek(shared.dmabuf, 4096, SEEK_SET), -1);
	igt_assert_eq(errno, EINVAL);
	igt_assert_eq_s64(lseek(shared.dmabuf, -1, SEEK_END), -1);
	igt_assert_eq(errno, EINVAL);
	igt_assert_eq_s64(lseek(shared.dmabuf, 0, SEEK_CUR), -1);
	igt_assert_eq(errno, EINVAL);
	unshare_all(&shared);
}

static void file_flags(const char *driver)
{
	struct shared shared;
	int plain;

	share(&shared, driver, DRM_RDWR | DRM_CLOEXEC);
	igt_assert_eq(fcntl(shared.dmabuf, F_GETFL) & O_ACCMODE, O_RDWR);
	igt_assert_eq(fcntl(shared.dmabuf, F_GETFD), FD_CLOEXEC);
	igt_assert_eq(lab_try_export(shared.drm, shared.dumb.handle, 0, &plain), 0);
	igt_assert_eq(fcntl(plain, F_GETFD), 0);
	lab_close(plain);
	unshare_all(&shared);
}

/* Who exports first decides for all later exports of the object, as long as the dma-buf lives. */
static void read_only(const char *driver)
{
	struct shared shared;

	share(&shared, driver, 0);
	igt_assert_eq(fcntl(shared.dmabuf, F_GETFL) & O_ACCMODE, O_RDONLY);
	igt_assert_eq(lab_try_map(shared.dmabuf, shared.dumb.size, PROT_READ, 0), 0);
	igt_assert_eq(lab_try_map(shared.dmabuf, shared.dumb.size, PROT_READ | PROT_WRITE, 0),
		      -EACCES);
	unshare_all(&shared);
}

/* A mapping made for reading cannot be made writable later. */
static void read_only_mprotect(const char *driver)
{
	struct shared shared;
	uint32_t *pixels;

	share(&shared, driver, 0);
	pixels = lab_map(shared.dmabuf, shared.dumb.size, PROT_READ, 0);
	igt_assert_eq(mprotect(pixels, shared.dumb.size, PROT_READ | PROT_WRITE), -1);
	igt_assert_eq(errno, EACCES);
	lab_unmap(pixels, shared.dumb.size);
	unshare_all(&shared);
}

static void wrong_handle(const char *driver)
{
	struct shared shared;
	int other, dmabuf;

	share(&shared, driver, 0);
	igt_assert_eq(lab_try_export(shared.drm, 0, 0, &dmabuf), -ENOENT);
	igt_assert_eq(lab_try_export(shared.drm, ~0u, 0, &dmabuf), -ENOENT);
	other = lab_open_primary(driver);
	igt_assert_eq(lab_try_export(other, shared.dumb.handle, 0, &dmabuf), -ENOENT);
	lab_close(other);
	unshare_all(&shared);
}

static void wrong_flags(const char *driver)
{
	struct shared shared;
	int dmabuf;

	share(&shared, driver, 0);
	for (int bit = 0; bit < 32; bit++) {
		uint32_t flag = 1u << bit;

		if (!(flag & (DRM_RDWR | DRM_CLOEXEC)))
			igt_assert_eq(lab_try_export(shared.drm, shared.dumb.handle, flag, &dmabuf),
				      -EINVAL);
	}
	unshare_all(&shared);
}

static void wrong_file(const char *driver)
{
	int drm = lab_open_primary(driver);
	int memfd = memfd_create("lab", MFD_CLOEXEC);
	uint32_t handle;

	igt_assert_fd(memfd);
	igt_assert_eq(lab_try_import(drm, -1, &handle), -EBADF);
	igt_assert_eq(lab_try_import(drm, 1 << 20, &handle), -EBADF);
	igt_assert_eq(lab_try_import(drm, memfd, &handle), -EINVAL);
	igt_assert_eq(lab_try_import(drm, drm, &handle), -EINVAL);
	lab_close(memfd);
	lab_close(drm);
}

static void close_twice(const char *driver)
{
	struct shared shared;

	share(&shared, driver, 0);
	lab_dumb_close(&shared.dumb);
	igt_assert_eq(drmCloseBufferHandle(shared.drm, shared.dumb.handle), -1);
	igt_assert_eq(errno, EINVAL);
	lab_close(shared.dmabuf);
	lab_close(shared.drm);
}

static const struct lab_test tests[] = {
	{ "self-import", self_import,
	  "A file that imports its own dma-buf gets the handle it exported." },
	{ "export-twice", export_twice,
	  "An object has one dma-buf, however often it is exported." },
	{ "second-file", second_file,
	  "A second file gets a handle of its own to the same object, the same one each time." },
	{ "render-node", render_node,
	  "A dma-buf of the primary node can be imported on the render node." },
	{ "handle-closed-and-imported", handle_closed_and_imported,
	  "A handle that was closed is gone, also when its dma-buf is imported again." },
	{ "one-close", one_close,
	  "A handle that was imported several times is closed by one close." },
	{ "size", size,
	  "A dma-buf's end is its object's size, in whole pages." },
	{ "seek", seek,
	  "A dma-buf can only be asked for its end." },
	{ "file-flags", file_flags,
	  "DRM_RDWR and DRM_CLOEXEC are the file's access mode and close-on-exec flag." },
	{ "read-only", read_only,
	  "A dma-buf exported without DRM_RDWR cannot be mapped for writing." },
	{ "read-only-mprotect", read_only_mprotect,
	  "A mapping of a read-only dma-buf cannot be made writable later." },
	{ "wrong-handle", wrong_handle,
	  "ENOENT for a handle that does not exist or belongs to another file." },
	{ "wrong-flags", wrong_flags,
	  "EINVAL for flags that do not exist." },
	{ "wrong-file", wrong_file,
	  "EBADF for no file, EINVAL for a file that is no dma-buf." },
	{ "close-twice", close_twice,
	  "EINVAL for a handle that was closed before." },
};

igt_main()
{
	lab_run(tests, "primesim");
	lab_run(tests, "virtio_gpu");
	lab_run(tests, "vgem");
}
