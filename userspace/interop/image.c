// SPDX-License-Identifier: MIT
#include "image.h"

#include <errno.h>
#include <linux/simstamp.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_SHIFT	24	/* of the unused byte */
#define GREEN		0x0000ff00u
#define COLOUR		0x00ffffffu

/* An odd factor: 24 bits are enough for the pixels to be all different. */
static uint32_t pattern_pixel(uint32_t number, uint32_t index)
{
	return number << NUMBER_SHIFT | (index * 0x9e3779b1u & COLOUR);
}

/* The stamp is in the green byte alone, which is where readers look. */
static void stamp_cell(uint32_t *pixels, uint32_t column, uint32_t line, bool white)
{
	uint32_t left = simstamp_cell_start(IMAGE_WIDTH, SIMSTAMP_H_CELLS, column);
	uint32_t right = simstamp_cell_start(IMAGE_WIDTH, SIMSTAMP_H_CELLS, column + 1);
	uint32_t top = simstamp_cell_start(IMAGE_HEIGHT, SIMSTAMP_V_CELLS, line);
	uint32_t bottom = simstamp_cell_start(IMAGE_HEIGHT, SIMSTAMP_V_CELLS, line + 1);

	for (uint32_t y = top; y < bottom; y++) {
		for (uint32_t x = left; x < right; x++) {
			uint32_t *pixel = &pixels[y * IMAGE_WIDTH + x];

			*pixel = (*pixel & ~GREEN) | (white ? GREEN : 0);
		}
	}
}

static void make_pattern(uint32_t *pixels, uint32_t number)
{
	const struct simstamp stamp = { .sequence = number };
	u8 bytes[SIMSTAMP_BYTES];

	for (uint32_t i = 0; i < IMAGE_PIXELS; i++)
		pixels[i] = pattern_pixel(number, i);
	simstamp_encode(&stamp, bytes);
	for (uint32_t line = 0; line < SIMSTAMP_LINES; line++) {
		for (uint32_t column = 0; column < SIMSTAMP_COLUMNS; column++)
			stamp_cell(pixels, column, line, simstamp_bit(bytes, column, line));
	}
}

int images_init(struct images *images)
{
	*images = (struct images) { 0 };
	pp_layout_init(&images->layout, pp_format_by_name("XRGB8888"), IMAGE_WIDTH, IMAGE_HEIGHT,
		       IMAGE_PITCH);
	for (uint32_t i = 0; i <= IMAGE_PATTERNS; i++) {
		images->patterns[i] = calloc(1, IMAGE_BYTES);
		if (!images->patterns[i]) {
			images_free(images);
			return -ENOMEM;
		}
		if (i)
			make_pattern(images->patterns[i], i);
	}
	return 0;
}

void images_free(struct images *images)
{
	for (uint32_t i = 0; i <= IMAGE_PATTERNS; i++)
		free(images->patterns[i]);
	*images = (struct images) { 0 };
}

/* The number of the pattern that has this pixel here, or 0. */
static uint32_t pattern_of(const struct images *images, const uint32_t *pixels, uint32_t index)
{
	uint32_t number = pixels[index] >> NUMBER_SHIFT;

	return number <= IMAGE_PATTERNS && images->patterns[number][index] == pixels[index] ?
		number : 0;
}

/* Frames leave their unused byte empty or full. */
static bool may_be_of_frame(uint32_t pixel)
{
	return pixel >> NUMBER_SHIFT == 0 || pixel >> NUMBER_SHIFT == 0xff;
}

struct count {
	uint32_t new;
	uint32_t old;
	uint32_t wrong;
	uint32_t first_wrong;
};

static void count_wrong(struct count *count, uint32_t index)
{
	if (!count->wrong++)
		count->first_wrong = index;
}

static struct count count_pattern(const struct images *images, const uint32_t *pixels,
				  const struct content *expected)
{
	struct count count = { 0 };

	for (uint32_t i = 0; i < IMAGE_PIXELS; i++) {
		uint32_t found = pattern_of(images, pixels, i);

		if (found == expected->number)
			count.new++;
		else if (found || (expected->frames_before && may_be_of_frame(pixels[i])))
			count.old++;
		else
			count_wrong(&count, i);
	}
	return count;
}

static struct count count_frame(const struct images *images, const uint32_t *pixels)
{
	struct count count = { 0 };

	for (uint32_t i = 0; i < IMAGE_PIXELS; i++) {
		if (pattern_of(images, pixels, i))
			count.old++;
		else if (may_be_of_frame(pixels[i]))
			count.new++;
		else
			count_wrong(&count, i);
	}
	return count;
}

static enum result judge(const struct count *count, const uint32_t *pixels, struct pp_error *why)
{
	if (count->wrong) {
		pp_fail(why, EILSEQ,
			"%u of %u pixels were never written, the first is 0x%08x at %u",
			count->wrong, IMAGE_PIXELS, pixels[count->first_wrong],
			count->first_wrong);
		return RESULT_CORRUPT;
	}
	if (count->old) {
		pp_fail(why, ESTALE, "%u of %u pixels are old", count->old, IMAGE_PIXELS);
		return RESULT_STALE;
	}
	return RESULT_WORKS;
}

enum result images_compare(const struct images *images, const uint32_t *pixels,
			   const struct content *expected, struct pp_error *why)
{
	struct pp_stamp stamp = { 0 };
	enum pp_stamp_status status;
	enum result result;
	struct count count;

	if (expected->kind == CONTENT_PATTERN) {
		count = count_pattern(images, pixels, expected);
		return judge(&count, pixels, why);
	}
	count = count_frame(images, pixels);
	result = judge(&count, pixels, why);
	if (result != RESULT_WORKS || expected->kind == CONTENT_ANYTHING)
		return result;
	status = pp_stamp_read(&images->layout, pixels, &stamp, NULL);
	return image_compare_stamp(status, stamp.sequence, expected, why);
}

enum result image_compare_stamp(enum pp_stamp_status status, uint32_t sequence,
				const struct content *expected, struct pp_error *why)
{
	if (status != PP_STAMP_VALID) {
		pp_fail(why, EILSEQ, "the stamp is %s",
			status == PP_STAMP_DAMAGED ? "damaged" : "not there");
		return RESULT_CORRUPT;
	}
	if (sequence != expected->number) {
		pp_fail(why, ESTALE, "the stamp says %u, not %u", sequence, expected->number);
		return RESULT_STALE;
	}
	return RESULT_WORKS;
}

const char *result_name(enum result result)
{
	static const char *const names[] = {
		[RESULT_WORKS] = "works",
		[RESULT_STALE] = "stale",
		[RESULT_REFUSED] = "refused",
		[RESULT_CORRUPT] = "corrupt",
		[RESULT_ERROR] = "error",
	};

	return names[result];
}
