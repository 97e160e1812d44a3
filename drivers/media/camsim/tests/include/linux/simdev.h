/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_SIMDEV_H
#define _LINUX_SIMDEV_H

#include <linux/dma-direction.h>
#include <linux/types.h>

/* A window on memory of the test's */
struct simdev_window {
	u8 *memory;
	size_t size;
};

void *simdev_window_at(struct simdev_window *win, size_t offset, size_t len);
int simdev_window_write_rows(struct simdev_window *win, size_t offset, size_t stride,
			     size_t rows, const void *row, size_t len);

#endif
