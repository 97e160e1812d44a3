// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The planes. All can do the same, but for the cursor's formats and place.
 */
#include <linux/dma-fence.h>
#include <linux/slab.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_blend.h>
#include <drm/drm_color_mgmt.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_plane.h>

#include <linux/simbuf.h>

#include "primesim_drv.h"
#include "primesim_format.h"
#include "primesim_gem.h"
#include "primesim_kms.h"

/* More than the table has. */
#define PRIMESIM_PLANE_MAX_FORMATS	64

/* From source to CRTC, in 16.16: up to 128 times larger, down to a 16th */
#define PRIMESIM_MIN_SCALE	(DRM_PLANE_NO_SCALING / 128)
#define PRIMESIM_MAX_SCALE	(DRM_PLANE_NO_SCALING * 16)

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
	int ret;

	/* The core takes it, and warns when it waits for a fence of nothing. */
	if (state->fence && !state->fb)
		return simbuf_refuse(-EINVAL, NULL, to_primesim_device(plane->dev)->display,
				     "%s: IN_FENCE_FD without a framebuffer", plane->name);
	if (!state->crtc)
		return 0;

	crtc_state = drm_atomic_get_new_crtc_state(commit, state->crtc);
	ret = drm_atomic_helper_check_plane_state(state, crtc_state, PRIMESIM_MIN_SCALE,
						  PRIMESIM_MAX_SCALE, true, true);
	if (ret == -ERANGE)
		return simbuf_refuse(ret, NULL, to_primesim_device(plane->dev)->display,
				     "%s: %ux%u pixels on %ux%u: must be from a 16th to 128 times as large",
				     plane->name, state->src_w >> 16, state->src_h >> 16,
				     state->crtc_w, state->crtc_h);
	return ret;
}

static void primesim_fb_unmap_planes(struct drm_framebuffer *fb, int planes)
{
	while (planes--)
		primesim_bo_unmap_display(to_primesim_bo(drm_gem_fb_get_obj(fb, planes)),
					  PRIMESIM_DISPLAY);
}

/**
 * primesim_fb_map_display - let the display read a framebuffer
 * @fb: the framebuffer. Calls nest.
 *
 * Returns: 0, -EINTR, or why the display cannot reach it.
 */
int primesim_fb_map_display(struct drm_framebuffer *fb)
{
	int i, ret;

	for (i = 0; i < fb->format->num_planes; i++) {
		ret = primesim_bo_map_display(to_primesim_bo(drm_gem_fb_get_obj(fb, i)),
					      PRIMESIM_DISPLAY);
		if (ret)
			goto unmap_planes;
	}
	return 0;

unmap_planes:
	primesim_fb_unmap_planes(fb, i);
	return ret;
}

/**
 * primesim_fb_unmap_display - undo one primesim_fb_map_display()
 * @fb: the framebuffer.
 */
void primesim_fb_unmap_display(struct drm_framebuffer *fb)
{
	primesim_fb_unmap_planes(fb, fb->format->num_planes);
}

/**
 * struct primesim_plane_state - what a plane shows
 * @base: DRM's part.
 * @waited_for: the fence of @base, which DRM forgets when it has waited, or %NULL.
 */
struct primesim_plane_state {
	struct drm_plane_state base;
	struct dma_fence *waited_for;
};

static struct primesim_plane_state *to_primesim_plane_state(struct drm_plane_state *state)
{
	return container_of(state, struct primesim_plane_state, base);
}

static struct drm_plane_state *primesim_plane_duplicate_state(struct drm_plane *plane)
{
	struct primesim_plane_state *pstate = kzalloc_obj(*pstate);

	if (!pstate)
		return NULL;
	__drm_atomic_helper_plane_duplicate_state(plane, &pstate->base);
	return &pstate->base;
}

static void primesim_plane_destroy_state(struct drm_plane *plane, struct drm_plane_state *state)
{
	struct primesim_plane_state *pstate = to_primesim_plane_state(state);

	dma_fence_put(pstate->waited_for);
	__drm_atomic_helper_plane_destroy_state(state);
	kfree(pstate);
}

