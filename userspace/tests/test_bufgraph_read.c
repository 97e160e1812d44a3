// SPDX-License-Identifier: MIT
/*
 * samples/bufgraph is what the kernel said while primepipe --route virtio ran:
 * three buffers of virtio-gpu's for primesim's GPU, four of primesim's for camsim.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../bufgraph/graph.h"
#include "../bufgraph/readers.h"
#include "../bufgraph/text.h"
#include "test.h"

static FILE *sample(const char *name)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), SAMPLES "bufgraph/%s", name);
	file = fopen(path, "r");
	CHECK(file);
	return file;
}

static FILE *memory(const char *text)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	CHECK(file);
	return file;
}

static void read_samples(struct graph *graph, bool simbuf, bool bufinfo)
{
	FILE *file;

	if (simbuf) {
		file = sample("buffers.txt");
		read_simbuf_buffers(graph, file);
		fclose(file);
	}
	if (bufinfo) {
		file = sample("bufinfo.txt");
		read_bufinfo(graph, file);
		fclose(file);
	}
	graph_finish(graph);
}

static void check_share(const struct share *share, const char *exporter, const char *device,
			bool own, unsigned int buffers)
{
	CHECK(!strcmp(share->exporter, exporter));
	CHECK(!strcmp(share->device, device));
	CHECK(share->own == own);
	CHECK(share->buffers == buffers);
}

static void check_camera_buffer(struct buffer *buffer)
{
	const struct use *camera = buffer_use(buffer, "camsim-000");
	const struct use *gpu = buffer_use(buffer, "primesim-gpu0");

	CHECK(buffer->id == 11 && buffer->size == 118784);
	CHECK(!strcmp(buffer->exporter, "primesim") && !strcmp(buffer->placement, "scattered"));
	CHECK(!strcmp(buffer->policy, "late"));
	CHECK(buffer->chunks == 4 && buffer->pins == 1 && buffer->mmap_inode == 714);
	CHECK(buffer->device_written == 1152000);
	CHECK(buffer->use_count == 2 && buffer->fence_count == 1);
	CHECK(camera->attached && !camera->own && camera->mapped && !camera->obsolete);
	CHECK(camera->direction == DIRECTION_WRITE && camera->segments == 1);
	CHECK(gpu->own && gpu->direction == DIRECTION_READ_WRITE);
	CHECK(gpu->page_id == 0x0ccc4c081e14d703 && gpu->page_id == camera->page_id);
}

static void both_sources_tell_of_the_same_buffers(void)
{
	struct graph graph = { 0 };

	read_samples(&graph, true, true);
	CHECK(graph.simbuf && graph.bufinfo && graph.buffer_count == 7);
	CHECK(graph_bytes(&graph) == 1396736);
	for (unsigned int i = 0; i < graph.buffer_count; i++) {
		CHECK(graph.buffers[i].dmabuf_count == 1);
		CHECK(graph.buffers[i].dmabufs[0].references == (i < 3 ? 8 : 5));
		CHECK(!graph.buffers[i].dmabufs[0].name[0]);
	}
	CHECK(!strcmp(graph.buffers[0].placement, "foreign") && !graph.buffers[0].policy[0]);
	check_camera_buffer(&graph.buffers[3]);
	CHECK(graph_find_id(&graph, 11) == &graph.buffers[3] && !graph_find_id(&graph, 0));
	CHECK(graph.share_count == 3);
	check_share(&graph.shares[0], "virtio_gpu", "primesim-gpu0", false, 3);
	check_share(&graph.shares[1], "primesim", "camsim-000", false, 4);
	check_share(&graph.shares[2], "primesim", "primesim-gpu0", true, 4);
	graph_free(&graph);
}

static void without_simbuf_the_kernel_tells(void)
{
	struct graph graph = { 0 };
	const struct buffer *first;

	read_samples(&graph, false, true);
	CHECK(!graph.simbuf && graph.buffer_count == 7);
	first = &graph.buffers[0];
	CHECK(!first->id && first->size == 118784 && first->dmabufs[0].inode == 15);
	CHECK(first->fence_count == 1 && !strcmp(first->fences[0].usage, "read"));
	CHECK(first->fences[0].context == 10 && first->fences[0].seqno == 30);
	CHECK(first->use_count == 1 && first->uses[0].attached && !first->uses[0].mapped);
	CHECK(graph.share_count == 2);
	check_share(&graph.shares[0], "primesim", "camsim-000", false, 4);
	graph_free(&graph);
}

static void devices_and_their_models(void)
{
	struct graph graph = { 0 };
	FILE *file = sample("devices.txt");

	read_simbuf_devices(&graph, file);
	fclose(file);
	CHECK(graph.device_count == 3);
	CHECK(!strcmp(graph.devices[2].name, "camsim-000") && graph.devices[2].mappings == 4);
	CHECK(!strncmp(graph.devices[2].model, "profile=ideal iommu=1 ", 22));
	graph_free(&graph);
}

static void fences_pending_and_done(void)
{
	struct buffer buffer = { 0 };
	struct graph graph = { .buffers = NULL };

	CHECK(text_fence(&buffer, "\twrite fence:7:3 ring of a name primesim unsignalled"));
	CHECK(text_fence(&buffer, "\tread fence:7:2   signalled"));
	CHECK(text_fence(&buffer, "\twrite fence:7:3 ring of a name primesim unsignalled"));
	CHECK(!text_fence(&buffer, "\tcamsim-000"));
	CHECK(buffer.fence_count == 2 && buffer_pending_fences(&buffer) == 1);
	CHECK(!strcmp(buffer.fences[0].timeline, "ring of a name"));
	CHECK(!strcmp(buffer.fences[0].driver, "primesim"));
	CHECK(!buffer.fences[1].timeline[0] && buffer.fences[1].signalled);
	free(buffer.fences);
	graph_free(&graph);
}

static void moved_buffer(void)
{
	struct graph graph = { 0 };
	FILE *file = memory("buffer 5 exporter=primesim size=4096 placement=low moves=2\n"
			    "  dmabuf inode=8\n  dmabuf inode=9\n"
			    "  mapped a dir=1 segments=3 obsolete\n  mapped a dir=2 segments=1\n"
			    "  mapped b dir=0 segments=7 obsolete\n");

	read_simbuf_buffers(&graph, file);
	fclose(file);
	CHECK(graph_buffer_of(&graph, 8) == graph_buffer_of(&graph, 9));
	CHECK(graph.buffers[0].moves == 2 && graph.buffers[0].use_count == 2);
	CHECK(!graph.buffers[0].uses[0].obsolete && graph.buffers[0].uses[0].segments == 1);
	CHECK(graph.buffers[0].uses[1].obsolete);
	graph_free(&graph);
}

static void refusals(void)
{
	struct records records = { 0 };
	FILE *file = memory("12.000345 errno=-22 buffer=7 size=8192 exporter=drm "
			    "importer=gpu:0: the device takes 1 segments: it has 2\nrubbish\n");

	read_simbuf_records(&records, file);
	fclose(file);
	CHECK(records.count == 2);
	CHECK(!strcmp(records.items[0].time, "12.000345") && records.items[0].error == 22);
	CHECK(records.items[0].buffer == 7 && records.items[0].size == 8192);
	CHECK(!strcmp(records.items[0].importer, "gpu:0"));
	CHECK(!strcmp(records.items[0].why, "the device takes 1 segments: it has 2"));
	CHECK(!records.items[1].buffer && !records.items[1].why[0]);
	free(records.items);
}

/* dma-buf's names are anybody's choice. */
static void hostile_names(void)
{
	struct graph graph = { 0 };
	FILE *file = memory("00004096\t00000002\t02080007\t00000002\tsystem\t00000021\t"
			    "\033[2J\xff\n"
			    "second line\n\tAttached Devices:\n\tvgem\nTotal 1 devices attached\n\n");

	read_bufinfo(&graph, file);
	fclose(file);
	CHECK(graph.buffer_count == 1 && graph.buffers[0].use_count == 1);
	CHECK(!strcmp(graph.buffers[0].dmabufs[0].name, "?[2J?"));
	CHECK(!strcmp(graph.buffers[0].uses[0].device, "vgem"));
	graph_free(&graph);
}

