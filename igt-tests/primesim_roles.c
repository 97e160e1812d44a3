// SPDX-License-Identifier: MIT
/*
 * Several primesims at once, each for rendering, for display, or for both.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <fcntl.h>
#include <string.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("several GPUs and displays: one renders, another shows");

#define WIDTH		640
#define HEIGHT		480
#define PITCH		(WIDTH * 4)
#define SIZE		(PITCH * HEIGHT)
#define FRAMES		3

static void plug(struct lab_plugged *device, const char *role, const char *profile)
{
	lab_plug_prepare(device, "primesim", role);
	lab_plug_set(device, "role", role);
	lab_plug_set(device, "gpu/profile", profile);
	lab_plug_set(device, "display/profile", profile);
	lab_plug_start(device);
}

/* A new object of @drm's, and a dma-buf of it */
static uint32_t allocate(int drm, int *dmabuf)
{
	uint32_t handle = lab_bo_create(drm, SIZE, 0);

	*dmabuf = lab_export(drm, handle, DRM_RDWR);
	return handle;
}

/**
 * struct optimus - two devices and the buffers between them
 * @render: where pictures are made.
 * @display: where they are shown.
 * @gpu: @render's render node.
 * @screen: on @display.
 * @camera: delivers frames with a stamp.
 * @frame: object of @gpu's that the camera writes.
 * @frame_dmabuf: the same.
 * @picture: object of @gpu's that the engine draws to.
 * @picture_dmabuf: the same.
 * @framebuffer: of @picture on @screen.
 * @modifier: of @picture.
 */
struct optimus {
	struct lab_plugged render;
	struct lab_plugged display;
	int gpu;
	struct lab_screen screen;
	struct lab_camera camera;
	uint32_t frame;
	int frame_dmabuf;
	uint32_t picture;
	int picture_dmabuf;
	uint32_t framebuffer;
	uint64_t modifier;
};

static void optimus_open(struct optimus *o, const char *display_profile, uint64_t modifier)
{
	o->modifier = modifier;
	plug(&o->render, "render", "no-iommu");
	plug(&o->display, "display", display_profile);
	o->gpu = lab_plugged_render(&o->render);
	lab_screen_open(&o->screen, lab_plugged_primary(&o->display), WIDTH, HEIGHT);
	o->frame = allocate(o->gpu, &o->frame_dmabuf);
	o->picture = allocate(o->gpu, &o->picture_dmabuf);
	lab_camera_open(&o->camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&o->camera, V4L2_MEMORY_DMABUF, 1);
}

static void optimus_import(struct optimus *o)
{
	uint32_t handles[4] = { lab_import(o->screen.drm, o->picture_dmabuf) };
	uint32_t pitches[4] = { PITCH }, offsets[4] = {};
	uint64_t modifiers[4] = { o->modifier };

	igt_assert_eq(drmModeAddFB2WithModifiers(o->screen.drm, WIDTH, HEIGHT, DRM_FORMAT_XRGB8888,
						 handles, pitches, offsets, modifiers,
						 &o->framebuffer, DRM_MODE_FB_MODIFIERS), 0);
}

static void optimus_close(struct optimus *o)
{
	lab_camera_close(&o->camera);
	igt_assert_eq(drmModeRmFB(o->screen.drm, o->framebuffer), 0);
	lab_screen_close(&o->screen);
	lab_close(o->screen.drm);
	lab_close(o->picture_dmabuf);
	lab_close(o->frame_dmabuf);
	lab_close(o->gpu);
	lab_unplug(&o->display);
	lab_unplug(&o->render);
}

/* A frame of the camera, drawn upon the picture by the render device; its number */
static uint32_t draw(struct optimus *o)
{
	struct drm_primesim_surface src = lab_surface(o->frame, WIDTH, HEIGHT, PITCH);
	struct drm_primesim_surface dst = lab_surface(o->picture, WIDTH, HEIGHT, PITCH);
	struct drm_primesim_op op;
	struct v4l2_buffer buffer;

	dst.modifier = o->modifier;
	op = lab_op_blit(&src, &dst);
	igt_assert_eq(lab_camera_queue(&o->camera, 0, o->frame_dmabuf), 0);
	buffer = lab_camera_dequeue(&o->camera, V4L2_MEMORY_DMABUF);
	lab_execute(o->gpu, &op);
	return buffer.sequence;
}

