/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_SIMDEV_H
#define _LINUX_SIMDEV_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct simbuf_attachment;

/* A window on memory of the test's */
struct simdev_window {
	struct simbuf_attachment *att;
	enum dma_data_direction dir;
	u8 *staging;
	size_t staging_size;
	size_t staged_at;
	size_t staged;
};

void *simdev_window_at(struct simdev_window *win, size_t offset, size_t len);
int simdev_window_close(struct simdev_window *win);

#endif
