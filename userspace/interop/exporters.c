// SPDX-License-Identifier: MIT
#include <dirent.h>
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

#include "../lib/drm_device.h"
#include "party.h"

#define HEAPS "/dev/dma_heap"

static int failed(const struct port_base *base, int err, const char *doing)
{
	outcome_error(base->outcome, err, doing);
	return -1;
}

/* A dumb buffer. The device stays open, as the handle does. */
static int open_dumb(const struct port_base *base, const char *path, const char *driver)
{
	struct pp_drm_device device;
	uint32_t handle, pitch;
	uint64_t size;
	int dmabuf;

	if (pp_drm_open(&device, PP_DRM_PRIMARY, path, driver, &base->outcome->why))
		return -1;
	if (drmModeCreateDumbBuffer(device.fd, IMAGE_WIDTH, IMAGE_HEIGHT, 32, 0, &handle, &pitch,
				    &size))
		return failed(base, errno, "MODE_CREATE_DUMB");
	if (pitch != IMAGE_PITCH)
		return failed(base, EINVAL, "the pitch of a dumb buffer");
	return pp_drm_export(&device, handle, &dmabuf) ? -1 : dmabuf;
}

/* The engine gets the object that the dma-buf was made of: a driver knows its own. */
static int open_primesim(const struct port_base *base, const struct place *place,
			 struct port **device)
{
	int dmabuf = open_dumb(base, place->devices->display, "primesim");

	if (dmabuf < 0)
		return -1;
	*device = gpu_port(base, place->devices->gpu);
	if (!*device || (*device)->import(*device, dmabuf) != RESULT_WORKS)
		return -1;
	return dmabuf;
}

static int open_camsim(const struct port_base *base, const struct place *place,
		       struct port **device)
{
	int dmabuf = -1;

	*device = camera_port_own(base, place->devices->camera, &dmabuf);
	return *device ? dmabuf : -1;
}

static int open_vivid(const struct port_base *base, const struct place *place,
		      struct port **device)
{
	int dmabuf = -1;

	*device = camera_port_own(base, place->vivid, &dmabuf);
	return *device ? dmabuf : -1;
}

static int open_vgem(const struct port_base *base, const struct place *place,
		     struct port **device)
{
	(void)place;
	(void)device;
	return open_dumb(base, NULL, "vgem");
}

static int open_virtio(const struct port_base *base, const struct place *place,
		       struct port **device)
{
	(void)place;
	(void)device;
	return open_dumb(base, NULL, "virtio_gpu");
}

static int open_udmabuf(const struct port_base *base, const struct place *place,
			struct port **device)
{
	struct udmabuf_create create = { .size = IMAGE_BYTES };
	int udmabuf = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	int memfd = memfd_create("interop", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	int dmabuf;

	(void)place;
	(void)device;
	if (udmabuf < 0)
		return failed(base, errno, "/dev/udmabuf");
	/* udmabuf insists on memory that cannot shrink. */
	if (memfd < 0 || ftruncate(memfd, IMAGE_BYTES) ||
	    fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		return failed(base, errno, "memfd");
	create.memfd = (uint32_t)memfd;
	dmabuf = ioctl(udmabuf, UDMABUF_CREATE, &create);
	return dmabuf < 0 ? failed(base, errno, "UDMABUF_CREATE") : dmabuf;
}

static int open_heap(const struct port_base *base, const char *name)
{
	struct dma_heap_allocation_data request = {
		.len = IMAGE_BYTES,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	char path[300];
	int heap;

	snprintf(path, sizeof(path), HEAPS "/%s", name);
	heap = open(path, O_RDONLY | O_CLOEXEC);
	if (heap < 0)
		return failed(base, errno, path);
	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request))
		return failed(base, errno, "DMA_HEAP_IOCTL_ALLOC");
	return (int)request.fd;
}

static int open_heap_system(const struct port_base *base, const struct place *place,
			    struct port **device)
{
	(void)place;
	(void)device;
	return open_heap(base, "system");
}

/* Its name differs between kernels: the heap that is not one of system memory. */
static int open_heap_cma(const struct port_base *base, const struct place *place,
			 struct port **device)
{
	DIR *heaps = opendir(HEAPS);
	struct dirent *entry;
	char name[256] = "";

	(void)place;
	(void)device;
	while (heaps && (entry = readdir(heaps))) {
		if (entry->d_name[0] != '.' && strncmp(entry->d_name, "system", 6))
			snprintf(name, sizeof(name), "%s", entry->d_name);
	}
	if (heaps)
		closedir(heaps);
	return name[0] ? open_heap(base, name) :
			 failed(base, ENOENT, "no CMA heap (CONFIG_DMABUF_HEAPS_CMA, cma=)");
}

const struct exporter exporters[] = {
	{ "primesim", true, true, open_primesim },
	{ "camsim", true, true, open_camsim },
	{ "vgem", false, false, open_vgem },
	{ "virtio-gpu", false, false, open_virtio },
	{ "udmabuf", false, false, open_udmabuf },
	{ "dma-heap system", false, false, open_heap_system },
	{ "dma-heap CMA", false, false, open_heap_cma },
	{ "vivid", false, true, open_vivid },
	{ 0 },
};
