/* SPDX-License-Identifier: MIT */
/* What the user asked for. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "readers.h"

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_DOT,
};

struct options {
	enum format format;
	struct wanted wanted;
	double interval;	/* seconds; 0: once */
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_DONE,		/* all that was asked for is printed */
	OPTIONS_WRONG,		/* and @error says why */
};

enum options_result options_parse(struct options *options, int argc, char **argv,
				  struct pp_error *error);

#endif
