/* SPDX-License-Identifier: MIT */
/* Trying one cell of the matrix for real. */
#ifndef INTEROP_ATTEMPT_H
#define INTEROP_ATTEMPT_H

#include "party.h"

struct attempt {
	const struct exporter *exporter;
	const struct importer *importer;
	struct place from;
	struct place to;
	/* Whether the exporting device itself takes part, or the CPU for it. */
	bool exporter_device;
	bool brackets;
	/* Foreign memory shall lie beyond the lowest GiB, as far as that can be had. */
	bool not_low;
	const struct images *images;
};

/*
 * In a process of its own, which is killed when it takes longer than @seconds. No
 * result is better than what the worst of all transfers gave.
 */
void attempt_run(const struct attempt *attempt, unsigned int seconds, struct outcome *outcome);

#endif
