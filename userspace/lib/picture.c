// SPDX-License-Identifier: MIT
#include "picture.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

/* libpng reads and writes B, G, R rows: that is XRGB8888 in memory without its unused byte. */
static void drop_unused(uint8_t *to, const uint8_t *from, uint32_t pixels)
{
	for (uint32_t i = 0; i < pixels; i++, to += 3, from += 4)
		memcpy(to, from, 3);
}

int pp_png_write(const char *path, const struct pp_layout *layout, const void *pixels,
		 struct pp_error *error)
{
	png_image image = {
		.version = PNG_IMAGE_VERSION,
		.width = layout->width,
		.height = layout->height,
		.format = PNG_FORMAT_BGR,
		.flags = PNG_IMAGE_FLAG_FAST,
	};
	uint8_t *rows = malloc((size_t)layout->width * layout->height * 3);
	int written;

	if (!rows)
		return pp_fail(error, ENOMEM, "%s: out of memory", path);
	for (uint32_t y = 0; y < layout->height; y++)
		drop_unused(rows + (size_t)y * layout->width * 3,
			    (const uint8_t *)pixels + (size_t)y * layout->pitches[0],
			    layout->width);
	written = png_image_write_to_file(&image, path, 0, rows, 0, NULL);
	free(rows);
	if (!written)
		return pp_fail(error, EIO, "cannot write %s: %s", path, image.message);
	return 0;
}

int pp_png_read(const char *path, struct pp_layout *layout, void **pixels, struct pp_error *error)
{
	png_image image = { .version = PNG_IMAGE_VERSION };

	if (!png_image_begin_read_from_file(&image, path))
		return pp_fail(error, EIO, "cannot read %s: %s", path, image.message);
	image.format = PNG_FORMAT_BGRA;
	*pixels = malloc(PNG_IMAGE_SIZE(image));
	if (!*pixels) {
		png_image_free(&image);
		return pp_fail(error, ENOMEM, "%s: out of memory", path);
	}
	if (!png_image_finish_read(&image, NULL, *pixels, 0, NULL)) {
		free(*pixels);
		return pp_fail(error, EIO, "cannot read %s: %s", path, image.message);
	}
	pp_layout_init(layout, pp_format_by_name("XRGB8888"), image.width, image.height, 0);
	return 0;
}
