/* SPDX-License-Identifier: MIT */
/*
 * A row of the benchmark: something that ours and others do, each measured in turn, round
 * after round, so that what the machine does meanwhile meets all of them alike.
 */
#ifndef BENCH_ROW_H
#define BENCH_ROW_H

#include <stdbool.h>
#include <stdint.h>

struct pp_error;

#define BENCH_STEPS	6
#define BENCH_PARTIES	8
/* What a party says of a step that it does not have. */
#define BENCH_NONE	UINT64_MAX

/*
 * @rounds: at most so many of each row; 0: as many as the row wants.
 * @error: why something failed.
 */
struct bench {
	unsigned int rounds;
	struct pp_error *error;
};

enum bench_role {
	BENCH_OURS,
	BENCH_VARIANT,	/* ours in another way */
	BENCH_PEER,	/* does the same for somebody else */
	BENCH_LIMIT,	/* the least that it can cost */
};

struct bench_party {
	const char *name;
	enum bench_role role;
	/* Fills @values, one for each of the row's steps. 0 or a negative errno. */
	int (*measure)(void *context, uint64_t *values);
	void *context;
};

/*
 * @name: what is done, and with how much of what.
 * @unit: of all values.
 * @steps: names of the values, ends with NULL; NULL: there is one, without a name.
 * @units: of each of them, in place of @unit; may be NULL.
 * @rounds: how often; medians are reported.
 * @warm: the first round counts, too: who measures has been at it before.
 * @parties: one of them ours; ends with a nameless one when there are less than BENCH_PARTIES.
 */
struct bench_row {
	char name[96];
	const char *unit;
	const char *const *steps;
	const char *const *units;
	unsigned int rounds;
	bool warm;
	struct bench_party parties[BENCH_PARTIES];
};

/* Sets the name, as printf() does. */
__attribute__((format(printf, 2, 3)))
void bench_row_name(struct bench_row *row, const char *format, ...);
/* Room for one more party. */
void bench_row_add(struct bench_row *row, const char *name, enum bench_role role,
		   int (*measure)(void *context, uint64_t *values), void *context);
/*
 * Measures, after one round that does not count unless @row is warm, and prints the medians on
 * standard output.
 */
int bench_row_run(const struct bench *bench, const struct bench_row *row);

#endif
