// SPDX-License-Identifier: MIT
/*
 * Which process has which dma-buf: as an open file, or mapped. What a process has
 * only as a handle of a device (a GEM handle, a queued V4L2 buffer) is not to be
 * seen here, but keeps the device attached.
 */
#include "readers.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph.h"
#include "text.h"

struct process {
	const char *proc;
	int pid;
	char command[NAME_SIZE];
};

static const char *path_of(char path[TEXT_SIZE], const struct process *process, const char *name)
{
	snprintf(path, TEXT_SIZE, "%s/%d/%s", process->proc, process->pid, name);
	return path;
}

static FILE *open_file(const struct process *process, const char *name)
{
	char path[TEXT_SIZE];

	return fopen(path_of(path, process, name), "re");
}

static struct holder *hold(struct buffer *buffer, const struct process *process)
{
	struct holder *holder = buffer_holder(buffer, process->pid);

	text_copy(holder->command, sizeof(holder->command), process->command);
	return holder;
}

/* What fdinfo tells of a dma-buf; without debugfs it is all there is. */
struct fdinfo {
	uint64_t inode;
	uint64_t size;
	uint64_t count;
	char exporter[NAME_SIZE];
	char name[NAME_SIZE];
};

static void set_fdinfo(struct fdinfo *info, const char *key, const char *value)
{
	if (!strcmp(key, "ino"))
		info->inode = strtoull(value, NULL, 10);
	else if (!strcmp(key, "size"))
		info->size = strtoull(value, NULL, 10);
	else if (!strcmp(key, "count"))
		info->count = strtoull(value, NULL, 10);
	else if (!strcmp(key, "exp_name"))
		text_copy(info->exporter, sizeof(info->exporter), value);
	else if (!strcmp(key, "name"))
		text_copy(info->name, sizeof(info->name), value);
}

static void parse_fdinfo(struct fdinfo *info, FILE *file)
{
	struct line line = { 0 };

	while (line_read(&line, file)) {
		char *colon = strstr(line.text, ":\t");

		if (!colon)
			continue;
		*colon = '\0';
		set_fdinfo(info, line.text, colon + 2);
	}
	line_free(&line);
}

static void add_fd(struct graph *graph, const struct process *process, const struct fdinfo *info)
{
	struct buffer *buffer = graph_buffer_of(graph, info->inode);
	struct dmabuf *dmabuf = buffer_dmabuf(buffer, info->inode);

	if (!buffer->exporter[0]) {
		buffer->size = info->size;
		text_copy(buffer->exporter, sizeof(buffer->exporter), info->exporter);
	}
	if (!dmabuf->references) {
		dmabuf->references = info->count;
		text_copy(dmabuf->name, sizeof(dmabuf->name), info->name);
	}
	hold(buffer, process)->fds++;
}

static bool is_dmabuf(const struct process *process, int fd)
{
	char name[NAME_SIZE], path[TEXT_SIZE], target[TEXT_SIZE];
	ssize_t length;

	snprintf(name, sizeof(name), "fd/%d", fd);
	length = readlink(path_of(path, process, name), target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	return text_after(target, "/dmabuf:");
}

static void read_fd(struct graph *graph, const struct process *process, int fd)
{
	struct fdinfo info = { 0 };
	char name[NAME_SIZE];
	FILE *file;

	if (!is_dmabuf(process, fd))
		return;
	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	file = open_file(process, name);
	if (!file)
		return;		/* closed since */
	parse_fdinfo(&info, file);
	fclose(file);
	if (info.inode && info.exporter[0])
		add_fd(graph, process, &info);
}

static void read_fds(struct graph *graph, const struct process *process)
{
	char path[TEXT_SIZE];
	struct dirent *entry;
	DIR *dir = opendir(path_of(path, process, "fd"));

	if (!dir)
		return;		/* it has ended since */
	while ((entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			read_fd(graph, process, atoi(entry->d_name));
	}
	closedir(dir);
}

/* simbuf's mappings of a buffer are all of one inode, whichever dma-buf or device they came by. */
static struct buffer *mapped_buffer(struct graph *graph, const char *path, uint64_t inode)
{
	if (text_after(path, "/dmabuf:"))
		return graph_buffer_of(graph, inode);
	if (text_after(path, "/simbuf"))
		return graph_find_mmap(graph, inode);
	return NULL;
}

static void read_maps(struct graph *graph, const struct process *process)
{
	FILE *file = open_file(process, "maps");
	struct line line = { 0 };

	if (!file)
		return;
	while (line_read(&line, file)) {
		struct buffer *buffer;
		uint64_t inode;
		int path = 0;

		if (sscanf(line.text, "%*s %*s %*s %*s %" SCNu64 " %n", &inode, &path) != 1)
			continue;
		buffer = mapped_buffer(graph, line.text + path, inode);
		if (buffer)
			hold(buffer, process)->mappings++;
	}
	line_free(&line);
	fclose(file);
}

static void read_process(struct graph *graph, const char *proc, int pid)
{
	struct process process = { .proc = proc, .pid = pid };
	struct line line = { 0 };
	FILE *file = open_file(&process, "comm");

	if (!file)
		return;
	if (line_read(&line, file))
		text_copy(process.command, sizeof(process.command), line.text);
	line_free(&line);
	fclose(file);
	read_fds(graph, &process);
	read_maps(graph, &process);
}

void read_proc(struct graph *graph, const char *proc)
{
	struct dirent *entry;
	DIR *dir = opendir(proc);

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		int pid = atoi(entry->d_name);

		if (pid > 0)
			read_process(graph, proc, pid);
	}
	closedir(dir);
}
