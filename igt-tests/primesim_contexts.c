// SPDX-License-Identifier: MIT
/*
 * Contexts, queues and priorities of primesim's engine, jobs that never end, and jobs without
 * implicit synchronisation.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("contexts of primesim's engine: priorities, queues, and whom a hang hits");

#define SIDE		64
#define SIZE		(SIDE * SIDE * 4)
#define MAX_CONTEXTS	64
#define NOBODY		65534
#define STILL_MS	150	/* long enough for what does not wait to happen */
#define SOON_MS		20000
#define NEVER		"600000"
#define SHORTLY		"1000"	/* ms; far above what a small job takes */

static uint32_t context_create(int drm, uint32_t priority)
{
	struct drm_primesim_context_create create = { .priority = priority };

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, &create), 0);
	igt_assert_neq_u64(create.id, 0);
	return create.id;
}

static int context_destroy(int drm, uint32_t id)
{
	struct drm_primesim_context_destroy destroy = { .id = id };

	return lab_ioctl(drm, DRM_IOCTL_PRIMESIM_CONTEXT_DESTROY, &destroy);
}

/**
 * struct target - a small picture
 * @handle: its object.
 * @dmabuf: its dma-buf.
 * @surface: all of it.
 */
struct target {
	uint32_t handle;
	int dmabuf;
	struct drm_primesim_surface surface;
};

static void target_create(struct target *target, int drm)
{
	target->handle = lab_bo_create(drm, SIZE, 0);
	target->dmabuf = lab_export(drm, target->handle, DRM_RDWR);
	target->surface = lab_surface(target->handle, SIDE, SIDE, SIDE * 4);
}

/* The same picture as another file sees it */
static void target_import(struct target *target, int drm, const struct target *other)
{
	target->handle = lab_import(drm, other->dmabuf);
	target->dmabuf = lab_export(drm, target->handle, DRM_RDWR);
	target->surface = lab_surface(target->handle, SIDE, SIDE, SIDE * 4);
}

static const struct drm_primesim_op hang = { .code = DRM_PRIMESIM_OP_HANG };

/* @where: context, queue, flags and syncs of the job; the rest is filled in here. */
static int try_submit(int drm, struct drm_primesim_submit where, const struct drm_primesim_op *ops,
		      uint32_t count)
{
	where.op_count = count;
	where.op_size = sizeof(*ops);
	where.ops = (uintptr_t)ops;
	return lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &where);
}

/* Submits, and returns a syncobj with the job's fence. */
static uint32_t start_ops(int drm, struct drm_primesim_submit where,
			  const struct drm_primesim_op *ops, uint32_t count)
{
	struct drm_primesim_sync out = {};

	igt_assert_eq(drmSyncobjCreate(drm, 0, &out.handle), 0);
	where.out_count = 1;
	where.out_syncs = (uintptr_t)&out;
	igt_assert_eq(try_submit(drm, where, ops, count), 0);
	return out.handle;
}

static uint32_t start_hang(int drm, uint32_t context)
{
	return start_ops(drm, (struct drm_primesim_submit){ .context = context }, &hang, 1);
}

static uint32_t start_fill(int drm, uint32_t context, const struct target *target, uint32_t value)
{
	struct drm_primesim_op op = lab_op_fill(&target->surface, value);

	return start_ops(drm, (struct drm_primesim_submit){ .context = context }, &op, 1);
}

static int submit_fill(int drm, uint32_t context, const struct target *target, uint32_t value)
{
	struct drm_primesim_op op = lab_op_fill(&target->surface, value);

	return try_submit(drm, (struct drm_primesim_submit){ .context = context }, &op, 1);
}

/* A device whose jobs may take that many milliseconds */
static int plug(struct lab_plugged *device, const char *timeout)
{
	lab_plug_prepare(device, "primesim", "timeout");
	lab_plug_set(device, "job_timeout_ms", timeout);
	lab_plug_start(device);
	return lab_plugged_render(device);
}

