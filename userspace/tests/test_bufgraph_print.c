// SPDX-License-Identifier: MIT
#include <json.h>
#include <string.h>

#include "../bufgraph/graph.h"
#include "../bufgraph/print.h"
#include "../bufgraph/readers.h"
#include "test.h"

static const struct wanted everything = { .refusals = true, .faults = true };

/* One buffer, named to break what quotes it, between two devices and a process. */
static void make_graph(struct graph *graph)
{
	struct fence fence = {
		.usage = "write", .context = 1, .seqno = 2, .timeline = "t", .driver = "d",
	};
	struct buffer *buffer = graph_add_buffer(graph);
	struct record *record;
	struct device *device;
	struct use *use;

	graph->simbuf = true;
	*buffer = (struct buffer) { .id = 3, .size = 3584 * 1024, .exporter = "primesim",
				    .placement = "scattered", .chunks = 7, .pins = 1 };
	snprintf(buffer_dmabuf(buffer, 9)->name, NAME_SIZE, "a\"b\\");
	use = buffer_use(buffer, "primesim-gpu0");
	use->own = true;
	use->attached = true;
	use = buffer_use(buffer, "camsim-000");
	*use = (struct use) { .device = "camsim-000", .attached = true, .mapped = true,
			      .direction = DIRECTION_WRITE, .segments = 7, .page_id = UINT64_MAX };
	snprintf(buffer_holder(buffer, 42)->command, NAME_SIZE, "x\"y");
	buffer_add_fence(buffer, &fence);
	device = graph_add_device(graph);
	snprintf(device->name, sizeof(device->name), "camsim-000");
	snprintf(device->model, sizeof(device->model),
		 "profile=ideal iommu=1 boundary=18446744073709551615");
	record = records_add(&graph->refusals);
	*record = (struct record) { .time = "1.5", .error = 22, .buffer = 3, .importer = "display",
				    .why = "\"why\"" };
	graph_finish(graph);
}

static json_object *at(json_object *object, const char *key)
{
	json_object *value;

	CHECK(json_object_object_get_ex(object, key, &value));
	return value;
}

static json_object *first(json_object *object, const char *key)
{
	json_object *value = json_object_array_get_idx(at(object, key), 0);

	CHECK(value);
	return value;
}

static bool is(json_object *object, const char *key, const char *value)
{
	return !strcmp(json_object_get_string(at(object, key)), value);
}

static char *printed(const struct graph *graph, char format)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	CHECK(file);
	switch (format) {
	case 'j':
		print_json(graph, &everything, false, file);
		break;
	case 'd':
		print_dot(graph, file);
		break;
	default:
		print_table(graph, &everything, file);
		break;
	}
	CHECK(!fclose(file));
	return text;
}

static void check_json_buffer(json_object *buffer)
{
	json_object *camera = json_object_array_get_idx(at(buffer, "devices"), 1);

	CHECK(is(buffer, "id", "3") && is(buffer, "size", "3670016"));
	CHECK(is(buffer, "fences_pending", "1"));
	CHECK(is(first(buffer, "dmabufs"), "name", "a\"b\\"));
	CHECK(is(first(buffer, "devices"), "own", "true"));
	CHECK(is(camera, "device", "camsim-000") && is(camera, "direction", "write"));
	CHECK(is(camera, "page_id", "ffffffffffffffff"));
	CHECK(is(first(buffer, "processes"), "command", "x\"y"));
	CHECK(is(first(buffer, "fences"), "signalled", "false"));
}

static void json_has_everything(const struct graph *graph)
{
	char *text = printed(graph, 'j');
	json_object *object = json_tokener_parse(text);

	CHECK(object);
	CHECK(strchr(text, '\n') == text + strlen(text) - 1);
	check_json_buffer(first(object, "buffers"));
	CHECK(is(json_object_array_get_idx(at(object, "shares"), 1), "device", "camsim-000"));
	CHECK(is(at(first(object, "devices"), "model"), "profile", "ideal"));
	CHECK(is(at(first(object, "devices"), "model"), "boundary", "18446744073709551615"));
	CHECK(is(first(object, "refusals"), "errno", "EINVAL"));
	CHECK(!json_object_array_length(at(object, "faults")));
	json_object_put(object);
	free(text);
}

static void dot_quotes(const struct graph *graph)
{
	char *text = printed(graph, 'd');

	CHECK(!strncmp(text, "digraph bufgraph {\n", 19));
	CHECK(!strcmp(text + strlen(text) - 2, "}\n"));
	CHECK(strstr(text, "\"device camsim-000\" -> buffer0 [dir=forward "));
	CHECK(strstr(text, " [dir=forward label=\"write, segments: 7\"]"));
	CHECK(strstr(text, "\"device primesim-gpu0\" -> buffer0 [dir=none style=bold]"));
	CHECK(strstr(text, "label=\"x\\\"y\\npid 42\""));
	CHECK(strstr(text, "buffer0 -> \"device display\" [color=red style=dashed "));
	CHECK(strstr(text, " style=dashed label=\"refused: \\\"why\\\"\"]"));
	CHECK(!strstr(text, "driver primesim"));
	free(text);
}

static void table_lines_up(struct graph *graph)
{
	char *text = printed(graph, 't');

	CHECK(strstr(text, "Buffers: 1 (3.5 MiB), processes: 1; from simbuf, /proc\n"));
	CHECK(strstr(text, "\n#3      9(a\"b\\)  3.5 MiB  primesim  scattered  7 "));
	CHECK(strstr(text, " primesim-gpu0* camsim-000(w:7) "));
	CHECK(strstr(text, "  1.5 EINVAL #3 0 bytes  -> display: \"why\"\n"));
	free(text);

	graph->simbuf = false;
	text = printed(graph, 't');
	CHECK(strstr(text, "\nDMA-BUF  SIZE     EXPORTER  FENCES  DEVICES "));
	free(text);
}

static void empty(void)
{
	struct graph graph = { .bufinfo = true };
	char *text = printed(&graph, 'd');

	CHECK(strstr(text, "}\n"));
	free(text);
	text = printed(&graph, 't');
	CHECK(!strncmp(text, "Buffers: 0 (0 B), processes: 0; from dma_buf, /proc\n", 52));
	free(text);
	text = printed(&graph, 'j');
	CHECK(strstr(text, "\"buffers\":[]"));
	free(text);
}

int main(void)
{
	struct graph graph = { 0 };

	make_graph(&graph);
	json_has_everything(&graph);
	dot_quotes(&graph);
	table_lines_up(&graph);
	graph_free(&graph);
	empty();
	return 0;
}
