// SPDX-License-Identifier: MIT
/*
 * dma-bufs and their fences, and memory of other exporters that goes into the exchange.
 */
#include <drm/drm.h>
#include <drm/vgem_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/sync_file.h>
#include <linux/udmabuf.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include "actor.h"

static void map(struct actor *me)
{
	actor_touch(me, actor_some_fd(me), 4096 << actor_pick(me, 6),
		    actor_vary(me, 4096 * actor_pick(me, 4)));
}

static void cpu_access(struct actor *me)
{
	struct dma_buf_sync sync = {
		.flags = actor_vary(me, 1 + actor_pick(me, 3) +
				    (actor_odds(me, 2) ? DMA_BUF_SYNC_END : 0)),
	};

	actor_ioctl(me, "SYNC", actor_some_fd(me), DMA_BUF_IOCTL_SYNC, &sync);
}

static void fences(struct actor *me)
{
	struct dma_buf_export_sync_file export = {
		.flags = actor_vary(me, 1 + actor_pick(me, 3)), .fd = -1,
	};
	struct dma_buf_import_sync_file import = {
		.flags = actor_vary(me, 1 + actor_pick(me, 3)), .fd = actor_some_fd(me),
	};

	if (!actor_ioctl(me, "EXPORT_SYNC_FILE", actor_some_fd(me), DMA_BUF_IOCTL_EXPORT_SYNC_FILE,
			 &export))
		actor_keep(me, export.fd);
	actor_ioctl(me, "IMPORT_SYNC_FILE", actor_some_fd(me), DMA_BUF_IOCTL_IMPORT_SYNC_FILE,
		    &import);
}

static void sync_files(struct actor *me)
{
	struct sync_merge_data merge = { .name = "stress", .fd2 = actor_some_fd(me) };
	struct sync_fence_info fences[4] = {};
	struct sync_file_info info = {
		.num_fences = actor_pick(me, 5), .sync_fence_info = (uintptr_t)fences,
	};
	int fd = actor_some_fd(me);

	actor_ioctl(me, "FILE_INFO", fd, SYNC_IOC_FILE_INFO, &info);
	if (!actor_ioctl(me, "MERGE", fd, SYNC_IOC_MERGE, &merge))
		actor_keep(me, merge.fence);
}

static void name(struct actor *me)
{
	static const char *const names[] = { "", "%s%n", "stress", "\n\x1b[31m" };
	const char *name = names[actor_pick(me, 4)];

	actor_ioctl(me, "SET_NAME", actor_some_fd(me), DMA_BUF_SET_NAME_B, (void *)name);
}

static void look(struct actor *me)
{
	struct pollfd pollfd = { .fd = actor_some_fd(me), .events = POLLIN | POLLOUT };

	actor_does(me, "poll", pollfd.fd, 0);
	actor_did(me, poll(&pollfd, 1, actor_pick(me, 20)));
	actor_does(me, "lseek", pollfd.fd, 0);
	actor_did(me, lseek(pollfd.fd, 0, SEEK_END) < 0);
}

static void duplicate(struct actor *me)
{
	actor_keep(me, fcntl(actor_some_fd(me), F_DUPFD_CLOEXEC, 0));
}

/*
 * DMA_API_DEBUG complains of udmabuf's own device, once a boot, and of no other then. That maps its
 * pages for the direction of the first SYNC and gives the DMA API those of later ones, which it may
 * do if the first was for both; and it never says that it takes segments of more than 64 KiB.
 */
#define UDMABUF_PAGES_LOG2	4

static void sync_both(struct actor *me, int fd)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_RW | DMA_BUF_SYNC_START };

	actor_ioctl(me, "SYNC", fd, DMA_BUF_IOCTL_SYNC, &sync);
	sync.flags = DMA_BUF_SYNC_RW | DMA_BUF_SYNC_END;
	actor_ioctl(me, "SYNC", fd, DMA_BUF_IOCTL_SYNC, &sync);
}

static void make_udmabuf(struct actor *me)
{
	struct udmabuf_create create = {
		.size = 4096 << actor_pick(me, UDMABUF_PAGES_LOG2 + 1),
	};
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);

	create.memfd = memfd_create("stress", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (!ftruncate(create.memfd, create.size) &&
	    !fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK)) {
		int fd = actor_ioctl(me, "UDMABUF_CREATE", device, UDMABUF_CREATE, &create);

		if (fd >= 0) {
			sync_both(me, fd);
			actor_keep(me, fd);
		}
	}
	close(create.memfd);
	if (device >= 0)
		close(device);
}

static void make_heap(struct actor *me)
{
	struct dma_heap_allocation_data data = {
		.len = 4096 << actor_pick(me, 8), .fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap = open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC);

	if (heap < 0)
		return;
	if (!actor_ioctl(me, "HEAP_ALLOC", heap, DMA_HEAP_IOCTL_ALLOC, &data))
		actor_keep(me, data.fd);
	close(heap);
}

/* vgem's fences signal when its file is closed: with an error, and whoever waits for them. */
static void fence_of_vgem(struct actor *me, int vgem, uint32_t handle)
{
	struct drm_vgem_fence_attach attach = {
		.handle = handle, .flags = actor_odds(me, 2) ? VGEM_FENCE_WRITE : 0,
	};
	struct drm_vgem_fence_signal signal = {};

	if (actor_ioctl(me, "vgem FENCE_ATTACH", vgem, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach))
		return;
	usleep(actor_pick(me, 10000));
	signal.fence = attach.out_fence;
	if (actor_odds(me, 2))
		actor_ioctl(me, "vgem FENCE_SIGNAL", vgem, DRM_IOCTL_VGEM_FENCE_SIGNAL, &signal);
}

static void make_vgem(struct actor *me)
{
	struct drm_mode_create_dumb create = {
		.width = 1 + actor_pick(me, 200), .height = 200, .bpp = 32,
	};
	int vgem = drmOpenWithType("vgem", NULL, DRM_NODE_RENDER);

	if (vgem < 0)
		return;
	if (!actor_ioctl(me, "vgem CREATE_DUMB", vgem, DRM_IOCTL_MODE_CREATE_DUMB, &create) &&
	    actor_export(me, vgem, create.handle, DRM_CLOEXEC | DRM_RDWR) >= 0)
		fence_of_vgem(me, vgem, create.handle);
	close(vgem);
}

static void let_go(struct actor *me)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	actor_keep(me, nothing);
}

static const actor_step steps[] = {
	map, map, map, cpu_access, cpu_access, fences, fences, sync_files, name, look, look,
	duplicate, make_udmabuf, make_heap, make_vgem, let_go, NULL,
};

const struct actor_kind actor_dmabuf = { .name = "dmabuf", .steps = steps };
