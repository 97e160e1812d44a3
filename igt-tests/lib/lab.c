// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "lab.h"
#include "leaks.h"
#include "plug.h"
#include "simbuf.h"

int lab_ioctl(int fd, unsigned long request, void *argument)
{
	int ret;

	do {
		ret = ioctl(fd, request, argument);
	} while (ret == -1 && errno == EINTR);
	return ret == -1 ? -errno : ret;
}

void lab_close(int fd)
{
	igt_assert_eq(close(fd), 0);
}

bool lab_poll(int fd, short events, int milliseconds)
{
	struct pollfd pollfd = { .fd = fd, .events = events };
	int ret = poll(&pollfd, 1, milliseconds);

	igt_assert_f(ret >= 0, "poll: %m\n");
	return ret == 1 && (pollfd.revents & events);
}

void lab_sleep(int milliseconds)
{
	struct timespec left = { milliseconds / 1000, milliseconds % 1000 * 1000000L };

	while (nanosleep(&left, &left) == -1 && errno == EINTR)
		;
}

/* They tell their configuration, Debian's do not. */
bool lab_on_debug_kernel(void)
{
	return !access("/proc/config.gz", F_OK);
}

void lab_print_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[512];

	if (!file)
		return;
	igt_info("%s:\n", path);
	while (fgets(line, sizeof(line), file))
		igt_info("%s", line);
	fclose(file);
}

void lab_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	igt_assert_f(fd >= 0, "%s: %m\n", path);
	igt_assert_f(write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s to %s: %m\n",
		     text, path);
	lab_close(fd);
}

static void on_alarm(int signal)
{
}

void lab_alarm_every(int milliseconds)
{
	struct sigaction action = { .sa_handler = on_alarm };
	const struct timeval time = { .tv_usec = milliseconds * 1000 };
	struct itimerval timer = { .it_value = time, .it_interval = time };

	igt_assert_eq(sigaction(SIGALRM, &action, NULL), 0);
	igt_assert_eq(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

void lab_expect_kernel_message(const char *regex)
{
	igt_kmsg("<6>lab: expect %s\n", regex);
}

static void run_one(const struct lab_test *test, const char *argument)
{
	struct lab_leaks before;

	lab_expect_kernel_message("nothing");
	lab_leaks_close_leftovers();
	lab_unplug_leftovers();
	lab_inject_off();
	lab_leaks_snapshot(&before);
	test->run(argument);
	lab_leaks_check(&before);
}

/* A function of its own: libigt jumps back into it, and no local may change in between. */
static void subtest(const struct lab_test *test, const char *argument)
{
	igt_describe(test->about);
	igt_subtest_f("%s%s%s", argument ?: "", argument ? "-" : "", test->name)
		run_one(test, argument);
}

void lab_run_tests(const struct lab_test *tests, size_t count, const char *argument)
{
	for (size_t i = 0; i < count; i++)
		subtest(&tests[i], argument);
}
