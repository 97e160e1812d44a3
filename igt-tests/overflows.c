// SPDX-License-Identifier: MIT
/*
 * Sizes, offsets and lengths at which arithmetic goes wrong: refused, or right.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("numbers near the ends of their types, in every ioctl that takes some");

#define SIZE	8192
#define COLOUR	0x11223344

static const uint64_t sizes[] = {
	(1ull << 31) + 1, UINT32_MAX, 1ull << 32, (1ull << 32) + 1, 1ull << 63, UINT64_MAX - 4096,
	UINT64_MAX - 4095, UINT64_MAX - 4094, UINT64_MAX,
};

static void objects(const char *unused)
{
	int drm = lab_open_render("primesim");

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct drm_primesim_bo_create create = { .size = sizes[i] };

		igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create), -E2BIG);
	}
	lab_close(drm);
}

/* Whatever is made has room for all of its pixels. */
static void dumb_buffers(const char *unused)
{
	static const uint32_t edges[] = {
		1, 0x7fff, 0x8000, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, UINT32_MAX - 6,
		UINT32_MAX,
	};
	int drm = lab_open_primary("primesim");

	for (size_t w = 0; w < ARRAY_SIZE(edges); w++)
		for (size_t h = 0; h < ARRAY_SIZE(edges); h++)
			for (uint32_t bpp = 8; bpp <= 64; bpp += 8) {
				struct drm_mode_create_dumb dumb = {
					.width = edges[w], .height = edges[h], .bpp = bpp,
				};

				if (lab_ioctl(drm, DRM_IOCTL_MODE_CREATE_DUMB, &dumb))
					continue;
				igt_assert((__uint128_t)dumb.pitch * 8 >=
					   (__uint128_t)edges[w] * bpp);
				igt_assert((__uint128_t)dumb.pitch * edges[h] <= dumb.size);
				lab_close_handle(drm, dumb.handle);
			}
	lab_close(drm);
}

/* The last byte that a framebuffer reaches is in its object, or there is none. */
static void framebuffers(const char *unused)
{
	static const uint32_t edges[] = {
		0, 1, 64, 256, 4096, 8192, 0x10000, 0x7fffffff, 0x80000000, 0xfffff000,
		UINT32_MAX - 255, UINT32_MAX,
	};
	int drm = lab_open_primary("primesim");
	struct lab_dumb dumb;

	lab_dumb_create(&dumb, drm, 64, 32);
	for (size_t o = 0; o < ARRAY_SIZE(edges); o++)
		for (size_t p = 0; p < ARRAY_SIZE(edges); p++)
			for (size_t h = 1; h < ARRAY_SIZE(edges); h++) {
				struct drm_mode_fb_cmd2 add = {
					.width = 64, .height = edges[h],
					.pixel_format = DRM_FORMAT_XRGB8888,
					.handles = { dumb.handle }, .pitches = { edges[p] },
					.offsets = { edges[o] },
				};

				if (lab_ioctl(drm, DRM_IOCTL_MODE_ADDFB2, &add))
					continue;
				igt_assert((__uint128_t)edges[o] +
					   (__uint128_t)edges[p] * (edges[h] - 1) + 256 <=
					   dumb.size);
				igt_assert_eq(drmModeRmFB(drm, add.fb_id), 0);
			}
	lab_dumb_close(&dumb);
	lab_close(drm);
}

/* Every combination of places and lengths: those that fit are done, all others are refused. */
static void copies(const char *unused)
{
	static const uint64_t edges[] = {
		0, 1, 4096, SIZE - 1, SIZE, SIZE + 1, UINT32_MAX, 1ull << 32, 1ull << 63,
		UINT64_MAX - SIZE + 1, UINT64_MAX - 4095, UINT64_MAX,
	};
	int drm = lab_open_render("primesim");
	uint32_t from = lab_bo_create(drm, SIZE, 0), to = lab_bo_create(drm, SIZE, 0);
	uint32_t guard = lab_bo_create(drm, SIZE, 0);

	lab_gpu_fill(drm, guard, SIZE, COLOUR);
	for (size_t s = 0; s < ARRAY_SIZE(edges); s++)
		for (size_t d = 0; d < ARRAY_SIZE(edges); d++)
			for (size_t l = 1; l < ARRAY_SIZE(edges); l++) {
				struct drm_primesim_op op = lab_op_copy(from, to, edges[l]);
				bool fits = edges[l] <= SIZE && edges[s] <= SIZE - edges[l] &&
					    edges[d] <= SIZE - edges[l];

				op.src_offset = edges[s];
				op.dst_offset = edges[d];
				igt_assert_eq(lab_submit(drm, &op, NULL, NULL), fits ? 0 : -ERANGE);
			}
	igt_assert_eq_u32(lab_gpu_sees(drm, guard, SIZE), COLOUR);
	lab_close(drm);
}

