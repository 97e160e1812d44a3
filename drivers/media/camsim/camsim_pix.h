/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Formats as V4L2 describes them, for both kinds of nodes: all of camsim keeps the
 * multi-planar description.
 */
#ifndef _CAMSIM_PIX_H_
#define _CAMSIM_PIX_H_

#include <linux/types.h>
#include <linux/videodev2.h>

int camsim_pix_read(struct v4l2_pix_format_mplane *pix, const struct v4l2_format *format,
		    bool mplane);
int camsim_pix_write(struct v4l2_format *format, const struct v4l2_pix_format_mplane *pix,
		     bool mplane);

bool camsim_pix_same_picture(const struct v4l2_pix_format_mplane *a,
			     const struct v4l2_pix_format_mplane *b);
void camsim_pix_set_picture(struct v4l2_pix_format_mplane *pix,
			    const struct v4l2_pix_format_mplane *picture);

int camsim_pix_enum(struct v4l2_fmtdesc *desc, bool mplane,
		    const struct v4l2_pix_format_mplane *fixed);
int camsim_pix_enum_sizes(struct v4l2_frmsizeenum *sizes, bool mplane,
			  const struct v4l2_pix_format_mplane *fixed);

#endif /* _CAMSIM_PIX_H_ */
