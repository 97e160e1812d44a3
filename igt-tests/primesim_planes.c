// SPDX-License-Identifier: MIT
/*
 * What planes and the CRTC do with pixels, read back through the writeback connector and compared
 * with DRM's equations, worked out here in real numbers.
 */
#include <drm_fourcc.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "canvas.h"
#include "device.h"
#include "lab.h"
#include "pixels.h"
#include "plug.h"
#include "screen.h"

IGT_TEST_DESCRIPTION("primesim's planes: blending, order, rotation, scaling, colour, writeback");

enum { WIDTH = 640, HEIGHT = 480, PICTURES = 40 };

#define CRC_FILE	"/sys/kernel/debug/dri/primesim.0/crtc-0/crc/data"
#define SKIPPED_FILE	"/sys/kernel/debug/dri/primesim.0/crtc-0/crc_frames_skipped"

#define ROTATE_0	(1 << 0)
#define REFLECT_X	(1 << 4)
#define REFLECT_Y	(1 << 5)

static void start(struct lab_canvas *canvas)
{
	lab_canvas_open(canvas, lab_open_primary("primesim"), 0, WIDTH, HEIGHT);
}

static double channel(uint32_t pixel, int shift)
{
	return (pixel >> shift & 0xff) / 255.;
}

static void expect_near(uint32_t pixel, int shift, double real, double tolerance, uint32_t x,
			uint32_t y)
{
	double found = pixel >> shift & 0xff;

	real = fmin(fmax(real, 0), 1) * 255;
	igt_assert_f(fabs(found - real) <= tolerance,
		     "pixel %u, %u: %#x, channel %d should be %.2f\n",
		     x, y, pixel, shift / 8, real);
}

static void expect_colour(const struct lab_canvas *canvas, uint32_t x, uint32_t y, uint32_t rgb)
{
	igt_assert_eq_u32(*lab_picture_at(&canvas->shot, x, y) & 0xffffff, rgb);
}

static double blend(const char *mode, double plane, double alpha, double above, double below)
{
	if (!strcmp(mode, "None"))
		return plane * above + (1 - plane) * below;
	if (!strcmp(mode, "Coverage"))
		return plane * alpha * above + (1 - plane * alpha) * below;
	return plane * above + (1 - plane * alpha) * below;
}

static void check_blend(const struct lab_canvas *canvas, const struct lab_picture *below,
			const struct lab_picture *above, struct lab_place place, const char *mode,
			double plane)
{
	for (uint32_t y = 0; y < above->height; y++)
		for (uint32_t x = 0; x < above->width; x++) {
			uint32_t a = *lab_picture_at(above, x, y);
			uint32_t b = *lab_picture_at(below, place.x + x, place.y + y);
			uint32_t out = *lab_picture_at(&canvas->shot, place.x + x, place.y + y);

			for (int shift = 0; shift < 24; shift += 8)
				expect_near(out, shift, blend(mode, plane, channel(a, 24),
							      channel(a, shift),
							      channel(b, shift)), .51, x, y);
		}
}

