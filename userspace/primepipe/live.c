// SPDX-License-Identifier: MIT
#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INTERVAL_NS 250000000

static bool can_rewrite_lines(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

void live_start(struct live *live, bool quiet)
{
	*live = (struct live) {
		.on = !quiet && can_rewrite_lines(),
		.printed_ns = pp_now_ns(),
	};
}

void live_update(struct live *live, const struct pipeline *p)
{
	const struct counters *counters = &p->counters;
	uint64_t now = pp_now_ns();
	uint64_t passed = now - live->printed_ns;

	if (!live->on || passed < INTERVAL_NS)
		return;
	printf("\r\033[Kframe %u  %.1f fps  %.1f ms from camera to screen  %llu dropped",
	       p->last_sequence,
	       (double)(counters->frames - live->printed_frames) * 1e9 / (double)passed,
	       counters->last_flip_us / 1e3,
	       (unsigned long long)(counters->dropped_by_camera + counters->dropped_by_display));
	fflush(stdout);
	live->printed_ns = now;
	live->printed_frames = counters->frames;
}

void live_end(struct live *live)
{
	if (!live->on)
		return;
	fputs("\r\033[K", stdout);
	fflush(stdout);
}