static struct drm_primesim_scanout_info shown(struct optimus *o)
{
	struct drm_primesim_scanout_info info = { .crtc_id = o->screen.crtc };

	igt_assert_eq(lab_ioctl(o->screen.drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	igt_assert_eq_u32(info.fb_id, o->framebuffer);
	return info;
}

/* The display shows frame @sequence, from the very pages that the other device has drawn to. */
static void check_shown(struct optimus *o, uint32_t sequence)
{
	struct drm_primesim_scanout_info display = shown(o);
	struct drm_primesim_bo_info gpu;

	lab_bo_info(o->gpu, o->picture, &gpu);
	igt_assert_eq_u32(display.stamp_status, DRM_PRIMESIM_STAMP_VALID);
	igt_assert_eq_u32(display.stamp_sequence, sequence);
	igt_assert_neq_u64(display.info.page_id, 0);
	igt_assert_eq_u64(display.info.page_id, gpu.info.page_id);
	igt_assert_eq_u64(display.info.buffer_id, gpu.info.buffer_id);
	igt_assert_eq_u64(display.info.cpu_faulted, 0);
}

/* Both are known when memory is chosen: it suits both, and nothing is copied, ever. */
static void draw_and_show(const char *profile, uint64_t modifier)
{
	struct optimus o;
	uint32_t sequence;

	optimus_open(&o, profile, modifier);
	optimus_import(&o);
	lab_camera_start(&o.camera);
	sequence = draw(&o);
	lab_screen_show(&o.screen, o.framebuffer);
	check_shown(&o, sequence);
	for (int i = 1; i < FRAMES; i++) {
		sequence = draw(&o);
		check_shown(&o, sequence);
	}
	igt_assert_eq_u64(shown(&o).info.cpu_copied, 0);
	lab_assert_moves(o.picture_dmabuf, 0);
	optimus_close(&o);
}

static void rendered_there_shown_here(const char *profile)
{
	draw_and_show(profile, DRM_FORMAT_MOD_LINEAR);
}

static void tiled_there_shown_here(const char *profile)
{
	draw_and_show(profile, DRM_FORMAT_MOD_GENERIC_16_16_TILE);
}

/* The display comes later: if it needs other memory, what was drawn moves there, once. */
static void display_joins_later(const char *profile)
{
	bool moves = !strcmp(profile, "contig32");
	struct optimus o;
	uint32_t sequence;

	optimus_open(&o, profile, DRM_FORMAT_MOD_LINEAR);
	lab_camera_start(&o.camera);
	sequence = draw(&o);
	optimus_import(&o);
	lab_screen_show(&o.screen, o.framebuffer);
	igt_assert_eq_u32(shown(&o).stamp_sequence, sequence);
	/* From here on as if it had been there from the start. */
	sequence = draw(&o);
	check_shown(&o, sequence);
	igt_assert_eq_u64(shown(&o).info.cpu_copied, moves ? SIZE : 0);
	lab_assert_moves(o.picture_dmabuf, moves ? 1 : 0);
	optimus_close(&o);
}

static bool has_node(const struct lab_plugged *device, const char *prefix)
{
	char nodes[256];

	lab_plug_read(device, "nodes", nodes, sizeof(nodes));
	return strstr(nodes, prefix);
}

static void render_only(const char *unused)
{
	struct drm_primesim_scanout_info scanout = {};
	struct drm_primesim_bo_info info = { .device = DRM_PRIMESIM_DEVICE_DISPLAY };
	struct drm_mode_create_dumb dumb = { .width = 64, .height = 64, .bpp = 32 };
	struct lab_plugged device;
	int drm, dmabuf;
	uint64_t since = lab_now();

	plug(&device, "render", "ideal");
	igt_assert(has_node(&device, "/dev/dri/renderD"));
	drm = lab_plugged_primary(&device);
	igt_assert(!drmModeGetResources(drm));
	igt_assert_eq(errno, EOPNOTSUPP);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_MODE_CREATE_DUMB, &dumb), -ENOSYS);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &scanout), -EOPNOTSUPP);
	lab_assert_refused(since, -EOPNOTSUPP, "SCANOUT_INFO: this device has no display");
	info.handle = allocate(drm, &dmabuf);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &info), -EOPNOTSUPP);
	lab_gpu_fill(drm, info.handle, SIZE, 0xff123456);
	lab_check_filled(dmabuf, SIZE, 0xff123456);
	lab_close(dmabuf);
	lab_close(drm);
	lab_unplug(&device);
}

