// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/error.h"

#define MAX_SIDE 16384
#define MAX_FPS 1000
#define MAX_FRAMES 100000000

enum option_code {
	OPTION_CAMERA = 256,
	OPTION_COPY,
	OPTION_DISPLAY,
	OPTION_EARLY_FENCES,
	OPTION_FORMAT,
	OPTION_FPS,
	OPTION_FRAMES,
	OPTION_GPU,
	OPTION_HELP,
	OPTION_JSON,
	OPTION_MIDWAY,
	OPTION_PNG,
	OPTION_QUIET,
	OPTION_ROUTE,
	OPTION_SIZE,
	OPTION_TRACE,
	OPTION_VERSION,
};

static const struct option long_options[] = {
	{ "camera", required_argument, NULL, OPTION_CAMERA },
	{ "copy", no_argument, NULL, OPTION_COPY },
	{ "display", required_argument, NULL, OPTION_DISPLAY },
	{ "early-fences", no_argument, NULL, OPTION_EARLY_FENCES },
	{ "format", required_argument, NULL, OPTION_FORMAT },
	{ "fps", required_argument, NULL, OPTION_FPS },
	{ "frames", required_argument, NULL, OPTION_FRAMES },
	{ "gpu", required_argument, NULL, OPTION_GPU },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "midway", required_argument, NULL, OPTION_MIDWAY },
	{ "png", required_argument, NULL, OPTION_PNG },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "route", required_argument, NULL, OPTION_ROUTE },
	{ "size", required_argument, NULL, OPTION_SIZE },
	{ "trace", required_argument, NULL, OPTION_TRACE },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 },
};

/* Those that the GPU can read */
static void print_formats(void)
{
	const struct pp_format *format;

	printf("  --format NAME      of the camera's pictures:\n                    ");
	for (unsigned int i = 0; (format = pp_format_at(i)); i++) {
		if (format->drm)
			printf(" %s", format->name);
	}
	printf("\n                     (default YUYV; with --route direct XRGB8888)\n");
}

static void print_help(void)
{
	const struct route *route;

	printf("Usage: primepipe [option ...]\n\n"
	       "Runs camera -> GPU -> display without copies and proves it.\n\n"
	       "  --route NAME       who allocates and who shows (default gpu-alloc):\n");
	for (unsigned int i = 0; (route = route_at(i)); i++)
		printf("      %-12s   %s\n", route->name, route->summary);
	printf("  --camera PATH      V4L2 node (default: the first that is camsim's)\n"
	       "  --gpu PATH         render node (default: the first that is primesim's)\n"
	       "  --display PATH     primary node (default: the first of the route's driver)\n"
	       "  --size WxH         of the camera's pictures (default 1280x720)\n");
	print_formats();
	printf("  --fps N            frames per second (default 30)\n"
	       "  --frames N         show N frames, 0: until Ctrl-C (default 300)\n"
	       "  --copy             the same job with mmap and memcpy between the stages\n"
	       "  --early-fences     queue the second half of the frames before they exist\n"
	       "  --json FILE        write the report to FILE\n"
	       "  --trace FILE       write when each frame was where, for ui.perfetto.dev\n"
	       "  --png FILE         write the last picture shown to FILE\n"
	       "  --midway COMMAND   run a shell command when half of the frames are shown\n"
	       "  --quiet            no live line and no table\n"
	       "  --help, --version\n\n"
	       "Status: 0 proven, 1 not proven or broken off, 2 could not start.\n");
}

static int parse_number(const char *name, const char *text, unsigned int min, unsigned int max,
			unsigned int *number, struct pp_error *error)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || text[0] == '-' || value < min || value > max)
		return pp_fail(error, EINVAL, "--%s wants a number from %u to %u, not \"%s\"", name,
			       min, max, text);
	*number = (unsigned int)value;
	return 0;
}

static int parse_size(struct options *options, const char *text, struct pp_error *error)
{
	unsigned int width, height;
	char rest;

	if (sscanf(text, "%5ux%5u%c", &width, &height, &rest) != 2 || !width || !height ||
	    width > MAX_SIDE || height > MAX_SIDE)
		return pp_fail(error, EINVAL,
			       "--size wants WIDTHxHEIGHT, as in 1280x720, not \"%s\"", text);
	options->width = width;
	options->height = height;
	return 0;
}

static int parse_route(struct options *options, const char *text, struct pp_error *error)
{
	options->route = route_by_name(text);
	if (!options->route)
		return pp_fail(error, EINVAL,
			       "there is no --route \"%s\"; see primepipe --help for those there are",
			       text);
	return 0;
}