static void primesim_plane_reset(struct drm_plane *plane)
{
	struct primesim_plane_state *pstate = kzalloc_obj(*pstate);

	if (plane->state)
		primesim_plane_destroy_state(plane, plane->state);
	plane->state = NULL;
	if (pstate)
		__drm_atomic_helper_plane_reset(plane, &pstate->base);
}

/* What the display cannot reach is refused here, before anything is shown. */
static int primesim_plane_prepare_fb(struct drm_plane *plane, struct drm_plane_state *state)
{
	int ret;

	if (!state->fb)
		return 0;

	ret = primesim_fb_map_display(state->fb);
	if (ret)
		return ret;
	ret = drm_gem_plane_helper_prepare_fb(plane, state);
	if (ret) {
		primesim_fb_unmap_display(state->fb);
		return ret;
	}
	to_primesim_plane_state(state)->waited_for = dma_fence_get(state->fence);
	return 0;
}

static void primesim_plane_cleanup_fb(struct drm_plane *plane, struct drm_plane_state *state)
{
	if (state->fb)
		primesim_fb_unmap_display(state->fb);
}

static void primesim_plane_atomic_update(struct drm_plane *plane, struct drm_atomic_commit *commit)
{
	struct drm_plane_state *old = drm_atomic_get_old_plane_state(commit, plane);
	struct drm_plane_state *state = drm_atomic_get_new_plane_state(commit, plane);
	struct drm_crtc *crtc = state->crtc ?: old->crtc;
	struct drm_crtc_state *crtc_state;

	if (!crtc)
		return;

	primesim_failed_plane(to_primesim_device(plane->dev),
			      to_primesim_plane_state(state)->waited_for);
	crtc_state = drm_atomic_get_new_crtc_state(commit, crtc);
	primesim_scanout_stage(crtc, crtc_state, state);
}

/*
 * Flips without vblank: any plane. Updates outside of the order of commits: a cursor
 * that moves, unless its framebuffer may be read for writeback.
 */
static int primesim_plane_atomic_async_check(struct drm_plane *plane,
					     struct drm_atomic_commit *commit, bool flip)
{
	struct drm_plane_state *state = drm_atomic_get_new_plane_state(commit, plane);

	if (flip)
		return 0;
	if (plane->type != DRM_PLANE_TYPE_CURSOR ||
	    !drm_atomic_get_new_crtc_state(commit, state->crtc)->active ||
	    primesim_writeback_is_busy(state->crtc))
		return -EINVAL;
	return 0;
}

PRIMESIM_DEFINE_ASYNC_CHECK(primesim_plane_atomic_async_check)

static void primesim_plane_atomic_async_update(struct drm_plane *plane,
					       struct drm_atomic_commit *commit)
{
	struct drm_plane_state *new = drm_atomic_get_new_plane_state(commit, plane);
	struct drm_plane_state *state = plane->state;

	swap(state->fb, new->fb);
	state->crtc_x = new->crtc_x;
	state->crtc_y = new->crtc_y;
	state->crtc_w = new->crtc_w;
	state->crtc_h = new->crtc_h;
	state->src_x = new->src_x;
	state->src_y = new->src_y;
	state->src_w = new->src_w;
	state->src_h = new->src_h;
	state->src = new->src;
	state->dst = new->dst;
	state->visible = new->visible;
	primesim_scanout_update_layer(state->crtc, state);
}

static const struct drm_plane_helper_funcs primesim_plane_helper_funcs = {
	.prepare_fb = primesim_plane_prepare_fb,
	.cleanup_fb = primesim_plane_cleanup_fb,
	.atomic_check = primesim_plane_atomic_check,
	.atomic_update = primesim_plane_atomic_update,
	PRIMESIM_ASYNC_CHECK(primesim_plane_atomic_async_check),
	.atomic_async_update = primesim_plane_atomic_async_update,
};

/* All that the plane shows: each composition reads the framebuffer anew, whenever it came. */
static bool __maybe_unused
primesim_plane_format_mod_supported_async(struct drm_plane *plane, u32 format, u64 modifier)
{
	return true;
}

