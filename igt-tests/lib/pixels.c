// SPDX-License-Identifier: MIT
#include <drm_fourcc.h>
#include <stdlib.h>
#include <string.h>
#include "igt.h"
#include "lab.h"
#include "pixels.h"

#define TILE	16

const struct lab_format lab_formats[] = {
	{ DRM_FORMAT_XRGB8888, "XRGB8888", false, 1, { { 4, 1, 1 } }, {} },
	{ DRM_FORMAT_ARGB8888, "ARGB8888", false, 1, { { 4, 1, 1 } }, {} },
	{ DRM_FORMAT_XBGR8888, "XBGR8888", false, 1, { { 4, 1, 1 } }, {} },
	{ DRM_FORMAT_ABGR8888, "ABGR8888", false, 1, { { 4, 1, 1 } }, {} },
	{ DRM_FORMAT_RGB888, "RGB888", false, 1, { { 3, 1, 1 } }, {} },
	{ DRM_FORMAT_BGR888, "BGR888", false, 1, { { 3, 1, 1 } }, {} },
	{ DRM_FORMAT_RGB565, "RGB565", false, 1, { { 2, 1, 1 } }, {} },
	{ DRM_FORMAT_R8, "R8", false, 1, { { 1, 1, 1 } }, {} },
	{ DRM_FORMAT_NV12, "NV12", true, 2, { { 1, 1, 1 }, { 2, 2, 2 } },
	  { { 0, 0, 1, 1 }, { 1, 0, 2, 1 }, { 1, 1, 2, 1 } } },
	{ DRM_FORMAT_NV21, "NV21", true, 2, { { 1, 1, 1 }, { 2, 2, 2 } },
	  { { 0, 0, 1, 1 }, { 1, 1, 2, 1 }, { 1, 0, 2, 1 } } },
	{ DRM_FORMAT_YUV420, "YUV420", true, 3, { { 1, 1, 1 }, { 1, 2, 2 }, { 1, 2, 2 } },
	  { { 0, 0, 1, 1 }, { 1, 0, 1, 1 }, { 2, 0, 1, 1 } } },
	{ DRM_FORMAT_P010, "P010", true, 2, { { 2, 1, 1 }, { 4, 2, 2 } },
	  { { 0, 0, 2, 2 }, { 1, 0, 4, 2 }, { 1, 2, 4, 2 } } },
	{ DRM_FORMAT_YUYV, "YUYV", true, 1, { { 4, 2, 1 } },
	  { { 0, 0, 2, 1 }, { 0, 1, 4, 1 }, { 0, 3, 4, 1 } } },
	{ DRM_FORMAT_UYVY, "UYVY", true, 1, { { 4, 2, 1 } },
	  { { 0, 1, 2, 1 }, { 0, 0, 4, 1 }, { 0, 2, 4, 1 } } },
};

const size_t lab_format_count = ARRAY_SIZE(lab_formats);

static const struct encoding {
	const char *name;
	long y0, ky, krv, kgu, kgv, kbu;
	long kr, kg, kb, kur, kub, kvr, kvb;
} encodings[3][2] = {
	{
		{ "601 limited", 16, 76309, 104597, 25675, 53279, 132201,
		  8414, 16520, 3208, 4857, 14392, 14392, 2341 },
		{ "601 full", 0, 65536, 91881, 22553, 46802, 116130,
		  9798, 19234, 3736, 5529, 16384, 16384, 2664 },
	}, {
		{ "709 limited", 16, 76309, 117489, 13975, 34925, 138438,
		  5983, 20127, 2032, 3298, 14392, 14392, 1320 },
		{ "709 full", 0, 65536, 103206, 12276, 30679, 121609,
		  6966, 23436, 2366, 3754, 16384, 16384, 1502 },
	}, {
		{ "2020 limited", 16, 76309, 110014, 12277, 42626, 140363,
		  7393, 19080, 1669, 4019, 14392, 14392, 1158 },
		{ "2020 full", 0, 65536, 96639, 10784, 37444, 123299,
		  8608, 22217, 1943, 4575, 16384, 16384, 1318 },
	},
};