static void blending(const char *argument)
{
	static const char *const modes[] = { "None", "Pre-multiplied", "Coverage" };
	static const uint16_t alphas[] = { 0, 0x1234, 0x8000, 0xffff };
	const struct lab_place place = { 33, 17, 96, 64 };
	struct lab_picture below, above;
	struct lab_canvas canvas;

	start(&canvas);
	lab_picture_create(&below, canvas.drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
	lab_picture_random(&below, 1);
	lab_picture_create(&above, canvas.drm, DRM_FORMAT_ARGB8888, place.width, place.height);
	lab_picture_random(&above, 2);
	lab_canvas_put(&canvas, canvas.planes[0], &below,
		       (struct lab_place){ 0, 0, WIDTH, HEIGHT });
	lab_canvas_put(&canvas, canvas.planes[1], &above, place);
	for (size_t m = 0; m < ARRAY_SIZE(modes); m++)
		for (size_t a = 0; a < ARRAY_SIZE(alphas); a++) {
			lab_canvas_set_enum(&canvas, canvas.planes[1], "pixel blend mode",
					    modes[m]);
			lab_canvas_set(&canvas, canvas.planes[1], "alpha", alphas[a]);
			lab_canvas_shoot(&canvas);
			check_blend(&canvas, &below, &above, place, modes[m], alphas[a] / 65535.);
		}
	lab_canvas_set_enum(&canvas, canvas.planes[1], "pixel blend mode", "Pre-multiplied");
	lab_canvas_close(&canvas);
	lab_picture_close(&above);
	lab_picture_close(&below);
	lab_close(canvas.drm);
}

/* Three colours that overlap, in every order; the cursor is always above them. */
static void order(const char *argument)
{
	static const uint32_t colours[] = { 0xff0000, 0x00ff00, 0x0000ff };
	static const uint32_t orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	struct lab_picture pictures[3], pointer;
	struct lab_canvas canvas;

	start(&canvas);
	igt_assert_eq_u32(canvas.plane_count, 4);
	lab_picture_create(&pointer, canvas.drm, DRM_FORMAT_XRGB8888, 16, 16);
	lab_picture_fill(&pointer, 0xffffff);
	lab_canvas_put(&canvas, canvas.planes[3], &pointer, (struct lab_place){ 90, 90, 16, 16 });
	for (int i = 0; i < 3; i++) {
		lab_picture_create(&pictures[i], canvas.drm, DRM_FORMAT_XRGB8888, 100, 100);
		lab_picture_fill(&pictures[i], colours[i]);
		lab_canvas_put(&canvas, canvas.planes[i], &pictures[i],
			       (struct lab_place){ 20 * i, 20 * i, 100, 100 });
	}
	for (size_t n = 0; n < ARRAY_SIZE(orders); n++) {
		const uint32_t *zpos = orders[n];

		for (int i = 0; i < 3; i++)
			lab_canvas_set(&canvas, canvas.planes[i], "zpos", zpos[i]);
		lab_canvas_shoot(&canvas);
		for (int i = 0; i < 3; i++)
			if (zpos[i] == 2)
				expect_colour(&canvas, 60, 60, colours[i]);
		expect_colour(&canvas, 30, 30, zpos[0] > zpos[1] ? colours[0] : colours[1]);
		expect_colour(&canvas, 110, 110, zpos[1] > zpos[2] ? colours[1] : colours[2]);
		expect_colour(&canvas, 95, 95, 0xffffff);
		expect_colour(&canvas, 10, 10, colours[0]);
		expect_colour(&canvas, 200, 200, 0);
	}
	for (int i = 0; i < 3; i++)
		lab_canvas_set(&canvas, canvas.planes[i], "zpos", i);
	lab_canvas_close(&canvas);
	for (int i = 0; i < 3; i++)
		lab_picture_close(&pictures[i]);
	lab_picture_close(&pointer);
	lab_close(canvas.drm);
}

struct grid {
	uint32_t width;
	uint32_t height;
	uint32_t pixels[64][64];
};

static struct grid grid_of(const struct lab_picture *picture)
{
	struct grid grid = { .width = picture->width, .height = picture->height };

	for (uint32_t y = 0; y < grid.height; y++)
		for (uint32_t x = 0; x < grid.width; x++)
			grid.pixels[y][x] = *lab_picture_at(picture, x, y) & 0xffffff;
	return grid;
}

static struct grid reflect(struct grid in, bool x_axis, bool y_axis)
{
	struct grid out = in;

	for (uint32_t y = 0; y < in.height; y++)
		for (uint32_t x = 0; x < in.width; x++)
			out.pixels[y_axis ? in.height - 1 - y : y][x_axis ? in.width - 1 - x : x] =
				in.pixels[y][x];
	return out;
}

/* A quarter turn counterclockwise: the right column becomes the top line. */
static struct grid quarter_turn(struct grid in)
{
	struct grid out = { .width = in.height, .height = in.width };

	for (uint32_t y = 0; y < in.height; y++)
		for (uint32_t x = 0; x < in.width; x++)
			out.pixels[in.width - 1 - x][y] = in.pixels[y][x];
	return out;
}

static void check_turned(struct lab_canvas *canvas, const struct lab_picture *picture,
			 int quarters, uint32_t reflections)
{
	struct grid grid = reflect(grid_of(picture), reflections & REFLECT_X,
				   reflections & REFLECT_Y);
	const int left = -5, top = 9;	/* some of it is off the screen */

	for (int i = 0; i < quarters; i++)
		grid = quarter_turn(grid);
	lab_canvas_put(canvas, canvas->planes[1], picture,
		       (struct lab_place){ left, top, grid.width, grid.height });
	lab_canvas_set(canvas, canvas->planes[1], "rotation", ROTATE_0 << quarters | reflections);
	lab_canvas_shoot(canvas);
	for (uint32_t y = 0; y < grid.height; y++)
		for (uint32_t x = -left; x < grid.width; x++) {
			uint32_t out = *lab_picture_at(&canvas->shot, left + x, top + y);

			igt_assert_f((out & 0xffffff) == grid.pixels[y][x],
				     "turned %d times, reflections %#x: pixel %u, %u is wrong\n",
				     quarters, reflections, x, y);
		}
}

static void rotation(const char *argument)
{
	struct lab_picture picture;
	struct lab_canvas canvas;

	start(&canvas);
	lab_picture_create(&picture, canvas.drm, DRM_FORMAT_XRGB8888, 61, 37);
	lab_picture_random(&picture, 3);
	for (int quarters = 0; quarters < 4; quarters++)
		for (uint32_t r = 0; r <= (REFLECT_X | REFLECT_Y); r += REFLECT_X)
			check_turned(&canvas, &picture, quarters, r);
	lab_canvas_set(&canvas, canvas.planes[1], "rotation", ROTATE_0);
	lab_canvas_close(&canvas);
	lab_picture_close(&picture);
	lab_close(canvas.drm);
}

static double clamp_to(double value, double first, double last)
{
	return value < first ? first : value > last ? last : value;
}

static double at(const struct lab_picture *picture, double x, double y, int shift)
{
	return channel(*lab_picture_at(picture, x, y), shift);
}

/* The four pixels around a point, by how near they are */
static double around(const struct lab_picture *picture, double x, double y, int shift)
{
	uint32_t left = x, top = y;
	uint32_t right = clamp_to(left + 1, 0, picture->width - 1);
	uint32_t bottom = clamp_to(top + 1, 0, picture->height - 1);
	double across = x - left, down = y - top;

	return (1 - down) * ((1 - across) * at(picture, left, top, shift) +
			     across * at(picture, right, top, shift)) +
	       down * ((1 - across) * at(picture, left, bottom, shift) +
		       across * at(picture, right, bottom, shift));
}

static void check_scaled(struct lab_canvas *canvas, const struct lab_picture *picture,
			 uint32_t width, uint32_t height, bool nearest)
{
	const struct lab_place place = { 40, 30, width, height };

	lab_canvas_put(canvas, canvas->planes[1], picture, place);
	lab_canvas_set_enum(canvas, canvas->planes[1], "SCALING_FILTER",
			    nearest ? "Nearest Neighbor" : "Default");
	lab_canvas_shoot(canvas);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++) {
			double px = (x + .5) * picture->width / width;
			double py = (y + .5) * picture->height / height;
			uint32_t out = *lab_picture_at(&canvas->shot, place.x + x, place.y + y);

			if (!nearest) {
				px = clamp_to(px - .5, 0, picture->width - 1);
				py = clamp_to(py - .5, 0, picture->height - 1);
			}
			for (int shift = 0; shift < 24; shift += 8)
				expect_near(out, shift, nearest ? at(picture, px, py, shift) :
							around(picture, px, py, shift), .53, x, y);
		}
}

static void scaling(const char *argument)
{
	static const struct {
		uint32_t width;
		uint32_t height;
	} sizes[] = { { 48, 32 }, { 96, 64 }, { 131, 35 }, { 17, 61 }, { 5, 200 } };
	struct lab_picture picture;
	struct lab_canvas canvas;

	start(&canvas);
	lab_picture_create(&picture, canvas.drm, DRM_FORMAT_XRGB8888, 48, 32);
	lab_picture_random(&picture, 4);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		check_scaled(&canvas, &picture, sizes[i].width, sizes[i].height, true);
		check_scaled(&canvas, &picture, sizes[i].width, sizes[i].height, false);
	}
	lab_canvas_set_enum(&canvas, canvas.planes[1], "SCALING_FILTER", "Default");

	lab_canvas_put(&canvas, canvas.planes[1], &picture, (struct lab_place){ 0, 0, 2, 32 });
	igt_assert_eq(lab_canvas_try_commit(&canvas, DRM_MODE_ATOMIC_TEST_ONLY), -ERANGE);
	lab_canvas_close(&canvas);
	lab_picture_close(&picture);
	lab_close(canvas.drm);
}

