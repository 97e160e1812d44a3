// SPDX-License-Identifier: MIT
/*
 * interop: who can share buffers with whom, tried for real.
 *
 * Rows are exporters, columns importers. Of two words in a cell the first is with
 * CPU accesses between DMA_BUF_IOCTL_SYNC, the second without.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "low_memory.h"
#include "report.h"

/* For one try; most take a tenth of a second, on a slow machine. */
#define SECONDS 20

/* Cells between two drivers of the kernel's own: no device of ours has a part in them. */
#define NO_PROFILE "none"

struct profile {
	const char *name;
	bool low;	/* its devices reach the lowest GiB only */
};

static const struct profile profiles[] = {
	{ NO_PROFILE, false },
	{ "ideal", false },
	{ "no-iommu", false },
	{ "contig32", false },
	{ "low1g", true },
	{ "low1g-bounce", true },
	{ "noncoherent", false },
	{ "tiny-segments", false },
	{ 0 },
};

struct options {
	const char *json;
	const char *profiles;	/* separated by commas; NULL: all, here as below */
	const char *exporter;
	const char *importer;
};

struct matrix {
	const struct options *options;
	struct lab lab;
	struct images images;
	json_object *report;
	unsigned int count[RESULT_ERROR + 1];
};

static void usage(FILE *out)
{
	fprintf(out,
		"Usage: interop [OPTION]...\n"
		"Who can share buffers with whom: try every exporter with every importer, on devices\n"
		"of every profile. Needs root, our modules, and vgem, vivid and the rest as peers.\n"
		"\n"
		"  --json FILE        write all cells there\n"
		"  --profiles LIST    only these, separated by commas (none: pairs without a device of ours)\n"
		"  --exporter NAME    only this row\n"
		"  --importer NAME    only this column\n"
		"  --help             this text\n"
		"\n"
		"Status: 0 when all cells were tried, whatever came of it; 1 when not.\n");
}

static bool wanted(const char *choice, const char *name)
{
	return !choice || !strcmp(choice, name);
}

/* Whether @name is one of @list, which are separated by commas; NULL: of everything. */
static bool listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		if (!strncmp(at, name, len) && (at[len] == ',' || !at[len]))
			return true;
	}
	return !list;
}

static bool in_profile(const struct exporter *exporter, const struct importer *importer,
		       const char *profile)
{
	return (exporter->ours || importer->ours) == !!strcmp(profile, NO_PROFILE);
}

static void run(struct matrix *matrix, struct attempt *attempt, struct outcome *outcome)
{
	struct outcome again;

	attempt_run(attempt, SECONDS, outcome);
	if (!attempt->exporter->ours || !attempt->importer->ours)
		return;
	/* Once more with an exporter that has no needs: the memory has to move. */
	attempt->from.devices = &matrix->lab.standard;
	attempt->exporter_device = false;
	attempt_run(attempt, SECONDS, &again);
	if (again.result > outcome->result)
		*outcome = again;
}

static void try_cell(struct matrix *matrix, const struct exporter *exporter,
		     const struct importer *importer, const struct profile *profile,
		     bool brackets, struct outcome *outcome)
{
	struct lab *lab = &matrix->lab;
	struct attempt attempt = {
		.exporter = exporter,
		.importer = importer,
		.from = { .devices = &lab->exporter, .vivid = lab->vivid[0] },
		.to = { .devices = &lab->importer, .vivid = lab->vivid[1] },
		.exporter_device = true,
		.brackets = brackets,
		.not_low = profile->low && !exporter->ours,
		.images = &matrix->images,
	};

	run(matrix, &attempt, outcome);
	matrix->count[outcome->result]++;
	report_add_cell(matrix->report, exporter->name, importer->name, profile->name, brackets,
			outcome);
}

static void show_cell(struct matrix *matrix, const struct exporter *exporter,
		      const struct importer *importer, const struct profile *profile)
{
	struct outcome with, without;
	char text[32];

	try_cell(matrix, exporter, importer, profile, true, &with);
	try_cell(matrix, exporter, importer, profile, false, &without);
	if (with.result == without.result)
		snprintf(text, sizeof(text), "%s", result_name(with.result));
	else
		snprintf(text, sizeof(text), "%s/%s", result_name(with.result),
			 result_name(without.result));
	printf(" %-17s", text);
	fflush(stdout);
}

static void show_row(struct matrix *matrix, const struct exporter *exporter,
		     const struct profile *profile)
{
	printf("%-16s", exporter->name);
	for (const struct importer *i = importers; i->name; i++) {
		if (wanted(matrix->options->importer, i->name) &&
		    in_profile(exporter, i, profile->name))
			show_cell(matrix, exporter, i, profile);
		else
			printf(" %-17s", "");
	}
	printf("\n");
}

