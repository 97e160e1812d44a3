// SPDX-License-Identifier: MIT
/*
 * DRM_IOCTL_PRIMESIM_SUBMIT: what order jobs run in, what fences they wait for and leave, and what
 * happens to them when their process ends. What is refused is in submit_refusals.c.
 */
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "leaks.h"

IGT_TEST_DESCRIPTION("jobs of primesim's engine: order, fences and ends");

#define SIDE		64		/* of small pictures */
#define LONG_SIDE	2048		/* of pictures whose job takes a while */
#define SHORT_SIDE	32		/* of those whose job is over at once */
#define JOB_SECONDS	30
#define MAX_OPS		64
#define MAX_SYNCS	64
#define CLOSINGS	100
#define CLOSING_STEP_US	50

/**
 * struct target - a picture in an object of its own
 * @drm: the file.
 * @handle: its GEM handle.
 * @size: bytes.
 * @dmabuf: its dma-buf.
 * @surface: the whole object, XRGB8888.
 */
struct target {
	int drm;
	uint32_t handle;
	uint64_t size;
	int dmabuf;
	struct drm_primesim_surface surface;
};

static void target_create(struct target *target, int drm, uint32_t side)
{
	target->drm = drm;
	target->size = side * side * 4;
	target->handle = lab_bo_create(drm, target->size, 0);
	target->dmabuf = lab_export(drm, target->handle, DRM_RDWR);
	target->surface = lab_surface(target->handle, side, side, side * 4);
}

/* The same object as another file sees it */
static void target_import(struct target *target, int drm, const struct target *other)
{
	*target = *other;
	target->drm = drm;
	target->handle = lab_import(drm, other->dmabuf);
	target->dmabuf = lab_export(drm, target->handle, DRM_RDWR);
	target->surface.handles[0] = target->handle;
}

static void target_close(struct target *target)
{
	lab_close(target->dmabuf);
	lab_close_handle(target->drm, target->handle);
}

static int submit(int drm, const struct drm_primesim_op *ops, uint32_t count,
		  const struct drm_primesim_sync *in, const struct drm_primesim_sync *out)
{
	struct drm_primesim_submit args = {
		.op_count = count,
		.op_size = sizeof(*ops),
		.in_count = !!in,
		.out_count = !!out,
		.ops = (uintptr_t)ops,
		.in_syncs = (uintptr_t)in,
		.out_syncs = (uintptr_t)out,
	};

	return lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &args);
}

static void submit_fill(const struct target *target, uint32_t value)
{
	struct drm_primesim_op op = lab_op_fill(&target->surface, value);

	igt_assert_eq(submit(target->drm, &op, 1, NULL, NULL), 0);
}

static void submit_copy(const struct target *from, const struct target *to)
{
	struct drm_primesim_op op = lab_op_copy(from->handle, to->handle, to->size);

	igt_assert_eq(submit(to->drm, &op, 1, NULL, NULL), 0);
}

static int64_t deadline(int seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec + seconds) * 1000000000LL + now.tv_nsec;
}

static uint32_t syncobj_create(int drm, uint32_t flags)
{
	uint32_t handle;

	igt_assert_eq(drmSyncobjCreate(drm, flags, &handle), 0);
	return handle;
}

static void syncobj_wait(int drm, uint32_t handle)
{
	igt_assert_eq(drmSyncobjWait(drm, &handle, 1, deadline(JOB_SECONDS), 0, NULL), 0);
}

static bool syncobj_is_signalled(int drm, uint32_t handle)
{
	return drmSyncobjWait(drm, &handle, 1, 0, 0, NULL) == 0;
}

static void point_wait(int drm, uint32_t handle, uint64_t point)
{
	igt_assert_eq(drmSyncobjTimelineWait(drm, &handle, &point, 1, deadline(JOB_SECONDS), 0,
					     NULL), 0);
}

/* Jobs of one file, and their order */

static void order_one_file(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct target a, b;

	target_create(&a, drm, LONG_SIDE);
	target_create(&b, drm, LONG_SIDE);
	for (uint32_t i = 1; i <= 10; i++) {
		submit_fill(&a, i);
		submit_copy(&a, &b);
		submit_fill(&a, ~i);
	}
	lab_check_filled(b.dmabuf, b.size, 10);
	lab_check_filled(a.dmabuf, a.size, ~10u);
	target_close(&b);
	target_close(&a);
	lab_close(drm);
}

