// SPDX-License-Identifier: MIT
#include "run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../lib/fence.h"
#include "convey.h"
#include "early.h"
#include "live.h"
#include "midway.h"
#include "verify.h"

#define NS_PER_MS 1000000ull
#define NS_PER_US 1000ull
#define DEADLINE_MS 5000

/* What only lives while the pipeline runs. */
struct run {
	struct pipeline *p;
	struct midway midway;
	struct live live;
	int signals;		/* owned; readable when the user interrupts */
	uint64_t last_frame_ns;	/* when the camera gave one */
	uint64_t flip_queued_ns;
	bool verifying;		/* what is on the screen has to stay there */
};

static int queue_source(struct pipeline *p, unsigned int index)
{
	struct source *source = &p->sources[index];

	if (pipeline_is_direct(p))
		p->targets[index].state = TARGET_AT_CAMERA;
	source->queued = ++p->queued;
	source->announced = p->early;
	source->submitted = false;
	return pp_camera_queue(&p->camera, index, p->sources[index].dmabuf);
}

/* The display starts with the first target, black; without a GPU the camera gets the others. */
static int start(struct pipeline *p)
{
	unsigned int first = pipeline_is_direct(p) ? 1 : 0;
	int ret;

	ret = pp_display_enable(&p->display, &p->targets[0].fb);
	p->targets[0].state = TARGET_SHOWN;
	for (unsigned int i = first; !ret && i < p->source_count; i++)
		ret = queue_source(p, i);
	return ret ? ret : pp_camera_start(&p->camera);
}

static int flip_next(struct run *run)
{
	struct pipeline *p = run->p;
	struct target *ready = pipeline_target(p, TARGET_READY);
	int in_fence;
	int ret;

	if (!ready || p->display.flip_pending || run->verifying)
		return 0;
	/* When frames were copied, the fence has signalled long ago. */
	in_fence = p->options->copy ? -1 : ready->fence;
	run->flip_queued_ns = pp_now_ns();
	ready->record.flip.begin = run->flip_queued_ns;
	ret = pp_display_flip(&p->display, &ready->fb, in_fence);
	if (!ret)
		ready->state = TARGET_FLIPPING;
	return ret;
}

/* Where the frame goes; NULL when the display is behind and the frame is to be dropped. */
static struct target *choose_target(struct pipeline *p, const struct pp_frame *frame)
{
	if (pipeline_target(p, TARGET_READY))
		return NULL;
	if (pipeline_is_direct(p))
		return &p->targets[frame->index];
	return pipeline_target(p, TARGET_FREE);
}

static int pass_on(struct run *run, const struct pp_frame *frame, struct target *target)
{
	struct pipeline *p = run->p;
	int ret = 0;

	target->record = (struct frame_record) {
		.sequence = frame->sequence,
		.capture = { frame->timestamp_ns, pp_now_ns() },
	};
	p->sources[frame->index].frames++;
	if (!pipeline_is_direct(p)) {
		ret = convey(p, &p->sources[frame->index], target);
		/* At once: before it writes, the camera waits for the job that reads. */
		if (!ret)
			ret = queue_source(p, frame->index);
	}
	target->state = TARGET_READY;
	return ret ? ret : flip_next(run);
}

static void count_gap(struct pipeline *p, uint32_t sequence)
{
	p->counters.dropped_by_camera += sequence - p->next_sequence;
	p->next_sequence = sequence + 1;
}

/* The next frame's job, and with it the flip if the display has nothing else to do */
static int submit_early(struct run *run)
{
	int ret = early_submit(run->p);

	return ret > 0 ? flip_next(run) : ret;
}

/* Its job is on its way, or done: only the news is late. */
static int on_early_frame(struct run *run, const struct pp_frame *frame, struct target *target)
{
	int ret;

	run->p->counters.damaged += frame->damaged;
	early_arrived(target, frame);
	ret = queue_source(run->p, frame->index);
	return ret ? ret : submit_early(run);
}

static int on_camera(struct run *run, short events)
{
	struct pipeline *p = run->p;
	struct target *target;
	struct pp_frame frame;
	int ret = pp_camera_dequeue(&p->camera, &frame);

	if (!ret && events & POLLERR)
		return pp_fail(p->error, EIO, "%s stopped streaming", p->camera.path);
	if (ret <= 0)
		return ret;
	run->last_frame_ns = pp_now_ns();
	count_gap(p, frame.sequence);
	p->sources[frame.index].queued = 0;
	target = early_target(p, &p->sources[frame.index]);
	if (target)
		return on_early_frame(run, &frame, target);
	if (frame.damaged) {
		p->counters.damaged++;
		return queue_source(p, frame.index);
	}
	target = choose_target(p, &frame);
	if (!target) {
		p->counters.dropped_by_display++;
		return queue_source(p, frame.index);
	}
	return pass_on(run, &frame, target);
}

/* The job's end is known from its fence; it has signalled, or the flip would not have happened. */
static void end_job(struct pipeline *p, struct target *target)
{
	if (target->fence < 0)
		return;
	if (pp_fence_signalled_at(target->fence, &target->record.convert.end))
		p->counters.job_errors++;
	close(target->fence);
	target->fence = -1;
}

static uint32_t microseconds(uint64_t from_ns, uint64_t to_ns)
{
	return (uint32_t)((to_ns - from_ns) / NS_PER_US);
}

static int add_latency(struct pipeline *p, const struct frame_record *record)
{
	struct latency *latency = record->early ? &p->counters.early_latency :
						  &p->counters.latency;

	p->counters.last_flip_us = microseconds(record->capture.begin, record->flip.end);
	if (record->convert.end &&
	    pp_samples_add(&latency->ready_us,
			   microseconds(record->capture.begin, record->convert.end)))
		return -ENOMEM;
	return pp_samples_add(&latency->flip_us, p->counters.last_flip_us);
}