static const struct drm_plane_funcs primesim_plane_funcs = {
	.update_plane = drm_atomic_helper_update_plane,
	.disable_plane = drm_atomic_helper_disable_plane,
	.reset = primesim_plane_reset,
	.atomic_duplicate_state = primesim_plane_duplicate_state,
	.atomic_destroy_state = primesim_plane_destroy_state,
	PRIMESIM_ASYNC_LAYOUTS(primesim_plane_format_mod_supported_async)
};

/* The cursor is above all others, which can be put in any order. */
static int primesim_plane_create_zpos(struct drm_plane *plane, unsigned int slot)
{
	if (plane->type == DRM_PLANE_TYPE_CURSOR)
		return drm_plane_create_zpos_immutable_property(plane, slot);
	return drm_plane_create_zpos_property(plane, slot, 0, PRIMESIM_OVERLAYS);
}

static int primesim_plane_create_properties(struct drm_plane *plane, unsigned int slot)
{
	int ret;

	ret = primesim_plane_create_zpos(plane, slot);
	if (ret)
		return ret;
	ret = drm_plane_create_alpha_property(plane);
	if (ret)
		return ret;
	ret = drm_plane_create_blend_mode_property(plane, BIT(DRM_MODE_BLEND_PIXEL_NONE) |
						   BIT(DRM_MODE_BLEND_PREMULTI) |
						   BIT(DRM_MODE_BLEND_COVERAGE));
	if (ret)
		return ret;
	ret = drm_plane_create_rotation_property(plane, DRM_MODE_ROTATE_0,
						 DRM_MODE_ROTATE_MASK | DRM_MODE_REFLECT_MASK);
	if (ret)
		return ret;
	ret = drm_plane_create_scaling_filter_property(plane, BIT(DRM_SCALING_FILTER_DEFAULT) |
						       BIT(DRM_SCALING_FILTER_NEAREST_NEIGHBOR));
	if (ret)
		return ret;
	drm_plane_enable_fb_damage_clips(plane);
	return 0;
}

static int primesim_plane_create_colour(struct drm_plane *plane)
{
	return drm_plane_create_color_properties(plane, BIT(DRM_COLOR_YCBCR_BT601) |
						 BIT(DRM_COLOR_YCBCR_BT709) |
						 BIT(DRM_COLOR_YCBCR_BT2020),
						 BIT(DRM_COLOR_YCBCR_LIMITED_RANGE) |
						 BIT(DRM_COLOR_YCBCR_FULL_RANGE),
						 DRM_COLOR_YCBCR_BT601,
						 DRM_COLOR_YCBCR_LIMITED_RANGE);
}

/**
 * primesim_plane_create - create a plane
 * @dev: the device that releases it.
 * @type: its type.
 * @slot: its place among the planes of its CRTC, the lowest first.
 * @possible_crtcs: the CRTC's bit.
 *
 * Return: the plane or an error pointer.
 */
struct drm_plane *primesim_plane_create(struct drm_device *dev, enum drm_plane_type type,
					unsigned int slot, u32 possible_crtcs)
{
	u32 fourccs[PRIMESIM_PLANE_MAX_FORMATS] = { DRM_FORMAT_ARGB8888, DRM_FORMAT_XRGB8888 };
	static const u64 modifiers[] = {
		DRM_FORMAT_MOD_LINEAR,
		DRM_FORMAT_MOD_GENERIC_16_16_TILE,
		DRM_FORMAT_MOD_INVALID
	};
	bool cursor = type == DRM_PLANE_TYPE_CURSOR;
	u32 count = cursor ? 2 : primesim_plane_formats(fourccs);
	struct primesim_plane *plane;
	int ret;

	plane = drmm_universal_plane_alloc(dev, struct primesim_plane, base, possible_crtcs,
					   &primesim_plane_funcs, fourccs, count, modifiers, type,
					   NULL);
	if (IS_ERR(plane))
		return ERR_CAST(plane);

	plane->slot = slot;
	drm_plane_helper_add(&plane->base, &primesim_plane_helper_funcs);
	ret = primesim_plane_create_properties(&plane->base, slot);
	if (!ret && !cursor)
		ret = primesim_plane_create_colour(&plane->base);
	return ret ? ERR_PTR(ret) : &plane->base;
}
