// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "actor.h"

/* Error numbers from here on are the kernel's own. */
#define FIRST_INTERNAL_ERRNO	512

#define CHILD_STEPS		40
#define URGENT_NICE		(-10)

/* xorshift64*: the same everywhere for the same seed */
uint64_t actor_random(struct actor *me)
{
	me->random ^= me->random >> 12;
	me->random ^= me->random << 25;
	me->random ^= me->random >> 27;
	return (me->random * 2685821657736338717ull) >> 16;
}

unsigned int actor_pick(struct actor *me, unsigned int count)
{
	return actor_random(me) % count;
}

bool actor_odds(struct actor *me, unsigned int count)
{
	return !actor_pick(me, count);
}

uint64_t actor_odd_number(struct actor *me)
{
	static const uint64_t edges[] = {
		0, 1, 4095, 4096, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7ffff000, 0x7fffffff,
		0x80000000, 0xfffff000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
		0x8000000000000000, 0xfffffffffffff000, 0xffffffffffffffff,
	};
	uint64_t number = edges[actor_pick(me, ACTOR_COUNT(edges))];

	return actor_odds(me, 4) ? actor_random(me) : number + actor_pick(me, 3) - 1;
}

uint64_t actor_vary(struct actor *me, uint64_t good)
{
	return actor_odds(me, 24) ? actor_odd_number(me) : good;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000ull + time.tv_nsec / 1000;
}

void actor_does(struct actor *me, const char *what, uint64_t a, uint64_t b)
{
	struct act *act = &me->seat->acts[me->seat->count % ACTOR_ACTS];

	*act = (struct act){
		.when = now(), .pid = getpid(), .what = what, .a = a, .b = b,
		.result = ACT_PENDING,
	};
	me->seat->count++;
}

int actor_did(struct actor *me, int result)
{
	me->seat->acts[(me->seat->count - 1) % ACTOR_ACTS].result = result;
	me->seat->successes += result >= 0;
	return result;
}

void actor_fail(struct actor *me, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(me->seat->failure, sizeof(me->seat->failure), format, args);
	va_end(args);
	_exit(EXIT_FAILURE);
}

int actor_ioctl(struct actor *me, const char *what, int fd, unsigned long request, void *arg)
{
	int ret;

	actor_does(me, what, fd, request);
	ret = ioctl(fd, request, arg);
	if (ret == -1 && errno >= FIRST_INTERNAL_ERRNO)
		actor_fail(me, "%s: error %d is not for programs", what, errno);
	return actor_did(me, ret == -1 ? -errno : ret);
}

int actor_write(struct actor *me, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	if (ret <= -FIRST_INTERNAL_ERRNO)
		actor_fail(me, "write to %s: error %d is not for programs", path, -ret);
	close(fd);
	return ret;
}

static void on_alarm(int signal)
{
}

/* What the process is woken by while it waits: nothing may be lost by it. */
static void interrupt_often(struct actor *me)
{
	struct sigaction action = { .sa_handler = on_alarm };
	const struct timeval time = { .tv_usec = 3000 + actor_pick(me, 30000) };
	struct itimerval timer = { .it_value = time, .it_interval = time };

	if (actor_odds(me, 3)) {
		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &timer, NULL);
	}
}

static void one_step(struct actor *me)
{
	unsigned int count = 0;

	while (me->kind->steps[count])
		count++;
	me->kind->steps[actor_pick(me, count)](me);
	if (actor_odds(me, 16))
		actor_give(me);
	if (actor_odds(me, 16))
		actor_take(me);
}

/* Whether @me may lack memory. That takes some itself, so it may fail. */
static bool set_lack_of_memory(struct actor *me, bool yes)
{
	if (!me->kind->may_lack_memory)
		return true;
	return actor_write(me, "/proc/self/make-it-fail", yes ? "1" : "0") != -ENOMEM;
}

/*
 * One that has all files of its parent, and dies soon. Not while it may lack memory: the kernel
 * writes a call trace into its log when there is none for a new process' stack.
 */
static void fork_once(struct actor *me)
{
	pid_t parent = getpid(), child;

	if (!set_lack_of_memory(me, false))
		return;
	actor_does(me, "fork", 0, 0);
	child = fork();
	set_lack_of_memory(me, true);
	if (child) {
		actor_did(me, child < 0 ? -errno : 0);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	for (int i = 0; i < CHILD_STEPS && !*me->stage->stop; i++)
		one_step(me);
	_exit(0);
}

void actor_main(const struct actor_kind *kind, const struct stage *stage, struct seat *seat,
		uint64_t seed)
{
	struct actor me = {
		.kind = kind, .stage = stage, .seat = seat, .random = seed | 1,
		.state = calloc(1, kind->size ?: 1),
	};

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	memset(me.fds, -1, sizeof(me.fds));
	if (!kind->alone)
		interrupt_often(&me);
	if (kind->urgent)
		setpriority(PRIO_PROCESS, 0, URGENT_NICE);
	set_lack_of_memory(&me, true);
	if (kind->begin)
		kind->begin(&me);
	while (!*stage->stop) {
		one_step(&me);
		if (!kind->alone && actor_odds(&me, 500))
			fork_once(&me);
	}
	if (kind->end)
		kind->end(&me);
	_exit(EXIT_SUCCESS);
}