static int count_shown(struct pipeline *p, struct target *target)
{
	const struct frame_record *record = &target->record;

	if (!p->counters.frames++) {
		p->counters.first_flip_ns = record->flip.end;
		p->counters.cpu_start = pp_cpu_time();
		p->first_sequence = record->sequence;
	}
	p->counters.last_flip_ns = record->flip.end;
	p->last_sequence = record->sequence;
	target->frames++;
	timeline_add(&p->timeline, record);
	if (add_latency(p, record))
		return pp_fail(p->error, ENOMEM, "out of memory");
	return 0;
}

/* What was shown before is free again, or goes back to the camera. */
static int release(struct pipeline *p, struct target *old)
{
	old->state = TARGET_FREE;
	return pipeline_is_direct(p) ? queue_source(p, (unsigned int)(old - p->targets)) : 0;
}

/* The display may be quicker than the news that the frame is complete. */
static int await_frame(struct run *run, const struct target *target)
{
	struct pipeline *p = run->p;
	int ret = 0;

	while (!ret && target->awaits) {
		struct pollfd fd = { .fd = p->camera.fd, .events = POLLIN };

		if (poll(&fd, 1, DEADLINE_MS) == 0)
			return pp_fail(p->error, ETIME,
				       "%s signalled a fence and gave no frame for %d s",
				       p->camera.path, DEADLINE_MS / 1000);
		ret = on_camera(run, fd.revents);
	}
	return ret;
}

/* A damaged frame is no news to anybody. */
static int account_shown(struct run *run, struct target *target)
{
	int ret;

	run->verifying = true;
	ret = await_frame(run, target);
	if (!ret && !target->record.damaged)
		ret = verify_shown(run->p, target);
	run->verifying = false;
	return ret || target->record.damaged ? ret : count_shown(run->p, target);
}

static int on_display(struct run *run)
{
	struct pipeline *p = run->p;
	struct target *old = pipeline_target(p, TARGET_SHOWN);
	struct target *target = pipeline_target(p, TARGET_FLIPPING);
	struct pp_flip flip;
	int ret = pp_display_read_flip(&p->display, &flip);

	if (ret <= 0)
		return ret;
	target->state = TARGET_SHOWN;
	target->record.flip.end = flip.timestamp_ns;
	end_job(p, target);
	ret = account_shown(run, target);
	if (!ret)
		ret = release(p, old);
	if (!ret)
		ret = early_reached(p);
	if (!ret)
		ret = submit_early(run);
	if (!ret)
		ret = midway_reached(&run->midway, p);
	live_update(&run->live, p);
	return ret ? ret : flip_next(run);
}

static int check_deadlines(const struct run *run)
{
	const struct pipeline *p = run->p;
	uint64_t now = pp_now_ns();

	if (now - run->last_frame_ns > DEADLINE_MS * NS_PER_MS)
		return pp_fail(p->error, ETIME,
			       "%s gave no frame for %d s; see dmesg, and whether a program holds its buffers",
			       p->camera.path, DEADLINE_MS / 1000);
	if (p->display.flip_pending && now - run->flip_queued_ns > DEADLINE_MS * NS_PER_MS)
		return pp_fail(p->error, ETIME,
			       "%s has not flipped for %d s; see dmesg, and whether the GPU's job ended",
			       p->display.device.path, DEADLINE_MS / 1000);
	return 0;
}

static bool finished(const struct pipeline *p)
{
	return p->interrupted ||
	       (p->options->frames && p->counters.frames >= p->options->frames);
}

static int wait_for_work(struct run *run, struct pollfd fds[3])
{
	fds[0] = (struct pollfd) { .fd = run->p->camera.fd, .events = POLLIN };
	fds[1] = (struct pollfd) { .fd = run->p->display.device.fd, .events = POLLIN };
	fds[2] = (struct pollfd) { .fd = run->signals, .events = POLLIN };
	if (poll(fds, 3, DEADLINE_MS) < 0 && errno != EINTR)
		return pp_fail(run->p->error, errno, "poll: %s", strerror(errno));
	return 0;
}

static int loop(struct run *run)
{
	struct pipeline *p = run->p;
	struct pollfd fds[3];
	int ret = 0;

	while (!ret && !finished(p)) {
		ret = wait_for_work(run, fds);
		/* Flips first: they free buffers for frames. */
		if (!ret && fds[1].revents)
			ret = on_display(run);
		if (!ret && fds[0].revents && !finished(p))
			ret = on_camera(run, fds[0].revents);
		if (fds[2].revents)
			p->interrupted = true;
		if (!ret)
			ret = check_deadlines(run);
	}
	return ret;
}

/* From here on SIGINT and SIGTERM are read from a file descriptor. */
static int take_signals(struct run *run)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return pp_fail(run->p->error, errno, "sigprocmask: %s", strerror(errno));
	run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (run->signals < 0)
		return pp_fail(run->p->error, errno, "signalfd: %s", strerror(errno));
	return 0;
}

int run(struct pipeline *p)
{
	struct run run = { .p = p };
	int ret = take_signals(&run);

	if (ret)
		return ret;
	live_start(&run.live, p->options->quiet);
	run.last_frame_ns = pp_now_ns();
	ret = start(p);
	if (!ret)
		ret = loop(&run);
	p->counters.cpu_end = pp_cpu_time();
	live_end(&run.live);
	close(run.signals);
	if (!ret)
		ret = midway_end(&run.midway, p);
	return ret;
}
