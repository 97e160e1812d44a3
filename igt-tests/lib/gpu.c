// SPDX-License-Identifier: MIT
#include <drm_fourcc.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <xf86drm.h>
#include "gpu.h"
#include "lab.h"

#define JOB_SECONDS	30

/* Pixels per line of the surface that covers a whole object of any number of pages */
#define LINE_PIXELS	1024

uint32_t lab_bo_create(int drm, uint64_t size, uint32_t flags)
{
	struct drm_primesim_bo_create create = { .size = size, .flags = flags };

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create), 0);
	return create.handle;
}

struct drm_primesim_surface lab_surface(uint32_t handle, uint32_t width, uint32_t height,
					uint32_t pitch)
{
	return (struct drm_primesim_surface){
		.format = DRM_FORMAT_XRGB8888,
		.width = width,
		.height = height,
		.modifier = DRM_FORMAT_MOD_LINEAR,
		.handles = { handle },
		.pitches = { pitch },
	};
}

static struct drm_primesim_rect whole(const struct drm_primesim_surface *surface)
{
	return (struct drm_primesim_rect){ 0, 0, surface->width, surface->height };
}

struct drm_primesim_op lab_op_fill(const struct drm_primesim_surface *dst, uint32_t value)
{
	return (struct drm_primesim_op){
		.code = DRM_PRIMESIM_OP_FILL,
		.dst = *dst,
		.dst_rect = whole(dst),
		.value = value,
	};
}

struct drm_primesim_op lab_op_blit(const struct drm_primesim_surface *src,
				   const struct drm_primesim_surface *dst)
{
	return (struct drm_primesim_op){
		.code = DRM_PRIMESIM_OP_BLIT,
		.src = *src,
		.dst = *dst,
		.src_rect = whole(src),
		.dst_rect = whole(dst),
	};
}

struct drm_primesim_op lab_op_copy(uint32_t src, uint32_t dst, uint64_t length)
{
	return (struct drm_primesim_op){
		.code = DRM_PRIMESIM_OP_COPY,
		.src.handles = { src },
		.dst.handles = { dst },
		.length = length,
	};
}

int lab_submit(int drm, const struct drm_primesim_op *op, const struct drm_primesim_sync *in,
	       const struct drm_primesim_sync *out)
{
	struct drm_primesim_submit submit = {
		.op_count = 1,
		.op_size = sizeof(*op),
		.in_count = in ? 1 : 0,
		.out_count = out ? 1 : 0,
		.ops = (uintptr_t)op,
		.in_syncs = (uintptr_t)in,
		.out_syncs = (uintptr_t)out,
	};

	return lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &submit);
}

int lab_fence_status(int sync_file)
{
	struct sync_file_info info = {};

	igt_assert(lab_poll(sync_file, POLLIN, JOB_SECONDS * 1000));
	igt_assert_eq(lab_ioctl(sync_file, SYNC_IOC_FILE_INFO, &info), 0);
	return info.status;
}

int lab_job_status(int drm, uint32_t syncobj)
{
	int fd, status;

	igt_assert_eq(drmSyncobjExportSyncFile(drm, syncobj, &fd), 0);
	status = lab_fence_status(fd);
	lab_close(fd);
	return status;
}

int lab_submit_once(int drm, const struct drm_primesim_op *op)
{
	struct drm_primesim_submit submit = {
		.op_count = 1, .op_size = sizeof(*op), .ops = (uintptr_t)op,
	};

	return ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &submit) ? -errno : 0;
}

static int64_t in_seconds(int seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec + seconds) * 1000000000LL + now.tv_nsec;
}

static int submit_and_wait(int drm, const struct drm_primesim_op *op)
{
	struct drm_primesim_sync out = {};
	int ret;

	igt_assert_eq(drmSyncobjCreate(drm, 0, &out.handle), 0);
	ret = lab_submit(drm, op, NULL, &out);
	if (!ret)
		ret = drmSyncobjWait(drm, &out.handle, 1, in_seconds(JOB_SECONDS), 0, NULL);
	igt_assert_eq(drmSyncobjDestroy(drm, out.handle), 0);
	return ret;
}

void lab_execute(int drm, const struct drm_primesim_op *op)
{
	igt_assert_eq(submit_and_wait(drm, op), 0);
}

int lab_try_gpu_fill(int drm, uint32_t handle, uint64_t size, uint32_t value)
{
	struct drm_primesim_surface dst = lab_surface(handle, LINE_PIXELS, size / LINE_PIXELS / 4,
						      LINE_PIXELS * 4);
	struct drm_primesim_op op = lab_op_fill(&dst, value);

	return submit_and_wait(drm, &op);
}

void lab_gpu_fill(int drm, uint32_t handle, uint64_t size, uint32_t value)
{
	igt_assert_eq(lab_try_gpu_fill(drm, handle, size, value), 0);
}

/* A dma-buf of an object of @drm's own, to which the GPU has copied @handle */
static int try_gpu_copy(int drm, uint32_t handle, uint64_t size, int *dmabuf)
{
	uint32_t copy = lab_bo_create(drm, size, 0);
	struct drm_primesim_op op = lab_op_copy(handle, copy, size);
	int ret = submit_and_wait(drm, &op);

	*dmabuf = lab_export(drm, copy, DRM_RDWR);
	lab_close_handle(drm, copy);
	return ret;
}

static uint64_t count(int dmabuf, uint64_t size, uint32_t value)
{
	const uint32_t *pixels = lab_map(dmabuf, size, PROT_READ, 0);
	uint64_t found = 0;

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	for (uint64_t i = 0; i < size / 4; i++)
		found += pixels[i] == value;
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
	lab_unmap(pixels, size);
	return found;
}

static uint32_t first_word(int dmabuf)
{
	const uint32_t *pixels = lab_map(dmabuf, 4096, PROT_READ, 0);
	uint32_t value;

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	value = pixels[0];
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
	lab_unmap(pixels, 4096);
	return value;
}

int lab_try_gpu_sees(int drm, uint32_t handle, uint64_t size, uint32_t *value)
{
	int dmabuf, ret = try_gpu_copy(drm, handle, size, &dmabuf);

	if (!ret) {
		*value = first_word(dmabuf);
		igt_assert_eq_u64(count(dmabuf, size, *value), size / 4);
	}
	lab_close(dmabuf);
	return ret;
}

uint32_t lab_gpu_sees(int drm, uint32_t handle, uint64_t size)
{
	uint32_t value;

	igt_assert_eq(lab_try_gpu_sees(drm, handle, size, &value), 0);
	return value;
}

uint64_t lab_gpu_counts(int drm, uint32_t handle, uint64_t size, uint32_t value)
{
	uint64_t found;
	int dmabuf;

	igt_assert_eq(try_gpu_copy(drm, handle, size, &dmabuf), 0);
	found = count(dmabuf, size, value);
	lab_close(dmabuf);
	return found;
}

void lab_check_filled(int dmabuf, uint64_t size, uint32_t value)
{
	const uint32_t *pixels = lab_map(dmabuf, size, PROT_READ, 0);

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	for (uint64_t i = 0; i < size / 4; i++)
		igt_assert_f(pixels[i] == value, "pixel %llu is %#x, not %#x\n",
			     (unsigned long long)i, pixels[i], value);
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
	lab_unmap(pixels, size);
}

void lab_bo_info(int drm, uint32_t handle, struct drm_primesim_bo_info *info)
{
	*info = (struct drm_primesim_bo_info){
		.handle = handle,
		.device = DRM_PRIMESIM_DEVICE_GPU,
	};
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_INFO, info), 0);
}
