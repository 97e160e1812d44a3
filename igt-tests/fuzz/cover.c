// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "cover.h"

#define KCOV_WORDS	(256 << 10)

bool fuzz_cover_open(struct fuzz_cover *cover)
{
	*cover = (struct fuzz_cover){ .fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC) };
	if (cover->fd < 0)
		return false;
	cover->seen = calloc(FUZZ_EDGES, sizeof(*cover->seen));
	if (!cover->seen || ioctl(cover->fd, KCOV_INIT_TRACE, KCOV_WORDS))
		return false;
	cover->area = mmap(NULL, KCOV_WORDS * sizeof(*cover->area), PROT_READ | PROT_WRITE,
			   MAP_SHARED, cover->fd, 0);
	return cover->area != MAP_FAILED;
}

void fuzz_cover_clear(struct fuzz_cover *cover)
{
	if (cover->fd >= 0)
		cover->area[0] = 0;
}

void fuzz_cover_watch(struct fuzz_cover *cover)
{
	if (cover->fd >= 0 && ioctl(cover->fd, KCOV_ENABLE, KCOV_TRACE_PC))
		perror("KCOV_ENABLE");
}

unsigned int fuzz_cover_new(struct fuzz_cover *cover)
{
	unsigned long count, last = 0;
	unsigned int new = 0;

	if (cover->fd < 0)
		return 0;
	count = cover->area[0];
	cover->input++;
	for (unsigned long i = 1; i <= count && i < KCOV_WORDS; i++) {
		uint64_t pair = cover->area[i] * 0x9e3779b97f4a7c15ull ^ last;
		unsigned int *seen = &cover->seen[pair >> (64 - FUZZ_EDGE_BITS)];

		/* Each counts once. */
		if (*seen != FUZZ_SEEN && *seen != cover->input) {
			*seen = cover->input;
			new++;
		}
		last = cover->by_place ? 0 : cover->area[i] * 0xc2b2ae3d27d4eb4full;
	}
	return new;
}

void fuzz_cover_keep(struct fuzz_cover *cover)
{
	for (unsigned int i = 0; cover->fd >= 0 && i < FUZZ_EDGES; i++) {
		if (cover->seen[i] == cover->input) {
			cover->seen[i] = FUZZ_SEEN;
			cover->seen_count++;
		}
	}
}

void fuzz_cover_count_places(struct fuzz_cover *cover)
{
	cover->by_place = true;
	cover->seen_count = 0;
	memset(cover->seen, 0, FUZZ_EDGES * sizeof(*cover->seen));
}
