// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: how a frame is made
 *
 * A picture is a few horizontal bands whose lines are all the same: one for
 * each line of the stamp's cells, one for the box, and those of the scene between
 * them. The scene's rows are painted when a control changes. Where the stamp or
 * the box is, one row per band is put together in a scratch row that stays in the
 * CPU's cache. Then the row is written to all places of the band at once. So
 * each byte of the frame is written once, and hardly anything is computed.
 *
 * Noise is the exception: each line is another piece of a longer one.
 *
 * Also compiled in userspace, where the tests are its device.
 */
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/simdev.h>
#include <linux/simstamp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "camsim_access.h"
#include "camsim_colour.h"
#include "camsim_format.h"
#include "camsim_paint.h"
#include "camsim_pattern.h"
#include "camsim_scene.h"
#include "camsim_stamp.h"

#define CAMSIM_BOX_RGB		0xff8000
#define CAMSIM_BOX_STEP		4	/* pixels and lines per frame */

/* Squares of the checker from top to bottom, and one more that is cut */
#define CAMSIM_MAX_SEGMENTS	20

/* The part of a noise row that a line shows begins anywhere in its first half. */
#define CAMSIM_NOISE_WIDTHS	2

/**
 * struct camsim_segment - lines of the scene that all look the same
 * @last: line after the last one.
 * @kind: of camsim_scene_line_kind().
 */
struct camsim_segment {
	u32 last;
	unsigned int kind;
};

/**
 * struct camsim_box - where the box is in a frame
 * @x: first column.
 * @y: first line.
 * @size: columns, and lines.
 */
struct camsim_box {
	u32 x;
	u32 y;
	u32 size;
};

/**
 * struct camsim_pattern - prepared rows for one layout
 * @layout: where the rows go.
 * @crop: part of the sensor that the picture shows.
 * @settings: what the rows were painted for.
 * @painted: whether they were.
 * @stamper: of the stamps.
 * @box: colour of the box.
 * @segments: the scene from top to bottom.
 * @row_size: bytes for each row in @rows.
 * @rows: for each plane, phase and kind of line, a row of the scene. Noise
 *	takes several kinds' for one that is longer.
 * @scratch: the row of the band that is being written.
 * @random: state of the noise.
 */
struct camsim_pattern {
	struct camsim_layout layout;
	struct v4l2_rect crop;
	struct camsim_settings settings;
	bool painted;
	struct camsim_stamper stamper;
	struct camsim_colour box;
	struct camsim_segment segments[CAMSIM_MAX_SEGMENTS];
	size_t row_size;
	u8 *rows;
	u8 *scratch;
	u32 random;
};

static const struct camsim_plane_format *camsim_pattern_plane(const struct camsim_pattern *pattern,
							      unsigned int plane)
{
	return &pattern->layout.format->planes[plane];
}

static u8 *camsim_pattern_row(const struct camsim_pattern *pattern, unsigned int plane,
			      unsigned int phase, unsigned int kind)
{
	size_t row = (plane * CAMSIM_MAX_PHASES + phase) * CAMSIM_MAX_LINE_KINDS + kind;

	return pattern->rows + row * pattern->row_size;
}

/* xorshift32: as good as a picture needs, and the same each time. */
static u32 camsim_pattern_random(struct camsim_pattern *pattern)
{
	u32 x = pattern->random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return pattern->random = x;
}

/* Painting the scene's rows */

static u32 camsim_pattern_rgb(const struct camsim_pattern *pattern, u32 x, unsigned int kind)
{
	u32 width = pattern->layout.width;
	u32 from = pattern->settings.hflip ? width - 1 - x : x;

	return camsim_scene_rgb(&pattern->settings,
				pattern->crop.left + from * pattern->crop.width / width, kind);
}

static void camsim_pattern_colour(const struct camsim_pattern *pattern, u32 rgb,
				  struct camsim_colour *colour)
{
	camsim_colour_init(colour, camsim_scene_adjust(&pattern->settings, rgb),
			   &pattern->layout.coding);
}

