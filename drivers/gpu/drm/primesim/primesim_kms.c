// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Mode configuration, framebuffers, and the order of a commit.
 */
#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/mutex.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_client.h>
#include <drm/drm_connector.h>
#include <drm/drm_drv.h>
#include <drm/drm_encoder.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_vblank.h>

#include <linux/simbuf.h>

#include "primesim_connector.h"
#include "primesim_drv.h"
#include "primesim_format.h"
#include "primesim_gem.h"
#include "primesim_kms.h"

#define PRIMESIM_CURSOR_SIZE	512

static bool primesim_fb_is_tiled(const struct drm_mode_fb_cmd2 *cmd)
{
	return cmd->modifier[0] == DRM_FORMAT_MOD_GENERIC_16_16_TILE;
}

/*
 * Bytes from the start of its object to the end of the last line of @plane, or
 * the end of its last row of tiles.
 */
static u64 primesim_fb_plane_end(const struct drm_format_info *info,
				 const struct drm_mode_fb_cmd2 *cmd, int plane)
{
	const struct primesim_format *format = primesim_format_find(cmd->pixel_format);
	u32 width = drm_format_info_plane_width(info, cmd->width, plane);
	u32 height = drm_format_info_plane_height(info, cmd->height, plane);

	if (primesim_fb_is_tiled(cmd))
		return cmd->offsets[plane] + (u64)cmd->pitches[plane] *
		       round_up(height, primesim_format_tile_lines(format, plane));
	return cmd->offsets[plane] + (u64)cmd->pitches[plane] * (height - 1) +
	       drm_format_info_min_pitch(info, plane, width);
}

static int primesim_fb_check_tiles(struct drm_device *dev, const struct drm_mode_fb_cmd2 *cmd,
				   int plane)
{
	const struct primesim_format *format = primesim_format_find(cmd->pixel_format);
	u32 tile = primesim_format_tile_bytes(format, plane);
	u32 row = primesim_format_row_bytes(format, plane, round_up(cmd->width, PRIMESIM_TILE));

	if (!primesim_fb_is_tiled(cmd))
		return 0;
	if (cmd->pitches[plane] % tile || cmd->pitches[plane] < row)
		return simbuf_refuse(-EINVAL, NULL, to_primesim_device(dev)->display,
				     "framebuffer %ux%u %p4cc: plane %d: pitch %u, must be of whole tiles, %u bytes each, at least %u",
				     cmd->width, cmd->height, &cmd->pixel_format, plane,
				     cmd->pitches[plane], tile, row);
	return 0;
}

static int primesim_fb_check_plane(struct drm_device *dev, struct drm_file *file,
				   const struct drm_format_info *info,
				   const struct drm_mode_fb_cmd2 *cmd, int plane)
{
	struct simdev *display = to_primesim_device(dev)->display;
	u64 end = primesim_fb_plane_end(info, cmd, plane);
	struct drm_gem_object *obj;
	int ret = 0;

	obj = drm_gem_object_lookup(file, cmd->handles[plane]);
	if (!obj)
		return simbuf_refuse(-ENOENT, NULL, display,
				     "framebuffer %p4cc: plane %d: no handle %u",
				     &info->format, plane, cmd->handles[plane]);
	if (end > obj->size)
		ret = simbuf_refuse(-EINVAL, to_primesim_bo(obj)->buf, display,
				    "framebuffer %ux%u %p4cc: plane %d ends at byte %llu of %zu",
				    cmd->width, cmd->height, &info->format, plane, end, obj->size);
	drm_gem_object_put(obj);
	return ret;
}

static struct drm_framebuffer *primesim_fb_create(struct drm_device *dev, struct drm_file *file,
						  const struct drm_format_info *info,
						  const struct drm_mode_fb_cmd2 *cmd)
{
	int plane, ret;

	if (!drm_any_plane_has_format(dev, cmd->pixel_format, cmd->modifier[0]))
		return ERR_PTR(simbuf_refuse(-EINVAL, NULL, to_primesim_device(dev)->display,
					     "framebuffer %p4cc with modifier %#llx: not a format of the display",
					     &cmd->pixel_format, cmd->modifier[0]));

	for (plane = 0; plane < info->num_planes; plane++) {
		ret = primesim_fb_check_tiles(dev, cmd, plane);
		if (ret)
			return ERR_PTR(ret);
		ret = primesim_fb_check_plane(dev, file, info, cmd, plane);
		if (ret)
			return ERR_PTR(ret);
	}
	return drm_gem_fb_create_with_dirty(dev, file, info, cmd);
}

PRIMESIM_DEFINE_FB_CREATE(primesim_fb_create)