const struct lab_format *lab_format(uint32_t fourcc)
{
	for (size_t i = 0; i < lab_format_count; i++) {
		if (lab_formats[i].fourcc == fourcc)
			return &lab_formats[i];
	}
	igt_assert_f(false, "the tests do not know format %#x\n", fourcc);
	return NULL;
}

uint32_t lab_format_hsub(const struct lab_format *format)
{
	return format->is_yuv ? 2 : 1;
}

uint32_t lab_format_vsub(const struct lab_format *format)
{
	return format->planes > 1 ? 2 : 1;
}

static const struct encoding *encoding_of(const struct drm_primesim_surface *surface)
{
	return &encodings[surface->encoding][surface->range];
}

const char *lab_encoding_name(const struct drm_primesim_surface *surface)
{
	return encoding_of(surface)->name;
}

static uint32_t round_up_to(uint32_t value, uint32_t step)
{
	return (value + step - 1) / step * step;
}

struct drm_primesim_surface lab_layout(const struct lab_format *format, uint64_t modifier,
				       uint32_t handle, uint32_t width, uint32_t height,
				       uint32_t margin, size_t *end)
{
	struct drm_primesim_surface surface = {
		.format = format->fourcc,
		.width = width,
		.height = height,
		.modifier = modifier,
	};
	size_t at = margin;

	for (uint32_t i = 0; i < format->planes; i++) {
		uint32_t w = width, h = height, gap = margin;

		/* Tiles follow each other, but there may be more of them than the picture has. */
		if (modifier) {
			w = round_up_to(width, TILE) + TILE;
			h = round_up_to(height, TILE);
			gap = 0;
		}
		surface.handles[i] = handle;
		surface.offsets[i] = at;
		surface.pitches[i] = w / format->plane[i].width * format->plane[i].bytes + gap;
		at += (size_t)surface.pitches[i] * (h / format->plane[i].height) + margin;
		at = (at + 3) / 4 * 4;
	}
	*end = at;
	return surface;
}

/* Byte @byte of line @line in a plane */
static uint8_t *plane_at(const struct drm_primesim_surface *surface, uint8_t *memory,
			 uint32_t plane, uint32_t line, uint32_t byte)
{
	const struct lab_format *format = lab_format(surface->format);
	uint32_t across = TILE / format->plane[plane].width * format->plane[plane].bytes;
	uint32_t down = TILE / format->plane[plane].height;
	size_t pitch = surface->pitches[plane];
	size_t tile;

	memory += surface->offsets[plane];
	if (!surface->modifier)
		return memory + line * pitch + byte;
	tile = line / down * (pitch / across) + byte / across;
	return memory + tile * across * down + line % down * across + byte % across;
}

/* Component @c, 0 to 2, of the pixel at (@x, @y) */
static uint8_t *sample_at(const struct drm_primesim_surface *surface, uint8_t *memory, int c,
			  uint32_t x, uint32_t y)
{
	const struct lab_format *format = lab_format(surface->format);
	const struct lab_samples *samples = &format->samples[c];

	if (c) {
		x /= lab_format_hsub(format);
		y /= lab_format_vsub(format);
	}
	return plane_at(surface, memory, samples->plane, y, samples->first + x * samples->step);
}

/* Of two bytes the second one has the upper bits. */
static long sample(const struct drm_primesim_surface *surface, uint8_t *memory, int c, uint32_t x,
		   uint32_t y)
{
	const struct lab_format *format = lab_format(surface->format);

	return sample_at(surface, memory, c, x, y)[format->samples[c].size - 1];
}

static uint32_t clamped(long value)
{
	return value < 0 ? 0 : value > 255 ? 255 : value;
}

