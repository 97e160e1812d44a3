/* SPDX-License-Identifier: MIT */
/* What V4L2 says about a picture's colours, as GPUs and displays are told. */
#ifndef PP_COLORIMETRY_H
#define PP_COLORIMETRY_H

#include <linux/videodev2.h>

#include "format.h"

/*
 * Sets @layout's encoding and range from @pix, resolving V4L2's defaults. -EINVAL: Y'CbCr of an
 * encoding that no GPU here converts; the layout is as it was.
 */
int pp_colorimetry_from_v4l2(struct pp_layout *layout, const struct v4l2_pix_format *pix);

#endif
