// SPDX-License-Identifier: MIT
/* The stamp in pictures of every format and size, scaled as the GPU scales. */
#include <linux/simstamp.h>
#include <linux/videodev2.h>
#include <stdint.h>
#include <string.h>

#include "../lib/stamp.h"
#include "test.h"

#define WHITE 235
#define BLACK 16
/* Data of a sensor has the full range. */
#define RAW_WHITE 255
#define RAW_BLACK 0

static const struct simstamp stamp = {
	.sequence = 0x12345678,
	.timestamp = 0x0123456789abcdef,
	.camera = 7,
};

static void put_word(uint8_t *to, uint16_t word)
{
	to[0] = (uint8_t)word;
	to[1] = (uint8_t)(word >> 8);
}

static void put_pixel(const struct pp_layout *layout, uint8_t *pixels, uint32_t x, uint32_t y,
		      uint8_t luma)
{
	uint8_t *row = pixels + layout->offsets[0] + (size_t)y * layout->pitches[0];
	uint16_t deep = luma << 2 | luma >> 6;	/* the same of ten bits */

	switch (layout->format->v4l2) {
	case V4L2_PIX_FMT_XBGR32:
		memset(row + 4 * x, luma, 4);
		break;
	case V4L2_PIX_FMT_RGB24:
		memset(row + 3 * x, luma, 3);
		break;
	case V4L2_PIX_FMT_YUYV:
		row[2 * x] = luma;
		break;
	case V4L2_PIX_FMT_UYVY:
		row[2 * x + 1] = luma;
		break;
	case V4L2_PIX_FMT_P010:
		put_word(row + 2 * x, deep << 6);
		break;
	case V4L2_PIX_FMT_SRGGB10:
	case V4L2_PIX_FMT_SGRBG10:
	case V4L2_PIX_FMT_SGBRG10:
	case V4L2_PIX_FMT_SBGGR10:
		put_word(row + 2 * x, deep);
		break;
	case V4L2_PIX_FMT_SRGGB10P:
	case V4L2_PIX_FMT_SGRBG10P:
	case V4L2_PIX_FMT_SGBRG10P:
	case V4L2_PIX_FMT_SBGGR10P:
		row[x / 4 * 5 + x % 4] = deep >> 2;
		row[x / 4 * 5 + 4] &= ~(3 << 2 * (x % 4));
		row[x / 4 * 5 + 4] |= (deep & 3) << 2 * (x % 4);
		break;
	default:
		row[x] = luma;
	}
}

static void draw_cell(const struct pp_layout *layout, uint8_t *pixels, uint32_t column,
		      uint32_t line, uint8_t luma)
{
	uint32_t left = simstamp_cell_start(layout->width, SIMSTAMP_H_CELLS, column);
	uint32_t right = simstamp_cell_start(layout->width, SIMSTAMP_H_CELLS, column + 1);
	uint32_t top = simstamp_cell_start(layout->height, SIMSTAMP_V_CELLS, line);
	uint32_t bottom = simstamp_cell_start(layout->height, SIMSTAMP_V_CELLS, line + 1);

	for (uint32_t y = top; y < bottom; y++) {
		for (uint32_t x = left; x < right; x++)
			put_pixel(layout, pixels, x, y, luma);
	}
}

static void draw(const struct pp_layout *layout, uint8_t *pixels)
{
	bool raw = layout->format->name[0] == 'S';
	uint8_t white = raw ? RAW_WHITE : WHITE, black = raw ? RAW_BLACK : BLACK;
	u8 bytes[SIMSTAMP_BYTES];

	simstamp_encode(&stamp, bytes);
	for (uint32_t line = 0; line < SIMSTAMP_LINES; line++) {
		for (uint32_t column = 0; column < SIMSTAMP_COLUMNS; column++)
			draw_cell(layout, pixels, column, line,
				  simstamp_bit(bytes, column, line) ? white : black);
	}
}

