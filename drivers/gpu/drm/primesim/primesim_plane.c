// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The planes: anywhere on the CRTC, not scaled.
 */
#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_color_mgmt.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_plane.h>

#include "primesim_format.h"
#include "primesim_gem.h"
#include "primesim_kms.h"

/* More than the table has. */
#define PRIMESIM_PLANE_MAX_FORMATS	16

/* The formats of the one table that scan-out reads. */
static u32 primesim_plane_formats(u32 fourccs[PRIMESIM_PLANE_MAX_FORMATS])
{
	u32 i, count = 0;

	for (i = 0; i < primesim_format_count && count < PRIMESIM_PLANE_MAX_FORMATS; i++)
		if (primesim_formats[i].uses & PRIMESIM_USE_SCANOUT)
			fourccs[count++] = primesim_formats[i].fourcc;
	return count;
}

static int primesim_plane_atomic_check(struct drm_plane *plane, struct drm_atomic_commit *commit)
{
	struct drm_plane_state *state = drm_atomic_get_new_plane_state(commit, plane);
	struct drm_crtc_state *crtc_state;

	if (!state->crtc)
		return 0;

	crtc_state = drm_atomic_get_new_crtc_state(commit, state->crtc);
	return drm_atomic_helper_check_plane_state(state, crtc_state, DRM_PLANE_NO_SCALING,
						   DRM_PLANE_NO_SCALING, true, true);
}

static void primesim_plane_unmap(struct drm_framebuffer *fb, int planes)
{
	while (planes--)
		primesim_bo_unmap_display(to_primesim_bo(drm_gem_fb_get_obj(fb, planes)));
}

/* What the display cannot reach is refused here, before anything is shown. */
static int primesim_plane_prepare_fb(struct drm_plane *plane, struct drm_plane_state *state)
{
	struct drm_framebuffer *fb = state->fb;
	int i, ret;

	if (!fb)
		return 0;

	for (i = 0; i < fb->format->num_planes; i++) {
		ret = primesim_bo_map_display(to_primesim_bo(drm_gem_fb_get_obj(fb, i)));
		if (ret)
			goto unmap;
	}
	ret = drm_gem_plane_helper_prepare_fb(plane, state);
	if (ret)
		goto unmap;
	return 0;

unmap:
	primesim_plane_unmap(fb, i);
	return ret;
}

static void primesim_plane_cleanup_fb(struct drm_plane *plane, struct drm_plane_state *state)
{
	if (state->fb)
		primesim_plane_unmap(state->fb, state->fb->format->num_planes);
}

static void primesim_plane_atomic_update(struct drm_plane *plane, struct drm_atomic_commit *commit)
{
	struct drm_plane_state *old = drm_atomic_get_old_plane_state(commit, plane);
	struct drm_plane_state *state = drm_atomic_get_new_plane_state(commit, plane);
	struct drm_crtc *crtc = state->crtc ?: old->crtc;
	struct drm_crtc_state *crtc_state;

	if (!crtc)
		return;

	crtc_state = drm_atomic_get_new_crtc_state(commit, crtc);
	primesim_scanout_stage(crtc, crtc_state, state);
}

static const struct drm_plane_helper_funcs primesim_plane_helper_funcs = {
	.prepare_fb = primesim_plane_prepare_fb,
	.cleanup_fb = primesim_plane_cleanup_fb,
	.atomic_check = primesim_plane_atomic_check,
	.atomic_update = primesim_plane_atomic_update,
};

static const struct drm_plane_funcs primesim_plane_funcs = {
	.update_plane = drm_atomic_helper_update_plane,
	.disable_plane = drm_atomic_helper_disable_plane,
	.reset = drm_atomic_helper_plane_reset,
	.atomic_duplicate_state = drm_atomic_helper_plane_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_plane_destroy_state,
};

static struct drm_plane *primesim_plane_alloc(struct drm_device *dev, enum drm_plane_type type,
					      const u32 *fourccs, u32 count)
{
	struct drm_plane *plane;

	/* Modifiers: linear only, which is what it says without a list. */
	plane = __drmm_universal_plane_alloc(dev, sizeof(*plane), 0, 1, &primesim_plane_funcs,
					     fourccs, count, NULL, type, NULL);
	if (!IS_ERR(plane))
		drm_plane_helper_add(plane, &primesim_plane_helper_funcs);
	return plane;
}

/**
 * primesim_primary_create - create the primary plane
 * @dev: the device that releases it.
 */
struct drm_plane *primesim_primary_create(struct drm_device *dev)
{
	u32 fourccs[PRIMESIM_PLANE_MAX_FORMATS];
	u32 count = primesim_plane_formats(fourccs);
	struct drm_plane *plane;
	int ret;

	plane = primesim_plane_alloc(dev, DRM_PLANE_TYPE_PRIMARY, fourccs, count);
	if (IS_ERR(plane))
		return plane;

	ret = drm_plane_create_color_properties(plane, BIT(DRM_COLOR_YCBCR_BT601) |
						BIT(DRM_COLOR_YCBCR_BT709),
						BIT(DRM_COLOR_YCBCR_LIMITED_RANGE) |
						BIT(DRM_COLOR_YCBCR_FULL_RANGE),
						DRM_COLOR_YCBCR_BT601,
						DRM_COLOR_YCBCR_LIMITED_RANGE);
	return ret ? ERR_PTR(ret) : plane;
}

/**
 * primesim_cursor_create - create the cursor plane, above all others
 * @dev: the device that releases it.
 */
struct drm_plane *primesim_cursor_create(struct drm_device *dev)
{
	static const u32 fourccs[] = { DRM_FORMAT_ARGB8888 };

	return primesim_plane_alloc(dev, DRM_PLANE_TYPE_CURSOR, fourccs, ARRAY_SIZE(fourccs));
}
