/* SPDX-License-Identifier: MIT */
/* What was measured, one line of JSON per number on standard output. */
#ifndef SHARECOST_ROWS_H
#define SHARECOST_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/stats.h"

#define MAX_STEPS 4

/*
 * An operation in steps, done several times.
 *
 * @table: which table of the report it belongs to.
 * @driver: whose work it is: that exports and imports, or that imports.
 * @exporter: whose memory it is.
 */
struct operation {
	const char *table;
	const char *driver;
	const char *exporter;
	uint64_t size;
	unsigned int alive;
	const char *steps[MAX_STEPS + 1];	/* their names; ends with NULL */
	struct pp_samples samples[MAX_STEPS];
};

void operation_add(struct operation *op, unsigned int step, uint64_t ns);
/* Counts from @start to now as the time of one step. */
void operation_step(struct operation *op, unsigned int step, uint64_t start);
/* Prints the median of each step, and forgets the samples. */
void operation_print(struct operation *op);

#endif