static uint32_t make_blob(const struct lab_canvas *canvas, const void *data, size_t size)
{
	uint32_t id;

	igt_assert_eq(drmModeCreatePropertyBlob(canvas->drm, data, size, &id), 0);
	return id;
}

/* Before 7.2 it is black, and DRM has no property for it. */
static bool has_background(const struct lab_canvas *canvas)
{
	return lab_has_property(canvas->drm, canvas->crtc, "BACKGROUND_COLOR");
}

static void set_background(struct lab_canvas *canvas, uint64_t colour)
{
	if (has_background(canvas))
		lab_canvas_set(canvas, canvas->crtc, "BACKGROUND_COLOR", colour);
}

/* Back to what a CRTC starts with */
static void plain_colour(struct lab_canvas *canvas)
{
	lab_canvas_set(canvas, canvas->crtc, "DEGAMMA_LUT", 0);
	lab_canvas_set(canvas, canvas->crtc, "CTM", 0);
	lab_canvas_set(canvas, canvas->crtc, "GAMMA_LUT", 0);
	set_background(canvas, 0xffffull << 48);
	lab_canvas_commit(canvas);
}

static void background(const char *argument)
{
	struct lab_canvas canvas;

	start(&canvas);
	igt_require_f(has_background(&canvas), "DRM has no property BACKGROUND_COLOR\n");
	set_background(&canvas, 0xffff123456789abcull);
	lab_canvas_shoot(&canvas);
	expect_colour(&canvas, 0, 0, 0x12569a);
	expect_colour(&canvas, WIDTH - 1, HEIGHT - 1, 0x12569a);
	plain_colour(&canvas);
	lab_canvas_close(&canvas);
	lab_close(canvas.drm);
}

/* Curves that square and invert, and a matrix between them that exchanges red and green */
static void colour_management(const char *argument)
{
	struct drm_color_lut square[256] = {}, invert[256] = {};
	const uint64_t one = 1ull << 32, half = one / 2, sign = 1ull << 63;
	const struct drm_color_ctm ctm = { { 0, one, 0, one, 0, 0, half | sign, 0, one } };
	uint32_t blobs[3];
	struct lab_picture picture;
	struct lab_canvas canvas;

	for (int i = 0; i < 256; i++) {
		uint16_t value = lround(i / 255. * i / 255. * 65535);

		square[i] = (struct drm_color_lut){ value, value, value, 0 };
		value = 65535 - i * 257;
		invert[i] = (struct drm_color_lut){ value, value, value, 0 };
	}
	start(&canvas);
	lab_picture_create(&picture, canvas.drm, DRM_FORMAT_XRGB8888, 128, 64);
	lab_picture_random(&picture, 5);
	blobs[0] = make_blob(&canvas, square, sizeof(square));
	blobs[1] = make_blob(&canvas, &ctm, sizeof(ctm));
	blobs[2] = make_blob(&canvas, invert, sizeof(invert));
	lab_canvas_put(&canvas, canvas.planes[0], &picture, (struct lab_place){ 0, 0, 128, 64 });
	lab_canvas_set(&canvas, canvas.crtc, "DEGAMMA_LUT", blobs[0]);
	lab_canvas_set(&canvas, canvas.crtc, "CTM", blobs[1]);
	lab_canvas_set(&canvas, canvas.crtc, "GAMMA_LUT", blobs[2]);
	lab_canvas_shoot(&canvas);

	for (uint32_t y = 0; y < picture.height; y++)
		for (uint32_t x = 0; x < picture.width; x++) {
			uint32_t in = *lab_picture_at(&picture, x, y);
			uint32_t out = *lab_picture_at(&canvas.shot, x, y);
			double r = pow(channel(in, 16), 2), g = pow(channel(in, 8), 2);
			double b = pow(channel(in, 0), 2);

			expect_near(out, 16, 1 - g, .52, x, y);
			expect_near(out, 8, 1 - r, .52, x, y);
			expect_near(out, 0, 1 - fmax(0, b - r / 2), .52, x, y);
		}
	expect_colour(&canvas, 300, 300, 0xffffff);

	if (has_background(&canvas)) {
		/* Red 0, green a half, blue 1 */
		set_background(&canvas, 0xffff00008000ffffull);
		lab_canvas_shoot(&canvas);
		expect_colour(&canvas, 300, 300, 0xbfff00);
	}

	plain_colour(&canvas);
	lab_canvas_close(&canvas);
	for (int i = 0; i < 3; i++)
		igt_assert_eq(drmModeDestroyPropertyBlob(canvas.drm, blobs[i]), 0);
	lab_picture_close(&picture);
	lab_close(canvas.drm);
}

/* Curves that change nothing */
static uint32_t make_identity(const struct lab_canvas *canvas)
{
	struct drm_color_lut lut[256] = {};

	for (int i = 0; i < 256; i++)
		lut[i] = (struct drm_color_lut){ i * 257, i * 257, i * 257, 0 };
	return make_blob(canvas, lut, sizeof(lut));
}

/* A framebuffer of any format in a dumb buffer of 64x48 pixels: 64x24, a line is 256 bytes. */
static uint32_t add_any_format(const struct lab_picture *memory, uint32_t format)
{
	const struct lab_format *layout = lab_format(format);
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {}, id;

	for (uint32_t i = 0; i < layout->planes; i++) {
		handles[i] = memory->dumb.handle;
		pitches[i] = memory->dumb.pitch;
		offsets[i] = i ? pitches[i] * (12 + 12 * i) : 0;
	}
	igt_assert_eq(drmModeAddFB2(memory->drm, 64, 24, format, handles, pitches, offsets, &id, 0),
		      0);
	return id;
}