/* Hangs */

static void hang_ends(const char *argument)
{
	struct lab_plugged device;
	int drm = plug(&device, SHORTLY);
	uint32_t context = context_create(drm, DRM_PRIMESIM_PRIORITY_NORMAL);
	uint64_t since = lab_now();
	uint32_t first, second;
	struct target target;
	char why[64];

	target_create(&target, drm);
	lab_gpu_fill(drm, target.handle, SIZE, 1);
	first = start_hang(drm, context);
	second = start_fill(drm, context, &target, 2);
	igt_assert(!lab_syncobj_signals(drm, first, STILL_MS));
	igt_assert_eq(lab_job_status(drm, first), -ETIMEDOUT);
	igt_assert_eq(lab_job_status(drm, second), -ECANCELED);
	lab_check_filled(target.dmabuf, SIZE, 1);
	igt_assert_eq(submit_fill(drm, context, &target, 3), -ECANCELED);
	snprintf(why, sizeof(why), "SUBMIT: context %u is banned: a job of it took too long",
		 context);
	lab_assert_refused_by(since, -ECANCELED, lab_plugged_name(&device, "gpu"), why);

	/* Only that context is. */
	lab_gpu_fill(drm, target.handle, SIZE, 4);
	lab_check_filled(target.dmabuf, SIZE, 4);
	lab_close(target.dmabuf);
	lab_close(drm);
	lab_unplug(&device);
}

/* The context that comes with the file is one like others. */
static void hang_first_context(const char *argument)
{
	struct lab_plugged device;
	int drm = plug(&device, SHORTLY);
	struct target target;
	uint32_t job;

	target_create(&target, drm);
	igt_assert_eq(lab_job_status(drm, start_hang(drm, 0)), -ETIMEDOUT);
	igt_assert_eq(submit_fill(drm, 0, &target, 1), -ECANCELED);
	job = start_fill(drm, context_create(drm, DRM_PRIMESIM_PRIORITY_NORMAL), &target, 2);
	igt_assert_eq(lab_job_status(drm, job), 1);
	lab_check_filled(target.dmabuf, SIZE, 2);
	lab_close(target.dmabuf);
	lab_close(drm);
	lab_unplug(&device);
}

/* Who waits for what a hung job writes, explicitly or not, is served after it ended. */
static void hang_others_wait(const char *argument)
{
	struct lab_plugged device;
	int drm = plug(&device, SHORTLY), other = lab_plugged_render(&device);
	struct target target, imported, result;
	struct drm_primesim_op ops[2], copy;
	uint32_t hung, waiting;

	target_create(&target, drm);
	target_import(&imported, other, &target);
	target_create(&result, other);
	ops[0] = lab_op_fill(&target.surface, 5);
	ops[1] = hang;
	hung = start_ops(drm, (struct drm_primesim_submit){}, ops, 2);
	copy = lab_op_copy(imported.handle, result.handle, SIZE);
	waiting = start_ops(other, (struct drm_primesim_submit){}, &copy, 1);
	igt_assert(!lab_syncobj_signals(other, waiting, STILL_MS));
	igt_assert_eq(lab_job_status(drm, hung), -ETIMEDOUT);
	igt_assert_eq(lab_job_status(other, waiting), 1);
	lab_check_filled(result.dmabuf, SIZE, 5);
	lab_close(result.dmabuf);
	lab_close(imported.dmabuf);
	lab_close(target.dmabuf);
	lab_close(other);
	lab_close(drm);
	lab_unplug(&device);
}

/* Each of many contexts hangs on both queues: all fences signal, and the engine is as before. */
static void hang_many(const char *argument)
{
	struct lab_plugged device;
	int drm = plug(&device, "50");
	struct drm_primesim_submit where = {};
	uint32_t jobs[20];

	for (uint32_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		if (i % 2 == 0)
			where.context = context_create(drm, DRM_PRIMESIM_PRIORITY_NORMAL);
		where.queue = i % 2;
		jobs[i] = start_ops(drm, where, &hang, 1);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		int status = lab_job_status(drm, jobs[i]);

		igt_assert_f(status == -ETIMEDOUT || status == -ECANCELED, "job %u: %d\n", i,
			     status);
	}
	lab_close(drm);
	lab_unplug(&device);
}