/* Whatever is read, nothing is written where it should not be; best run with -fsanitize=address. */
static void rubbish(void)
{
	static const char *const pieces[] = {
		"buffer ", "  mapped ", "  attached ", "  dmabuf ", "inode=", "dir=",
		"\t", "\n", " ", "18446744073709551616", "-1", "fence:", "write ", "1:2", "Total ",
		"\tAttached Devices:\n", "00001\t1\t1\t1\tx\t7\t", "obsolete", "importer=", ": ",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};

	srand(1);
	for (unsigned int round = 0; round < 2000; round++) {
		struct graph graph = { 0 };
		char text[4096] = "";
		FILE *file;

		for (unsigned int i = 0; i < 40; i++)
			strcat(text, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
		file = memory(text);
		read_simbuf_buffers(&graph, file);
		rewind(file);
		read_bufinfo(&graph, file);
		rewind(file);
		read_simbuf_devices(&graph, file);
		rewind(file);
		read_simbuf_records(&graph.faults, file);
		fclose(file);
		graph_finish(&graph);
		graph_free(&graph);
	}
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CHECK(file && fputs(text, file) >= 0);
	CHECK(!fclose(file));
}

/* A /proc of one process with one dma-buf open twice, and mapped, and a mapping of simbuf's. */
static void make_proc(void)
{
	CHECK(!mkdir("166", 0700) && !mkdir("166/fd", 0700) && !mkdir("166/fdinfo", 0700));
	CHECK(!mkdir("self", 0700) && !mkdir("167", 0700));
	write_file("166/comm", "prime\033pipe\n");
	CHECK(!symlink("/dmabuf:", "166/fd/6") && !symlink("/dmabuf:a name", "166/fd/7"));
	CHECK(!symlink("/dev/null", "166/fd/8"));
	for (int fd = 6; fd <= 7; fd++) {
		char path[32];

		snprintf(path, sizeof(path), "166/fdinfo/%d", fd);
		write_file(path, "pos:\t0\nflags:\t02000002\nmnt_id:\t14\nino:\t12\n"
			   "size:\t118784\ncount:\t5\nexp_name:\tprimesim\nname:\ta name\n");
	}
	write_file("166/maps",
		   "7f0f06fce000-7f0f07019000 r--s 00000000 00:22 716                        /simbuf (deleted)\n"
		   "7f0f07019000-7f0f07064000 r--s 00000000 00:0c 12                         /dmabuf:a name\n"
		   "7f0f0744c000-7f0f07450000 r--p 00000000 00:00 0                          [vvar]\n"
		   "7f0f070af000-7f0f070b2000 rw-p 00000000 00:00 0 \n");
}

static void remove_proc(const char *dir)
{
	char command[64];

	CHECK(!chdir("/"));
	snprintf(command, sizeof(command), "rm -r %s", dir);
	CHECK(!system(command));
}

static void processes(void)
{
	char dir[] = "/tmp/bufgraph-XXXXXX";
	struct graph graph = { 0 };
	const struct holder *holder;

	read_samples(&graph, true, false);
	CHECK(mkdtemp(dir) && !chdir(dir));
	make_proc();
	read_proc(&graph, dir);
	remove_proc(dir);

	CHECK(graph.buffer_count == 7 && graph_process_count(&graph) == 1);
	CHECK(graph.buffers[3].holder_count == 1 && graph.buffers[4].holder_count == 1);
	holder = &graph.buffers[3].holders[0];
	CHECK(holder->pid == 166 && holder->fds == 2 && holder->mappings == 1);
	CHECK(!strcmp(holder->command, "prime?pipe"));
	CHECK(graph.buffers[3].dmabufs[0].references == 5);
	CHECK(!strcmp(graph.buffers[3].dmabufs[0].name, "a name"));
	CHECK(!graph.buffers[4].holders[0].fds && graph.buffers[4].holders[0].mappings == 1);
	graph_free(&graph);
}

int main(void)
{
	both_sources_tell_of_the_same_buffers();
	without_simbuf_the_kernel_tells();
	devices_and_their_models();
	fences_pending_and_done();
	moved_buffer();
	refusals();
	hostile_names();
	rubbish();
	processes();
	return 0;
}
