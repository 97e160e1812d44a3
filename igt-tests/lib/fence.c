// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <time.h>
#include <drm/vgem_drm.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "fence.h"
#include "lab.h"

void lab_fence_open(struct lab_fence *fence, uint32_t width, uint32_t height)
{
	struct drm_vgem_fence_attach attach = { .flags = VGEM_FENCE_WRITE };
	struct lab_dumb dumb;

	fence->vgem = lab_open_primary("vgem");
	lab_dumb_create(&dumb, fence->vgem, width, height);
	fence->handle = dumb.handle;
	fence->size = dumb.size;
	fence->dmabuf = lab_export(fence->vgem, dumb.handle, DRM_RDWR);
	attach.handle = dumb.handle;
	igt_assert_eq(lab_ioctl(fence->vgem, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach), 0);
	fence->fence = attach.out_fence;
}

void lab_fence_signal(const struct lab_fence *fence)
{
	struct drm_vgem_fence_signal signal = { .fence = fence->fence };

	igt_assert_eq(lab_ioctl(fence->vgem, DRM_IOCTL_VGEM_FENCE_SIGNAL, &signal), 0);
}

void lab_fence_close(struct lab_fence *fence)
{
	lab_close(fence->dmabuf);
	lab_close(fence->vgem);
}

int lab_fence_sync_file(const struct lab_fence *fence)
{
	return lab_export_sync_file(fence->dmabuf, DMA_BUF_SYNC_READ);
}

uint32_t lab_fence_syncobj(const struct lab_fence *fence, int drm)
{
	int sync_file = lab_fence_sync_file(fence);
	uint32_t syncobj;

	igt_assert_eq(drmSyncobjCreate(drm, 0, &syncobj), 0);
	igt_assert_eq(drmSyncobjImportSyncFile(drm, syncobj, sync_file), 0);
	lab_close(sync_file);
	return syncobj;
}

int lab_export_sync_file(int dmabuf, uint32_t access)
{
	struct dma_buf_export_sync_file arg = { .flags = access, .fd = -1 };

	igt_assert_eq(lab_ioctl(dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &arg), 0);
	return arg.fd;
}

void lab_import_sync_file(int dmabuf, uint32_t access, int sync_file)
{
	struct dma_buf_import_sync_file arg = { .flags = access, .fd = sync_file };

	igt_assert_eq(lab_ioctl(dmabuf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &arg), 0);
}

bool lab_signals(int sync_file, int milliseconds)
{
	return lab_poll(sync_file, POLLIN, milliseconds);
}

int lab_sync_file_status(int sync_file)
{
	struct sync_file_info info = {};

	igt_assert_eq(lab_ioctl(sync_file, SYNC_IOC_FILE_INFO, &info), 0);
	return info.status;
}

bool lab_syncobj_signals(int drm, uint32_t syncobj, int milliseconds)
{
	struct timespec now;
	int64_t until;
	int ret;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until = now.tv_sec * 1000000000LL + now.tv_nsec + milliseconds * 1000000LL;
	ret = drmSyncobjWait(drm, &syncobj, 1, until, 0, NULL);
	igt_assert_f(ret == 0 || ret == -ETIME, "waiting for a syncobj: %d\n", ret);
	return ret == 0;
}
