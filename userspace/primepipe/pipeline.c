// SPDX-License-Identifier: MIT
#include "pipeline.h"

#include <errno.h>
#include <unistd.h>

#include "early.h"

#define CAMERA_BUFFERS 4
/* One shown, one on its way to the screen, one being written. */
#define DISPLAY_BUFFERS 3
/* Without a GPU both in one: one shown, one on its way, the others with the camera. */
#define DIRECT_BUFFERS 5

static int open_devices(struct pipeline *p)
{
	const struct options *options = p->options;
	int ret;

	ret = pp_camera_open(&p->camera, options->camera, p->error);
	if (!ret && route_converts(p->route))
		ret = pp_gpu_open(&p->gpu, options->gpu, p->error);
	if (!ret)
		ret = pp_display_open(&p->display, options->display, p->route->display_driver,
				      p->error);
	return ret;
}

static int choose_mode(struct pipeline *p)
{
	const drmModeModeInfo *mode = &p->display.mode;
	int ret;

	ret = pp_display_choose_mode(&p->display, p->options->width, p->options->height);
	if (ret || route_converts(p->route))
		return ret;
	if (mode->hdisplay != p->options->width || mode->vdisplay != p->options->height)
		return pp_fail(p->error, EINVAL,
			       "%s has no mode %ux%u, and --route direct cannot scale; try --size %ux%u",
			       p->display.device.path, p->options->width, p->options->height,
			       mode->hdisplay, mode->vdisplay);
	return 0;
}

static int create_target(struct pipeline *p, struct target *target)
{
	int ret = pp_framebuffer_create(&p->display, &target->fb);

	if (ret)
		return ret;
	if (route_converts(p->route) && !p->options->copy)
		ret = pp_drm_import(&p->gpu.device, target->fb.dmabuf, &target->gpu_handle);
	if (ret)
		return ret;
	return pp_map_fd(&target->map, target->fb.dmabuf, 0, target->fb.layout.size,
			 p->options->copy, p->error);
}

static int create_targets(struct pipeline *p)
{
	unsigned int wanted = pipeline_is_direct(p) ? DIRECT_BUFFERS : DISPLAY_BUFFERS;
	int ret = 0;

	while (!ret && p->target_count < wanted) {
		struct target *target = &p->targets[p->target_count++];

		target->fence = -1;
		ret = create_target(p, target);
	}
	return ret;
}

static int configure_camera(struct pipeline *p)
{
	const struct options *options = p->options;
	/* Without a GPU nobody can change how lines lie in memory. */
	uint32_t pitch = route_converts(p->route) ? 0 : p->targets[0].fb.layout.pitches[0];
	int ret;

	ret = pp_camera_set_format(&p->camera, options->format, options->width, options->height,
				   pitch);
	return ret ? ret : pp_camera_set_rate(&p->camera, options->fps);
}

/* The GPU allocates, the camera gets a file descriptor. */
static int create_gpu_source(struct pipeline *p, struct source *source)
{
	int ret = pp_gpu_create(&p->gpu, p->camera.layout.size, &source->gpu_handle);

	return ret ? ret : pp_drm_export(&p->gpu.device, source->gpu_handle, &source->dmabuf);
}

/* The camera allocates, the GPU gets a file descriptor. */
static int create_camera_source(struct pipeline *p, struct source *source, unsigned int index)
{
	int ret = pp_camera_export(&p->camera, index, &source->dmabuf);

	return ret ? ret : pp_drm_import(&p->gpu.device, source->dmabuf, &source->gpu_handle);
}

static int create_source(struct pipeline *p, struct source *source, unsigned int index)
{
	if (p->options->copy)
		return pp_camera_map(&p->camera, index, &source->map);
	switch (p->route->camera_memory) {
	case CAMERA_MEMORY_CAMERA:
		return create_camera_source(p, source, index);
	case CAMERA_MEMORY_GPU:
		return create_gpu_source(p, source);
	default:
		source->dmabuf = p->targets[index].fb.dmabuf;
		return 0;
	}
}

