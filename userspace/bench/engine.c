// SPDX-License-Identifier: MIT
/*
 * Operations of the GPU on pictures of 1920x1080, from SUBMIT until the fence has signalled. The
 * least is a COPY job, which is the kernel's memcpy, of all bytes that the operation reads and
 * writes. The peer is libyuv, on the same pictures through the CPU's mapping, between the brackets
 * that dma-buf wants, and once more with mapping and unmapping them.
 */
#include <drm_fourcc.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "../lib/dmabuf.h"
#include "../lib/error.h"
#include "../lib/stats.h"
#include "groups.h"
#include "lab.h"
#include "libyuv.h"

#define WIDTH		1920
#define HEIGHT		1080
/* Blending reads two pictures and writes one: half of that is the longest copy. */
#define OBJECT_SIZE	((size_t)WIDTH * HEIGHT * 6)
#define ROUNDS		5

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

/* A picture's memory. @dmabuf: owned. */
struct object {
	uint32_t handle;
	int dmabuf;
	struct pp_map map;
};

struct job {
	struct pp_gpu *gpu;
	struct drm_primesim_op op;
};

/*
 * What libyuv does: @function, as @op says.
 */
struct cpu_job {
	struct yuv_function function;
	struct drm_primesim_op op;
	struct object *src;
	struct object *dst;
	struct pp_error *error;
};

static int run_job(const struct job *job)
{
	struct pp_gpu *gpu = job->gpu;
	struct drm_primesim_sync out = { .handle = gpu->syncobj };
	struct drm_primesim_submit submit = {
		.op_count = 1, .op_size = sizeof(job->op), .out_count = 1,
		.ops = (uintptr_t)&job->op, .out_syncs = (uintptr_t)&out,
	};

	if (drmIoctl(gpu->device.fd, DRM_IOCTL_PRIMESIM_SUBMIT, &submit))
		return pp_fail(gpu->device.error, errno, "SUBMIT: %s", strerror(errno));
	if (drmSyncobjWait(gpu->device.fd, &gpu->syncobj, 1, INT64_MAX, 0, NULL))
		return pp_fail(gpu->device.error, errno, "waiting for a job: %s", strerror(errno));
	return 0;
}

static int measure_job(void *context, uint64_t *values)
{
	uint64_t start = pp_now_ns();
	int ret = run_job(context);

	values[0] = pp_now_ns() - start;
	return ret;
}

/* The job copies half of the bytes, so that as many are read and written as in all. */
static int measure_copy(void *context, uint64_t *values)
{
	int ret = measure_job(context, values);

	values[0] *= 2;
	return ret;
}

static void describe_to_cpu(struct yuv_picture *picture, const struct drm_primesim_surface *surface,
			    const struct drm_primesim_rect *rect, uint8_t *pixels)
{
	*picture = (struct yuv_picture) { .width = (int)rect->width, .height = (int)rect->height };
	for (unsigned int i = 0; i < 3; i++) {
		picture->planes[i] = pixels + surface->offsets[i];
		picture->pitches[i] = (int)surface->pitches[i];
	}
}

/* As a program must: between brackets. */
static int run_on_cpu(const struct cpu_job *job)
{
	struct yuv_picture src, dst;
	int ret;

	describe_to_cpu(&src, &job->op.src, &job->op.src_rect, job->src->map.pixels);
	describe_to_cpu(&dst, &job->op.dst, &job->op.dst_rect, job->dst->map.pixels);
	ret = pp_dmabuf_begin(job->src->dmabuf, DMA_BUF_SYNC_READ);
	if (!ret)
		ret = pp_dmabuf_begin(job->dst->dmabuf, DMA_BUF_SYNC_RW);
	if (!ret && yuv_call(&job->function, &src, &dst))
		return pp_fail(job->error, EINVAL, "libyuv refuses a picture");
	if (!ret)
		ret = pp_dmabuf_end(job->dst->dmabuf, DMA_BUF_SYNC_RW);
	if (!ret)
		ret = pp_dmabuf_end(job->src->dmabuf, DMA_BUF_SYNC_READ);
	return ret ? pp_fail(job->error, -ret, "DMA_BUF_IOCTL_SYNC: %s", strerror(-ret)) : 0;
}