static uint32_t from_yuv(const struct encoding *e, long y, long cb, long cr)
{
	long luma = (y - e->y0) * e->ky + 32768;
	long u = cb - 128;
	long v = cr - 128;

	return 0xff000000 | clamped((luma + e->krv * v) >> 16) << 16 |
	       clamped((luma - e->kgu * u - e->kgv * v) >> 16) << 8 |
	       clamped((luma + e->kbu * u) >> 16);
}

static uint32_t from_rgb565(uint32_t pixel)
{
	uint32_t r = pixel >> 11, g = pixel >> 5 & 0x3f, b = pixel & 0x1f;

	return 0xff000000 | (r << 3 | r >> 2) << 16 | (g << 2 | g >> 4) << 8 | b << 3 | b >> 2;
}

static uint32_t argb(uint32_t a, uint32_t r, uint32_t g, uint32_t b)
{
	return a << 24 | r << 16 | g << 8 | b;
}

static uint32_t read_pixel(const struct drm_primesim_surface *surface, uint8_t *memory, uint32_t x,
			   uint32_t y)
{
	const struct lab_format *format = lab_format(surface->format);
	uint8_t *p;

	if (format->is_yuv)
		return from_yuv(encoding_of(surface), sample(surface, memory, 0, x, y),
				sample(surface, memory, 1, x, y), sample(surface, memory, 2, x, y));
	p = plane_at(surface, memory, 0, y, x * format->plane[0].bytes);
	switch (surface->format) {
	case DRM_FORMAT_RGB565:
		return from_rgb565(p[0] | p[1] << 8);
	case DRM_FORMAT_R8:
		return argb(0xff, p[0], p[0], p[0]);
	case DRM_FORMAT_BGR888:
	case DRM_FORMAT_XBGR8888:
		return argb(0xff, p[0], p[1], p[2]);
	case DRM_FORMAT_ABGR8888:
		return argb(p[3], p[0], p[1], p[2]);
	case DRM_FORMAT_ARGB8888:
		return argb(p[3], p[2], p[1], p[0]);
	default:
		return argb(0xff, p[2], p[1], p[0]);
	}
}

static uint32_t channel(uint32_t pixel, uint32_t shift)
{
	return pixel >> shift & 0xff;
}

static uint32_t luma_of(const struct encoding *e, uint32_t pixel)
{
	return clamped(e->y0 + ((e->kr * channel(pixel, 16) + e->kg * channel(pixel, 8) +
				 e->kb * channel(pixel, 0) + 16384) >> 15));
}

static void write_rgb(uint8_t *p, uint32_t fourcc, uint32_t pixel)
{
	uint8_t a = pixel >> 24, r = pixel >> 16, g = pixel >> 8, b = pixel;
	uint32_t word = (r >> 3) << 11 | (g >> 2) << 5 | b >> 3;

	switch (fourcc) {
	case DRM_FORMAT_RGB565:
		memcpy(p, (uint8_t []){ word, word >> 8 }, 2);
		break;
	case DRM_FORMAT_R8:
		p[0] = luma_of(&encodings[0][1], pixel);
		break;
	case DRM_FORMAT_RGB888:
		memcpy(p, (uint8_t []){ b, g, r }, 3);
		break;
	case DRM_FORMAT_BGR888:
		memcpy(p, (uint8_t []){ r, g, b }, 3);
		break;
	case DRM_FORMAT_XBGR8888:
		memcpy(p, (uint8_t []){ r, g, b, 0xff }, 4);
		break;
	case DRM_FORMAT_ABGR8888:
		memcpy(p, (uint8_t []){ r, g, b, a }, 4);
		break;
	default:
		memcpy(p, (uint8_t []){ b, g, r, fourcc == DRM_FORMAT_XRGB8888 ? 0xff : a }, 4);
	}
}

