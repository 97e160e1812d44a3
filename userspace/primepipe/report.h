/* SPDX-License-Identifier: MIT */
/* The result, for people and for programs. */
#ifndef REPORT_H
#define REPORT_H

#include "pipeline.h"
#include "proof.h"

void report_print(struct pipeline *pipeline, const struct proof *proof);
int report_write_json(struct pipeline *pipeline, const struct proof *proof, const char *path);
int report_write_trace(struct pipeline *pipeline, const char *path);

/* Figures that both forms show. */
static inline double report_fps(const struct counters *counters)
{
	uint64_t ns = counters->last_flip_ns - counters->first_flip_ns;

	return counters->frames > 1 && ns ? (double)(counters->frames - 1) * 1e9 / (double)ns : 0;
}

static inline double report_per_frame(const struct counters *counters, uint64_t value)
{
	return counters->frames ? (double)value / (double)counters->frames : 0;
}

/* CPU time per frame, in microseconds; the first frame shown is where counting starts. */
static inline double report_process_us(const struct counters *counters)
{
	uint64_t used = counters->cpu_end.process - counters->cpu_start.process;

	return counters->frames > 1 ? (double)used / (double)(counters->frames - 1) : 0;
}

static inline double report_system_us(const struct counters *counters)
{
	uint64_t used = counters->cpu_end.system - counters->cpu_start.system;

	return counters->frames > 1 ? (double)used / (double)(counters->frames - 1) : 0;
}

#endif
