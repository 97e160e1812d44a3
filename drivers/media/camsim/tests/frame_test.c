// SPDX-License-Identifier: MIT
/*
 * Whole frames of camsim against a model that knows nothing of how they are made: each
 * sample in each format, in sizes that nothing fits into, with every setting; and that
 * nothing else is written.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/array_size.h>
#include <linux/err.h>
#include <linux/simdev.h>
#include <linux/simstamp.h>
#include <linux/types.h>
#include <linux/videodev2.h>

#include "camsim_access.h"
#include "camsim_format.h"
#include "camsim_pattern.h"
#include "camsim_relay.h"
#include "camsim_scene.h"

#define UNTOUCHED	0xa5
#define GUARD		64

static int failures;

#define fail(...)					\
do {							\
	if (failures++ < 20)				\
		printf("FAILED: " __VA_ARGS__), puts("");	\
} while (0)

/* The device: memory that is watched at its end. */
int simdev_window_write_rows(struct simdev_window *win, size_t offset, size_t stride,
			     size_t rows, const void *row, size_t len)
{
	for (; rows; rows--, offset += stride) {
		if (offset + len > win->size) {
			fail("write of %zu bytes at %zu of %zu", len, offset, win->size);
			return -1;
		}
		memcpy(win->memory + offset, row, len);
	}
	return 0;
}

void *simdev_window_at(struct simdev_window *win, size_t offset, size_t len)
{
	if (offset + len <= win->size)
		return win->memory + offset;
	fail("read of %zu bytes at %zu of %zu", len, offset, win->size);
	return ERR_PTR(-1);
}

/* What a frame is made with */
struct shot {
	struct v4l2_pix_format_mplane pix;
	struct v4l2_rect crop;
	struct v4l2_rect compose;
	struct camsim_settings settings;
	struct simstamp stamp;
	u32 data_offset;
	u8 *memory[CAMSIM_MAX_PLANES];
	size_t size[CAMSIM_MAX_PLANES];
};

static const struct v4l2_rect sensor = { 0, 0, 7680, 4320 };

static struct shot shot_of(u32 fourcc, u32 width, u32 height, u32 padding)
{
	struct shot shot = {
		.pix = { .width = width, .height = height, .pixelformat = fourcc },
		.crop = sensor,
		.settings = CAMSIM_SETTINGS_DEFAULT,
		.stamp = { .sequence = 37, .timestamp = 0x123456789abcdefull, .camera = 5 },
	};

	camsim_format_adjust(&shot.pix, true);
	for (int i = 0; i < shot.pix.num_planes; i++)
		shot.pix.plane_fmt[i].bytesperline += padding;
	camsim_format_adjust(&shot.pix, true);
	if (shot.pix.width != width || shot.pix.height != height || shot.pix.pixelformat != fourcc)
		fail("%.4s %ux%u became %.4s %ux%u", (char *)&fourcc, width, height,
		     (char *)&shot.pix.pixelformat, shot.pix.width, shot.pix.height);
	shot.compose = (struct v4l2_rect){ 0, 0, width, height };
	return shot;
}

static void shot_begin(struct shot *shot)
{
	for (int i = 0; i < shot->pix.num_planes; i++) {
		shot->size[i] = shot->data_offset + shot->pix.plane_fmt[i].sizeimage;
		shot->memory[i] = malloc(shot->size[i] + GUARD);
		memset(shot->memory[i], UNTOUCHED, shot->size[i] + GUARD);
	}
}

static struct camsim_access shot_access(const struct shot *shot)
{
	struct camsim_access access = { .num = shot->pix.num_planes };

	for (int i = 0; i < shot->pix.num_planes; i++) {
		access.planes[i].win = (struct simdev_window){ shot->memory[i], shot->size[i] };
		access.planes[i].offset = shot->data_offset;
	}
	return access;
}

static void shoot(struct shot *shot)
{
	struct camsim_pattern *pattern;
	struct camsim_access access;
	struct camsim_layout layout;

	shot_begin(shot);
	access = shot_access(shot);
	camsim_format_layout(&shot->pix, &shot->compose, &layout);
	pattern = camsim_pattern_create(&layout, &shot->crop);
	camsim_pattern_write(pattern, &access, &shot->settings, &shot->stamp);
	camsim_pattern_destroy(pattern);
}

