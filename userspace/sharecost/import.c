// SPDX-License-Identifier: MIT
#include "import.h"

#include <drm_fourcc.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "../lib/error.h"

#define OPS_MAX		64
/* Longer than it takes the scheduler to clean up after a job. */
#define SETTLE_US	2000

enum { STEP_IMPORT, STEP_MAP, STEP_CLOSE };
enum { VGEM_STEP_IMPORT, VGEM_STEP_CLOSE };

struct operation import_operation(const char *table, enum importer importer,
				  const char *exporter, size_t size)
{
	if (importer == IMPORTER_VGEM)
		return (struct operation) { .table = table, .driver = "vgem",
			.exporter = exporter, .size = size, .steps = { "import", "close" } };
	return (struct operation) { .table = table, .driver = "primesim",
		.exporter = exporter, .size = size,
		.steps = { "import", "map", "close" } };
}

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

static void step(struct operation *op, unsigned int number, uint64_t start)
{
	if (op)
		operation_step(op, number, start);
}

/* Of the job, what SUBMIT does before it returns. */
static int time_submit(struct pp_gpu *gpu, uint32_t handle, uint64_t *ns)
{
	uint64_t start = pp_now_ns();
	int ret = submit_pixels(gpu, &handle, 1);

	*ns = pp_now_ns() - start;
	return ret ? ret : wait_for_jobs(gpu);
}

/*
 * The first job maps and the next does not; the rest of SUBMIT is the same, but for what
 * comes in between now and then. The median of the differences takes no notice of that.
 */
static int measure_map(struct pp_gpu *gpu, uint32_t handle, struct operation *op)
{
	uint64_t first, next;
	int ret = time_submit(gpu, handle, &first);

	if (!ret)
		ret = time_submit(gpu, handle, &next);
	if (!ret && op && first > next)
		operation_add(op, STEP_MAP, first - next);
	return ret;
}

static int on_primesim(struct pp_gpu *gpu, int dmabuf, struct operation *op)
{
	uint64_t start = pp_now_ns();
	uint32_t handle;
	int ret = pp_drm_import(&gpu->device, dmabuf, &handle);

	if (ret)
		return ret;
	step(op, STEP_IMPORT, start);
	ret = measure_map(gpu, handle, op);
	start = pp_now_ns();
	pp_drm_close_handle(&gpu->device, handle);
	step(op, STEP_CLOSE, start);
	return ret;
}

static int on_vgem(struct pp_drm_device *vgem, int dmabuf, struct operation *op)
{
	uint64_t start = pp_now_ns();
	uint32_t handle;
	int ret = pp_drm_import(vgem, dmabuf, &handle);

	if (ret)
		return ret;
	step(op, VGEM_STEP_IMPORT, start);
	start = pp_now_ns();
	pp_drm_close_handle(vgem, handle);
	step(op, VGEM_STEP_CLOSE, start);
	return 0;
}

int import_measure(struct cost_lab *lab, enum importer importer, int dmabuf,
		   struct operation *op)
{
	return importer == IMPORTER_VGEM ? on_vgem(&lab->vgem, dmabuf, op) :
					   on_primesim(&lab->gpu, dmabuf, op);
}