static void write_sample(const struct drm_primesim_surface *surface, uint8_t *memory, int c,
			 uint32_t x, uint32_t y, uint8_t value)
{
	uint8_t *p = sample_at(surface, memory, c, x, y);
	uint32_t size = lab_format(surface->format)->samples[c].size;

	memset(p, 0, size);
	p[size - 1] = value;
}

struct lab_image lab_image_create(uint32_t width, uint32_t height)
{
	struct lab_image picture = {
		.width = width,
		.height = height,
		.pixels = calloc((size_t)width * height, sizeof(*picture.pixels)),
	};

	igt_assert(picture.pixels);
	return picture;
}

void lab_image_free(struct lab_image *picture)
{
	free(picture->pixels);
}

static uint32_t *pixel_at(const struct lab_image *picture, uint32_t x, uint32_t y)
{
	return &picture->pixels[(size_t)y * picture->width + x];
}

struct lab_image lab_image_read(const struct drm_primesim_surface *surface, uint8_t *memory,
				const struct drm_primesim_rect *rect)
{
	struct lab_image picture = lab_image_create(rect->width, rect->height);

	for (uint32_t y = 0; y < rect->height; y++) {
		for (uint32_t x = 0; x < rect->width; x++)
			*pixel_at(&picture, x, y) = read_pixel(surface, memory, rect->x + x,
							       rect->y + y);
	}
	return picture;
}

/* Rounded down, with n pixels of whose colours these are the sums */
static long over(long sum, long n)
{
	return (sum + 16384 * n) >> (n == 2 ? 16 : 17);
}

/* The chroma sample of the pixels from (@x, @y) of the picture on */
static void write_chroma(const struct lab_image *picture,
			 const struct drm_primesim_surface *surface, uint8_t *memory,
			 const struct drm_primesim_rect *rect, uint32_t x, uint32_t y)
{
	const struct encoding *e = encoding_of(surface);
	uint32_t n = 2 * lab_format_vsub(lab_format(surface->format));
	long r = 0, g = 0, b = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t pixel = *pixel_at(picture, x + i % 2, y + i / 2);

		r += channel(pixel, 16);
		g += channel(pixel, 8);
		b += channel(pixel, 0);
	}
	write_sample(surface, memory, 1, rect->x + x, rect->y + y,
		     clamped(128 + over(e->kub * b - e->kur * r - (e->kub - e->kur) * g, n)));
	write_sample(surface, memory, 2, rect->x + x, rect->y + y,
		     clamped(128 + over(e->kvr * r - e->kvb * b - (e->kvr - e->kvb) * g, n)));
}

static void write_pixel(const struct lab_image *picture,
			const struct drm_primesim_surface *surface, uint8_t *memory,
			const struct drm_primesim_rect *rect, uint32_t x, uint32_t y)
{
	const struct lab_format *format = lab_format(surface->format);
	uint32_t pixel = *pixel_at(picture, x, y);

	if (!format->is_yuv) {
		write_rgb(plane_at(surface, memory, 0, rect->y + y,
				   (rect->x + x) * format->plane[0].bytes),
			  surface->format, pixel);
		return;
	}
	write_sample(surface, memory, 0, rect->x + x, rect->y + y,
		     luma_of(encoding_of(surface), pixel));
	if (x % 2 == 0 && y % lab_format_vsub(format) == 0)
		write_chroma(picture, surface, memory, rect, x, y);
}

void lab_image_write(const struct lab_image *picture,
		     const struct drm_primesim_surface *surface, uint8_t *memory,
		     const struct drm_primesim_rect *rect)
{
	for (uint32_t y = 0; y < rect->height; y++) {
		for (uint32_t x = 0; x < rect->width; x++)
			write_pixel(picture, surface, memory, rect, x, y);
	}
}

static void replace(struct lab_image *picture, struct lab_image by)
{
	lab_image_free(picture);
	*picture = by;
}

