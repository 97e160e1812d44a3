/* SPDX-License-Identifier: MIT */
/*
 * camsim's output node, with the single-planar API: frames that a program gives to the camera.
 */
#ifndef LAB_PRODUCER_H
#define LAB_PRODUCER_H

#include <linux/videodev2.h>
#include <stdint.h>
#include "plug.h"

/**
 * struct lab_producer - an open output node and its format
 * @fd: the node.
 * @fourcc: V4L2_PIX_FMT_*.
 * @width: pixels.
 * @height: lines.
 * @stride: bytes per line of the first plane.
 * @size: bytes of a frame.
 */
struct lab_producer {
	int fd;
	uint32_t fourcc;
	uint32_t width;
	uint32_t height;
	uint32_t stride;
	uint32_t size;
};

/* S_FMT; asserts that it is that format and size. @padding: bytes more in each line */
void lab_producer_setup(struct lab_producer *producer, int fd, uint32_t fourcc, uint32_t width,
			uint32_t height, uint32_t padding);
/* The same, 0 or the negative error number */
int lab_producer_try_setup(struct lab_producer *producer, int fd, uint32_t fourcc, uint32_t width,
			   uint32_t height, uint32_t padding);

void lab_producer_request(const struct lab_producer *producer, uint32_t memory, uint32_t count);
/* VIDIOC_EXPBUF */
int lab_producer_export(const struct lab_producer *producer, uint32_t index);

/*
 * VIDIOC_QBUF of a V4L2_MEMORY_MMAP buffer (@dmabuf: -1) or of a dma-buf, with this timestamp
 * in microseconds; 0 or the negative error number
 */
int lab_producer_queue(const struct lab_producer *producer, uint32_t index, int dmabuf,
		       int64_t timestamp);

/* Waits for a buffer that comes back, and asserts that it has no error. */
struct v4l2_buffer lab_producer_dequeue(const struct lab_producer *producer, uint32_t memory);
/* The same without asserting more than that something came: 0 or DQBUF's negative error number */
int lab_producer_try_dequeue(const struct lab_producer *producer, uint32_t memory,
			     struct v4l2_buffer *buffer);

/* VIDIOC_STREAMON, 0 or the negative error number; VIDIOC_STREAMOFF */
int lab_producer_start(const struct lab_producer *producer);
void lab_producer_stop(const struct lab_producer *producer);

/* What debugfs tells: "queued", "shown", "repeated", "dropped", "passed", "broken", "waited" */
long lab_producer_count(const struct lab_plugged *plugged, const char *name);

#endif /* LAB_PRODUCER_H */
