// SPDX-License-Identifier: MIT
/* bufgraph - who shares what with whom. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/error.h"
#include "graph.h"
#include "options.h"
#include "print.h"

#define CLEAR_SCREEN "\033[H\033[2J"

enum status {
	STATUS_SHOWN,
	STATUS_FAILED,
	STATUS_USAGE,
};

static enum status complain(const struct pp_error *error, enum status status)
{
	fprintf(stderr, "bufgraph: %s\n", error->text);
	return status;
}

static void print(const struct graph *graph, const struct options *options)
{
	switch (options->format) {
	case FORMAT_JSON:
		print_json(graph, &options->wanted, !options->interval, stdout);
		break;
	case FORMAT_DOT:
		print_dot(graph, stdout);
		break;
	case FORMAT_TABLE:
		if (options->interval && isatty(STDOUT_FILENO))
			fputs(CLEAR_SCREEN, stdout);
		print_table(graph, &options->wanted, stdout);
		break;
	}
}

static int show(const struct options *options, struct pp_error *error)
{
	struct graph graph = { 0 };
	int ret = sources_read(&graph, &options->wanted, error);

	if (!ret)
		print(&graph, options);
	graph_free(&graph);
	if (!ret && (fflush(stdout) || ferror(stdout)))
		ret = pp_fail(error, EIO, "cannot write: %s", strerror(errno));
	return ret;
}

static void wait_for(double seconds)
{
	struct timespec time = { .tv_sec = (time_t)seconds };

	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
	nanosleep(&time, NULL);
}

/* Until Ctrl-C, or until there is nothing to read or to write to any more. */
static int show_as_asked(const struct options *options, struct pp_error *error)
{
	int ret = show(options, error);

	while (!ret && options->interval) {
		wait_for(options->interval);
		if (options->format == FORMAT_TABLE && !isatty(STDOUT_FILENO))
			putchar('\n');
		ret = show(options, error);
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct pp_error error = { "" };
	struct options options;

	switch (options_parse(&options, argc, argv, &error)) {
	case OPTIONS_DONE:
		return STATUS_SHOWN;
	case OPTIONS_WRONG:
		return complain(&error, STATUS_USAGE);
	case OPTIONS_RUN:
		break;
	}
	if (show_as_asked(&options, &error))
		return complain(&error, STATUS_FAILED);
	return STATUS_SHOWN;
}