static void camsim_pattern_paint_line(struct camsim_pattern *pattern, unsigned int plane,
				      unsigned int phase, unsigned int kind)
{
	u32 width = pattern->layout.width, first, last;
	struct camsim_colour colour;
	u32 rgb, next = camsim_pattern_rgb(pattern, 0, kind);

	for (first = 0; first < width; first = last) {
		rgb = next;
		for (last = first + 1; last < width; last++) {
			next = camsim_pattern_rgb(pattern, last, kind);
			if (next != rgb)
				break;
		}
		camsim_pattern_colour(pattern, rgb, &colour);
		camsim_paint(camsim_pattern_plane(pattern, plane), phase,
			     camsim_pattern_row(pattern, plane, phase, kind), first, last,
			     &colour);
	}
}

static void camsim_pattern_paint_noise(struct camsim_pattern *pattern, unsigned int plane,
				       unsigned int phase)
{
	u8 *row = camsim_pattern_row(pattern, plane, phase, 0);
	struct camsim_colour colour;
	u32 x;

	for (x = 0; x < CAMSIM_NOISE_WIDTHS * pattern->layout.width; x++) {
		camsim_pattern_colour(pattern,
				      0x010101 * (camsim_pattern_random(pattern) >> 24), &colour);
		camsim_paint(camsim_pattern_plane(pattern, plane), phase, row, x, x + 1, &colour);
	}
}

/* The scene's kinds of lines from top to bottom; returns how many there are. */
static unsigned int camsim_pattern_divide(struct camsim_pattern *pattern)
{
	u32 height = pattern->layout.height, y, from;
	unsigned int kind, kinds = 0;
	struct camsim_segment *segment = NULL;

	for (y = 0; y < height; y++) {
		from = pattern->settings.vflip ? height - 1 - y : y;
		kind = camsim_scene_line_kind(pattern->settings.scene, pattern->crop.top +
					      from * pattern->crop.height / height);
		if (!segment || segment->kind != kind) {
			segment = segment ? segment + 1 : pattern->segments;
			segment->kind = kind;
			kinds = max(kinds, kind + 1);
		}
		segment->last = y + 1;
	}
	return kinds;
}

static void camsim_pattern_paint(struct camsim_pattern *pattern,
				 const struct camsim_settings *settings)
{
	unsigned int plane, phase, kind, kinds;

	pattern->settings = *settings;
	pattern->painted = true;
	camsim_pattern_colour(pattern, CAMSIM_BOX_RGB, &pattern->box);
	kinds = camsim_pattern_divide(pattern);

	for (plane = 0; plane < pattern->layout.format->num_planes; plane++) {
		for (phase = 0; phase < camsim_pattern_plane(pattern, plane)->phases; phase++) {
			if (settings->scene == CAMSIM_SCENE_NOISE) {
				camsim_pattern_paint_noise(pattern, plane, phase);
				continue;
			}
			for (kind = 0; kind < kinds; kind++)
				camsim_pattern_paint_line(pattern, plane, phase, kind);
		}
	}
}

/* The box */

/* Where a point is after @step steps back and forth between 0 and @range. */
static u32 camsim_bounce(u32 step, u32 range)
{
	u32 turn = 2 * max(range, 1U);
	u32 at = step % turn;

	return at < turn / 2 ? at : turn - at;
}

/*
 * The size is even, so that the box never shares chroma with the scene. It stays
 * in the lower three quarters, clear of the stamp, unless it is turned upside down.
 */
static void camsim_box_place(const struct camsim_pattern *pattern, u32 sequence,
			     struct camsim_box *box)
{
	u32 width = pattern->layout.width, height = pattern->layout.height;
	u32 top = round_up(height / 4, 2);

	*box = (struct camsim_box) { .size = round_down(min(width, height) / 8, 2) };
	if (!pattern->settings.box)
		box->size = 0;
	box->x = CAMSIM_BOX_STEP *
		 camsim_bounce(sequence, (width - box->size) / CAMSIM_BOX_STEP);
	box->y = top + CAMSIM_BOX_STEP *
		 camsim_bounce(sequence, (height - top - box->size) / CAMSIM_BOX_STEP);
	if (pattern->settings.hflip)
		box->x = width - box->size - box->x;
	if (pattern->settings.vflip)
		box->y = height - box->size - box->y;
}

