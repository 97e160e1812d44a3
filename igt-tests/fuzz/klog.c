// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "klog.h"

#define MAX_PATTERN	4096

static void append_pattern(char *all, const char *pattern)
{
	size_t length = strlen(all);

	snprintf(all + length, MAX_PATTERN - length, "%s%s", length ? "|" : "", pattern);
}

static bool read_patterns(const char *path, char *bad, char *ok)
{
	char line[256];
	FILE *stream = fopen(path, "r");

	if (!stream) {
		perror(path);
		return false;
	}
	while (fgets(line, sizeof(line), stream)) {
		line[strcspn(line, "\n")] = 0;
		if (!strncmp(line, "bad ", 4))
			append_pattern(bad, line + 4);
		else if (!strncmp(line, "ok ", 3))
			append_pattern(ok, line + 3);
	}
	fclose(stream);
	return true;
}

bool fuzz_klog_open(struct fuzz_klog *klog, const char *patterns)
{
	char bad[MAX_PATTERN] = "", ok[MAX_PATTERN] = "";

	*klog = (struct fuzz_klog){ .fd = -1 };
	if (!patterns)
		return true;
	if (!read_patterns(patterns, bad, ok))
		return false;
	klog->has_ok = ok[0];
	if (regcomp(&klog->bad, bad, REG_EXTENDED | REG_NOSUB) ||
	    regcomp(&klog->ok, ok, REG_EXTENDED | REG_NOSUB)) {
		fprintf(stderr, "%s: not regular expressions\n", patterns);
		return false;
	}
	klog->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (klog->fd < 0) {
		perror("/dev/kmsg");
		return false;
	}
	lseek(klog->fd, 0, SEEK_END);
	return true;
}

static bool is_complaint(const struct fuzz_klog *klog, const char *text)
{
	return !regexec(&klog->bad, text, 0, NULL, 0) &&
	       !(klog->has_ok && !regexec(&klog->ok, text, 0, NULL, 0));
}

bool fuzz_klog_complains(struct fuzz_klog *klog, char *line, unsigned int size)
{
	char record[8192];
	bool found = false;
	ssize_t length;

	if (klog->fd < 0)
		return false;
	/* EPIPE: records were overwritten; what comes after is still there. */
	while ((length = read(klog->fd, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		char *text;

		if (length <= 0)
			continue;
		record[length] = 0;
		text = strchr(record, ';');
		if (!text || found)
			continue;
		text[strcspn(text, "\n")] = 0;
		found = is_complaint(klog, text + 1);
		if (found)
			snprintf(line, size, "%s", text + 1);
	}
	return found;
}
