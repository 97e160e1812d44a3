// SPDX-License-Identifier: MIT
/*
 * Buffers are rounded, devices and drivers boxes, processes dashed. An arrow goes
 * the way the data does; a bold one leads from who allocated the buffer.
 */
#include "print.h"

#include <inttypes.h>

#include "graph.h"

/* Characters that mean something to Graphviz inside quotes. */
static void print_escaped(const char *text, FILE *file)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', file);
		fputc(*text, file);
	}
}

static void print_node_name(const char *kind, const char *name, FILE *file)
{
	fprintf(file, "\"%s ", kind);
	print_escaped(name, file);
	fputc('"', file);
}

static void print_box(const char *kind, const char *name, const char *style, FILE *file)
{
	fputc('\t', file);
	print_node_name(kind, name, file);
	fputs(" [label=\"", file);
	print_escaped(name, file);
	fprintf(file, "\" shape=box%s]\n", style);
}

static void print_buffer(const struct buffer *buffer, unsigned int index, FILE *file)
{
	unsigned int pending = buffer_pending_fences(buffer);
	char size[SIZE_TEXT];

	fprintf(file, "\tbuffer%u [label=\"", index);
	if (buffer->id)
		fprintf(file, "#%" PRIu64 "  ", buffer->id);
	fprintf(file, "%s\\n", size_text(size, buffer->size));
	print_escaped(buffer->exporter, file);
	if (buffer->placement[0])
		fprintf(file, "\\n%s", buffer->placement);
	if (buffer->chunks)
		fprintf(file, ", chunks: %u", buffer->chunks);
	if (buffer->pins || buffer->moves)
		fprintf(file, "\\npins: %u, moves: %u", buffer->pins, buffer->moves);
	for (unsigned int i = 0; i < buffer->dmabuf_count; i++)
		fprintf(file, "\\ndma-buf %" PRIu64, buffer->dmabufs[i].inode);
	if (pending)
		fprintf(file, "\\npending fences: %u", pending);
	fputs("\" shape=box style=rounded]\n", file);
}

/* Edges are drawn device -> buffer. */
static const char *arrow(const struct use *use)
{
	if (!use->mapped)
		return "none";
	switch (use->direction) {
	case DIRECTION_READ:
		return "back";
	case DIRECTION_WRITE:
		return "forward";
	default:
		return "both";
	}
}

static void print_use(const struct use *use, unsigned int index, FILE *file)
{
	fputc('\t', file);
	print_node_name("device", use->device, file);
	fprintf(file, " -> buffer%u [dir=%s", index, arrow(use));
	if (use->mapped)
		fprintf(file, " label=\"%s, segments: %u\"", direction_name(use->direction),
			use->segments);
	if (use->own)
		fputs(" style=bold", file);
	if (use->obsolete)
		fputs(" color=red", file);
	fputs("]\n", file);
}

static bool has_own_device(const struct buffer *buffer)
{
	for (unsigned int i = 0; i < buffer->use_count; i++) {
		if (buffer->uses[i].own)
			return true;
	}
	return false;
}

static void print_edges(const struct buffer *buffer, unsigned int index, FILE *file)
{
	for (unsigned int i = 0; i < buffer->use_count; i++)
		print_use(&buffer->uses[i], index, file);
	if (!has_own_device(buffer)) {
		fputc('\t', file);
		print_node_name("driver", buffer->exporter, file);
		fprintf(file, " -> buffer%u [dir=none style=bold]\n", index);
	}
	for (unsigned int i = 0; i < buffer->holder_count; i++) {
		const struct holder *holder = &buffer->holders[i];

		fprintf(file, "\tprocess%d -> buffer%u [dir=none style=dashed", holder->pid, index);
		fprintf(file, " label=\"fds: %u, maps: %u\"]\n", holder->fds, holder->mappings);
	}
}

/* Nodes may be declared several times; the last one counts, and they are all the same. */
static void print_nodes(const struct buffer *buffer, unsigned int index, FILE *file)
{
	print_buffer(buffer, index, file);
	for (unsigned int i = 0; i < buffer->use_count; i++)
		print_box("device", buffer->uses[i].device, "", file);
	if (!has_own_device(buffer))
		print_box("driver", buffer->exporter, " peripheries=2", file);
	for (unsigned int i = 0; i < buffer->holder_count; i++) {
		fprintf(file, "\tprocess%d [label=\"", buffer->holders[i].pid);
		print_escaped(buffer->holders[i].command, file);
		fprintf(file, "\\npid %d\" style=dashed]\n", buffer->holders[i].pid);
	}
}

static void print_refusals(const struct graph *graph, FILE *file)
{
	for (unsigned int i = 0; i < graph->refusals.count; i++) {
		const struct record *record = &graph->refusals.items[i];
		const struct buffer *buffer = graph_find_id(graph, record->buffer);

		if (!buffer)
			continue;
		print_box("device", record->importer, "", file);
		fprintf(file, "\tbuffer%u -> ", (unsigned int)(buffer - graph->buffers));
		print_node_name("device", record->importer, file);
		fputs(" [color=red style=dashed label=\"refused: ", file);
		print_escaped(record->why, file);
		fputs("\"]\n", file);
	}
}

void print_dot(const struct graph *graph, FILE *file)
{
	fputs("digraph bufgraph {\n\trankdir=LR\n"
	      "\tnode [fontname=sans]\n\tedge [fontname=sans fontsize=10]\n", file);
	for (unsigned int i = 0; i < graph->device_count; i++)
		print_box("device", graph->devices[i].name, "", file);
	for (unsigned int i = 0; i < graph->buffer_count; i++) {
		print_nodes(&graph->buffers[i], i, file);
		print_edges(&graph->buffers[i], i, file);
	}
	print_refusals(graph, file);
	fputs("}\n", file);
}
