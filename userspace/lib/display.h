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
#include "stamp.h"

/* Which of the properties in &struct pp_display.properties */
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

/**
 * struct pp_flip - a flip that has happened
 * @vblank: number of the vblank it happened at, 0 if there is none.
 * @timestamp_ns: nanoseconds of CLOCK_MONOTONIC.
 */
struct pp_flip {
	uint32_t vblank;
	uint64_t timestamp_ns;
};

/**
 * struct pp_display - an open display
 * @device: its primary node. Its file descriptor polls readable when a flip has happened.
 * @connector_id: of KMS.
 * @crtc_id: of KMS.
 * @plane_id: of KMS, the primary plane.
 * @connector_name: such as "HDMI-A-1".
 * @properties: numbers of the properties that are used.
 * @mode: that pp_display_choose_mode() chose; its size is that of the screen.
 * @mode_blob: the same as KMS takes it.
 * @saved: what the CRTC showed before, NULL when pp_display_restore() has nothing to do.
 * @flip_pending: a flip was queued and has not happened yet.
 * @last_flip: the last that happened.
 */
struct pp_display {
	struct pp_drm_device device;
	uint32_t connector_id;
	uint32_t crtc_id;
	uint32_t plane_id;
	char connector_name[32];
	uint32_t properties[PP_DISPLAY_PROPERTIES];
	drmModeModeInfo mode;
	uint32_t mode_blob;
	drmModeCrtcPtr saved;
	bool flip_pending;
	struct pp_flip last_flip;
};

/**
 * struct pp_framebuffer - a buffer that the display can show
 * @layout: of the picture in it.
 * @handle: the display's handle of the buffer.
 * @fb_id: of KMS.
 * @dmabuf: of the buffer, the framebuffer's own; pp_framebuffer_destroy() closes it.
 */
struct pp_framebuffer {
	struct pp_layout layout;
	uint32_t handle;
	uint32_t fb_id;
	int dmabuf;
};

/**
 * struct pp_shown - what is on the screen
 * @fb_id: the framebuffer that the plane shows, 0 when none.
 * @stamp_status: whether there is a stamp in the picture.
 * @stamp: the stamp.
 * @bytes_read: by the CPU, to find that out.
 * @info: what the display's own DMA sees, zeroes where only the CPU looked.
 */
struct pp_shown {
	uint32_t fb_id;
	enum pp_stamp_status stamp_status;
	struct pp_stamp stamp;
	uint64_t bytes_read;
	struct simbuf_info info;
};

/**
 * pp_display_open - open a display with atomic modesetting
 * @display: out: to be closed by pp_display_close(), also after a failure.
 * @path: a primary node; NULL for the first of @driver.
 * @driver: see @path.
 * @error: gets the reason of each failure; must live as long as @display.
 *
 * The program becomes DRM master.
 *
 * Return: 0 or a negative errno, -EBUSY when another program is master.
 */
int pp_display_open(struct pp_display *display, const char *path, const char *driver,
		    struct pp_error *error);

/**
 * pp_display_restore - give the screen back as it was
 * @display: of pp_display_open(), in any state; a flip that is pending is waited for.
 *
 * Call it before the framebuffers are destroyed.
 */
void pp_display_restore(struct pp_display *display);

/**
 * pp_display_close - close a display
 * @display: of pp_display_open(); may be closed already.
 */
void pp_display_close(struct pp_display *display);

/**
 * pp_display_choose_mode - choose a connector and its mode
 * @display: of pp_display_open().
 * @width: in pixels.
 * @height: in lines.
 *
 * Takes the mode of that size nearest to 60 Hz. Where there is none: a mode made up, if the
 * connector is a virtual one that takes it; else the preferred mode. @display->mode says what
 * it is. Nothing changes on the screen yet.
 *
 * Return: 0 or a negative errno, -ENODEV when no monitor is connected.
 */
int pp_display_choose_mode(struct pp_display *display, uint32_t width, uint32_t height);

/**
 * pp_framebuffer_create - allocate an XRGB8888 framebuffer of the mode's size on the display
 * @display: with its mode chosen.
 * @fb: out: to be ended by pp_framebuffer_destroy(); @fb->dmabuf is for other devices to import.
 *
 * Return: 0 or a negative errno.
 */
int pp_framebuffer_create(struct pp_display *display, struct pp_framebuffer *fb);

/**
 * pp_framebuffer_import - make a framebuffer of another device's buffer
 * @display: with its mode chosen.
 * @layout: of the picture; of the mode's size.
 * @dmabuf: the buffer; stays the caller's, who may close it at once.
 * @fb: out: to be ended by pp_framebuffer_destroy().
 *
 * Return: 0 or a negative errno, when the display cannot reach that memory or has no such format.
 */
int pp_framebuffer_import(struct pp_display *display, const struct pp_layout *layout, int dmabuf,
			  struct pp_framebuffer *fb);

/**
 * pp_framebuffer_destroy - give a framebuffer up
 * @display: of pp_framebuffer_create() or pp_framebuffer_import().
 * @fb: of the same; may be destroyed already. Switches the plane off that shows it.
 */
void pp_framebuffer_destroy(struct pp_display *display, struct pp_framebuffer *fb);

/**
 * pp_display_enable - switch the mode on, and wait until it is done
 * @display: with its mode chosen.
 * @fb: what to show.
 *
 * Return: 0 or a negative errno.
 */
int pp_display_enable(struct pp_display *display, const struct pp_framebuffer *fb);

/**
 * pp_display_flip - queue a flip
 * @display: after pp_display_enable().
 * @fb: what to show from the next vblank on.
 * @in_fence: a sync_file that the display waits for first, or -1; stays the caller's, who may
 *	close it at once.
 *
 * Returns at once. One flip at a time: the next one only after pp_display_read_flip() gave 1.
 *
 * Return: 0 or a negative errno.
 */
int pp_display_flip(struct pp_display *display, const struct pp_framebuffer *fb, int in_fence);

/**
 * pp_display_read_flip - learn that a flip has happened
 * @display: whose file descriptor is readable; it waits where it is not.
 * @flip: out.
 *
 * Return: 1 when the pending flip happened; 0 for another event; or a negative errno.
 */
int pp_display_read_flip(struct pp_display *display, struct pp_flip *flip);

/**
 * pp_display_shown - which framebuffer is on the screen
 * @display: of pp_display_open().
 *
 * Return: its number; 0 when there is none.
 */
uint32_t pp_display_shown(struct pp_display *display);

/**
 * pp_display_read_shown - what is on the screen, and the stamp in it
 * @display: after pp_display_enable().
 * @fb: that should be shown.
 * @map: of @fb's dma-buf. primesim reads its scan-out by itself and needs none; for other
 *	displays the CPU looks there.
 * @shown: out.
 *
 * Return: 0 or a negative errno; that there is another framebuffer or no stamp is no failure.
 */
int pp_display_read_shown(struct pp_display *display, const struct pp_framebuffer *fb,
			  const struct pp_map *map, struct pp_shown *shown);

/**
 * pp_framebuffer_check_memory - whether a framebuffer is made of the memory it was given
 * @display: of the framebuffer.
 * @fb: the framebuffer.
 *
 * Asks the kernel what the framebuffer of that number is made of, and compares dma-bufs.
 *
 * Return: 0; -ESTALE when it is not.
 */
int pp_framebuffer_check_memory(struct pp_display *display, const struct pp_framebuffer *fb);

#endif
