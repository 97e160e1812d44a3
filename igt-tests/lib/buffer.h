/* SPDX-License-Identifier: MIT */
/*
 * Buffers: dumb objects, handles, dma-bufs and their pixels.
 */
#ifndef LAB_BUFFER_H
#define LAB_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct lab_dumb - a dumb buffer, 32 bits per pixel
 * @drm: file that owns the handle.
 * @handle: GEM handle.
 * @width: pixels.
 * @height: lines.
 * @pitch: bytes per line.
 * @size: bytes, as the driver rounded it up.
 */
struct lab_dumb {
	int drm;
	uint32_t handle;
	uint32_t width;
	uint32_t height;
	uint32_t pitch;
	uint64_t size;
};

void lab_dumb_create(struct lab_dumb *dumb, int drm, uint32_t width, uint32_t height);
void lab_dumb_close(struct lab_dumb *dumb);

void lab_close_handle(int drm, uint32_t handle);
/* Whether the file has such a handle: nothing is changed by asking. */
bool lab_handle_is_valid(int drm, uint32_t handle);

/* PRIME, asserting success; flags as for drmPrimeHandleToFD: DRM_CLOEXEC is always set */
int lab_export(int drm, uint32_t handle, uint32_t flags);
uint32_t lab_import(int drm, int dmabuf);
/* The same, but returning 0 or the negative error number */
int lab_try_export(int drm, uint32_t handle, uint32_t flags, int *dmabuf);
int lab_try_import(int drm, int dmabuf, uint32_t *handle);

/* Whether two files are the same dma-buf */
bool lab_same_dmabuf(int a, int b);

/* dma-buf files */
uint64_t lab_dmabuf_size(int dmabuf);
/* mmap() of any file, shared; asserts that it works */
uint32_t *lab_map(int fd, uint64_t size, int prot, uint64_t offset);
/* 0 or the negative error number; leaves nothing mapped */
int lab_try_map(int fd, uint64_t size, int prot, uint64_t offset);
void lab_unmap(const void *pixels, uint64_t size);
/* DMA_BUF_IOCTL_SYNC with DMA_BUF_SYNC_READ and/or _WRITE; begin waits for devices */
void lab_cpu_begin(int dmabuf, uint64_t access);
void lab_cpu_end(int dmabuf, uint64_t access);

/*
 * Write, or check, @size bytes of words that are all different and depend on @seed: through a
 * mapping of the dma-buf, between CPU access brackets.
 */
void lab_write_pattern(int dmabuf, uint64_t size, uint32_t seed);
void lab_check_pattern(int dmabuf, uint64_t size, uint32_t seed);

#endif /* LAB_BUFFER_H */