static const struct drm_mode_config_funcs primesim_mode_config_funcs = {
	PRIMESIM_FB_CREATE(primesim_fb_create),
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

/*
 * Old framebuffers go with the commit's cleanup. Vblanks that passed have let
 * go of them; where none came in time, do it now. Writeback may still read them.
 */
static void primesim_commit_settle(struct drm_atomic_commit *commit)
{
	struct drm_crtc_state *state;
	struct drm_crtc *crtc;
	int i;

	for_each_new_crtc_in_state(commit, crtc, state, i) {
		struct drm_crtc_commit *crtc_commit = commit->crtcs[i].commit;

		if (crtc_commit && !completion_done(&crtc_commit->flip_done))
			primesim_scanout_settle(crtc);
		primesim_writeback_drain(crtc);
	}
}

/* CRTCs are enabled before their planes are set, so that flips find a running vblank. */
static void primesim_commit_tail(struct drm_atomic_commit *commit)
{
	struct drm_device *dev = commit->dev;

	drm_atomic_helper_commit_modeset_disables(dev, commit);
	drm_atomic_helper_commit_modeset_enables(dev, commit);
	drm_atomic_helper_commit_planes(dev, commit, 0);
	drm_atomic_helper_commit_hw_done(commit);
	drm_atomic_helper_wait_for_flip_done(dev, commit);
	primesim_commit_settle(commit);
	drm_atomic_helper_cleanup_planes(dev, commit);
}

static const struct drm_mode_config_helper_funcs primesim_mode_config_helper_funcs = {
	.atomic_commit_tail = primesim_commit_tail,
};

/* A CRTC with planes of its own */
static int primesim_pipeline_create(struct drm_device *dev)
{
	u32 possible_crtcs = BIT(dev->mode_config.num_crtc);
	struct drm_plane *primary, *cursor, *overlay;
	struct drm_crtc *crtc;
	unsigned int i;

	primary = primesim_plane_create(dev, DRM_PLANE_TYPE_PRIMARY, 0, possible_crtcs);
	if (IS_ERR(primary))
		return PTR_ERR(primary);

	for (i = 1; i <= PRIMESIM_OVERLAYS; i++) {
		overlay = primesim_plane_create(dev, DRM_PLANE_TYPE_OVERLAY, i, possible_crtcs);
		if (IS_ERR(overlay))
			return PTR_ERR(overlay);
	}

	cursor = primesim_plane_create(dev, DRM_PLANE_TYPE_CURSOR, i, possible_crtcs);
	if (IS_ERR(cursor))
		return PTR_ERR(cursor);

	crtc = primesim_crtc_create(dev, primary, cursor);
	return PTR_ERR_OR_ZERO(crtc);
}

/*
 * A CRTC goes to one monitor at a time, and to its writeback connector. @monitors: the encoders
 * of monitors.
 */
static void primesim_encoders_clone(struct drm_device *dev, u32 monitors)
{
	struct drm_encoder *encoder;

	drm_for_each_encoder(encoder, dev) {
		u32 own = drm_encoder_mask(encoder);

		encoder->possible_clones = own | (own & monitors ? ~monitors : monitors);
		encoder->possible_clones &= GENMASK(dev->mode_config.num_encoder - 1, 0);
	}
}

/* As many monitors as CRTCs, each for any of these, and a writeback connector of each CRTC's own */
static int primesim_outputs_create(struct drm_device *dev)
{
	struct drm_crtc *crtc;
	u32 monitors;
	int ret;

	drm_for_each_crtc(crtc, dev) {
		ret = primesim_connector_create(dev);
		if (ret)
			return ret;
	}
	monitors = GENMASK(dev->mode_config.num_encoder - 1, 0);

	drm_for_each_crtc(crtc, dev) {
		ret = primesim_writeback_create(dev, crtc);
		if (ret)
			return ret;
	}
	primesim_encoders_clone(dev, monitors);
	return 0;
}

/**
 * primesim_kms_probe - see what is plugged in, once
 * @dev: the device, registered.
 *
 * Elsewhere the console does that. Some programs ask only for what is known already.
 */
void primesim_kms_probe(struct drm_device *dev)
{
	struct drm_connector_list_iter iter;
	struct drm_connector *connector;

	guard(mutex)(&dev->mode_config.mutex);
	drm_connector_list_iter_begin(dev, &iter);
	drm_client_for_each_connector_iter(connector, &iter)
		connector->funcs->fill_modes(connector, dev->mode_config.max_width,
					     dev->mode_config.max_height);
	drm_connector_list_iter_end(&iter);
}

/**
 * primesim_kms_init - create the display
 * @dev: the device. Everything is released with its last reference.
 * @displays: number of CRTCs.
 *
 * Return: 0 or an error.
 */
int primesim_kms_init(struct drm_device *dev, u32 displays)
{
	int ret;

	ret = drmm_mode_config_init(dev);
	if (ret)
		return ret;

	dev->mode_config.funcs = &primesim_mode_config_funcs;
	dev->mode_config.helper_private = &primesim_mode_config_helper_funcs;
	dev->mode_config.min_width = 1;
	dev->mode_config.min_height = 1;
	dev->mode_config.max_width = PRIMESIM_MAX_FB_SIZE;
	dev->mode_config.max_height = PRIMESIM_MAX_FB_SIZE;
	dev->mode_config.cursor_width = PRIMESIM_CURSOR_SIZE;
	dev->mode_config.cursor_height = PRIMESIM_CURSOR_SIZE;
	dev->mode_config.preferred_depth = 24;
	dev->mode_config.normalize_zpos = true;
	dev->mode_config.async_page_flip = true;

	while (displays--) {
		ret = primesim_pipeline_create(dev);
		if (ret)
			return ret;
	}
	ret = primesim_outputs_create(dev);
	if (ret)
		return ret;

	ret = drm_vblank_init(dev, dev->mode_config.num_crtc);
	if (ret)
		return ret;

	drm_mode_config_reset(dev);
	return 0;
}
