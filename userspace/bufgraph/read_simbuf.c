// SPDX-License-Identifier: MIT
/* What simbuf.ko tells; core/debugfs.c describes the format. */
#include "readers.h"

#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "text.h"

static void start_buffer(struct graph *graph, const char *text)
{
	struct buffer *buffer = graph_add_buffer(graph);

	buffer->id = strtoull(text, NULL, 10);
	buffer->size = text_number(text, "size=");
	text_word(text, "exporter=", buffer->exporter, sizeof(buffer->exporter));
	text_word(text, "placement=", buffer->placement, sizeof(buffer->placement));
	text_word(text, "policy=", buffer->policy, sizeof(buffer->policy));
	if (!strcmp(buffer->policy, "-"))
		buffer->policy[0] = '\0';
	buffer->mmap_inode = text_number(text, "mmap_inode=");
	buffer->chunks = (unsigned int)text_number(text, "chunks=");
	buffer->pins = (unsigned int)text_number(text, "pins=");
	buffer->moves = (unsigned int)text_number(text, "moves=");
	buffer->cpu_mappings = (unsigned int)text_number(text, "cpu_mappings=");
	buffer->device_read = text_number(text, "device_read=");
	buffer->device_written = text_number(text, "device_written=");
	buffer->cpu_copied = text_number(text, "cpu_copied=");
	buffer->cpu_faulted = text_number(text, "cpu_faulted=");
}

static struct use *named_use(struct buffer *buffer, const char *text)
{
	char name[NAME_SIZE];

	text_word(text, "", name, sizeof(name));
	return buffer_use(buffer, name);
}

static void set_mapping(struct use *use, const char *text)
{
	/* A device may have an obsolete mapping beside the one it works with. */
	if (use->mapped && !use->obsolete)
		return;
	use->mapped = true;
	use->obsolete = text_has_word(text, "obsolete");
	use->direction = (enum direction)text_number(text, "dir=");
	use->segments = (unsigned int)text_number(text, "segments=");
}

static void add_dmabuf(struct buffer *buffer, const char *text)
{
	buffer_dmabuf(buffer, text_number(text, "inode="));
}

static void add_mapping(struct buffer *buffer, const char *text)
{
	set_mapping(named_use(buffer, text), text);
}

static void add_attachment(struct buffer *buffer, const char *text)
{
	struct use *use = named_use(buffer, text);

	use->attached = true;
	use->own = text_has_word(text, "(exporter)");
	use->page_id = text_hex(text, "page_id=");
	use->page_runs = (unsigned int)text_number(text, "page_runs=");
	if (text_number(text, "segments="))
		set_mapping(use, text);
}

static void add_detail(struct buffer *buffer, const char *text)
{
	static const struct {
		const char *start;
		void (*add)(struct buffer *buffer, const char *text);
	} kinds[] = {
		{ "  dmabuf ", add_dmabuf },
		{ "  mapped ", add_mapping },
		{ "  attached ", add_attachment },
	};

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *rest = text_after(text, kinds[i].start);

		if (rest)
			kinds[i].add(buffer, rest);
	}
	text_fence(buffer, text);
}

void read_simbuf_buffers(struct graph *graph, FILE *file)
{
	struct line line = { 0 };
	const char *rest;

	graph->simbuf = true;
	while (line_read(&line, file)) {
		rest = text_after(line.text, "buffer ");
		if (rest)
			start_buffer(graph, rest);
		else if (graph->buffer_count)
			add_detail(&graph->buffers[graph->buffer_count - 1], line.text);
	}
	line_free(&line);
}

void read_simbuf_devices(struct graph *graph, FILE *file)
{
	struct line line = { 0 };

	while (line_read(&line, file)) {
		struct device *device = graph_add_device(graph);
		const char *model = strstr(line.text, " profile=");

		text_word(line.text, "", device->name, sizeof(device->name));
		device->mappings = (unsigned int)text_number(line.text, "mappings=");
		device->mapped_bytes = text_number(line.text, "mapped_bytes=");
		device->faults = text_number(line.text, "faults=");
		text_copy(device->model, sizeof(device->model), model ? model + 1 : "");
	}
	line_free(&line);
}

/* "SECONDS.MICROSECONDS errno=-N buffer=ID size=N exporter=NAME importer=NAME: WHY" */
static void add_record(struct records *records, const char *text)
{
	struct record *record = records_add(records);
	const char *importer = strstr(text, "importer=");
	const char *why = importer ? strstr(importer, ": ") : NULL;
	size_t length;

	text_word(text, "", record->time, sizeof(record->time));
	record->error = -(int)text_number(text, "errno=");
	record->buffer = text_number(text, "buffer=");
	record->size = text_number(text, "size=");
	text_word(text, "exporter=", record->exporter, sizeof(record->exporter));
	text_word(text, "importer=", record->importer, sizeof(record->importer));
	length = strlen(record->importer);
	if (length && record->importer[length - 1] == ':')
		record->importer[length - 1] = '\0';
	text_copy(record->why, sizeof(record->why), why ? why + 2 : "");
}

void read_simbuf_records(struct records *records, FILE *file)
{
	struct line line = { 0 };

	while (line_read(&line, file))
		add_record(records, line.text);
	line_free(&line);
}