static void order_in_job(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_op ops[MAX_OPS];
	struct target a, b;

	target_create(&a, drm, SIDE);
	target_create(&b, drm, SIDE);
	for (uint32_t i = 0; i < MAX_OPS; i++)
		ops[i] = i % 2 ? lab_op_copy(a.handle, b.handle, b.size) :
				 lab_op_fill(&a.surface, i);
	igt_assert_eq(submit(drm, ops, MAX_OPS, NULL, NULL), 0);
	lab_check_filled(b.dmabuf, b.size, MAX_OPS - 2);
	target_close(&b);
	target_close(&a);
	lab_close(drm);
}

/* Implicit fences */

static void implicit_write_read(const char *argument)
{
	int first = lab_open_render("primesim");
	int second = lab_open_render("primesim");
	struct target source, imported, result;

	target_create(&source, first, LONG_SIDE);
	target_import(&imported, second, &source);
	target_create(&result, second, LONG_SIDE);
	for (uint32_t i = 1; i <= 5; i++) {
		submit_fill(&source, i);
		submit_copy(&imported, &result);
		lab_check_filled(result.dmabuf, result.size, i);
	}
	target_close(&result);
	target_close(&imported);
	target_close(&source);
	lab_close(second);
	lab_close(first);
}

/* What overwrites waits for who still reads. */
static void implicit_read_write(const char *argument)
{
	int first = lab_open_render("primesim");
	int second = lab_open_render("primesim");
	struct target source, imported, result;

	target_create(&source, first, LONG_SIDE);
	target_import(&imported, second, &source);
	target_create(&result, first, LONG_SIDE);
	submit_fill(&source, 1);
	submit_copy(&source, &result);
	submit_fill(&imported, 2);
	lab_check_filled(imported.dmabuf, imported.size, 2);
	lab_check_filled(result.dmabuf, result.size, 1);
	target_close(&result);
	target_close(&imported);
	target_close(&source);
	lab_close(second);
	lab_close(first);
}

/* The dma-buf itself says when the GPU is done. */
static void dmabuf_poll(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct target a, b;

	target_create(&a, drm, LONG_SIDE);
	target_create(&b, drm, LONG_SIDE);
	submit_fill(&a, 7);
	submit_copy(&a, &b);
	/* Ready to write to a: its reader is done, so b has been written. */
	igt_assert(lab_poll(a.dmabuf, POLLOUT, JOB_SECONDS * 1000));
	igt_assert(lab_poll(b.dmabuf, POLLIN, 0));
	target_close(&b);
	target_close(&a);
	lab_close(drm);
}

static void sync_file_export(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct dma_buf_export_sync_file export = { .flags = DMA_BUF_SYNC_READ };
	struct target target;

	target_create(&target, drm, LONG_SIDE);
	submit_fill(&target, 3);
	igt_assert_eq(lab_ioctl(target.dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export), 0);
	igt_assert(lab_poll(export.fd, POLLIN, JOB_SECONDS * 1000));
	lab_check_filled(target.dmabuf, target.size, 3);
	lab_close(export.fd);
	target_close(&target);
	lab_close(drm);
}

/* Explicit fences */

/* A long job on one file, its fence carried to the other's job on another object. */
static void in_sync(const char *argument)
{
	int drm = lab_open_render("primesim");
	int other = lab_open_render("primesim");
	struct drm_primesim_sync first = { .handle = syncobj_create(drm, 0) };
	struct drm_primesim_sync second = { .handle = syncobj_create(other, 0) };
	struct drm_primesim_sync after = {};
	struct target a, b;
	struct drm_primesim_op op;
	int fd;

	target_create(&a, drm, LONG_SIDE);
	target_create(&b, other, SIDE);
	op = lab_op_fill(&a.surface, 1);
	igt_assert_eq(submit(drm, &op, 1, NULL, &first), 0);
	igt_assert_eq(drmSyncobjHandleToFD(drm, first.handle, &fd), 0);
	igt_assert_eq(drmSyncobjFDToHandle(other, fd, &after.handle), 0);
	op = lab_op_fill(&b.surface, 2);
	igt_assert_eq(submit(other, &op, 1, &after, &second), 0);
	syncobj_wait(other, second.handle);
	igt_assert(syncobj_is_signalled(drm, first.handle));
	lab_close(fd);
	target_close(&b);
	target_close(&a);
	lab_close(other);
	lab_close(drm);
}

