// SPDX-License-Identifier: MIT
#include "outcome.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFUSALS	"/sys/kernel/debug/simbuf/refusals"

static const char *errno_name(int err)
{
	const char *name = strerrorname_np(err);

	return name ? name : "errno unknown";
}

enum result outcome_refused(struct outcome *outcome, int err, const char *call)
{
	outcome->err = err < 0 ? -err : err;
	pp_fail(&outcome->why, outcome->err, "%s, without a reason", call);
	return RESULT_REFUSED;
}

enum result outcome_error(struct outcome *outcome, int err, const char *doing)
{
	if (doing)
		pp_fail(&outcome->why, err, "%s: %s", doing, strerror(err < 0 ? -err : err));
	return RESULT_ERROR;
}

/* "SECONDS.MICROSECONDS errno=-N buffer=... importer=NAME: WHY" */
static bool parse_record(char *line, uint64_t since, int *err, const char **why)
{
	unsigned long seconds, microseconds;
	char *importer = strstr(line, " importer=");
	char *colon = importer ? strstr(importer, ": ") : NULL;

	if (!colon || sscanf(line, "%lu.%lu errno=%d", &seconds, &microseconds, err) != 3)
		return false;
	/* Times in the file are rounded down. */
	if (seconds * 1000000000ull + microseconds * 1000ull + 999 < since)
		return false;
	colon[strcspn(colon, "\n")] = '\0';
	*why = colon + 2;
	return true;
}

/* The first one since then: those that follow are its consequences. */
static bool find_record(uint64_t since, int *err, char *text, size_t size)
{
	FILE *file = fopen(REFUSALS, "re");
	bool found = false;
	size_t room = 0;
	char *line = NULL;
	const char *why;

	while (file && !found && getline(&line, &room, file) > 0)
		found = parse_record(line, since, err, &why);
	if (found)
		snprintf(text, size, "%s", why);
	free(line);
	if (file)
		fclose(file);
	return found;
}

void outcome_explain(struct outcome *outcome, uint64_t since)
{
	char text[sizeof(outcome->why.text) - 32];
	int recorded;

	if (outcome->result != RESULT_REFUSED)
		return;
	if (!find_record(since, &recorded, text, sizeof(text)))
		snprintf(text, sizeof(text), "%.400s", outcome->why.text);
	pp_fail(&outcome->why, outcome->err, "%s: %s", errno_name(outcome->err), text);
}
