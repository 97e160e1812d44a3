// SPDX-License-Identifier: MIT
/*
 * Somebody who needs memory: the kernel reclaims, compacts, moves pages away.
 */
#include <sys/mman.h>
#include <unistd.h>
#include "actor.h"
#include "meminfo.h"

/* What is left to the others: nobody may be killed for want of memory. */
#define LEFT_KIB	(192 << 10)
#define CHUNK_KIB	(32 << 10)
#define CHUNKS		96

/**
 * struct memory - what it has
 * @chunks: memory of CHUNK_KIB each, or %NULL.
 */
struct memory {
	char *chunks[CHUNKS];
};

static struct memory *memory_of(struct actor *me)
{
	return me->state;
}

static char **free_place(struct actor *me)
{
	for (int i = 0; i < CHUNKS; i++)
		if (!memory_of(me)->chunks[i])
			return &memory_of(me)->chunks[i];
	return NULL;
}

static void take(struct actor *me)
{
	const size_t size = (size_t)CHUNK_KIB << 10;
	char **place = free_place(me), *chunk;

	if (!place || meminfo_kib("MemAvailable:") < LEFT_KIB + CHUNK_KIB)
		return;
	chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (chunk == MAP_FAILED)
		return;
	/* A child does not need it twice. */
	madvise(chunk, size, MADV_DONTFORK);
	*place = chunk;
	actor_does(me, "fill memory", size, 0);
	for (size_t at = 0; at < size && !*me->stage->stop; at += 4096)
		chunk[at] = 1;
	actor_did(me, 0);
}

static void give_back(struct actor *me)
{
	struct memory *memory = memory_of(me);

	actor_does(me, "give memory back", 0, 0);
	for (int i = 0; i < CHUNKS; i++)
		if (memory->chunks[i])
			munmap(memory->chunks[i], (size_t)CHUNK_KIB << 10);
	*memory = (struct memory){};
	actor_did(me, 0);
}

static void compact(struct actor *me)
{
	actor_does(me, "compact memory", 0, 0);
	actor_did(me, actor_write(me, "/proc/sys/vm/compact_memory", "1"));
}

static void drop_caches(struct actor *me)
{
	actor_does(me, "drop caches", 0, 0);
	actor_did(me, actor_write(me, "/proc/sys/vm/drop_caches", "2"));
}

static void rest(struct actor *me)
{
	usleep(actor_pick(me, 300000));
}

static const actor_step steps[] = {
	take, take, take, take, take, take, take, take, take, take, take, take, take, take,
	give_back, compact, drop_caches, rest, rest, NULL,
};

const struct actor_kind actor_memory = {
	.name = "memory", .size = sizeof(struct memory), .steps = steps, .urgent = true,
};