/* What is shown, with and without the curves */
static void check_same(struct lab_canvas *canvas, uint32_t identity, const char *format)
{
	uint32_t *shown = malloc(canvas->shot.dumb.size);

	igt_assert(shown);
	lab_canvas_set(canvas, canvas->crtc, "GAMMA_LUT", identity);
	lab_canvas_shoot(canvas);
	memcpy(shown, canvas->shot.pixels, canvas->shot.dumb.size);
	lab_picture_fill(&canvas->shot, 0);
	lab_canvas_set(canvas, canvas->crtc, "GAMMA_LUT", 0);
	lab_canvas_shoot(canvas);
	igt_assert_f(!memcmp(shown, canvas->shot.pixels, canvas->shot.dumb.size),
		     "%s differs with curves that change nothing\n", format);
	free(shown);
}

/* Part of such a framebuffer on the first overlay, with and without the curves */
static void check_format(struct lab_canvas *canvas, uint32_t identity,
			 const struct lab_picture *memory, const struct lab_format *format,
			 uint32_t rotation)
{
	const struct lab_place place = { 7, 9, 41, 17 };
	struct lab_picture above = *memory;
	uint32_t plane = canvas->planes[1];

	above.id = add_any_format(memory, format->fourcc);
	lab_canvas_put(canvas, plane, &above, place);
	lab_canvas_set(canvas, plane, "SRC_X", 5 << 16);
	lab_canvas_set(canvas, plane, "SRC_Y", 3 << 16);
	lab_canvas_set(canvas, plane, "SRC_W", place.width << 16);
	lab_canvas_set(canvas, plane, "SRC_H", place.height << 16);
	lab_canvas_set(canvas, plane, "rotation", rotation);
	check_same(canvas, identity, format->name);
	lab_canvas_put(canvas, plane, NULL, place);
	lab_canvas_commit(canvas);
	igt_assert_eq(drmModeRmFB(canvas->drm, above.id), 0);
}

/*
 * Curves make the display compute with 16 bits a channel all the way. Without, and where nothing
 * is blended or scaled, it need not.
 */
static void eight_bits(const char *argument)
{
	struct lab_picture below, memory, pointer;
	struct lab_canvas canvas;
	uint32_t identity;

	start(&canvas);
	identity = make_identity(&canvas);
	lab_picture_create(&below, canvas.drm, DRM_FORMAT_XRGB8888, WIDTH - 40, HEIGHT);
	lab_picture_random(&below, 7);
	lab_picture_create(&memory, canvas.drm, DRM_FORMAT_XRGB8888, 64, 48);
	lab_picture_random(&memory, 8);
	lab_picture_create(&pointer, canvas.drm, DRM_FORMAT_ARGB8888, 16, 16);
	lab_picture_random(&pointer, 9);
	lab_canvas_put(&canvas, canvas.planes[0], &below,
		       (struct lab_place){ 3, 0, below.width, below.height });
	lab_canvas_put(&canvas, canvas.planes[3], &pointer, (struct lab_place){ 30, 20, 16, 16 });
	set_background(&canvas, 0xffff123456789abcull);
	lab_canvas_set_enum(&canvas, canvas.planes[1], "pixel blend mode", "None");
	for (size_t i = 0; i < lab_format_count; i++) {
		check_format(&canvas, identity, &memory, &lab_formats[i],
			     ROTATE_0 | REFLECT_X | REFLECT_Y);
		check_format(&canvas, identity, &memory, &lab_formats[i], ROTATE_0);
	}
	lab_canvas_set_enum(&canvas, canvas.planes[1], "pixel blend mode", "Pre-multiplied");
	plain_colour(&canvas);
	lab_canvas_close(&canvas);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas.drm, identity), 0);
	lab_picture_close(&pointer);
	lab_picture_close(&memory);
	lab_picture_close(&below);
	lab_close(canvas.drm);
}

static const uint32_t colours[] = { 0xffff0000, 0xff00ff00, 0xff0000ff, 0xffffff00, 0xff00ffff };

static uint32_t checksum_of_colour(uint32_t colour)
{
	struct lab_image image = lab_image_create(WIDTH, HEIGHT);
	uint32_t checksum;

	for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
		image.pixels[i] = colour;
	checksum = lab_image_checksum(&image);
	lab_image_free(&image);
	return checksum;
}

/* Reads the next frame's checksum, if there is one within the time: the number of its colour. */
static int colour_of_frame(int file, const uint32_t *checksums, int milliseconds)
{
	uint32_t frame, checksum;
	char line[64] = "";

	if (!lab_poll(file, POLLIN, milliseconds))
		return -1;
	igt_assert(read(file, line, sizeof(line) - 1) > 0);
	igt_assert_eq(sscanf(line, "%x %x", &frame, &checksum), 2);
	for (size_t i = 0; i < ARRAY_SIZE(colours); i++)
		if (checksums[i] == checksum)
			return i;
	igt_assert_f(false, "frame %u has checksum %#x, which no picture has\n", frame, checksum);
}

/*
 * Pictures of one colour, one after the other, in two framebuffers: that which is not shown any
 * more is drawn over at once. Curves make the display slow, so that it is often still read.
 */
static void whole_pictures(const char *argument)
{
	struct lab_picture pictures[2];
	uint32_t checksums[ARRAY_SIZE(colours)];
	struct lab_canvas canvas;
	uint32_t identity;
	int file = -1, last = -1;

	start(&canvas);
	identity = make_identity(&canvas);
	for (size_t i = 0; i < ARRAY_SIZE(colours); i++)
		checksums[i] = checksum_of_colour(colours[i]);
	for (int i = 0; i < 2; i++)
		lab_picture_create(&pictures[i], canvas.drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
	for (int i = 0; i < PICTURES; i++) {
		lab_picture_fill(&pictures[i % 2], colours[i % ARRAY_SIZE(colours)]);
		lab_canvas_put(&canvas, canvas.planes[0], &pictures[i % 2],
			       (struct lab_place){ 0, 0, WIDTH, HEIGHT });
		lab_canvas_set(&canvas, canvas.crtc, "GAMMA_LUT", identity);
		lab_canvas_commit(&canvas);
		if (file < 0)
			file = open(CRC_FILE, O_RDONLY | O_CLOEXEC);
		igt_require_f(file >= 0, "%s: %m\n", CRC_FILE);
		while (colour_of_frame(file, checksums, 0) >= 0)
			;
	}
	while (last != (PICTURES - 1) % (int)ARRAY_SIZE(colours)) {
		last = colour_of_frame(file, checksums, LAB_FLIP_MS);
		igt_assert(last >= 0);
	}
	lab_close(file);
	plain_colour(&canvas);
	lab_canvas_close(&canvas);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas.drm, identity), 0);
	for (int i = 0; i < 2; i++)
		lab_picture_close(&pictures[i]);
	lab_close(canvas.drm);
}

