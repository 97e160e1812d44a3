/* SPDX-License-Identifier: MIT */
/*
 * What the kernel complains about.
 */
#ifndef FUZZ_KLOG_H
#define FUZZ_KLOG_H

#include <regex.h>
#include <stdbool.h>

/**
 * struct fuzz_klog - the kernel's log from now on
 * @fd: /dev/kmsg, -1 when nobody asked to watch it.
 * @bad: what counts as a complaint.
 * @ok: what does not, although it matches @bad.
 * @has_ok: there is any.
 */
struct fuzz_klog {
	int fd;
	regex_t bad;
	regex_t ok;
	bool has_ok;
};

/* @patterns: a file with lines "bad REGEX" and "ok REGEX", see vm/guest/dmesg-patterns. */
bool fuzz_klog_open(struct fuzz_klog *klog, const char *patterns);
/* The first complaint since the last call, in @line; false when there is none. */
bool fuzz_klog_complains(struct fuzz_klog *klog, char *line, unsigned int size);

#endif /* FUZZ_KLOG_H */
