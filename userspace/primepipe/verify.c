// SPDX-License-Identifier: MIT
#include "verify.h"

#include <stdarg.h>
#include <stdio.h>

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

static void compare(struct pipeline *p, const struct target *target, const struct pp_shown *shown)
{
	const struct frame_record *record = &target->record;
	const struct pp_stamp *stamp = &shown->stamp;

	if (shown->fb_id != target->fb.fb_id)
		stamp_error(p, "frame %u: the display shows framebuffer %u, not %u",
			    record->sequence, shown->fb_id, target->fb.fb_id);
	else if (shown->stamp_status == PP_STAMP_NONE)
		stamp_error(p, "frame %u: no stamp in the picture shown", record->sequence);
	else if (shown->stamp_status == PP_STAMP_DAMAGED)
		stamp_error(p, "frame %u: the stamp in the picture shown is damaged",
			    record->sequence);
	else if (stamp->sequence != record->sequence)
		stamp_error(p, "frame %u: the picture shown is that of frame %u",
			    record->sequence, stamp->sequence);
	else if (stamp->timestamp_ns / NS_PER_US != record->capture.begin / NS_PER_US)
		stamp_error(p, "frame %u: the picture shown is of another time",
			    record->sequence);
}

int verify_shown(struct pipeline *p, struct target *target)
{
	struct pp_shown shown;
	int ret;

	if (!target->memory_checked)
		target->memory_checked = !pp_framebuffer_check_memory(&p->display, &target->fb);
	ret = pp_display_read_shown(&p->display, &target->fb, &target->map, &shown);
	if (ret)
		return ret;
	target->scanout = shown.info;
	p->counters.stamp_read_bytes += shown.bytes_read;
	compare(p, target, &shown);
	return 0;
}