static uint64_t frames_skipped(void)
{
	char text[32] = "";
	int file = open(SKIPPED_FILE, O_RDONLY | O_CLOEXEC);

	igt_assert(file >= 0 && read(file, text, sizeof(text) - 1) > 0);
	lab_close(file);
	return strtoull(text, NULL, 0);
}

/* Reads a checksum: how many frames are between @frame and its own, which @frame is then. */
static uint32_t frames_before_next(int file, uint32_t *frame)
{
	uint32_t before = *frame;
	char line[64] = "";

	igt_assert(lab_poll(file, POLLIN, LAB_FLIP_MS));
	igt_assert(read(file, line, sizeof(line) - 1) > 0);
	*frame = strtoul(line, NULL, 16);
	igt_assert_lt(before, *frame);
	return *frame - before - 1;
}

/*
 * While something is shown that is composed within few frames: reads checksums until all that
 * was left out so far is between them, and nothing more was meanwhile. How many frames that are
 * is added to @missing. Returns what the driver counted.
 */
static uint64_t catch_up(const struct lab_canvas *canvas, int file, uint32_t *frame,
			 uint32_t *missing)
{
	uint64_t skipped, now, ns;

	do {
		skipped = frames_skipped();
		igt_assert_eq(drmCrtcGetSequence(canvas->drm, canvas->crtc, &now, &ns), 0);
		while (*frame < now)
			*missing += frames_before_next(file, frame);
	} while (frames_skipped() != skipped);
	return skipped;
}

/* Scaled and blended, which is slow; or for NULL nothing at all, which is not. */
static void show_everywhere(struct lab_canvas *canvas, const struct lab_picture *picture)
{
	struct lab_place whole = { 0, 0, canvas->mode.hdisplay, canvas->mode.vdisplay };

	for (int i = 0; i < 3; i++)
		lab_canvas_put(canvas, canvas->planes[i], picture, whole);
	lab_canvas_commit(canvas);
}

/* 240 flips a second of pictures that take far longer: all end, what is left out is counted. */
static void too_fast(const char *argument)
{
	static const drmModeModeInfo mode = {
		.clock = 297000,
		.hdisplay = 1280, .hsync_start = 1320, .hsync_end = 1360, .htotal = 1650,
		.vdisplay = 720, .vsync_start = 725, .vsync_end = 730, .vtotal = 750,
	};
	struct lab_picture pictures[2];
	struct lab_canvas canvas;
	uint32_t blob, identity, frame = 0, missing = 0;
	uint64_t before, skipped;
	int file;

	start(&canvas);
	canvas.mode = mode;
	blob = make_blob(&canvas, &mode, sizeof(mode));
	identity = make_identity(&canvas);
	for (int i = 0; i < 2; i++) {
		lab_picture_create(&pictures[i], canvas.drm, DRM_FORMAT_ARGB8888, WIDTH, HEIGHT);
		lab_picture_random(&pictures[i], i);
	}
	lab_canvas_set(&canvas, canvas.crtc, "MODE_ID", blob);
	igt_assert_eq(lab_canvas_try_commit(&canvas, DRM_MODE_ATOMIC_ALLOW_MODESET), 0);

	file = open(CRC_FILE, O_RDONLY | O_CLOEXEC);
	igt_require_f(file >= 0, "%s: %m\n", CRC_FILE);
	before = catch_up(&canvas, file, &frame, &missing);
	missing = 0;
	lab_canvas_set(&canvas, canvas.crtc, "DEGAMMA_LUT", identity);
	lab_canvas_set(&canvas, canvas.crtc, "GAMMA_LUT", identity);
	for (int i = 0; i < PICTURES; i++) {
		show_everywhere(&canvas, &pictures[i % 2]);
		while (lab_poll(file, POLLIN, 0))
			missing += frames_before_next(file, &frame);
	}
	show_everywhere(&canvas, NULL);
	plain_colour(&canvas);
	skipped = catch_up(&canvas, file, &frame, &missing) - before;
	igt_assert_lt(0, missing);
	igt_assert_eq_u64(skipped, missing);

	lab_close(file);
	lab_canvas_close(&canvas);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas.drm, identity), 0);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas.drm, blob), 0);
	for (int i = 0; i < 2; i++)
		lab_picture_close(&pictures[i]);
	lab_close(canvas.drm);
}

/* Each shot is of its own commit's picture, however fast they follow each other. */
static void writeback_of_every_commit(const char *argument)
{
	enum { SHOTS = 6 };
	struct lab_picture pictures[SHOTS];
	struct lab_canvas canvas;

	start(&canvas);
	for (int i = 0; i < SHOTS; i++) {
		lab_picture_create(&pictures[i], canvas.drm, DRM_FORMAT_XRGB8888, 64, 64);
		lab_picture_fill(&pictures[i], 0x112233 * (i + 1));
	}
	for (int i = 0; i < SHOTS; i++) {
		lab_canvas_put(&canvas, canvas.planes[0], &pictures[i],
			       (struct lab_place){ 0, 0, 64, 64 });
		lab_canvas_shoot(&canvas);
		expect_colour(&canvas, 32, 32, 0x112233 * (i + 1));
		expect_colour(&canvas, 64, 64, 0);
	}
	lab_canvas_close(&canvas);
	for (int i = 0; i < SHOTS; i++)
		lab_picture_close(&pictures[i]);
	lab_close(canvas.drm);
}