/* The frame comes from another shot: of the same picture, but without a stamp. */
static void relay(struct shot *shot, const struct shot *source)
{
	struct camsim_access to, from = shot_access(source);
	struct camsim_layout layout, from_layout;
	struct camsim_relay *relay;

	shot_begin(shot);
	to = shot_access(shot);
	camsim_format_layout(&shot->pix, &shot->compose, &layout);
	camsim_format_layout(&source->pix, &source->compose, &from_layout);
	relay = camsim_relay_create(&layout);
	camsim_relay_write(relay, &to, &from, &from_layout, &shot->stamp, shot->settings.stamp);
	camsim_relay_destroy(relay);
}

static void shot_end(struct shot *shot)
{
	for (int i = 0; i < shot->pix.num_planes; i++)
		free(shot->memory[i]);
}

/* The model: the colour of a pixel of the picture, 0xRRGGBB */

static u32 stamp_colour(const struct shot *shot, u32 x, u32 y, bool *stamped)
{
	u32 width = shot->compose.width, height = shot->compose.height, column = 0, line = 0;
	u8 bytes[SIMSTAMP_BYTES];

	*stamped = false;
	if (!shot->settings.stamp || width < 64 || height < 48)
		return 0;
	while (x >= width * (column + 1) / 64)
		column++;
	while (y >= height * (line + 1) / 48)
		line++;
	*stamped = column < 32 && line < 4;
	if (!*stamped)
		return 0;
	simstamp_encode(&shot->stamp, bytes);
	return bytes[(line * 32 + column) / 8] >> (7 - column % 8) & 1 ? 0xffffff : 0;
}

static u32 bounce(u32 step, u32 range)
{
	u32 at = range ? step % (2 * range) : step % 2;

	return range ? (at > range ? 2 * range - at : at) : at;
}

static bool in_box(const struct shot *shot, u32 x, u32 y)
{
	u32 width = shot->compose.width, height = shot->compose.height;
	u32 size = (width < height ? width : height) / 16 * 2, top = (height / 4 + 1) / 2 * 2;
	u32 left = 4 * bounce(shot->stamp.sequence, (width - size) / 4);

	top += 4 * bounce(shot->stamp.sequence, (height - top - size) / 4);
	if (shot->settings.hflip)
		x = width - 1 - x;
	if (shot->settings.vflip)
		y = height - 1 - y;
	return shot->settings.box && x >= left && x < left + size && y >= top && y < top + size;
}

static u32 scene_colour(const struct shot *shot, u32 x, u32 y)
{
	static const u32 bars[] = { 0xffffff, 0xffff00, 0x00ffff, 0x00ff00,
				    0xff00ff, 0xff0000, 0x0000ff, 0x000000 };
	static const u32 ramps[] = { 0x010101, 0x010000, 0x000100, 0x000001 };

	if (shot->settings.hflip)
		x = shot->compose.width - 1 - x;
	if (shot->settings.vflip)
		y = shot->compose.height - 1 - y;
	x = shot->crop.left + x * shot->crop.width / shot->compose.width;
	y = shot->crop.top + y * shot->crop.height / shot->compose.height;
	switch (shot->settings.scene) {
	case CAMSIM_SCENE_BARS:
		return bars[x / 960];
	case CAMSIM_SCENE_RAMPS:
		return ramps[y / 1080] * (x / 30);
	case CAMSIM_SCENE_CHECKER:
		return (x / 240 + y / 240) & 1 ? 0 : 0xffffff;
	default:
		return shot->settings.solid;
	}
}

static int bounded(int value)
{
	return value < 0 ? 0 : value > 255 ? 255 : value;
}

