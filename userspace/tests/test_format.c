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
}

int main(void)
{
	names();
	layouts();
	return 0;
}
