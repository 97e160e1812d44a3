/* SPDX-License-Identifier: MIT */
/* XRGB8888 pictures in PNG files. */
#ifndef PP_PICTURE_H
#define PP_PICTURE_H

#include <stdint.h>

#include "format.h"

struct pp_error;

int pp_png_write(const char *path, const struct pp_layout *layout, const void *pixels,
		 struct pp_error *error);

/* @pixels: allocated for the caller, who frees it. @layout is filled in. */
int pp_png_read(const char *path, struct pp_layout *layout, void **pixels,
		struct pp_error *error);

#endif
