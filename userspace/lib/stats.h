/* SPDX-License-Identifier: MIT */
/* Time, CPU time and percentiles. */
#ifndef PP_STATS_H
#define PP_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC, the clock of V4L2 and DRM timestamps. */
uint64_t pp_now_ns(void);

/* A growing list of numbers. Zero it before use. */
struct pp_samples {
	uint32_t *values;	/* owned */
	size_t count;
	size_t room;
};

/* 0 or -ENOMEM. */
int pp_samples_add(struct pp_samples *samples, uint32_t value);
/*
 * The smallest sample that at least @percent of all samples do not exceed
 * (nearest rank); 0 when there are none. Sorts the samples.
 */
uint32_t pp_samples_percentile(struct pp_samples *samples, unsigned int percent);
void pp_samples_free(struct pp_samples *samples);

/* CPU time used so far, in microseconds. */
struct pp_cpu_time {
	uint64_t process;	/* this process, in user space and in its system calls */
	uint64_t system;	/* all processors: processes, kernel threads, interrupts */
};

struct pp_cpu_time pp_cpu_time(void);

#endif
