// SPDX-License-Identifier: MIT
#include <string.h>

#include "../lib/format.h"
#include "test.h"

static void names(void)
{
	const struct pp_format *format;

	for (unsigned int i = 0; (format = pp_format_at(i)); i++) {
		CHECK(pp_format_by_name(format->name) == format);
		CHECK(pp_format_by_v4l2(format->v4l2) == format);
	}
	CHECK(pp_format_by_name("nv12") == pp_format_by_name("NV12"));
	CHECK(pp_format_by_name("NM12") == pp_format_by_name("NV12M"));
	CHECK(pp_format_by_name("pgAA") == pp_format_by_name("SGRBG10P"));
	CHECK(!pp_format_by_name("PGAA"));
	CHECK(!pp_format_by_name("NV"));
	CHECK(!pp_format_by_v4l2(0));
}

static void layouts(void)
{
	struct pp_layout layout;

	pp_layout_init(&layout, pp_format_by_name("YUYV"), 1280, 720, 0);
	CHECK(layout.pitches[0] == 2560 && layout.size == 1843200);
	pp_layout_init(&layout, pp_format_by_name("XRGB8888"), 640, 480, 4096);
	CHECK(layout.pitches[0] == 4096 && layout.size == 4096 * 480);
	pp_layout_init(&layout, pp_format_by_name("NV12"), 640, 480, 0);
	CHECK(layout.pitches[0] == 640 && layout.pitches[1] == 640);
	CHECK(layout.offsets[1] == 640 * 480 && layout.size == 640 * 480 * 3 / 2);
	pp_layout_init(&layout, pp_format_by_name("NV12"), 640, 480, 704);
	CHECK(layout.pitches[1] == 704 && layout.size == 704 * 480 * 3 / 2);
	pp_layout_init(&layout, pp_format_by_name("YUV420M"), 640, 480, 704);
	CHECK(layout.pitches[0] == 704 && layout.pitches[1] == 352 && layout.pitches[2] == 352);
	CHECK(layout.offsets[1] == 704 * 480 && layout.offsets[2] == 704 * 480 * 5 / 4);
	CHECK(layout.size == 704 * 480 * 3 / 2);
	pp_layout_init(&layout, pp_format_by_name("P010"), 640, 480, 0);
	CHECK(layout.pitches[0] == 1280 && layout.pitches[1] == 1280);
	CHECK(layout.offsets[1] == 1280 * 480 && layout.size == 1280 * 480 * 3 / 2);
	pp_layout_init(&layout, pp_format_by_name("SRGGB10P"), 640, 480, 0);
	CHECK(layout.pitches[0] == 800 && layout.size == 800 * 480);
	/* 161 groups of five bytes, and one that makes it even */
	pp_layout_init(&layout, pp_format_by_name("SRGGB10P"), 642, 480, 0);
	CHECK(layout.pitches[0] == 806 && layout.size == 806 * 480);
}

/* As camsim lays them out: 176x144, bytes of all planes */
static void sizes(void)
{
	static const struct {
		const char *name;
		size_t size;
	} expected[] = {
		{ "XRGB8888", 101376 }, { "YUYV", 50688 }, { "UYVY", 50688 }, { "NV12", 38016 },
		{ "NV21", 38016 }, { "YUV420", 38016 }, { "P010", 76032 }, { "RGB24", 76032 },
		{ "NV12M", 38016 }, { "YUV420M", 38016 }, { "GREY", 25344 }, { "SRGGB8", 25344 },
		{ "SRGGB10", 50688 }, { "SRGGB10P", 31680 }, { "SGRBG8", 25344 },
		{ "SGRBG10", 50688 }, { "SGRBG10P", 31680 }, { "SGBRG8", 25344 },
		{ "SGBRG10", 50688 }, { "SGBRG10P", 31680 }, { "SBGGR8", 25344 },
		{ "SBGGR10", 50688 }, { "SBGGR10P", 31680 },
	};
	struct pp_layout layout;

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		pp_layout_init(&layout, pp_format_by_name(expected[i].name), 176, 144, 0);
		CHECK(layout.size == expected[i].size);
	}
	CHECK(!pp_format_at(sizeof(expected) / sizeof(expected[0])));
}

int main(void)
{
	names();
	layouts();
	sizes();
	return 0;
}