static void reflect(struct lab_image *picture, bool x_axis, bool y_axis)
{
	struct lab_image to = lab_image_create(picture->width, picture->height);

	for (uint32_t y = 0; y < to.height; y++) {
		for (uint32_t x = 0; x < to.width; x++)
			*pixel_at(&to, x, y) =
				*pixel_at(picture, x_axis ? to.width - 1 - x : x,
					  y_axis ? to.height - 1 - y : y);
	}
	replace(picture, to);
}

/* A quarter counter-clockwise: the right edge becomes the top one. */
static void quarter(struct lab_image *picture)
{
	struct lab_image to = lab_image_create(picture->height, picture->width);

	for (uint32_t y = 0; y < to.height; y++) {
		for (uint32_t x = 0; x < to.width; x++)
			*pixel_at(&to, x, y) = *pixel_at(picture, picture->width - 1 - y, x);
	}
	replace(picture, to);
}

void lab_image_turn(struct lab_image *picture, uint32_t flags)
{
	int quarters = flags & DRM_PRIMESIM_BLIT_ROTATE_90 ? 1 :
		       flags & DRM_PRIMESIM_BLIT_ROTATE_180 ? 2 :
		       flags & DRM_PRIMESIM_BLIT_ROTATE_270 ? 3 : 0;

	reflect(picture, flags & DRM_PRIMESIM_BLIT_REFLECT_X, flags & DRM_PRIMESIM_BLIT_REFLECT_Y);
	while (quarters--)
		quarter(picture);
}

static uint32_t nearest(uint32_t i, uint32_t count, uint32_t source_count)
{
	return ((uint64_t)i * source_count + source_count / 2) / count;
}

static uint32_t mix(uint32_t a, uint32_t b, uint32_t part)
{
	uint32_t out = 0;

	for (uint32_t shift = 0; shift < 32; shift += 8)
		out |= (channel(a, shift) * (256 - part) + channel(b, shift) * part + 128) / 256
		       << shift;
	return out;
}

/* Where destination pixel @i is between source pixels, in 1/256 */
static uint32_t place(uint32_t i, uint32_t count, uint32_t source_count)
{
	int64_t p = (int64_t)(2 * i + 1) * source_count * 128 / count - 128;
	int64_t last = 256 * ((int64_t)source_count - 1);

	return p < 0 ? 0 : p > last ? last : p;
}

static uint32_t bilinear_pixel(const struct lab_image *from, uint32_t px, uint32_t py)
{
	uint32_t x = px / 256, y = py / 256;
	uint32_t right = px % 256 ? x + 1 : x, below = py % 256 ? y + 1 : y;

	return mix(mix(*pixel_at(from, x, y), *pixel_at(from, right, y), px % 256),
		   mix(*pixel_at(from, x, below), *pixel_at(from, right, below), px % 256),
		   py % 256);
}

void lab_image_scale(struct lab_image *picture, uint32_t width, uint32_t height, bool bilinear)
{
	struct lab_image to = lab_image_create(width, height);

	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++)
			*pixel_at(&to, x, y) = bilinear ?
				bilinear_pixel(picture, place(x, width, picture->width),
					       place(y, height, picture->height)) :
				*pixel_at(picture, nearest(x, width, picture->width),
					  nearest(y, height, picture->height));
	}
	replace(picture, to);
}

static uint32_t over_255(uint32_t n)
{
	return (2 * n + 255) / 510;
}

static uint32_t blend(uint32_t below, uint32_t above, bool straight)
{
	uint32_t alpha = above >> 24, out = 0;

	for (uint32_t shift = 0; shift < 32; shift += 8) {
		uint32_t s = channel(above, shift), d = channel(below, shift) * (255 - alpha);
		uint32_t value = straight && shift < 24 ? over_255(s * alpha + d) : s + over_255(d);

		out |= clamped(value) << shift;
	}
	return out;
}

