// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/errno.h>
#include <linux/string.h>

#include "camsim_format.h"
#include "camsim_pix.h"

/* Single-planar nodes describe one memory plane in other words. */

static void camsim_pix_from_mplane(struct v4l2_pix_format *pix,
				   const struct v4l2_pix_format_mplane *mp)
{
	*pix = (struct v4l2_pix_format) {
		.width = mp->width,
		.height = mp->height,
		.pixelformat = mp->pixelformat,
		.field = mp->field,
		.bytesperline = mp->plane_fmt[0].bytesperline,
		.sizeimage = mp->plane_fmt[0].sizeimage,
		.colorspace = mp->colorspace,
		.priv = V4L2_PIX_FMT_PRIV_MAGIC,
		.flags = mp->flags,
		.ycbcr_enc = mp->ycbcr_enc,
		.quantization = mp->quantization,
		.xfer_func = mp->xfer_func,
	};
}

static void camsim_pix_to_mplane(const struct v4l2_pix_format *pix,
				 struct v4l2_pix_format_mplane *mp)
{
	*mp = (struct v4l2_pix_format_mplane) {
		.width = pix->width,
		.height = pix->height,
		.pixelformat = pix->pixelformat,
		.field = pix->field,
		.colorspace = pix->colorspace,
		.plane_fmt[0] = {
			.bytesperline = pix->bytesperline,
			.sizeimage = pix->sizeimage,
		},
		.num_planes = 1,
		.flags = pix->flags,
		.ycbcr_enc = pix->ycbcr_enc,
		.quantization = pix->quantization,
		.xfer_func = pix->xfer_func,
	};
}

/**
 * camsim_pix_read - what the argument of a format's ioctl says, of either API
 * @pix: gets it.
 * @format: the argument.
 * @mplane: of a multi-planar node.
 *
 * Return: 0, or -EINVAL when @format is of the API that the node has not.
 */
int camsim_pix_read(struct v4l2_pix_format_mplane *pix, const struct v4l2_format *format,
		    bool mplane)
{
	if (V4L2_TYPE_IS_MULTIPLANAR(format->type) != mplane)
		return -EINVAL;
	if (mplane)
		*pix = format->fmt.pix_mp;
	else
		camsim_pix_to_mplane(&format->fmt.pix, pix);
	return 0;
}

/**
 * camsim_pix_write - answer a format's ioctl, of either API
 * @format: the argument, whose type says what it is to be.
 * @pix: the answer.
 * @mplane: of a multi-planar node.
 *
 * Return: 0, or -EINVAL when @format is of the API that the node has not.
 */
int camsim_pix_write(struct v4l2_format *format, const struct v4l2_pix_format_mplane *pix,
		     bool mplane)
{
	if (V4L2_TYPE_IS_MULTIPLANAR(format->type) != mplane)
		return -EINVAL;
	if (mplane)
		format->fmt.pix_mp = *pix;
	else
		camsim_pix_from_mplane(&format->fmt.pix, pix);
	return 0;
}

/* Whether frames of the one can be handed on as frames of the other. */
bool camsim_pix_same_picture(const struct v4l2_pix_format_mplane *a,
			     const struct v4l2_pix_format_mplane *b)
{
	return a->width == b->width && a->height == b->height && a->pixelformat == b->pixelformat;
}

/**
 * camsim_pix_set_picture - have a format describe another one's picture
 * @pix: a format, to be adjusted afterwards. How its lines lie in memory stays as
 *	it is wanted, unless that was meant for another picture.
 * @picture: whose size, pixel format and colours it gets.
 */
void camsim_pix_set_picture(struct v4l2_pix_format_mplane *pix,
			    const struct v4l2_pix_format_mplane *picture)
{
	if (!camsim_pix_same_picture(pix, picture))
		memset(pix->plane_fmt, 0, sizeof(pix->plane_fmt));
	pix->width = picture->width;
	pix->height = picture->height;
	pix->pixelformat = picture->pixelformat;
	pix->colorspace = picture->colorspace;
	pix->ycbcr_enc = picture->ycbcr_enc;
	pix->quantization = picture->quantization;
	pix->xfer_func = picture->xfer_func;
	pix->flags = V4L2_PIX_FMT_FLAG_SET_CSC;
}

/**
 * camsim_pix_enum - VIDIOC_ENUM_FMT
 * @desc: the ioctl's argument.
 * @mplane: of a multi-planar node.
 * @fixed: the only one there is now, or %NULL.
 *
 * Return: 0, or -EINVAL after the last one.
 */
int camsim_pix_enum(struct v4l2_fmtdesc *desc, bool mplane,
		    const struct v4l2_pix_format_mplane *fixed)
{
	const struct camsim_format *format = camsim_format_by_index(desc->index, mplane);

	if (fixed)
		format = desc->index ? NULL : camsim_format_by_fourcc(fixed->pixelformat, mplane);
	if (!format)
		return -EINVAL;

	desc->pixelformat = format->fourcc;
	return 0;
}

/**
 * camsim_pix_enum_sizes - VIDIOC_ENUM_FRAMESIZES
 * @sizes: the ioctl's argument.
 * @mplane: of a multi-planar node.
 * @fixed: the format that has the only size there is now, or %NULL.
 *
 * Return: 0, or -EINVAL after the last one and for other formats.
 */
int camsim_pix_enum_sizes(struct v4l2_frmsizeenum *sizes, bool mplane,
			  const struct v4l2_pix_format_mplane *fixed)
{
	if (sizes->index || !camsim_format_by_fourcc(sizes->pixel_format, mplane))
		return -EINVAL;

	if (fixed) {
		if (sizes->pixel_format != fixed->pixelformat)
			return -EINVAL;
		sizes->type = V4L2_FRMSIZE_TYPE_DISCRETE;
		sizes->discrete.width = fixed->width;
		sizes->discrete.height = fixed->height;
		return 0;
	}
	sizes->type = V4L2_FRMSIZE_TYPE_STEPWISE;
	sizes->stepwise = (struct v4l2_frmsize_stepwise) {
		.min_width = CAMSIM_MIN_WIDTH,
		.max_width = CAMSIM_MAX_WIDTH,
		.step_width = 2,
		.min_height = CAMSIM_MIN_HEIGHT,
		.max_height = CAMSIM_MAX_HEIGHT,
		.step_height = 2,
	};
	return 0;
}