/* The other queue goes on while one hangs. */
static void hang_one_queue(const char *argument)
{
	struct lab_plugged device;
	int drm = plug(&device, NEVER);
	struct drm_primesim_submit where = { .queue = DRM_PRIMESIM_QUEUE_COPY };
	uint32_t hung = start_ops(drm, where, &hang, 1);
	struct target target;
	int fence;

	target_create(&target, drm);
	igt_assert_eq(lab_job_status(drm, start_fill(drm, 0, &target, 6)), 1);
	lab_check_filled(target.dmabuf, SIZE, 6);
	igt_assert(!lab_syncobj_signals(drm, hung, 0));
	igt_assert_eq(drmSyncobjExportSyncFile(drm, hung, &fence), 0);
	lab_unplug(&device);
	igt_assert_eq(lab_fence_status(fence), -ENODEV);
	lab_close(fence);
	lab_close(target.dmabuf);
	lab_close(drm);
}

#define FILLED	7	/* each pixel of what a process writes before it hangs */

/* Runs in a child until it is killed. */
static void hang_until_killed(const struct lab_plugged *device, const struct target *shared)
{
	int drm = lab_plugged_render(device);
	struct target target;
	struct drm_primesim_op ops[2] = { {}, hang };

	target_import(&target, drm, shared);
	ops[0] = lab_op_fill(&target.surface, FILLED);
	igt_assert_eq(try_submit(drm, (struct drm_primesim_submit){}, ops, 2), 0);
	for (;;)
		pause();
}

/*
 * A process with a job on the render queue that has filled @target and does not end. The CPU
 * sees the last pixel without waiting for the job's fence.
 */
static pid_t hold_up(const struct lab_plugged *device, const struct target *target)
{
	const volatile uint32_t *pixels = lab_map(target->dmabuf, SIZE, PROT_READ, 0);
	pid_t child = fork();

	igt_assert(child >= 0);
	if (!child)
		hang_until_killed(device, target);
	while (pixels[SIZE / 4 - 1] != FILLED)
		lab_sleep(10);
	lab_unmap((const void *)pixels, SIZE);
	return child;
}

static void let_go(pid_t child)
{
	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, NULL, 0), child);
}

static void hang_killed(const char *argument)
{
	struct lab_plugged device;
	int drm = plug(&device, NEVER);
	struct target target;

	target_create(&target, drm);
	let_go(hold_up(&device, &target));
	igt_assert(lab_poll(target.dmabuf, POLLIN, SOON_MS));
	lab_check_filled(target.dmabuf, SIZE, FILLED);
	lab_close(target.dmabuf);
	lab_close(drm);
	lab_unplug(&device);
}

/* Contexts */

static void contexts(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_context_create create = {};
	struct target target;
	uint32_t ids[MAX_CONTEXTS];
	uint64_t since;

	target_create(&target, drm);
	for (int i = 1; i < MAX_CONTEXTS; i++)
		ids[i] = context_create(drm, i % 2);
	since = lab_now();
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, &create), -ENOSPC);
	lab_assert_refused_by(since, -ENOSPC, "primesim-gpu0",
			      "CONTEXT_CREATE: the file has 64 contexts already");
	igt_assert_eq(context_destroy(drm, ids[9]), 0);
	igt_assert_eq(context_destroy(drm, ids[9]), -ENOENT);
	igt_assert_eq(submit_fill(drm, ids[9], &target, 1), -ENOENT);
	igt_assert_eq(context_create(drm, 0), ids[9]);
	igt_assert_eq(submit_fill(drm, ids[9], &target, 1), 0);
	lab_close(target.dmabuf);
	lab_close(drm);
}

