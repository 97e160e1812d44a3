// SPDX-License-Identifier: MIT
/*
 * A frame's way from a camera to a display, by the program primepipe. Two runs, one longer than
 * the other: what is between them is that of so many frames, and the first one is a round that does
 * not count. The frame rates are those at which vivid makes pictures of that size, and leave time
 * for all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/camera.h"
#include "../lib/display.h"
#include "../lib/error.h"
#include "../lib/json.h"
#include "busy.h"
#include "command.h"
#include "groups.h"
#include "primepipe.h"

#define REPORT		"/tmp/bench-primepipe.json"
#define SHORT_RUN	6	/* frames */
#define ROUNDS		3
#define MAX_WORDS	24

static const char *const steps[] = {
	"CPU of the machine", "CPU of the program", "copied by CPU", "moved by devices", "latency",
	NULL
};

static const char *const units[] = { "ns", "ns", "bytes", "bytes", "frames/1000" };

enum { STEP_MACHINE, STEP_PROGRAM, STEP_COPIED, STEP_MOVED, STEP_LATENCY };

/* @frames: of the longer run: the less there is to do for each, the more of them. */
static const struct picture {
	const char *name;
	const char *size;
	const char *fps;
	unsigned int frames;
} pictures[] = {
	{ "640x480", "640x480", "25", 66 },
	{ "720p", "1280x720", "25", 50 },
	{ "1080p", "1920x1080", "25", 36 },
	{ "4K", "3840x2160", "10", 20 },
};

/*
 * @words: primepipe's options, for the way; ends with NULL.
 * @early: half of the frames are queued before they exist, and are those that are looked at.
 * @foreign: neither device is simulated, so nobody counts what they move; and vivid's timestamps
 *	are far off, to test what wraps.
 */
struct way {
	const char *words[MAX_WORDS];
	const struct picture *picture;
	bool early;
	bool foreign;
	struct pp_error *error;
};

/* What there is, by driver. */
struct nodes {
	char vivid[64];
	char primesim[64];
	char vkms[64];
	char virtio[64];
};

static uint64_t median_latency(json_object *report, const char *key)
{
	json_object *latency = NULL;

	return json_object_object_get_ex(report, key, &latency) ?
		primepipe_number(latency, "p50") : 0;
}

/* Runs it once; @values of the run: CPU of the machine, and bytes, for all of its frames. */
static int run_once(const struct way *way, unsigned int frames, uint64_t *values)
{
	char frames_word[12];
	const char *words[MAX_WORDS + 10] = {
		"primepipe", "--quiet", "--size", way->picture->size, "--fps", way->picture->fps,
		"--frames", frames_word, "--json", REPORT,
	};
	uint64_t before, after, fps;
	json_object *report;
	pid_t pid;
	int ret;

	/* What is left to do of the one before is done. */
	sleep(1);
	ret = busy_ns(&before, way->error);
	snprintf(frames_word, sizeof(frames_word), "%u", frames);
	for (unsigned int i = 0; way->words[i]; i++)
		words[10 + i] = way->words[i];
	if (!ret)
		ret = command_start(&pid, words, way->error);
	if (!ret)
		ret = command_wait(pid, words, PRIMEPIPE_RAN, way->error);
	/* And what it has left is its own. */
	sleep(1);
	if (!ret)
		ret = busy_ns(&after, way->error);
	if (ret)
		return ret;
	report = json_object_from_file(REPORT);
	if (primepipe_number(report, "frames") != frames) {
		json_object_put(report);
		return pp_fail(way->error, EIO, "primepipe %s %s did not show %u frames",
			       way->words[0], way->words[1], frames);
	}
	fps = strtoul(way->picture->fps, NULL, 10);
	values[STEP_MACHINE] = after - before;
	values[STEP_PROGRAM] = (uint64_t)(primepipe_decimal(report, "cpu_us_per_frame") * 1000 *
					  frames);
	values[STEP_COPIED] = primepipe_number(report, "cpu_copy_bytes");
	if (!way->foreign) {
		values[STEP_MOVED] = primepipe_number(report, "device_read_bytes") +
				     primepipe_number(report, "device_written_bytes");
		values[STEP_LATENCY] = median_latency(report, way->early ? "early_latency_us" :
							      "latency_us") * fps / 1000;
	}
	json_object_put(report);
	return 0;
}

