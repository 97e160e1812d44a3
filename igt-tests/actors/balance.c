// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <glob.h>
#include <linux/dma-buf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "balance.h"
#include "device.h"
#include "events.h"
#include "fence.h"
#include "lab.h"
#include "leaks.h"
#include "meminfo.h"

#define TRIES		60
#define TRY_MS		500

#define FENCE_MADE	"dma_fence/dma_fence_init"
#define FENCE_FREED	"dma_fence/dma_fence_destroy"

/*
 * What is counted one by one must be even. Memory grows without a leak by what the kernel keeps
 * for the next time: slabs of which one object of many is in use, stacks of threads that ended,
 * page tables, lists of each processor. Much of a first play, next to nothing of the second.
 * On debug kernels, too: each place that has allocated or freed something, and KASAN's quarantine,
 * a thirty-second part of all memory, which is not used again for a while.
 */
static const struct {
	const char *name;
	long slack;
	long debug_slack;
} items[BALANCE_ITEMS] = {
	[BALANCE_SIMBUFS] = { "buffers" },
	[BALANCE_DMABUFS] = { "dma-bufs" },
	[BALANCE_MAPPINGS] = { "mappings" },
	[BALANCE_ATTACHMENTS] = { "attachments" },
	[BALANCE_FENCES] = { "fences" },
	[BALANCE_FILES] = { "open files" },
	[BALANCE_PAGES_KIB] = { "KiB of pages", 1 << 10, 32 << 10 },
	[BALANCE_SLAB_KIB] = { "KiB of slabs", 2 << 10, 128 << 10 },
};

/*
 * 6.12 tells files by a counter that each processor adds to 32 at a time; later kernels look at
 * all.
 */
static long files_slack(void)
{
	struct utsname kernel;
	int major, minor;

	if (uname(&kernel) || sscanf(kernel.release, "%d.%d", &major, &minor) != 2)
		return 0;
	return major > 6 || (major == 6 && minor > 12) ? 0 : 32 * sysconf(_SC_NPROCESSORS_CONF);
}

static long sum_of(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char line[1024];
	long sum = 0;

	while (file && fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, key);

		if (at)
			sum += strtol(at + strlen(key), NULL, 10);
	}
	if (file)
		fclose(file);
	return sum;
}

static long lines_of(const char *path, const char *start)
{
	FILE *file = fopen(path, "r");
	char line[1024];
	long count = 0;

	while (file && fgets(line, sizeof(line), file))
		count += !strncmp(line, start, strlen(start));
	if (file)
		fclose(file);
	return count;
}

/* Its first number */
static long open_files(void)
{
	FILE *file = fopen("/proc/sys/fs/file-nr", "r");
	long count = 0;

	if (file && fscanf(file, "%ld", &count) != 1)
		count = 0;
	if (file)
		fclose(file);
	return count;
}

/* Gives free slabs back. Each that is shrunk takes KASAN through its whole quarantine: minutes. */
static void shrink_slabs(void)
{
	DIR *slabs = opendir("/sys/kernel/slab");
	struct dirent *entry;
	char path[300];

	while (slabs && (entry = readdir(slabs))) {
		/* A link: two caches that are the same one */
		if (entry->d_name[0] == '.' || entry->d_type == DT_LNK)
			continue;
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", entry->d_name);
		lab_write_file(path, "1");
	}
	if (slabs)
		closedir(slabs);
}

static void empty_caches(void)
{
	sync();
	lab_write_file("/proc/sys/vm/drop_caches", "3");
	if (!lab_on_debug_kernel())
		shrink_slabs();
}

/* Files in /tmp are memory, too: our own log. */
static long tmp_kib(void)
{
	struct statvfs tmp;

	if (statvfs("/tmp", &tmp))
		return 0;
	return (long)((tmp.f_blocks - tmp.f_bfree) * (tmp.f_frsize >> 10));
}

/*
 * What of all memory is in use and not accounted for by the kernel otherwise. Each processor has a
 * list of free pages, tens of MiB after a lot of freeing, which are not in MemFree.
 */
static long pages_kib(void)
{
	long cached = meminfo_kib("Cached:") - meminfo_kib("Shmem:") + tmp_kib();
	long listed = sum_of("/proc/zoneinfo", " count:") * (sysconf(_SC_PAGESIZE) >> 10);

	return meminfo_kib("MemTotal:") - meminfo_kib("MemFree:") - listed - cached -
	       meminfo_kib("Buffers:") - meminfo_kib("SReclaimable:") - meminfo_kib("SUnreclaim:") -
	       meminfo_kib("AnonPages:") - meminfo_kib("PageTables:");
}

