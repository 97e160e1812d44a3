// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "lab.h"

void lab_dumb_create(struct lab_dumb *dumb, int drm, uint32_t width, uint32_t height)
{
	*dumb = (struct lab_dumb){ .drm = drm, .width = width, .height = height };
	igt_assert_eq(drmModeCreateDumbBuffer(drm, width, height, 32, 0, &dumb->handle,
					      &dumb->pitch, &dumb->size), 0);
}

void lab_dumb_close(struct lab_dumb *dumb)
{
	lab_close_handle(dumb->drm, dumb->handle);
}

void lab_close_handle(int drm, uint32_t handle)
{
	igt_assert_eq(drmCloseBufferHandle(drm, handle), 0);
}

bool lab_handle_is_valid(int drm, uint32_t handle)
{
	int dmabuf;

	if (lab_try_export(drm, handle, 0, &dmabuf))
		return false;
	lab_close(dmabuf);
	return true;
}

int lab_try_export(int drm, uint32_t handle, uint32_t flags, int *dmabuf)
{
	struct drm_prime_handle arg = { .handle = handle, .flags = flags, .fd = -1 };
	int ret = lab_ioctl(drm, DRM_IOCTL_PRIME_HANDLE_TO_FD, &arg);

	*dmabuf = ret ? -1 : arg.fd;
	return ret;
}

int lab_try_import(int drm, int dmabuf, uint32_t *handle)
{
	struct drm_prime_handle arg = { .fd = dmabuf };
	int ret = lab_ioctl(drm, DRM_IOCTL_PRIME_FD_TO_HANDLE, &arg);

	*handle = ret ? 0 : arg.handle;
	return ret;
}

int lab_export(int drm, uint32_t handle, uint32_t flags)
{
	int dmabuf;

	igt_assert_eq(lab_try_export(drm, handle, flags | DRM_CLOEXEC, &dmabuf), 0);
	igt_assert_fd(dmabuf);
	return dmabuf;
}

uint32_t lab_import(int drm, int dmabuf)
{
	uint32_t handle;

	igt_assert_eq(lab_try_import(drm, dmabuf, &handle), 0);
	igt_assert_neq_u32(handle, 0);
	return handle;
}

/* dma-bufs are files of one small file system: each has its own inode. */
bool lab_same_dmabuf(int a, int b)
{
	struct stat stat_a, stat_b;

	igt_assert_eq(fstat(a, &stat_a), 0);
	igt_assert_eq(fstat(b, &stat_b), 0);
	return stat_a.st_dev == stat_b.st_dev && stat_a.st_ino == stat_b.st_ino;
}

uint64_t lab_dmabuf_size(int dmabuf)
{
	off_t end = lseek(dmabuf, 0, SEEK_END);

	igt_assert_f(end != -1, "lseek: %m\n");
	igt_assert_eq_s64(lseek(dmabuf, 0, SEEK_SET), 0);
	return end;
}

uint32_t *lab_map(int fd, uint64_t size, int prot, uint64_t offset)
{
	void *pixels = mmap(NULL, size, prot, MAP_SHARED, fd, offset);

	igt_assert_f(pixels != MAP_FAILED, "mmap: %m\n");
	return pixels;
}

void lab_unmap(const void *pixels, uint64_t size)
{
	igt_assert_eq(munmap((void *)pixels, size), 0);
}

int lab_try_map(int fd, uint64_t size, int prot, uint64_t offset)
{
	void *pixels = mmap(NULL, size, prot, MAP_SHARED, fd, offset);

	if (pixels == MAP_FAILED)
		return -errno;
	lab_unmap(pixels, size);
	return 0;
}

static void cpu_access(int dmabuf, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };
	int ret;

	do {
		ret = lab_ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync);
	} while (ret == -EAGAIN);
	igt_assert_eq(ret, 0);
}

void lab_cpu_begin(int dmabuf, uint64_t access)
{
	cpu_access(dmabuf, DMA_BUF_SYNC_START | access);
}

void lab_cpu_end(int dmabuf, uint64_t access)
{
	cpu_access(dmabuf, DMA_BUF_SYNC_END | access);
}

/* Odd factor: no two words of a buffer below 16 GiB are the same. */
static uint32_t pattern(uint64_t word, uint32_t seed)
{
	return (uint32_t)word * 2654435761u + seed;
}

void lab_write_pattern(int dmabuf, uint64_t size, uint32_t seed)
{
	uint32_t *pixels = lab_map(dmabuf, size, PROT_READ | PROT_WRITE, 0);

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_WRITE);
	for (uint64_t i = 0; i < size / 4; i++)
		pixels[i] = pattern(i, seed);
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_WRITE);
	lab_unmap(pixels, size);
}

void lab_check_pattern(int dmabuf, uint64_t size, uint32_t seed)
{
	const uint32_t *pixels = lab_map(dmabuf, size, PROT_READ, 0);

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	for (uint64_t i = 0; i < size / 4; i++)
		igt_assert_f(pixels[i] == pattern(i, seed), "word %llu is %#x, not %#x\n",
			     (unsigned long long)i, pixels[i], pattern(i, seed));
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
	lab_unmap(pixels, size);
}
