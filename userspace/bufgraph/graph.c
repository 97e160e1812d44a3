// SPDX-License-Identifier: MIT
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One more zeroed item at the end of an array. */
static void *grow(void *items, unsigned int *count, size_t size)
{
	char *grown = reallocarray(items, *count + 1, size);

	if (!grown) {
		fputs("bufgraph: out of memory\n", stderr);
		exit(1);
	}
	memset(grown + *count * size, 0, size);
	++*count;
	return grown;
}

struct buffer *graph_add_buffer(struct graph *graph)
{
	graph->buffers = grow(graph->buffers, &graph->buffer_count, sizeof(*graph->buffers));
	return &graph->buffers[graph->buffer_count - 1];
}

static bool has_dmabuf(const struct buffer *buffer, uint64_t inode)
{
	for (unsigned int i = 0; i < buffer->dmabuf_count; i++) {
		if (buffer->dmabufs[i].inode == inode)
			return true;
	}
	return false;
}

struct buffer *graph_buffer_of(struct graph *graph, uint64_t inode)
{
	struct buffer *buffer;

	for (unsigned int i = 0; i < graph->buffer_count; i++) {
		if (has_dmabuf(&graph->buffers[i], inode))
			return &graph->buffers[i];
	}
	buffer = graph_add_buffer(graph);
	buffer_dmabuf(buffer, inode);
	return buffer;
}

struct buffer *graph_find_mmap(const struct graph *graph, uint64_t mmap_inode)
{
	for (unsigned int i = 0; i < graph->buffer_count; i++) {
		if (mmap_inode && graph->buffers[i].mmap_inode == mmap_inode)
			return &graph->buffers[i];
	}
	return NULL;
}

const struct buffer *graph_find_id(const struct graph *graph, uint64_t id)
{
	for (unsigned int i = 0; i < graph->buffer_count; i++) {
		if (id && graph->buffers[i].id == id)
			return &graph->buffers[i];
	}
	return NULL;
}

struct device *graph_add_device(struct graph *graph)
{
	graph->devices = grow(graph->devices, &graph->device_count, sizeof(*graph->devices));
	return &graph->devices[graph->device_count - 1];
}

struct record *records_add(struct records *records)
{
	records->items = grow(records->items, &records->count, sizeof(*records->items));
	return &records->items[records->count - 1];
}

struct dmabuf *buffer_dmabuf(struct buffer *buffer, uint64_t inode)
{
	struct dmabuf *dmabuf;

	for (unsigned int i = 0; i < buffer->dmabuf_count; i++) {
		if (buffer->dmabufs[i].inode == inode)
			return &buffer->dmabufs[i];
	}
	buffer->dmabufs = grow(buffer->dmabufs, &buffer->dmabuf_count, sizeof(*buffer->dmabufs));
	dmabuf = &buffer->dmabufs[buffer->dmabuf_count - 1];
	dmabuf->inode = inode;
	return dmabuf;
}

struct use *buffer_use(struct buffer *buffer, const char *device)
{
	struct use *use;

	for (unsigned int i = 0; i < buffer->use_count; i++) {
		if (!strcmp(buffer->uses[i].device, device))
			return &buffer->uses[i];
	}
	buffer->uses = grow(buffer->uses, &buffer->use_count, sizeof(*buffer->uses));
	use = &buffer->uses[buffer->use_count - 1];
	snprintf(use->device, sizeof(use->device), "%s", device);
	return use;
}

struct holder *buffer_holder(struct buffer *buffer, int pid)
{
	struct holder *holder;

	for (unsigned int i = 0; i < buffer->holder_count; i++) {
		if (buffer->holders[i].pid == pid)
			return &buffer->holders[i];
	}
	buffer->holders = grow(buffer->holders, &buffer->holder_count, sizeof(*buffer->holders));
	holder = &buffer->holders[buffer->holder_count - 1];
	holder->pid = pid;
	return holder;
}

void buffer_add_fence(struct buffer *buffer, const struct fence *fence)
{
	for (unsigned int i = 0; i < buffer->fence_count; i++) {
		const struct fence *have = &buffer->fences[i];

		if (have->context == fence->context && have->seqno == fence->seqno)
			return;
	}
	buffer->fences = grow(buffer->fences, &buffer->fence_count, sizeof(*buffer->fences));
	buffer->fences[buffer->fence_count - 1] = *fence;
}

unsigned int buffer_pending_fences(const struct buffer *buffer)
{
	unsigned int pending = 0;

	for (unsigned int i = 0; i < buffer->fence_count; i++)
		pending += !buffer->fences[i].signalled;
	return pending;
}

uint64_t graph_bytes(const struct graph *graph)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < graph->buffer_count; i++)
		bytes += graph->buffers[i].size;
	return bytes;
}

static bool held_before(const struct graph *graph, unsigned int end, int pid)
{
	for (unsigned int i = 0; i < end; i++) {
		for (unsigned int j = 0; j < graph->buffers[i].holder_count; j++) {
			if (graph->buffers[i].holders[j].pid == pid)
				return true;
		}
	}
	return false;
}

unsigned int graph_process_count(const struct graph *graph)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < graph->buffer_count; i++) {
		for (unsigned int j = 0; j < graph->buffers[i].holder_count; j++)
			count += !held_before(graph, i, graph->buffers[i].holders[j].pid);
	}
	return count;
}

const char *direction_name(enum direction direction)
{
	switch (direction) {
	case DIRECTION_READ:
		return "read";
	case DIRECTION_WRITE:
		return "write";
	default:
		return "read-write";
	}
}

static struct share *find_share(struct graph *graph, const char *exporter, const struct use *use)
{
	struct share *share;

	for (unsigned int i = 0; i < graph->share_count; i++) {
		share = &graph->shares[i];
		if (!strcmp(share->exporter, exporter) && !strcmp(share->device, use->device) &&
		    share->own == use->own)
			return share;
	}
	graph->shares = grow(graph->shares, &graph->share_count, sizeof(*graph->shares));
	share = &graph->shares[graph->share_count - 1];
	snprintf(share->exporter, sizeof(share->exporter), "%s", exporter);
	snprintf(share->device, sizeof(share->device), "%s", use->device);
	share->own = use->own;
	return share;
}

void graph_finish(struct graph *graph)
{
	for (unsigned int i = 0; i < graph->buffer_count; i++) {
		const struct buffer *buffer = &graph->buffers[i];

		for (unsigned int j = 0; j < buffer->use_count; j++) {
			struct share *share =
				find_share(graph, buffer->exporter, &buffer->uses[j]);

			share->buffers++;
			share->bytes += buffer->size;
		}
	}
}

void graph_free(struct graph *graph)
{
	for (unsigned int i = 0; i < graph->buffer_count; i++) {
		free(graph->buffers[i].dmabufs);
		free(graph->buffers[i].uses);
		free(graph->buffers[i].holders);
		free(graph->buffers[i].fences);
	}
	free(graph->buffers);
	free(graph->devices);
	free(graph->refusals.items);
	free(graph->faults.items);
	free(graph->shares);
	*graph = (struct graph) { 0 };
}
