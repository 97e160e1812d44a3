// SPDX-License-Identifier: MIT
#include "gpu.h"

#include <errno.h>
#include <string.h>
#include <xf86drm.h>

#include "error.h"

int pp_gpu_open(struct pp_gpu *gpu, const char *path, struct pp_error *error)
{
	int ret = pp_drm_open(&gpu->device, PP_DRM_RENDER, path, "primesim", error);

	if (ret)
		return ret;
	if (!pp_drm_is(&gpu->device, "primesim")) {
		pp_fail(error, ENODEV,
			"%s belongs to %s, which cannot convert; leave out --gpu or use --route direct",
			path, gpu->device.driver);
		goto err_close;
	}
	if (drmSyncobjCreate(gpu->device.fd, 0, &gpu->syncobj)) {
		pp_fail(error, errno, "%s: cannot create a syncobj: %s", gpu->device.path,
			strerror(errno));
		goto err_close;
	}
	return 0;

err_close:
	pp_drm_close(&gpu->device);
	return -ENODEV;
}

void pp_gpu_close(struct pp_gpu *gpu)
{
	if (gpu->device.fd < 0)
		return;
	drmSyncobjDestroy(gpu->device.fd, gpu->syncobj);
	pp_drm_close(&gpu->device);
}

int pp_gpu_create(struct pp_gpu *gpu, size_t size, uint32_t *handle)
{
	struct drm_primesim_bo_create create = { .size = size };

	if (drmIoctl(gpu->device.fd, DRM_IOCTL_PRIMESIM_BO_CREATE, &create))
		return pp_fail(gpu->device.error, errno, "%s: cannot allocate %zu bytes: %s",
			       gpu->device.path, size, strerror(errno));
	*handle = create.handle;
	return 0;
}

int pp_gpu_map(struct pp_gpu *gpu, uint32_t handle, size_t size, struct pp_map *map)
{
	struct drm_primesim_bo_mmap_offset request = { .handle = handle };

	if (drmIoctl(gpu->device.fd, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &request))
		return pp_fail(gpu->device.error, errno, "%s: no offset to map a buffer at: %s",
			       gpu->device.path, strerror(errno));
	return pp_map_fd(map, gpu->device.fd, request.offset, size, true, gpu->device.error);
}

static const uint32_t encodings[] = {
	[PP_ENCODING_BT601] = DRM_PRIMESIM_ENCODING_BT601,
	[PP_ENCODING_BT709] = DRM_PRIMESIM_ENCODING_BT709,
	[PP_ENCODING_BT2020] = DRM_PRIMESIM_ENCODING_BT2020,
};

static void describe(struct drm_primesim_surface *surface, struct drm_primesim_rect *rect,
		     uint32_t handle, const struct pp_layout *layout)
{
	surface->format = layout->format->drm;
	surface->width = layout->width;
	surface->height = layout->height;
	rect->width = layout->width;
	rect->height = layout->height;
	if (layout->format->yuv) {
		surface->encoding = encodings[layout->encoding];
		surface->range = layout->full_range ? DRM_PRIMESIM_RANGE_FULL :
						      DRM_PRIMESIM_RANGE_LIMITED;
	}
	for (unsigned int i = 0; i < layout->format->planes; i++) {
		surface->handles[i] = handle;
		surface->pitches[i] = layout->pitches[i];
		surface->offsets[i] = layout->offsets[i];
	}
}

static int refused(struct pp_gpu *gpu, const struct pp_layout *src, const struct pp_layout *dst)
{
	struct pp_drm_device *device = &gpu->device;

	if (errno == ENODEV)
		return pp_fail(device->error, ENODEV, "%s was removed", device->path);
	return pp_fail(device->error, errno,
		       "%s refuses to convert %s to %s: %s (the kernel log or simbuf's debugfs says why)",
		       device->path, src->format->name, dst->format->name, strerror(errno));
}

int pp_gpu_blit(struct pp_gpu *gpu, uint32_t src_handle, const struct pp_layout *src,
		uint32_t dst_handle, const struct pp_layout *dst, int *fence)
{
	struct drm_primesim_op op = { .code = DRM_PRIMESIM_OP_BLIT };
	struct drm_primesim_sync out = { .handle = gpu->syncobj };
	struct drm_primesim_submit submit = {
		.op_count = 1,
		.op_size = sizeof(op),
		.out_count = 1,
		.ops = (uintptr_t)&op,
		.out_syncs = (uintptr_t)&out,
	};

	describe(&op.src, &op.src_rect, src_handle, src);
	describe(&op.dst, &op.dst_rect, dst_handle, dst);
	if (drmIoctl(gpu->device.fd, DRM_IOCTL_PRIMESIM_SUBMIT, &submit))
		return refused(gpu, src, dst);
	if (drmSyncobjExportSyncFile(gpu->device.fd, gpu->syncobj, fence))
		return pp_fail(gpu->device.error, errno, "%s: no fence for a job: %s",
			       gpu->device.path, strerror(errno));
	return 0;
}

bool pp_gpu_buffer_info(struct pp_gpu *gpu, uint32_t handle, struct simbuf_info *info)
{
	struct drm_primesim_bo_info request = {
		.handle = handle,
		.device = DRM_PRIMESIM_DEVICE_GPU,
	};

	if (drmIoctl(gpu->device.fd, DRM_IOCTL_PRIMESIM_BO_INFO, &request))
		return false;
	*info = request.info;
	return true;
}
