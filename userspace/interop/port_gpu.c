// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "../lib/dmabuf.h"
#include "../lib/fence.h"
#include "../lib/gpu.h"
#include "port.h"

/*
 * The engine copies between the shared buffer and one of its own. That one the CPU
 * always accesses as it should: what is tried is the shared buffer.
 */
struct gpu {
	struct port port;
	struct pp_gpu gpu;
	uint32_t shared;	/* GEM handles */
	uint32_t own;
	int own_dmabuf;
	struct pp_map own_map;
};

/* Waits for the job; its error, if it failed. */
static int wait_for_job(struct gpu *gpu)
{
	uint64_t when;
	int fence, ret;

	if (drmSyncobjExportSyncFile(gpu->gpu.device.fd, gpu->gpu.syncobj, &fence))
		return -errno;
	ret = pp_fence_wait(fence, PORT_WAIT_MS);
	if (!ret)
		ret = pp_fence_signalled_at(fence, &when);
	close(fence);
	return ret;
}

static enum result copy(struct gpu *gpu, uint32_t src, uint32_t dst)
{
	struct drm_primesim_op op = {
		.code = DRM_PRIMESIM_OP_COPY,
		.src.handles = { src },
		.dst.handles = { dst },
		.length = IMAGE_BYTES,
	};
	struct drm_primesim_sync out = { .handle = gpu->gpu.syncobj };
	struct drm_primesim_submit submit = {
		.op_count = 1,
		.op_size = sizeof(op),
		.out_count = 1,
		.ops = (uintptr_t)&op,
		.out_syncs = (uintptr_t)&out,
	};
	int ret;

	if (drmIoctl(gpu->gpu.device.fd, DRM_IOCTL_PRIMESIM_SUBMIT, &submit))
		return outcome_refused(gpu->port.outcome, errno, "PRIMESIM_SUBMIT");
	ret = wait_for_job(gpu);
	return ret ? outcome_error(gpu->port.outcome, ret, "the GPU's job") : RESULT_WORKS;
}

static enum result gpu_write(struct port *port, struct content *content)
{
	struct gpu *gpu = (struct gpu *)port;
	int ret = pp_dmabuf_begin(gpu->own_dmabuf, DMA_BUF_SYNC_WRITE);

	if (!ret) {
		memcpy(gpu->own_map.pixels, port->images->patterns[content->number],
		       IMAGE_BYTES);
		ret = pp_dmabuf_end(gpu->own_dmabuf, DMA_BUF_SYNC_WRITE);
	}
	if (ret)
		return outcome_error(port->outcome, ret, "CPU access to the GPU's own buffer");
	return copy(gpu, gpu->own, gpu->shared);
}

static enum result gpu_read(struct port *port, const struct content *expected)
{
	struct gpu *gpu = (struct gpu *)port;
	enum result result = copy(gpu, gpu->shared, gpu->own);
	int ret;

	if (result != RESULT_WORKS)
		return result;
	ret = pp_dmabuf_begin(gpu->own_dmabuf, DMA_BUF_SYNC_READ);
	if (!ret) {
		result = images_compare(port->images, gpu->own_map.pixels, expected,
					&port->outcome->why);
		ret = pp_dmabuf_end(gpu->own_dmabuf, DMA_BUF_SYNC_READ);
	}
	return ret ? outcome_error(port->outcome, ret, "CPU access to the GPU's own buffer") :
		     result;
}

static enum result gpu_import(struct port *port, int dmabuf)
{
	struct gpu *gpu = (struct gpu *)port;

	if (drmPrimeFDToHandle(gpu->gpu.device.fd, dmabuf, &gpu->shared))
		return outcome_refused(port->outcome, errno, "PRIME_FD_TO_HANDLE");
	return RESULT_WORKS;
}

struct port *gpu_port(const struct port_base *base, const char *path)
{
	struct gpu *gpu = calloc(1, sizeof(*gpu));

	if (!gpu) {
		outcome_error(base->outcome, ENOMEM, "a port");
		return NULL;
	}
	gpu->port = (struct port) {
		.name = "the GPU",
		.images = base->images,
		.outcome = base->outcome,
		.import = gpu_import,
		.write = gpu_write,
		.read = gpu_read,
	};
	if (!pp_gpu_open(&gpu->gpu, path, &base->outcome->why) &&
	    !pp_gpu_create(&gpu->gpu, IMAGE_BYTES, &gpu->own) &&
	    !pp_drm_export(&gpu->gpu.device, gpu->own, &gpu->own_dmabuf) &&
	    !pp_gpu_map(&gpu->gpu, gpu->own, IMAGE_BYTES, &gpu->own_map))
		return &gpu->port;
	free(gpu);
	return NULL;
}
