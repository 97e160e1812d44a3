// SPDX-License-Identifier: MIT
#include <errno.h>

#include "../lib/colorimetry.h"
#include "test.h"

#define FULL	V4L2_QUANTIZATION_FULL_RANGE
#define LIMITED	V4L2_QUANTIZATION_LIM_RANGE

static struct pp_layout layout_of(const char *format)
{
	struct pp_layout layout;

	pp_layout_init(&layout, pp_format_by_name(format), 640, 480, 0);
	return layout;
}

static void encodings(void)
{
	static const struct {
		struct v4l2_pix_format pix;
		enum pp_encoding encoding;
		bool full_range;
	} cases[] = {
		{ { .colorspace = V4L2_COLORSPACE_SMPTE170M }, PP_ENCODING_BT601, false },
		{ { .colorspace = V4L2_COLORSPACE_SRGB }, PP_ENCODING_BT601, false },
		{ { .colorspace = V4L2_COLORSPACE_JPEG }, PP_ENCODING_BT601, true },
		{ { .colorspace = V4L2_COLORSPACE_REC709 }, PP_ENCODING_BT709, false },
		{ { .colorspace = V4L2_COLORSPACE_BT2020 }, PP_ENCODING_BT2020, false },
		{ { .colorspace = V4L2_COLORSPACE_SRGB, .ycbcr_enc = V4L2_YCBCR_ENC_BT2020,
		    .quantization = FULL }, PP_ENCODING_BT2020, true },
		{ { .colorspace = V4L2_COLORSPACE_BT2020, .ycbcr_enc = V4L2_YCBCR_ENC_601 },
		  PP_ENCODING_BT601, false },
		{ { .colorspace = V4L2_COLORSPACE_JPEG, .ycbcr_enc = V4L2_YCBCR_ENC_709,
		    .quantization = LIMITED }, PP_ENCODING_BT709, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pp_layout layout = layout_of("NV12");

		CHECK(!pp_colorimetry_from_v4l2(&layout, &cases[i].pix));
		CHECK(layout.encoding == cases[i].encoding);
		CHECK(layout.full_range == cases[i].full_range);
	}
}

static void refusals(void)
{
	static const struct v4l2_pix_format pixes[] = {
		{ .colorspace = V4L2_COLORSPACE_SMPTE240M },
		{ .colorspace = V4L2_COLORSPACE_BT2020,
		  .ycbcr_enc = V4L2_YCBCR_ENC_BT2020_CONST_LUM },
	};

	for (size_t i = 0; i < sizeof(pixes) / sizeof(pixes[0]); i++) {
		struct pp_layout layout = layout_of("YUYV");

		CHECK(pp_colorimetry_from_v4l2(&layout, &pixes[i]) == -EINVAL);
		layout = layout_of("XRGB8888");
		CHECK(!pp_colorimetry_from_v4l2(&layout, &pixes[i]));
	}
}

int main(void)
{
	encodings();
	refusals();
	return 0;
}
