// SPDX-License-Identifier: MIT
/*
 * Wrong arguments of primesim's ioctls, but for SUBMIT's: each gets its errno, and the reason is
 * that of the device that was asked.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "canvas.h"
#include "device.h"
#include "fence.h"
#include "lab.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("what primesim refuses of objects, contexts, framebuffers, commits, and why");

#define GPU		"primesim-gpu0"
#define DISPLAY		"primesim-display0"
#define SIDE		64
#define NONE		0x7fffffff	/* no handle, no id: 2147483647 */

/**
 * struct refusal - an ioctl that is refused
 * @request: the ioctl.
 * @arg: its argument.
 * @err: what it answers.
 * @device: who says so.
 * @why: the reason.
 */
struct refusal {
	unsigned long request;
	void *arg;
	int err;
	const char *device;
	const char *why;
};

static void refuse(int drm, const struct refusal *refusal)
{
	uint64_t since = lab_now();

	igt_debug("%s\n", refusal->why);
	igt_assert_eq(lab_ioctl(drm, refusal->request, refusal->arg), refusal->err);
	lab_assert_refused_by(since, refusal->err, refusal->device, refusal->why);
}

/* Of a file that has no object and no context */
static void refuse_all(const struct refusal *refusals, size_t count)
{
	int drm = lab_open_primary("primesim");

	for (size_t i = 0; i < count; i++)
		refuse(drm, &refusals[i]);
	lab_close(drm);
}

#define BO(...)		&(struct drm_primesim_bo_create){ __VA_ARGS__ }
#define OFFSET(...)	&(struct drm_primesim_bo_mmap_offset){ __VA_ARGS__ }
#define DUMB(...)	&(struct drm_mode_create_dumb){ __VA_ARGS__ }
#define INFO(...)	&(struct drm_primesim_bo_info){ __VA_ARGS__ }
#define CONTEXT(...)	&(struct drm_primesim_context_create){ __VA_ARGS__ }
#define DESTROY(...)	&(struct drm_primesim_context_destroy){ __VA_ARGS__ }

static const struct refusal objects[] = {
	{ DRM_IOCTL_PRIMESIM_BO_CREATE, BO(.size = 1, .flags = 2), -EINVAL, GPU,
	  "BO_CREATE: unknown flags in 0x2" },
	{ DRM_IOCTL_PRIMESIM_BO_CREATE, BO(.size = 0), -EINVAL, GPU, "BO_CREATE: size 0" },
	{ DRM_IOCTL_PRIMESIM_BO_CREATE, BO(.size = (1ull << 31) + 1), -E2BIG, GPU,
	  "BO_CREATE: size 2147483649, at most 2147483648 is possible" },
	{ DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, OFFSET(.handle = NONE), -ENOENT, GPU,
	  "mmap offset: no handle 2147483647" },
	{ DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, OFFSET(.pad = 1), -EINVAL, GPU,
	  "BO_MMAP_OFFSET: pad 0x1, must be 0" },
	/* What DRM's own checks let through: lines of 64 bytes that overflow, and too many bytes */
	{ DRM_IOCTL_MODE_CREATE_DUMB, DUMB(.width = 1, .height = 0xffffe000, .bpp = 8), -EINVAL,
	  DISPLAY, "dumb buffer of 1x4294959104 at 8 bits: no such size" },
	{ DRM_IOCTL_MODE_CREATE_DUMB, DUMB(.width = 0x8000, .height = 0x7fff, .bpp = 32), -E2BIG,
	  DISPLAY, "dumb buffer of 4294836224 bytes, at most 2147483648 are possible" },
};

static void wrong_objects(const char *unused)
{
	refuse_all(objects, ARRAY_SIZE(objects));
}

static const struct refusal infos[] = {
	{ DRM_IOCTL_PRIMESIM_BO_INFO, INFO(.pad = 1), -EINVAL, GPU,
	  "BO_INFO: pad 0x1, must be 0" },
	{ DRM_IOCTL_PRIMESIM_BO_INFO, INFO(.device = 2), -EINVAL, GPU,
	  "BO_INFO: device 2, must be 0 or 1" },
	{ DRM_IOCTL_PRIMESIM_BO_INFO, INFO(.handle = NONE), -ENOENT, GPU,
	  "BO_INFO: no handle 2147483647" },
	{ DRM_IOCTL_PRIMESIM_DEVICE_INFO, &(struct drm_primesim_device_info){ .flags = 1 },
	  -EINVAL, GPU, "DEVICE_INFO: flags 0x1, must be 0" },
	{ DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &(struct drm_primesim_scanout_info){ .crtc_id = NONE },
	  -ENOENT, DISPLAY, "SCANOUT_INFO: no CRTC 2147483647" },
};

