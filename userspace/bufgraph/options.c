// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/error.h"

#define DEFAULT_INTERVAL 1.0
#define MIN_INTERVAL 0.05
#define MAX_INTERVAL 86400.0

enum option_code {
	OPTION_DOT = 256,
	OPTION_FAULTS,
	OPTION_HELP,
	OPTION_JSON,
	OPTION_REFUSALS,
	OPTION_VERSION,
	OPTION_WATCH,
};

static const struct option long_options[] = {
	{ "dot", no_argument, NULL, OPTION_DOT },
	{ "faults", no_argument, NULL, OPTION_FAULTS },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "refusals", no_argument, NULL, OPTION_REFUSALS },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "watch", optional_argument, NULL, OPTION_WATCH },
	{ 0 },
};

static void print_help(void)
{
	puts("Usage: bufgraph [option ...]\n\n"
	     "Shows which buffers there are and which devices and processes share them: from\n"
	     "simbuf.ko, from the kernel's dma_buf debugfs, or from both, and from /proc.\n\n"
	     "  --json             for programs; Documentation/bufgraph.md explains each key\n"
	     "  --dot              for Graphviz: bufgraph --dot | dot -Tsvg >graph.svg\n"
	     "  --watch[=SECONDS]  again and again, until Ctrl-C (default: every second); with\n"
	     "                     --json one line each time\n"
	     "  --refusals         also the last shares that were refused, and why\n"
	     "  --faults           also the last DMA faults\n"
	     "  --help, --version\n\n"
	     "Status: 0 shown, 1 could not read or write, 2 wrong usage.");
}

static int choose_format(struct options *options, enum format format, struct pp_error *error)
{
	if (options->format != FORMAT_TABLE && options->format != format)
		return pp_fail(error, EINVAL, "choose one of --json and --dot");
	options->format = format;
	return 0;
}

static int parse_interval(struct options *options, const char *text, struct pp_error *error)
{
	char *end;

	options->interval = DEFAULT_INTERVAL;
	if (!text)
		return 0;
	options->interval = strtod(text, &end);
	if (end == text || *end ||
	    !(options->interval >= MIN_INTERVAL && options->interval <= MAX_INTERVAL))
		return pp_fail(error, EINVAL, "--watch wants seconds from %g to %g, not \"%s\"",
			       MIN_INTERVAL, MAX_INTERVAL, text);
	return 0;
}

static int parse_option(struct options *options, int code, struct pp_error *error)
{
	switch (code) {
	case OPTION_DOT:
		return choose_format(options, FORMAT_DOT, error);
	case OPTION_FAULTS:
		options->wanted.faults = true;
		return 0;
	case OPTION_JSON:
		return choose_format(options, FORMAT_JSON, error);
	case OPTION_REFUSALS:
		options->wanted.refusals = true;
		return 0;
	default:
		return parse_interval(options, optarg, error);
	}
}

static enum options_result wrong_option(char **argv, struct pp_error *error)
{
	if (optopt && optopt <= UCHAR_MAX)
		pp_fail(error, EINVAL, "unknown option -%c; see bufgraph --help", optopt);
	else
		pp_fail(error, EINVAL,
			"unknown, ambiguous or wrongly used option %s; see bufgraph --help",
			argv[optind - 1]);
	return OPTIONS_WRONG;
}

enum options_result options_parse(struct options *options, int argc, char **argv,
				  struct pp_error *error)
{
	int code;

	*options = (struct options) { .format = FORMAT_TABLE };
	while ((code = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (code == ':' || code == '?')
			return wrong_option(argv, error);
		if (code == OPTION_HELP) {
			print_help();
			return OPTIONS_DONE;
		}
		if (code == OPTION_VERSION) {
			puts("bufgraph " LAB_VERSION);
			return OPTIONS_DONE;
		}
		if (parse_option(options, code, error))
			return OPTIONS_WRONG;
	}
	if (optind < argc) {
		pp_fail(error, EINVAL, "unknown argument \"%s\"; see bufgraph --help",
			argv[optind]);
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}
