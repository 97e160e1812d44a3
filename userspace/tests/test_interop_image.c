// SPDX-License-Identifier: MIT
/* What the interop matrix makes of the pixels it finds: each verdict must be possible. */
#include <string.h>

#include "../interop/image.h"
#include "test.h"

static struct images images;
static uint32_t pixels[IMAGE_PIXELS];
static struct pp_error why;

static enum result compare(enum content_kind kind, uint32_t number, bool frames_before)
{
	const struct content expected = {
		.kind = kind, .number = number, .frames_before = frames_before,
	};

	return images_compare(&images, pixels, &expected, &why);
}

static void put_pattern(uint32_t number, uint32_t first, uint32_t count)
{
	memcpy(pixels + first, images.patterns[number] + first, count * sizeof(*pixels));
}

static void patterns(void)
{
	put_pattern(2, 0, IMAGE_PIXELS);
	CHECK(compare(CONTENT_PATTERN, 2, false) == RESULT_WORKS);
	CHECK(compare(CONTENT_PATTERN, 3, false) == RESULT_STALE);

	put_pattern(1, IMAGE_PIXELS - 1, 1);
	CHECK(compare(CONTENT_PATTERN, 2, false) == RESULT_STALE);
	CHECK(strstr(why.text, "1 of 307200 pixels are old"));
}

static void corrupted_patterns(void)
{
	/* Two pixels in each other's place, as with pages in the wrong order. */
	put_pattern(2, 0, IMAGE_PIXELS);
	pixels[5] = images.patterns[2][6];
	CHECK(compare(CONTENT_PATTERN, 2, false) == RESULT_CORRUPT);
	put_pattern(2, 0, IMAGE_PIXELS);
	pixels[7] = 0;
	CHECK(compare(CONTENT_PATTERN, 2, false) == RESULT_CORRUPT);
	/* Black is what a frame may have left there. */
	CHECK(compare(CONTENT_PATTERN, 2, true) == RESULT_STALE);
}

/* A frame as camsim makes it: no pixel of a pattern, the stamp in the green byte. */
static void put_frame(uint32_t sequence)
{
	put_pattern(sequence, 0, IMAGE_PIXELS);
	for (uint32_t i = 0; i < IMAGE_PIXELS; i++)
		pixels[i] |= 0xff000000;
}

static void frames(void)
{
	put_frame(4);
	CHECK(compare(CONTENT_STAMPED, 4, false) == RESULT_WORKS);
	CHECK(compare(CONTENT_STAMPED, 5, false) == RESULT_STALE);
	CHECK(compare(CONTENT_ANYTHING, 0, false) == RESULT_WORKS);

	put_pattern(3, 1000, 10);
	CHECK(compare(CONTENT_STAMPED, 4, false) == RESULT_STALE);
	CHECK(compare(CONTENT_ANYTHING, 0, false) == RESULT_STALE);

	put_frame(4);
	memset(pixels, 0xff, IMAGE_PITCH * 40);
	CHECK(compare(CONTENT_STAMPED, 4, false) == RESULT_CORRUPT);
}

int main(void)
{
	CHECK(!images_init(&images));
	patterns();
	corrupted_patterns();
	frames();
	images_free(&images);
	return 0;
}
