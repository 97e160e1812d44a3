// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>
#include "fail_nth.h"
#include "lab.h"

#define DEBUGFS		"/sys/kernel/debug"

/* Those that may sleep, too; and none is reported: a failure asked for is no news. */
static void count_all(void)
{
	lab_write_file(DEBUGFS "/failslab/ignore-gfp-wait", "N");
	lab_write_file(DEBUGFS "/failslab/verbose", "0");
	lab_write_file(DEBUGFS "/fail_page_alloc/ignore-gfp-wait", "N");
	lab_write_file(DEBUGFS "/fail_page_alloc/ignore-gfp-highmem", "N");
	lab_write_file(DEBUGFS "/fail_page_alloc/min-order", "0");
	lab_write_file(DEBUGFS "/fail_page_alloc/verbose", "0");
	lab_write_file(DEBUGFS "/fail_usercopy/verbose", "0");
}

int lab_open_fail_nth(void)
{
	int fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);

	igt_require_f(fd >= 0, "/proc/self/fail-nth: %m\n");
	count_all();
	return fd;
}

/* When few are left, one of them may be that of the call in here. */
void lab_fail_nth(int fail_nth, int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", n);

	for (int tries = 0; tries < 4 && pwrite(fail_nth, text, length, 0) != length; tries++)
		igt_assert_eq(errno, EFAULT);
}

int lab_fail_nth_left(int fail_nth)
{
	char text[16] = "";
	int left = 1;

	if (pread(fail_nth, text, sizeof(text) - 1, 0) > 0)
		left = atoi(text);
	lab_fail_nth(fail_nth, 0);
	return left;
}