static u32 controlled(const struct camsim_settings *s, u32 rgb)
{
	int c[3], grey, v;

	for (int i = 0; i < 3; i++) {
		c[i] = rgb >> (16 - 8 * i) & 0xff;
		c[i] = bounded((int)((long long)c[i] * s->exposure * s->gain / 600000));
	}
	grey = (c[0] * 299 + c[1] * 587 + c[2] * 114) / 1000;
	rgb = 0;
	for (int i = 0; i < 3; i++) {
		v = bounded(grey + (c[i] - grey) * (int)s->saturation / 128);
		v = 128 + (v - 128) * (int)s->contrast / 128;
		rgb = rgb << 8 | (u32)bounded(bounded(v) + s->brightness);
	}
	return rgb;
}

static u32 model(const struct shot *shot, u32 x, u32 y)
{
	bool stamped;
	u32 rgb = stamp_colour(shot, x, y, &stamped);

	if (stamped)
		return rgb;
	rgb = in_box(shot, x, y) ? 0xff8000 : scene_colour(shot, x, y);
	return controlled(&shot->settings, rgb);
}

/* Of red and blue in luma, by ITU-R BT.601, BT.709, BT.2020 and SMPTE 240M */
static const struct weights {
	u32 encoding;
	double red, blue;
} weights[] = {
	{ V4L2_YCBCR_ENC_601, 0.299, 0.114 },
	{ V4L2_YCBCR_ENC_709, 0.2126, 0.0722 },
	{ V4L2_YCBCR_ENC_BT2020, 0.2627, 0.0593 },
	{ V4L2_YCBCR_ENC_SMPTE240M, 0.212, 0.087 },
};

static const struct weights *weights_of(u32 encoding)
{
	size_t i = 0;

	while (weights[i].encoding != encoding)
		i++;
	return &weights[i];
}

/* Of a colour the value of a sample, as the standards define it in real numbers */
static double sample_value(const struct shot *shot, char sample, u32 rgb, int bits)
{
	bool full = shot->pix.quantization == V4L2_QUANTIZATION_FULL_RANGE;
	double r = (rgb >> 16) / 255.0, g = (rgb >> 8 & 0xff) / 255.0, b = (rgb & 0xff) / 255.0;
	const struct weights *w = weights_of(shot->pix.ycbcr_enc);
	double y = w->red * r + (1 - w->red - w->blue) * g + w->blue * b;
	double one = 1 << (bits - 8), top = (1 << bits) - 1, level = y, chroma;

	switch (sample) {
	case 'X':
		return top;
	case 'u':
	case 'v':
		chroma = sample == 'u' ? (b - y) / (2 * (1 - w->blue)) :
					 (r - y) / (2 * (1 - w->red));
		return fmin(one * 128 + chroma * (full ? top : one * 224), top);
	case 'R':
		level = r;
		break;
	case 'G':
		level = g;
		break;
	case 'B':
		level = b;
		break;
	default:
		break;	/* Y: the level is y */
	}
	return full ? level * top : one * (16 + 219 * level);
}

static void expect(const struct shot *shot, char sample, u32 x, u32 y, int bits, u32 got)
{
	double want = sample_value(shot, sample, model(shot, x, y), bits);

	if (fabs(got - want) > 0.500001)
		fail("%.4s %ux%u at %u,%u: %c is %u, not %.3f",
		     (const char *)&shot->pix.pixelformat, shot->pix.width, shot->pix.height,
		     x, y, sample, got, want);
}

/* Formats, one by one as the V4L2 documentation draws them; x and y are of the frame. */

static const u8 *at(const struct shot *shot, int mem, size_t offset)
{
	return shot->memory[mem] + shot->data_offset + offset;
}

static u32 word(const u8 *p)
{
	return p[0] | p[1] << 8;
}

/* In planes of their own: together, "uv" or "vu", or apart */
static u8 chroma_at(const struct shot *shot, char sample, u32 x, u32 y)
{
	const struct v4l2_plane_pix_format *planes = shot->pix.plane_fmt;
	size_t stride = planes[0].bytesperline, luma = stride * shot->pix.height;
	size_t pair = y / 2 * stride + x / 2 * 2, apart = y / 2 * (stride / 2) + x / 2;
	bool v = sample == 'v';

	switch (shot->pix.pixelformat) {
	case V4L2_PIX_FMT_NV12:
		return *at(shot, 0, luma + pair + v);
	case V4L2_PIX_FMT_NV21:
		return *at(shot, 0, luma + pair + !v);
	case V4L2_PIX_FMT_YUV420:
		return *at(shot, 0, luma + (v ? luma / 4 : 0) + apart);
	case V4L2_PIX_FMT_NV12M:
		return *at(shot, 1, y / 2 * planes[1].bytesperline + x / 2 * 2 + v);
	default:
		return *at(shot, 1 + v, y / 2 * planes[1 + v].bytesperline + x / 2);
	}
}

