// SPDX-License-Identifier: MIT
#include "../primepipe/timeline.h"
#include "test.h"

static void add(struct timeline *timeline, uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++)
		timeline_add(timeline, &(struct frame_record) { .sequence = i });
}

int main(void)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));

	CHECK(timeline);
	CHECK(timeline_first(timeline) == 0 && timeline->count == 0);
	add(timeline, 0, TIMELINE_FRAMES);
	CHECK(timeline_first(timeline) == 0);
	CHECK(timeline_at(timeline, 0)->sequence == 0);
	/* From here on the oldest ones make room. */
	add(timeline, TIMELINE_FRAMES, 3);
	CHECK(timeline_first(timeline) == 3);
	CHECK(timeline_at(timeline, 3)->sequence == 3);
	CHECK(timeline_at(timeline, timeline->count - 1)->sequence == TIMELINE_FRAMES + 2);
	free(timeline);
	return 0;
}
