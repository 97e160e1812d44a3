// SPDX-License-Identifier: MIT
/*
 * Which CRTC's picture a monitor gets: each monitor of a device can have each CRTC's, one
 * monitor a CRTC.
 */
#include <drm_fourcc.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "desk.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("monitors of primesim on any of its CRTCs");

enum { WIDTH = 640, HEIGHT = 480 };

/* The CRTC whose picture a canvas' monitor gets, or 0 */
static uint64_t crtc_of(const struct lab_canvas *canvas)
{
	return lab_property(canvas->drm, canvas->connector, "CRTC_ID");
}

/* For the next commit of the first canvas: canvas @monitor's monitor gets the picture of @crtc. */
static void route(struct lab_desk *desk, int monitor, uint32_t crtc)
{
	lab_canvas_set(&desk->canvases[0], desk->canvases[monitor].connector, "CRTC_ID", crtc);
}

static int try_routes(struct lab_desk *desk, uint32_t flags)
{
	return lab_canvas_try_commit(&desk->canvases[0], flags);
}

static void expect_refused(struct lab_desk *desk, uint32_t flags)
{
	igt_assert_eq(try_routes(desk, flags), -EINVAL);
	for (int i = 0; i < LAB_DESK_DISPLAYS; i++)
		igt_assert_eq_u64(crtc_of(&desk->canvases[i]), desk->canvases[i].crtc);
}

static void expect_shown(struct lab_canvas *canvas, const struct lab_picture *picture,
			 uint32_t colour)
{
	const struct lab_place whole = { 0, 0, WIDTH, HEIGHT };

	lab_picture_fill(picture, colour);
	lab_canvas_put(canvas, canvas->planes[0], picture, whole);
	lab_canvas_shoot(canvas);
	igt_assert_eq_u32(*lab_picture_at(&canvas->shot, 1, 1) & 0xffffff, colour);
}

static void swap(const char *argument)
{
	struct lab_picture picture;
	struct lab_canvas *a, *b;
	struct lab_desk desk;
	uint32_t monitor;

	lab_desk_open(&desk, "routing", WIDTH, HEIGHT);
	a = &desk.canvases[0];
	b = &desk.canvases[1];
	lab_picture_create(&picture, desk.drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);

	route(&desk, 0, b->crtc);
	route(&desk, 1, a->crtc);
	igt_assert_eq(try_routes(&desk, DRM_MODE_ATOMIC_ALLOW_MODESET), 0);
	igt_assert_eq_u64(crtc_of(a), b->crtc);
	igt_assert_eq_u64(crtc_of(b), a->crtc);
	monitor = a->connector;
	a->connector = b->connector;
	b->connector = monitor;

	/* What is shown stays with the CRTC. */
	expect_shown(a, &picture, 0x112233);
	expect_shown(b, &picture, 0x445566);
	lab_picture_close(&picture);
	lab_desk_close(&desk);
}

static void refusals(const char *argument)
{
	struct lab_desk desk;
	uint32_t crtc;

	lab_desk_open(&desk, "routing", WIDTH, HEIGHT);
	crtc = desk.canvases[1].crtc;

	/* Two monitors on one CRTC */
	route(&desk, 0, crtc);
	expect_refused(&desk, DRM_MODE_ATOMIC_ALLOW_MODESET);

	/* Others' monitors without a modeset */
	route(&desk, 0, crtc);
	route(&desk, 1, desk.canvases[0].crtc);
	expect_refused(&desk, 0);

	/* A monitor that is stolen from a CRTC that goes on without any */
	lab_canvas_set(&desk.canvases[0], desk.canvases[0].writeback, "CRTC_ID", 0);
	igt_assert_eq(try_routes(&desk, DRM_MODE_ATOMIC_ALLOW_MODESET), 0);
	route(&desk, 0, crtc);
	route(&desk, 1, 0);
	expect_refused(&desk, DRM_MODE_ATOMIC_ALLOW_MODESET);
	lab_desk_close(&desk);
}

/* The older ioctl has no way to say that the other CRTC goes off: it does. */
static void stealing(const char *argument)
{
	struct lab_picture picture;
	struct lab_canvas *a, *b;
	struct lab_desk desk;

	lab_desk_open(&desk, "routing", WIDTH, HEIGHT);
	a = &desk.canvases[0];
	b = &desk.canvases[1];
	lab_canvas_close(b);
	lab_canvas_set(a, a->writeback, "CRTC_ID", 0);
	igt_assert_eq(try_routes(&desk, DRM_MODE_ATOMIC_ALLOW_MODESET), 0);

	lab_picture_create(&picture, desk.drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
	igt_assert_eq(drmModeSetCrtc(desk.drm, b->crtc, picture.id, 0, 0, &a->connector, 1,
				     &a->mode), 0);
	igt_assert_eq_u64(crtc_of(a), b->crtc);
	igt_assert_eq_u64(lab_property(desk.drm, a->crtc, "ACTIVE"), 0);
	igt_assert_eq_u64(lab_property(desk.drm, b->crtc, "ACTIVE"), 1);
	igt_assert_eq(drmModeSetCrtc(desk.drm, b->crtc, 0, 0, 0, NULL, 0, NULL), 0);

	lab_picture_close(&picture);
	lab_canvas_open(b, desk.drm, 1, WIDTH, HEIGHT);
	lab_desk_close(&desk);
}

static const struct lab_test tests[] = {
	{ "swap", swap, "Two monitors exchange their CRTCs in one commit." },
	{ "refusals", refusals, "What leaves a CRTC with no monitor, or with two, is refused." },
	{ "stealing", stealing,
	  "By the legacy ioctl a monitor goes to another CRTC, and its own off." },
};

igt_main()
{
	lab_run(tests, NULL);
}
