/* SPDX-License-Identifier: MIT */
/*
 * The camera's stamp, read back from pixels.
 */
#ifndef LAB_STAMP_H
#define LAB_STAMP_H

#include <stdbool.h>
#include "camera.h"
#include "linux/simstamp.h"

/* Reads the stamp of a frame in one of camsim's formats; false when there is no valid one. */
bool lab_stamp_read(const void *frame, const struct lab_camera *format, struct simstamp *stamp);

/* The dma-buf holds the frame that @buffer describes: its stamp, which is returned, says so. */
struct simstamp lab_stamp_check(int dmabuf, const struct lab_camera *format,
				const struct v4l2_buffer *buffer);

#endif /* LAB_STAMP_H */
