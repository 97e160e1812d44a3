// SPDX-License-Identifier: MIT
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "../lib/error.h"

#define SHMEM_HUGE	"/sys/kernel/mm/transparent_hugepage/shmem_enabled"
#define PITCH		4096
#define NODES		64

static int open_file(const char *path, int flags, int *fd, struct pp_error *error)
{
	*fd = open(path, flags | O_CLOEXEC);
	return *fd < 0 ? pp_fail(error, errno, "%s: %s", path, strerror(errno)) : 0;
}

/* A render node of primesim's that is not @gpu. */
static int open_other_gpu(const struct pp_gpu *gpu, struct pp_gpu *other, struct pp_error *error)
{
	for (unsigned int i = 128; i < 128 + NODES; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/dev/dri/renderD%u", i);
		if (strcmp(path, gpu->device.path) && !pp_gpu_open(other, path, error))
			return 0;
	}
	return pp_fail(error, ENODEV, "no second device of primesim; make one in configfs");
}

int lab_open(struct cost_lab *lab, struct pp_error *error)
{
	int ret = pp_gpu_open(&lab->gpu, NULL, error);

	lab->error = error;
	if (!ret)
		ret = open_other_gpu(&lab->gpu, &lab->foreign_gpu, error);
	if (!ret)
		ret = pp_drm_open(&lab->vgem, PP_DRM_PRIMARY, NULL, "vgem", error);
	if (!ret)
		ret = open_file("/dev/udmabuf", O_RDWR, &lab->udmabuf, error);
	if (!ret)
		ret = open_file("/dev/dma_heap/system", O_RDONLY, &lab->heap, error);
	return ret;
}

void lab_close(struct cost_lab *lab)
{
	close(lab->heap);
	close(lab->udmabuf);
	pp_drm_close(&lab->vgem);
	pp_gpu_close(&lab->foreign_gpu);
	pp_gpu_close(&lab->gpu);
}

int lab_open_again(const struct pp_drm_device *device, struct pp_drm_device *again)
{
	return pp_drm_open(again, PP_DRM_PRIMARY, device->path, device->driver, device->error);
}

int create_on_primesim(struct pp_drm_device *device, size_t size, uint32_t *handle)
{
	struct drm_primesim_bo_create create = { .size = size };

	if (drmIoctl(device->fd, DRM_IOCTL_PRIMESIM_BO_CREATE, &create))
		return pp_fail(device->error, errno, "%s: BO_CREATE: %s", device->path,
			       strerror(errno));
	*handle = create.handle;
	return 0;
}

int create_on_vgem(struct pp_drm_device *device, size_t size, uint32_t *handle)
{
	uint32_t pitch;
	uint64_t made;

	if (drmModeCreateDumbBuffer(device->fd, PITCH / 4, (uint32_t)(size / PITCH), 32, 0, handle,
				    &pitch, &made))
		return pp_fail(device->error, errno, "%s: CREATE_DUMB: %s", device->path,
			       strerror(errno));
	return 0;
}

static int make_on(struct pp_drm_device *device,
		   int (*create)(struct pp_drm_device *device, size_t size, uint32_t *handle),
		   size_t size, int *dmabuf)
{
	uint32_t handle = 0;
	int ret = create(device, size, &handle);

	if (ret)
		return ret;
	ret = pp_drm_export(device, handle, dmabuf);
	pp_drm_close_handle(device, handle);
	return ret;
}

static int make_primesim(struct cost_lab *lab, size_t size, int *dmabuf)
{
	return make_on(&lab->foreign_gpu.device, create_on_primesim, size, dmabuf);
}

static int make_vgem(struct cost_lab *lab, size_t size, int *dmabuf)
{
	return make_on(&lab->vgem, create_on_vgem, size, dmabuf);
}

static int make_heap(struct cost_lab *lab, size_t size, int *dmabuf)
{
	struct dma_heap_allocation_data request = { .len = size, .fd_flags = O_RDWR | O_CLOEXEC };

	if (ioctl(lab->heap, DMA_HEAP_IOCTL_ALLOC, &request))
		return pp_fail(lab->error, errno, "DMA_HEAP_IOCTL_ALLOC: %s", strerror(errno));
	*dmabuf = (int)request.fd;
	return 0;
}

static int make_udmabuf(struct cost_lab *lab, size_t size, int *dmabuf)
{
	int memfd = memfd_create("cost", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	struct udmabuf_create create = { .memfd = (uint32_t)memfd, .size = size };
	int err = 0;

	/* udmabuf insists on memory that cannot shrink. */
	if (memfd < 0 || ftruncate(memfd, (off_t)size) || fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		err = errno;
	if (!err) {
		*dmabuf = ioctl(lab->udmabuf, UDMABUF_CREATE, &create);
		err = *dmabuf < 0 ? errno : 0;
	}
	if (memfd >= 0)
		close(memfd);
	return err ? pp_fail(lab->error, err, "UDMABUF_CREATE of %zu bytes: %s", size,
			     strerror(err)) : 0;
}

const struct memory heap_memory = { "dma-heap system", false, make_heap };
const struct memory udmabuf_memory = { "udmabuf", false, make_udmabuf };

const struct memory foreign_memory[] = {
	{ "primesim", false, make_primesim },
	{ "dma-heap system", false, make_heap },
	{ "udmabuf", false, make_udmabuf },
	{ "udmabuf, large folios", true, make_udmabuf },
	{ "vgem", false, make_vgem },
	{ "vgem, large folios", true, make_vgem },
	{ 0 },
};

static int set_huge(bool huge, struct pp_error *error)
{
	const char *word = huge ? "always" : "never";
	ssize_t len = (ssize_t)strlen(word);
	int fd, ret = open_file(SHMEM_HUGE, O_WRONLY, &fd, error);

	if (ret)
		return ret;
	if (write(fd, word, (size_t)len) != len)
		ret = pp_fail(error, errno, SHMEM_HUGE ": %s", strerror(errno));
	close(fd);
	return ret;
}

int memory_make(const struct memory *memory, struct cost_lab *lab, size_t size, int *dmabuf)
{
	int ret = set_huge(memory->huge, lab->error);

	return ret ? ret : memory->make(lab, size, dmabuf);
}
