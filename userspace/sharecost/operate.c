// SPDX-License-Identifier: MIT
#include "operate.h"

#include <drm_fourcc.h>
#include <errno.h>
#include <string.h>
#include <xf86drm.h>

#include "../lib/error.h"
#include "rows.h"

#define WIDTH		1920
#define HEIGHT		1080
/* Blending reads two pictures and writes one: half of that is the longest copy. */
#define OBJECT_SIZE	((size_t)WIDTH * HEIGHT * 6)
#define REPETITIONS	5

enum { STEP_JOB, STEP_MEMCPY };

/* A format at 8 or 16 bits a sample, in bytes for two pixels of two lines. */
struct layout {
	uint32_t fourcc;
	uint32_t bytes;		/* of a line of the first plane, for each pixel */
	uint32_t planes;	/* besides the first one: with chroma, half of its lines */
	uint32_t chroma;	/* bytes of a line of these, for two pixels */
};

static const struct layout xrgb = { DRM_FORMAT_XRGB8888, 4, 0, 0 };
static const struct layout argb = { DRM_FORMAT_ARGB8888, 4, 0, 0 };
static const struct layout abgr = { DRM_FORMAT_ABGR8888, 4, 0, 0 };
static const struct layout bgr888 = { DRM_FORMAT_BGR888, 3, 0, 0 };
static const struct layout rgb565 = { DRM_FORMAT_RGB565, 2, 0, 0 };
static const struct layout grey = { DRM_FORMAT_R8, 1, 0, 0 };
static const struct layout yuyv = { DRM_FORMAT_YUYV, 2, 0, 0 };
static const struct layout uyvy = { DRM_FORMAT_UYVY, 2, 0, 0 };
static const struct layout nv12 = { DRM_FORMAT_NV12, 1, 1, 2 };
static const struct layout nv21 = { DRM_FORMAT_NV21, 1, 1, 2 };
static const struct layout yuv420 = { DRM_FORMAT_YUV420, 1, 2, 1 };
static const struct layout p010 = { DRM_FORMAT_P010, 2, 1, 4 };

/*
 * One operation of the table.
 *
 * @src, @dst: NULL where it has none.
 * @src_tiled, @dst_tiled: in tiles of 16x16 pixels.
 * @half: the source has half the width and height.
 */
struct task {
	const char *name;
	uint32_t code;
	uint32_t flags;
	const struct layout *src;
	const struct layout *dst;
	bool src_tiled;
	bool dst_tiled;
	bool half;
};

#define BLIT(title, from, to, ...) \
	{ title, DRM_PRIMESIM_OP_BLIT, .src = &(from), .dst = &(to), __VA_ARGS__ }

static const struct task tasks[] = {
	{ "fill XRGB8888", DRM_PRIMESIM_OP_FILL, .dst = &xrgb },
	BLIT("move ARGB8888", argb, argb),
	BLIT("move NV12", nv12, nv12),
	BLIT("YUYV to XRGB8888", yuyv, xrgb),
	BLIT("UYVY to XRGB8888", uyvy, xrgb),
	BLIT("NV12 to XRGB8888", nv12, xrgb),
	BLIT("NV21 to XRGB8888", nv21, xrgb),
	BLIT("YUV420 to XRGB8888", yuv420, xrgb),
	BLIT("P010 to XRGB8888", p010, xrgb),
	BLIT("BGR888 to XRGB8888", bgr888, xrgb),
	BLIT("RGB565 to XRGB8888", rgb565, xrgb),
	BLIT("R8 to XRGB8888", grey, xrgb),
	BLIT("ABGR8888 to ARGB8888", abgr, argb),
	BLIT("XRGB8888 to RGB565", xrgb, rgb565),
	BLIT("XRGB8888 to NV12", xrgb, nv12),
	BLIT("XRGB8888 to YUYV", xrgb, yuyv),
	BLIT("blend premultiplied", argb, argb, .flags = DRM_PRIMESIM_BLIT_PREMULTIPLIED),
	BLIT("blend straight", argb, argb, .flags = DRM_PRIMESIM_BLIT_STRAIGHT),
	BLIT("turn by 90", argb, argb, .flags = DRM_PRIMESIM_BLIT_ROTATE_90),
	BLIT("turn by 180", argb, argb, .flags = DRM_PRIMESIM_BLIT_ROTATE_180),
	BLIT("double, nearest", argb, argb, .half = true),
	BLIT("double, bilinear", argb, argb, .half = true, .flags = DRM_PRIMESIM_BLIT_BILINEAR),
	BLIT("tile ARGB8888", argb, argb, .dst_tiled = true),
	BLIT("detile ARGB8888", argb, argb, .src_tiled = true),
	{ "checksum XRGB8888", DRM_PRIMESIM_OP_CHECKSUM, .src = &xrgb },
};

