// SPDX-License-Identifier: MIT
#include "early.h"

#include "convey.h"

int early_check(struct pipeline *p)
{
	int ret;

	if (!p->options->early_fences)
		return 0;
	ret = pp_camera_set_early_fences(&p->camera, true);
	return ret ? ret : pp_camera_set_early_fences(&p->camera, false);
}

int early_reached(struct pipeline *p)
{
	if (!p->options->early_fences || p->early || p->counters.frames < p->options->frames / 2)
		return 0;
	p->early = true;
	return pp_camera_set_early_fences(&p->camera, true);
}

/*
 * The camera fills buffers in the order in which it got them. NULL also while it has
 * buffers without fences: their frames come first, and need room at the display.
 */
static struct source *next_source(struct pipeline *p)
{
	struct source *next = NULL;

	for (unsigned int i = 0; i < p->source_count; i++) {
		struct source *source = &p->sources[i];

		if (!source->queued || source->submitted)
			continue;
		if (!source->announced)
			return NULL;
		if (!next || source->queued < next->queued)
			next = source;
	}
	return next;
}

int early_submit(struct pipeline *p)
{
	struct target *target = pipeline_target(p, TARGET_FREE);
	struct source *source;
	int ret;

	if (!p->early || !target || pipeline_target(p, TARGET_READY))
		return 0;
	source = next_source(p);
	if (!source)
		return 0;
	target->record = (struct frame_record) { 0 };
	ret = convey(p, source, target);
	if (ret)
		return ret;
	source->submitted = true;
	target->awaits = source;
	target->state = TARGET_READY;
	return 1;
}

struct target *early_target(struct pipeline *p, const struct source *source)
{
	for (unsigned int i = 0; i < p->target_count; i++) {
		if (p->targets[i].awaits == source)
			return &p->targets[i];
	}
	return NULL;
}

static void begin_no_earlier(struct span *span, uint64_t ns)
{
	if (span->begin && span->begin < ns)
		span->begin = ns;
}

void early_arrived(struct target *target, const struct pp_frame *frame)
{
	struct frame_record *record = &target->record;

	record->sequence = frame->sequence;
	record->early = record->convert.begin < frame->timestamp_ns;
	record->damaged = frame->damaged;
	record->capture = (struct span) { frame->timestamp_ns, pp_now_ns() };
	/* Until the frame began, job and flip only waited. */
	begin_no_earlier(&record->convert, frame->timestamp_ns);
	begin_no_earlier(&record->flip, frame->timestamp_ns);
	target->awaits->frames++;
	target->awaits = NULL;
}
