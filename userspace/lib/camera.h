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

/**
 * struct pp_camera - an open camera
 * @fd: the camera's own; pp_camera_close() closes it. It polls readable when a frame is there.
 * @path: of the file.
 * @capability: who it is.
 * @layout: of each frame, once pp_camera_set_format() has set it.
 * @fps: frames per second, once pp_camera_set_rate() has set it.
 * @memory: who allocates: V4L2_MEMORY_MMAP the camera, V4L2_MEMORY_DMABUF others.
 * @buffers: number of buffers.
 * @error: of who opened it.
 */
struct pp_camera {
	int fd;
	char path[64];
	struct v4l2_capability capability;
	struct pp_layout layout;
	double fps;
	enum v4l2_memory memory;
	unsigned int buffers;
	struct pp_error *error;
};

/**
 * struct pp_frame - a frame that the camera has finished
 * @index: of the buffer it is in.
 * @sequence: number of the frame; gaps are frames that had no buffer.
 * @timestamp_ns: nanoseconds of CLOCK_MONOTONIC, in whole microseconds.
 * @damaged: the camera says that the content is no good.
 */
struct pp_frame {
	unsigned int index;
	uint32_t sequence;
	uint64_t timestamp_ns;
	bool damaged;
};

/**
 * pp_camera_open - open a camera
 * @camera: out: to be closed by pp_camera_close(), also after a failure.
 * @path: of its node; NULL for the first of camsim. Other drivers' will do, too, if they
 *	have the single-planar API.
 * @error: gets the reason of each failure; must live as long as @camera.
 *
 * Return: 0 or a negative errno.
 */
int pp_camera_open(struct pp_camera *camera, const char *path, struct pp_error *error);

/**
 * pp_camera_open_driver - open the first camera of a driver
 * @camera: out: to be closed by pp_camera_close(), also after a failure.
 * @driver: name, such as "camsim" or "vivid".
 * @error: gets the reason of each failure; must live as long as @camera.
 *
 * Return: 0 or a negative errno, -ENODEV when there is none.
 */
int pp_camera_open_driver(struct pp_camera *camera, const char *driver, struct pp_error *error);

/**
 * pp_camera_close - close a camera
 * @camera: of pp_camera_open() or pp_camera_open_driver(); may be closed already. It stops, and
 *	its buffers are gone.
 */
void pp_camera_close(struct pp_camera *camera);

/**
 * pp_camera_set_format - exactly this format and size
 * @camera: of pp_camera_open().
 * @format: of pp_format_by_name().
 * @width: in pixels.
 * @height: in lines.
 * @pitch: bytes per line of the first plane; 0 for the camera's choice.
 *
 * Leaves in @camera->layout how a frame lies in memory, with its colours.
 *
 * Return: 0; -EINVAL when the camera would take another, with what it would take in the error's
 * text; -EBUSY when another program uses it.
 */
int pp_camera_set_format(struct pp_camera *camera, const struct pp_format *format, uint32_t width,
			 uint32_t height, uint32_t pitch);

/**
 * pp_camera_set_rate - so many frames a second
 * @camera: of pp_camera_open().
 * @fps: frames per second; what the camera can do within 1 % will do.
 *
 * Return: 0 or a negative errno.
 */
int pp_camera_set_rate(struct pp_camera *camera, unsigned int fps);

/**
 * pp_camera_request_buffers - exactly so many buffers
 * @camera: of pp_camera_open(), with its format set.
 * @memory: V4L2_MEMORY_MMAP: the camera allocates them, see pp_camera_export();
 *	V4L2_MEMORY_DMABUF: pp_camera_queue() brings them.
 * @count: how many.
 *
 * Return: 0; a negative errno also when the camera gives another number.
 */
int pp_camera_request_buffers(struct pp_camera *camera, enum v4l2_memory memory,
			      unsigned int count);

/**
 * pp_camera_export - make a dma-buf of one of the camera's buffers (VIDIOC_EXPBUF)
 * @camera: with V4L2_MEMORY_MMAP buffers.
 * @index: of the buffer.
 * @fd: out: a new file descriptor of its dma-buf, owned by the caller.
 *
 * Return: 0 or a negative errno.
 */
int pp_camera_export(struct pp_camera *camera, unsigned int index, int *fd);

/**
 * pp_camera_map - map one of the camera's buffers for the CPU, to read
 * @camera: with V4L2_MEMORY_MMAP buffers.
 * @index: of the buffer.
 * @map: out: to be ended by pp_unmap().
 *
 * Return: 0 or a negative errno.
 */
int pp_camera_map(struct pp_camera *camera, unsigned int index, struct pp_map *map);

/**
 * pp_camera_queue - give the camera a buffer to write the next frame to
 * @camera: of pp_camera_open(), with buffers requested.
 * @index: which of its buffers this is.
 * @fd: the dma-buf, from any device, for V4L2_MEMORY_DMABUF; stays the caller's, who may close
 *	it at once. Ignored for V4L2_MEMORY_MMAP.
 *
 * The camera waits for what other devices still do with the buffer before it writes there: who has
 * queued a job that reads it need not wait for that.
 *
 * Return: 0 or a negative errno, when the camera cannot reach that memory; the kernel says why.
 */
int pp_camera_queue(struct pp_camera *camera, unsigned int index, int fd);

/**
 * pp_camera_dequeue - take a frame that is there
 * @camera: after pp_camera_start().
 * @frame: out: its buffer is the caller's until it is queued again.
 *
 * Return: 1 with a frame; 0 when none is ready: poll @camera->fd for one; or a negative errno,
 * -ENODEV when the camera was removed.
 */
int pp_camera_dequeue(struct pp_camera *camera, struct pp_frame *frame);

/**
 * pp_camera_start - start to make frames
 * @camera: with at least one buffer queued.
 *
 * Return: 0 or a negative errno.
 */
int pp_camera_start(struct pp_camera *camera);

/**
 * pp_camera_stop - stop; buffers that were queued are the caller's again
 * @camera: of pp_camera_open(); may be stopped or closed already.
 */
void pp_camera_stop(struct pp_camera *camera);

/**
 * pp_camera_set_control - set one of the camera's controls
 * @camera: of pp_camera_open().
 * @id: V4L2_CID_*; camsim's own are in linux/camsim.h.
 * @value: what it is to be.
 *
 * Return: 0 or a negative errno.
 */
int pp_camera_set_control(struct pp_camera *camera, uint32_t id, int32_t value);

/**
 * pp_camera_set_early_fences - whether a frame has its fence before it exists
 * @camera: of camsim.
 * @on: whether buffers that are queued from now on carry the fence of the frame that is going to
 *	be written there. Jobs on them can then be queued at once.
 *
 * Return: 0 or a negative errno.
 */
int pp_camera_set_early_fences(struct pp_camera *camera, bool on);

/**
 * pp_camera_buffer_info - what the camera's DMA sees of a buffer
 * @camera: of pp_camera_open().
 * @index: of the buffer, whoever allocated it.
 * @info: out: which pages, in how many pieces, and how many bytes were moved.
 *
 * Return: whether @info was filled; never for cameras that are not camsim's.
 */
bool pp_camera_buffer_info(struct pp_camera *camera, unsigned int index, struct simbuf_info *info);

#endif
