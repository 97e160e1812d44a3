// SPDX-License-Identifier: MIT
#include "verify.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_US 1000

__attribute__((format(printf, 2, 3)))
static void stamp_error(struct pipeline *p, const char *format, ...)
{
	va_list args;

	if (!p->counters.stamp_errors++) {
		va_start(args, format);
		vsnprintf(p->counters.first_stamp_error, sizeof(p->counters.first_stamp_error),
			  format, args);
		va_end(args);
	}
}

/* What the display read from its own scan-out. */
static int read_scanout(struct pipeline *p, struct target *target, enum simstamp_status *status,
			struct simstamp *stamp, uint32_t *fb_id)
{
	struct drm_primesim_scanout_info info;
	int ret = pp_display_scanout_info(&p->display, &info);

	if (ret)
		return ret;
	target->scanout = info.info;
	*fb_id = info.fb_id;
	*status = info.stamp_status == DRM_PRIMESIM_STAMP_VALID ? SIMSTAMP_VALID :
		  info.stamp_status == DRM_PRIMESIM_STAMP_NONE ? SIMSTAMP_NONE : SIMSTAMP_DAMAGED;
	stamp->sequence = info.stamp_sequence;
	stamp->timestamp = info.stamp_timestamp;
	stamp->camera = (u8)info.stamp_camera;
	return 0;
}

/* For displays that do not tell: a look into the buffer that is shown. */
static int read_pixels(struct pipeline *p, struct target *target, enum simstamp_status *status,
		       struct simstamp *stamp, uint32_t *fb_id)
{
	int ret = pp_dmabuf_begin_read(target->fb.dmabuf);

	if (ret)
		return pp_fail(p->error, -ret, "DMA_BUF_IOCTL_SYNC: %s", strerror(-ret));
	*status = pp_stamp_read(&target->fb.layout, target->map.pixels, stamp,
				&p->counters.stamp_read_bytes);
	pp_dmabuf_end_read(target->fb.dmabuf);
	*fb_id = pp_display_shown(&p->display);
	return 0;
}

static void compare(struct pipeline *p, const struct target *target, enum simstamp_status status,
		    const struct simstamp *stamp, uint32_t fb_id)
{
	const struct frame_record *record = &target->record;

	if (fb_id != target->fb.fb_id)
		stamp_error(p, "frame %u: the display shows framebuffer %u, not %u",
			    record->sequence, fb_id, target->fb.fb_id);
	else if (status == SIMSTAMP_NONE)
		stamp_error(p, "frame %u: no stamp in the picture shown", record->sequence);
	else if (status == SIMSTAMP_DAMAGED)
		stamp_error(p, "frame %u: the stamp in the picture shown is damaged",
			    record->sequence);
	else if (stamp->sequence != record->sequence)
		stamp_error(p, "frame %u: the picture shown is that of frame %u",
			    record->sequence, stamp->sequence);
	else if (stamp->timestamp / NS_PER_US != record->capture.begin / NS_PER_US)
		stamp_error(p, "frame %u: the picture shown is of another time",
			    record->sequence);
}

int verify_shown(struct pipeline *p, struct target *target)
{
	enum simstamp_status status = SIMSTAMP_NONE;
	struct simstamp stamp = { 0 };
	uint32_t fb_id = 0;
	int ret;

	if (!target->memory_checked)
		target->memory_checked = !pp_framebuffer_check_memory(&p->display, &target->fb);
	ret = read_scanout(p, target, &status, &stamp, &fb_id);
	if (ret == -ENOTTY)
		ret = read_pixels(p, target, &status, &stamp, &fb_id);
	if (!ret)
		compare(p, target, status, &stamp, fb_id);
	return ret;
}
