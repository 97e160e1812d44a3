/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_SIMBUF_H
#define _LINUX_SIMBUF_H

#include <linux/simdev.h>
#include <uapi/linux/simbuf.h>

/* Memory of the test's, contiguous in runs of @run bytes */
struct simbuf_attachment {
	u8 *memory;
	size_t size;
	size_t run;
};

void simbuf_window_open(struct simdev_window *win, struct simbuf_attachment *att,
			enum dma_data_direction dir, void *staging, size_t staging_size);

#endif