static int measure_way(void *context, uint64_t *values)
{
	const struct way *way = context;
	static const unsigned int sums[] = {
		STEP_MACHINE, STEP_PROGRAM, STEP_COPIED, STEP_MOVED
	};
	const unsigned int frames = way->picture->frames;
	uint64_t start[BENCH_STEPS] = { 0 };
	int ret = run_once(way, SHORT_RUN, start);

	if (!ret)
		ret = run_once(way, frames, values);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		if (values[sums[i]] != BENCH_NONE)
			values[sums[i]] = (values[sums[i]] - start[sums[i]]) /
					  (frames - SHORT_RUN);
	}
	return 0;
}

/* With a GPU that converts. */
static int run_converting(const struct bench *bench, const struct picture *picture)
{
	struct bench_row row = { .steps = steps, .units = units, .rounds = ROUNDS, .warm = true };
	struct way ours = {
		.words = { "--route", "gpu-alloc" }, .picture = picture, .error = bench->error,
	};
	struct way copy = {
		.words = { "--route", "gpu-alloc", "--copy" },
		.picture = picture, .error = bench->error,
	};
	struct way early = {
		.words = { "--route", "gpu-alloc", "--early-fences" },
		.picture = picture, .early = true, .error = bench->error,
	};

	bench_row_name(&row, "pipeline, %s", picture->name);
	bench_row_add(&row, "zero-copy", BENCH_OURS, measure_way, &ours);
	bench_row_add(&row, "early fences", BENCH_VARIANT, measure_way, &early);
	bench_row_add(&row, "--copy", BENCH_PEER, measure_way, &copy);
	return bench_row_run(bench, &row);
}

/* From the camera onto the screen. */
static int run_direct(const struct bench *bench, const struct picture *picture,
		      const struct nodes *nodes)
{
	struct bench_row row = { .steps = steps, .units = units, .rounds = ROUNDS, .warm = true };
	struct way ours = {
		.words = { "--route", "direct", "--display", nodes->primesim },
		.picture = picture, .error = bench->error,
	};
	struct way vkms = {
		.words = { "--route", "direct", "--camera", nodes->vivid,
			   "--display", nodes->vkms },
		.picture = picture, .foreign = true, .error = bench->error,
	};
	struct way copy = {
		.words = { "--route", "direct", "--copy", "--camera", nodes->vivid, "--display",
			   nodes->virtio },
		.picture = picture, .foreign = true, .error = bench->error,
	};

	bench_row_name(&row, "pipeline without GPU, %s", picture->name);
	bench_row_add(&row, "camsim to primesim", BENCH_OURS, measure_way, &ours);
	bench_row_add(&row, "vivid to vkms", BENCH_PEER, measure_way, &vkms);
	bench_row_add(&row, "vivid, memcpy, virtio-gpu", BENCH_PEER, measure_way, &copy);
	return bench_row_run(bench, &row);
}

static int find_display(char *path, size_t room, const char *driver, struct pp_error *error)
{
	struct pp_drm_device device;
	int ret = pp_drm_open(&device, PP_DRM_PRIMARY, NULL, driver, error);

	if (ret)
		return ret;
	snprintf(path, room, "%s", device.path);
	pp_drm_close(&device);
	return 0;
}

static int find_nodes(struct nodes *nodes, struct pp_error *error)
{
	struct pp_camera camera;
	int ret = pp_camera_open_driver(&camera, "vivid", error);

	if (ret)
		return ret;
	snprintf(nodes->vivid, sizeof(nodes->vivid), "%s", camera.path);
	pp_camera_close(&camera);
	ret = find_display(nodes->primesim, sizeof(nodes->primesim), "primesim", error);
	if (!ret)
		ret = find_display(nodes->vkms, sizeof(nodes->vkms), "vkms", error);
	if (!ret)
		ret = find_display(nodes->virtio, sizeof(nodes->virtio), "virtio_gpu", error);
	return ret;
}

int bench_pipeline(const struct bench *bench)
{
	struct nodes nodes;
	int ret = find_nodes(&nodes, bench->error);

	for (unsigned int i = 0; i < sizeof(pictures) / sizeof(pictures[0]) && !ret; i++) {
		ret = run_converting(bench, &pictures[i]);
		if (!ret)
			ret = run_direct(bench, &pictures[i], &nodes);
	}
	return ret;
}
