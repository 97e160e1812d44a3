// SPDX-License-Identifier: MIT
/*
 * What primesim's display reads: which layouts its planes say they show, what becomes of damage,
 * where checksums are taken, and memory it cannot reach.
 */
#include <drm_fourcc.h>
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "canvas.h"
#include "device.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("primesim's scan-out: layouts, damage, sources of checksums, reach");

enum { WIDTH = 640, HEIGHT = 480 };

#define CRC_DATA	"/sys/kernel/debug/dri/primesim.0/crtc-0/crc/data"
#define CRC_CONTROL	"/sys/kernel/debug/dri/primesim.0/crtc-0/crc/control"
#define COLOUR		0x336699
#define OTHER_COLOUR	0xcc9966	/* what COLOUR is with each channel upside down */

static const struct lab_place whole = { 0, 0, WIDTH, HEIGHT };

/**
 * struct scene - a CRTC with one picture on it
 * @canvas: the CRTC.
 * @picture: fills it, in COLOUR.
 */
struct scene {
	struct lab_canvas canvas;
	struct lab_picture picture;
};

static void set_up(struct scene *scene)
{
	struct lab_canvas *canvas = &scene->canvas;

	lab_canvas_open(canvas, lab_open_primary("primesim"), 0, WIDTH, HEIGHT);
	lab_picture_create(&scene->picture, canvas->drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
	lab_picture_fill(&scene->picture, COLOUR);
	lab_canvas_put(canvas, canvas->planes[0], &scene->picture, whole);
	lab_canvas_commit(canvas);
}

static void clear_away(struct scene *scene)
{
	lab_canvas_close(&scene->canvas);
	lab_picture_close(&scene->picture);
	lab_close(scene->canvas.drm);
}

/* IN_FORMATS and IN_FORMATS_ASYNC */

/* Lines that are long enough for all formats, and whole tiles in each of them */
#define PITCH		6144
#define SIDE		64
#define PLANE_BYTES	(PITCH * SIDE)

static int add_layout(const struct lab_dumb *dumb, uint32_t format, uint64_t modifier, int planes,
		      uint32_t *framebuffer)
{
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {};
	uint64_t modifiers[4] = {};

	for (int i = 0; i < planes; i++) {
		handles[i] = dumb->handle;
		pitches[i] = PITCH;
		offsets[i] = i * PLANE_BYTES;
		modifiers[i] = modifier;
	}
	return drmModeAddFB2WithModifiers(dumb->drm, SIDE, SIDE, format, handles, pitches, offsets,
					  modifiers, framebuffer, DRM_MODE_FB_MODIFIERS);
}

/* As many planes as the format has: no other number is taken. */
static uint32_t framebuffer_of(const struct lab_dumb *dumb, uint32_t format, uint64_t modifier)
{
	uint32_t framebuffer;

	for (int planes = 1; planes <= 3; planes++)
		if (!add_layout(dumb, format, modifier, planes, &framebuffer))
			return framebuffer;
	igt_assert_f(false, "%.4s with %#llx is refused\n", (const char *)&format,
		     (unsigned long long)modifier);
}

static bool offers(drmModePropertyBlobRes *blob, uint32_t format, uint64_t modifier)
{
	drmModeFormatModifierIterator at = {};

	while (drmModeFormatModifierBlobIterNext(blob, &at))
		if (at.fmt == format && at.mod == modifier)
			return true;
	return false;
}

static drmModePropertyBlobRes *layouts_of(int drm, uint32_t plane, const char *property)
{
	drmModePropertyBlobRes *blob =
		drmModeGetPropertyBlob(drm, lab_property(drm, plane, property));

	igt_assert(blob);
	return blob;
}

static void check_layouts(const struct lab_dumb *dumb, uint32_t plane)
{
	drmModePropertyBlobRes *blob = layouts_of(dumb->drm, plane, "IN_FORMATS");
	drmModeFormatModifierIterator at = {};

	igt_assert(offers(blob, DRM_FORMAT_ARGB8888, DRM_FORMAT_MOD_LINEAR));
	while (drmModeFormatModifierBlobIterNext(blob, &at)) {
		igt_assert(at.mod == DRM_FORMAT_MOD_LINEAR ||
			   at.mod == DRM_FORMAT_MOD_GENERIC_16_16_TILE);
		igt_assert_eq(drmModeRmFB(dumb->drm, framebuffer_of(dumb, at.fmt, at.mod)), 0);
		igt_assert(offers(blob, at.fmt, DRM_FORMAT_MOD_LINEAR));
	}
	drmModeFreePropertyBlob(blob);
}

static void layouts(const char *argument)
{
	static const uint32_t tiled[] = {
		DRM_FORMAT_XRGB8888, DRM_FORMAT_RGB565, DRM_FORMAT_YUYV, DRM_FORMAT_NV12,
		DRM_FORMAT_YUV420, DRM_FORMAT_P010,
	};
	drmModePropertyBlobRes *blob;
	struct lab_dumb dumb;
	struct scene scene;
	int drm;

	set_up(&scene);
	drm = scene.canvas.drm;
	lab_dumb_create(&dumb, drm, PITCH / 4, 3 * SIDE);
	for (uint32_t i = 0; i < scene.canvas.plane_count; i++)
		check_layouts(&dumb, scene.canvas.planes[i]);

	blob = layouts_of(drm, scene.canvas.planes[0], "IN_FORMATS");
	for (size_t i = 0; i < ARRAY_SIZE(tiled); i++)
		igt_assert(offers(blob, tiled[i], DRM_FORMAT_MOD_GENERIC_16_16_TILE));
	drmModeFreePropertyBlob(blob);
	lab_dumb_close(&dumb);
	clear_away(&scene);
}

/* From one framebuffer of a layout to another, without vblank */
static void check_flip(struct lab_canvas *canvas, const struct lab_dumb *dumb, uint32_t plane,
		       uint32_t format, uint64_t modifier)
{
	struct lab_picture picture = { .width = SIDE, .height = SIDE };
	const struct lab_place corner = { 0, 0, SIDE, SIDE };
	uint32_t next = framebuffer_of(dumb, format, modifier);

	picture.id = framebuffer_of(dumb, format, modifier);
	lab_canvas_put(canvas, plane, &picture, corner);
	lab_canvas_commit(canvas);
	lab_canvas_set(canvas, plane, "FB_ID", next);
	igt_assert_eq(lab_canvas_try_commit(canvas, DRM_MODE_PAGE_FLIP_ASYNC), 0);
	igt_assert_eq(drmModeRmFB(canvas->drm, picture.id), 0);
	igt_assert_eq(drmModeRmFB(canvas->drm, next), 0);
}

static void check_flips(struct lab_canvas *canvas, const struct lab_dumb *dumb, uint32_t plane)
{
	drmModePropertyBlobRes *any = layouts_of(canvas->drm, plane, "IN_FORMATS");
	drmModePropertyBlobRes *flips = layouts_of(canvas->drm, plane, "IN_FORMATS_ASYNC");
	drmModeFormatModifierIterator at = {};

	igt_assert_eq(any->length, flips->length);
	igt_assert(!memcmp(any->data, flips->data, any->length));
	while (drmModeFormatModifierBlobIterNext(flips, &at))
		check_flip(canvas, dumb, plane, at.fmt, at.mod);
	drmModeFreePropertyBlob(flips);
	drmModeFreePropertyBlob(any);
}

static void layouts_without_vblank(const char *argument)
{
	struct lab_canvas *canvas;
	struct lab_dumb dumb;
	struct scene scene;

	set_up(&scene);
	canvas = &scene.canvas;
	igt_require_f(lab_has_property(canvas->drm, canvas->planes[0], "IN_FORMATS_ASYNC"),
		      "DRM has no property IN_FORMATS_ASYNC\n");
	lab_dumb_create(&dumb, canvas->drm, PITCH / 4, 3 * SIDE);
	for (uint32_t i = 0; i < canvas->plane_count; i++)
		check_flips(canvas, &dumb, canvas->planes[i]);
	lab_dumb_close(&dumb);
	clear_away(&scene);
}

/* Damage */

static int try_damage(struct scene *scene, const struct drm_mode_rect *clips, size_t size)
{
	struct lab_canvas *canvas = &scene->canvas;
	uint32_t blob;
	int ret;

	igt_assert_eq(drmModeCreatePropertyBlob(canvas->drm, clips, size, &blob), 0);
	lab_canvas_put(canvas, canvas->planes[0], &scene->picture, whole);
	lab_canvas_set(canvas, canvas->planes[0], "FB_DAMAGE_CLIPS", blob);
	ret = lab_canvas_try_commit(canvas, 0);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas->drm, blob), 0);
	return ret;
}