static void wrong_infos(const char *unused)
{
	refuse_all(infos, ARRAY_SIZE(infos));
}

static const struct refusal contexts[] = {
	{ DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, CONTEXT(.flags = 1), -EINVAL, GPU,
	  "CONTEXT_CREATE: flags 0x1 or pad 0x0 not zero" },
	{ DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, CONTEXT(.pad = 1), -EINVAL, GPU,
	  "CONTEXT_CREATE: flags 0x0 or pad 0x1 not zero" },
	{ DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, CONTEXT(.priority = 3), -EINVAL, GPU,
	  "CONTEXT_CREATE: priority 3 is unknown" },
	{ DRM_IOCTL_PRIMESIM_CONTEXT_DESTROY, DESTROY(.id = 1, .pad = 1), -EINVAL, GPU,
	  "CONTEXT_DESTROY: pad 0x1, must be 0" },
	{ DRM_IOCTL_PRIMESIM_CONTEXT_DESTROY, DESTROY(.id = 0), -EINVAL, GPU,
	  "CONTEXT_DESTROY: context 0 goes with its file" },
	{ DRM_IOCTL_PRIMESIM_CONTEXT_DESTROY, DESTROY(.id = NONE), -ENOENT, GPU,
	  "CONTEXT_DESTROY: no context 2147483647" },
};

static void wrong_contexts(const char *unused)
{
	refuse_all(contexts, ARRAY_SIZE(contexts));
}

/* A picture of SIDE x SIDE of vgem's that may only be read */
static uint32_t import_read_only(int drm, uint32_t width, uint32_t height, uint32_t *pitch)
{
	int vgem = lab_open_primary("vgem"), dmabuf;
	struct lab_dumb dumb;
	uint32_t handle;

	lab_dumb_create(&dumb, vgem, width, height);
	dmabuf = lab_export(vgem, dumb.handle, 0);
	handle = lab_import(drm, dmabuf);
	*pitch = dumb.pitch;
	lab_close(dmabuf);
	lab_close(vgem);
	return handle;
}

static void map_imported(const char *unused)
{
	int drm = lab_open_primary("primesim");
	struct drm_primesim_bo_mmap_offset arg = {};
	uint32_t pitch;

	arg.handle = import_read_only(drm, SIDE, SIDE, &pitch);
	refuse(drm, &(struct refusal){
		DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &arg, -EINVAL, GPU,
		"mmap offset of an imported object: map the dma-buf instead" });
	lab_close_handle(drm, arg.handle);
	lab_close(drm);
}

#define XR24	"XR24 little-endian (0x34325258)"
#define XR15	"XR15 little-endian (0x35315258)"
#define TILED	DRM_FORMAT_MOD_GENERIC_16_16_TILE

/**
 * struct framebuffer - a framebuffer that is refused
 * @format: DRM_FORMAT_*.
 * @side: width and height in pixels.
 * @pitch: bytes.
 * @offset: bytes.
 * @modifier: DRM_FORMAT_MOD_*.
 * @handle: instead of that of an object of 64 x 64 pixels of 32 bits, or 0.
 * @err: what ADDFB2 answers.
 * @why: the reason.
 */
struct framebuffer {
	uint32_t format;
	uint32_t side;
	uint32_t pitch;
	uint32_t offset;
	uint64_t modifier;
	uint32_t handle;
	int err;
	const char *why;
};

