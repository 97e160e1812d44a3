// SPDX-License-Identifier: MIT
#include "rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void operation_add(struct operation *op, unsigned int step, uint64_t ns)
{
	if (pp_samples_add(&op->samples[step], (uint32_t)ns))
		abort();
}

void operation_step(struct operation *op, unsigned int step, uint64_t start)
{
	operation_add(op, step, pp_now_ns() - start);
}

void operation_print(struct operation *op)
{
	for (unsigned int i = 0; op->steps[i]; i++) {
		printf("{\"table\": \"%s\", \"driver\": \"%s\", \"exporter\": \"%s\", "
		       "\"bytes\": %" PRIu64 ", \"alive\": %u, "
		       "\"step\": \"%s\", \"ns\": %" PRIu32 "}\n",
		       op->table, op->driver, op->exporter, op->size, op->alive, op->steps[i],
		       pp_samples_percentile(&op->samples[i], 50));
		pp_samples_free(&op->samples[i]);
	}
	fflush(stdout);
}