static void describe(struct drm_primesim_surface *surface, struct drm_primesim_rect *rect,
		     const struct layout *layout, uint32_t handle, bool tiled, uint32_t width,
		     uint32_t height)
{
	rect->width = width;
	rect->height = height;
	surface->width = width;
	surface->height = height;
	surface->format = layout->fourcc;
	surface->modifier = tiled ? DRM_FORMAT_MOD_GENERIC_16_16_TILE : DRM_FORMAT_MOD_LINEAR;
	for (uint32_t i = 0; i <= layout->planes; i++) {
		surface->handles[i] = handle;
		surface->pitches[i] = i ? width / 2 * layout->chroma : width * layout->bytes;
		if (i)
			surface->offsets[i] = surface->offsets[i - 1] +
				surface->pitches[i - 1] * height / (i > 1 ? 2 : 1);
	}
}

static size_t picture_bytes(const struct layout *layout, bool half)
{
	size_t pixels = (size_t)WIDTH * HEIGHT / (half ? 4 : 1);

	return pixels * layout->bytes + pixels / 4 * layout->planes * layout->chroma;
}

/* Bytes read and written, halved: what a copy with as many has for its length. */
static size_t copy_length(const struct task *task)
{
	size_t bytes = 0;

	if (task->src)
		bytes += picture_bytes(task->src, task->half);
	if (task->dst)
		bytes += picture_bytes(task->dst, false);
	if (task->flags & (DRM_PRIMESIM_BLIT_PREMULTIPLIED | DRM_PRIMESIM_BLIT_STRAIGHT))
		bytes += picture_bytes(task->dst, false);
	return bytes / 2;
}

/* Times one job, from SUBMIT until its fence has signalled. */
static int time_job(struct pp_gpu *gpu, const struct drm_primesim_op *op, struct operation *row,
		    unsigned int step)
{
	struct drm_primesim_sync out = { .handle = gpu->syncobj };
	struct drm_primesim_submit submit = {
		.op_count = 1, .op_size = sizeof(*op), .out_count = 1,
		.ops = (uintptr_t)op, .out_syncs = (uintptr_t)&out,
	};
	uint64_t start = pp_now_ns();

	if (drmIoctl(gpu->device.fd, DRM_IOCTL_PRIMESIM_SUBMIT, &submit))
		return pp_fail(gpu->device.error, errno, "SUBMIT of %s: %s", row->exporter,
			       strerror(errno));
	if (drmSyncobjWait(gpu->device.fd, &gpu->syncobj, 1, INT64_MAX, 0, NULL))
		return pp_fail(gpu->device.error, errno, "waiting for a job: %s", strerror(errno));
	operation_step(row, step, start);
	return 0;
}

static int measure_task(struct pp_gpu *gpu, const struct task *task, uint32_t src, uint32_t dst)
{
	struct operation row = {
		.table = "operation", .driver = "primesim", .exporter = task->name,
		.size = copy_length(task), .steps = { "job", "memcpy" },
	};
	struct drm_primesim_op copy = {
		.code = DRM_PRIMESIM_OP_COPY, .length = row.size,
		.src.handles = { src }, .dst.handles = { dst },
	};
	struct drm_primesim_op op = { .code = task->code, .flags = task->flags };
	bool turned = task->flags & DRM_PRIMESIM_BLIT_ROTATE_90;
	uint32_t divide = task->half ? 2 : 1;
	int ret = 0;

	if (task->src)
		describe(&op.src, &op.src_rect, task->src, src, task->src_tiled, WIDTH / divide,
			 HEIGHT / divide);
	if (task->dst)
		describe(&op.dst, &op.dst_rect, task->dst, dst, task->dst_tiled,
			 turned ? HEIGHT : WIDTH, turned ? WIDTH : HEIGHT);
	else
		op.dst.handles[0] = dst;
	for (unsigned int i = 0; i < REPETITIONS && !ret; i++) {
		ret = time_job(gpu, &op, &row, STEP_JOB);
		if (!ret)
			ret = time_job(gpu, &copy, &row, STEP_MEMCPY);
	}
	operation_print(&row);
	return ret;
}

int measure_operations(struct cost_lab *lab)
{
	struct pp_gpu *gpu = &lab->gpu;
	uint32_t src, dst;
	int ret = pp_gpu_create(gpu, OBJECT_SIZE, &src);

	if (ret)
		return ret;
	ret = pp_gpu_create(gpu, OBJECT_SIZE, &dst);
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]) && !ret; i++)
		ret = measure_task(gpu, &tasks[i], src, dst);
	if (!ret)
		pp_drm_close_handle(&gpu->device, dst);
	pp_drm_close_handle(&gpu->device, src);
	return ret;
}
