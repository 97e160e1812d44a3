/* SPDX-License-Identifier: MIT */
/*
 * What the CPU may do with a buffer: map it, look at it between brackets, copy
 * it. And who is who: two file descriptors with the same identity are the same
 * dma-buf.
 */
#ifndef PP_DMABUF_H
#define PP_DMABUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pp_error;

struct pp_map {
	void *pixels;		/* NULL: not mapped */
	size_t size;
};

/* @offset: 0 for a dma-buf. The file descriptor may be closed afterwards. */
int pp_map(struct pp_map *map, int fd, uint64_t offset, size_t size, bool writable,
	   struct pp_error *error);
void pp_unmap(struct pp_map *map);

/* Brackets around CPU access; they wait for what devices still do with it. */
int pp_dmabuf_begin_read(int fd);
int pp_dmabuf_end_read(int fd);

/* Identity of the dma-buf behind @fd, 0 when it cannot be told. */
uint64_t pp_dmabuf_identity(int fd);

#endif
