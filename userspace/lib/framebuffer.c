// SPDX-License-Identifier: MIT
#include <drm_fourcc.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "display.h"
#include "error.h"

static int add_framebuffer(struct pp_display *display, struct pp_framebuffer *fb)
{
	uint32_t handles[4] = { 0 };

	for (unsigned int i = 0; i < fb->layout.format->planes; i++)
		handles[i] = fb->handle;
	if (drmModeAddFB2(display->device.fd, fb->layout.width, fb->layout.height,
			  fb->layout.format->drm, handles, fb->layout.pitches, fb->layout.offsets,
			  &fb->fb_id, 0))
		return pp_fail(display->device.error, errno, "%s cannot show %s: %s",
			       display->device.path, fb->layout.format->name, strerror(errno));
	return 0;
}

int pp_framebuffer_create(struct pp_display *display, struct pp_framebuffer *fb)
{
	const drmModeModeInfo *mode = &display->mode;
	uint32_t pitch;
	uint64_t size;
	int ret;

	*fb = (struct pp_framebuffer) { .dmabuf = -1 };
	if (drmModeCreateDumbBuffer(display->device.fd, mode->hdisplay, mode->vdisplay, 32, 0,
				    &fb->handle, &pitch, &size))
		return pp_fail(display->device.error, errno, "%s: cannot allocate %ux%u: %s",
			       display->device.path, mode->hdisplay, mode->vdisplay,
			       strerror(errno));
	pp_layout_init(&fb->layout, pp_format_by_name("XRGB8888"), mode->hdisplay, mode->vdisplay,
		       pitch);
	fb->layout.size = size;
	ret = add_framebuffer(display, fb);
	if (!ret)
		ret = pp_drm_export(&display->device, fb->handle, &fb->dmabuf);
	if (ret)
		pp_framebuffer_destroy(display, fb);
	return ret;
}

int pp_framebuffer_import(struct pp_display *display, const struct pp_layout *layout, int dmabuf,
			  struct pp_framebuffer *fb)
{
	int ret;

	*fb = (struct pp_framebuffer) { .layout = *layout };
	fb->dmabuf = fcntl(dmabuf, F_DUPFD_CLOEXEC, 0);
	if (fb->dmabuf < 0)
		return pp_fail(display->device.error, errno, "no file descriptor for a buffer: %s",
			       strerror(errno));
	ret = pp_drm_import(&display->device, dmabuf, &fb->handle);
	if (!ret)
		ret = add_framebuffer(display, fb);
	if (ret)
		pp_framebuffer_destroy(display, fb);
	return ret;
}

void pp_framebuffer_destroy(struct pp_display *display, struct pp_framebuffer *fb)
{
	if (fb->dmabuf >= 0)
		close(fb->dmabuf);
	if (fb->fb_id)
		drmModeRmFB(display->device.fd, fb->fb_id);
	pp_drm_close_handle(&display->device, fb->handle);
	*fb = (struct pp_framebuffer) { .dmabuf = -1 };
}

/* Identity of the memory of what is shown, found from the framebuffer's number alone. */
static uint64_t identity_of(struct pp_display *display, uint32_t fb_id)
{
	int drm = display->device.fd;
	drmModeFB2Ptr info = drmModeGetFB2(drm, fb_id);
	uint64_t identity = 0;
	int fd;

	if (!info)
		return 0;
	if (info->handles[0] && !drmPrimeHandleToFD(drm, info->handles[0], DRM_CLOEXEC, &fd)) {
		identity = pp_dmabuf_identity(fd);
		close(fd);
	}
	pp_drm_close_handle(&display->device, info->handles[0]);
	drmModeFreeFB2(info);
	return identity;
}

uint32_t pp_display_shown(struct pp_display *display)
{
	drmModePlanePtr plane = drmModeGetPlane(display->device.fd, display->plane_id);
	uint32_t fb_id = plane ? plane->fb_id : 0;

	drmModeFreePlane(plane);
	return fb_id;
}

int pp_framebuffer_check_memory(struct pp_display *display, const struct pp_framebuffer *fb)
{
	uint64_t identity = identity_of(display, fb->fb_id);

	if (!identity || identity != pp_dmabuf_identity(fb->dmabuf))
		return pp_fail(display->device.error, ESTALE,
			       "%s: framebuffer %u is not made of the buffer it was given",
			       display->device.path, fb->fb_id);
	return 0;
}