static const struct framebuffer framebuffers[] = {
	{ DRM_FORMAT_XRGB8888, SIDE, 256, 4, DRM_FORMAT_MOD_LINEAR, 0, -EINVAL,
	  "framebuffer 64x64 " XR24 ": plane 0 ends at byte 16388 of 16384" },
	{ DRM_FORMAT_XRGB8888, SIDE, 256, 0, DRM_FORMAT_MOD_LINEAR, NONE, -ENOENT,
	  "framebuffer " XR24 ": plane 0: no handle 2147483647" },
	{ DRM_FORMAT_XRGB1555, SIDE, 128, 0, DRM_FORMAT_MOD_LINEAR, 0, -EINVAL,
	  "framebuffer " XR15 " with modifier 0x0: not a format of the display" },
	{ DRM_FORMAT_XRGB8888, SIDE, 256, 0, I915_FORMAT_MOD_X_TILED, 0, -EINVAL,
	  "framebuffer " XR24 " with modifier 0x100000000000001: not a format of the display" },
	{ DRM_FORMAT_XRGB8888, 60, 240, 0, TILED, 0, -EINVAL,
	  "framebuffer 60x60 " XR24
	  ": plane 0: pitch 240, must be of whole tiles, 64 bytes each, at least 256" },
	{ DRM_FORMAT_XRGB8888, 48, 200, 0, TILED, 0, -EINVAL,
	  "framebuffer 48x48 " XR24
	  ": plane 0: pitch 200, must be of whole tiles, 64 bytes each, at least 192" },
};

static void wrong_framebuffers(const char *unused)
{
	int drm = lab_open_primary("primesim");
	struct lab_dumb dumb;

	lab_dumb_create(&dumb, drm, SIDE, SIDE);
	for (size_t i = 0; i < ARRAY_SIZE(framebuffers); i++) {
		const struct framebuffer *wrong = &framebuffers[i];
		struct drm_mode_fb_cmd2 arg = {
			.width = wrong->side, .height = wrong->side,
			.pixel_format = wrong->format, .flags = DRM_MODE_FB_MODIFIERS,
			.handles[0] = wrong->handle ?: dumb.handle, .pitches[0] = wrong->pitch,
			.offsets[0] = wrong->offset, .modifier[0] = wrong->modifier,
		};

		refuse(drm, &(struct refusal){
			DRM_IOCTL_MODE_ADDFB2, &arg, wrong->err, DISPLAY, wrong->why });
	}
	lab_dumb_close(&dumb);
	lab_close(drm);
}

/* Commits */

enum { WIDTH = 640, HEIGHT = 480 };

static void canvas_open(struct lab_canvas *canvas)
{
	lab_canvas_open(canvas, lab_open_primary("primesim"), 0, WIDTH, HEIGHT);
}

static void canvas_close(struct lab_canvas *canvas)
{
	lab_canvas_close(canvas);
	lab_close(canvas->drm);
}

static void refuse_commit(struct lab_canvas *canvas, uint32_t object, const char *property,
			  uint64_t value, int err, const char *why)
{
	uint64_t since = lab_now();

	lab_canvas_set(canvas, object, property, value);
	igt_assert_eq(lab_canvas_try_commit(canvas, 0), err);
	lab_assert_refused_by(since, err, DISPLAY, why);
}

static void wrong_curves(const char *unused)
{
	struct drm_color_lut lut[255] = {};
	struct lab_canvas canvas;
	uint32_t blob;

	canvas_open(&canvas);
	igt_assert_eq(drmModeCreatePropertyBlob(canvas.drm, lut, sizeof(lut), &blob), 0);
	refuse_commit(&canvas, canvas.crtc, "GAMMA_LUT", blob, -EINVAL,
		      "GAMMA_LUT of crtc-0 has 255 entries, must be 256");
	refuse_commit(&canvas, canvas.crtc, "DEGAMMA_LUT", blob, -EINVAL,
		      "DEGAMMA_LUT of crtc-0 has 255 entries, must be 256");
	igt_assert_eq_u64(lab_property(canvas.drm, canvas.crtc, "GAMMA_LUT_SIZE"), 256);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas.drm, blob), 0);
	canvas_close(&canvas);
}

/* A fence of nothing */
static void wrong_fence(const char *unused)
{
	struct lab_canvas canvas;
	struct lab_fence fence;
	int sync_file;

	lab_fence_open(&fence, 64, 64);
	sync_file = lab_fence_sync_file(&fence);
	canvas_open(&canvas);
	refuse_commit(&canvas, canvas.planes[1], "IN_FENCE_FD", sync_file, -EINVAL,
		      "plane-1: IN_FENCE_FD without a framebuffer");
	canvas_close(&canvas);
	lab_close(sync_file);
	lab_fence_signal(&fence);
	lab_fence_close(&fence);
}

static uint32_t add_read_only(int drm)
{
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {}, id;

	handles[0] = import_read_only(drm, WIDTH, HEIGHT, &pitches[0]);
	igt_assert_eq(drmModeAddFB2(drm, WIDTH, HEIGHT, DRM_FORMAT_XRGB8888, handles, pitches,
				    offsets, &id, 0), 0);
	lab_close_handle(drm, handles[0]);
	return id;
}