static int parse_format(struct options *options, const char *text, struct pp_error *error)
{
	options->format = pp_format_by_name(text);
	if (!options->format || !options->format->drm)
		return pp_fail(error, EINVAL,
			       "there is no --format \"%s\"; see primepipe --help for those there are",
			       text);
	return 0;
}

static int parse_option(struct options *options, int code, const char *argument,
			struct pp_error *error)
{
	switch (code) {
	case OPTION_CAMERA:
		options->camera = argument;
		return 0;
	case OPTION_COPY:
		options->copy = true;
		return 0;
	case OPTION_DISPLAY:
		options->display = argument;
		return 0;
	case OPTION_EARLY_FENCES:
		options->early_fences = true;
		return 0;
	case OPTION_FORMAT:
		return parse_format(options, argument, error);
	case OPTION_FPS:
		return parse_number("fps", argument, 1, MAX_FPS, &options->fps, error);
	case OPTION_FRAMES:
		return parse_number("frames", argument, 0, MAX_FRAMES, &options->frames, error);
	case OPTION_GPU:
		options->gpu = argument;
		return 0;
	case OPTION_JSON:
		options->json = argument;
		return 0;
	case OPTION_MIDWAY:
		options->midway = argument;
		return 0;
	case OPTION_PNG:
		options->png = argument;
		return 0;
	case OPTION_QUIET:
		options->quiet = true;
		return 0;
	case OPTION_TRACE:
		options->trace = argument;
		return 0;
	case OPTION_ROUTE:
		return parse_route(options, argument, error);
	default:
		return parse_size(options, argument, error);
	}
}

static int check_early_fences(const struct options *options, struct pp_error *error)
{
	if (!options->early_fences)
		return 0;
	if (options->copy)
		return pp_fail(error, EINVAL,
			       "--copy cannot copy what does not exist; leave out --early-fences");
	if (!route_converts(options->route))
		return pp_fail(error, EINVAL,
			       "--early-fences needs a route with a GPU, not direct");
	if (options->frames < 2)
		return pp_fail(error, EINVAL,
			       "--early-fences compares halves; use --frames 2 or more");
	return 0;
}

/* What is right for each option alone can still be wrong together. */
static int check_together(struct options *options, struct pp_error *error)
{
	if (!options->format)
		options->format =
			pp_format_by_name(route_converts(options->route) ? "YUYV" : "XRGB8888");
	if (route_converts(options->route))
		return 0;
	if (options->format != pp_format_by_name("XRGB8888"))
		return pp_fail(error, EINVAL,
			       "--route direct has no GPU to convert %s; use --format XRGB8888",
			       options->format->name);
	if (options->gpu)
		return pp_fail(error, EINVAL, "--route direct has no GPU; leave out --gpu");
	return 0;
}

static enum options_result wrong_option(int code, char **argv, struct pp_error *error)
{
	if (code == ':')
		pp_fail(error, EINVAL, "a value is missing after %s", argv[optind - 1]);
	else if (optopt && optopt <= UCHAR_MAX)
		pp_fail(error, EINVAL, "unknown option -%c; see primepipe --help", optopt);
	else
		pp_fail(error, EINVAL, "unknown or ambiguous option %s; see primepipe --help",
			argv[optind - 1]);
	return OPTIONS_WRONG;
}

/* Better to know now than after the run. */
static int check_writable(const char *path, struct pp_error *error)
{
	int fd;

	if (!path)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return pp_fail(error, errno, "cannot write %s: %s", path, strerror(errno));
	close(fd);
	return 0;
}

enum options_result options_parse(struct options *options, int argc, char **argv,
				  struct pp_error *error)
{
	int code;

	*options = (struct options) {
		.route = route_at(0),
		.width = 1280,
		.height = 720,
		.fps = 30,
		.frames = 300,
	};
	while ((code = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (code == ':' || code == '?')
			return wrong_option(code, argv, error);
		if (code == OPTION_HELP) {
			print_help();
			return OPTIONS_DONE;
		}
		if (code == OPTION_VERSION) {
			puts("primepipe " LAB_VERSION);
			return OPTIONS_DONE;
		}
		if (parse_option(options, code, optarg, error))
			return OPTIONS_WRONG;
	}
	if (optind < argc) {
		pp_fail(error, EINVAL, "unknown argument \"%s\"; see primepipe --help",
			argv[optind]);
		return OPTIONS_WRONG;
	}
	if (check_together(options, error) || check_early_fences(options, error) ||
	    check_writable(options->json, error) || check_writable(options->trace, error) ||
	    check_writable(options->png, error))
		return OPTIONS_WRONG;
	return OPTIONS_RUN;
}