/**
 * struct camsim_frame - what one frame shows
 * @box: the box; of size 0 when there is none.
 * @stamp: the stamp.
 */
struct camsim_frame {
	struct camsim_box box;
	struct camsim_stamp stamp;
};

/* Bands */

static bool camsim_box_covers(const struct camsim_box *box, u32 y)
{
	return y >= box->y && y < box->y + box->size;
}

static const struct camsim_segment *camsim_segment_at(const struct camsim_pattern *pattern, u32 y)
{
	const struct camsim_segment *segment = pattern->segments;

	while (y >= segment->last)
		segment++;
	return segment;
}

/* The line after the last one of the band that begins at line @y. */
static u32 camsim_band_end(const struct camsim_pattern *pattern, const struct camsim_frame *frame,
			   unsigned int plane, u32 y)
{
	unsigned int line = camsim_stamp_line(&pattern->stamper, &frame->stamp, y);
	u32 end = camsim_segment_at(pattern, y)->last;

	if (line < SIMSTAMP_LINES)
		end = min(end, camsim_stamp_top(&pattern->stamper, line + 1));
	if (y < frame->box.y)
		end = min(end, frame->box.y);
	else if (camsim_box_covers(&frame->box, y))
		end = min(end, frame->box.y + frame->box.size);
	if (pattern->settings.scene == CAMSIM_SCENE_NOISE)
		end = min(end, y + camsim_pattern_plane(pattern, plane)->lines);
	return end;
}

static const u8 *camsim_scene_row(struct camsim_pattern *pattern, unsigned int plane,
				  unsigned int phase, u32 y)
{
	const struct camsim_plane_format *format = camsim_pattern_plane(pattern, plane);
	const u8 *row = camsim_pattern_row(pattern, plane, phase,
					   camsim_segment_at(pattern, y)->kind);

	if (pattern->settings.scene == CAMSIM_SCENE_NOISE)
		row += camsim_pattern_random(pattern) % (pattern->layout.width / format->pixels) *
		       format->bytes;
	return row;
}

/* The row of the band at line @y: the scene's, or put together in the scratch row. */
static const u8 *camsim_band_row(struct camsim_pattern *pattern, const struct camsim_frame *frame,
				 unsigned int plane, unsigned int phase, u32 y)
{
	const u8 *row = camsim_scene_row(pattern, plane, phase, y);
	unsigned int line = camsim_stamp_line(&pattern->stamper, &frame->stamp, y);
	bool boxed = camsim_box_covers(&frame->box, y);

	if (line == SIMSTAMP_LINES && !boxed)
		return row;

	memcpy(pattern->scratch, row, pattern->layout.planes[plane].row_bytes);
	if (boxed)
		camsim_paint(camsim_pattern_plane(pattern, plane), phase, pattern->scratch,
			     frame->box.x, frame->box.x + frame->box.size, &pattern->box);
	if (line < SIMSTAMP_LINES)
		camsim_stamp_paint(&pattern->stamper, &frame->stamp, plane, phase,
				   pattern->scratch, line);
	return pattern->scratch;
}

/* A row belongs to the band of the first line that it covers. */
static int camsim_band_write(struct camsim_pattern *pattern, const struct camsim_frame *frame,
			     struct camsim_access *access, unsigned int plane,
			     u32 first, u32 last)
{
	const struct camsim_plane_format *format = camsim_pattern_plane(pattern, plane);
	size_t start = access->planes[format->mem].offset + pattern->layout.planes[plane].offset;
	size_t bytesperline = pattern->layout.planes[plane].bytesperline;
	u32 row = DIV_ROUND_UP(first, format->lines);
	u32 end = DIV_ROUND_UP(last, format->lines);
	unsigned int i;
	int err;

	for (i = 0; i < format->phases && row < end; i++, row++) {
		err = simdev_window_write_rows(&access->planes[format->mem].win,
					       start + row * bytesperline,
					       format->phases * bytesperline,
					       DIV_ROUND_UP(end - row, format->phases),
					       camsim_band_row(pattern, frame, plane,
							       row % format->phases, first),
					       pattern->layout.planes[plane].row_bytes);
		if (err)
			return err;
	}
	return 0;
}

