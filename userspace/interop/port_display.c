// SPDX-License-Identifier: MIT
#include <drm_fourcc.h>
#include <errno.h>
#include <stdlib.h>
#include <xf86drm.h>

#include "../lib/display.h"
#include "port.h"

struct display {
	struct port port;
	struct pp_display display;
	struct pp_framebuffer fb;
	bool shown;
};

static enum result display_read(struct port *port, const struct content *expected)
{
	struct display *display = (struct display *)port;
	struct pp_shown shown;
	int ret;

	if (!display->shown) {
		ret = pp_display_enable(&display->display, &display->fb);
		if (ret)
			return outcome_refused(port->outcome, ret, "MODE_ATOMIC");
		display->shown = true;
	}
	ret = pp_display_read_shown(&display->display, &display->fb, NULL, &shown);
	if (ret)
		return outcome_error(port->outcome, ret, NULL);
	if (shown.fb_id != display->fb.fb_id)
		return outcome_error(port->outcome, EIO, "another framebuffer is shown");
	return image_compare_stamp(shown.stamp_status, shown.stamp.sequence, expected,
				   &port->outcome->why);
}

static enum result display_import(struct port *port, int dmabuf)
{
	struct display *display = (struct display *)port;
	uint32_t pitches[4] = { IMAGE_PITCH }, offsets[4] = { 0 }, handles[4] = { 0 };
	int drm = display->display.device.fd;

	if (drmPrimeFDToHandle(drm, dmabuf, &handles[0]))
		return outcome_refused(port->outcome, errno, "PRIME_FD_TO_HANDLE");
	if (drmModeAddFB2(drm, IMAGE_WIDTH, IMAGE_HEIGHT, DRM_FORMAT_XRGB8888, handles, pitches,
			  offsets, &display->fb.fb_id, 0))
		return outcome_refused(port->outcome, errno, "MODE_ADDFB2");
	return RESULT_WORKS;
}

struct port *display_port(const struct port_base *base, const char *path)
{
	struct display *display = calloc(1, sizeof(*display));

	if (!display) {
		outcome_error(base->outcome, ENOMEM, "a port");
		return NULL;
	}
	display->port = (struct port) {
		.name = "the display",
		.images = base->images,
		.outcome = base->outcome,
		.import = display_import,
		.read = display_read,
		.reads_stamp_only = true,
	};
	if (!pp_display_open(&display->display, path, "primesim", &base->outcome->why) &&
	    !pp_display_choose_mode(&display->display, IMAGE_WIDTH, IMAGE_HEIGHT))
		return &display->port;
	free(display);
	return NULL;
}
