// SPDX-License-Identifier: MIT
/* The graph for programs. Documentation/bufgraph.md explains each key. */
#include "print.h"

#include <stdlib.h>
#include <string.h>

#include "../lib/json.h"
#include "graph.h"
#include "readers.h"

static json_object *dmabufs_array(const struct buffer *buffer)
{
	json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < buffer->dmabuf_count; i++) {
		json_object *object = json_object_new_object();

		pp_json_number(object, "inode", buffer->dmabufs[i].inode);
		pp_json_number(object, "references", buffer->dmabufs[i].references);
		pp_json_string(object, "name", buffer->dmabufs[i].name);
		json_object_array_add(array, object);
	}
	return array;
}

static json_object *use_object(const struct use *use)
{
	json_object *object = json_object_new_object();

	pp_json_string(object, "device", use->device);
	pp_json_bool(object, "own", use->own);
	pp_json_bool(object, "attached", use->attached);
	pp_json_bool(object, "mapped", use->mapped);
	if (use->mapped) {
		pp_json_string(object, "direction", direction_name(use->direction));
		pp_json_number(object, "segments", use->segments);
		pp_json_bool(object, "obsolete", use->obsolete);
	}
	if (use->page_id) {
		pp_json_identity(object, "page_id", use->page_id);
		pp_json_number(object, "page_runs", use->page_runs);
	}
	return object;
}

static json_object *uses_array(const struct buffer *buffer)
{
	json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < buffer->use_count; i++)
		json_object_array_add(array, use_object(&buffer->uses[i]));
	return array;
}

static json_object *processes_array(const struct buffer *buffer)
{
	json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < buffer->holder_count; i++) {
		const struct holder *holder = &buffer->holders[i];
		json_object *object = json_object_new_object();

		pp_json_number(object, "pid", (uint64_t)holder->pid);
		pp_json_string(object, "command", holder->command);
		pp_json_number(object, "fds", holder->fds);
		pp_json_number(object, "mappings", holder->mappings);
		json_object_array_add(array, object);
	}
	return array;
}

static json_object *fences_array(const struct buffer *buffer)
{
	json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < buffer->fence_count; i++) {
		const struct fence *fence = &buffer->fences[i];
		json_object *object = json_object_new_object();

		pp_json_string(object, "usage", fence->usage);
		pp_json_number(object, "context", fence->context);
		pp_json_number(object, "seqno", fence->seqno);
		pp_json_string(object, "timeline", fence->timeline);
		pp_json_string(object, "driver", fence->driver);
		pp_json_bool(object, "signalled", fence->signalled);
		json_object_array_add(array, object);
	}
	return array;
}

static void add_simbuf(json_object *object, const struct buffer *buffer)
{
	pp_json_number(object, "id", buffer->id);
	pp_json_string(object, "placement", buffer->placement);
	pp_json_string(object, "policy", buffer->policy);
	pp_json_number(object, "chunks", buffer->chunks);
	pp_json_number(object, "pins", buffer->pins);
	pp_json_number(object, "moves", buffer->moves);
	pp_json_number(object, "cpu_mappings", buffer->cpu_mappings);
	pp_json_number(object, "device_read", buffer->device_read);
	pp_json_number(object, "device_written", buffer->device_written);
	pp_json_number(object, "cpu_copied", buffer->cpu_copied);
	pp_json_number(object, "cpu_faulted", buffer->cpu_faulted);
}

static json_object *buffer_object(const struct buffer *buffer)
{
	json_object *object = json_object_new_object();

	if (buffer->id)
		add_simbuf(object, buffer);
	pp_json_number(object, "size", buffer->size);
	pp_json_string(object, "exporter", buffer->exporter);
	json_object_object_add(object, "dmabufs", dmabufs_array(buffer));
	json_object_object_add(object, "devices", uses_array(buffer));
	json_object_object_add(object, "processes", processes_array(buffer));
	pp_json_number(object, "fences_pending", buffer_pending_fences(buffer));
	json_object_object_add(object, "fences", fences_array(buffer));
	return object;
}