static int camsim_plane_write(struct camsim_pattern *pattern, const struct camsim_frame *frame,
			      struct camsim_access *access, unsigned int plane)
{
	u32 first, last;
	int err;

	for (first = 0; first < pattern->layout.height; first = last) {
		last = camsim_band_end(pattern, frame, plane, first);
		err = camsim_band_write(pattern, frame, access, plane, first, last);
		if (err)
			return err;
	}
	return 0;
}

/**
 * camsim_pattern_write - write one frame
 * @pattern: the pattern.
 * @access: to the frame's buffer.
 * @settings: the controls.
 * @stamp: what the frame says about itself.
 *
 * Ends at the first DMA fault, which camsim_access_close() then reports.
 */
void camsim_pattern_write(struct camsim_pattern *pattern, struct camsim_access *access,
			  const struct camsim_settings *settings, const struct simstamp *stamp)
{
	struct camsim_frame frame;
	unsigned int plane;

	if (!pattern->painted || memcmp(&pattern->settings, settings, sizeof(*settings)))
		camsim_pattern_paint(pattern, settings);

	camsim_stamp_make(&pattern->stamper, stamp, settings->stamp, &frame.stamp);
	camsim_box_place(pattern, stamp->sequence, &frame.box);

	for (plane = 0; plane < pattern->layout.format->num_planes; plane++)
		if (camsim_plane_write(pattern, &frame, access, plane))
			return;
}

/**
 * camsim_pattern_spoil - damage a frame that was written
 * @pattern: the pattern.
 * @access: to the frame's buffer.
 *
 * A stripe through the whole width loses its content, and with it the stamp all but
 * its first line of cells: it is recognised, and its checksum is wrong.
 */
void camsim_pattern_spoil(struct camsim_pattern *pattern, struct camsim_access *access)
{
	const struct camsim_layout *layout = &pattern->layout;
	u32 first = camsim_stamp_top(&pattern->stamper, 1);
	u32 last = camsim_stamp_top(&pattern->stamper, SIMSTAMP_LINES);

	if (first == last)
		return;
	memset(pattern->scratch, 0, layout->planes[0].row_bytes);
	simdev_window_write_rows(&access->planes[0].win, access->planes[0].offset +
				 layout->planes[0].offset +
				 (size_t)first * layout->planes[0].bytesperline,
				 layout->planes[0].bytesperline, last - first, pattern->scratch,
				 layout->planes[0].row_bytes);
}

/**
 * camsim_pattern_create - prepare to write frames
 * @layout: where they go; copied.
 * @crop: the part of the sensor that is seen; copied.
 *
 * Return: the pattern, or %NULL.
 */
struct camsim_pattern *camsim_pattern_create(const struct camsim_layout *layout,
					     const struct v4l2_rect *crop)
{
	struct camsim_pattern *pattern;
	size_t rows = layout->format->num_planes * CAMSIM_MAX_PHASES * CAMSIM_MAX_LINE_KINDS;

	pattern = kzalloc_obj(*pattern);
	if (!pattern)
		return NULL;

	pattern->layout = *layout;
	pattern->crop = *crop;
	pattern->random = 1;
	camsim_stamper_init(&pattern->stamper, &pattern->layout);

	/* Also of a piece of a noise row, which begins with a whole group. */
	pattern->row_size = camsim_layout_row_size(layout);
	pattern->rows = kvcalloc(rows, pattern->row_size, GFP_KERNEL);
	pattern->scratch = kvzalloc(pattern->row_size, GFP_KERNEL);
	if (!pattern->rows || !pattern->scratch) {
		camsim_pattern_destroy(pattern);
		return NULL;
	}
	return pattern;
}

void camsim_pattern_destroy(struct camsim_pattern *pattern)
{
	kvfree(pattern->rows);
	kvfree(pattern->scratch);
	kfree(pattern);
}
