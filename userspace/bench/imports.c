// SPDX-License-Identifier: MIT
/*
 * primesim's GPU imports memory of its kind, of another device, and that of others; attaches,
 * maps, unmaps and detaches. What is compared are exporters. The least is what a single page
 * costs: with memory in large folios, so should everything.
 */
#include <stdio.h>
#include <unistd.h>

#include "groups.h"
#include "import.h"
#include "sizes.h"

#define MEMORIES	5
#define BROKEN_SIZE	(8 * MIB)

static const struct size sizes[] = {
	{ "4 KiB", 4 * KIB }, { "1 MiB", MIB }, { "1080p", FRAME_1080P },
	{ "64 MiB", 64 * MIB }, { "256 MiB", 256 * MIB },
};

static const struct size pieces[] = {
	{ "4", 2 * MIB }, { "64", 128 * KIB }, { "2,048", 4 * KIB },
};

static int run_rows(const struct bench *bench, const char *name, struct bench_row *row)
{
	int ret;

	bench_row_name(row, "%s", name);
	ret = bench_row_run(bench, row);
	if (ret)
		return ret;
	/* As the same parties see it. */
	bench_row_name(row, "pieces of memory, %s", name);
	row->unit = "pieces";
	row->steps = NULL;
	row->rounds = 1;
	row->warm = true;
	for (unsigned int i = 0; row->parties[i].name; i++) {
		if (row->parties[i].role == BENCH_LIMIT)
			row->parties[i].name = NULL;
		row->parties[i].measure = import_count_pieces;
	}
	return bench_row_run(bench, row);
}

static int run_size(const struct bench *bench, struct bench_lab *lab, struct import *page,
		    const struct size *size)
{
	struct bench_row row = {
		.unit = "ns", .steps = import_steps, .rounds = rounds_of(size->bytes),
	};
	struct import imports[MEMORIES];
	unsigned int count = 0;
	char name[64];
	int ret = tidy_memory(bench->error);

	for (const struct memory *memory = foreign_memory; memory->name && !ret; memory++) {
		struct import *import = &imports[count];

		import->gpu = &lab->gpu;
		ret = memory_make(memory, lab, size->bytes, &import->dmabuf);
		if (ret)
			break;
		bench_row_add(&row, memory->name, count ? BENCH_PEER : BENCH_OURS, import_measure,
			      import);
		count++;
	}
	bench_row_add(&row, "one page", BENCH_LIMIT, import_measure, page);
	snprintf(name, sizeof(name), "import, %s", size->name);
	if (!ret)
		ret = run_rows(bench, name, &row);
	while (count--)
		close(imports[count].dmabuf);
	return ret;
}

static int run_pieces(const struct bench *bench, struct bench_lab *lab, const struct size *piece)
{
	struct bench_row row = { .unit = "ns", .steps = import_steps, .rounds = 41 };
	struct import broken = { .gpu = &lab->gpu }, whole = { .gpu = &lab->gpu };
	char name[64];
	int ret = tidy_memory(bench->error);

	if (!ret)
		ret = make_in_pieces(lab, BROKEN_SIZE, piece->bytes, &broken.dmabuf);
	if (ret)
		return ret;
	ret = memory_make(&foreign_memory[0], lab, BROKEN_SIZE, &whole.dmabuf);
	if (ret)
		goto out;
	bench_row_add(&row, "primesim", BENCH_OURS, import_measure, &broken);
	bench_row_add(&row, "the least pieces", BENCH_LIMIT, import_measure, &whole);
	snprintf(name, sizeof(name), "import, 8 MiB in %s pieces", piece->name);
	ret = run_rows(bench, name, &row);
	close(whole.dmabuf);
out:
	close(broken.dmabuf);
	return ret;
}

int bench_imports(const struct bench *bench)
{
	struct bench_lab lab;
	struct import page = { .gpu = &lab.gpu };
	int ret = lab_open(&lab, bench->error);

	if (!ret)
		ret = memory_make(&foreign_memory[0], &lab, 4 * KIB, &page.dmabuf);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && !ret; i++)
		ret = run_size(bench, &lab, &page, &sizes[i]);
	for (unsigned int i = 0; i < sizeof(pieces) / sizeof(pieces[0]) && !ret; i++)
		ret = run_pieces(bench, &lab, &pieces[i]);
	close(page.dmabuf);
	lab_close(&lab);
	return ret;
}
