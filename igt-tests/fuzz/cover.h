/* SPDX-License-Identifier: MIT */
/*
 * What an input reached in our modules: KCOV's record of the process that ran it.
 */
#ifndef FUZZ_COVER_H
#define FUZZ_COVER_H

#include <stdbool.h>

#define FUZZ_EDGE_BITS	18
#define FUZZ_EDGES	(1u << FUZZ_EDGE_BITS)
#define FUZZ_SEEN	~0u

/**
 * struct fuzz_cover - KCOV, and what was seen so far
 * @fd: of KCOV, -1 where there is none.
 * @area: shared with the process that runs an input: a number of addresses, and these.
 * @seen: for each pair of addresses one after the other, hashed: FUZZ_SEEN, or the last input that
 *	had it, or 0.
 * @seen_count: how many are FUZZ_SEEN.
 * @by_place: what counts is each address alone.
 * @input: counts the inputs whose record was looked at.
 */
struct fuzz_cover {
	int fd;
	unsigned long *area;
	unsigned int *seen;
	unsigned int seen_count;
	unsigned int input;
	bool by_place;
};

bool fuzz_cover_open(struct fuzz_cover *cover);
void fuzz_cover_clear(struct fuzz_cover *cover);
/* In the process that is to be watched, until it ends. */
void fuzz_cover_watch(struct fuzz_cover *cover);
/* How many pairs the last input had that were not seen yet. */
unsigned int fuzz_cover_new(struct fuzz_cover *cover);
/* They count as seen from now on. */
void fuzz_cover_keep(struct fuzz_cover *cover);
/* Forget what was seen. From now on addresses count, and not in which order they were reached. */
void fuzz_cover_count_places(struct fuzz_cover *cover);

#endif /* FUZZ_COVER_H */
