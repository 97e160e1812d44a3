/* SPDX-License-Identifier: MIT */
/* Reading the camera's stamp out of pixels with the CPU. */
#ifndef PP_STAMP_H
#define PP_STAMP_H

#include <linux/simstamp.h>
#include <stddef.h>

#include "format.h"

/*
 * Samples one pixel of each cell. @bytes_read, if not NULL, grows by what was
 * looked at.
 */
enum simstamp_status pp_stamp_read(const struct pp_layout *layout, const void *pixels,
				   struct simstamp *stamp, uint64_t *bytes_read);

#endif
