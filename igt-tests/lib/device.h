/* SPDX-License-Identifier: MIT */
/*
 * Finding and opening the lab's devices. All skip the test when the device is not there; the
 * caller closes what it gets.
 */
#ifndef LAB_DEVICE_H
#define LAB_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

/* DRM drivers by the name that DRM_IOCTL_VERSION tells: "primesim", "virtio_gpu", "vgem" */
int lab_open_primary(const char *driver);
int lab_open_render(const char *driver);

/* camsim's capture node, blocking */
int lab_open_camera(void);
/* The same of another V4L2 driver, such as "vivid" */
int lab_open_video(const char *driver);
/* Whether it is such a node, and not one that frames are given to */
bool lab_is_camera(int fd, const char *driver);

/*
 * A dma-buf of pages that userspace chose: udmabuf's. @size in whole pages.
 */
int lab_udmabuf(size_t size);
/* The same of pages that are not neighbours */
int lab_udmabuf_scattered(size_t size);

/* A dma-buf of a dma-heap, such as "system" */
int lab_dma_heap(const char *heap, size_t size);

#endif /* LAB_DEVICE_H */
