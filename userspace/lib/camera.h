/* SPDX-License-Identifier: MIT */
/* A V4L2 capture device. */
#ifndef PP_CAMERA_H
#define PP_CAMERA_H

#include <linux/camsim.h>
#include <linux/videodev2.h>
#include <stdbool.h>
#include <stdint.h>

#include "dmabuf.h"
#include "format.h"

struct pp_error;

struct pp_camera {
	int fd;				/* owned; closed by pp_camera_close() */
	char path[64];
	struct v4l2_capability capability;
	struct pp_layout layout;	/* of each frame */
	double fps;
	enum v4l2_memory memory;	/* who allocates: MMAP the camera, DMABUF others */
	unsigned int buffers;
	struct pp_error *error;
};

/* A frame that the camera has finished. */
struct pp_frame {
	unsigned int index;	/* of the buffer it is in */
	uint32_t sequence;
	uint64_t timestamp_ns;	/* CLOCK_MONOTONIC, whole microseconds */
	bool damaged;		/* the camera says that its content is no good */
};

/* @path: NULL for the first camera whose driver is camsim. */
int pp_camera_open(struct pp_camera *camera, const char *path, struct pp_error *error);
void pp_camera_close(struct pp_camera *camera);

/* @pitch: bytes per line of the first plane, 0 for the camera's choice. */
int pp_camera_set_format(struct pp_camera *camera, const struct pp_format *format, uint32_t width,
			 uint32_t height, uint32_t pitch);
int pp_camera_set_rate(struct pp_camera *camera, unsigned int fps);

/* Exactly @count buffers; fails when the camera gives another number. */
int pp_camera_request_buffers(struct pp_camera *camera, enum v4l2_memory memory,
			      unsigned int count);
/* @fd: a new dma-buf file descriptor for a MMAP buffer, owned by the caller. */
int pp_camera_export(struct pp_camera *camera, unsigned int index, int *fd);
int pp_camera_map(struct pp_camera *camera, unsigned int index, struct pp_map *map);

/* @fd: of a DMABUF buffer, stays the caller's; ignored for MMAP buffers. */
int pp_camera_queue(struct pp_camera *camera, unsigned int index, int fd);
/* Returns 1 with a frame, 0 when none is ready. The file descriptor polls readable for one. */
int pp_camera_dequeue(struct pp_camera *camera, struct pp_frame *frame);
int pp_camera_start(struct pp_camera *camera);
void pp_camera_stop(struct pp_camera *camera);

int pp_camera_set_control(struct pp_camera *camera, uint32_t id, int32_t value);
/* Whether frames of buffers that are queued from now on have a fence before they exist. */
int pp_camera_set_early_fences(struct pp_camera *camera, bool on);

/* What the camera's DMA sees; false when the camera is not a camsim. */
bool pp_camera_buffer_info(struct pp_camera *camera, unsigned int index, struct simbuf_info *info);

#endif
