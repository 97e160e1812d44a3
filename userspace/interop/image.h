/* SPDX-License-Identifier: MIT */
/*
 * What is written into a shared buffer, and what is found in it. Pure logic.
 *
 * The buffer is a picture of 640x480 XRGB8888. A pattern fills it with pixels that
 * are all different and carry the pattern's number in their unused byte, so that
 * each pixel tells which write it comes from; and it bears a camera's stamp with
 * that number, for readers that see the stamp only.
 */
#ifndef INTEROP_IMAGE_H
#define INTEROP_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/error.h"
#include "../lib/stamp.h"

#define IMAGE_WIDTH	640
#define IMAGE_HEIGHT	480
#define IMAGE_PITCH	(IMAGE_WIDTH * 4)
#define IMAGE_PIXELS	(IMAGE_WIDTH * IMAGE_HEIGHT)
#define IMAGE_BYTES	(IMAGE_PIXELS * 4)

/* Patterns are numbered from 1. */
#define IMAGE_PATTERNS	9

/* Results of a try, from the best to the worst */
enum result {
	RESULT_WORKS,
	RESULT_STALE,		/* what was there before, or some of it */
	RESULT_REFUSED,
	RESULT_CORRUPT,		/* neither what was written nor what was there before */
	RESULT_ERROR,		/* could not be tried */
};

enum content_kind {
	CONTENT_PATTERN,
	CONTENT_STAMPED,	/* a camsim's frame: its number is in the stamp */
	CONTENT_ANYTHING,	/* another camera's frame */
};

struct content {
	enum content_kind kind;
	uint32_t number;	/* of the pattern, or in the stamp */
	bool frames_before;	/* a camera has written to the buffer, too */
};

/* All patterns, made once. */
struct images {
	uint32_t *patterns[IMAGE_PATTERNS + 1];		/* [0]: nothing but zeroes */
	struct pp_layout layout;
};

/* 0 or -ENOMEM. */
int images_init(struct images *images);
void images_free(struct images *images);

/*
 * Compares all pixels with what was written last. Patterns with other numbers were
 * in the buffer before. @why: what is wrong, unless it works.
 */
enum result images_compare(const struct images *images, const uint32_t *pixels,
			   const struct content *expected, struct pp_error *why);
/* The same for a reader that knows no more than the stamp. */
enum result image_compare_stamp(enum pp_stamp_status status, uint32_t sequence,
				const struct content *expected, struct pp_error *why);

const char *result_name(enum result result);

#endif