static void display_only(const char *unused)
{
	struct drm_primesim_bo_info info = { .device = DRM_PRIMESIM_DEVICE_GPU };
	struct drm_primesim_submit submit = { .op_count = 1 };
	struct lab_plugged device;
	struct lab_screen screen;
	struct lab_dumb dumb;
	uint32_t framebuffer;
	uint64_t since = lab_now();
	int drm, dmabuf;

	plug(&device, "display", "contig32");
	igt_assert(!has_node(&device, "/dev/dri/renderD"));
	drm = lab_plugged_primary(&device);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &submit), -EOPNOTSUPP);
	lab_assert_refused(since, -EOPNOTSUPP, "SUBMIT: this device has no engine");
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	info.handle = dumb.handle;
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, &info), -EOPNOTSUPP);
	lab_screen_open(&screen, drm, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, dumb.handle, dumb.pitch);
	lab_screen_show(&screen, framebuffer);
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	lab_assert_placement(dmabuf, "contiguous");
	igt_assert_eq_u32(lab_import(drm, dmabuf), dumb.handle);
	igt_assert_eq(drmModeRmFB(drm, framebuffer), 0);
	lab_screen_close(&screen);
	lab_close(dmabuf);
	lab_close(drm);
	lab_unplug(&device);
}

static void role_attribute(const char *unused)
{
	struct lab_plugged device;
	char role[16];

	lab_plug_prepare(&device, "primesim", "role");
	lab_plug_read(&device, "role", role, sizeof(role));
	igt_assert(!strcmp(role, "both\n"));
	igt_assert_eq(lab_plug_write(&device, "role", "nothing"), -EINVAL);
	lab_plug_set(&device, "role", "render\n");
	lab_plug_start(&device);
	igt_assert_eq(lab_plug_write(&device, "role", "both"), -EBUSY);
	lab_plug_read(&device, "role", role, sizeof(role));
	igt_assert(!strcmp(role, "render\n"));
	lab_unplug(&device);
}

static const struct lab_test pairs[] = {
	{ "rendered-there-shown-here", rendered_there_shown_here,
	  "Frames that one device draws, another shows from the same pages, without a copy." },
};

static const struct lab_test tiled_pairs[] = {
	{ "tiled-there-shown-here", tiled_there_shown_here,
	  "The same with a picture in tiles: engine and display agree on what they are." },
};

static const struct lab_test late_pairs[] = {
	{ "display-joins-later", display_joins_later,
	  "A display that joins later gets what was drawn, moved once if it must be." },
};

static const struct lab_test tests[] = {
	{ "render-only", render_only, "A GPU without display: no KMS, no dumb buffers." },
	{ "display-only", display_only, "A display without GPU: no render node, no SUBMIT." },
	{ "role-attribute", role_attribute, "The role is chosen before the device is live." },
};

igt_main()
{
	lab_run(pairs, "ideal");
	lab_run(pairs, "contig32");
	lab_run(pairs, "low1g");
	lab_run(pairs, "tiny-segments");
	lab_run(tiled_pairs, "contig32");
	lab_run(late_pairs, "ideal");
	lab_run(late_pairs, "contig32");
	lab_run(tests, NULL);
}
