// SPDX-License-Identifier: MIT
#include "low_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE		4096ul
#define LOW_PAGES	((1ul << 30) / PAGE)
#define PRESENT		(1ull << 63)
#define FRAME		((1ull << 55) - 1)

/* Large pages first, which is quick; then what is left between them. */
#define LARGE_STEP	(32ul << 20)
#define SMALL_STEP	(1ul << 20)

/*
 * Memory is given out in no order of addresses, what others have freed last first.
 * So much without anything low is a reason to look whether there is some left.
 */
#define ENOUGH_LARGE	(4 * LARGE_STEP)
#define ENOUGH_SMALL	(16 * SMALL_STEP)

/* Looking at each page takes seconds: one of each block will do; a few free ones do not matter. */
#define BLOCK_PAGES	512
#define FEW_BLOCKS	(LOW_PAGES / BLOCK_PAGES / 16)
/* The kernel keeps the first pages for those who ask for them. */
#define FIRST_PAGE	((16ul << 20) / PAGE)

/* Memory that was taken on the way and is not low. It is its own list. */
struct spare {
	struct spare *next;
	size_t size;
};

/* How many of the pages of @size bytes at @start are below 1 GiB, or a negative errno. */
static long count_low(int pagemap, const void *start, size_t size)
{
	uint64_t entries[LARGE_STEP / PAGE];
	size_t bytes = size / PAGE * sizeof(entries[0]);
	long low = 0;

	if (pread(pagemap, entries, bytes, (off_t)((uintptr_t)start / PAGE * sizeof(entries[0]))) !=
	    (ssize_t)bytes)
		return -EIO;
	for (size_t i = 0; i < size / PAGE; i++)
		low += entries[i] & PRESENT && (entries[i] & FRAME) < LOW_PAGES;
	return low;
}

static bool low_is_left(int kpageflags)
{
	size_t free = 0;
	uint64_t flags;

	for (size_t page = FIRST_PAGE; page < LOW_PAGES; page += BLOCK_PAGES) {
		if (pread(kpageflags, &flags, sizeof(flags), (off_t)(page * sizeof(flags))) ==
		    sizeof(flags))
			free += (flags >> KPF_BUDDY) & 1;
	}
	return free > FEW_BLOCKS;
}

static void *touch(size_t size, int advice)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* Child processes do not need it. A kernel that takes no advice is just slower. */
	madvise(memory, size, MADV_DONTFORK);
	madvise(memory, size, advice);
	for (size_t i = 0; i < size; i += PAGE)
		memory[i] = 1;
	return memory;
}

/* Takes @size bytes: for good if some of it is low, else as spare. */
static int take(int pagemap, size_t size, int advice, struct spare **spares)
{
	struct spare *memory = touch(size, advice);
	long low = memory ? count_low(pagemap, memory, size) : -ENOMEM;

	if (low)
		return low < 0 ? (int)low : 0;
	*memory = (struct spare) { .next = *spares, .size = size };
	*spares = memory;
	return 0;
}

static void give_back(struct spare *spares)
{
	while (spares) {
		struct spare *next = spares->next;

		munmap(spares, spares->size);
		spares = next;
	}
}

static int take_large(int pagemap, int kpageflags)
{
	/* Never more than two thirds of all memory. */
	size_t left = (size_t)sysconf(_SC_PHYS_PAGES) * PAGE / LARGE_STEP * 2 / 3, nothing = 0;
	struct spare *spares = NULL;
	int ret = 0;

	while (left-- && !ret) {
		const struct spare *before = spares;

		ret = take(pagemap, LARGE_STEP, MADV_HUGEPAGE, &spares);
		nothing = spares == before ? 0 : nothing + LARGE_STEP;
		if (nothing >= ENOUGH_LARGE && !low_is_left(kpageflags))
			break;
	}
	give_back(spares);
	return ret;
}

static int take_small(int pagemap)
{
	/* Never more than half of what is free: where low pages are strewn, there is no end. */
	size_t left = (size_t)sysconf(_SC_AVPHYS_PAGES) * PAGE / SMALL_STEP / 2, nothing = 0;
	struct spare *spares = NULL;
	int ret = 0;

	while (left-- && nothing < ENOUGH_SMALL && !ret) {
		const struct spare *before = spares;

		ret = take(pagemap, SMALL_STEP, MADV_NOHUGEPAGE, &spares);
		nothing = spares == before ? 0 : nothing + SMALL_STEP;
	}
	give_back(spares);
	return ret;
}

int low_memory_occupy(struct pp_error *error)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	int ret = pagemap < 0 || kpageflags < 0 ? -errno : 0;

	if (!ret && low_is_left(kpageflags))
		ret = take_large(pagemap, kpageflags);
	if (!ret)
		ret = take_small(pagemap);
	if (pagemap >= 0)
		close(pagemap);
	if (kpageflags >= 0)
		close(kpageflags);
	if (ret)
		return pp_fail(error, -ret, "cannot occupy low memory: %s", strerror(-ret));
	return 0;
}
