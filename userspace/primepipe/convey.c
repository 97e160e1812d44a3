// SPDX-License-Identifier: MIT
#include "convey.h"

#include <errno.h>
#include <string.h>

#include "../lib/fence.h"

#define GPU_TIMEOUT_MS 5000

/* The one place where this program copies pixels. */
static struct span copy(struct pipeline *p, void *to, const void *from, size_t bytes)
{
	struct span span = { .begin = pp_now_ns() };

	memcpy(to, from, bytes);
	p->counters.memcpy_bytes += bytes;
	span.end = pp_now_ns();
	return span;
}

static int convert(struct pipeline *p, uint32_t from, uint32_t to, struct target *target)
{
	target->record.convert.begin = pp_now_ns();
	return pp_gpu_blit(&p->gpu, from, &p->camera.layout, to, &target->fb.layout,
			   &target->fence);
}

static int convert_by_copying(struct pipeline *p, const struct source *source,
			      struct target *target)
{
	struct staging *staging = &p->staging;
	int ret;

	target->record.copy_in = copy(p, staging->in.pixels, source->map.pixels,
				      p->camera.layout.size);
	ret = convert(p, staging->in_handle, staging->out_handle, target);
	if (ret)
		return ret;
	if (pp_fence_wait(target->fence, GPU_TIMEOUT_MS))
		return pp_fail(p->error, ETIME, "%s: a job did not end within %d s",
			       p->gpu.device.path, GPU_TIMEOUT_MS / 1000);
	target->record.copy_out = copy(p, target->map.pixels, staging->out.pixels,
				       target->fb.layout.size);
	return 0;
}

int convey(struct pipeline *p, struct source *source, struct target *target)
{
	if (!p->options->copy)
		return convert(p, source->gpu_handle, target->gpu_handle, target);
	if (route_converts(p->route))
		return convert_by_copying(p, source, target);
	target->record.copy_out = copy(p, target->map.pixels, source->map.pixels,
				       p->camera.layout.size);
	return 0;
}