static void timeline(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_sync in = { .handle = syncobj_create(drm, 0) };
	struct drm_primesim_sync out = in;
	uint64_t reached;
	struct target target;

	target_create(&target, drm, SIDE);
	for (uint32_t i = 1; i <= 8; i++) {
		struct drm_primesim_op op = lab_op_fill(&target.surface, i);

		out.point = 0x100000000ull * i;
		in.point = out.point - 0x100000000ull;
		igt_assert_eq(submit(drm, &op, 1, i > 1 ? &in : NULL, &out), 0);
	}
	point_wait(drm, out.handle, out.point);
	igt_assert_eq(drmSyncobjQuery(drm, &out.handle, &reached, 1), 0);
	igt_assert_eq_u64(reached, out.point);
	lab_check_filled(target.dmabuf, target.size, 8);
	target_close(&target);
	lab_close(drm);
}

/* A point that nobody has submitted yet is refused, and so is a syncobj without a fence. */
static void wait_before_submit(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_sync sync = { .handle = syncobj_create(drm, 0) };
	struct target target;
	struct drm_primesim_op op;

	target_create(&target, drm, SIDE);
	op = lab_op_fill(&target.surface, 1);
	igt_assert_eq(submit(drm, &op, 1, &sync, NULL), -ENOENT);
	sync.point = 5;
	igt_assert_eq(submit(drm, &op, 1, &sync, NULL), -ENOENT);
	igt_assert_eq(submit(drm, &op, 1, NULL, &sync), 0);
	igt_assert_eq(submit(drm, &op, 1, &sync, NULL), 0);
	sync.point = 6;
	igt_assert_eq(submit(drm, &op, 1, &sync, NULL), -ENOENT);
	target_close(&target);
	lab_close(drm);
}

static void most_syncs(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_sync in[MAX_SYNCS] = {}, out[MAX_SYNCS] = {};
	struct target target;
	struct drm_primesim_op op;
	struct drm_primesim_submit args = {
		.op_count = 1,
		.op_size = sizeof(op),
		.in_count = MAX_SYNCS,
		.out_count = MAX_SYNCS,
		.ops = (uintptr_t)&op,
		.in_syncs = (uintptr_t)in,
		.out_syncs = (uintptr_t)out,
	};

	target_create(&target, drm, SIDE);
	op = lab_op_fill(&target.surface, 1);
	for (int i = 0; i < MAX_SYNCS; i++) {
		in[i].handle = syncobj_create(drm, DRM_SYNCOBJ_CREATE_SIGNALED);
		out[i].handle = syncobj_create(drm, 0);
		out[i].point = i % 2;
	}
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &args), 0);
	for (int i = 0; i < MAX_SYNCS; i++)
		point_wait(drm, out[i].handle, out[i].point);
	args.in_count++;
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &args), -E2BIG);
	args.in_count--;
	args.out_count++;
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &args), -E2BIG);
	target_close(&target);
	lab_close(drm);
}

/* Ends */

/* More long jobs than are done at once */
#define QUEUE	50

static void queue_jobs(const struct target *target)
{
	for (uint32_t i = 0; i < QUEUE; i++)
		submit_fill(target, i);
}

/* Runs in a child: submits without end to the object it was handed. */
static void submit_until_killed(const struct target *shared)
{
	int drm = lab_open_render("primesim");
	struct target target;

	target_import(&target, drm, shared);
	for (uint32_t i = 0;; i++)
		submit_fill(&target, i);
}

static void killed(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct target target;
	pid_t child;
	int status;

	target_create(&target, drm, LONG_SIDE);
	child = fork();
	igt_assert(child >= 0);
	if (!child)
		submit_until_killed(&target);
	lab_sleep(500);
	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFSIGNALED(status));
	submit_fill(&target, 0x11fe);
	lab_check_filled(target.dmabuf, target.size, 0x11fe);
	target_close(&target);
	lab_close(drm);
}