/* KEY=VALUE words, whichever the kernel has; numbers as such. */
static json_object *model_object(const struct device *device)
{
	json_object *object = json_object_new_object();
	char words[TEXT_SIZE], *next = words, *word;

	snprintf(words, sizeof(words), "%s", device->model);
	while ((word = strsep(&next, " "))) {
		char *value = strchr(word, '='), *end;
		uint64_t number;

		if (!value)
			continue;
		*value++ = '\0';
		number = strtoull(value, &end, 10);
		if (end != value && !*end)
			pp_json_number(object, word, number);
		else
			pp_json_string(object, word, value);
	}
	return object;
}

static json_object *device_object(const struct device *device)
{
	json_object *object = json_object_new_object();

	pp_json_string(object, "name", device->name);
	pp_json_number(object, "mappings", device->mappings);
	pp_json_number(object, "mapped_bytes", device->mapped_bytes);
	pp_json_number(object, "faults", device->faults);
	json_object_object_add(object, "model", model_object(device));
	return object;
}

static json_object *share_object(const struct share *share)
{
	json_object *object = json_object_new_object();

	pp_json_string(object, "exporter", share->exporter);
	pp_json_string(object, "device", share->device);
	pp_json_bool(object, "own", share->own);
	pp_json_number(object, "buffers", share->buffers);
	pp_json_number(object, "bytes", share->bytes);
	return object;
}

static json_object *records_array(const struct records *records)
{
	json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < records->count; i++) {
		const struct record *record = &records->items[i];
		const char *name = strerrorname_np(record->error);
		json_object *object = json_object_new_object();

		pp_json_string(object, "time", record->time);
		pp_json_string(object, "errno", name ? name : "");
		pp_json_number(object, "buffer", record->buffer);
		pp_json_number(object, "size", record->size);
		pp_json_string(object, "exporter", record->exporter);
		pp_json_string(object, "importer", record->importer);
		pp_json_string(object, "why", record->why);
		json_object_array_add(array, object);
	}
	return array;
}

static json_object *sources_object(const struct graph *graph)
{
	json_object *object = json_object_new_object();

	pp_json_bool(object, "simbuf", graph->simbuf);
	pp_json_bool(object, "dma_buf", graph->bufinfo);
	return object;
}

static json_object *graph_object(const struct graph *graph)
{
	json_object *buffers = json_object_new_array();
	json_object *shares = json_object_new_array();
	json_object *devices = json_object_new_array();
	json_object *object = json_object_new_object();

	for (unsigned int i = 0; i < graph->buffer_count; i++)
		json_object_array_add(buffers, buffer_object(&graph->buffers[i]));
	for (unsigned int i = 0; i < graph->share_count; i++)
		json_object_array_add(shares, share_object(&graph->shares[i]));
	for (unsigned int i = 0; i < graph->device_count; i++)
		json_object_array_add(devices, device_object(&graph->devices[i]));
	json_object_object_add(object, "sources", sources_object(graph));
	json_object_object_add(object, "buffers", buffers);
	json_object_object_add(object, "shares", shares);
	json_object_object_add(object, "devices", devices);
	return object;
}

void print_json(const struct graph *graph, const struct wanted *wanted, bool pretty, FILE *file)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE |
		    (pretty ? JSON_C_TO_STRING_PRETTY : JSON_C_TO_STRING_PLAIN);
	json_object *object = graph_object(graph);

	if (wanted->refusals)
		json_object_object_add(object, "refusals", records_array(&graph->refusals));
	if (wanted->faults)
		json_object_object_add(object, "faults", records_array(&graph->faults));
	fprintf(file, "%s\n", json_object_to_json_string_ext(object, flags));
	json_object_put(object);
}