/* Contexts are a file's own. */
static void contexts_of_files(const char *argument)
{
	int drm = lab_open_render("primesim"), other = lab_open_render("primesim");
	uint32_t id = context_create(drm, DRM_PRIMESIM_PRIORITY_NORMAL);

	igt_assert_eq(context_destroy(other, id), -ENOENT);
	igt_assert_eq(context_destroy(drm, id), 0);
	lab_close(other);
	lab_close(drm);
}

/* What was submitted before is done. */
static void destroyed_while_busy(const char *argument)
{
	int drm = lab_open_render("primesim");
	uint32_t context = context_create(drm, DRM_PRIMESIM_PRIORITY_NORMAL);
	struct lab_fence fence;
	struct drm_primesim_sync in = {};
	struct drm_primesim_submit where = { .context = context, .in_count = 1 };
	struct drm_primesim_op op;
	struct target target;
	uint32_t job;

	target_create(&target, drm);
	lab_fence_open(&fence, SIDE, SIDE);
	in.handle = lab_fence_syncobj(&fence, drm);
	where.in_syncs = (uintptr_t)&in;
	op = lab_op_fill(&target.surface, 8);
	job = start_ops(drm, where, &op, 1);
	igt_assert_eq(context_destroy(drm, context), 0);
	igt_assert(!lab_syncobj_signals(drm, job, STILL_MS));
	lab_fence_signal(&fence);
	igt_assert_eq(lab_job_status(drm, job), 1);
	lab_check_filled(target.dmabuf, SIZE, 8);
	lab_fence_close(&fence);
	lab_close(target.dmabuf);
	lab_close(drm);
}

static void priority_allowed(const char *argument)
{
	int drm = lab_open_render("primesim");
	uint64_t since = lab_now();

	context_create(drm, DRM_PRIMESIM_PRIORITY_HIGH);
	igt_fork(child, 1) {
		struct drm_primesim_context_create create = {
			.priority = DRM_PRIMESIM_PRIORITY_HIGH,
		};

		igt_assert_eq(setuid(NOBODY), 0);
		igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, &create), -EACCES);
		context_create(drm, DRM_PRIMESIM_PRIORITY_LOW);
	}
	igt_waitchildren();
	lab_assert_refused_by(since, -EACCES, "primesim-gpu0",
			      "CONTEXT_CREATE: high priority takes CAP_SYS_NICE or DRM master");
	lab_close(drm);
}

/*
 * Notes in a picture which job was the one before: that one's number comes into @target, and
 * this one's into @last.
 */
static uint32_t start_note(int drm, uint32_t context, const struct target *last,
			   const struct target *target, uint32_t number)
{
	const struct drm_primesim_op ops[] = {
		lab_op_copy(last->handle, target->handle, SIZE),
		lab_op_fill(&last->surface, number),
	};
	struct drm_primesim_submit where = {
		.context = context,
		.flags = DRM_PRIMESIM_SUBMIT_NO_IMPLICIT,
	};

	return start_ops(drm, where, ops, ARRAY_SIZE(ops));
}

static uint32_t first_word(const struct target *target)
{
	const uint32_t *words = lab_map(target->dmabuf, SIZE, PROT_READ, 0);
	uint32_t word = words[0];

	lab_unmap((void *)words, SIZE);
	return word;
}

#define LOW_JOBS	10
#define URGENT		99

/*
 * While the queue is held up by one job, many jobs come in with a low priority, then one with
 * a high priority. Without priorities the oldest would be first.
 */