/* Short jobs, so that the scheduler takes the next one in any moment of the process' end */
static void killed_often(const char *argument)
{
	enum { ROUNDS = 150 };
	int drm = lab_open_render("primesim");
	struct target target;

	target_create(&target, drm, SHORT_SIDE);
	for (int i = 0; i < ROUNDS; i++) {
		pid_t child = fork();

		igt_assert(child >= 0);
		if (!child)
			submit_until_killed(&target);
		lab_sleep(i % 20);
		igt_assert_eq(kill(child, SIGKILL), 0);
		igt_assert_eq(waitpid(child, NULL, 0), child);
	}
	submit_fill(&target, 0x11fe);
	lab_check_filled(target.dmabuf, target.size, 0x11fe);
	target_close(&target);
	lab_close(drm);
}

/* A process that ends by itself has its jobs done: somebody may wait for the picture. */
static void exited(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct target target;

	target_create(&target, drm, LONG_SIDE);
	igt_fork(child, 1) {
		int own = lab_open_render("primesim");
		struct target mine;

		target_import(&mine, own, &target);
		for (uint32_t i = 1; i <= 10; i++)
			submit_fill(&mine, i);
	}
	igt_waitchildren();
	lab_check_filled(target.dmabuf, target.size, 10);
	target_close(&target);
	lab_close(drm);
}

/* Handles may be closed as soon as SUBMIT has returned: the job keeps what it needs. */
static void handles_closed(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_sync out = { .handle = syncobj_create(drm, 0) };
	struct target a, b;
	struct drm_primesim_op op;

	target_create(&a, drm, LONG_SIDE);
	target_create(&b, drm, LONG_SIDE);
	submit_fill(&a, 4);
	submit_copy(&a, &b);
	op = lab_op_copy(b.handle, a.handle, a.size);
	igt_assert_eq(submit(drm, &op, 1, NULL, &out), 0);
	lab_close_handle(drm, a.handle);
	lab_close_handle(drm, b.handle);
	lab_close(b.dmabuf);
	lab_check_filled(a.dmabuf, a.size, 4);
	igt_assert_eq(lab_job_status(drm, out.handle), 1);
	lab_close(a.dmabuf);
	lab_close(drm);
}

/* Two handles that @op uses, which another thread closes @delay_us after @start */
struct closing {
	pthread_barrier_t start;
	struct drm_primesim_op op;
	useconds_t delay_us;
	int drm;
	uint32_t handles[2];
};

static void *close_later(void *data)
{
	struct closing *closing = data;

	pthread_barrier_wait(&closing->start);
	usleep(closing->delay_us);
	lab_close_handle(closing->drm, closing->handles[0]);
	lab_close_handle(closing->drm, closing->handles[1]);
	return NULL;
}

/* SUBMIT's references are the last ones then; it must not drop them while it holds reservations. */
static void close_meanwhile(struct closing *closing, struct drm_primesim_submit *args)
{
	const uint64_t size = SHORT_SIDE * SHORT_SIDE * 4;
	pthread_t thread;
	int ret;

	for (int i = 0; i < 2; i++)
		closing->handles[i] = lab_bo_create(closing->drm, size, 0);
	closing->op = lab_op_copy(closing->handles[0], closing->handles[1], size);
	igt_assert_eq(pthread_create(&thread, NULL, close_later, closing), 0);
	pthread_barrier_wait(&closing->start);
	ret = lab_ioctl(closing->drm, DRM_IOCTL_PRIMESIM_SUBMIT, args);
	igt_assert_eq(pthread_join(thread, NULL), 0);
	igt_assert_f(!ret || ret == -ENOENT, "%d\n", ret);
}

static void handles_closed_meanwhile(const char *argument)
{
	struct closing closing = { .drm = lab_open_render("primesim") };
	struct drm_primesim_sync out[MAX_SYNCS] = {};
	struct drm_primesim_submit args = {
		.op_count = 1,
		.op_size = sizeof(closing.op),
		.out_count = MAX_SYNCS,
		.ops = (uintptr_t)&closing.op,
		.out_syncs = (uintptr_t)out,
	};

	/* Many to signal: SUBMIT has to do after it has given the job away. */
	for (int i = 0; i < MAX_SYNCS; i++)
		out[i].handle = syncobj_create(closing.drm, 0);
	igt_assert_eq(pthread_barrier_init(&closing.start, NULL, 2), 0);
	for (int round = 0; round < CLOSINGS; round++) {
		closing.delay_us = round * CLOSING_STEP_US;
		close_meanwhile(&closing, &args);
	}
	pthread_barrier_destroy(&closing.start);
	lab_close(closing.drm);
}

