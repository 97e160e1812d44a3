// SPDX-License-Identifier: MIT
#include "colorimetry.h"

#include <errno.h>

static uint32_t encoding_of(const struct v4l2_pix_format *pix)
{
	if (pix->ycbcr_enc == V4L2_YCBCR_ENC_DEFAULT)
		return V4L2_MAP_YCBCR_ENC_DEFAULT(pix->colorspace);
	return pix->ycbcr_enc;
}

static uint32_t range_of(const struct v4l2_pix_format *pix)
{
	if (pix->quantization == V4L2_QUANTIZATION_DEFAULT)
		return V4L2_MAP_QUANTIZATION_DEFAULT(0, pix->colorspace, pix->ycbcr_enc);
	return pix->quantization;
}

int pp_colorimetry_from_v4l2(struct pp_layout *layout, const struct v4l2_pix_format *pix)
{
	enum pp_encoding encoding;

	if (!layout->format->yuv)
		return 0;
	switch (encoding_of(pix)) {
	case V4L2_YCBCR_ENC_601:
		encoding = PP_ENCODING_BT601;
		break;
	case V4L2_YCBCR_ENC_709:
		encoding = PP_ENCODING_BT709;
		break;
	case V4L2_YCBCR_ENC_BT2020:
		encoding = PP_ENCODING_BT2020;
		break;
	default:
		return -EINVAL;
	}
	layout->encoding = encoding;
	layout->full_range = range_of(pix) == V4L2_QUANTIZATION_FULL_RANGE;
	return 0;
}