/* Each of two CRTCs has planes and a picture of its own. */
static void two_displays(const char *argument)
{
	static const uint32_t colours[] = { 0xabcdef, 0x123456 };
	struct lab_plugged plugged;
	struct lab_canvas canvases[2];
	struct lab_picture pictures[2];
	int drm;

	lab_plug_prepare(&plugged, "primesim", "two-displays");
	igt_assert_eq(lab_plug_write(&plugged, "displays", "0"), -ERANGE);
	igt_assert_eq(lab_plug_write(&plugged, "displays", "5"), -ERANGE);
	lab_plug_set(&plugged, "displays", "2");
	lab_plug_start(&plugged);
	igt_assert_eq(lab_plug_write(&plugged, "displays", "1"), -EBUSY);
	drm = lab_plugged_primary(&plugged);
	for (int i = 0; i < 2; i++) {
		struct lab_canvas *canvas = &canvases[i];

		lab_canvas_open(canvas, drm, i, WIDTH, HEIGHT);
		lab_picture_create(&pictures[i], drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
		lab_picture_fill(&pictures[i], colours[i]);
		lab_canvas_put(canvas, canvas->planes[0], &pictures[i],
			       (struct lab_place){ 0, 0, WIDTH, HEIGHT });
		lab_canvas_shoot(canvas);
	}
	for (int i = 0; i < 2; i++)
		expect_colour(&canvases[i], WIDTH / 2, HEIGHT / 2, colours[i]);

	/* A plane shows on its own CRTC only. */
	lab_canvas_set(&canvases[0], canvases[0].planes[1], "FB_ID", pictures[0].id);
	lab_canvas_set(&canvases[0], canvases[0].planes[1], "CRTC_ID", canvases[1].crtc);
	igt_assert_eq(lab_canvas_try_commit(&canvases[0], DRM_MODE_ATOMIC_TEST_ONLY), -EINVAL);
	for (int i = 0; i < 2; i++) {
		lab_canvas_close(&canvases[i]);
		lab_picture_close(&pictures[i]);
	}
	lab_close(drm);
	lab_unplug(&plugged);
}

/* A shot asked for, its device removed: the fence signals all the same. */
static void unplug_with_shots(const char *argument)
{
	struct lab_plugged plugged;
	struct lab_canvas canvas;
	int32_t fence = -1;
	int drm;

	lab_plug(&plugged, "primesim", "ideal");
	drm = lab_plugged_primary(&plugged);
	lab_canvas_open(&canvas, drm, 0, WIDTH, HEIGHT);
	lab_canvas_set(&canvas, canvas.writeback, "WRITEBACK_FB_ID", canvas.shot.id);
	lab_canvas_set(&canvas, canvas.writeback, "WRITEBACK_OUT_FENCE_PTR", (uintptr_t)&fence);
	igt_assert_eq(lab_canvas_try_commit(&canvas, DRM_MODE_ATOMIC_NONBLOCK), 0);
	lab_unplug(&plugged);
	igt_assert(lab_poll(fence, POLLIN, LAB_FLIP_MS));
	lab_close(fence);
	drmModeAtomicFree(canvas.request);
	lab_unmap(canvas.shot.pixels, canvas.shot.dumb.size);
	lab_close(drm);
}

/* Ten bits a channel, rounded to the eight that the monitor gets */
static void ten_bits(const char *argument)
{
	static const struct {
		uint32_t format;
		bool bgr;
	} formats[] = {
		{ DRM_FORMAT_XRGB2101010, false }, { DRM_FORMAT_XBGR2101010, true },
	};
	struct lab_picture picture;
	struct lab_canvas canvas;

	start(&canvas);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		lab_picture_create(&picture, canvas.drm, formats[i].format, 128, 64);
		lab_picture_random(&picture, 6);
		lab_canvas_put(&canvas, canvas.planes[1], &picture,
			       (struct lab_place){ 0, 0, 128, 64 });
		lab_canvas_shoot(&canvas);
		for (uint32_t y = 0; y < picture.height; y++)
			for (uint32_t x = 0; x < picture.width; x++) {
				uint32_t in = *lab_picture_at(&picture, x, y);
				uint32_t out = *lab_picture_at(&canvas.shot, x, y);

				for (int c = 0; c < 3; c++) {
					int from = 10 * (formats[i].bgr ? 2 - c : c);

					expect_near(out, 8 * c, (in >> from & 0x3ff) / 1023., .51,
						    x, y);
				}
			}
		lab_canvas_put(&canvas, canvas.planes[1], NULL, (struct lab_place){});
		lab_canvas_commit(&canvas);
		lab_picture_close(&picture);
	}
	lab_canvas_close(&canvas);
	lab_close(canvas.drm);
}

/* With room for 64 bits a pixel; @format may have fewer. */
static void deep_picture(struct lab_picture *picture, int drm, uint32_t format, uint32_t width,
			 uint32_t height)
{
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {};
	uint64_t offset;

	*picture = (struct lab_picture) { .drm = drm, .width = width, .height = height };
	lab_dumb_create(&picture->dumb, drm, 2 * width, height);
	igt_assert_eq(drmModeMapDumbBuffer(drm, picture->dumb.handle, &offset), 0);
	picture->pixels = lab_map(drm, picture->dumb.size, 3 /* read and write */, offset);
	handles[0] = picture->dumb.handle;
	pitches[0] = picture->dumb.pitch;
	igt_assert_eq(drmModeAddFB2(drm, width, height, format, handles, pitches, offsets,
				    &picture->id, 0), 0);
}

static uint64_t deep_pixel(const struct lab_picture *picture, uint32_t x, uint32_t y, int bits)
{
	const void *line = lab_picture_at(picture, 0, y);

	return bits == 16 ? ((const uint64_t *)line)[x] : ((const uint32_t *)line)[x];
}

