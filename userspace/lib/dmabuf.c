// SPDX-License-Identifier: MIT
#include "dmabuf.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "error.h"

int pp_map_fd(struct pp_map *map, int fd, uint64_t offset, size_t size, bool writable,
	      struct pp_error *error)
{
	int prot = writable ? PROT_READ | PROT_WRITE : PROT_READ;
	void *pixels = mmap(NULL, size, prot, MAP_SHARED, fd, (off_t)offset);

	if (pixels == MAP_FAILED)
		return pp_fail(error, errno, "cannot map a buffer of %zu bytes: %s", size,
			       strerror(errno));
	*map = (struct pp_map) { .pixels = pixels, .size = size };
	return 0;
}

void pp_unmap(struct pp_map *map)
{
	if (map->pixels)
		munmap(map->pixels, map->size);
	map->pixels = NULL;
}

static int bracket(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };
	int ret;

	do {
		ret = ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
	} while (ret && (errno == EINTR || errno == EAGAIN));
	return ret ? -errno : 0;
}

int pp_dmabuf_begin(int fd, uint64_t access)
{
	return bracket(fd, DMA_BUF_SYNC_START | access);
}

int pp_dmabuf_end(int fd, uint64_t access)
{
	return bracket(fd, DMA_BUF_SYNC_END | access);
}

bool pp_same_pages(const struct simbuf_info *a, const struct simbuf_info *b)
{
	return a->page_id && a->page_id == b->page_id;
}

uint64_t pp_dmabuf_identity(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : st.st_ino;
}
