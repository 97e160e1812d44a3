/* SPDX-License-Identifier: MIT */
/* One line on the terminal that says how it goes. */
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline.h"

struct live {
	bool on;
	uint64_t printed_ns;	/* when, and how many frames there were */
	uint64_t printed_frames;
};

/* Stays silent when @quiet, or when standard output is no terminal that can. */
void live_start(struct live *live, bool quiet);
void live_update(struct live *live, const struct pipeline *pipeline);
void live_end(struct live *live);

#endif