static char bayer(const char *order, u32 x, u32 y)
{
	return order[y % 2 * 2 + x % 2];
}

/* Two by two pixels of a sensor: what each has, in how many bits, stored how */
static const struct sensor_format {
	u32 fourcc;
	const char *order;
	int bits;
	bool packed;
} sensor_formats[] = {
	{ V4L2_PIX_FMT_SRGGB8, "RGGB", 8, false },
	{ V4L2_PIX_FMT_SGRBG8, "GRBG", 8, false },
	{ V4L2_PIX_FMT_SGBRG8, "GBRG", 8, false },
	{ V4L2_PIX_FMT_SBGGR8, "BGGR", 8, false },
	{ V4L2_PIX_FMT_SRGGB10, "RGGB", 10, false },
	{ V4L2_PIX_FMT_SGRBG10, "GRBG", 10, false },
	{ V4L2_PIX_FMT_SGBRG10, "GBRG", 10, false },
	{ V4L2_PIX_FMT_SBGGR10, "BGGR", 10, false },
	{ V4L2_PIX_FMT_SRGGB10P, "RGGB", 10, true },
	{ V4L2_PIX_FMT_SGRBG10P, "GRBG", 10, true },
	{ V4L2_PIX_FMT_SGBRG10P, "GBRG", 10, true },
	{ V4L2_PIX_FMT_SBGGR10P, "BGGR", 10, true },
};

static const struct sensor_format *sensor_format_of(const struct shot *shot)
{
	for (size_t i = 0; i < ARRAY_SIZE(sensor_formats); i++)
		if (sensor_formats[i].fourcc == shot->pix.pixelformat)
			return &sensor_formats[i];
	return NULL;
}

static void check_sensor_pixel(const struct shot *shot, const struct sensor_format *format,
			       u32 x, u32 y)
{
	const u8 *row = at(shot, 0, (size_t)y * shot->pix.plane_fmt[0].bytesperline);
	u32 got;

	if (format->packed)
		got = row[x / 4 * 5 + x % 4] << 2 | (row[x / 4 * 5 + 4] >> x % 4 * 2 & 3);
	else
		got = format->bits == 8 ? row[x] : word(row + 2 * x);
	expect(shot, bayer(format->order, x, y), x - shot->compose.left, y - shot->compose.top,
	       format->bits, got);
}

/* Samples of a pixel, side by side: @names of the bytes from @p on, "-" is not looked at */
static void check_bytes(const struct shot *shot, const char *names, const u8 *p, u32 x, u32 y)
{
	for (; *names; names++, p++)
		if (*names != '-')
			expect(shot, *names, x - shot->compose.left, y - shot->compose.top, 8, *p);
}

static void check_p010(const struct shot *shot, u32 x, u32 y)
{
	size_t stride = shot->pix.plane_fmt[0].bytesperline;
	u32 px = x - shot->compose.left, py = y - shot->compose.top;
	const u8 *p = at(shot, 0, y * stride + 2 * x);

	expect(shot, 'Y', px, py, 10, word(p) >> 6);
	if (x % 2 || y % 2)
		return;
	p = at(shot, 0, stride * shot->pix.height + y / 2 * stride + 2 * x);
	expect(shot, 'u', px, py, 10, word(p) >> 6);
	expect(shot, 'v', px, py, 10, word(p + 2) >> 6);
}

