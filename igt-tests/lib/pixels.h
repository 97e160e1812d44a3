/* SPDX-License-Identifier: MIT */
/*
 * What primesim's engine should do, one pixel at a time, from the formulas in
 * drm/primesim_drm.h.
 */
#ifndef LAB_PIXELS_H
#define LAB_PIXELS_H

#include <drm/primesim_drm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_MAX_PLANES	3

/**
 * struct lab_format - a pixel format
 * @fourcc: DRM_FORMAT_* code.
 * @name: for messages.
 * @is_yuv: its pixels are Y'CbCr.
 * @planes: how many it has.
 * @plane: of each, the bytes of a block and how many pixels and lines it covers.
 * @samples: of Y'CbCr formats: for Y, Cb and Cr, where samples are: the plane, the first
 *	byte, bytes from one to the next, and how many bytes each has.
 */
struct lab_format {
	uint32_t fourcc;
	const char *name;
	bool is_yuv;
	uint32_t planes;
	struct {
		uint32_t bytes, width, height;
	} plane[LAB_MAX_PLANES];
	struct lab_samples {
		uint32_t plane, first, step, size;
	} samples[3];
};

extern const struct lab_format lab_formats[];
extern const size_t lab_format_count;

const struct lab_format *lab_format(uint32_t fourcc);
/* How many pixels and lines share a chroma sample */
uint32_t lab_format_hsub(const struct lab_format *format);
uint32_t lab_format_vsub(const struct lab_format *format);

/* "601 limited" and so on */
const char *lab_encoding_name(const struct drm_primesim_surface *surface);

/*
 * A surface of that size in an object, its lines and planes @margin bytes apart, a multiple
 * of 4. @end: the first byte after it.
 */
struct drm_primesim_surface lab_layout(const struct lab_format *format, uint64_t modifier,
				       uint32_t handle, uint32_t width, uint32_t height,
				       uint32_t margin, size_t *end);

/**
 * struct lab_image - a picture
 * @width: pixels of a line.
 * @height: lines.
 * @pixels: ARGB8888, line by line. lab_image_free() frees them.
 */
struct lab_image {
	uint32_t width;
	uint32_t height;
	uint32_t *pixels;
};

struct lab_image lab_image_create(uint32_t width, uint32_t height);
void lab_image_free(struct lab_image *picture);

/* Between a rectangle of a surface in @memory and a picture */
struct lab_image lab_image_read(const struct drm_primesim_surface *surface, uint8_t *memory,
				const struct drm_primesim_rect *rect);
void lab_image_write(const struct lab_image *picture,
		     const struct drm_primesim_surface *surface, uint8_t *memory,
		     const struct drm_primesim_rect *rect);

/* Steps of BLIT; each replaces the picture. */
void lab_image_turn(struct lab_image *picture, uint32_t flags);
void lab_image_scale(struct lab_image *picture, uint32_t width, uint32_t height,
		     bool bilinear);
void lab_image_blend(struct lab_image *above, const struct lab_image *below, bool straight);
uint32_t lab_image_checksum(const struct lab_image *picture);

/* All of BLIT, from one object's bytes to another one's */
void lab_expect_blit(const struct drm_primesim_op *op, uint8_t *src, uint8_t *dst);
/* FILL */
void lab_expect_fill(const struct drm_primesim_op *op, uint8_t *dst);

#endif /* LAB_PIXELS_H */