static uint32_t add_tiled(const struct lab_dumb *dumb)
{
	uint32_t handles[4] = { dumb->handle }, pitches[4] = { dumb->pitch }, offsets[4] = {}, id;
	uint64_t modifiers[4] = { DRM_FORMAT_MOD_GENERIC_16_16_TILE };

	igt_assert_eq(drmModeAddFB2WithModifiers(dumb->drm, dumb->width, dumb->height,
						 DRM_FORMAT_XRGB8888, handles, pitches, offsets,
						 modifiers, &id, DRM_MODE_FB_MODIFIERS), 0);
	return id;
}

static void wrong_writeback(const char *unused)
{
	struct lab_picture small, yuv;
	struct lab_canvas canvas;
	uint32_t read_only, tiled;

	canvas_open(&canvas);
	lab_picture_create(&small, canvas.drm, DRM_FORMAT_XRGB8888, WIDTH - 1, HEIGHT);
	lab_picture_create(&yuv, canvas.drm, DRM_FORMAT_YUYV, WIDTH, HEIGHT);
	read_only = add_read_only(canvas.drm);
	tiled = add_tiled(&yuv.dumb);
	refuse_commit(&canvas, canvas.writeback, "WRITEBACK_FB_ID", small.id, -EINVAL,
		      "writeback of 640x480 into a framebuffer of 639x480");
	refuse_commit(&canvas, canvas.writeback, "WRITEBACK_FB_ID", yuv.id, -EINVAL,
		      "writeback: YUYV little-endian (0x56595559) is not written");
	refuse_commit(&canvas, canvas.writeback, "WRITEBACK_FB_ID", tiled, -EINVAL,
		      "writeback: modifier 0x400000000000002 is not written, linear only");
	refuse_commit(&canvas, canvas.writeback, "WRITEBACK_FB_ID", read_only, -EACCES,
		      "writeback into what was imported read-only");
	igt_assert_eq(drmModeRmFB(canvas.drm, tiled), 0);
	igt_assert_eq(drmModeRmFB(canvas.drm, read_only), 0);
	lab_picture_close(&yuv);
	lab_picture_close(&small);
	canvas_close(&canvas);
}

static void refuse_size(struct lab_canvas *canvas, const struct lab_picture *picture,
			uint32_t width, uint32_t height, const char *why)
{
	const struct lab_place place = { 0, 0, width, height };
	uint64_t since = lab_now();

	lab_canvas_put(canvas, canvas->planes[0], picture, place);
	igt_assert_eq(lab_canvas_try_commit(canvas, 0), -ERANGE);
	lab_assert_refused_by(since, -ERANGE, DISPLAY, why);
}

static void wrong_scaling(const char *unused)
{
	struct lab_picture picture;
	struct lab_canvas canvas;

	canvas_open(&canvas);
	lab_picture_create(&picture, canvas.drm, DRM_FORMAT_XRGB8888, 160, 2);
	refuse_size(&canvas, &picture, 9, 2,
		    "plane-0: 160x2 pixels on 9x2: must be from a 16th to 128 times as large");
	refuse_size(&canvas, &picture, 160, 257,
		    "plane-0: 160x2 pixels on 160x257: must be from a 16th to 128 times as large");
	lab_picture_close(&picture);
	canvas_close(&canvas);
}

static const struct lab_test tests[] = {
	{ "objects", wrong_objects, "BO_CREATE, BO_MMAP_OFFSET, CREATE_DUMB." },
	{ "infos", wrong_infos, "BO_INFO, DEVICE_INFO, SCANOUT_INFO." },
	{ "contexts", wrong_contexts, "CONTEXT_CREATE and CONTEXT_DESTROY." },
	{ "map-imported", map_imported, "What was imported is mapped through its dma-buf only." },
	{ "framebuffers", wrong_framebuffers, "ADDFB2: places, formats, pitches of tiles." },
	{ "curves", wrong_curves, "Curves of another size." },
	{ "scaling", wrong_scaling, "Planes that would be scaled too much." },
	{ "fence", wrong_fence, "A plane that shows nothing waits for nothing." },
	{ "writeback", wrong_writeback,
	  "Framebuffers of another size, format or layout, or imported read-only." },
};

igt_main()
{
	lab_run(tests, NULL);
}