static void priorities(const char *argument)
{
	struct lab_plugged device;
	int drm = plug(&device, NEVER);
	uint32_t low = context_create(drm, DRM_PRIMESIM_PRIORITY_LOW);
	uint32_t high = context_create(drm, DRM_PRIMESIM_PRIORITY_HIGH);
	struct target held, last, targets[LOW_JOBS + 1];
	uint32_t jobs[LOW_JOBS + 1], before;
	pid_t holder;

	target_create(&held, drm);
	target_create(&last, drm);
	for (uint32_t i = 0; i <= LOW_JOBS; i++)
		target_create(&targets[i], drm);
	holder = hold_up(&device, &held);
	for (uint32_t i = 0; i < LOW_JOBS; i++)
		jobs[i] = start_note(drm, low, &last, &targets[i], i + 1);
	jobs[LOW_JOBS] = start_note(drm, high, &last, &targets[LOW_JOBS], URGENT);
	let_go(holder);
	for (uint32_t i = 0; i <= LOW_JOBS; i++)
		igt_assert_eq(lab_job_status(drm, jobs[i]), 1);

	/* The engine holds two jobs at once, so one of the low ones may be before it. */
	before = first_word(&targets[LOW_JOBS]);
	igt_assert_lte(before, 1);
	for (uint32_t i = 0; i < LOW_JOBS; i++)
		igt_assert_eq_u32(first_word(&targets[i]), i == before ? URGENT : i);

	for (uint32_t i = 0; i <= LOW_JOBS; i++)
		lab_close(targets[i].dmabuf);
	lab_close(last.dmabuf);
	lab_close(held.dmabuf);
	lab_close(drm);
	lab_unplug(&device);
}

/* Queues */

static void copy_queue(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_submit where = { .queue = DRM_PRIMESIM_QUEUE_COPY };
	struct drm_primesim_op ops[2], blit;
	struct target a, b;

	target_create(&a, drm);
	target_create(&b, drm);
	ops[0] = lab_op_fill(&a.surface, 10);
	ops[1] = lab_op_copy(a.handle, b.handle, SIZE);
	igt_assert_eq(lab_job_status(drm, start_ops(drm, where, ops, 2)), 1);
	lab_check_filled(b.dmabuf, SIZE, 10);
	blit = lab_op_blit(&a.surface, &b.surface);
	igt_assert_eq(try_submit(drm, where, &blit, 1), -EINVAL);
	where.queue = 2;
	igt_assert_eq(try_submit(drm, where, ops, 2), -EINVAL);
	lab_close(b.dmabuf);
	lab_close(a.dmabuf);
	lab_close(drm);
}

/* Jobs on both queues that hand a picture to each other and back */
static void queues_in_turn(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct target a, b;

	target_create(&a, drm);
	target_create(&b, drm);
	for (uint32_t i = 1; i <= 50; i++) {
		struct drm_primesim_op op = lab_op_copy(a.handle, b.handle, SIZE);
		struct drm_primesim_submit where = { .queue = DRM_PRIMESIM_QUEUE_COPY };

		igt_assert_eq(submit_fill(drm, 0, &a, i), 0);
		igt_assert_eq(try_submit(drm, where, &op, 1), 0);
		igt_assert_eq(submit_fill(drm, 0, &a, ~i), 0);
		if (i % 10 == 0)
			lab_check_filled(b.dmabuf, SIZE, i);
	}
	lab_close(b.dmabuf);
	lab_close(a.dmabuf);
	lab_close(drm);
}

/* Without implicit synchronisation */

static void explicit_does_not_wait(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_submit where = {};
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct target target;
	uint32_t waits;

	target_create(&target, drm);
	lab_fence_open(&fence, SIDE, SIDE);
	op = lab_op_copy(lab_import(drm, fence.dmabuf), target.handle, SIZE);
	where.flags = DRM_PRIMESIM_SUBMIT_NO_IMPLICIT;
	igt_assert_eq(lab_job_status(drm, start_ops(drm, where, &op, 1)), 1);
	where.flags = 0;
	waits = start_ops(drm, where, &op, 1);
	igt_assert(!lab_syncobj_signals(drm, waits, STILL_MS));
	lab_fence_signal(&fence);
	igt_assert_eq(lab_job_status(drm, waits), 1);
	lab_fence_close(&fence);
	lab_close(target.dmabuf);
	lab_close(drm);
}

