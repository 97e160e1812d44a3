/* SPDX-License-Identifier: MIT */
/*
 * camsim's output node, with the single-planar API: frames that a program gives to the camera.
 * What it does as the capture node does is in camera.h.
 */
#ifndef LAB_PRODUCER_H
#define LAB_PRODUCER_H

#include <linux/videodev2.h>
#include <stdint.h>
#include "camera.h"
#include "plug.h"

/* S_FMT; asserts that it is that format and size. @padding: bytes more in each line */
void lab_producer_setup(struct lab_camera *producer, int fd, uint32_t fourcc, uint32_t width,
			uint32_t height, uint32_t padding);
/* The same, 0 or the negative error number */
int lab_producer_try_setup(struct lab_camera *producer, int fd, uint32_t fourcc, uint32_t width,
			   uint32_t height, uint32_t padding);

/*
 * VIDIOC_QBUF of a V4L2_MEMORY_MMAP buffer (@dmabuf: -1) or of a dma-buf, with this timestamp
 * in microseconds; 0 or the negative error number
 */
int lab_producer_queue(const struct lab_camera *producer, uint32_t index, int dmabuf,
		       int64_t timestamp);

/* What debugfs tells: "queued", "shown", "repeated", "dropped", "passed", "broken", "waited" */
long lab_producer_count(const struct lab_plugged *plugged, const char *name);

#endif /* LAB_PRODUCER_H */
