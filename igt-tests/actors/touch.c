// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include "actor.h"

#define MOST_BYTES	(4 << 20)

/* A signal handler has no other way to find it. */
static sigjmp_buf at_fault;

static void on_fault(int signal)
{
	siglongjmp(at_fault, 1);
}

static void touch_some(struct actor *me, volatile char *memory, uint64_t size, bool write)
{
	for (int i = 0; i < 4; i++) {
		uint64_t at = actor_random(me) % size;

		if (write)
			memory[at] = (char)i;
		else
			(void)memory[at];
	}
}

void actor_touch(struct actor *me, int fd, uint64_t size, uint64_t offset)
{
	struct sigaction action = { .sa_handler = on_fault };
	bool write = actor_odds(me, 2);
	int prot = write ? PROT_READ | PROT_WRITE : PROT_READ;
	int flags = actor_odds(me, 20) ? MAP_PRIVATE : MAP_SHARED;
	void *memory;
	int ret;

	size = actor_vary(me, size);
	if (size > MOST_BYTES || !size)
		size = MOST_BYTES;
	actor_does(me, "mmap", size, offset);
	memory = mmap(NULL, size, prot, flags, fd, (off_t)offset);
	if (memory == MAP_FAILED) {
		actor_did(me, -errno);
		return;
	}
	actor_did(me, 0);
	sigaction(SIGBUS, &action, NULL);
	actor_does(me, "touch", size, write);
	if (!sigsetjmp(at_fault, 1)) {
		touch_some(me, memory, size, write);
		actor_did(me, 0);
	} else {
		actor_did(me, -EFAULT);
	}
	if (actor_odds(me, 8))
		mprotect(memory, size, PROT_READ | PROT_WRITE);
	if (actor_odds(me, 8))
		madvise(memory, size, MADV_DONTNEED);
	actor_does(me, "munmap", size, 0);
	ret = munmap(memory, size);
	actor_did(me, ret);
}