/* What the display computes with 16 bits is written with 10 or 16, not by way of 8. */
static void deep_writeback(const char *argument)
{
	static const struct {
		uint32_t format;
		int bits;
		bool bgr;
	} formats[] = {
		{ DRM_FORMAT_XRGB2101010, 10, false }, { DRM_FORMAT_ARGB2101010, 10, false },
		{ DRM_FORMAT_XBGR2101010, 10, true }, { DRM_FORMAT_ABGR2101010, 10, true },
		{ DRM_FORMAT_XRGB16161616, 16, false }, { DRM_FORMAT_ARGB16161616, 16, false },
		{ DRM_FORMAT_XBGR16161616, 16, true }, { DRM_FORMAT_ABGR16161616, 16, true },
	};
	enum { SIZE = 64, HALF = 0x8000 };
	struct lab_picture source, shot;
	struct lab_canvas canvas;

	start(&canvas);
	deep_picture(&source, canvas.drm, DRM_FORMAT_XRGB16161616, SIZE, SIZE);
	/* It counts pixels of 32 bits. */
	source.width *= 2;
	lab_picture_random(&source, 7);
	source.width /= 2;
	lab_canvas_put(&canvas, canvas.planes[0], &source, (struct lab_place){ 0, 0, SIZE, SIZE });
	lab_canvas_set(&canvas, canvas.planes[0], "alpha", HALF);
	shot = canvas.shot;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const int bits = formats[i].bits;
		const uint64_t max = (1 << bits) - 1;

		deep_picture(&canvas.shot, canvas.drm, formats[i].format, WIDTH, HEIGHT);
		lab_canvas_shoot(&canvas);
		for (uint32_t n = 0; n < SIZE * SIZE * 3; n++) {
			uint32_t x = n % SIZE, y = n / SIZE % SIZE, c = n / SIZE / SIZE;
			uint64_t in = deep_pixel(&source, x, y, 16) >> 16 * c & 0xffff;
			uint64_t out = deep_pixel(&canvas.shot, x, y, bits);
			long sum = lround(in * (double)HALF / 65535);

			igt_assert_eq_u64(out >> bits * (formats[i].bgr ? 2 - c : c) & max,
					  lround(sum * (double)max / 65535));
			igt_assert_eq_u64(out >> 3 * bits, bits == 10 ? 3 : 65535);
		}
		igt_assert_eq_u64(deep_pixel(&canvas.shot, SIZE, SIZE, bits) << (64 - 3 * bits), 0);
		lab_picture_close(&canvas.shot);
	}
	canvas.shot = shot;
	lab_canvas_set(&canvas, canvas.planes[0], "alpha", 0xffff);
	lab_canvas_close(&canvas);
	lab_picture_close(&source);
	lab_close(canvas.drm);
}

#define RGB(a, b, c, d)	{ { { 4, 1, 1, { a, b, c, d } } }, { 0x4080c0 }, 1, 0 }
#define YUV(...)	{ { __VA_ARGS__ }, { 0xb54615 }, 1, 0 }
/* Of more bits than eight: the same colour, but not rounded to eight bits in between */
#define P01X(a)									\
	{ { { 2, 1, 1, { a, 100 } }, { 4, 2, 2, { a, 90, a, 180 } } }, { 0xb54615 }, 1, 1 }
#define GREY(v)		((v) * 0x010101)

/*
 * Formats that only the display knows: what fills each plane, a block of @bytes for 1/@hsub of
 * the pixels of 1/@vsub of the lines, and the colours that are shown then, from left to right.
 */
static const struct shown_format {
	uint32_t fourcc;
	struct shown_as {
		struct {
			uint8_t bytes, hsub, vsub;
			uint8_t block[4];
		} plane[3];
		uint32_t colours[8];
		uint32_t count;
		int tolerance;
	} as;
} shown_formats[] = {
	{ DRM_FORMAT_BGRA8888, RGB(0xff, 0x40, 0x80, 0xc0) },
	{ DRM_FORMAT_BGRX8888, RGB(0x12, 0x40, 0x80, 0xc0) },
	{ DRM_FORMAT_RGBA8888, RGB(0xff, 0xc0, 0x80, 0x40) },
	{ DRM_FORMAT_RGBX8888, RGB(0x12, 0xc0, 0x80, 0x40) },
	{ DRM_FORMAT_BGR565, { { { 2, 1, 1, { 0x1f, 0x04 } } }, { 0xff8200 }, 1, 0 } },
	{ DRM_FORMAT_R1, { { { 1, 8, 1, { 0xb1 } } },
			   { GREY(255), 0, GREY(255), GREY(255), 0, 0, 0, GREY(255) }, 8, 0 } },
	{ DRM_FORMAT_R2,
	  { { { 1, 4, 1, { 0x1b } } }, { 0, GREY(85), GREY(170), GREY(255) }, 4, 0 } },
	{ DRM_FORMAT_R4, { { { 1, 2, 1, { 0x3c } } }, { GREY(51), GREY(204) }, 2, 0 } },
	{ DRM_FORMAT_NV16, YUV({ 1, 1, 1, { 100 } }, { 2, 2, 1, { 90, 180 } }) },
	{ DRM_FORMAT_NV61, YUV({ 1, 1, 1, { 100 } }, { 2, 2, 1, { 180, 90 } }) },
	{ DRM_FORMAT_NV24, YUV({ 1, 1, 1, { 100 } }, { 2, 1, 1, { 90, 180 } }) },
	{ DRM_FORMAT_NV42, YUV({ 1, 1, 1, { 100 } }, { 2, 1, 1, { 180, 90 } }) },
	{ DRM_FORMAT_YVU420, YUV({ 1, 1, 1, { 100 } }, { 1, 2, 2, { 180 } }, { 1, 2, 2, { 90 } }) },
	{ DRM_FORMAT_YUV422, YUV({ 1, 1, 1, { 100 } }, { 1, 2, 1, { 90 } }, { 1, 2, 1, { 180 } }) },
	{ DRM_FORMAT_YVU422, YUV({ 1, 1, 1, { 100 } }, { 1, 2, 1, { 180 } }, { 1, 2, 1, { 90 } }) },
	{ DRM_FORMAT_YUV444, YUV({ 1, 1, 1, { 100 } }, { 1, 1, 1, { 90 } }, { 1, 1, 1, { 180 } }) },
	{ DRM_FORMAT_YVU444, YUV({ 1, 1, 1, { 100 } }, { 1, 1, 1, { 180 } }, { 1, 1, 1, { 90 } }) },
	/* The lower bits of P010 and P012 mean nothing. */
	{ DRM_FORMAT_P010, P01X(0x3f) },
	{ DRM_FORMAT_P012, P01X(0x0f) },
	{ DRM_FORMAT_P016, P01X(0) },
};

/* A framebuffer of @format, all planes in one dumb buffer */
static void shown_picture(struct lab_picture *picture, int drm, const struct shown_format *format)
{
	enum { SIZE = 64 };
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {}, at = 0, end;
	uint64_t offset;
	uint8_t *memory;

	*picture = (struct lab_picture) { .drm = drm, .width = SIZE, .height = SIZE };
	lab_dumb_create(&picture->dumb, drm, SIZE, 2 * SIZE);
	igt_assert_eq(drmModeMapDumbBuffer(drm, picture->dumb.handle, &offset), 0);
	picture->pixels = lab_map(drm, picture->dumb.size, 3 /* read and write */, offset);
	memory = (uint8_t *)picture->pixels;
	for (int i = 0; i < 3 && format->as.plane[i].bytes; i++) {
		handles[i] = picture->dumb.handle;
		offsets[i] = at;
		pitches[i] = SIZE / format->as.plane[i].hsub * format->as.plane[i].bytes;
		end = at + pitches[i] * SIZE / format->as.plane[i].vsub;
		for (; at < end; at++)
			memory[at] = format->as.plane[i].block[at % format->as.plane[i].bytes];
	}
	igt_assert_eq(drmModeAddFB2(drm, SIZE, SIZE, format->fourcc, handles, pitches, offsets,
				    &picture->id, 0), 0);
}

