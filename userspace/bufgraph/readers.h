/* SPDX-License-Identifier: MIT */
/*
 * From where the graph comes. Each reader adds what its source knows to what is
 * there already; simbuf is read first, since it knows which dma-bufs are the
 * same memory.
 */
#ifndef READERS_H
#define READERS_H

#include <stdbool.h>
#include <stdio.h>

struct graph;
struct pp_error;
struct records;

/* read_simbuf.c: the files of /sys/kernel/debug/simbuf */
void read_simbuf_buffers(struct graph *graph, FILE *file);
void read_simbuf_devices(struct graph *graph, FILE *file);
void read_simbuf_records(struct records *records, FILE *file);

/* read_dmabuf.c: /sys/kernel/debug/dma_buf/bufinfo */
void read_bufinfo(struct graph *graph, FILE *file);

/* read_proc.c: which processes have file descriptors and mappings; @proc is "/proc" */
void read_proc(struct graph *graph, const char *proc);

/* sources.c: all of them */
struct wanted {
	bool refusals;
	bool faults;
};

int sources_read(struct graph *graph, const struct wanted *wanted, struct pp_error *error);

#endif
