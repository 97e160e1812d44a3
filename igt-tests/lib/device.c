// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <linux/videodev2.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include "device.h"
#include "lab.h"

static bool is_drm_driver(int fd, const char *driver)
{
	drmVersion *version = drmGetVersion(fd);
	bool is = version && !strcmp(version->name, driver);

	drmFreeVersion(version);
	return is;
}

bool lab_is_camera(int fd, const char *driver)
{
	struct v4l2_capability capability = {};

	return lab_ioctl(fd, VIDIOC_QUERYCAP, &capability) == 0 &&
	       !strcmp((const char *)capability.driver, driver) &&
	       capability.device_caps & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE);
}

/* Devices that tests make are not meant by a driver's name: of ours only number 0 is. */
static bool is_plugged(const char *class, const char *node)
{
	char path[512], target[256];
	const char *number;
	ssize_t length;

	snprintf(path, sizeof(path), "/sys/class/%s/%s/device", class, node);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = 0;
	number = strstr(target, "sim.");
	return number && strcmp(number, "sim.0");
}

/* The first node in @dir whose name begins with @prefix and that @is accepts, or -1. */
static int open_node(const char *class, const char *dir, const char *prefix, const char *driver,
		     bool (*is)(int fd, const char *driver))
{
	DIR *nodes = opendir(dir);
	struct dirent *entry;
	int found = -1;

	while (nodes && found == -1 && (entry = readdir(nodes))) {
		int fd;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) ||
		    is_plugged(class, entry->d_name))
			continue;
		fd = openat(dirfd(nodes), entry->d_name, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (is(fd, driver))
			found = fd;
		else
			close(fd);
	}
	if (nodes)
		closedir(nodes);
	igt_require_f(found != -1, "no %s* of driver %s in %s\n", prefix, driver, dir);
	return found;
}

int lab_open_primary(const char *driver)
{
	return open_node("drm", "/dev/dri", "card", driver, is_drm_driver);
}

int lab_open_render(const char *driver)
{
	return open_node("drm", "/dev/dri", "renderD", driver, is_drm_driver);
}

int lab_open_camera(void)
{
	return lab_open_video("camsim");
}

int lab_open_video(const char *driver)
{
	return open_node("video4linux", "/dev", "video", driver, lab_is_camera);
}

static int udmabuf_open(void)
{
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);

	igt_require_f(device >= 0, "/dev/udmabuf: %m\n");
	return device;
}

/* All of its pages are there: their order in memory is the file's, not that of their use. */
static int sealed_memfd(size_t size)
{
	int memfd = memfd_create("lab", MFD_ALLOW_SEALING | MFD_CLOEXEC);

	igt_assert_fd(memfd);
	igt_assert_eq(fallocate(memfd, 0, 0, size), 0);
	/* udmabuf insists on memory that cannot shrink. */
	igt_assert_eq(fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	return memfd;
}

/* Pieces of a file, from its end to its start, each at @stride bytes after the next */
static int udmabuf_of_pieces(size_t size, size_t piece, size_t stride)
{
	size_t count = (size + piece - 1) / piece;
	int device = udmabuf_open(), memfd = sealed_memfd(count * stride), dmabuf;
	struct udmabuf_create_list *list;

	list = calloc(1, sizeof(*list) + count * sizeof(list->list[0]));
	igt_assert(list);
	list->count = count;
	for (size_t i = 0; i < count; i++) {
		list->list[i].memfd = memfd;
		list->list[i].offset = (count - 1 - i) * stride;
		list->list[i].size = piece;
	}
	list->list[count - 1].size = size - (count - 1) * piece;
	dmabuf = lab_ioctl(device, UDMABUF_CREATE_LIST, list);
	free(list);
	igt_assert_fd(dmabuf);
	lab_close(memfd);
	lab_close(device);
	return dmabuf;
}

/*
 * udmabuf's own device, for which SYNC maps, says nothing of segments of more than 64 KiB, and gets
 * them when the pages of a file happen to follow each other: DMA_API_DEBUG complains. The end of
 * one piece and the start of the next do so now and then, when memory was given out downwards; two
 * are no more than 64 KiB.
 */
int lab_udmabuf(size_t size)
{
	return udmabuf_of_pieces(size, 32768, 32768);
}

int lab_udmabuf_scattered(size_t size)
{
	size_t page = getpagesize();

	return udmabuf_of_pieces(size, page, 2 * page);
}

int lab_dma_heap(const char *heap, size_t size)
{
	struct dma_heap_allocation_data data = { .len = size, .fd_flags = O_RDWR | O_CLOEXEC };
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", heap);
	fd = open(path, O_RDWR | O_CLOEXEC);
	igt_require_f(fd >= 0, "%s: %m\n", path);
	igt_assert_eq(lab_ioctl(fd, DMA_HEAP_IOCTL_ALLOC, &data), 0);
	lab_close(fd);
	return data.fd;
}
