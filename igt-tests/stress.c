// SPDX-License-Identifier: MIT
/*
 * Everything at once: many processes that do random legal and illegal things on every node, are
 * killed at any moment, and leave nothing.
 *
 * LAB_STRESS_SECONDS in the environment says how long each play takes: 3 without it.
 * LAB_STRESS_SEED repeats one: the same choices, though not the same order of all processes.
 */
#include <string.h>
#include <unistd.h>
#include "actors/balance.h"
#include "actors/leftovers.h"
#include "actors/play.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("random programs on all nodes at once, killed at any moment");

/* Faults of cameras are what their clients ask for, and what they get who unplug them. */
static void expect_faults(void)
{
	lab_expect_kernel_message("DMA fault");
}

static void play(const struct role *roles)
{
	struct balance before;

	/* A play that failed has not come to its own. */
	play_restore();
	expect_faults();
	balance_take(&before);
	play_run(roles);
	balance_check(&before);
}

static void gem(const char *unused)
{
	static const struct role roles[] = {
		{ &actor_gem, 4 }, { &actor_dmabuf, 2 }, { &actor_debugfs, 1 }, {},
	};

	play(roles);
}

static void gpu(const char *unused)
{
	static const struct role roles[] = {
		{ &actor_submit, 4 }, { &actor_move, 2 }, { &actor_gem, 1 }, { &actor_dmabuf, 1 },
		{ &actor_memory, 1 }, {},
	};

	play(roles);
}

static void display(const char *unused)
{
	static const struct role roles[] = {
		{ &actor_kms, 4 }, { &actor_submit, 1 }, { &actor_dmabuf, 1 },
		{ &actor_debugfs, 1 }, {},
	};

	play(roles);
}

static void camera(const char *unused)
{
	static const struct role roles[] = {
		{ &actor_camera, 4 }, { &actor_producer, 2 }, { &actor_media, 1 },
		{ &actor_gem, 1 }, { &actor_move, 1 }, {},
	};

	play(roles);
}

static void configfs(const char *unused)
{
	static const struct role roles[] = {
		{ &actor_configfs, 3 }, { &actor_gem, 1 }, { &actor_camera, 1 },
		{ &actor_debugfs, 1 }, {},
	};

	play(roles);
}

static void faults(const char *unused)
{
	static const struct role roles[] = {
		{ &actor_gem, 2 }, { &actor_submit, 2 }, { &actor_kms, 2 }, { &actor_camera, 2 },
		{ &actor_producer, 1 }, { &actor_dmabuf, 1 }, { &actor_move, 1 },
		{ &actor_faults, 1 }, {},
	};

	play(roles);
}

static void everything(const char *unused)
{
	static const struct role roles[] = {
		{ &actor_gem, 2 }, { &actor_submit, 2 }, { &actor_kms, 2 }, { &actor_camera, 2 },
		{ &actor_producer, 1 }, { &actor_media, 1 }, { &actor_dmabuf, 2 },
		{ &actor_configfs, 1 }, { &actor_debugfs, 1 }, { &actor_memory, 1 },
		{ &actor_move, 1 }, { &actor_cpus, 1 }, { &actor_faults, 1 }, {},
	};

	play(roles);
}

static const struct role everything_and_unplug[] = {
	{ &actor_gem, 2 }, { &actor_submit, 2 }, { &actor_kms, 2 }, { &actor_camera, 2 },
	{ &actor_producer, 1 }, { &actor_media, 1 }, { &actor_dmabuf, 2 }, { &actor_configfs, 2 },
	{ &actor_debugfs, 1 }, { &actor_memory, 1 }, { &actor_cpus, 1 }, { &actor_faults, 1 },
	{ &actor_move, 1 }, { &actor_unbind, 1 }, { &actor_modules, 1 }, {},
};

static void everything_with_unplug(const char *unused)
{
	play(everything_and_unplug);
}

static void unload_all(void)
{
	igt_assert_f(!system("unload-modules"), "the modules do not unload\n");
	/* Its cache of fences complains of those that are left. */
	if (system("modprobe -q -r gpu_sched"))
		igt_debug("gpu_sched stays\n");
}

/* Without the modules nothing of theirs is left: slabs and pages are those of before. */
static void unload(const char *unused)
{
	struct balance before;

	igt_require_f(!access("/opt/lab/modules/simbuf.ko", R_OK), "no modules to load again\n");
	/* Processors and all, as for a play() */
	play_restore();
	unload_all();
	balance_take(&before);
	igt_assert_eq(system("load-modules"), 0);
	/* KUnit, where it ran then, has had expectations of its own. */
	expect_faults();
	play_run(everything_and_unplug);
	unload_all();
	balance_check(&before);
	igt_assert_eq(system("load-modules"), 0);
}

/*
 * A debug kernel counts no fences, and KASAN keeps more slabs than anybody leaves: kmemleak sees
 * those.
 */
static void leftovers(const char *unused)
{
	static const char *const names[] = {
		"buffers", "dma-bufs", "mappings", "attachments", "open files", "KiB of pages",
		"fences", "KiB of slabs",
	};
	size_t count = ARRAY_SIZE(names) - (lab_on_debug_kernel() ? 2 : 0);
	struct leftovers left;
	struct balance before;
	char noticed[256];

	balance_take(&before);
	leftovers_leave(&left);
	balance_compare(&before, noticed, sizeof(noticed));
	for (size_t i = 0; i < count; i++)
		igt_assert_f(strstr(noticed, names[i]), "%s: not in:%s\n", names[i], noticed);
	leftovers_remove(&left);
	balance_check(&before);
}

static const struct lab_test tests[] = {
	{ "leftovers", leftovers,
	  "What is left of any kind is noticed: the plays below could fail." },
	{ "gem", gem, "Buffers are made, shared, mapped and closed." },
	{ "gpu", gpu, "Jobs, fences and buffers that move, under memory pressure." },
	{ "display", display, "Any property of any display is set." },
	{ "camera", camera, "Clients share cameras, their graphs and their producers." },
	{ "configfs", configfs, "Devices of any kind come and go." },
	{ "faults", faults, "All nodes at once, and the core fails on purpose." },
	{ "everything", everything,
	  "All nodes at once, under memory pressure, while processors come and go." },
	{ "everything-with-unplug", everything_with_unplug,
	  "The same, while devices are unbound and modules unloaded." },
	{ "unload", unload, "After that the modules unload, and all memory is back." },
};

igt_main()
{
	lab_run(tests, NULL);
	/* Other programs come after it: what a play that failed leaves may not be there. */
	igt_fixture()
		play_restore();
}