static int create_sources(struct pipeline *p)
{
	bool camera_allocates = p->options->copy || p->route->camera_memory == CAMERA_MEMORY_CAMERA;
	unsigned int wanted = pipeline_is_direct(p) ? DIRECT_BUFFERS : CAMERA_BUFFERS;
	int ret;

	ret = pp_camera_request_buffers(&p->camera,
					camera_allocates ? V4L2_MEMORY_MMAP : V4L2_MEMORY_DMABUF,
					wanted);
	while (!ret && p->source_count < wanted) {
		struct source *source = &p->sources[p->source_count];

		source->dmabuf = -1;
		ret = create_source(p, source, p->source_count++);
	}
	return ret;
}

static int create_staging(struct pipeline *p)
{
	struct staging *staging = &p->staging;
	size_t in_size = p->camera.layout.size;
	size_t out_size = p->targets[0].fb.layout.size;
	int ret;

	if (!p->options->copy || !route_converts(p->route))
		return 0;
	ret = pp_gpu_create(&p->gpu, in_size, &staging->in_handle);
	if (!ret)
		ret = pp_gpu_map(&p->gpu, staging->in_handle, in_size, &staging->in);
	if (!ret)
		ret = pp_gpu_create(&p->gpu, out_size, &staging->out_handle);
	if (!ret)
		ret = pp_gpu_map(&p->gpu, staging->out_handle, out_size, &staging->out);
	return ret;
}

int pipeline_open(struct pipeline *p, const struct options *options, struct pp_error *error)
{
	int ret;

	*p = (struct pipeline) {
		.options = options,
		.route = options->route,
		.error = error,
		.camera.fd = -1,
		.gpu.device.fd = -1,
		.display.device.fd = -1,
	};
	ret = open_devices(p);
	if (!ret)
		ret = choose_mode(p);
	if (!ret)
		ret = create_targets(p);
	if (!ret)
		ret = configure_camera(p);
	if (!ret)
		ret = create_sources(p);
	if (!ret)
		ret = create_staging(p);
	if (!ret)
		ret = early_check(p);
	return ret;
}

struct target *pipeline_target(struct pipeline *p, enum target_state state)
{
	for (unsigned int i = 0; i < p->target_count; i++) {
		if (p->targets[i].state == state)
			return &p->targets[i];
	}
	return NULL;
}

static void close_sources(struct pipeline *p)
{
	for (unsigned int i = 0; i < p->source_count; i++) {
		struct source *source = &p->sources[i];

		pp_unmap(&source->map);
		pp_drm_close_handle(&p->gpu.device, source->gpu_handle);
		if (source->dmabuf >= 0 && !pipeline_is_direct(p))
			close(source->dmabuf);
	}
}

static void close_targets(struct pipeline *p)
{
	for (unsigned int i = 0; i < p->target_count; i++) {
		struct target *target = &p->targets[i];

		if (target->fence >= 0)
			close(target->fence);
		pp_unmap(&target->map);
		pp_drm_close_handle(&p->gpu.device, target->gpu_handle);
		pp_framebuffer_destroy(&p->display, &target->fb);
	}
}

static void free_latency(struct latency *latency)
{
	pp_samples_free(&latency->ready_us);
	pp_samples_free(&latency->flip_us);
}

void pipeline_close(struct pipeline *p)
{
	pp_camera_stop(&p->camera);
	pp_display_restore(&p->display);
	pp_unmap(&p->staging.in);
	pp_unmap(&p->staging.out);
	pp_drm_close_handle(&p->gpu.device, p->staging.in_handle);
	pp_drm_close_handle(&p->gpu.device, p->staging.out_handle);
	close_sources(p);
	close_targets(p);
	free_latency(&p->counters.latency);
	free_latency(&p->counters.early_latency);
	if (p->early)
		pp_camera_set_early_fences(&p->camera, false);
	pp_camera_close(&p->camera);
	pp_gpu_close(&p->gpu);
	pp_display_close(&p->display);
}
