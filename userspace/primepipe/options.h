/* SPDX-License-Identifier: MIT */
/* What the user asked for. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/format.h"
#include "route.h"

struct pp_error;

/* Strings belong to argv. NULL: choose by driver. */
struct options {
	const struct route *route;
	const struct pp_format *format;
	const char *camera;
	const char *gpu;
	const char *display;
	uint32_t width;
	uint32_t height;
	unsigned int fps;
	unsigned int frames;	/* 0: until interrupted */
	bool copy;
	bool early_fences;
	bool quiet;
	const char *json;
	const char *trace;
	const char *png;
	const char *midway;	/* shell command */
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_DONE,		/* all that was asked for is printed */
	OPTIONS_WRONG,		/* and @error says why */
};

enum options_result options_parse(struct options *options, int argc, char **argv,
				  struct pp_error *error);

#endif
