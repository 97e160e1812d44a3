/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * Private V4L2 interface of camsim: what no standard ioctl tells.
 */
#ifndef _UAPI_LINUX_CAMSIM_H
#define _UAPI_LINUX_CAMSIM_H

#include <linux/simbuf.h>
#include <linux/types.h>
#include <linux/videodev2.h>

/**
 * struct camsim_buffer_info - argument of VIDIOC_CAMSIM_BUFFER_INFO
 * @index: in: index of a buffer of the capture queue, as in struct v4l2_buffer.
 * @plane: in: memory plane of that buffer, 0 for single-planar formats.
 * @info: out: the buffer as the camera's DMA sees it. For a V4L2_MEMORY_DMABUF
 *	buffer @info.page_id is that of the last time the camera mapped it, so
 *	that it can also be asked for after the buffer was dequeued.
 *
 * Errors: EINVAL: no such buffer or plane, or (V4L2_MEMORY_DMABUF) none was
 * ever queued at that index.
 */
struct camsim_buffer_info {
	__u32 index;
	__u32 plane;
	struct simbuf_info info;
};

#define VIDIOC_CAMSIM_BUFFER_INFO \
	_IOWR('V', BASE_VIDIOC_PRIVATE + 0, struct camsim_buffer_info)

#endif /* _UAPI_LINUX_CAMSIM_H */
