/* SPDX-License-Identifier: MIT */
/*
 * How our tests are written: one function per test, and a table that names them.
 *
 *	static void export_keeps_size(const char *driver) { ... igt_assert_eq(...); ... }
 *
 *	static const struct lab_test tests[] = {
 *		{ "keeps-size", export_keeps_size, "A dma-buf is as large as its object." },
 *	};
 *
 *	igt_main()
 *	{
 *		lab_run(tests, "primesim");
 *	}
 *
 * Around each test lab_run() looks for leaks: buffers, dma-bufs and file descriptors that
 * exist after the test and did not before it make it fail.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <errno.h>
#include <stddef.h>
#include "igt.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct lab_test - one test
 * @name: subtest's name; lab_run() puts the argument and a dash before it.
 * @run: fails or skips by igt_assert*() and igt_require*().
 * @about: one sentence: what the test shows.
 */
struct lab_test {
	const char *name;
	void (*run)(const char *argument);
	const char *about;
};

void lab_run_tests(const struct lab_test *tests, size_t count, const char *argument);

/* Run a table, with or without an argument (NULL): mostly the name of a driver. */
#define lab_run(tests, argument)	lab_run_tests(tests, ARRAY_SIZE(tests), argument)

/* ioctl() that is not interrupted; returns its result, or the negative error number. */
int lab_ioctl(int fd, unsigned long request, void *argument);

/* close(), at once or the test fails. */
void lab_close(int fd);

/* Whether @fd becomes readable, or else ready for @events, within so many milliseconds. */
bool lab_poll(int fd, short events, int milliseconds);

void lab_sleep(int milliseconds);

/* The kernels of vm/debug-kernel, on which everything takes longer */
bool lab_on_debug_kernel(void);

/* What a file says, if it can be read: for whoever looks for the cause of a failure */
void lab_print_file(const char *path);

/* Writes all of @text into a file of the kernel's in one go; asserts that this is taken. */
void lab_write_file(const char *path, const char *text);

/* A signal every so often, that interrupts system calls: one is in time. 0: none any more */
void lab_alarm_every(int milliseconds);

/*
 * The runner fails a test in whose time the kernel complained. Where that is what the
 * test provokes, it announces the kernel's line, a regular expression, here first; until
 * the test's end.
 */
void lab_expect_kernel_message(const char *regex);

#endif /* LAB_LAB_H */
