// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <unistd.h>
#include "lab.h"
#include "leaks.h"

/* Fences and files are released by workqueues and RCU, late on a slow machine. Milliseconds: */
#define SETTLE_TRIES	200
#define SETTLE_STEP	25

#define BUFINFO		"/sys/kernel/debug/dma_buf/bufinfo"
#define SIMBUFS		"/sys/kernel/debug/simbuf/buffers"

/* bufinfo's last line is "Total N objects, M bytes". */
static int count_dmabufs(void)
{
	FILE *file = fopen(BUFINFO, "r");
	char line[512];
	int count = 0;

	igt_assert_f(file, BUFINFO ": %m\n");
	while (fgets(line, sizeof(line), file))
		sscanf(line, "Total %d objects", &count);
	fclose(file);
	return count;
}

int lab_count_simbufs(void)
{
	FILE *file = fopen(SIMBUFS, "r");
	char line[512];
	int count = 0;

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		count += !strncmp(line, "buffer ", 7);
	fclose(file);
	return count;
}

bool lab_wait_simbufs(int count)
{
	for (int i = 0; i < SETTLE_TRIES && lab_count_simbufs() != count; i++)
		lab_sleep(SETTLE_STEP);
	return lab_count_simbufs() == count;
}

/* Calls @visit for each open file of this process but the one that lists them. */
static int visit_fds(void (*visit)(int fd))
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int count = 0;

	igt_assert(dir);
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] == '.' || fd == dirfd(dir))
			continue;
		count++;
		if (visit)
			visit(fd);
	}
	closedir(dir);
	return count;
}

/* libigt's own files (debugfs, kmsg, the runner's socket) are not ours to close. */
static void close_leftover(int fd)
{
	static const char *const ours[] = {
		"/dev/dri/", "/dev/video", "/dev/udmabuf", "/dmabuf:", "anon_inode:sync_file",
		"/memfd:",
	};
	char link[64], target[256];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return;
	target[length] = 0;
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (!strncmp(target, ours[i], strlen(ours[i])))
			close(fd);
}

void lab_leaks_close_leftovers(void)
{
	visit_fds(close_leftover);
}

void lab_leaks_snapshot(struct lab_leaks *now)
{
	now->simbufs = lab_count_simbufs();
	now->dmabufs = count_dmabufs();
	now->fds = visit_fds(NULL);
}

static bool more(const struct lab_leaks *now, const struct lab_leaks *before)
{
	return now->simbufs > before->simbufs || now->dmabufs > before->dmabufs ||
	       now->fds > before->fds;
}

void lab_leaks_check(const struct lab_leaks *before)
{
	struct lab_leaks now;

	lab_leaks_snapshot(&now);
	for (int i = 0; i < SETTLE_TRIES && more(&now, before); i++) {
		lab_sleep(SETTLE_STEP);
		lab_leaks_snapshot(&now);
	}
	igt_assert_f(!more(&now, before),
		     "left behind: %d simbufs, %d dma-bufs, %d open files\n",
		     now.simbufs - before->simbufs, now.dmabufs - before->dmabufs,
		     now.fds - before->fds);
}
