// SPDX-License-Identifier: MIT
#include "attempt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/stats.h"

/* How often each transfer is tried: what is stale shows from the second time on. */
#define REPEATS 2

/* Buffers that an exporter makes before the one that is shared, when that shall not be low. */
#define BUFFERS 12

/* The state of one try */
struct trial {
	struct port *cpu;	/* the CPU through the exporter's mmap */
	struct port *device;	/* the exporting device, or NULL */
	struct port *importer;
	uint32_t pattern;	/* number of the last pattern */
	bool frames;		/* a camera wrote to the buffer */
	struct outcome *worst;
};

static struct content next_pattern(struct trial *trial)
{
	trial->pattern++;
	if (trial->pattern > IMAGE_PATTERNS)
		abort();	/* the plan of transfers is longer than the list of patterns */
	return (struct content) {
		.kind = CONTENT_PATTERN,
		.number = trial->pattern,
		.frames_before = trial->frames,
	};
}

/* Keeps the worst, and why it was so the first time. Returns whether to go on. */
static bool keep_worst(struct trial *trial, enum result result, const struct outcome *now,
		       const struct port *from, const struct port *to)
{
	if (result > trial->worst->result) {
		*trial->worst = *now;
		trial->worst->result = result;
		if (result == RESULT_STALE || result == RESULT_CORRUPT)
			pp_fail(&trial->worst->why, 0, "%s does not see what %s wrote: %.300s",
				to->name, from->name, now->why.text);
	}
	return result < RESULT_REFUSED;
}

static bool transfer(struct trial *trial, struct port *from, struct port *to)
{
	struct content content = next_pattern(trial);
	enum result result = RESULT_WORKS;

	/* Before a frame, so that what it does not overwrite can be told. */
	if (from->writes_frames)
		result = trial->cpu->write(trial->cpu, &content);
	if (result == RESULT_WORKS)
		result = from->write(from, &content);
	trial->frames |= from->writes_frames;
	if (result == RESULT_WORKS &&
	    !(to->reads_stamp_only && content.kind == CONTENT_ANYTHING))
		result = to->read(to, &content);
	return keep_worst(trial, result, from->outcome, from, to);
}

/* All that @from writes, @to reads, where both can. Returns whether to go on. */
static bool transfers(struct trial *trial, struct port *from, struct port *to)
{
	if (!from || !to || !from->write || !to->read)
		return true;
	for (int i = 0; i < REPEATS; i++) {
		if (!transfer(trial, from, to))
			return false;
	}
	return true;
}

/* The memory has a content before it is shared, and must keep it. */
static bool share(struct trial *trial, int dmabuf)
{
	struct content content = next_pattern(trial);
	enum result result = trial->cpu->write(trial->cpu, &content);

	if (result == RESULT_WORKS)
		result = trial->importer->import(trial->importer, dmabuf);
	if (result == RESULT_WORKS && trial->importer->read)
		result = trial->importer->read(trial->importer, &content);
	return keep_worst(trial, result, trial->cpu->outcome, trial->cpu, trial->importer);
}

static void try_everything(struct trial *trial, int dmabuf)
{
	bool go_on = share(trial, dmabuf);

	go_on = go_on && transfers(trial, trial->device, trial->importer);
	go_on = go_on && transfers(trial, trial->cpu, trial->importer);
	go_on = go_on && transfers(trial, trial->importer, trial->cpu);
	if (go_on)
		transfers(trial, trial->importer, trial->device);
}

/*
 * Makes the exporter use up the low pages that are still free, between those that are
 * in use: they stay so until this process ends.
 */
static void use_up_low(const struct attempt *attempt, const struct port_base *base)
{
	struct content content = { .kind = CONTENT_PATTERN, .number = 0 };
	struct port *device = NULL, *cpu = NULL;
	int dmabuf;

	for (int i = 0; i < BUFFERS; i++) {
		dmabuf = attempt->exporter->open(base, &attempt->from, &device);
		cpu = dmabuf < 0 ? NULL : cpu_port(base, dmabuf);
		if (!cpu)
			return;
		cpu->write(cpu, &content);
	}
}

static void try(const struct attempt *attempt, struct outcome *outcome)
{
	struct outcome now = { 0 };
	const struct port_base base = {
		.images = attempt->images,
		.outcome = &now,
		.brackets = attempt->brackets,
	};
	struct trial trial = { .worst = outcome };
	uint64_t start = pp_now_ns();
	int dmabuf;

	*outcome = (struct outcome) { .result = RESULT_WORKS };
	if (attempt->not_low && !attempt->exporter->once)
		use_up_low(attempt, &base);
	dmabuf = attempt->exporter->open(&base, &attempt->from, &trial.device);
	if (!attempt->exporter_device)
		trial.device = NULL;
	trial.cpu = dmabuf < 0 ? NULL : cpu_port(&base, dmabuf);
	trial.importer = trial.cpu ? attempt->importer->open(&base, &attempt->to) : NULL;
	if (!trial.importer) {
		*outcome = now;
		outcome->result = RESULT_ERROR;
		return;
	}
	try_everything(&trial, dmabuf);
	outcome_explain(outcome, start);
}

__attribute__((noreturn))
static void child(const struct attempt *attempt, int pipe_fd)
{
	struct outcome outcome;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	try(attempt, &outcome);
	/* Less than PIPE_BUF: whole or not at all. */
	if (write(pipe_fd, &outcome, sizeof(outcome)) != sizeof(outcome))
		_exit(1);
	_exit(0);
}

/* Until all it had open is closed: devices have one user at a time. */
static bool wait_for_end(pid_t pid, unsigned int seconds, int *status)
{
	struct pollfd poll_fd = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	bool ended = poll(&poll_fd, 1, (int)seconds * 1000) == 1;

	close(poll_fd.fd);
	if (ended)
		waitpid(pid, status, 0);
	else
		kill(pid, SIGKILL);	/* not waited for: what hangs in the kernel does not die */
	return ended;
}

static void receive(struct outcome *outcome, int pipe_fd, pid_t pid, unsigned int seconds)
{
	int status = 0;

	outcome->result = RESULT_ERROR;
	if (!wait_for_end(pid, seconds, &status))
		pp_fail(&outcome->why, ETIME, "not finished within %u s", seconds);
	else if (WIFSIGNALED(status))
		pp_fail(&outcome->why, EIO, "died: %s", strsignal(WTERMSIG(status)));
	else if (read(pipe_fd, outcome, sizeof(*outcome)) != sizeof(*outcome))
		pp_fail(&outcome->why, EIO, "ended without a result");
}

void attempt_run(const struct attempt *attempt, unsigned int seconds, struct outcome *outcome)
{
	int fds[2];
	pid_t pid;

	*outcome = (struct outcome) { 0 };
	if (pipe(fds)) {
		outcome->result = outcome_error(outcome, errno, "pipe");
		return;
	}
	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(fds[0]);
		child(attempt, fds[1]);
	}
	close(fds[1]);
	if (pid < 0)
		outcome->result = outcome_error(outcome, errno, "fork");
	else
		receive(outcome, fds[0], pid, seconds);
	close(fds[0]);
}