static void check_420(const struct shot *shot, const u8 *luma, u32 x, u32 y)
{
	const u8 chroma[] = { chroma_at(shot, 'u', x, y), chroma_at(shot, 'v', x, y) };

	check_bytes(shot, "Y", luma, x, y);
	if (x % 2 == 0 && y % 2 == 0)
		check_bytes(shot, "uv", chroma, x, y);
}

static void check_pixel(const struct shot *shot, u32 x, u32 y)
{
	const u8 *row = at(shot, 0, (size_t)y * shot->pix.plane_fmt[0].bytesperline);
	const struct sensor_format *sensor_format = sensor_format_of(shot);

	if (sensor_format)
		return check_sensor_pixel(shot, sensor_format, x, y);
	switch (shot->pix.pixelformat) {
	case V4L2_PIX_FMT_YUYV:
		return check_bytes(shot, x % 2 ? "Y" : "Yu-v", row + 2 * x, x, y);
	case V4L2_PIX_FMT_UYVY:
		return check_bytes(shot, x % 2 ? "-Y" : "uYv", row + 2 * x, x, y);
	case V4L2_PIX_FMT_XBGR32:
		return check_bytes(shot, "BGRX", row + 4 * x, x, y);
	case V4L2_PIX_FMT_RGB24:
		return check_bytes(shot, "RGB", row + 3 * x, x, y);
	case V4L2_PIX_FMT_GREY:
		return check_bytes(shot, "Y", row + x, x, y);
	case V4L2_PIX_FMT_P010:
		return check_p010(shot, x, y);
	default:
		return check_420(shot, row + x, x, y);
	}
}

/* Bytes of a line's pixels in a memory plane that begins with luma, or is all there is */
static size_t line_bytes(const struct shot *shot)
{
	const struct sensor_format *sensor_format = sensor_format_of(shot);
	size_t width = shot->pix.width;

	if (sensor_format && sensor_format->packed)
		return (width + 3) / 4 * 5;
	if (sensor_format)
		return sensor_format->bits == 8 ? width : 2 * width;
	switch (shot->pix.pixelformat) {
	case V4L2_PIX_FMT_XBGR32:
		return 4 * width;
	case V4L2_PIX_FMT_RGB24:
		return 3 * width;
	case V4L2_PIX_FMT_YUYV:
	case V4L2_PIX_FMT_UYVY:
	case V4L2_PIX_FMT_P010:
		return 2 * width;
	default:
		return width;
	}
}

static void check_untouched(const struct shot *shot)
{
	size_t stride = shot->pix.plane_fmt[0].bytesperline, x;
	const char *name = (const char *)&shot->pix.pixelformat;

	for (u32 y = 0; y < shot->pix.height; y++)
		for (x = line_bytes(shot); x < stride; x++)
			if (*at(shot, 0, y * stride + x) != UNTOUCHED)
				fail("%.4s: padding of line %u", name, y);
	for (int i = 0; i < shot->pix.num_planes; i++) {
		for (x = 0; x < shot->data_offset; x++)
			if (shot->memory[i][x] != UNTOUCHED)
				fail("memory before plane %d", i);
		for (x = shot->size[i]; x < shot->size[i] + GUARD; x++)
			if (shot->memory[i][x] != UNTOUCHED)
				fail("memory after plane %d", i);
	}
}

/* Looks at the whole frame, and is the end of the shot. */
static void check_frame(struct shot *shot)
{
	const struct v4l2_rect *r = &shot->compose;

	for (u32 y = 0; y < r->height; y++)
		for (u32 x = 0; x < r->width; x++)
			check_pixel(shot, r->left + x, r->top + y);
	check_untouched(shot);
	shot_end(shot);
}

static void check(struct shot *shot)
{
	shoot(shot);
	check_frame(shot);
}

/* The tests */

static const u32 sizes[][3] = {
	{ 16, 16, 0 }, { 64, 48, 0 }, { 162, 122, 0 },
	{ 322, 242, 64 }, { 1030, 126, 6 }, { 58, 722, 2 },
};

static void test_formats(u32 fourcc)
{
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct shot shot = shot_of(fourcc, sizes[i][0], sizes[i][1], sizes[i][2]);

		check(&shot);
	}
}

