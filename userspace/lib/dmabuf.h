/* SPDX-License-Identifier: MIT */
/*
 * What the CPU may do with a buffer: map it, look at it between brackets, copy
 * it. And who is who: two file descriptors with the same identity are the same
 * dma-buf, two mappings with the same page_id the same memory.
 */
#ifndef PP_DMABUF_H
#define PP_DMABUF_H

#include <linux/dma-buf.h>
#include <linux/simbuf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pp_error;

/**
 * struct pp_map - memory of a buffer, as the CPU sees it
 * @pixels: its first byte; NULL: not mapped.
 * @size: in bytes.
 */
struct pp_map {
	void *pixels;
	size_t size;
};

/**
 * pp_map_fd - map a buffer for the CPU
 * @map: out: to be ended by pp_unmap().
 * @fd: a dma-buf, or a device at whose @offset there is a buffer. Stays the
 *	caller's, who may close it at once.
 * @offset: in bytes; 0 for a dma-buf.
 * @size: in bytes.
 * @writable: whether the CPU may write, too.
 * @error: gets the reason of a failure.
 *
 * Return: 0 or a negative errno.
 */
int pp_map_fd(struct pp_map *map, int fd, uint64_t offset, size_t size, bool writable,
	      struct pp_error *error);

/**
 * pp_unmap - end a mapping
 * @map: of pp_map_fd(), or zeroes; may be used again afterwards.
 */
void pp_unmap(struct pp_map *map);

/**
 * pp_dmabuf_begin - begin to look at a mapped dma-buf, or to write it
 * @fd: the dma-buf; stays the caller's.
 * @access: DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE or both, of linux/dma-buf.h.
 *
 * Waits until devices have written it, or, before writing, are done with it, and makes what
 * they wrote visible to the CPU (DMA_BUF_IOCTL_SYNC). Each is followed by pp_dmabuf_end().
 *
 * Return: 0 or a negative errno.
 */
int pp_dmabuf_begin(int fd, uint64_t access);

/**
 * pp_dmabuf_end - end what pp_dmabuf_begin() began
 * @fd: the same dma-buf.
 * @access: the same.
 *
 * What the CPU wrote is visible to devices afterwards.
 *
 * Return: 0 or a negative errno.
 */
int pp_dmabuf_end(int fd, uint64_t access);

/**
 * pp_dmabuf_identity - a number of the dma-buf, the same for all of its file descriptors
 * @fd: the dma-buf; stays the caller's.
 *
 * Return: its inode, unique as long as the dma-buf lives; 0 when it cannot be told.
 */
uint64_t pp_dmabuf_identity(int fd);

/**
 * pp_same_pages - whether two devices reach the same memory
 * @a: what the one says of its mapping, as pp_camera_buffer_info(),
 *	pp_gpu_buffer_info() and pp_display_read_shown() give it.
 * @b: the same of the other.
 *
 * Return: true when both are mapped, to the same physical pages in the same
 * order. This is the proof that nothing was copied between them.
 */
bool pp_same_pages(const struct simbuf_info *a, const struct simbuf_info *b);

#endif
