// SPDX-License-Identifier: MIT
#include "fence.h"

#include <errno.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <sys/ioctl.h>

int pp_fence_wait(int fd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int ret;

	do {
		ret = poll(&poll_fd, 1, timeout_ms);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -errno;
	return ret ? 0 : -ETIME;
}

int pp_fence_signalled_at(int fd, uint64_t *ns)
{
	struct sync_fence_info fence = { 0 };
	struct sync_file_info info = {
		.num_fences = 1,
		.sync_fence_info = (uintptr_t)&fence,
	};

	if (ioctl(fd, SYNC_IOC_FILE_INFO, &info))
		return -errno;
	if (info.status < 0)
		return info.status;
	if (!info.status)
		return -EBUSY;
	*ns = fence.timestamp_ns;
	return 0;
}
