// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "events.h"

#define EVENTS	"/sys/kernel/tracing/events"
/* A histogram wants a key; of this one there are few, so that none is dropped. */
#define COUNT	"hist:keys=common_cpu"

static bool set_trigger(const char *event, const char *trigger)
{
	char path[128];
	bool is_set;
	int fd;

	snprintf(path, sizeof(path), EVENTS "/%s/trigger", event);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* EEXIST: of a test that failed */
	is_set = write(fd, trigger, strlen(trigger)) > 0 || errno == EEXIST;
	close(fd);
	return is_set;
}

bool events_start(const char *event)
{
	return set_trigger(event, COUNT);
}

void events_stop(const char *event)
{
	set_trigger(event, "!" COUNT);
}

/* The histogram ends with "Totals:" and "    Hits: N". */
long events_count(const char *event)
{
	char path[128], line[256];
	long count = 0;
	FILE *file;

	snprintf(path, sizeof(path), EVENTS "/%s/hist", event);
	file = fopen(path, "r");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "    Hits: ", 10))
			count = strtol(line + 10, NULL, 10);
	fclose(file);
	return count;
}