static void count(struct balance *now)
{
	struct lab_leaks leaks;

	empty_caches();
	lab_leaks_snapshot(&leaks);
	now->items[BALANCE_SIMBUFS] = leaks.simbufs;
	now->items[BALANCE_DMABUFS] = leaks.dmabufs;
	now->items[BALANCE_MAPPINGS] = sum_of("/sys/kernel/debug/simbuf/devices", " mappings=");
	now->items[BALANCE_ATTACHMENTS] =
		lines_of("/sys/kernel/debug/simbuf/buffers", "  attached ");
	now->items[BALANCE_FENCES] = events_count(FENCE_MADE) - events_count(FENCE_FREED);
	now->items[BALANCE_FILES] = open_files();
	now->items[BALANCE_PAGES_KIB] = pages_kib();
	now->items[BALANCE_SLAB_KIB] = meminfo_kib("SUnreclaim:");
}

/* 6.12 makes the fence of those who have nothing to wait for when first asked, and keeps it. */
static void make_stub_fence(void)
{
	int dmabuf = lab_udmabuf(sysconf(_SC_PAGESIZE));

	lab_close(lab_export_sync_file(dmabuf, DMA_BUF_SYNC_RW));
	lab_close(dmabuf);
}

void balance_take(struct balance *before)
{
	make_stub_fence();
	/* On a debug kernel, which cannot count them, kmemleak finds those that are left. */
	if (!events_start(FENCE_MADE) || !events_start(FENCE_FREED))
		igt_info("this kernel does not count fences\n");
	count(before);
}

static bool is_even(const struct balance *now, const struct balance *before, int item)
{
	long slack = lab_on_debug_kernel() ? items[item].debug_slack : items[item].slack;

	if (item == BALANCE_FILES)
		slack = files_slack();
	return now->items[item] <= before->items[item] + slack;
}

static void describe(const struct balance *now, const struct balance *before, char *text,
		     size_t size)
{
	size_t length = 0;

	text[0] = 0;
	for (int i = 0; i < BALANCE_ITEMS; i++)
		if (!is_even(now, before, i) && length < size)
			length += snprintf(text + length, size - length, " %ld %s,",
					   now->items[i] - before->items[i], items[i].name);
}

void balance_compare(const struct balance *before, char *text, size_t size)
{
	struct balance now;

	count(&now);
	describe(&now, before, text, size);
}

static void print_links(const char *pattern)
{
	char target[256];
	glob_t links;

	if (glob(pattern, 0, NULL, &links))
		return;
	for (size_t i = 0; i < links.gl_pathc; i++) {
		ssize_t length = readlink(links.gl_pathv[i], target, sizeof(target));

		if (length >= 0)
			igt_info("%s: %.*s\n", links.gl_pathv[i], (int)length, target);
	}
	globfree(&links);
}

/* Whose it is that is left. Open files may be on their way through a socket, too. */
static void print_left(void)
{
	static const char *const paths[] = {
		"/sys/kernel/debug/simbuf/buffers", "/sys/kernel/debug/simbuf/devices",
		"/sys/kernel/debug/dma_buf/bufinfo", "/sys/kernel/debug/dri/primesim.0/state",
		"/sys/kernel/debug/dri/primesim.0/framebuffer",
		"/sys/kernel/debug/dri/primesim.0/clients", "/proc/net/unix",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		lab_print_file(paths[i]);
	print_links("/proc/[0-9]*/exe");
	print_links("/proc/[0-9]*/fd/*");
}

void balance_check(const struct balance *before)
{
	char left[256];
	struct balance now;

	for (int i = 0; i <= TRIES; i++) {
		count(&now);
		describe(&now, before, left, sizeof(left));
		if (!left[0])
			break;
		lab_sleep(TRY_MS);
	}
	events_stop(FENCE_MADE);
	events_stop(FENCE_FREED);
	for (int i = 0; i < BALANCE_ITEMS; i++)
		igt_info("%s: %+ld\n", items[i].name, now.items[i] - before->items[i]);
	if (left[0])
		print_left();
	igt_assert_f(!left[0], "left behind:%s more than before\n", left);
}
