// SPDX-License-Identifier: MIT
/*
 * The directories of primesim and camsim in configfs, and the files of all in debugfs.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "calls.h"
#include "files.h"

#define MAX_TEXT	8192

static const char *const roots[] = { "/sys/kernel/config/primesim", "/sys/kernel/config/camsim" };
static const char *const debug_roots[] = {
	"/sys/kernel/debug/simbuf", "/sys/kernel/debug/dri",
};

/* Where a name ends in a number all inputs use the same few, so that they meet. */
static const char *const names[] = {
	FUZZ_PREFIX "0", FUZZ_PREFIX "1", FUZZ_PREFIX "%n%s%x", FUZZ_PREFIX ".", FUZZ_PREFIX "\n ",
	FUZZ_PREFIX "\xff\xfe",
};

static const char *const texts[] = {
	"1", "0", "2", "", "-1", "4294967295", "4294967296", "18446744073709551616", "ideal",
	"noncoherent", "contig32", "late", "early", "both", "gpu", "display", "connected",
	"1920x1080", "good", "bad", "32", "12", "64", "4096", " 1", "1 ", "1\n", "\n", "0x10", "y",
	"%s%n%s%n", "1\0001", "primesim", "64M",
};

/* A name of an entry of a directory by its place in the alphabet; false when there is none. */
static bool pick_entry(const char *directory, uint8_t which, unsigned char type, char *path)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, alphasort), fitting = 0;
	char chosen[NAME_MAX + 1] = "";

	for (int pass = 0; pass < 2; pass++) {
		int number = 0;

		for (int i = 0; i < count; i++) {
			if (entries[i]->d_type != type || entries[i]->d_name[0] == '.')
				continue;
			if (pass && number == which % fitting)
				snprintf(chosen, sizeof(chosen), "%s", entries[i]->d_name);
			number++;
		}
		fitting = number;
		if (!fitting)
			break;
	}
	for (int i = 0; i < count; i++)
		free(entries[i]);
	if (count >= 0)
		free(entries);
	return chosen[0] && snprintf(path, PATH_MAX, "%s/%s", directory, chosen) < PATH_MAX;
}

/* A directory under a root: each byte that is not 0 goes one down. */
static void pick_directory(const char *root, struct fuzz_bytes *bytes, char *path)
{
	char below[PATH_MAX];
	uint8_t which;

	snprintf(path, PATH_MAX, "%s", root);
	while ((which = fuzz_byte(bytes)) && pick_entry(path, which - 1, DT_DIR, below))
		memcpy(path, below, sizeof(below));
}

static const char *pick_root(struct fuzz_bytes *bytes)
{
	return roots[fuzz_byte(bytes) % ARRAY_SIZE(roots)];
}

/* One that devices take, one that is too long, or the bytes as they are. */
static size_t pick_text(struct fuzz_bytes *bytes, char *text)
{
	uint8_t which = fuzz_byte(bytes);
	size_t length = 0;

	if (which < 0xe0)
		return snprintf(text, MAX_TEXT, "%s", texts[which % ARRAY_SIZE(texts)]);
	if (which < 0xf0) {
		length = (which - 0xdf) * 511;
		memset(text, "a1 %"[fuzz_byte(bytes) % 4], length);
		return length;
	}
	while (bytes->left)
		text[length++] = fuzz_byte(bytes);
	return length;
}

static void config_mkdir(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	const char *root = pick_root(bytes);
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", root, names[fuzz_byte(bytes) % ARRAY_SIZE(names)]);
	mkdir(path, 0755);
}

/* Any directory, also those that are not ours to remove */
static void config_rmdir(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	const char *root = pick_root(bytes);
	char path[PATH_MAX];

	pick_directory(root, bytes, path);
	if (strstr(path, "/" FUZZ_PREFIX))
		rmdir(path);
}

static void config_make_below(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	char directory[PATH_MAX], path[PATH_MAX + 16];

	pick_directory(pick_root(bytes), bytes, directory);
	snprintf(path, sizeof(path), "%s/" FUZZ_PREFIX "2", directory);
	if (strstr(directory, "/" FUZZ_PREFIX) && mkdir(path, 0755))
		(void)!symlink(directory, path);
}

/* Only what inputs have made is written to: the other devices are for the calls of other files. */
static void config_write(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	char directory[PATH_MAX], path[PATH_MAX], text[MAX_TEXT];
	size_t length;
	int fd;

	pick_directory(pick_root(bytes), bytes, directory);
	if (!strstr(directory, "/" FUZZ_PREFIX) ||
	    !pick_entry(directory, fuzz_byte(bytes), DT_REG, path))
		return;
	length = pick_text(bytes, text);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)!write(fd, text, length);
	close(fd);
}

static void read_path(const char *path, size_t at_once, off_t from)
{
	char text[MAX_TEXT];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), reads = 0;

	if (fd < 0)
		return;
	lseek(fd, from, SEEK_SET);
	while (read(fd, text, at_once) > 0 && reads++ < 64)
		;
	close(fd);
}

static void config_read(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	char directory[PATH_MAX], path[PATH_MAX];

	pick_directory(pick_root(bytes), bytes, directory);
	if (pick_entry(directory, fuzz_byte(bytes), DT_REG, path))
		read_path(path, fuzz_byte(bytes) ? 1 : MAX_TEXT, fuzz_byte(bytes));
}

static void debug_read(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	const char *root = debug_roots[fuzz_byte(bytes) % ARRAY_SIZE(debug_roots)];
	char directory[PATH_MAX], path[PATH_MAX];

	pick_directory(root, bytes, directory);
	if (pick_entry(directory, fuzz_byte(bytes), DT_REG, path))
		read_path(path, fuzz_byte(bytes) ? 1 : MAX_TEXT, fuzz_byte(bytes));
}

static void remove_ours(const char *root)
{
	char path[PATH_MAX], below[PATH_MAX + NAME_MAX];
	DIR *directory = opendir(root);
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		if (strncmp(entry->d_name, FUZZ_PREFIX, strlen(FUZZ_PREFIX)))
			continue;
		snprintf(path, sizeof(path), "%s/%s", root, entry->d_name);
		snprintf(below, sizeof(below), "%s/" FUZZ_PREFIX "2", path);
		if (unlink(below))
			rmdir(below);
		rmdir(path);
	}
	if (directory)
		closedir(directory);
}

void fuzz_files_clean(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(roots); i++)
		remove_ours(roots[i]);
}

#define FUNCTION(name)	{ #name, FUZZ_NO_NODE, 0, NULL, name, -1, 0 }

const struct fuzz_call_type fuzz_file_calls[] = {
	FUNCTION(config_mkdir),
	FUNCTION(config_rmdir),
	FUNCTION(config_make_below),
	FUNCTION(config_write),
	FUNCTION(config_read),
	FUNCTION(debug_read),
};

const unsigned int fuzz_file_call_count = ARRAY_SIZE(fuzz_file_calls);
