/* SPDX-License-Identifier: MIT */
/*
 * One connector, CRTC and primary plane of a KMS device, driven by atomic
 * commits.
 */
#ifndef PP_DISPLAY_H
#define PP_DISPLAY_H

#include <drm/primesim_drm.h>
#include <stdbool.h>
#include <stdint.h>
#include <xf86drmMode.h>

#include "dmabuf.h"
#include "drm_device.h"
#include "format.h"

enum pp_display_property {
	PP_CONNECTOR_CRTC_ID,
	PP_CRTC_ACTIVE,
	PP_CRTC_MODE_ID,
	PP_PLANE_FB_ID,
	PP_PLANE_CRTC_ID,
	PP_PLANE_SRC_X,
	PP_PLANE_SRC_Y,
	PP_PLANE_SRC_W,
	PP_PLANE_SRC_H,
	PP_PLANE_CRTC_X,
	PP_PLANE_CRTC_Y,
	PP_PLANE_CRTC_W,
	PP_PLANE_CRTC_H,
	PP_PLANE_IN_FENCE_FD,
	PP_DISPLAY_PROPERTIES,
};

/* A flip that has happened. */
struct pp_flip {
	uint32_t vblank;	/* number of the vblank it happened at, 0 if there is none */
	uint64_t timestamp_ns;	/* CLOCK_MONOTONIC */
};

struct pp_display {
	struct pp_drm_device device;
	uint32_t connector_id;
	uint32_t crtc_id;
	uint32_t plane_id;
	char connector_name[32];
	uint32_t properties[PP_DISPLAY_PROPERTIES];
	drmModeModeInfo mode;
	uint32_t mode_blob;
	drmModeCrtcPtr saved;	/* owned; what the CRTC showed before, NULL when nothing */
	bool flip_pending;
	struct pp_flip last_flip;
};

/* A dumb buffer that the display can show, and its dma-buf. */
struct pp_framebuffer {
	struct pp_layout layout;
	uint32_t handle;
	uint32_t fb_id;
	int dmabuf;		/* owned; closed by pp_framebuffer_destroy() */
};

/* @path: NULL for the first primary node of @driver. Becomes DRM master. */
int pp_display_open(struct pp_display *display, const char *path, const char *driver,
		    struct pp_error *error);
/* Waits for a pending flip, then gives the screen back as it was. */
void pp_display_restore(struct pp_display *display);
void pp_display_close(struct pp_display *display);

/*
 * Chooses a connector and its mode of that size. Where there is none: a mode
 * made up, if the connector is a virtual one that takes it; else the preferred
 * mode: look into display->mode for what it is.
 */
int pp_display_choose_mode(struct pp_display *display, uint32_t width, uint32_t height);

/* An XRGB8888 framebuffer of the mode's size. */
int pp_framebuffer_create(struct pp_display *display, struct pp_framebuffer *fb);
void pp_framebuffer_destroy(struct pp_display *display, struct pp_framebuffer *fb);

/* Switches the mode on, showing @fb; waits until it is done. */
int pp_display_enable(struct pp_display *display, const struct pp_framebuffer *fb);

/*
 * Queues a flip and returns. @in_fence: a sync_file file descriptor that the
 * display waits for, or -1; it stays the caller's and may be closed at once.
 * One flip at a time: the next one only after pp_display_read_flip() gave 1.
 */
int pp_display_flip(struct pp_display *display, const struct pp_framebuffer *fb, int in_fence);
/* Call when the device's file descriptor is readable. Returns 1 when the pending flip happened. */
int pp_display_read_flip(struct pp_display *display, struct pp_flip *flip);

/* Number of the framebuffer that the plane shows now, 0 when none. */
uint32_t pp_display_shown(struct pp_display *display);
/*
 * Whether the framebuffer of @fb's number, as the kernel describes it, is made
 * of the memory of @fb's dma-buf. 0, or -ESTALE.
 */
int pp_framebuffer_check_memory(struct pp_display *display, const struct pp_framebuffer *fb);

/* What the display itself sees; primesim only, -ENOTTY for other drivers. */
int pp_display_scanout_info(struct pp_display *display, struct drm_primesim_scanout_info *info);

#endif