static void damage(const char *argument)
{
	static const struct drm_mode_rect clips[] = {
		{ 0, 0, 1, 1 }, { WIDTH - 8, HEIGHT - 8, WIDTH, HEIGHT },
	};
	/* Beyond the other ends DRM lets it pass: it compares with 16.16 numbers there. */
	static const struct drm_mode_rect wrong[] = {
		{ 8, 0, 8, 8 }, { 0, 8, 8, 0 }, { -1, 0, 8, 8 }, { 0, -1, 8, 8 },
	};
	struct scene scene;

	set_up(&scene);
	igt_assert_eq(try_damage(&scene, clips, sizeof(clips)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		igt_assert_eq(try_damage(&scene, &wrong[i], sizeof(wrong[i])), -EINVAL);
	igt_assert_eq(try_damage(&scene, clips, sizeof(clips) - 1), -EINVAL);
	clear_away(&scene);
}

/* Opens the file of checksums, of a source that was chosen before. */
static int open_checksums(const char *source)
{
	int file = open(CRC_CONTROL, O_WRONLY | O_CLOEXEC);

	igt_require_f(file >= 0, "%s: %m\n", CRC_CONTROL);
	igt_assert_eq(write(file, source, strlen(source)), strlen(source));
	lab_close(file);
	file = open(CRC_DATA, O_RDONLY | O_CLOEXEC);
	igt_assert_fd(file);
	return file;
}

static uint64_t shown_since(const struct scene *scene)
{
	struct drm_primesim_scanout_info info = { .crtc_id = scene->canvas.crtc };

	igt_assert_eq(lab_ioctl(scene->canvas.drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	return info.vblank;
}

/* The checksum of what is shown now */
static uint32_t next_checksum(const struct scene *scene, int file)
{
	uint64_t since = shown_since(scene);
	uint32_t frame, checksum;
	char line[64] = "";

	do {
		igt_assert(lab_poll(file, POLLIN, LAB_FLIP_MS));
		igt_assert(read(file, line, sizeof(line) - 1) > 0);
		igt_assert_eq(sscanf(line, "%x %x", &frame, &checksum), 2);
	} while (frame <= since);
	return checksum;
}

static uint32_t checksum(const struct scene *scene, const char *source)
{
	int file = open_checksums(source);
	uint32_t value = next_checksum(scene, file);

	lab_close(file);
	return value;
}

/* Whoever draws into what is shown says so, in a part or not, and all of it is read again. */
static void drawn_over(const char *argument)
{
	drmModeClip clip = { 0, 0, 1, 1 };
	struct drm_mode_rect rect = { 0, 0, 1, 1 };
	uint32_t before, after;
	struct scene scene;
	int file;

	set_up(&scene);
	file = open_checksums("auto");
	before = next_checksum(&scene, file);
	lab_picture_fill(&scene.picture, OTHER_COLOUR);
	igt_assert_eq(drmModeDirtyFB(scene.canvas.drm, scene.picture.id, &clip, 1), 0);
	after = next_checksum(&scene, file);
	igt_assert(before != after);

	lab_picture_fill(&scene.picture, COLOUR);
	igt_assert_eq(try_damage(&scene, &rect, sizeof(rect)), 0);
	igt_assert_eq_u32(next_checksum(&scene, file), before);
	lab_close(file);
	clear_away(&scene);
}

/* Sources of checksums */

static uint32_t make_negative(const struct lab_canvas *canvas)
{
	struct drm_color_lut lut[256];
	uint32_t blob;

	for (unsigned int i = 0; i < ARRAY_SIZE(lut); i++)
		lut[i] = (struct drm_color_lut){
			(255 - i) * 257, (255 - i) * 257, (255 - i) * 257, 0,
		};
	igt_assert_eq(drmModeCreatePropertyBlob(canvas->drm, lut, sizeof(lut), &blob), 0);
	return blob;
}

static void sources(const char *argument)
{
	uint32_t blob, plain, negative;
	struct lab_canvas *canvas;
	struct scene scene;

	set_up(&scene);
	canvas = &scene.canvas;
	plain = checksum(&scene, "auto");
	igt_assert_eq_u32(checksum(&scene, "blend"), plain);

	lab_picture_fill(&scene.picture, OTHER_COLOUR);
	lab_canvas_put(canvas, canvas->planes[0], &scene.picture, whole);
	lab_canvas_commit(canvas);
	negative = checksum(&scene, "auto");
	igt_assert(negative != plain);

	blob = make_negative(canvas);
	lab_canvas_set(canvas, canvas->crtc, "GAMMA_LUT", blob);
	lab_canvas_commit(canvas);
	igt_assert_eq_u32(checksum(&scene, "auto"), plain);
	igt_assert_eq_u32(checksum(&scene, "blend"), negative);

	lab_canvas_set(canvas, canvas->crtc, "GAMMA_LUT", 0);
	lab_canvas_commit(canvas);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas->drm, blob), 0);
	/* For those who come later */
	checksum(&scene, "auto");
	clear_away(&scene);
}

/* Reach */

/* More than there is below: some of it must be above. */
#define REACH_BITS	"24"
#define LINES		((1 << 24) / WIDTH / 4 + HEIGHT)

static void out_of_reach(const char *argument)
{
	int vgem = lab_open_primary("vgem"), dmabuf, ret;
	struct lab_plugged plugged;
	struct lab_screen screen;
	struct lab_dumb dumb;
	uint32_t framebuffer;
	uint64_t since;
	char by[64];

	lab_dumb_create(&dumb, vgem, WIDTH, LINES);
	dmabuf = lab_export(vgem, dumb.handle, DRM_RDWR);
	lab_plug_prepare(&plugged, "primesim", "near-sighted");
	lab_plug_set(&plugged, "display/profile", "low1g");
	lab_plug_set(&plugged, "display/dma_bits", REACH_BITS);
	lab_plug_start(&plugged);
	lab_screen_open(&screen, lab_plugged_primary(&plugged), WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, lab_import(screen.drm, dmabuf), dumb.pitch);

	since = lab_now();
	ret = drmModeSetCrtc(screen.drm, screen.crtc, framebuffer, 0, 0, &screen.connector, 1,
			     &screen.mode);
	igt_assert_lt(ret, 0);
	snprintf(by, sizeof(by), "%s", lab_plugged_name(&plugged, "display"));
	lab_assert_refused(since, ret,
			   "the device reaches addresses up to 0xffffff, the exporter's memory is at 0x");
	lab_assert_refused(since, ret, by);

	igt_assert_eq(drmModeRmFB(screen.drm, framebuffer), 0);
	lab_screen_close(&screen);
	lab_close(screen.drm);
	lab_unplug(&plugged);
	lab_close(dmabuf);
	lab_dumb_close(&dumb);
	lab_close(vgem);
}

static const struct lab_test tests[] = {
	{ "layouts", layouts,
	  "ADDFB2 takes what IN_FORMATS offers: linear, and the engine's tiles." },
	{ "layouts-without-vblank", layouts_without_vblank,
	  "IN_FORMATS_ASYNC offers what IN_FORMATS does, and such flips are taken." },
	{ "damage", damage,
	  "Damage within the framebuffer is taken; what is no rectangle is EINVAL." },
	{ "drawn-over", drawn_over, "Whatever is said to be damaged, all is read again." },
	{ "sources", sources, "Checksums are taken before the curves (blend) or after (auto)." },
	{ "out-of-reach", out_of_reach, "What the display cannot reach is not shown, and why." },
};

igt_main()
{
	lab_run(tests, NULL);
}