static void test_flips(u32 fourcc)
{
	for (int i = 1; i < 4; i++) {
		struct shot shot = shot_of(fourcc, 166, 90, 0);

		shot.settings.hflip = i & 1;
		shot.settings.vflip = i & 2;
		shot.stamp.sequence = 1000 + i;
		check(&shot);
	}
}

static void test_scenes(u32 fourcc)
{
	for (int scene = CAMSIM_SCENE_RAMPS; scene < CAMSIM_SCENE_NOISE; scene++) {
		struct shot shot = shot_of(fourcc, 138, 102, 0);

		shot.settings.scene = scene;
		shot.settings.solid = 0x4080c0;
		shot.settings.box = scene != CAMSIM_SCENE_SOLID;
		shot.settings.stamp = scene == CAMSIM_SCENE_SOLID;
		shot.settings.vflip = scene == CAMSIM_SCENE_RAMPS;
		check(&shot);
	}
}

static void test_colours(u32 fourcc)
{
	static const int ranges[] = { V4L2_QUANTIZATION_LIM_RANGE, V4L2_QUANTIZATION_FULL_RANGE };

	for (size_t i = 0; i < ARRAY_SIZE(weights); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(ranges); j++) {
			struct shot shot = shot_of(fourcc, 80, 64, 0);
			bool raw = shot.pix.colorspace == V4L2_COLORSPACE_RAW;
			u32 range = raw ? V4L2_QUANTIZATION_FULL_RANGE : ranges[j];

			shot.pix.flags = V4L2_PIX_FMT_FLAG_SET_CSC;
			shot.pix.ycbcr_enc = weights[i].encoding;
			shot.pix.quantization = ranges[j];
			camsim_format_adjust(&shot.pix, true);
			if (shot.pix.quantization != range)
				fail("%.4s: quantization %d", (char *)&fourcc, ranges[j]);
			shot.settings.scene = CAMSIM_SCENE_RAMPS;
			check(&shot);
		}
	}
}

