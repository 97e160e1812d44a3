/* SPDX-License-Identifier: MIT */
/*
 * A CRTC with all of its planes, set by the names of their properties, and read back pixel by
 * pixel through its writeback connector.
 */
#ifndef LAB_CANVAS_H
#define LAB_CANVAS_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drmMode.h>
#include "buffer.h"

#define LAB_CANVAS_PLANES	8

/**
 * struct lab_picture - a framebuffer in one dumb buffer
 * @drm: owner of it all.
 * @format: DRM_FORMAT_*.
 * @width: pixels.
 * @height: lines.
 * @dumb: the buffer.
 * @pixels: mapping.
 * @id: KMS object.
 */
struct lab_picture {
	int drm;
	uint32_t format;
	uint32_t width;
	uint32_t height;
	struct lab_dumb dumb;
	uint32_t *pixels;
	uint32_t id;
};

/* Of 32 bits per pixel; zeroed. */
void lab_picture_create(struct lab_picture *picture, int drm, uint32_t format, uint32_t width,
			uint32_t height);
void lab_picture_close(struct lab_picture *picture);
uint32_t *lab_picture_at(const struct lab_picture *picture, uint32_t x, uint32_t y);
void lab_picture_fill(const struct lab_picture *picture, uint32_t value);
/* Random pixels, the same ones for the same @seed */
void lab_picture_random(const struct lab_picture *picture, unsigned int seed);

/* A place on the CRTC, in pixels */
struct lab_place {
	int x;
	int y;
	uint32_t width;
	uint32_t height;
};

/**
 * struct lab_canvas - the CRTC
 * @drm: the file, which is DRM master.
 * @crtc: KMS object id.
 * @connector: KMS object id, of the monitor.
 * @writeback: KMS object id, of the writeback connector.
 * @planes: KMS object ids: primary, overlays, cursor.
 * @plane_count: number of @planes.
 * @mode: of the size that was asked for.
 * @mode_blob: of @mode.
 * @request: what the next commit sets.
 * @shot: where lab_canvas_shoot() leaves what is shown.
 */
struct lab_canvas {
	int drm;
	uint32_t crtc;
	uint32_t connector;
	uint32_t writeback;
	uint32_t planes[LAB_CANVAS_PLANES];
	uint32_t plane_count;
	drmModeModeInfo mode;
	uint32_t mode_blob;
	drmModeAtomicReq *request;
	struct lab_picture shot;
};

/*
 * CRTC number @index with the monitor of that number, switched on and black; skips without such
 * a mode.
 */
void lab_canvas_open(struct lab_canvas *canvas, int drm, unsigned int index, uint32_t width,
		     uint32_t height);
/* Switches it off. */
void lab_canvas_close(struct lab_canvas *canvas);

/* For the next commit */
void lab_canvas_set(struct lab_canvas *canvas, uint32_t object, const char *property,
		    uint64_t value);
/* The same for a value of an enum property, by its name */
void lab_canvas_set_enum(struct lab_canvas *canvas, uint32_t object, const char *property,
			 const char *name);
/* The whole of @picture, unscaled where its sides are those of @place; %NULL: the plane is off. */
void lab_canvas_put(struct lab_canvas *canvas, uint32_t plane, const struct lab_picture *picture,
		    struct lab_place place);

/* What was set; 0 or the negative error number */
int lab_canvas_try_commit(struct lab_canvas *canvas, uint32_t flags);
void lab_canvas_commit(struct lab_canvas *canvas);
/* The same, and what is shown then is in @shot: XRGB8888. */
void lab_canvas_shoot(struct lab_canvas *canvas);

bool lab_has_property(int drm, uint32_t object, const char *property);
/* The value of a property now; fails without such a property. */
uint64_t lab_property(int drm, uint32_t object, const char *property);

#endif /* LAB_CANVAS_H */
