/* SPDX-License-Identifier: MIT */
/*
 * A display with one picture on it, through atomic KMS.
 */
#ifndef LAB_SCREEN_H
#define LAB_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drmMode.h>
#include "buffer.h"

/* More than a few frames, on a slow machine */
#define LAB_FLIP_MS	10000

/* Property ids, by object */
struct lab_screen_properties {
	uint32_t connector_crtc;
	uint32_t crtc_active;
	uint32_t crtc_mode;
	uint32_t crtc_out_fence;
	uint32_t plane_fb;
	uint32_t plane_crtc;
	uint32_t plane_in_fence;
	uint32_t plane_src[4];	/* x, y, width, height */
	uint32_t plane_dst[4];
};

/**
 * struct lab_screen - a CRTC, a connector and the primary plane
 * @drm: the file, which is DRM master.
 * @connector: KMS object id.
 * @crtc: KMS object id.
 * @plane: KMS object id.
 * @mode_blob: property blob of @mode.
 * @mode: the connector's first mode of the size that was asked for.
 * @property: property ids.
 */
struct lab_screen {
	int drm;
	uint32_t connector;
	uint32_t crtc;
	uint32_t plane;
	uint32_t mode_blob;
	drmModeModeInfo mode;
	struct lab_screen_properties property;
};

/* Takes the first connector and CRTC of @drm; skips without a mode of this size. */
void lab_screen_open(struct lab_screen *screen, int drm, uint32_t width, uint32_t height);
/* Turns the display off. */
void lab_screen_close(struct lab_screen *screen);

/* A framebuffer of a 32-bit RGB object; closed with drmModeRmFB() */
uint32_t lab_screen_framebuffer(const struct lab_screen *screen, uint32_t handle, uint32_t pitch);

/* Turns the display on with this picture, and waits for it. */
void lab_screen_show(const struct lab_screen *screen, uint32_t framebuffer);

/*
 * Asks for another picture and does not wait: the flip's event comes. @in_fence is a sync_file
 * or -1, @out_fence is set to a new one unless %NULL. Returns 0 or the negative error number.
 */
int lab_screen_flip(const struct lab_screen *screen, uint32_t framebuffer, int in_fence,
		    int *out_fence);

/* Whether the event of a flip comes within the time; takes it. */
bool lab_screen_flipped(const struct lab_screen *screen, int milliseconds);

#endif /* LAB_SCREEN_H */
