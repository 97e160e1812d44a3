// SPDX-License-Identifier: MIT
#include "row.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/error.h"
#include "../lib/json.h"
#include "../lib/stats.h"

/* Ratios are kept in millionths. */
#define RATIO_ONE 1000000u

/* What is known of one step of one party. */
struct cell {
	struct pp_samples values;
	struct pp_samples ratios;	/* ours to it, of each round */
};

struct table {
	struct cell cells[BENCH_PARTIES][BENCH_STEPS];
};

static const char *const one_step[] = { "", NULL };
static const char *const role_names[] = {
	[BENCH_OURS] = "ours",
	[BENCH_VARIANT] = "variant",
	[BENCH_PEER] = "peer",
	[BENCH_LIMIT] = "limit",
};

void bench_row_name(struct bench_row *row, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(row->name, sizeof(row->name), format, args);
	va_end(args);
}

void bench_row_add(struct bench_row *row, const char *name, enum bench_role role,
		   int (*measure)(void *context, uint64_t *values), void *context)
{
	for (unsigned int i = 0; i < BENCH_PARTIES; i++) {
		if (row->parties[i].name)
			continue;
		row->parties[i] = (struct bench_party) { name, role, measure, context };
		return;
	}
	abort();
}

static const char *const *steps_of(const struct bench_row *row)
{
	return row->steps ? row->steps : one_step;
}

static unsigned int count_parties(const struct bench_row *row)
{
	unsigned int count = 0;

	while (count < BENCH_PARTIES && row->parties[count].name)
		count++;
	return count;
}

static const uint64_t *values_of_ours(const struct bench_row *row,
				      uint64_t values[BENCH_PARTIES][BENCH_STEPS])
{
	for (unsigned int p = 0; p < count_parties(row); p++) {
		if (row->parties[p].role == BENCH_OURS)
			return values[p];
	}
	abort();
}

static void keep(struct pp_samples *samples, uint64_t value)
{
	if (pp_samples_add(samples, value < UINT32_MAX ? (uint32_t)value : UINT32_MAX))
		abort();
}

static void keep_round(struct table *table, const struct bench_row *row,
		       uint64_t values[BENCH_PARTIES][BENCH_STEPS])
{
	const uint64_t *ours = values_of_ours(row, values);

	for (unsigned int p = 0; p < count_parties(row); p++) {
		for (unsigned int s = 0; steps_of(row)[s]; s++) {
			struct cell *cell = &table->cells[p][s];

			if (values[p][s] == BENCH_NONE)
				continue;
			keep(&cell->values, values[p][s]);
			if (ours[s] != BENCH_NONE && values[p][s])
				keep(&cell->ratios, ours[s] * RATIO_ONE / values[p][s]);
		}
	}
}

static int run_round(const struct bench_row *row, uint64_t values[BENCH_PARTIES][BENCH_STEPS])
{
	int ret = 0;

	for (unsigned int p = 0; p < count_parties(row) && !ret; p++) {
		for (unsigned int s = 0; s < BENCH_STEPS; s++)
			values[p][s] = BENCH_NONE;
		ret = row->parties[p].measure(row->parties[p].context, values[p]);
	}
	return ret;
}

static void print_cell(const struct bench_row *row, const struct bench_party *party,
		       unsigned int s, struct cell *cell)
{
	json_object *line = json_object_new_object();
	double ratio = (double)pp_samples_percentile(&cell->ratios, 50) / RATIO_ONE;
	const char *step = steps_of(row)[s];
	char name[160];

	snprintf(name, sizeof(name), "%s%s%s", row->name, *step ? ": " : "", step);
	pp_json_string(line, "name", name);
	pp_json_string(line, "unit", row->units ? row->units[s] : row->unit);
	pp_json_string(line, "party", party->name);
	pp_json_string(line, "role", role_names[party->role]);
	pp_json_number(line, "value", pp_samples_percentile(&cell->values, 50));
	if (party->role != BENCH_OURS && cell->ratios.count)
		json_object_object_add(line, "ratio", json_object_new_double(ratio));
	puts(json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN));
	json_object_put(line);
}

static void print_table(struct table *table, const struct bench_row *row)
{
	for (unsigned int p = 0; p < count_parties(row); p++) {
		for (unsigned int s = 0; steps_of(row)[s]; s++) {
			if (table->cells[p][s].values.count)
				print_cell(row, &row->parties[p], s, &table->cells[p][s]);
		}
	}
	fflush(stdout);
}

static void free_table(struct table *table)
{
	for (unsigned int p = 0; p < BENCH_PARTIES; p++) {
		for (unsigned int s = 0; s < BENCH_STEPS; s++) {
			pp_samples_free(&table->cells[p][s].values);
			pp_samples_free(&table->cells[p][s].ratios);
		}
	}
}

int bench_row_run(const struct bench *bench, const struct bench_row *row)
{
	unsigned int rounds = bench->rounds && bench->rounds < row->rounds ? bench->rounds :
									     row->rounds;
	uint64_t values[BENCH_PARTIES][BENCH_STEPS] = { 0 };
	struct table table = { 0 };
	int ret = row->warm ? 0 : run_round(row, values);

	for (unsigned int i = 0; i < rounds && !ret; i++) {
		ret = run_round(row, values);
		if (!ret)
			keep_round(&table, row, values);
	}
	if (!ret)
		print_table(&table, row);
	free_table(&table);
	return ret;
}
