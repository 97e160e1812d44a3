/* SPDX-License-Identifier: MIT */
/*
 * What a test may leave behind: nothing.
 */
#ifndef LAB_LEAKS_H
#define LAB_LEAKS_H

/**
 * struct lab_leaks - what exists in the system at one moment
 * @simbufs: buffers of simbuf.ko; 0 when it is not loaded.
 * @dmabufs: dma-bufs of anybody.
 * @fds: this process' open files.
 */
struct lab_leaks {
	int simbufs;
	int dmabufs;
	int fds;
};

void lab_leaks_snapshot(struct lab_leaks *now);

/* Fails when more exists than before, after giving deferred releases some time. */
void lab_leaks_check(const struct lab_leaks *before);

/* Close device files and dma-bufs that a failed test of this process left open. */
void lab_leaks_close_leftovers(void);

/* Number of live buffers of simbuf.ko. */
int lab_count_simbufs(void);

/* Wait some seconds for the number of buffers to become @count; false if it does not. */
bool lab_wait_simbufs(int count);

#endif /* LAB_LEAKS_H */
