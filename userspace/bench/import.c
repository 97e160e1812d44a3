// SPDX-License-Identifier: MIT
#include "import.h"

#include <drm_fourcc.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "../lib/error.h"
#include "../lib/stats.h"

#define OPS_MAX		64
/* Longer than it takes the scheduler to clean up after a job. */
#define SETTLE_US	2000

const char *const import_steps[] = {
	[IMPORT_ATTACH] = "attach",
	[IMPORT_MAP] = "map",
	[IMPORT_CLOSE] = "close",
	[IMPORT_ALL] = "all",
	NULL
};

static void fill_pixel(struct drm_primesim_op *op, uint32_t handle)
{
	*op = (struct drm_primesim_op) {
		.code = DRM_PRIMESIM_OP_FILL,
		.dst = { .format = DRM_FORMAT_XRGB8888, .width = 1, .height = 1,
			 .handles = { handle }, .pitches = { 4 } },
		.dst_rect = { .width = 1, .height = 1 },
	};
}

static int submit_pixels(struct pp_gpu *gpu, const uint32_t *handles, unsigned int count)
{
	struct drm_primesim_op ops[OPS_MAX];
	struct drm_primesim_sync out = { .handle = gpu->syncobj };
	struct drm_primesim_submit submit = {
		.op_count = count, .op_size = sizeof(ops[0]), .out_count = 1,
		.ops = (uintptr_t)ops, .out_syncs = (uintptr_t)&out,
	};

	if (count > OPS_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < count; i++)
		fill_pixel(&ops[i], handles[i]);
	if (drmIoctl(gpu->device.fd, DRM_IOCTL_PRIMESIM_SUBMIT, &submit))
		return pp_fail(gpu->device.error, errno, "SUBMIT: %s", strerror(errno));
	return 0;
}

/* The scheduler still cleans up when the fence has signalled. */
static int wait_for_jobs(struct pp_gpu *gpu)
{
	if (drmSyncobjWait(gpu->device.fd, &gpu->syncobj, 1, INT64_MAX, 0, NULL))
		return pp_fail(gpu->device.error, errno, "waiting for a job: %s", strerror(errno));
	usleep(SETTLE_US);
	return 0;
}

int import_use(struct pp_gpu *gpu, const uint32_t *handles, unsigned int count)
{
	int ret = submit_pixels(gpu, handles, count);

	return ret ? ret : wait_for_jobs(gpu);
}

/* Of the job, what SUBMIT does before it returns. */
static int time_submit(struct pp_gpu *gpu, uint32_t handle, uint64_t *ns)
{
	uint64_t start = pp_now_ns();
	int ret = submit_pixels(gpu, &handle, 1);

	*ns = pp_now_ns() - start;
	return ret ? ret : wait_for_jobs(gpu);
}

/* The first job maps and the next does not; the rest of SUBMIT is the same. */
static int measure_map(struct pp_gpu *gpu, uint32_t handle, uint64_t *ns)
{
	uint64_t first, next;
	int ret = time_submit(gpu, handle, &first);

	if (!ret)
		ret = time_submit(gpu, handle, &next);
	if (!ret)
		*ns = first > next ? first - next : 0;
	return ret;
}

int import_measure(void *context, uint64_t *values)
{
	const struct import *import = context;
	struct pp_gpu *gpu = import->gpu;
	uint64_t start = pp_now_ns();
	uint32_t handle;
	int ret = pp_drm_import(&gpu->device, import->dmabuf, &handle);

	if (ret)
		return ret;
	values[IMPORT_ATTACH] = pp_now_ns() - start;
	ret = measure_map(gpu, handle, &values[IMPORT_MAP]);
	start = pp_now_ns();
	pp_drm_close_handle(&gpu->device, handle);
	values[IMPORT_CLOSE] = pp_now_ns() - start;
	values[IMPORT_ALL] = values[IMPORT_ATTACH] + values[IMPORT_MAP] + values[IMPORT_CLOSE];
	return ret;
}

int import_count_pieces(void *context, uint64_t *values)
{
	const struct import *import = context;
	struct pp_gpu *gpu = import->gpu;
	struct simbuf_info info;
	uint32_t handle;
	int ret = pp_drm_import(&gpu->device, import->dmabuf, &handle);

	if (ret)
		return ret;
	ret = import_use(gpu, &handle, 1);
	if (!ret && !pp_gpu_buffer_info(gpu, handle, &info))
		ret = pp_fail(gpu->device.error, EIO, "%s does not describe its mapping",
			      gpu->device.path);
	if (!ret)
		values[0] = info.page_runs;
	pp_drm_close_handle(&gpu->device, handle);
	return ret;
}
