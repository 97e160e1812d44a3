// SPDX-License-Identifier: MIT
#include "busy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/error.h"

#define SCHEDSTAT "/proc/schedstat"

/* The seventh number of a processor's line is the time that tasks have run there. */
static uint64_t sum_of(FILE *file)
{
	char line[512];
	uint64_t sum = 0, ns;

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "cpu%*u %*u %*u %*u %*u %*u %*u %" SCNu64, &ns) == 1)
			sum += ns;
	}
	return sum;
}

int busy_ns(uint64_t *ns, struct pp_error *error)
{
	FILE *file;

	/* What runs is counted when it makes room for others. */
	usleep(1);
	file = fopen(SCHEDSTAT, "re");
	if (!file)
		return pp_fail(error, errno, "%s: %s", SCHEDSTAT, strerror(errno));
	*ns = sum_of(file);
	fclose(file);
	return *ns ? 0 : pp_fail(error, EIO, "%s tells no time", SCHEDSTAT);
}
