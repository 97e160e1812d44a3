// SPDX-License-Identifier: MIT
/*
 * primesim as an importer of everybody's buffers.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("primesim's GPU works in buffers of camsim, virtio-gpu, vgem and udmabuf");

#define WIDTH		1024
#define HEIGHT		32
#define COLOUR		0xff102030
#define SEED		0x1234567

/**
 * struct foreign - a buffer that another driver allocated
 * @drm: the file that owns it, of a DRM driver; else -1.
 * @dumb: the object on @drm.
 * @camera: the camera that owns it; else its fd is -1.
 * @dmabuf: its dma-buf, readable and writable.
 * @size: bytes.
 */
struct foreign {
	int drm;
	struct lab_dumb dumb;
	struct lab_camera camera;
	int dmabuf;
	uint64_t size;
};

static void allocate_camera(struct foreign *foreign)
{
	lab_camera_open(&foreign->camera, V4L2_PIX_FMT_XBGR32, WIDTH, 256);
	lab_camera_request(&foreign->camera, V4L2_MEMORY_MMAP, 2);
	foreign->dmabuf = lab_camera_export(&foreign->camera, 0, O_RDWR);
}

static void allocate_dumb(struct foreign *foreign, const char *driver)
{
	foreign->drm = lab_open_primary(driver);
	lab_dumb_create(&foreign->dumb, foreign->drm, WIDTH, HEIGHT);
	foreign->dmabuf = lab_export(foreign->drm, foreign->dumb.handle, DRM_RDWR);
}

static void allocate(struct foreign *foreign, const char *exporter)
{
	*foreign = (struct foreign){ .drm = -1, .camera.fd = -1 };
	if (!strcmp(exporter, "camsim"))
		allocate_camera(foreign);
	else if (!strcmp(exporter, "udmabuf"))
		foreign->dmabuf = lab_udmabuf(WIDTH * HEIGHT * 4);
	else
		allocate_dumb(foreign, exporter);
	foreign->size = lab_dmabuf_size(foreign->dmabuf);
}

/* Closing the files frees what they own. */
static void release_owner(struct foreign *foreign)
{
	if (foreign->drm != -1)
		lab_close(foreign->drm);
	if (foreign->camera.fd != -1)
		lab_camera_close(&foreign->camera);
}

static void release(struct foreign *foreign)
{
	lab_close(foreign->dmabuf);
	release_owner(foreign);
}

/* Where the owner's own mmap() finds the buffer, or -1 if it has no mapping but the dma-buf's. */
static int64_t owner_offset(const struct foreign *foreign, int *fd)
{
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	uint64_t offset;

	if (foreign->drm != -1) {
		*fd = foreign->drm;
		igt_assert_eq(drmModeMapDumbBuffer(foreign->drm, foreign->dumb.handle, &offset), 0);
		return offset;
	}
	if (foreign->camera.fd != -1) {
		*fd = foreign->camera.fd;
		igt_assert_eq(lab_ioctl(foreign->camera.fd, VIDIOC_QUERYBUF, &buffer), 0);
		return buffer.m.offset;
	}
	return -1;
}

static void gpu_writes(const char *exporter)
{
	struct foreign foreign;
	uint32_t *pixels = NULL;
	int gpu, fd;
	int64_t offset;

	allocate(&foreign, exporter);
	gpu = lab_open_render("primesim");
	offset = owner_offset(&foreign, &fd);
	if (offset >= 0)
		pixels = lab_map(fd, foreign.size, PROT_READ, offset);
	lab_gpu_fill(gpu, lab_import(gpu, foreign.dmabuf), foreign.size, COLOUR);
	lab_check_filled(foreign.dmabuf, foreign.size, COLOUR);
	if (pixels) {
		igt_assert_eq_u32(pixels[0], COLOUR);
		igt_assert_eq_u32(pixels[foreign.size / 4 - 1], COLOUR);
		lab_unmap(pixels, foreign.size);
	}
	lab_close(gpu);
	release(&foreign);
}

static void gpu_reads(const char *exporter)
{
	struct drm_primesim_op op;
	struct foreign foreign;
	struct lab_dumb copy;
	int gpu, dmabuf;

	allocate(&foreign, exporter);
	lab_write_pattern(foreign.dmabuf, foreign.size, SEED);
	gpu = lab_open_primary("primesim");
	lab_dumb_create(&copy, gpu, WIDTH, foreign.size / WIDTH / 4);
	op = lab_op_copy(lab_import(gpu, foreign.dmabuf), copy.handle, foreign.size);
	lab_execute(gpu, &op);
	dmabuf = lab_export(gpu, copy.handle, DRM_RDWR);
	lab_check_pattern(dmabuf, foreign.size, SEED);
	lab_close(dmabuf);
	lab_close(gpu);
	release(&foreign);
}

static void same_handle(const char *exporter)
{
	struct foreign foreign;
	uint32_t handle;
	int gpu, dmabuf;

	allocate(&foreign, exporter);
	gpu = lab_open_render("primesim");
	handle = lab_import(gpu, foreign.dmabuf);
	igt_assert_eq_u32(lab_import(gpu, foreign.dmabuf), handle);
	dmabuf = lab_export(gpu, handle, DRM_RDWR);
	igt_assert(lab_same_dmabuf(dmabuf, foreign.dmabuf));
	lab_close(dmabuf);
	lab_close(gpu);
	release(&foreign);
}