static void explicit_is_not_waited_for(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_submit where = {
		.context = context_create(drm, DRM_PRIMESIM_PRIORITY_NORMAL),
		.flags = DRM_PRIMESIM_SUBMIT_NO_IMPLICIT,
		.in_count = 1,
	};
	struct drm_primesim_sync in = {};
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct target target;
	uint32_t held;

	target_create(&target, drm);
	lab_fence_open(&fence, SIDE, SIDE);
	in.handle = lab_fence_syncobj(&fence, drm);
	where.in_syncs = (uintptr_t)&in;
	op = lab_op_fill(&target.surface, 11);
	held = start_ops(drm, where, &op, 1);
	igt_assert(lab_poll(target.dmabuf, POLLIN | POLLOUT, 0));
	igt_assert_eq(lab_job_status(drm, start_fill(drm, 0, &target, 12)), 1);
	lab_check_filled(target.dmabuf, SIZE, 12);
	igt_assert(!lab_syncobj_signals(drm, held, 0));
	lab_fence_signal(&fence);
	igt_assert_eq(lab_job_status(drm, held), 1);
	lab_check_filled(target.dmabuf, SIZE, 11);
	lab_fence_close(&fence);
	lab_close(target.dmabuf);
	lab_close(drm);
}

static void timeout_attribute(const char *argument)
{
	struct lab_plugged device;

	lab_plug_prepare(&device, "primesim", "attribute");
	igt_assert_eq(lab_plug_write(&device, "job_timeout_ms", "9"), -ERANGE);
	igt_assert_eq(lab_plug_write(&device, "job_timeout_ms", "600001"), -ERANGE);
	igt_assert_eq(lab_plug_write(&device, "job_timeout_ms", "soon"), -EINVAL);
	lab_plug_set(&device, "job_timeout_ms", "10");
	lab_plug_start(&device);
	igt_assert_eq(lab_plug_write(&device, "job_timeout_ms", "1000"), -EBUSY);
	lab_unplug(&device);
}

static const struct lab_test tests[] = {
	{ "hang-ends", hang_ends,
	  "A job without end is ended, its context banned, and no other." },
	{ "hang-first-context", hang_first_context,
	  "The file's first context may be banned, and another one used instead." },
	{ "hang-others-wait", hang_others_wait,
	  "Jobs that wait for a job without end run after it was ended." },
	{ "hang-many", hang_many,
	  "Contexts that all hang on both queues all come to an end." },
	{ "hang-one-queue", hang_one_queue,
	  "A queue works while the other hangs; unplugging ends that with ENODEV." },
	{ "hang-killed", hang_killed,
	  "The job without end of a killed process ends at once." },
	{ "contexts", contexts,
	  "A file has up to 64 contexts; wrong arguments get their errno." },
	{ "contexts-of-files", contexts_of_files,
	  "A context's number means nothing on another file." },
	{ "destroyed-while-busy", destroyed_while_busy,
	  "The jobs of a context that was destroyed are done." },
	{ "priority-allowed", priority_allowed,
	  "High priority takes CAP_SYS_NICE or DRM master." },
	{ "priorities", priorities,
	  "An urgent job overtakes those of low priority that came before it." },
	{ "copy-queue", copy_queue,
	  "The copy queue fills and copies, and refuses BLIT." },
	{ "queues-in-turn", queues_in_turn,
	  "Jobs on both queues wait for each other through their objects." },
	{ "explicit-does-not-wait", explicit_does_not_wait,
	  "A job without implicit synchronisation does not wait for a writer." },
	{ "explicit-is-not-waited-for", explicit_is_not_waited_for,
	  "Nobody waits for a job without implicit synchronisation." },
	{ "timeout-attribute", timeout_attribute,
	  "The time a job may take is checked, and fixed while the device is live." },
};

igt_main()
{
	lab_run(tests, NULL);
}