/* Past the end of an object there is nothing to be mapped, by its own file or by its dma-buf. */
static void mappings(const char *unused)
{
	static const uint64_t offsets[] = {
		SIZE, 1ull << 32, 1ull << 44, (1ull << 63) - SIZE, UINT64_MAX - 2 * SIZE + 1,
		UINT64_MAX - SIZE + 1,
	};
	struct drm_primesim_bo_mmap_offset map = {};
	int drm = lab_open_render("primesim"), dmabuf;

	map.handle = lab_bo_create(drm, SIZE, 0);
	dmabuf = lab_export(drm, map.handle, DRM_RDWR);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &map), 0);
	igt_assert_eq(lab_try_map(drm, SIZE, PROT_READ, map.offset), 0);
	igt_assert(lab_try_map(drm, 2 * SIZE, PROT_READ, map.offset) < 0);
	igt_assert(lab_try_map(dmabuf, 2 * SIZE, PROT_READ, 0) < 0);
	igt_assert(lab_try_map(dmabuf, SIZE, PROT_READ, SIZE / 2) < 0);
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		igt_assert(lab_try_map(dmabuf, SIZE, PROT_READ, offsets[i]) < 0);
		igt_assert(lab_try_map(drm, SIZE, PROT_READ, map.offset + offsets[i]) < 0);
	}
	lab_close(dmabuf);
	lab_close(drm);
}

/* Formats become ones that there are, whatever was asked. */
static void video_formats(const char *unused)
{
	static const uint32_t edges[] = {
		0, 1, 15, 0x7fff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, UINT32_MAX - 1,
		UINT32_MAX,
	};
	int fd = lab_open_camera();

	for (size_t w = 0; w < ARRAY_SIZE(edges); w++)
		for (size_t h = 0; h < ARRAY_SIZE(edges); h++)
			for (size_t b = 0; b < ARRAY_SIZE(edges); b++) {
				struct v4l2_format format = {
					.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
					.fmt.pix = {
						.width = edges[w], .height = edges[h],
						.pixelformat = V4L2_PIX_FMT_XBGR32,
						.bytesperline = edges[b], .sizeimage = edges[b],
					},
				};
				const struct v4l2_pix_format *pix = &format.fmt.pix;

				igt_assert_eq(lab_ioctl(fd, VIDIOC_TRY_FMT, &format), 0);
				igt_assert((uint64_t)pix->width * 4 <= pix->bytesperline);
				igt_assert((uint64_t)pix->bytesperline * pix->height <=
					   pix->sizeimage);
			}
	lab_close(fd);
}

/* Buffers are as large as was asked, also where that is most of 32 bits; or there are none. */
static void video_buffers(const char *unused)
{
	static const uint32_t edges[] = {
		0x7fffffff, 0x80000000, UINT32_MAX - 4096, UINT32_MAX - 4095, UINT32_MAX - 4094,
		UINT32_MAX,
	};
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, 64, 48);
	for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
		struct v4l2_create_buffers create = {
			.count = 3, .memory = V4L2_MEMORY_MMAP,
			.format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE },
		};
		int dmabuf;

		igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_FMT, &create.format), 0);
		create.format.fmt.pix.sizeimage = edges[i];
		if (!lab_ioctl(camera.fd, VIDIOC_CREATE_BUFS, &create)) {
			dmabuf = lab_camera_export(&camera, create.index, O_RDWR);
			igt_assert(edges[i] <= lab_dmabuf_size(dmabuf));
			lab_close(dmabuf);
		}
		lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	}
	lab_camera_close(&camera);
}

static const struct lab_test tests[] = {
	{ "objects", objects, "BO_CREATE." },
	{ "dumb-buffers", dumb_buffers, "CREATE_DUMB." },
	{ "framebuffers", framebuffers, "ADDFB2: pitches, offsets, heights." },
	{ "copies", copies, "SUBMIT: offsets and lengths of COPY." },
	{ "mappings", mappings, "mmap() of a DRM node and of a dma-buf." },
	{ "video-formats", video_formats, "TRY_FMT." },
	{ "video-buffers", video_buffers, "CREATE_BUFS." },
};

igt_main()
{
	lab_run(tests, NULL);
}
