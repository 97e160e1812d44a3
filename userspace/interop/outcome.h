/* SPDX-License-Identifier: MIT */
/* What came of trying to share one buffer, and why. */
#ifndef INTEROP_OUTCOME_H
#define INTEROP_OUTCOME_H

#include "image.h"

struct outcome {
	enum result result;
	int err;		/* what the refused call answered, positive; else 0 */
	struct pp_error why;	/* empty when it works */
};

/* A call that shares the buffer was refused. Returns RESULT_REFUSED. */
enum result outcome_refused(struct outcome *outcome, int err, const char *call);
/* It could not be tried. The library's line may be in outcome->why already: then NULL. */
enum result outcome_error(struct outcome *outcome, int err, const char *doing);

/*
 * What simbuf.ko recorded about a refusal since @since, CLOCK_MONOTONIC
 * nanoseconds, takes the place of what is in outcome->why. Without a record that
 * says which call was refused, with which error.
 */
void outcome_explain(struct outcome *outcome, uint64_t since);

#endif