void lab_image_blend(struct lab_image *above, const struct lab_image *below, bool straight)
{
	for (size_t i = 0; i < (size_t)above->width * above->height; i++)
		above->pixels[i] = blend(below->pixels[i], above->pixels[i], straight);
}

uint32_t lab_image_checksum(const struct lab_image *picture)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < (size_t)picture->width * picture->height; i++) {
		crc ^= picture->pixels[i] | 0xff000000;
		for (int bit = 0; bit < 32; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return crc;
}

/* Y'CbCr to the same: luma, Cb and Cr are pictures of their own. */
static void expect_samples(const struct drm_primesim_op *op, int c, uint8_t *src, uint8_t *dst)
{
	const struct lab_format *format = lab_format(op->src.format);
	uint32_t h = c ? lab_format_hsub(format) : 1, v = c ? lab_format_vsub(format) : 1;
	const struct drm_primesim_rect *from = &op->src_rect, *to = &op->dst_rect;

	for (uint32_t y = 0; y < to->height / v; y++) {
		for (uint32_t x = 0; x < to->width / h; x++) {
			uint32_t sx = nearest(x, to->width / h, from->width / h) * h;
			uint32_t sy = nearest(y, to->height / v, from->height / v) * v;

			memcpy(sample_at(&op->dst, dst, c, to->x + x * h, to->y + y * v),
			       sample_at(&op->src, src, c, from->x + sx, from->y + sy),
			       format->samples[c].size);
		}
	}
}

/* Without the way through RGB */
static bool moves_samples(const struct drm_primesim_op *op)
{
	return lab_format(op->src.format)->is_yuv && op->src.format == op->dst.format &&
	       op->src.encoding == op->dst.encoding && op->src.range == op->dst.range && !op->flags;
}

static void expect_pixels(const struct drm_primesim_op *op, uint8_t *src, uint8_t *dst)
{
	struct lab_image picture = lab_image_read(&op->src, src, &op->src_rect);

	lab_image_turn(&picture, op->flags);
	lab_image_scale(&picture, op->dst_rect.width, op->dst_rect.height,
			op->flags & DRM_PRIMESIM_BLIT_BILINEAR);
	if (op->flags & (DRM_PRIMESIM_BLIT_PREMULTIPLIED | DRM_PRIMESIM_BLIT_STRAIGHT)) {
		struct lab_image below = lab_image_read(&op->dst, dst, &op->dst_rect);

		lab_image_blend(&picture, &below, op->flags & DRM_PRIMESIM_BLIT_STRAIGHT);
		lab_image_free(&below);
	}
	lab_image_write(&picture, &op->dst, dst, &op->dst_rect);
	lab_image_free(&picture);
}

void lab_expect_blit(const struct drm_primesim_op *op, uint8_t *src, uint8_t *dst)
{
	if (!moves_samples(op)) {
		expect_pixels(op, src, dst);
		return;
	}
	for (int c = 0; c < 3; c++)
		expect_samples(op, c, src, dst);
}

static void expect_filled_pixel(const struct drm_primesim_op *op, uint8_t *dst, uint32_t x,
				uint32_t y)
{
	const struct lab_format *format = lab_format(op->dst.format);
	const uint8_t bytes[4] = { op->value, op->value >> 8, op->value >> 16, op->value >> 24 };

	for (int c = 0; format->is_yuv && c < 3; c++)
		write_sample(&op->dst, dst, c, x, y, bytes[c]);
	if (!format->is_yuv)
		memcpy(plane_at(&op->dst, dst, 0, y, x * format->plane[0].bytes), bytes,
		       format->plane[0].bytes);
}

void lab_expect_fill(const struct drm_primesim_op *op, uint8_t *dst)
{
	for (uint32_t y = 0; y < op->dst_rect.height; y++) {
		for (uint32_t x = 0; x < op->dst_rect.width; x++)
			expect_filled_pixel(op, dst, op->dst_rect.x + x, op->dst_rect.y + y);
	}
}
