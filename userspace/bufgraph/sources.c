// SPDX-License-Identifier: MIT
#include "readers.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

#include "../lib/error.h"
#include "graph.h"

#define DEBUGFS "/sys/kernel/debug"
#define SIMBUF DEBUGFS "/simbuf/"
#define BUFINFO DEBUGFS "/dma_buf/bufinfo"

/* Which of these it is decides what the user has to do. */
static int no_source(struct pp_error *error)
{
	struct statfs fs;

	if (statfs(DEBUGFS, &fs) || fs.f_type != DEBUGFS_MAGIC)
		return pp_fail(error, ENOENT,
			       "debugfs is not mounted; as root, type: mount -t debugfs none "
			       DEBUGFS);
	return pp_fail(error, ENOENT, "neither " SIMBUF " nor " BUFINFO
		       " is there; load simbuf.ko, or use a kernel with CONFIG_DEBUG_FS and dma-buf");
}

/* NULL without an error when there is no such file. */
static FILE *open_source(const char *path, struct pp_error *error)
{
	FILE *file = fopen(path, "re");

	if (file || errno == ENOENT)
		return file;
	if (errno == EACCES)
		pp_fail(error, errno, "only root may read " DEBUGFS "; type: sudo bufgraph ...");
	else
		pp_fail(error, errno, "cannot read %s: %s", path, strerror(errno));
	return NULL;
}

static int read_devices(struct graph *graph, struct pp_error *error)
{
	FILE *file = open_source(SIMBUF "devices", error);

	if (!file)
		return error->text[0] ? -EIO : 0;
	read_simbuf_devices(graph, file);
	fclose(file);
	return 0;
}

static int read_records(struct records *records, const char *path, struct pp_error *error)
{
	FILE *file = open_source(path, error);

	if (!file && !error->text[0])
		pp_fail(error, ENOENT,
			"%s is not there: only simbuf.ko keeps these records; load it", path);
	if (!file)
		return -EIO;
	read_simbuf_records(records, file);
	fclose(file);
	return 0;
}

/* Files vanish with their module at any time; what could be read is shown. */
static int read_buffers(struct graph *graph, struct pp_error *error)
{
	FILE *simbuf = open_source(SIMBUF "buffers", error);
	FILE *bufinfo = error->text[0] ? NULL : open_source(BUFINFO, error);

	if (simbuf) {
		read_simbuf_buffers(graph, simbuf);
		fclose(simbuf);
	}
	if (bufinfo) {
		read_bufinfo(graph, bufinfo);
		fclose(bufinfo);
	}
	if (error->text[0])
		return -EIO;
	return graph->simbuf || graph->bufinfo ? 0 : no_source(error);
}

int sources_read(struct graph *graph, const struct wanted *wanted, struct pp_error *error)
{
	int ret;

	error->text[0] = '\0';
	ret = read_buffers(graph, error);
	if (!ret)
		ret = read_devices(graph, error);
	if (!ret && wanted->refusals)
		ret = read_records(&graph->refusals, SIMBUF "refusals", error);
	if (!ret && wanted->faults)
		ret = read_records(&graph->faults, SIMBUF "faults", error);
	if (ret)
		return ret;
	read_proc(graph, "/proc");
	graph_finish(graph);
	return 0;
}
