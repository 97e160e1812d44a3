// SPDX-License-Identifier: MIT
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "../lib/error.h"
#include "../lib/stats.h"
#include "plug.h"

#define SHMEM_HUGE	"/sys/kernel/mm/transparent_hugepage/shmem_enabled"
#define DROP_CACHES	"/proc/sys/vm/drop_caches"
#define COMPACT		"/proc/sys/vm/compact_memory"
#define PITCH		4096
#define FOREIGN		"bench"

static int open_file(const char *path, int flags, int *fd, struct pp_error *error)
{
	*fd = open(path, flags | O_CLOEXEC);
	return *fd < 0 ? pp_fail(error, errno, "%s: %s", path, strerror(errno)) : 0;
}

static int write_file(const char *path, const char *text, struct pp_error *error)
{
	ssize_t len = (ssize_t)strlen(text);
	int fd, ret = open_file(path, O_WRONLY, &fd, error);

	if (ret)
		return ret;
	if (write(fd, text, (size_t)len) != len)
		ret = pp_fail(error, errno, "%s: %s", path, strerror(errno));
	close(fd);
	return ret;
}

/* Kernels without compaction, or without huge pages, do not have the file, nor need it. */
static int write_if_there(const char *path, const char *text, struct pp_error *error)
{
	return access(path, F_OK) ? 0 : write_file(path, text, error);
}

int tidy_memory(struct pp_error *error)
{
	int ret = write_file(DROP_CACHES, "3", error);

	return ret ? ret : write_if_there(COMPACT, "1", error);
}

int lab_open(struct bench_lab *lab, struct pp_error *error)
{
	char node[64];
	int ret = tidy_memory(error);

	lab->error = error;
	if (!ret)
		ret = pp_gpu_open(&lab->gpu, NULL, error);
	if (!ret)
		ret = plug("primesim", FOREIGN, error);
	if (!ret)
		ret = plug_node("primesim", FOREIGN, "renderD", node, sizeof(node), error);
	if (!ret)
		ret = pp_gpu_open(&lab->foreign_gpu, node, error);
	if (!ret)
		ret = pp_drm_open(&lab->vgem, PP_DRM_PRIMARY, NULL, "vgem", error);
	if (!ret)
		ret = pp_drm_open(&lab->virtio, PP_DRM_PRIMARY, NULL, "virtio_gpu", error);
	if (!ret)
		ret = open_file("/dev/udmabuf", O_RDWR, &lab->udmabuf, error);
	if (!ret)
		ret = open_file("/dev/dma_heap/system", O_RDONLY, &lab->heap, error);
	return ret;
}

void lab_close(struct bench_lab *lab)
{
	close(lab->heap);
	close(lab->udmabuf);
	pp_drm_close(&lab->virtio);
	pp_drm_close(&lab->vgem);
	pp_gpu_close(&lab->foreign_gpu);
	unplug("primesim", FOREIGN);
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

int create_dumb(struct pp_drm_device *device, size_t size, uint32_t *handle)
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

static int make_primesim(struct bench_lab *lab, size_t size, int *dmabuf)
{
	return make_on(&lab->foreign_gpu.device, create_on_primesim, size, dmabuf);
}

static int make_vgem(struct bench_lab *lab, size_t size, int *dmabuf)
{
	return make_on(&lab->vgem, create_dumb, size, dmabuf);
}

static int make_heap(struct bench_lab *lab, size_t size, int *dmabuf)
{
	struct dma_heap_allocation_data request = { .len = size, .fd_flags = O_RDWR | O_CLOEXEC };

	if (ioctl(lab->heap, DMA_HEAP_IOCTL_ALLOC, &request))
		return pp_fail(lab->error, errno, "DMA_HEAP_IOCTL_ALLOC: %s", strerror(errno));
	*dmabuf = (int)request.fd;
	return 0;
}

/* udmabuf insists on memory that cannot shrink. */
static int open_memfd(struct bench_lab *lab, size_t size, int *memfd)
{
	*memfd = memfd_create("bench", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (*memfd >= 0 && !ftruncate(*memfd, (off_t)size) &&
	    !fcntl(*memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		return 0;
	return pp_fail(lab->error, errno, "a memfd of %zu bytes: %s", size, strerror(errno));
}

static int make_udmabuf(struct bench_lab *lab, size_t size, int *dmabuf)
{
	struct udmabuf_create create = { .size = size };
	int memfd, ret = open_memfd(lab, size, &memfd);

	if (ret)
		return ret;
	create.memfd = (uint32_t)memfd;
	*dmabuf = ioctl(lab->udmabuf, UDMABUF_CREATE, &create);
	if (*dmabuf < 0)
		ret = pp_fail(lab->error, errno, "UDMABUF_CREATE of %zu bytes: %s", size,
			      strerror(errno));
	close(memfd);
	return ret;
}

/* The last piece of the memory comes first. */
static struct udmabuf_create_list *list_pieces(int memfd, size_t size, size_t piece)
{
	uint32_t count = (uint32_t)(size / piece);
	struct udmabuf_create_list *list =
		calloc(1, sizeof(*list) + count * sizeof(list->list[0]));

	if (!list)
		return NULL;
	list->count = count;
	for (uint32_t i = 0; i < count; i++)
		list->list[i] = (struct udmabuf_create_item) {
			.memfd = (uint32_t)memfd,
			.offset = (count - 1 - i) * (uint64_t)piece,
			.size = piece,
		};
	return list;
}

int make_in_pieces(struct bench_lab *lab, size_t size, size_t piece, int *dmabuf)
{
	struct udmabuf_create_list *list;
	int memfd, ret = write_if_there(SHMEM_HUGE, "always", lab->error);

	if (!ret)
		ret = open_memfd(lab, size, &memfd);
	if (ret)
		return ret;
	list = list_pieces(memfd, size, piece);
	*dmabuf = list ? ioctl(lab->udmabuf, UDMABUF_CREATE_LIST, list) : -1;
	if (*dmabuf < 0)
		ret = pp_fail(lab->error, errno, "UDMABUF_CREATE_LIST of %zu pieces: %s",
			      size / piece, strerror(errno));
	free(list);
	close(memfd);
	return ret;
}

const struct memory heap_memory = { "dma-heap", false, make_heap };
const struct memory udmabuf_memory = { "udmabuf", false, make_udmabuf };
const struct memory udmabuf_large_memory = { "udmabuf, large folios", true, make_udmabuf };

/* The last one says what vgem, which allocates later, will get. */
const struct memory foreign_memory[] = {
	{ "primesim", false, make_primesim },
	{ "dma-heap", false, make_heap },
	{ "udmabuf, large folios", true, make_udmabuf },
	{ "udmabuf", false, make_udmabuf },
	{ "vgem", false, make_vgem },
	{ 0 },
};

int memory_prepare(const struct memory *memory, struct bench_lab *lab)
{
	return write_if_there(SHMEM_HUGE, memory->huge ? "always" : "never", lab->error);
}

int memory_make(const struct memory *memory, struct bench_lab *lab, size_t size, int *dmabuf)
{
	int ret = memory_prepare(memory, lab);

	return ret ? ret : memory->make(lab, size, dmabuf);
}

uint64_t empty_ioctls(const struct pp_drm_device *device, unsigned int count)
{
	struct drm_get_cap cap = { .capability = DRM_CAP_TIMESTAMP_MONOTONIC };
	uint64_t start = pp_now_ns();

	while (count--)
		ioctl(device->fd, DRM_IOCTL_GET_CAP, &cap);
	return pp_now_ns() - start;
}
