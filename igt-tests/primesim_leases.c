// SPDX-License-Identifier: MIT
/*
 * DRM leases: one of two displays is another program's, until it is taken back.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <fcntl.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "desk.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("leases of primesim's displays");

enum { WIDTH = 640, HEIGHT = 480 };

/**
 * struct lease - a device, the second display of which is leased
 * @desk: the device; who has it open is the lessor.
 * @lessee: the other program's file.
 * @id: of the lease.
 * @own: the display that is leased.
 * @picture: the other program's.
 */
struct lease {
	struct lab_desk desk;
	int lessee;
	uint32_t id;
	struct lab_canvas *own;
	struct lab_picture picture;
};

static void set_up(struct lease *lease)
{
	uint32_t objects[3];

	lab_desk_open(&lease->desk, "leases", WIDTH, HEIGHT);
	lease->own = &lease->desk.canvases[1];
	objects[0] = lease->own->crtc;
	objects[1] = lease->own->connector;
	objects[2] = lease->own->planes[0];
	lease->lessee = drmModeCreateLease(lease->desk.drm, objects, ARRAY_SIZE(objects),
					   O_CLOEXEC, &lease->id);
	igt_assert_fd(lease->lessee);
	lab_picture_create(&lease->picture, lease->lessee, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
}

static void clear_away(struct lease *lease)
{
	lab_picture_close(&lease->picture);
	lab_close(lease->lessee);
	lab_desk_close(&lease->desk);
}

static int try_info(int drm, uint32_t crtc, uint32_t *framebuffer)
{
	struct drm_primesim_scanout_info info = { .crtc_id = crtc };
	int ret = lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info);

	*framebuffer = info.fb_id;
	return ret;
}

/* Shows the lessee's picture, with a CRTC and a connector that are its own or not. */
static int try_show(const struct lease *lease, const struct lab_canvas *crtc,
		    const struct lab_canvas *monitor)
{
	uint32_t connector = monitor->connector;
	drmModeModeInfo mode = crtc->mode;

	return drmModeSetCrtc(lease->lessee, crtc->crtc, lease->picture.id, 0, 0, &connector, 1,
			      &mode);
}

static void only_its_own(const char *argument)
{
	struct lab_canvas *others;
	struct lease lease;
	uint32_t shown;

	set_up(&lease);
	others = &lease.desk.canvases[0];
	igt_assert_eq(try_show(&lease, lease.own, lease.own), 0);
	igt_assert_eq(try_info(lease.lessee, lease.own->crtc, &shown), 0);
	igt_assert_eq_u32(shown, lease.picture.id);

	igt_assert_eq(try_show(&lease, others, lease.own), -ENOENT);
	igt_assert_eq(try_show(&lease, lease.own, others), -ENOENT);
	igt_assert_eq(try_info(lease.lessee, others->crtc, &shown), -ENOENT);
	clear_away(&lease);
}

static void taken_back(const char *argument)
{
	struct lease lease;
	uint32_t shown;

	set_up(&lease);
	igt_assert_eq(drmModeRevokeLease(lease.desk.drm, lease.id), 0);
	igt_assert_eq(try_show(&lease, lease.own, lease.own), -ENOENT);
	igt_assert_eq(try_info(lease.lessee, lease.own->crtc, &shown), -ENOENT);
	igt_assert_eq(try_info(lease.desk.drm, lease.own->crtc, &shown), 0);
	clear_away(&lease);
}

static void unplugged(const char *argument)
{
	struct lease lease;
	uint32_t shown;

	set_up(&lease);
	igt_assert_eq(try_show(&lease, lease.own, lease.own), 0);
	lab_unplug(&lease.desk.plugged);
	igt_assert_eq(try_info(lease.lessee, lease.own->crtc, &shown), -ENODEV);
	lab_picture_fill(&lease.picture, 0x123456);
	lab_unmap(lease.picture.pixels, lease.picture.dumb.size);
	for (int i = 0; i < LAB_DESK_DISPLAYS; i++) {
		struct lab_canvas *canvas = &lease.desk.canvases[i];

		lab_unmap(canvas->shot.pixels, canvas->shot.dumb.size);
		drmModeAtomicFree(canvas->request);
	}
	lab_close(lease.lessee);
	lab_close(lease.desk.drm);
}

static const struct lab_test tests[] = {
	{ "only-its-own", only_its_own, "A lessee has what it was leased, and nothing else." },
	{ "taken-back", taken_back, "After the lease was revoked nothing is its own." },
	{ "unplugged", unplugged, "A leased display goes; its program keeps its picture." },
};

igt_main()
{
	lab_run(tests, NULL);
}
