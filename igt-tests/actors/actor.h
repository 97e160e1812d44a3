/* SPDX-License-Identifier: MIT */
/*
 * Actors: processes that do random legal and illegal things until they are told to stop, or are
 * killed. Each says what it does before it does it, in memory that it shares with whoever watches.
 *
 * An actor never asserts anything by libigt, which is its parent's: it fails by actor_fail().
 */
#ifndef ACTOR_H
#define ACTOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ACTOR_ACTS	48
#define ACTOR_FDS	8
#define ACTOR_FAILURE	160

#define ACTOR_COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct act - one thing that an actor did
 * @when: CLOCK_MONOTONIC in microseconds.
 * @pid: who: an actor's child notes in the same place.
 * @what: static text: children do not exec.
 * @a: arguments, whatever they are.
 * @b: the same.
 * @result: what came of it, or ACT_PENDING.
 */
struct act {
	uint64_t when;
	pid_t pid;
	const char *what;
	uint64_t a;
	uint64_t b;
	int result;
};

#define ACT_PENDING	1000000

/**
 * struct seat - an actor's place in shared memory
 * @pid: the process that has it, 0: none.
 * @count: acts so far; the last ACTOR_ACTS of them are in @acts.
 * @successes: of them.
 * @acts: the acts.
 * @failure: why the actor failed, if it did.
 */
struct seat {
	pid_t pid;
	atomic_uint count;
	atomic_uint successes;
	struct act acts[ACTOR_ACTS];
	char failure[ACTOR_FAILURE];
};

/**
 * struct stage - what all actors of a play have in common
 * @exchange: two ends of a socket: files that are put in at one are taken out at the other.
 * @stop: actors are to end.
 */
struct stage {
	int exchange[2];
	atomic_bool *stop;
};

struct actor;

typedef void (*actor_step)(struct actor *me);

/**
 * struct actor_kind - what an actor does
 * @name: of the kind.
 * @size: bytes of its &actor.state, zeroed at first.
 * @begin: before the first step, or %NULL.
 * @steps: one of them after the other, by chance; %NULL ends the table.
 * @end: after the last step, or %NULL: what does not end with the process.
 * @alone: it changes what there is one of: not killed, and never twice.
 * @urgent: it is given the processor before others: one of many, with much to do.
 * @may_lack_memory: actor_faults may let any allocation of the kernel's for it fail.
 */
struct actor_kind {
	const char *name;
	size_t size;
	actor_step begin;
	const actor_step *steps;
	actor_step end;
	bool alone;
	bool urgent;
	bool may_lack_memory;
};

/**
 * struct actor - a process
 * @kind: what it does.
 * @stage: what it shares with others.
 * @seat: where it says what it does.
 * @random: state of its random numbers.
 * @fds: dma-bufs and sync_files that it has, or -1.
 * @state: what its kind remembers.
 */
struct actor {
	const struct actor_kind *kind;
	const struct stage *stage;
	struct seat *seat;
	uint64_t random;
	int fds[ACTOR_FDS];
	void *state;
};

extern const struct actor_kind actor_gem, actor_dmabuf, actor_move, actor_submit, actor_kms,
	actor_camera, actor_producer, actor_media, actor_configfs, actor_debugfs, actor_memory,
	actor_cpus, actor_faults, actor_unbind, actor_modules;

/* The life of an actor, in a process of its own */
void actor_main(const struct actor_kind *kind, const struct stage *stage, struct seat *seat,
		uint64_t seed) __attribute__((noreturn));

/* Chance */
uint64_t actor_random(struct actor *me);
/* 0 .. @count - 1 */
unsigned int actor_pick(struct actor *me, unsigned int count);
/* True once in @count */
bool actor_odds(struct actor *me, unsigned int count);
/* A number at which arithmetic goes wrong */
uint64_t actor_odd_number(struct actor *me);
/* @good mostly, else an odd number */
uint64_t actor_vary(struct actor *me, uint64_t good);

/* Saying what is done: before, and what came of it. actor_did() returns @result. */
void actor_does(struct actor *me, const char *what, uint64_t a, uint64_t b);
int actor_did(struct actor *me, int result);
void actor_fail(struct actor *me, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* ioctl(): its result or negative error number. Fails for one that no program may see. */
int actor_ioctl(struct actor *me, const char *what, int fd, unsigned long request, void *arg);
/* write() of a text to a file by its name */
int actor_write(struct actor *me, const char *path, const char *text);

/* Files that actors share. actor_keep() takes over @fd, and may let go of another. */
void actor_keep(struct actor *me, int fd);
/* One of them, mostly: -1, or no such file at all */
int actor_some_fd(struct actor *me);
void actor_give(struct actor *me);
void actor_take(struct actor *me);

/* GEM objects. actor_export() keeps the dma-buf that it returns; actor_import(): 0 if refused. */
void actor_close_object(struct actor *me, int drm, uint32_t handle);
int actor_export(struct actor *me, int drm, uint32_t handle, uint32_t flags);
uint32_t actor_import(struct actor *me, int drm, int dmabuf);

/* Map and touch; whatever comes of it */
void actor_touch(struct actor *me, int fd, uint64_t size, uint64_t offset);

/* A node of one of our devices: "dri/card", "dri/renderD", "video", "media", "v4l-subdev"; or -1 */
int actor_open_node(struct actor *me, const char *prefix);

/* Closes *fd if it is open, so that another one is opened in its place. */
void actor_reopen(struct actor *me, int *fd, const char *prefix);

#endif /* ACTOR_H */
