// SPDX-License-Identifier: MIT
/*
 * When frames of a producer's are due: clocks that run, jump, stop, and are not there at all.
 */
#include <stdio.h>
#include <stdlib.h>

#include <linux/array_size.h>
#include <linux/time64.h>
#include <linux/types.h>

#include "camsim_timeline.h"

#define MS		1000000LL
#define MARGIN		(8 * MS)	/* of a camera at 60 frames a second, or so */
#define AHEAD		3		/* of a producer with four buffers */

static int failures;

static s64 place(struct camsim_timeline *timeline, u64 timestamp, s64 now)
{
	return camsim_timeline_place(timeline, timestamp, now, MARGIN, AHEAD);
}

static void expect(const char *what, s64 due, s64 wanted)
{
	if (due != wanted && failures++ < 20)
		printf("FAILED: %s: due at %lld, not %lld\n", what, (long long)due,
		       (long long)wanted);
}

static void expect_between(const char *what, s64 due, s64 earliest, s64 latest)
{
	if ((due < earliest || due > latest) && failures++ < 20)
		printf("FAILED: %s: due at %lld, not within %lld .. %lld\n", what, (long long)due,
		       (long long)earliest, (long long)latest);
}

/* Frames come now and then; what counts is when they were made. */
static void test_irregular(void)
{
	const s64 period = NSEC_PER_SEC * 1001 / 30000, start = 77000 * MS;
	struct camsim_timeline timeline = {};
	s64 first = place(&timeline, 5000 * MS, start);

	expect("first frame", first, start + MARGIN);
	for (int i = 1; i < 100000; i++) {
		s64 late = rand() % (20 * MS) - 10 * MS;

		expect("frame in time", place(&timeline, 5000 * MS + i * period,
					      start + i * period + late), first + i * period);
	}
}

/* All at once, as a producer queues that waits for its buffers only */
static void test_ahead(void)
{
	struct camsim_timeline timeline = {};
	s64 now = 1000 * MS, first = place(&timeline, 10 * MS, now);

	for (int i = 1; i <= AHEAD; i++)
		expect("frame ahead", place(&timeline, 10 * MS + i * 40 * MS, now),
		       first + i * 40 * MS);
	/* It goes on when the first one has been shown. */
	for (int i = AHEAD + 1; i < 1000; i++)
		expect("frame of a buffer that came back",
		       place(&timeline, 10 * MS + i * 40 * MS, first + (i - AHEAD) * 40 * MS),
		       first + i * 40 * MS);
}

/* One that was late at first would be ahead for ever, with more buffers than it has. */
static void test_first_late(void)
{
	struct camsim_timeline timeline = {};
	s64 now = 900 * MS;

	place(&timeline, 100 * MS, now);
	for (int i = 1; i < 20; i++)
		expect_between("after a late frame", place(&timeline, 100 * MS + i * 40 * MS, now),
			       now, now + MARGIN + AHEAD * 40 * MS);
	/* From then on it is in time: it is shown as soon as its buffers allow it. */
	expect("in time again", place(&timeline, 900 * MS, now + 40 * MS),
	       now + 40 * MS + MARGIN + AHEAD * 40 * MS);
}

static void test_no_timestamp(void)
{
	struct camsim_timeline timeline = {};
	s64 first;

	expect("no timestamp", place(&timeline, 0, 300 * MS), 300 * MS);
	first = place(&timeline, 50 * MS, 310 * MS);
	expect("none in between", place(&timeline, 0, 315 * MS), 315 * MS);
	expect("and then one", place(&timeline, 90 * MS, 330 * MS), first + 40 * MS);
}

/* Times that cannot be of the same clock, or of no use any more */
static void test_jumps(void)
{
	static const struct {
		const char *what;
		u64 timestamp;
		s64 now;
		bool anew;
	} cases[] = {
		{ "one second", 6000 * MS, 2000 * MS, false },
		{ "more than one second", 6000 * MS + 1, 2000 * MS, true },
		{ "back", 5000 * MS - 1, 1040 * MS, true },
		{ "back to the beginning", 1, 1040 * MS, true },
		{ "the end of time", -1ULL, 1040 * MS, true },
		{ "the same again", 5000 * MS, 1040 * MS, false },
		{ "one second late", 5040 * MS, 2040 * MS + MARGIN, false },
		{ "later than that", 5040 * MS, 2040 * MS + MARGIN + 1, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct camsim_timeline timeline = {};
		s64 due = place(&timeline, 5000 * MS, 1000 * MS) +
			  (s64)(cases[i].timestamp - 5000 * MS);

		if (cases[i].anew)
			due = cases[i].now + MARGIN;
		expect(cases[i].what, place(&timeline, cases[i].timestamp, cases[i].now), due);
	}
}

/* Whatever they are: none is left to lie for longer than the buffers take. */
static void test_nonsense(void)
{
	struct camsim_timeline timeline = {};
	s64 now = 1000 * MS;

	for (int i = 0; i < 1000000; i++) {
		u64 timestamp = (u64)rand() << (rand() % 40);

		if (rand() % 8)
			timestamp = timeline.last + rand() % (2 * NSEC_PER_SEC);
		expect_between("nonsense", place(&timeline, timestamp, now), now - NSEC_PER_SEC,
			       now + MARGIN + AHEAD * NSEC_PER_SEC);
		now += rand() % (100 * MS);
	}
}

int main(void)
{
	test_irregular();
	test_ahead();
	test_first_late();
	test_no_timestamp();
	test_jumps();
	test_nonsense();
	if (failures)
		printf("camsim: %d frames are due at another time\n", failures);
	else
		printf("camsim: a producer's frames are due in time\n");
	return failures ? 1 : 0;
}
