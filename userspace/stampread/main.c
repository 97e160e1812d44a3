// SPDX-License-Identifier: MIT
/* stampread - print the camera's stamp in a PNG picture, or in each of a file of raw frames. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/error.h"
#include "../lib/picture.h"
#include "../lib/stamp.h"

#define MAX_SIDE 16384

enum status {
	STATUS_VALID,
	STATUS_NONE,
	STATUS_UNREADABLE,
};

struct options {
	const struct pp_format *raw;	/* of the frames in the file; NULL: it is a picture */
	uint32_t width;
	uint32_t height;
	uint32_t pitch;
	const char *file;
};

static const struct option long_options[] = {
	{ "raw", required_argument, NULL, 'r' },
	{ "size", required_argument, NULL, 's' },
	{ "pitch", required_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int print_help(FILE *to, enum status status)
{
	fputs("Usage: stampread FILE.png\n"
	      "       stampread --raw FORMAT --size WxH [--pitch BYTES] FILE\n\n"
	      "Prints the stamp that camsim left in a picture: \"SEQUENCE TIMESTAMP CAMERA\",\n"
	      "the time in nanoseconds of CLOCK_MONOTONIC.\n\n"
	      "  --raw FORMAT   the file holds raw frames one after the other, as v4l2-ctl\n"
	      "                 --stream-to writes them: a line for each. FORMAT:", to);
	for (unsigned int i = 0; pp_format_at(i); i++)
		fprintf(to, "%s%s", i % 8 ? " " : "\n                 ", pp_format_at(i)->name);
	fputs("\n                 or the four letters by which v4l2-ctl calls it\n"
	      "  --size WxH     of the raw frames\n"
	      "  --pitch BYTES  from one line of them to the next, where it is not the least\n\n"
	      "Status: 0 found, 1 a picture or frame without a valid stamp, 2 not readable.\n", to);
	return (int)status;
}

static int parse_number(const char *text, char end, uint32_t *number, const char **rest)
{
	char *after;
	unsigned long value = strtoul(text, &after, 10);

	if (after == text || *after != end || !value || value > MAX_SIDE * 16ul)
		return -1;
	*number = value;
	*rest = after + 1;
	return 0;
}

static int parse_option(int option, const char *value, struct options *options)
{
	const char *rest;

	switch (option) {
	case 'r':
		options->raw = pp_format_by_name(value);
		return options->raw ? 0 : -1;
	case 's':
		if (parse_number(value, 'x', &options->width, &rest))
			return -1;
		return parse_number(rest, '\0', &options->height, &rest);
	case 'p':
		return parse_number(value, '\0', &options->pitch, &rest);
	default:
		return -1;
	}
}

static int parse_options(int argc, char **argv, struct options *options)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'h')
			exit(print_help(stdout, STATUS_VALID));
		if (parse_option(option, optarg, options))
			return -1;
	}
	if (optind != argc - 1 || !options->raw != !options->width)
		return -1;
	options->file = argv[optind];
	return 0;
}

static enum status print_stamp(const struct pp_layout *layout, const void *pixels, const char *what)
{
	enum pp_stamp_status found;
	struct pp_stamp stamp;

	found = pp_stamp_read(layout, pixels, &stamp, NULL);
	if (found != PP_STAMP_VALID) {
		fprintf(stderr, "stampread: %s: %s\n", what,
			found == PP_STAMP_NONE ? "no stamp" : "the stamp is damaged");
		return STATUS_NONE;
	}
	printf("%" PRIu32 " %" PRIu64 " %u\n", stamp.sequence, stamp.timestamp_ns, stamp.camera);
	return STATUS_VALID;
}

static enum status read_picture(const char *file)
{
	struct pp_layout layout;
	struct pp_error error;
	enum status status;
	void *pixels;

	if (pp_png_read(file, &layout, &pixels, &error)) {
		fprintf(stderr, "stampread: %s\n", error.text);
		return STATUS_UNREADABLE;
	}
	status = print_stamp(&layout, pixels, file);
	free(pixels);
	return status;
}

/* A line for each frame. What is left at the end must not be part of one. */
static enum status read_frames(FILE *file, const char *name, const struct pp_layout *layout)
{
	enum status status = STATUS_VALID;
	unsigned int frames = 0;
	char *what;
	void *pixels;
	size_t got;

	pixels = malloc(layout->size);
	if (!pixels)
		return STATUS_UNREADABLE;
	while ((got = fread(pixels, 1, layout->size, file)) == layout->size) {
		if (asprintf(&what, "%s, frame %u", name, frames++) < 0)
			break;
		if (print_stamp(layout, pixels, what))
			status = STATUS_NONE;
		free(what);
	}
	free(pixels);
	if (!frames || got) {
		fprintf(stderr, "stampread: %s: %u frames of %zu bytes, and %zu bytes\n", name,
			frames, layout->size, got);
		return STATUS_UNREADABLE;
	}
	return status;
}

static enum status read_raw(const struct options *options)
{
	struct pp_layout layout;
	enum status status;
	FILE *file;

	file = fopen(options->file, "rb");
	if (!file) {
		fprintf(stderr, "stampread: cannot read %s: %m\n", options->file);
		return STATUS_UNREADABLE;
	}
	pp_layout_init(&layout, options->raw, options->width, options->height, options->pitch);
	status = read_frames(file, options->file, &layout);
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };

	if (parse_options(argc, argv, &options))
		return print_help(stderr, STATUS_UNREADABLE);
	return (int)(options.raw ? read_raw(&options) : read_picture(options.file));
}
