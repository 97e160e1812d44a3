// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xf86drm.h>

#include "../lib/dmabuf.h"
#include "../lib/drm_device.h"
#include "port.h"

struct cpu {
	struct port port;
	bool brackets;
	int dmabuf;
	uint32_t *pixels;
	/* Of a DRM driver's: */
	struct pp_drm_device device;
};

static enum result bracket(struct cpu *cpu, int (*begin_or_end)(int fd, uint64_t access),
			   uint64_t access)
{
	int ret = cpu->brackets ? begin_or_end(cpu->dmabuf, access) : 0;

	return ret ? outcome_refused(cpu->port.outcome, -ret, "DMA_BUF_IOCTL_SYNC") :
		     RESULT_WORKS;
}

static enum result cpu_write(struct port *port, struct content *content)
{
	struct cpu *cpu = (struct cpu *)port;
	enum result result = bracket(cpu, pp_dmabuf_begin, DMA_BUF_SYNC_WRITE);

	if (result != RESULT_WORKS)
		return result;
	memcpy(cpu->pixels, port->images->patterns[content->number], IMAGE_BYTES);
	return bracket(cpu, pp_dmabuf_end, DMA_BUF_SYNC_WRITE);
}

static enum result cpu_read(struct port *port, const struct content *expected)
{
	struct cpu *cpu = (struct cpu *)port;
	enum result found, result = bracket(cpu, pp_dmabuf_begin, DMA_BUF_SYNC_READ);

	if (result != RESULT_WORKS)
		return result;
	found = images_compare(port->images, cpu->pixels, expected, &port->outcome->why);
	result = bracket(cpu, pp_dmabuf_end, DMA_BUF_SYNC_READ);
	return result != RESULT_WORKS ? result : found;
}

static struct cpu *cpu_alloc(const struct port_base *base)
{
	struct cpu *cpu = calloc(1, sizeof(*cpu));

	if (!cpu) {
		outcome_error(base->outcome, ENOMEM, "a port");
		return NULL;
	}
	cpu->brackets = base->brackets;
	cpu->port = (struct port) {
		.name = "the CPU",
		.images = base->images,
		.outcome = base->outcome,
		.write = cpu_write,
		.read = cpu_read,
	};
	return cpu;
}

static int map(struct cpu *cpu, int fd, uint64_t offset)
{
	void *pixels = mmap(NULL, IMAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			    (off_t)offset);

	if (pixels == MAP_FAILED)
		return -errno;
	cpu->pixels = pixels;
	return 0;
}

struct port *cpu_port(const struct port_base *base, int dmabuf)
{
	struct cpu *cpu = cpu_alloc(base);
	int ret;

	if (!cpu)
		return NULL;
	cpu->dmabuf = dmabuf;
	ret = map(cpu, dmabuf, 0);
	if (!ret)
		return &cpu->port;
	outcome_error(base->outcome, ret, "mmap of the dma-buf");
	free(cpu);
	return NULL;
}

/*
 * The driver's own mapping of the object, if it has one for imported objects; else
 * that of the dma-buf which it exports again.
 */
static enum result drm_cpu_import(struct port *port, int dmabuf)
{
	struct cpu *cpu = (struct cpu *)port;
	struct drm_mode_map_dumb request = { 0 };
	int drm = cpu->device.fd, ret;

	if (drmPrimeFDToHandle(drm, dmabuf, &request.handle))
		return outcome_refused(port->outcome, errno, "PRIME_FD_TO_HANDLE");
	if (drmPrimeHandleToFD(drm, request.handle, DRM_CLOEXEC | DRM_RDWR, &cpu->dmabuf))
		return outcome_refused(port->outcome, errno,
				       "PRIME_HANDLE_TO_FD of the imported object");
	if (!drmIoctl(drm, DRM_IOCTL_MODE_MAP_DUMB, &request) && !map(cpu, drm, request.offset))
		return RESULT_WORKS;
	ret = map(cpu, cpu->dmabuf, 0);
	return ret ? outcome_refused(port->outcome, ret, "mmap of the imported object") :
		     RESULT_WORKS;
}

struct port *drm_cpu_port(const struct port_base *base, const char *path, const char *driver)
{
	struct cpu *cpu = cpu_alloc(base);

	if (!cpu)
		return NULL;
	cpu->port.import = drm_cpu_import;
	if (!pp_drm_open(&cpu->device, PP_DRM_PRIMARY, path, driver, &base->outcome->why))
		return &cpu->port;
	free(cpu);
	return NULL;
}
