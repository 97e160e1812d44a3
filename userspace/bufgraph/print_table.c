// SPDX-License-Identifier: MIT
#include "print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "readers.h"
#include "table.h"

const char *size_text(char *text, unsigned long long bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes;
	unsigned int unit = 0;

	for (; value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		value /= 1024;
	snprintf(text, SIZE_TEXT, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
	return text;
}

/* A cell that is a list: written into memory, put into the table, freed. */
struct list {
	FILE *file;
	char *text;
	size_t size;
};

static FILE *list_start(struct list *list)
{
	list->file = open_memstream(&list->text, &list->size);
	if (!list->file) {
		perror("bufgraph");
		exit(1);
	}
	return list->file;
}

static void list_end(struct list *list, struct table *table)
{
	fclose(list->file);
	table_cell(table, "%s", list->text[0] ? list->text : "-");
	free(list->text);
}

static void dmabufs_cell(struct table *table, const struct buffer *buffer)
{
	struct list list;
	FILE *file = list_start(&list);

	for (unsigned int i = 0; i < buffer->dmabuf_count; i++) {
		const struct dmabuf *dmabuf = &buffer->dmabufs[i];

		fprintf(file, "%s%" PRIu64, i ? " " : "", dmabuf->inode);
		if (dmabuf->name[0])
			fprintf(file, "(%s)", dmabuf->name);
	}
	list_end(&list, table);
}

static void print_mapping(const struct use *use, FILE *file)
{
	static const char *const letters[] = {
		[DIRECTION_READ_WRITE] = "rw",
		[DIRECTION_READ] = "r",
		[DIRECTION_WRITE] = "w",
	};

	if (use->mapped && use->direction <= DIRECTION_WRITE)
		fprintf(file, "(%s:%u%s)", letters[use->direction], use->segments,
			use->obsolete ? ",obsolete" : "");
}

static void devices_cell(struct table *table, const struct buffer *buffer)
{
	struct list list;
	FILE *file = list_start(&list);

	for (unsigned int i = 0; i < buffer->use_count; i++) {
		const struct use *use = &buffer->uses[i];

		fprintf(file, "%s%s%s", i ? " " : "", use->device, use->own ? "*" : "");
		print_mapping(use, file);
	}
	list_end(&list, table);
}

static void processes_cell(struct table *table, const struct buffer *buffer)
{
	struct list list;
	FILE *file = list_start(&list);

	for (unsigned int i = 0; i < buffer->holder_count; i++) {
		const struct holder *holder = &buffer->holders[i];

		fprintf(file, "%s%s[%d](%ufd,%umap)", i ? " " : "", holder->command, holder->pid,
			holder->fds, holder->mappings);
	}
	list_end(&list, table);
}

static void simbuf_cells(struct table *table, const struct buffer *buffer)
{
	if (!buffer->id) {
		for (unsigned int i = 0; i < 5; i++)
			table_cell(table, "-");
		return;
	}
	table_cell(table, "%s", buffer->placement);
	table_cell(table, "%u", buffer->chunks);
	table_cell(table, "%u", buffer->pins);
	table_cell(table, "%u", buffer->moves);
	table_cell(table, "%s", buffer->policy[0] ? buffer->policy : "-");
}

static void buffer_row(struct table *table, const struct graph *graph, const struct buffer *buffer)
{
	char size[SIZE_TEXT];

	if (graph->simbuf && buffer->id)
		table_cell(table, "#%" PRIu64, buffer->id);
	else if (graph->simbuf)
		table_cell(table, "-");
	dmabufs_cell(table, buffer);
	table_cell(table, "%s", size_text(size, buffer->size));
	table_cell(table, "%s", buffer->exporter);
	if (graph->simbuf)
		simbuf_cells(table, buffer);
	table_cell(table, "%u", buffer_pending_fences(buffer));
	devices_cell(table, buffer);
	processes_cell(table, buffer);
}

/* simbuf's columns only where simbuf is. */
static void buffers_head(struct table *table, bool simbuf)
{
	static const struct {
		const char *name;
		bool simbuf;
	} columns[] = {
		{ "BUFFER", true }, { "DMA-BUF", false }, { "SIZE", false },
		{ "EXPORTER", false }, { "PLACEMENT", true }, { "CHUNKS", true },
		{ "PINS", true }, { "MOVES", true }, { "POLICY", true },
		{ "FENCES", false }, { "DEVICES", false }, { "PROCESSES", false },
	};

	table_start(table, simbuf ? 12 : 6);
	for (unsigned int i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (simbuf || !columns[i].simbuf)
			table_cell(table, "%s", columns[i].name);
	}
}

static void print_buffers(const struct graph *graph, FILE *file)
{
	struct table table;

	if (!graph->buffer_count)
		return;
	buffers_head(&table, graph->simbuf);
	for (unsigned int i = 0; i < graph->buffer_count; i++)
		buffer_row(&table, graph, &graph->buffers[i]);
	fputc('\n', file);
	table_end(&table, file);
}

static void print_shares(const struct graph *graph, FILE *file)
{
	char size[SIZE_TEXT];
	struct table table;

	if (!graph->share_count)
		return;
	table_start(&table, 5);
	table_cell(&table, "FROM");
	table_cell(&table, "TO DEVICE");
	table_cell(&table, "BUFFERS");
	table_cell(&table, "BYTES");
	table_cell(&table, "HOW");
	for (unsigned int i = 0; i < graph->share_count; i++) {
		const struct share *share = &graph->shares[i];

		table_cell(&table, "%s", share->exporter);
		table_cell(&table, "%s", share->device);
		table_cell(&table, "%u", share->buffers);
		table_cell(&table, "%s", size_text(size, share->bytes));
		table_cell(&table, "%s", share->own ? "its own*" : "dma-buf");
	}
	fputc('\n', file);
	table_end(&table, file);
}

static void print_devices(const struct graph *graph, FILE *file)
{
	char size[SIZE_TEXT];
	struct table table;

	if (!graph->device_count)
		return;
	table_start(&table, 5);
	table_cell(&table, "DEVICE");
	table_cell(&table, "MAPPINGS");
	table_cell(&table, "MAPPED");
	table_cell(&table, "FAULTS");
	table_cell(&table, "MODEL");
	for (unsigned int i = 0; i < graph->device_count; i++) {
		const struct device *device = &graph->devices[i];

		table_cell(&table, "%s", device->name);
		table_cell(&table, "%u", device->mappings);
		table_cell(&table, "%s", size_text(size, device->mapped_bytes));
		table_cell(&table, "%" PRIu64, device->faults);
		table_cell(&table, "%s", device->model);
	}
	fputc('\n', file);
	table_end(&table, file);
}

static void print_records(const struct records *records, const char *title, FILE *file)
{
	fprintf(file, "\n%s: %u\n", title, records->count);
	for (unsigned int i = 0; i < records->count; i++) {
		const struct record *record = &records->items[i];
		const char *name = strerrorname_np(record->error);

		fprintf(file, "  %s %s #%" PRIu64 " %" PRIu64 " bytes %s -> %s: %s\n", record->time,
			name ? name : "-", record->buffer, record->size, record->exporter,
			record->importer, record->why);
	}
}

static void print_summary(const struct graph *graph, FILE *file)
{
	char size[SIZE_TEXT];

	fprintf(file, "Buffers: %u (%s), processes: %u; from %s%s/proc\n", graph->buffer_count,
		size_text(size, graph_bytes(graph)), graph_process_count(graph),
		graph->simbuf ? "simbuf, " : "", graph->bufinfo ? "dma_buf, " : "");
}

void print_table(const struct graph *graph, const struct wanted *wanted, FILE *file)
{
	print_summary(graph, file);
	print_buffers(graph, file);
	print_shares(graph, file);
	print_devices(graph, file);
	if (wanted->refusals)
		print_records(&graph->refusals, "REFUSALS", file);
	if (wanted->faults)
		print_records(&graph->faults, "DMA FAULTS", file);
}
