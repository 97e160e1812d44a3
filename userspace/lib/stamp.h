/* SPDX-License-Identifier: MIT */
/* Reading the camera's stamp out of pixels with the CPU. */
#ifndef PP_STAMP_H
#define PP_STAMP_H

#include <stdint.h>

#include "format.h"

/**
 * struct pp_stamp - what camsim wrote into the picture
 * @sequence: of the frame, as VIDIOC_DQBUF tells it.
 * @timestamp_ns: nanoseconds of CLOCK_MONOTONIC; the frame's own timestamp is the same in whole
 *	microseconds.
 * @camera: number of the camera.
 */
struct pp_stamp {
	uint32_t sequence;
	uint64_t timestamp_ns;
	uint8_t camera;
};

/**
 * enum pp_stamp_status - what was found
 * @PP_STAMP_NONE: no stamp.
 * @PP_STAMP_VALID: a stamp whose checksum is right.
 * @PP_STAMP_DAMAGED: a stamp whose checksum is wrong.
 */
enum pp_stamp_status {
	PP_STAMP_NONE,
	PP_STAMP_VALID,
	PP_STAMP_DAMAGED,
};

/**
 * pp_stamp_read - look for a stamp in a picture
 * @layout: of the picture.
 * @pixels: its first byte, mapped for the CPU.
 * @stamp: out: what it says, when it is valid.
 * @bytes_read: if not NULL, grows by the number of bytes that were looked at: one pixel of
 *	each of the stamp's 128 cells.
 *
 * The stamp survives scaling and conversion: the whole of the camera's picture must be the whole
 * of this one, whatever its size and format.
 *
 * Return: what was found.
 */
enum pp_stamp_status pp_stamp_read(const struct pp_layout *layout, const void *pixels,
				   struct pp_stamp *stamp, uint64_t *bytes_read);

#endif
