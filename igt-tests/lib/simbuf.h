/* SPDX-License-Identifier: MIT */
/*
 * What simbuf.ko says in debugfs and the log: where buffers are, what devices are like, why
 * something was refused; and the knobs that make it fail.
 */
#ifndef LAB_SIMBUF_H
#define LAB_SIMBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct lab_simbuf - a buffer as debugfs shows it
 * @id: the buffer's number.
 * @placement: "none", "scattered", "contiguous", "low", "carve-out", "local",
 *	"foreign".
 * @chunks: pieces of its memory.
 * @pins: how many hold the memory where it is.
 * @moves: how often it has moved.
 * @cpu_copied: bytes the kernel has copied.
 */
struct lab_simbuf {
	uint64_t id;
	char placement[16];
	unsigned int chunks;
	unsigned int pins;
	unsigned int moves;
	uint64_t cpu_copied;
};

/* The buffer of a dma-buf that simbuf knows */
void lab_simbuf_state(int dmabuf, struct lab_simbuf *state);
void lab_assert_placement(int dmabuf, const char *placement);
void lab_assert_moves(int dmabuf, unsigned int moves);

/* The line about a simulated device, or a profile (NULL: none), from "profile=" on */
bool lab_simdev_model(const char *device, char *model, size_t size);
bool lab_profile_model(const char *profile, char *model, size_t size);
/* How many mappings the device has now */
unsigned int lab_simdev_mappings(const char *device);
/* DMA faults of all devices so far */
uint64_t lab_dma_faults(void);

/* CLOCK_MONOTONIC in microseconds, as refusals have it */
uint64_t lab_now(void);
/* Whether something was refused since @since with this errno and words in the line */
bool lab_was_refused(uint64_t since, int err, const char *words);
void lab_assert_refused(uint64_t since, int err, const char *words);
/* The same, of the device @importer ("-": none), for all of the reason */
void lab_assert_refused_by(uint64_t since, int err, const char *importer, const char *why);

/* The kernel's log from now on: a file to close */
int lab_log_open(void);
/* Whether a line with these words came since */
bool lab_log_has(int log, const char *words);

/*
 * Fault injection. @point: "alloc", "attach", "map", "vmap", "move"; the next @times calls
 * fail with @err, negative: all do.
 */
void lab_inject(const char *point, int err, int times);
/* Only every so many calls, with some probability in per cent */
void lab_inject_some(const char *point, int err, int times, int interval, int probability);
void lab_inject_off(void);

#endif /* LAB_SIMBUF_H */