static uint8_t *new_picture(struct pp_layout *layout, const char *format, uint32_t width,
			    uint32_t height)
{
	uint8_t *pixels;

	pp_layout_init(layout, pp_format_by_name(format), width, height, 0);
	pixels = calloc(1, layout->size);
	CHECK(pixels);
	return pixels;
}

static void check_stamp(const struct pp_layout *layout, const uint8_t *pixels)
{
	struct pp_stamp found;

	CHECK(pp_stamp_read(layout, pixels, &found, NULL) == PP_STAMP_VALID);
	CHECK(found.sequence == stamp.sequence);
	CHECK(found.timestamp_ns == stamp.timestamp);
	CHECK(found.camera == stamp.camera);
}

/* As in primesim_drm.h: pixel i of n shows pixel (i * m + m / 2) / n of m. */
static uint32_t nearest(uint32_t i, uint32_t n, uint32_t m)
{
	return (i * m + m / 2) / n;
}

static void check_scaled(const struct pp_layout *from, const uint8_t *pixels, uint32_t width,
			 uint32_t height)
{
	struct pp_layout to;
	uint8_t *scaled = new_picture(&to, "XRGB8888", width, height);

	for (uint32_t y = 0; y < height; y++) {
		const uint8_t *row =
			pixels + (size_t)nearest(y, height, from->height) * from->pitches[0];

		for (uint32_t x = 0; x < width; x++)
			memcpy(scaled + (size_t)y * to.pitches[0] + 4 * x,
			       row + 4 * nearest(x, width, from->width), 4);
	}
	check_stamp(&to, scaled);
	free(scaled);
}

static const struct {
	uint32_t width;
	uint32_t height;
} sizes[] = {
	{ 160, 120 }, { 176, 144 }, { 320, 240 }, { 640, 480 }, { 800, 600 }, { 1280, 720 },
	{ 1366, 768 }, { 1920, 1080 },
};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void every_format_and_size(void)
{
	const struct pp_format *format;

	for (unsigned int f = 0; (format = pp_format_at(f)); f++) {
		for (size_t i = 0; i < SIZES; i++) {
			struct pp_layout layout;
			uint8_t *pixels = new_picture(&layout, format->name, sizes[i].width,
						      sizes[i].height);

			draw(&layout, pixels);
			check_stamp(&layout, pixels);
			free(pixels);
		}
	}
}

static void scaled_to_every_size(void)
{
	for (size_t i = 0; i < SIZES; i++) {
		struct pp_layout layout;
		uint8_t *pixels = new_picture(&layout, "XRGB8888", sizes[i].width,
					      sizes[i].height);

		draw(&layout, pixels);
		for (size_t to = 0; to < SIZES; to++)
			check_scaled(&layout, pixels, sizes[to].width, sizes[to].height);
		free(pixels);
	}
}

static void what_is_no_stamp(void)
{
	struct pp_layout layout;
	uint8_t *pixels = new_picture(&layout, "YUYV", 640, 480);
	struct pp_stamp found;
	uint64_t bytes_read = 0;

	CHECK(pp_stamp_read(&layout, pixels, &found, &bytes_read) == PP_STAMP_NONE);
	CHECK(bytes_read == SIMSTAMP_COLUMNS * SIMSTAMP_LINES);
	draw(&layout, pixels);
	put_pixel(&layout, pixels, 15, 25, BLACK);	/* centre of cell (1, 2) */
	put_pixel(&layout, pixels, 25, 25, WHITE);
	CHECK(pp_stamp_read(&layout, pixels, &found, NULL) == PP_STAMP_DAMAGED);
	layout.width = SIMSTAMP_MIN_WIDTH - 2;
	CHECK(pp_stamp_read(&layout, pixels, &found, NULL) == PP_STAMP_NONE);
	free(pixels);
}

int main(void)
{
	every_format_and_size();
	scaled_to_every_size();
	what_is_no_stamp();
	return 0;
}
