// SPDX-License-Identifier: MIT
/* What the kernel itself tells about every dma-buf, whoever exports it. */
#include "readers.h"

#include <inttypes.h>
#include <string.h>

#include "graph.h"
#include "text.h"

/*
 * "SIZE\tFLAGS\tMODE\tCOUNT\tEXPORTER\tINODE\tNAME", columns padded with zeroes or
 * spaces. NULL when the line is not one of these.
 */
static struct buffer *start_buffer(struct graph *graph, const char *text)
{
	struct buffer *buffer;
	struct dmabuf *dmabuf;
	uint64_t size, count, inode;
	char exporter[NAME_SIZE];
	int end = 0;

	if (sscanf(text, "%" SCNu64 "\t%*x\t%*x\t%" SCNu64 "\t%63[^\t]\t%" SCNu64 "\t%n",
		   &size, &count, exporter, &inode, &end) != 4 || !end)
		return NULL;
	buffer = graph_buffer_of(graph, inode);
	if (!buffer->id) {
		buffer->size = size;
		text_copy(buffer->exporter, sizeof(buffer->exporter), exporter);
	}
	dmabuf = buffer_dmabuf(buffer, inode);
	dmabuf->references = count;
	if (strcmp(text + end, "<none>"))
		text_copy(dmabuf->name, sizeof(dmabuf->name), text + end);
	return buffer;
}

/* @in_devices: below the line that begins the list of devices. */
static void add_detail(struct buffer *buffer, const char *text, bool *in_devices)
{
	if (!strcmp(text, "\tAttached Devices:"))
		*in_devices = true;
	else if (*in_devices)
		buffer_use(buffer, text + 1)->attached = true;
	else if (!buffer->id)		/* simbuf has told its fences already */
		text_fence(buffer, text);
}

void read_bufinfo(struct graph *graph, FILE *file)
{
	struct buffer *buffer = NULL;
	struct line line = { 0 };
	bool in_devices = false;

	graph->bufinfo = true;
	while (line_read(&line, file)) {
		if (buffer && text_after(line.text, "Total "))
			buffer = NULL;
		else if (buffer && line.text[0] == '\t')
			add_detail(buffer, line.text, &in_devices);
		else if (!buffer)	/* else a name with a newline in it goes on */
			buffer = start_buffer(graph, line.text);
		in_devices = in_devices && buffer;
	}
	line_free(&line);
}
