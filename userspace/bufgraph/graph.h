/* SPDX-License-Identifier: MIT */
/*
 * Who shares what with whom, at one moment: what the readers fill and the
 * printers show.
 *
 * Several sources tell about the same buffer; they are joined by the inode
 * numbers of its dma-bufs. What no source told is 0, false or "".
 */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#define NAME_SIZE 64
#define TEXT_SIZE 256

/* As the device sees it; the values of the kernel's enum dma_data_direction. */
enum direction {
	DIRECTION_READ_WRITE,
	DIRECTION_READ,
	DIRECTION_WRITE,
};

/* One dma-buf; a buffer of simbuf's may have none or several. */
struct dmabuf {
	uint64_t inode;
	uint64_t references;	/* of its file, the kernel's own included; 0: not told */
	char name[NAME_SIZE];	/* given by userspace */
};

/* A device at a buffer. */
struct use {
	char device[NAME_SIZE];
	bool attached;
	bool own;		/* of the driver that allocated the buffer */
	bool mapped;
	bool obsolete;		/* what it has mapped is where the buffer was before it moved */
	enum direction direction;	/* while mapped */
	unsigned int segments;		/* while mapped */
	uint64_t page_id;	/* equal: the same pages in the same order; 0: not told */
	unsigned int page_runs;
};

/* A process at a buffer. */
struct holder {
	int pid;
	char command[NAME_SIZE];
	unsigned int fds;
	unsigned int mappings;
};

struct fence {
	char usage[NAME_SIZE];	/* "kernel", "write", "read" */
	uint64_t context;
	uint64_t seqno;
	char timeline[NAME_SIZE];
	char driver[NAME_SIZE];
	bool signalled;
};

struct buffer {
	uint64_t id;		/* simbuf's; 0: simbuf does not know it */
	uint64_t size;
	char exporter[NAME_SIZE];
	char placement[NAME_SIZE];
	char policy[NAME_SIZE];
	uint64_t mmap_inode;	/* what /proc/PID/maps calls simbuf's CPU mappings of it */
	unsigned int chunks;
	unsigned int pins;
	unsigned int moves;
	unsigned int cpu_mappings;
	uint64_t device_read;
	uint64_t device_written;
	uint64_t cpu_copied;
	uint64_t cpu_faulted;

	struct dmabuf *dmabufs;
	unsigned int dmabuf_count;
	struct use *uses;
	unsigned int use_count;
	struct holder *holders;
	unsigned int holder_count;
	struct fence *fences;
	unsigned int fence_count;
};

/* A simulated device. */
struct device {
	char name[NAME_SIZE];
	unsigned int mappings;
	uint64_t mapped_bytes;
	uint64_t faults;
	char model[TEXT_SIZE];	/* KEY=VALUE words, the first is profile= */
};

/* A refusal or a DMA fault. */
struct record {
	char time[NAME_SIZE];	/* SECONDS.MICROSECONDS of CLOCK_MONOTONIC */
	int error;		/* positive errno */
	uint64_t buffer;	/* id, or 0 */
	uint64_t size;
	char exporter[NAME_SIZE];
	char importer[NAME_SIZE];
	char why[TEXT_SIZE];
};

struct records {
	struct record *items;
	unsigned int count;
};

/* Who gives how much to which device. */
struct share {
	char exporter[NAME_SIZE];
	char device[NAME_SIZE];
	bool own;
	unsigned int buffers;
	uint64_t bytes;
};

struct graph {
	bool simbuf;		/* it is loaded and was read */
	bool bufinfo;		/* the kernel's dma_buf debugfs was read */
	struct buffer *buffers;
	unsigned int buffer_count;
	struct device *devices;
	unsigned int device_count;
	struct records refusals;
	struct records faults;
	struct share *shares;	/* computed by graph_finish() */
	unsigned int share_count;
};

struct buffer *graph_add_buffer(struct graph *graph);
/* Finds the buffer that has this dma-buf, or adds one. */
struct buffer *graph_buffer_of(struct graph *graph, uint64_t inode);
struct buffer *graph_find_mmap(const struct graph *graph, uint64_t mmap_inode);
const struct buffer *graph_find_id(const struct graph *graph, uint64_t id);
struct device *graph_add_device(struct graph *graph);
struct record *records_add(struct records *records);

/* These find, or add, what belongs to a buffer. */
struct dmabuf *buffer_dmabuf(struct buffer *buffer, uint64_t inode);
struct use *buffer_use(struct buffer *buffer, const char *device);
struct holder *buffer_holder(struct buffer *buffer, int pid);
/* One fence is in the lists of all dma-bufs of a buffer. */
void buffer_add_fence(struct buffer *buffer, const struct fence *fence);
unsigned int buffer_pending_fences(const struct buffer *buffer);

uint64_t graph_bytes(const struct graph *graph);
unsigned int graph_process_count(const struct graph *graph);
const char *direction_name(enum direction direction);

/* After the last reader. */
void graph_finish(struct graph *graph);
void graph_free(struct graph *graph);

#endif