static int map_object(struct object *object, struct pp_error *error)
{
	return pp_map_fd(&object->map, object->dmabuf, 0, OBJECT_SIZE, true, error);
}

static int measure_cpu(void *context, uint64_t *values)
{
	uint64_t start = pp_now_ns();
	int ret = run_on_cpu(context);

	values[0] = pp_now_ns() - start;
	return ret;
}

/* With maps of their own, as a program has that does not keep them. */
static int measure_cpu_mapping(void *context, uint64_t *values)
{
	struct cpu_job job = *(struct cpu_job *)context;
	struct object src = *job.src, dst = *job.dst;
	uint64_t start = pp_now_ns();
	int ret = map_object(&src, job.error);

	if (!ret)
		ret = map_object(&dst, job.error);
	if (ret)
		return ret;
	job.src = &src;
	job.dst = &dst;
	ret = run_on_cpu(&job);
	pp_unmap(&dst.map);
	pp_unmap(&src.map);
	values[0] = pp_now_ns() - start;
	return ret;
}

static void describe_task(struct drm_primesim_op *op, const struct task *task, uint32_t src,
			  uint32_t dst)
{
	bool turned = task->flags & DRM_PRIMESIM_BLIT_ROTATE_90;
	uint32_t divide = task->half ? 2 : 1;

	*op = (struct drm_primesim_op) { .code = task->code, .flags = task->flags };
	if (task->src)
		describe(&op->src, &op->src_rect, task->src, src, task->src_tiled, WIDTH / divide,
			 HEIGHT / divide);
	if (task->dst)
		describe(&op->dst, &op->dst_rect, task->dst, dst, task->dst_tiled,
			 turned ? HEIGHT : WIDTH, turned ? WIDTH : HEIGHT);
	else
		op->dst.handles[0] = dst;
}

static int measure_task(const struct bench *bench, struct pp_gpu *gpu, const struct task *task,
			struct object *src, struct object *dst)
{
	struct bench_row row = { .unit = "ns", .rounds = ROUNDS };
	struct job job = { .gpu = gpu };
	struct job copy = { .gpu = gpu, .op = {
		.code = DRM_PRIMESIM_OP_COPY, .length = copy_length(task),
		.src.handles = { src->handle }, .dst.handles = { dst->handle },
	} };
	struct cpu_job cpu = { .src = src, .dst = dst, .error = bench->error };

	describe_task(&job.op, task, src->handle, dst->handle);
	cpu.op = job.op;
	bench_row_name(&row, "operation, %s", task->name);
	bench_row_add(&row, "primesim", BENCH_OURS, measure_job, &job);
	bench_row_add(&row, "memcpy", BENCH_LIMIT, measure_copy, &copy);
	if (!yuv_find(&cpu.function, task->name)) {
		bench_row_add(&row, "libyuv", BENCH_PEER, measure_cpu, &cpu);
		bench_row_add(&row, "libyuv and mmap", BENCH_PEER, measure_cpu_mapping, &cpu);
	}
	return bench_row_run(bench, &row);
}

static int open_object(struct object *object, struct pp_gpu *gpu)
{
	int ret = pp_gpu_create(gpu, OBJECT_SIZE, &object->handle);

	if (!ret)
		ret = pp_drm_export(&gpu->device, object->handle, &object->dmabuf);
	return ret ? ret : map_object(object, gpu->device.error);
}

static void close_object(struct object *object, struct pp_gpu *gpu)
{
	pp_unmap(&object->map);
	close(object->dmabuf);
	pp_drm_close_handle(&gpu->device, object->handle);
}

int bench_engine(const struct bench *bench)
{
	struct object src, dst;
	struct pp_gpu gpu;
	int ret = tidy_memory(bench->error);

	if (!ret)
		ret = pp_gpu_open(&gpu, NULL, bench->error);
	if (!ret)
		ret = open_object(&src, &gpu);
	if (!ret)
		ret = open_object(&dst, &gpu);
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]) && !ret; i++)
		ret = measure_task(bench, &gpu, &tasks[i], &src, &dst);
	if (ret)
		return ret;
	close_object(&dst, &gpu);
	close_object(&src, &gpu);
	pp_gpu_close(&gpu);
	return 0;
}
