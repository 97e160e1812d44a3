/* SPDX-License-Identifier: MIT */
/*
 * camsim through V4L2: formats, queues, frames.
 */
#ifndef LAB_CAMERA_H
#define LAB_CAMERA_H

#include <linux/videodev2.h>
#include <stdbool.h>
#include <stdint.h>

/* Enough for a frame at the slowest rate a test chooses, on a slow machine */
#define LAB_FRAME_MS	10000

/**
 * struct lab_camera - an open node of a camera and its format
 * @fd: the capture node, or the output node (producer.h).
 * @type: V4L2_BUF_TYPE_VIDEO_CAPTURE or V4L2_BUF_TYPE_VIDEO_OUTPUT.
 * @fourcc: V4L2_PIX_FMT_*.
 * @width: pixels.
 * @height: lines.
 * @stride: bytes per line of the first plane.
 * @size: bytes of a frame.
 */
struct lab_camera {
	int fd;
	uint32_t type;
	uint32_t fourcc;
	uint32_t width;
	uint32_t height;
	uint32_t stride;
	uint32_t size;
};

/* Opens and sets the format, 60 frames a second; the test skips when there is no camera. */
void lab_camera_open(struct lab_camera *camera, uint32_t fourcc, uint32_t width, uint32_t height);
/* The same with a node that is open */
void lab_camera_setup(struct lab_camera *camera, int fd, uint32_t fourcc, uint32_t width,
		      uint32_t height);
void lab_camera_close(struct lab_camera *camera);

/* VIDIOC_REQBUFS; asserts that at least so many buffers come. 0 frees them. */
void lab_camera_request(const struct lab_camera *camera, uint32_t memory, uint32_t count);
/* VIDIOC_EXPBUF */
int lab_camera_export(const struct lab_camera *camera, uint32_t index, uint32_t flags);

/*
 * Of the capture node: VIDIOC_QBUF of a V4L2_MEMORY_MMAP buffer, or of a dma-buf; 0 or the
 * negative error number
 */
int lab_camera_queue_own(const struct lab_camera *camera, uint32_t index);
int lab_camera_queue(const struct lab_camera *camera, uint32_t index, int dmabuf);

void lab_camera_start(const struct lab_camera *camera);
/* The same, 0 or the negative error number */
int lab_camera_try_start(const struct lab_camera *camera);
void lab_camera_stop(const struct lab_camera *camera);

/* Waits for a buffer, asserts that it came in time, is of a whole frame and has no error. */
struct v4l2_buffer lab_camera_dequeue(const struct lab_camera *camera, uint32_t memory);

/* The same without asserting more than that something came: 0 or DQBUF's negative error number */
int lab_camera_try_dequeue(const struct lab_camera *camera, uint32_t memory,
			   struct v4l2_buffer *buffer);

/* Controls, asserting success */
void lab_camera_set(const struct lab_camera *camera, uint32_t control, int32_t value);
int32_t lab_camera_get(const struct lab_camera *camera, uint32_t control);

/* A timestamp in microseconds of CLOCK_MONOTONIC */
int64_t lab_camera_time(const struct v4l2_buffer *buffer);

#endif /* LAB_CAMERA_H */
