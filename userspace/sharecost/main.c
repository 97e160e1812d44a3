// SPDX-License-Identifier: MIT
/*
 * sharecost: what sharing a buffer costs, by size, by exporter and by how many are
 * alive, what the GPU's operations cost, and a camera's frame. One JSON object a line on
 * standard output. Numbers that mean something come from a guest whose clock counts
 * instructions: make cost.
 */
#include <sched.h>
#include <stdio.h>

#include "../lib/error.h"
#include "frames.h"
#include "measure.h"
#include "operate.h"

static int prepare_process(void)
{
	/* The one processor's other work, such as running a job, must not come in between. */
	const struct sched_param first = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &first)) {
		perror("sharecost: SCHED_FIFO");
		return -1;
	}
	return 0;
}

int main(void)
{
	struct pp_error error = { 0 };
	struct cost_lab lab;
	int ret;

	if (prepare_process())
		return 1;
	ret = measure_frames(&error);
	if (!ret)
		ret = lab_open(&lab, &error);
	if (!ret)
		ret = measure_round_trips(&lab);
	if (!ret)
		ret = measure_operations(&lab);
	if (!ret)
		ret = measure_imports(&lab);
	if (!ret)
		ret = measure_alive(&lab);
	if (!ret) {
		lab_close(&lab);
		return 0;
	}
	fprintf(stderr, "sharecost: %s\n", error.text);
	return 1;
}
