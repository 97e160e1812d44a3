// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "lab.h"
#include "simbuf.h"

#define DEBUGFS		"/sys/kernel/debug/simbuf"
#define LINE		1024

/* The number after KEY= in a line; asserts that it is there. */
static uint64_t number(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	igt_assert_f(at, "no %s in: %s\n", key, line);
	return strtoull(at + strlen(key), NULL, 0);
}

static FILE *open_debugfs(const char *name)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), DEBUGFS "/%s", name);
	file = fopen(path, "r");
	igt_assert_f(file, "%s: %m\n", path);
	return file;
}

static void parse_buffer(const char *line, struct lab_simbuf *state)
{
	const char *placement = strstr(line, " placement=");

	igt_assert(placement);
	igt_assert_eq(sscanf(placement, " placement=%15s", state->placement), 1);
	state->id = number(line, "buffer ");
	state->chunks = number(line, " chunks=");
	state->pins = number(line, " pins=");
	state->moves = number(line, " moves=");
	state->cpu_copied = number(line, " cpu_copied=");
}

void lab_simbuf_state(int dmabuf, struct lab_simbuf *state)
{
	char line[LINE], buffer[LINE] = "";
	FILE *file = open_debugfs("buffers");
	unsigned long long inode;
	bool found = false;
	struct stat stat;

	igt_assert_eq(fstat(dmabuf, &stat), 0);
	while (!found && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "buffer ", 7))
			strcpy(buffer, line);
		else if (sscanf(line, " dmabuf inode=%llu", &inode) == 1)
			found = inode == stat.st_ino;
	}
	fclose(file);
	igt_assert_f(found, "simbuf does not know the dma-buf\n");
	parse_buffer(buffer, state);
}

void lab_assert_placement(int dmabuf, const char *placement)
{
	struct lab_simbuf state;

	lab_simbuf_state(dmabuf, &state);
	igt_assert_f(!strcmp(state.placement, placement), "placement is %s, not %s\n",
		     state.placement, placement);
}

void lab_assert_moves(int dmabuf, unsigned int moves)
{
	struct lab_simbuf state;

	lab_simbuf_state(dmabuf, &state);
	igt_assert_eq_u32(state.moves, moves);
}

/* The first line of a file that has @words, from @from on */
static bool find_line(const char *name, const char *words, const char *from, char *found,
		      size_t size)
{
	FILE *file = open_debugfs(name);
	char line[LINE];
	bool has = false;

	while (!has && fgets(line, sizeof(line), file)) {
		const char *start = strstr(line, from);

		has = strstr(line, words) && start;
		if (has)
			snprintf(found, size, "%s", start);
	}
	fclose(file);
	return has;
}

bool lab_simdev_model(const char *device, char *model, size_t size)
{
	char words[64];

	snprintf(words, sizeof(words), "%s mappings=", device);
	return find_line("devices", words, "profile=", model, size);
}

unsigned int lab_simdev_mappings(const char *device)
{
	char words[64], found[LINE];

	snprintf(words, sizeof(words), "%s mappings=", device);
	igt_assert_f(find_line("devices", words, "mappings=", found, sizeof(found)),
		     "no device %s\n", device);
	return number(found, "mappings=");
}

bool lab_profile_model(const char *profile, char *model, size_t size)
{
	char words[64];

	snprintf(words, sizeof(words), "profile=%s ", profile);
	return find_line("profiles", words, "profile=", model, size);
}

uint64_t lab_dma_faults(void)
{
	FILE *file = open_debugfs("devices");
	uint64_t faults = 0;
	char line[LINE];

	while (fgets(line, sizeof(line), file))
		faults += number(line, " faults=");
	fclose(file);
	return faults;
}

uint64_t lab_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

bool lab_was_refused(uint64_t since, int err, const char *words)
{
	FILE *file = open_debugfs("refusals");
	bool found = false;
	char line[LINE];

	while (!found && fgets(line, sizeof(line), file)) {
		unsigned long long seconds, microseconds;
		int errno_there;

		igt_assert_eq(sscanf(line, "%llu.%llu errno=%d", &seconds, &microseconds,
				     &errno_there), 3);
		if (seconds * 1000000 + microseconds < since)
			continue;
		igt_debug("refusal: %s", line);
		found = errno_there == err && strstr(line, words);
	}
	fclose(file);
	return found;
}

void lab_assert_refused(uint64_t since, int err, const char *words)
{
	igt_assert_f(lab_was_refused(since, err, words), "no refusal with errno %d says: %s\n",
		     err, words);
}

void lab_assert_refused_by(uint64_t since, int err, const char *importer, const char *why)
{
	char words[256];

	snprintf(words, sizeof(words), " importer=%s: %s\n", importer, why);
	lab_assert_refused(since, err, words);
}

int lab_log_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	igt_assert_f(log >= 0, "/dev/kmsg: %m\n");
	igt_assert_f(lseek(log, 0, SEEK_END) >= 0, "/dev/kmsg: %m\n");
	return log;
}

bool lab_log_has(int log, const char *words)
{
	char record[8192];
	ssize_t length;

	while ((length = read(log, record, sizeof(record) - 1)) > 0) {
		record[length] = 0;
		if (strstr(record, words))
			return true;
	}
	return false;
}

static void knob(const char *point, const char *name, int value)
{
	char path[96], text[16];

	snprintf(path, sizeof(path), DEBUGFS "/fail_%s%s", point, name);
	snprintf(text, sizeof(text), "%d", value);
	lab_write_file(path, text);
}

void lab_inject_some(const char *point, int err, int times, int interval, int probability)
{
	knob(point, "/probability", 0);
	knob(point, "_errno", -err);
	knob(point, "/interval", interval);
	knob(point, "/times", times);
	knob(point, "/probability", probability);
}

void lab_inject(const char *point, int err, int times)
{
	lab_inject_some(point, err, times, 1, 100);
}

void lab_inject_off(void)
{
	static const char *const points[] = { "alloc", "attach", "map", "vmap", "move" };

	if (access(DEBUGFS "/fail_alloc", F_OK))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(points); i++)
		knob(points[i], "/probability", 0);
}
