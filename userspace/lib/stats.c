// SPDX-License-Identifier: MIT
#include "stats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t pp_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int pp_samples_add(struct pp_samples *samples, uint32_t value)
{
	if (samples->count == samples->room) {
		size_t room = samples->room ? 2 * samples->room : 1024;
		uint32_t *values = realloc(samples->values, room * sizeof(*values));

		if (!values)
			return -ENOMEM;
		samples->values = values;
		samples->room = room;
	}
	samples->values[samples->count++] = value;
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

uint32_t pp_samples_percentile(struct pp_samples *samples, unsigned int percent)
{
	size_t rank = (samples->count * percent + 99) / 100;

	if (!samples->count)
		return 0;
	qsort(samples->values, samples->count, sizeof(*samples->values), compare);
	return samples->values[rank ? rank - 1 : 0];
}

void pp_samples_free(struct pp_samples *samples)
{
	free(samples->values);
	*samples = (struct pp_samples) { 0 };
}

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

/* First line of /proc/stat: user nice system idle iowait irq softirq steal, in clock ticks. */
static uint64_t system_busy(void)
{
	unsigned long long user, nice, system, irq, softirq;
	FILE *file = fopen("/proc/stat", "re");
	int found;

	if (!file)
		return 0;
	found = fscanf(file, "cpu %llu %llu %llu %*u %*u %llu %llu", &user, &nice, &system, &irq,
		       &softirq);
	fclose(file);
	if (found != 5)
		return 0;
	return (user + nice + system + irq + softirq) * (1000000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

struct pp_cpu_time pp_cpu_time(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (struct pp_cpu_time) {
		.process = microseconds(usage.ru_utime) + microseconds(usage.ru_stime),
		.system = system_busy(),
	};
}