static void owner_gone(const char *exporter)
{
	struct foreign foreign;
	uint32_t handle;
	int gpu;

	allocate(&foreign, exporter);
	gpu = lab_open_render("primesim");
	handle = lab_import(gpu, foreign.dmabuf);
	release_owner(&foreign);
	lab_gpu_fill(gpu, handle, foreign.size, COLOUR);
	lab_check_filled(foreign.dmabuf, foreign.size, COLOUR);
	lab_close(foreign.dmabuf);
	lab_gpu_fill(gpu, handle, foreign.size, ~COLOUR);
	lab_close(gpu);
}

static void facts(const char *exporter)
{
	struct drm_primesim_bo_info info;
	struct foreign foreign;
	uint32_t handle;
	int gpu;

	allocate(&foreign, exporter);
	gpu = lab_open_render("primesim");
	handle = lab_import(gpu, foreign.dmabuf);
	lab_gpu_fill(gpu, handle, foreign.size, COLOUR);
	lab_bo_info(gpu, handle, &info);
	igt_assert_eq_u32(info.flags, DRM_PRIMESIM_BO_IMPORTED);
	igt_assert_eq_u64(info.info.size, foreign.size);
	igt_assert_eq_u64(info.info.device_written, foreign.size);
	igt_assert_neq_u64(info.info.page_id, 0);
	/* Through its IOMMU the GPU sees one range, however the pages are scattered. */
	igt_assert_eq_u32(info.info.segments, 1);
	igt_assert_lte(1, info.info.page_runs);
	lab_close(gpu);
	release(&foreign);
}

static void no_mmap_offset(const char *exporter)
{
	struct drm_primesim_bo_mmap_offset arg = {};
	struct foreign foreign;
	uint64_t offset;
	int gpu;

	allocate(&foreign, exporter);
	gpu = lab_open_primary("primesim");
	arg.handle = lab_import(gpu, foreign.dmabuf);
	igt_assert_eq(lab_ioctl(gpu, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &arg), -EINVAL);
	igt_assert(drmModeMapDumbBuffer(gpu, arg.handle, &offset) != 0);
	lab_close(gpu);
	release(&foreign);
}

static const struct lab_test tests[] = {
	{ "gpu-writes", gpu_writes,
	  "The exporter's own mapping shows what the GPU wrote." },
	{ "gpu-reads", gpu_reads,
	  "The GPU reads what was written through the exporter's dma-buf." },
	{ "same-handle", same_handle,
	  "Importing again gives the same handle; exporting gives the original dma-buf." },
	{ "owner-gone", owner_gone,
	  "The GPU still works in the buffer when its owner's files are closed." },
	{ "facts", facts,
	  "BO_INFO tells that it is imported, from where the GPU sees it, and counts bytes." },
	{ "no-mmap-offset", no_mmap_offset,
	  "An imported object cannot be mapped through the importer's file." },
};

/* Read-only dma-bufs: only the DRM exporters offer them before anything else was exported. */

static uint32_t import_read_only(int gpu, struct foreign *foreign, const char *exporter)
{
	*foreign = (struct foreign){ .drm = lab_open_primary(exporter), .camera.fd = -1 };
	lab_dumb_create(&foreign->dumb, foreign->drm, WIDTH, HEIGHT);
	foreign->size = foreign->dumb.size;
	foreign->dmabuf = lab_export(foreign->drm, foreign->dumb.handle, 0);
	return lab_import(gpu, foreign->dmabuf);
}

static void read_only(const char *exporter)
{
	int gpu = lab_open_primary("primesim");
	struct drm_primesim_bo_info info;
	struct drm_primesim_op op;
	struct foreign foreign;
	struct lab_dumb copy;
	uint32_t handle;

	handle = import_read_only(gpu, &foreign, exporter);
	lab_bo_info(gpu, handle, &info);
	igt_assert_eq_u32(info.flags, DRM_PRIMESIM_BO_IMPORTED | DRM_PRIMESIM_BO_READ_ONLY);
	igt_assert_eq(lab_try_gpu_fill(gpu, handle, foreign.size, COLOUR), -EACCES);
	lab_dumb_create(&copy, gpu, WIDTH, HEIGHT);
	op = lab_op_copy(copy.handle, handle, foreign.size);
	igt_assert_eq(lab_submit(gpu, &op, NULL, NULL), -EACCES);
	lab_check_filled(foreign.dmabuf, foreign.size, 0);
	op = lab_op_copy(handle, copy.handle, foreign.size);
	lab_execute(gpu, &op);
	lab_close(gpu);
	release(&foreign);
}

static const struct lab_test read_only_tests[] = {
	{ "read-only", read_only,
	  "The GPU may read an object imported from a read-only dma-buf; writing it is EACCES." },
};

igt_main()
{
	static const char *const exporters[] = { "camsim", "virtio_gpu", "vgem", "udmabuf" };

	for (size_t i = 0; i < ARRAY_SIZE(exporters); i++)
		lab_run(tests, exporters[i]);
	lab_run(read_only_tests, "virtio_gpu");
	lab_run(read_only_tests, "vgem");
}