static void formats_of_the_display(const char *argument)
{
	const struct lab_place place = { 3, 2, 64, 64 };
	struct lab_picture picture;
	struct lab_canvas canvas;

	start(&canvas);
	for (size_t i = 0; i < ARRAY_SIZE(shown_formats); i++) {
		const struct shown_as *as = &shown_formats[i].as;

		shown_picture(&picture, canvas.drm, &shown_formats[i]);
		lab_canvas_put(&canvas, canvas.planes[1], &picture, place);
		lab_canvas_shoot(&canvas);
		for (uint32_t n = 0; n < 64 * 64; n++) {
			uint32_t wanted = as->colours[n % 64 % as->count];
			uint32_t out = *lab_picture_at(&canvas.shot, place.x + n % 64,
						       place.y + n / 64);

			for (int c = 0; c < 24; c += 8)
				igt_assert_f(abs((int)(out >> c & 0xff) -
						 (int)(wanted >> c & 0xff)) <= as->tolerance,
					     "%.4s: pixel %u is %#x\n",
					     (const char *)&shown_formats[i].fourcc, n, out);
		}
		lab_canvas_put(&canvas, canvas.planes[1], NULL, (struct lab_place){});
		lab_canvas_commit(&canvas);
		lab_picture_close(&picture);
	}
	lab_canvas_close(&canvas);
	lab_close(canvas.drm);
}

static int try_tiled(const struct lab_dumb *dumb, uint32_t width, uint32_t height,
		     uint32_t pitch, uint32_t *id)
{
	uint32_t handles[4] = { dumb->handle }, pitches[4] = { pitch }, offsets[4] = {};
	uint64_t modifiers[4] = { DRM_FORMAT_MOD_GENERIC_16_16_TILE };

	return drmModeAddFB2WithModifiers(dumb->drm, width, height, DRM_FORMAT_XRGB8888, handles,
					  pitches, offsets, modifiers, id, DRM_MODE_FB_MODIFIERS);
}

/* Tiles of 16x16 pixels one after the other, in each of them its lines */
static void tiled(const char *argument)
{
	enum { TILES = 5, SIDE = TILES * 16, SHOWN = SIDE - 3 };
	struct lab_picture picture = {};
	struct lab_canvas canvas;
	uint64_t offset;
	uint32_t *pixels, n = 0;

	start(&canvas);
	picture.width = SHOWN;
	picture.height = SHOWN;
	lab_dumb_create(&picture.dumb, canvas.drm, SIDE, SIDE);
	igt_assert_eq(drmModeMapDumbBuffer(canvas.drm, picture.dumb.handle, &offset), 0);
	pixels = lab_map(canvas.drm, picture.dumb.size, 3 /* read and write */, offset);
	for (uint32_t row = 0; row < TILES; row++)
		for (uint32_t column = 0; column < TILES; column++)
			for (uint32_t y = 0; y < 16; y++)
				for (uint32_t x = 0; x < 16; x++)
					pixels[n++] = (row * 16 + y) << 12 | (column * 16 + x);

	igt_assert_eq(try_tiled(&picture.dumb, SHOWN, SHOWN, SIDE * 4 - 4, &picture.id), -EINVAL);
	igt_assert_eq(try_tiled(&picture.dumb, SHOWN, SHOWN + 4096, SIDE * 4, &picture.id),
		      -EINVAL);
	igt_assert_eq(try_tiled(&picture.dumb, SHOWN, SHOWN, SIDE * 4, &picture.id), 0);
	lab_canvas_put(&canvas, canvas.planes[1], &picture,
		       (struct lab_place){ 0, 0, SHOWN, SHOWN });
	lab_canvas_shoot(&canvas);
	for (uint32_t y = 0; y < SHOWN; y++)
		for (uint32_t x = 0; x < SHOWN; x++)
			expect_colour(&canvas, x, y, y << 12 | x);

	lab_canvas_close(&canvas);
	igt_assert_eq(drmModeRmFB(canvas.drm, picture.id), 0);
	lab_unmap(pixels, picture.dumb.size);
	lab_dumb_close(&picture.dumb);
	lab_close(canvas.drm);
}

static const struct lab_test tests[] = {
	{ "blending", blending,
	  "Blend modes and plane alpha are DRM's equations, rounded to nearest." },
	{ "order", order, "zpos decides what is above what; the cursor is above everything." },
	{ "rotation", rotation,
	  "All rotations and reflections, where part of the plane is off the screen." },
	{ "scaling", scaling,
	  "Planes are scaled, mixing the pixels around or taking the nearest one." },
	{ "formats", formats_of_the_display,
	  "Each format that only the display knows shows the colours that it stands for." },
	{ "deep-writeback", deep_writeback,
	  "What is written with 10 or 16 bits a channel is not rounded to eight." },
	{ "ten-bits", ten_bits,
	  "Formats with ten bits a channel are rounded to what the monitor gets." },
	{ "tiled", tiled,
	  "Tiles of 16x16 pixels are put together; a pitch or size that does not fit is refused." },
	{ "colour-management", colour_management,
	  "Degamma, matrix, gamma are applied in this order to planes and background." },
	{ "background", background, "What no plane covers has the CRTC's background colour." },
	{ "eight-bits", eight_bits,
	  "What is shown as it is in memory is the same with curves that change nothing." },
	{ "whole-pictures", whole_pictures,
	  "A checksum is one picture's, also where a flip comes before its pixels were read." },
	{ "too-fast", too_fast,
	  "Of flips that are faster than the composer none waits; frames left out are counted." },
	{ "writeback-of-every-commit", writeback_of_every_commit,
	  "What is written is what its commit shows." },
	{ "two-displays", two_displays,
	  "Two CRTCs show different pictures, each with its own planes." },
	{ "unplug-with-shots", unplug_with_shots,
	  "The fence of a writeback signals though the device is removed." },
};

igt_main()
{
	lab_run(tests, NULL);
}