static void test_controls(u32 fourcc)
{
	static const struct camsim_settings changed[] = {
		{ .exposure = 15000, .gain = 100, .saturation = 128, .contrast = 128 },
		{ .exposure = 3000, .gain = 100, .saturation = 128, .contrast = 128,
		  .brightness = 30 },
		{ .exposure = 6000, .gain = 1600, .saturation = 0, .contrast = 40,
		  .brightness = -90 },
		{ .exposure = 600000, .gain = 0, .saturation = 255, .contrast = 255,
		  .brightness = 127 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(changed); i++) {
		struct shot shot = shot_of(fourcc, 96, 64, 0);

		shot.settings = changed[i];
		shot.settings.scene = CAMSIM_SCENE_RAMPS;
		shot.settings.box = true;
		shot.settings.stamp = true;
		check(&shot);
	}
}

static u32 lines_touched(const struct shot *shot, u32 first, u32 last)
{
	size_t stride = shot->pix.plane_fmt[0].bytesperline;
	u32 touched = 0;

	for (size_t i = first * stride; i < last * stride; i++)
		touched += *at(shot, 0, i) != UNTOUCHED;
	return touched;
}

static void test_selection(u32 fourcc)
{
	struct shot shot = shot_of(fourcc, 200, 160, 10);

	shot.crop = (struct v4l2_rect){ 1002, 340, 4000, 16 };
	shot.compose = (struct v4l2_rect){ 24, 34, 104, 98 };
	shot.settings.scene = CAMSIM_SCENE_CHECKER;
	check(&shot);

	shoot(&shot);
	if (lines_touched(&shot, 0, 34) || lines_touched(&shot, 34 + 98, 160))
		fail("%.4s: outside of the compose rectangle", (char *)&fourcc);
	shot_end(&shot);
}

static void test_data_offset(u32 fourcc)
{
	struct shot shot = shot_of(fourcc, 70, 50, 0);

	shot.data_offset = 4098;
	check(&shot);
}

/* Both with other padding and offsets, and into a part of a frame too */
static void test_relay(u32 fourcc)
{
	for (int i = 0; i < 3; i++) {
		struct shot source = shot_of(fourcc, 138, 102, 14);
		struct shot shot = shot_of(fourcc, i == 2 ? 200 : 138, i == 2 ? 160 : 102, 4 * i);

		source.data_offset = 34;
		source.settings.scene = CAMSIM_SCENE_CHECKER;
		source.settings.stamp = false;
		shoot(&source);

		shot.data_offset = 6 * i;
		shot.settings = source.settings;
		shot.settings.stamp = i;
		if (i == 2)
			shot.compose = (struct v4l2_rect){ 24, 34, 138, 102 };
		relay(&shot, &source);
		check_frame(&shot);
		shot_end(&source);
	}
}

/* Grey, from line to line another, and stamped like all others. */
static void test_noise(void)
{
	struct shot shot = shot_of(V4L2_PIX_FMT_RGB24, 640, 480, 0);
	u32 same = 0, sum = 0;
	bool stamped;

	shot.settings.scene = CAMSIM_SCENE_NOISE;
	shot.settings.box = false;
	shoot(&shot);
	for (u32 y = 0; y < 480; y++) {
		const u8 *row = at(&shot, 0, y * 1920);

		for (u32 x = 0; x < 640; x++) {
			u32 want = stamp_colour(&shot, x, y, &stamped);

			if (row[3 * x] != row[3 * x + 1] || row[3 * x] != row[3 * x + 2] ||
			    (stamped && row[3 * x] != (want & 0xff)))
				fail("noise at %u,%u", x, y);
		}
		same += y && !memcmp(row + 960, row + 960 - 1920, 960);
		sum += row[1800];
	}
	if (same > 5 || sum / 480 < 100 || sum / 480 > 155)
		fail("noise: %u lines like the one before, mean %u", same, sum / 480);
	shot_end(&shot);
}

static void test_adjust(void)
{
	struct v4l2_pix_format_mplane pix;
	const struct camsim_format *format;
	u32 needed;

	memset(&pix, 0xff, sizeof(pix));
	camsim_format_adjust(&pix, false);
	if (pix.width != 7680 || pix.height != 4320 || pix.pixelformat != V4L2_PIX_FMT_YUYV ||
	    pix.num_planes != 1 || pix.flags || pix.plane_fmt[0].bytesperline != 61440)
		fail("nonsense is not adjusted");

	pix = (struct v4l2_pix_format_mplane){
		.width = 33, .height = 47, .pixelformat = V4L2_PIX_FMT_NV12,
	};
	camsim_format_adjust(&pix, false);
	needed = pix.plane_fmt[0].sizeimage;
	if (pix.width != 32 || pix.height != 46 || needed != 32 * 69)
		fail("odd size: %ux%u, %u bytes", pix.width, pix.height, needed);
	for (int more = 1; more <= 2; more++) {
		pix.plane_fmt[0].sizeimage = more * needed + 1;
		camsim_format_adjust(&pix, false);
		if (pix.plane_fmt[0].sizeimage != (more == 1 ? needed + 1 : needed))
			fail("sizeimage %u", pix.plane_fmt[0].sizeimage);
	}
	for (u32 i = 0; (format = camsim_format_by_index(i, false)); i++)
		if (format->num_mems != 1)
			fail("%.4s on a single-planar node", (char *)&format->fourcc);
	if (camsim_format_by_fourcc(V4L2_PIX_FMT_NV12M, false) ||
	    !camsim_format_by_fourcc(V4L2_PIX_FMT_NV12M, true))
		fail("NV12M");
}

int main(void)
{
	const struct camsim_format *format;
	u32 i;

	for (i = 0; (format = camsim_format_by_index(i, true)); i++) {
		test_formats(format->fourcc);
		test_flips(format->fourcc);
		test_scenes(format->fourcc);
		test_colours(format->fourcc);
		test_controls(format->fourcc);
		test_selection(format->fourcc);
		test_data_offset(format->fourcc);
		test_relay(format->fourcc);
	}
	test_noise();
	test_adjust();
	if (failures)
		printf("camsim: %d failures\n", failures);
	else
		printf("camsim: frames in %u formats are right\n", i);
	return failures ? 1 : 0;
}