/* Fences that outlive the file they came from */
static void fence_outlives_file(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_sync out = { .handle = syncobj_create(drm, 0) };
	struct target target;
	struct drm_primesim_op op;
	int fd;

	target_create(&target, drm, LONG_SIDE);
	queue_jobs(&target);
	op = lab_op_fill(&target.surface, 5);
	igt_assert_eq(submit(drm, &op, 1, NULL, &out), 0);
	igt_assert_eq(drmSyncobjExportSyncFile(drm, out.handle, &fd), 0);
	target_close(&target);
	lab_close(drm);
	igt_assert(lab_poll(fd, POLLIN, JOB_SECONDS * 1000));
	lab_close(fd);
}

/* Processes that all submit at once, each in its order, to objects that all share */
static void many_files(const char *argument)
{
	int drm = lab_open_render("primesim");
	struct target shared[2];

	for (int i = 0; i < 2; i++)
		target_create(&shared[i], drm, SIDE);
	igt_fork(child, 4) {
		int own = lab_open_render("primesim");
		struct target mine[2], result;

		for (int i = 0; i < 2; i++)
			target_import(&mine[i], own, &shared[(child + i) % 2]);
		target_create(&result, own, SIDE);
		for (uint32_t i = 0; i < 100; i++) {
			struct drm_primesim_op ops[] = {
				lab_op_fill(&mine[0].surface, child << 16 | i),
				lab_op_copy(mine[0].handle, mine[1].handle, mine[1].size),
				lab_op_copy(mine[1].handle, result.handle, result.size),
			};

			igt_assert_eq(submit(own, ops, 3, NULL, NULL), 0);
			lab_check_filled(result.dmabuf, result.size, child << 16 | i);
		}
	}
	igt_waitchildren();
	for (int i = 0; i < 2; i++)
		target_close(&shared[i]);
	lab_close(drm);
}

static const struct lab_test tests[] = {
	{ "order-one-file", order_one_file,
	  "Jobs of a file run in the order of their submission." },
	{ "order-in-job", order_in_job,
	  "The operations of a job run in their order, 64 of them." },
	{ "implicit-write-read", implicit_write_read,
	  "A reader waits for the writer of another file." },
	{ "implicit-read-write", implicit_read_write,
	  "A writer waits for the reader of another file." },
	{ "dmabuf-poll", dmabuf_poll,
	  "poll() on a dma-buf waits for the engine's readers and writers." },
	{ "sync-file-export", sync_file_export,
	  "A sync_file of the dma-buf signals when the engine has written it." },
	{ "in-sync", in_sync,
	  "A job waits for a syncobj's fence from another file." },
	{ "timeline", timeline,
	  "Jobs wait for points of a timeline and signal later ones, beyond 32 bits." },
	{ "wait-before-submit", wait_before_submit,
	  "ENOENT for waiting on a fence that is not there yet." },
	{ "most-syncs", most_syncs,
	  "64 fences to wait for and 64 to signal, and not one more." },
	{ "killed", killed,
	  "A process killed with many jobs queued leaves nothing, and others go on." },
	{ "killed-often", killed_often,
	  "The same at any moment, many times: the scheduler forgets each." },
	{ "exited", exited,
	  "The jobs of a process that has ended by itself are done." },
	{ "handles-closed", handles_closed,
	  "Jobs keep the objects whose handles were closed." },
	{ "handles-closed-meanwhile", handles_closed_meanwhile,
	  "Nor does SUBMIT itself lose them, at whatever moment they are closed." },
	{ "fence-outlives-file", fence_outlives_file,
	  "A fence signals also when its file is closed." },
	{ "many-files", many_files,
	  "Processes that share objects see their own job's result until they let go." },
};

igt_main()
{
	lab_run(tests, NULL);
}
