/* SPDX-License-Identifier: MIT */
/*
 * A fence that signals when the test says so.
 *
 * vgem lets userspace attach a fence to a buffer and signal it later. Through the kernel's
 * dma-buf ioctls it becomes a sync_file, and with that a syncobj of any driver. vgem signals
 * by itself after ten seconds.
 */
#ifndef LAB_FENCE_H
#define LAB_FENCE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct lab_fence - a vgem buffer with a fence that has not signalled
 * @vgem: the file.
 * @handle: the buffer.
 * @size: its size.
 * @dmabuf: its dma-buf: with the fence of a device that writes it.
 * @fence: vgem's name for the fence.
 */
struct lab_fence {
	int vgem;
	uint32_t handle;
	uint64_t size;
	int dmabuf;
	uint32_t fence;
};

/* The buffer has room for @width x @height pixels of 32 bits. */
void lab_fence_open(struct lab_fence *fence, uint32_t width, uint32_t height);
void lab_fence_signal(const struct lab_fence *fence);
/* Does not signal: do so before. */
void lab_fence_close(struct lab_fence *fence);

/* A new sync_file of the fence */
int lab_fence_sync_file(const struct lab_fence *fence);
/* A new binary syncobj of another driver that holds the fence */
uint32_t lab_fence_syncobj(const struct lab_fence *fence, int drm);

/* sync_files of a dma-buf: what someone who wants this access (DMA_BUF_SYNC_*) must wait for */
int lab_export_sync_file(int dmabuf, uint32_t access);
/* The fence becomes one of a device that has this access. */
void lab_import_sync_file(int dmabuf, uint32_t access, int sync_file);

/* Whether a sync_file has signalled, or does so within the time */
bool lab_signals(int sync_file, int milliseconds);

/* 0: not signalled, 1: signalled, negative: signalled with this error */
int lab_sync_file_status(int sync_file);

/* Whether a binary syncobj's fence signals within the time */
bool lab_syncobj_signals(int drm, uint32_t syncobj, int milliseconds);

#endif /* LAB_FENCE_H */
