// SPDX-License-Identifier: MIT
#include "libyuv.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#define LIBRARY "libyuv.so.0"

/*
 * Its functions, by what they take. The guest has the library, a part of what programs for video
 * need, and not its headers.
 */
typedef int (*packed_fn)(const uint8_t *, int, uint8_t *, int, int, int);
typedef int (*from_two_fn)(const uint8_t *, int, const uint8_t *, int, uint8_t *, int, int, int);
typedef int (*from_three_fn)(const uint8_t *, int, const uint8_t *, int, const uint8_t *, int,
			     uint8_t *, int, int, int);
typedef int (*to_two_fn)(const uint8_t *, int, uint8_t *, int, uint8_t *, int, int, int);
typedef int (*rotate_fn)(const uint8_t *, int, uint8_t *, int, int, int, int);
typedef int (*scale_fn)(const uint8_t *, int, int, int, uint8_t *, int, int, int, int);

enum shape { PACKED, FROM_TWO, FROM_THREE, TO_TWO, BLEND, ROTATE, SCALE };

/* @mode: libyuv's, of turning (degrees) and scaling (a filter). */
static const struct entry {
	const char *operation;
	const char *symbol;
	enum shape shape;
	int mode;
} functions[] = {
	{ "move ARGB8888", "ARGBCopy", PACKED, 0 },
	{ "YUYV to XRGB8888", "YUY2ToARGB", PACKED, 0 },
	{ "UYVY to XRGB8888", "UYVYToARGB", PACKED, 0 },
	{ "NV12 to XRGB8888", "NV12ToARGB", FROM_TWO, 0 },
	{ "NV21 to XRGB8888", "NV21ToARGB", FROM_TWO, 0 },
	{ "YUV420 to XRGB8888", "I420ToARGB", FROM_THREE, 0 },
	{ "BGR888 to XRGB8888", "RAWToARGB", PACKED, 0 },
	{ "RGB565 to XRGB8888", "RGB565ToARGB", PACKED, 0 },
	{ "R8 to XRGB8888", "J400ToARGB", PACKED, 0 },
	{ "ABGR8888 to ARGB8888", "ABGRToARGB", PACKED, 0 },
	{ "XRGB8888 to RGB565", "ARGBToRGB565", PACKED, 0 },
	{ "XRGB8888 to NV12", "ARGBToNV12", TO_TWO, 0 },
	{ "XRGB8888 to YUYV", "ARGBToYUY2", PACKED, 0 },
	{ "blend premultiplied", "ARGBBlend", BLEND, 0 },
	{ "turn by 90", "ARGBRotate", ROTATE, 90 },
	{ "turn by 180", "ARGBRotate", ROTATE, 180 },
	{ "double, nearest", "ARGBScale", SCALE, 0 },
	{ "double, bilinear", "ARGBScale", SCALE, 2 },
};

static int resolve(struct yuv_function *function, const struct entry *entry)
{
	*function = (struct yuv_function) { .entry = entry };
	function->library = dlopen(LIBRARY, RTLD_NOW);
	if (function->library)
		function->call = dlsym(function->library, entry->symbol);
	return function->call ? 0 : -ENOENT;
}

int yuv_find(struct yuv_function *function, const char *operation)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (!strcmp(functions[i].operation, operation))
			return resolve(function, &functions[i]);
	}
	return -ENOENT;
}

int yuv_call(const struct yuv_function *function, const struct yuv_picture *src,
	     const struct yuv_picture *dst)
{
	uint8_t *const *from = src->planes, *const *to = dst->planes;
	const int *s = src->pitches, *d = dst->pitches;
	const struct entry *entry = function->entry;
	void *call = function->call;

	switch (entry->shape) {
	case PACKED:
		return ((packed_fn)call)(from[0], s[0], to[0], d[0], dst->width, dst->height);
	case FROM_TWO:
		return ((from_two_fn)call)(from[0], s[0], from[1], s[1], to[0], d[0], dst->width,
					   dst->height);
	case FROM_THREE:
		return ((from_three_fn)call)(from[0], s[0], from[1], s[1], from[2], s[2], to[0],
					     d[0], dst->width, dst->height);
	case TO_TWO:
		return ((to_two_fn)call)(from[0], s[0], to[0], d[0], to[1], d[1], dst->width,
					 dst->height);
	case BLEND:
		return ((from_two_fn)call)(from[0], s[0], to[0], d[0], to[0], d[0], dst->width,
					   dst->height);
	case ROTATE:
		return ((rotate_fn)call)(from[0], s[0], to[0], d[0], src->width, src->height,
					 entry->mode);
	case SCALE:
		return ((scale_fn)call)(from[0], s[0], src->width, src->height, to[0], d[0],
					dst->width, dst->height, entry->mode);
	}
	return -1;
}
