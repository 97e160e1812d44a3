/* SPDX-License-Identifier: MIT */
/*
 * The part of libigt.so.0 that our tests use.
 *
 * Debian ships IGT's library without headers. These declarations are our own; the names and the
 * ABI are IGT 2.5's. A *subtest* is a block that libigt may leave at any point by longjmp (assert,
 * skip, success): keep its body in a function of its own, since locals that change inside a block
 * are undefined after it. Tests are written with lab.h, which does that.
 */
#ifndef LAB_IGT_H
#define LAB_IGT_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library's state */
extern jmp_buf igt_subtest_jmpbuf;

enum igt_log_level {
	IGT_LOG_DEBUG,
	IGT_LOG_INFO,
	IGT_LOG_WARN,
	IGT_LOG_CRITICAL,
};

struct option;

/* A program's start and end */
int igt_subtest_init_parse_opts(int *argc, char **argv, const char *short_opts,
				const struct option *long_opts, const char *help,
				int (*handler)(int opt, int index, void *data), void *data);
void igt_exit(void) __attribute__((noreturn));

/* Entering and leaving fixtures and subtests */
bool __igt_fixture(void);
void __igt_fixture_complete(void);
bool __igt_run_subtest(const char *name, const char *file, int line);
void igt_success(void);
void igt_describe_f(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Verdicts; @domain names a part of the library, NULL is the test program */
void __igt_fail_assert(const char *domain, const char *file, int line, const char *function,
		       const char *assertion, const char *format, ...)
	__attribute__((noreturn, format(printf, 6, 7)));
void __igt_skip_check(const char *file, int line, const char *function, const char *check,
		      const char *format, ...) __attribute__((noreturn, format(printf, 5, 6)));

/* Messages */
void igt_log(const char *domain, enum igt_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void igt_kmsg(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An alarm that fails the subtest, saying what it was doing */
void igt_set_timeout(unsigned int seconds, const char *doing);
void igt_reset_timeout(void);

/* Children whose failure is the subtest's failure */
bool __igt_fork(void);
void igt_waitchildren(void);

/* Blocks. A generated variable's name ends in the line number, so that blocks can nest. */
#define LAB_PASTE_(a, b)	a##b
#define LAB_PASTE(a, b)		LAB_PASTE_(a, b)
#define LAB_UNIQUE(name)	LAB_PASTE(name##_at_line_, __LINE__)

/* True when control arrives, false when libigt jumps back here. */
#define LAB_ENTERED(buffer)	(sigsetjmp(buffer, 1) == 0)

/* igt_main() { blocks } */
#define igt_main() \
	static void lab_blocks(void); \
	int main(int argc, char **argv) \
	{ \
		igt_subtest_init_parse_opts(&argc, argv, NULL, NULL, NULL, NULL, NULL); \
		lab_blocks(); \
		igt_exit(); \
	} \
	static void lab_blocks(void)

/* Says what the program is about; shown by --help-description. */
#define IGT_TEST_DESCRIPTION(text) \
	const char *__igt_test_description = (text)

/* Says what the next subtest shows; printed by --describe. */
#define igt_describe(text)	igt_describe_f("%s", text)

#define igt_subtest_f(...) \
	for (char LAB_UNIQUE(name)[256]; \
	     snprintf(LAB_UNIQUE(name), sizeof(LAB_UNIQUE(name)), __VA_ARGS__), \
	     __igt_run_subtest(LAB_UNIQUE(name), __FILE__, __LINE__) && \
	     LAB_ENTERED(igt_subtest_jmpbuf); \
	     igt_success())

/* igt_fixture() { what is done between subtests, also when one failed } */
#define igt_fixture() \
	for (volatile bool LAB_UNIQUE(done) = false; \
	     !LAB_UNIQUE(done) && __igt_fixture() && LAB_ENTERED(igt_subtest_jmpbuf); \
	     LAB_UNIQUE(done) = true, __igt_fixture_complete())

/* igt_fork(child, 4) { each of four children } igt_waitchildren(); */
#define igt_fork(child, count) \
	for (int child = 0; child < (count); child++) \
		for (; __igt_fork(); exit(0))

#define igt_debug(...)	igt_log(NULL, IGT_LOG_DEBUG, __VA_ARGS__)
#define igt_info(...)	igt_log(NULL, IGT_LOG_INFO, __VA_ARGS__)

/* Checks */
#define LAB_FAIL(text, ...) \
	__igt_fail_assert(NULL, __FILE__, __LINE__, __func__, text, __VA_ARGS__)

#define igt_assert(condition) \
	do { \
		if (!(condition)) \
			LAB_FAIL(#condition, NULL); \
	} while (0)

#define igt_assert_f(condition, ...) \
	do { \
		if (!(condition)) \
			LAB_FAIL(#condition, __VA_ARGS__); \
	} while (0)

#define LAB_COMPARE(type, format, a, op, b) \
	do { \
		type lab_a_ = (a), lab_b_ = (b); \
		if (!(lab_a_ op lab_b_)) \
			LAB_FAIL(#a " " #op " " #b, "values: " format " and " format "\n", \
				 lab_a_, lab_b_); \
	} while (0)

#define igt_assert_eq(a, b)		LAB_COMPARE(int, "%d", a, ==, b)
#define igt_assert_lt(a, b)		LAB_COMPARE(int, "%d", a, <, b)
#define igt_assert_lte(a, b)		LAB_COMPARE(int, "%d", a, <=, b)
#define igt_assert_eq_u32(a, b)		LAB_COMPARE(unsigned int, "%#x", a, ==, b)
#define igt_assert_neq_u32(a, b)	LAB_COMPARE(unsigned int, "%#x", a, !=, b)
#define igt_assert_eq_s64(a, b)		LAB_COMPARE(long long, "%lld", a, ==, b)
#define igt_assert_eq_u64(a, b)		LAB_COMPARE(unsigned long long, "%#llx", a, ==, b)
#define igt_assert_neq_u64(a, b)	LAB_COMPARE(unsigned long long, "%#llx", a, !=, b)
#define igt_assert_lt_u64(a, b)		LAB_COMPARE(unsigned long long, "%llu", a, <, b)
#define igt_assert_fd(fd)		LAB_COMPARE(int, "%d", fd, >=, 0)

#define igt_require_f(condition, ...) \
	do { \
		if (!(condition)) \
			__igt_skip_check(__FILE__, __LINE__, __func__, #condition, __VA_ARGS__); \
	} while (0)

#endif /* LAB_IGT_H */
