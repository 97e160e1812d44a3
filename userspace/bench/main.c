// SPDX-License-Identifier: MIT
/*
 * bench: what sharing a buffer, the GPU's operations, a camera's frame and a display's flip cost,
 * beside what others take for the same and the least that it can be. One JSON object a line on
 * standard output. Numbers that mean something come from make bench.
 */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/error.h"
#include "groups.h"
#include "plug.h"

/* Until the kernel has freed what the group before has left. */
#define SETTLE_SECONDS	3

/* No processor is on it, so nobody else's memory, as long as there is some elsewhere. */
#define QUIET_NODE	1
#define QUIET_NODE_DIR	"/sys/devices/system/node/node1"

/*
 * In this order, memory that nobody has broken into pieces comes first to those whose work grows
 * with the number of pieces.
 */
static const struct group {
	const char *name;
	const char *summary;
	int (*run)(const struct bench *bench);
	bool apart;	/* on a machine of its own: only when asked for by its name */
} groups[] = {
	{ "imports", "attach, map, unmap and detach, by size and pieces", bench_imports, false },
	{ "qbuf", "the same by a camera", bench_qbuf, false },
	{ "prime", "from an object to a dma-buf and back", bench_prime, false },
	{ "camera", "a frame of a camera", bench_camera, false },
	{ "lookup", "while more and more buffers or importers are alive", bench_lookup, false },
	{ "engine", "operations of the GPU", bench_engine, false },
	{ "display", "a flip of a display", bench_display, false },
	{ "pipeline", "a frame from camera to display", bench_pipeline, false },
	{ "scaling", "pipelines at once", bench_scaling, false },
	{ "modules", "loading, idling, memory of an object", bench_modules, false },
	{ "processors", "pipelines on all processors; by this name only", bench_processors, true },
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static void print_help(void)
{
	printf("Usage: bench [option ...]\n\n"
	       "Measures rows of the benchmark, ours beside others, in the virtual machine.\n"
	       "make bench prepares that and makes a report of the numbers.\n\n"
	       "  --rows PATTERN     only groups of rows whose name matches:\n");
	for (size_t i = 0; i < GROUPS; i++)
		printf("      %-12s   %s\n", groups[i].name, groups[i].summary);
	printf("  --rounds N         each at most N times\n"
	       "  --help\n");
}

/* The one processor's other work, such as running a job, must not come in between here. */
static int come_first(struct pp_error *error)
{
	const struct sched_param first = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first))
		return pp_fail(error, errno, "SCHED_FIFO: %s", strerror(errno));
	return 0;
}

/* What is allocated for us and the programs we start is of that node, if vm/bench has made it. */
static int bind_memory(struct pp_error *error)
{
	const unsigned long nodes = 1UL << QUIET_NODE;

	if (access(QUIET_NODE_DIR, F_OK))
		return 0;
	if (syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8 * sizeof(nodes)))
		return pp_fail(error, errno, "MPOL_BIND: %s", strerror(errno));
	return 0;
}

static int run_groups(const struct bench *bench, const char *pattern)
{
	unsigned int found = 0;
	int ret = come_first(bench->error);

	if (!ret)
		ret = bind_memory(bench->error);
	for (size_t i = 0; i < GROUPS && !ret; i++) {
		if (groups[i].apart ? strcmp(pattern, groups[i].name) :
				      fnmatch(pattern, groups[i].name, 0))
			continue;
		fprintf(stderr, "bench: %s\n", groups[i].name);
		sleep(SETTLE_SECONDS);
		ret = groups[i].run(bench);
		found++;
	}
	if (!ret && !found)
		ret = pp_fail(bench->error, ENOENT, "no group matches %s; see bench --help",
			      pattern);
	return ret;
}

/* Returns 0, or the program's status plus one. */
static int parse_options(int argc, char **argv, struct bench *bench, const char **pattern)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "rounds", required_argument, NULL, 'n' },
		{ "rows", required_argument, NULL, 'r' },
		{ 0 },
	};
	int code;

	while ((code = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (code) {
		case 'h':
			print_help();
			return 1;
		case 'n':
			bench->rounds = (unsigned int)atoi(optarg);
			break;
		case 'r':
			*pattern = optarg;
			break;
		default:
			return 3;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct pp_error error = { 0 };
	struct bench bench = { .error = &error };
	const char *pattern = "*";
	int ret = parse_options(argc, argv, &bench, &pattern);

	if (ret)
		return ret - 1;
	if (!run_groups(&bench, pattern))
		return 0;
	fprintf(stderr, "bench: %s\n", error.text);
	unplug_all();
	return 1;
}
