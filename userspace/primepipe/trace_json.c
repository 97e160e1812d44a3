// SPDX-License-Identifier: MIT
/*
 * When each frame was where, in the Trace Event Format that ui.perfetto.dev and chrome://tracing
 * open: a track for each device, and an arrow wherever one stage's fence, or the frame itself, lets
 * the next one begin.
 */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../lib/json.h"

#define NS_PER_US 1000.0
#define TRACE_PROCESS 1

enum track {
	TRACK_CAMERA = 1,
	TRACK_CPU,
	TRACK_GPU,
	TRACK_DISPLAY,
};

struct stage {
	const char *name;
	enum track track;
	struct span span;
};

#define MAX_STAGES 5

/*
 * Slices of one track that overlap must be nested, and a frame that waits overlaps the next
 * one: so each device has several tracks of the same name, and frames take turns.
 */
#define LANES 4
#define LANE_OF(track, sequence) ((int)(track) * LANES + (int)((sequence) % LANES))

static json_object *add_event(json_object *events, const char *phase, const char *name, int thread)
{
	json_object *event = json_object_new_object();

	pp_json_string(event, "ph", phase);
	pp_json_string(event, "name", name);
	pp_json_number(event, "pid", TRACE_PROCESS);
	pp_json_number(event, "tid", (uint64_t)thread);
	json_object_array_add(events, event);
	return event;
}

static void add_time(json_object *event, const char *key, uint64_t ns)
{
	json_object_object_add(event, key, json_object_new_double((double)ns / NS_PER_US));
}

static void name_track(json_object *events, enum track track, const char *role, const char *driver)
{
	char text[128];

	snprintf(text, sizeof(text), "%s: %s", role, driver);
	for (int lane = 0; lane < LANES; lane++) {
		json_object *args = json_object_new_object();

		pp_json_string(args, "name", text);
		json_object_object_add(add_event(events, "M", "thread_name", LANE_OF(track, lane)),
				       "args", args);
	}
}

static void name_tracks(json_object *events, const struct pipeline *p)
{
	name_track(events, TRACK_CAMERA, "camera", (const char *)p->camera.capability.driver);
	if (p->options->copy)
		name_track(events, TRACK_CPU, "CPU", "memcpy");
	if (route_converts(p->route))
		name_track(events, TRACK_GPU, "GPU", p->gpu.device.driver);
	name_track(events, TRACK_DISPLAY, "display", p->display.device.driver);
}

/* One end of the arrow with that number, in the slice that is there at that time. */
static void add_arrow_end(json_object *events, const char *phase, uint64_t number, int thread,
			  uint64_t ns)
{
	json_object *event = add_event(events, phase, "fence", thread);

	add_time(event, "ts", ns);
	pp_json_number(event, "id", number);
	pp_json_string(event, "cat", "fence");
	pp_json_string(event, "bp", "e");
}

/* A slice's end is not in it any more. */
static uint64_t last_moment(struct span span)
{
	return span.end > span.begin ? span.end - 1 : span.begin;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void add_slice(json_object *events, const struct stage *stage, uint32_t sequence)
{
	char text[64];
	json_object *slice;

	snprintf(text, sizeof(text), "%s %u", stage->name, sequence);
	slice = add_event(events, "X", text, LANE_OF(stage->track, sequence));
	add_time(slice, "ts", stage->span.begin);
	add_time(slice, "dur", stage->span.end - stage->span.begin);
}

static void add_frame(json_object *events, const struct frame_record *record, uint64_t number)
{
	const struct stage stages[MAX_STAGES] = {
		{ "capture", TRACK_CAMERA, record->capture },
		{ "copy in", TRACK_CPU, record->copy_in },
		{ "convert", TRACK_GPU, record->convert },
		{ "copy out", TRACK_CPU, record->copy_out },
		{ "flip", TRACK_DISPLAY, record->flip },
	};
	const struct stage *before = NULL;

	for (unsigned int i = 0; i < MAX_STAGES; i++) {
		const struct stage *stage = &stages[i];
		uint64_t arrow = number * MAX_STAGES + i;

		if (!stage->span.begin || stage->span.end < stage->span.begin)
			continue;
		add_slice(events, stage, record->sequence);
		/* A stage that was queued before: the arrow ends where the fence signals. */
		if (before) {
			add_arrow_end(events, "s", arrow, LANE_OF(before->track, record->sequence),
				      last_moment(before->span));
			add_arrow_end(events, "f", arrow, LANE_OF(stage->track, record->sequence),
				      later(last_moment(before->span), stage->span.begin));
		}
		before = stage;
	}
}

int report_write_trace(struct pipeline *p, const char *path)
{
	json_object *trace = json_object_new_object();
	json_object *events = json_object_new_array();
	const struct timeline *timeline = &p->timeline;
	int ret;

	pp_json_string(trace, "displayTimeUnit", "ms");
	json_object_object_add(trace, "traceEvents", events);
	name_tracks(events, p);
	for (uint64_t i = timeline_first(timeline); i < timeline->count; i++)
		add_frame(events, timeline_at(timeline, i), i);
	ret = json_object_to_file_ext(path, trace, JSON_C_TO_STRING_PLAIN);
	json_object_put(trace);
	if (ret)
		return pp_fail(p->error, EIO, "cannot write %s: %s", path, strerror(errno));
	return 0;
}
