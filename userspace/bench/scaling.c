// SPDX-License-Identifier: MIT
/*
 * Pipelines at once, each with a camera, a GPU and a display of its own, as fast as the displays
 * are: what a frame costs the machine, how many frames there are, and how the slowest pipeline
 * does beside the fastest. The least that a frame costs is what it does with one pipeline.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "../lib/error.h"
#include "../lib/json.h"
#include "busy.h"
#include "command.h"
#include "groups.h"
#include "plug.h"
#include "primepipe.h"

#define MAX_PIPELINES	16
#define MAX_NAME	24
#define FRAMES		"120"
#define FPS		"60"
#define SIZE		"640x480"

static const unsigned int counts[] = { 1, 2, 4, 8, MAX_PIPELINES, 0 };

static const char *const steps[] = { "CPU of the machine", "throughput", "fairness", NULL };
static const char *const units[] = { "ns", "frames/s", "slowest in % of fastest" };
enum { STEP_MACHINE, STEP_THROUGHPUT, STEP_FAIRNESS };

/* A device of each driver's, by its nodes. */
struct lane {
	char camera[64];
	char gpu[64];
	char display[64];
	char report[64];
	pid_t pid;
};

struct lanes {
	struct lane lanes[MAX_PIPELINES];
	unsigned int count;	/* of those that run */
	struct pp_error *error;
};

/* What pipelines have done, together. */
struct outcome {
	uint64_t frames;
	double fps;
	double slowest;
	double fastest;
};

static int start(struct lane *lane, struct pp_error *error)
{
	const char *const words[] = {
		"primepipe", "--quiet", "--size", SIZE, "--fps", FPS, "--frames", FRAMES,
		"--camera", lane->camera, "--gpu", lane->gpu, "--display", lane->display,
		"--json", lane->report, NULL
	};

	return command_start(&lane->pid, words, error);
}

static int finish(struct lane *lane, struct pp_error *error)
{
	const char *const words[] = { "primepipe", "--gpu", NULL };

	return command_wait(lane->pid, words, PRIMEPIPE_RAN, error);
}

static int add_report(struct outcome *outcome, const struct lane *lane, struct pp_error *error)
{
	json_object *report = json_object_from_file(lane->report), *value = NULL;
	double fps;

	if (!report || !json_object_object_get_ex(report, "fps", &value)) {
		json_object_put(report);
		return pp_fail(error, EIO, "primepipe left no %s", lane->report);
	}
	fps = json_object_get_double(value);
	outcome->frames += primepipe_number(report, "frames");
	outcome->fps += fps;
	if (!outcome->slowest || fps < outcome->slowest)
		outcome->slowest = fps;
	if (fps > outcome->fastest)
		outcome->fastest = fps;
	json_object_put(report);
	return 0;
}

static int run_all(struct lanes *lanes, struct outcome *outcome)
{
	int ret = 0;

	for (unsigned int i = 0; i < lanes->count && !ret; i++)
		ret = start(&lanes->lanes[i], lanes->error);
	for (unsigned int i = 0; i < lanes->count && !ret; i++)
		ret = finish(&lanes->lanes[i], lanes->error);
	for (unsigned int i = 0; i < lanes->count && !ret; i++)
		ret = add_report(outcome, &lanes->lanes[i], lanes->error);
	return ret;
}

static int measure(void *context, uint64_t *values)
{
	struct lanes *lanes = context;
	struct outcome outcome = { 0 };
	uint64_t before = 0, after = 0;
	int ret;

	sleep(1);
	ret = busy_ns(&before, lanes->error);

	if (!ret)
		ret = run_all(lanes, &outcome);
	if (!ret)
		ret = busy_ns(&after, lanes->error);
	if (ret)
		return ret;
	if (!outcome.frames || !(outcome.fastest > 0))
		return pp_fail(lanes->error, EIO, "no frame was shown");
	values[STEP_MACHINE] = (after - before) / outcome.frames;
	values[STEP_THROUGHPUT] = (uint64_t)(outcome.fps + 0.5);
	values[STEP_FAIRNESS] = (uint64_t)(100 * outcome.slowest / outcome.fastest + 0.5);
	return 0;
}

/* What is shown, not what it takes. */
static int measure_shown(void *context, uint64_t *values)
{
	uint64_t all[BENCH_STEPS] = { 0 };
	int ret = measure(context, all);

	values[0] = all[STEP_THROUGHPUT];
	values[1] = all[STEP_FAIRNESS];
	return ret;
}

static int measure_one(void *context, uint64_t *values)
{
	struct lanes *lanes = context, one = { .count = 1, .error = lanes->error };

	one.lanes[0] = lanes->lanes[0];
	return measure(&one, values);
}

static void name_lane(char name[MAX_NAME], unsigned int number)
{
	snprintf(name, MAX_NAME, "lane-%u", number);
}

static int open_lane(struct lane *lane, unsigned int number, struct pp_error *error)
{
	char name[MAX_NAME];
	int ret;

	name_lane(name, number);
	snprintf(lane->report, sizeof(lane->report), "/tmp/bench-%s.json", name);
	ret = plug("camsim", name, error);
	if (!ret)
		ret = plug("primesim", name, error);
	if (!ret)
		ret = plug_node("camsim", name, "video", lane->camera, sizeof(lane->camera), error);
	if (!ret)
		ret = plug_node("primesim", name, "renderD", lane->gpu, sizeof(lane->gpu), error);
	if (!ret)
		ret = plug_node("primesim", name, "card", lane->display, sizeof(lane->display),
				error);
	return ret;
}

static void close_lane(unsigned int number)
{
	char name[MAX_NAME];

	name_lane(name, number);
	unplug("primesim", name);
	unplug("camsim", name);
}

/* As many more as are missing. */
static int open_lanes(struct lanes *lanes, unsigned int count)
{
	int ret = 0;

	for (; lanes->count < count && !ret; lanes->count++)
		ret = open_lane(&lanes->lanes[lanes->count], lanes->count, lanes->error);
	return ret;
}

static int run_count(const struct bench *bench, struct lanes *lanes, unsigned int count)
{
	struct bench_row row = { .steps = steps, .units = units, .rounds = 1 };
	int ret = open_lanes(lanes, count);

	if (ret)
		return ret;
	bench_row_name(&row, "pipelines at once, %u", count);
	bench_row_add(&row, "camsim to primesim", BENCH_OURS, measure, lanes);
	bench_row_add(&row, "one pipeline", BENCH_LIMIT, measure_one, lanes);
	return bench_row_run(bench, &row);
}

/* As many as are switched on; vm/guest/bench-processors switches them. */
int bench_processors(const struct bench *bench)
{
	struct bench_row row = {
		.steps = &steps[STEP_THROUGHPUT], .units = &units[STEP_THROUGHPUT], .rounds = 1,
	};
	struct lanes lanes = { .error = bench->error };
	int ret = open_lanes(&lanes, MAX_PIPELINES);

	bench_row_name(&row, "16 pipelines, processors: %d", get_nprocs());
	bench_row_add(&row, "camsim to primesim", BENCH_OURS, measure_shown, &lanes);
	if (!ret)
		ret = bench_row_run(bench, &row);
	while (!ret && lanes.count)
		close_lane(--lanes.count);
	return ret;
}

int bench_scaling(const struct bench *bench)
{
	struct lanes lanes = { .error = bench->error };
	int ret = 0;

	for (const unsigned int *count = counts; *count && !ret; count++)
		ret = run_count(bench, &lanes, *count);
	while (!ret && lanes.count)
		close_lane(--lanes.count);
	return ret;
}