static void show_head(const char *profile)
{
	printf("\nprofile %s\n%-16s", profile, "from \\ to");
	for (const struct importer *i = importers; i->name; i++)
		printf(" %-17s", i->name);
	printf("\n");
}

static bool row_has_cells(const struct exporter *exporter, const char *profile)
{
	for (const struct importer *i = importers; i->name; i++) {
		if (in_profile(exporter, i, profile))
			return true;
	}
	return false;
}

/*
 * So that memory which was allocated without regard to such devices is out of their
 * reach. Done at the start too, when free memory is still in order: that is quick.
 */
static int occupy_low_memory(const struct matrix *matrix, struct pp_error *error)
{
	bool low = false;

	for (const struct profile *p = profiles; p->name; p++)
		low |= p->low && listed(matrix->options->profiles, p->name);
	if (!low)
		return 0;
	printf("Occupying the lowest GiB of memory, as on a machine that has more\n");
	fflush(stdout);
	return low_memory_occupy(error);
}

static int show_rows(struct matrix *matrix, const struct profile *profile, struct pp_error *error)
{
	int ret = 0;

	show_head(profile->name);
	for (const struct exporter *e = exporters; e->name && !ret; e++) {
		if (!wanted(matrix->options->exporter, e->name) ||
		    !row_has_cells(e, profile->name))
			continue;
		if (profile->low)
			ret = low_memory_occupy(error);
		if (!ret)
			show_row(matrix, e, profile);
	}
	return ret;
}

static int try_profile(struct matrix *matrix, const struct profile *profile,
		       struct pp_error *error)
{
	bool plugged = strcmp(profile->name, NO_PROFILE);
	struct pp_error ignored;
	int ret = plugged ? lab_plug(&matrix->lab, profile->name, error) : 0;

	if (ret)
		return ret;
	ret = show_rows(matrix, profile, error);
	if (!plugged)
		return ret;
	if (!ret)
		return lab_unplug(&matrix->lab, error);
	lab_unplug(&matrix->lab, &ignored);	/* the first error is the one to tell */
	return ret;
}

static void show_sum(const struct matrix *matrix)
{
	printf("\n");
	for (int i = 0; i <= RESULT_ERROR; i++)
		printf("%u %s%s", matrix->count[i], result_name((enum result)i),
		       i < RESULT_ERROR ? ", " : "\n");
}

static int fill(struct matrix *matrix, struct pp_error *error)
{
	int ret = lab_init(&matrix->lab, error);

	if (!ret)
		ret = occupy_low_memory(matrix, error);
	for (const struct profile *p = profiles; p->name && !ret; p++) {
		if (listed(matrix->options->profiles, p->name))
			ret = try_profile(matrix, p, error);
	}
	if (ret)
		return ret;
	show_sum(matrix);
	if (matrix->options->json && report_write(matrix->report, matrix->options->json))
		return pp_fail(error, EIO, "cannot write %s", matrix->options->json);
	return 0;
}

/* A list of which no profile is one would be a matrix without cells. */
static int check_profiles(const char *list)
{
	for (const struct profile *p = profiles; p->name; p++) {
		if (listed(list, p->name))
			return 0;
	}
	fprintf(stderr, "interop: no profile in '%s'; choose from:", list);
	for (const struct profile *p = profiles; p->name; p++)
		fprintf(stderr, " %s", p->name);
	fprintf(stderr, "\n");
	return -EINVAL;
}

/* 0, 1 when there is nothing more to do, or a negative errno. */
static int parse(struct options *options, int argc, char **argv)
{
	static const struct option list[] = {
		{ "json", required_argument, NULL, 'j' },
		{ "profiles", required_argument, NULL, 'p' },
		{ "exporter", required_argument, NULL, 'e' },
		{ "importer", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", list, NULL)) != -1) {
		switch (option) {
		case 'j':
			options->json = optarg;
			break;
		case 'p':
			options->profiles = optarg;
			break;
		case 'e':
			options->exporter = optarg;
			break;
		case 'i':
			options->importer = optarg;
			break;
		case 'h':
			usage(stdout);
			return 1;
		default:
			usage(stderr);
			return -EINVAL;
		}
	}
	if (optind < argc) {
		usage(stderr);
		return -EINVAL;
	}
	return check_profiles(options->profiles);
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct matrix matrix = { .options = &options };
	struct pp_error error = { 0 };
	int ret = parse(&options, argc, argv);

	if (ret)
		return ret < 0 ? 2 : 0;
	matrix.report = report_new();
	if (!matrix.report || images_init(&matrix.images)) {
		fprintf(stderr, "interop: out of memory\n");
		return 1;
	}
	ret = fill(&matrix, &error);
	if (ret)
		fprintf(stderr, "interop: %s\n", error.text);
	images_free(&matrix.images);
	json_object_put(matrix.report);
	return ret ? 1 : 0;
}
