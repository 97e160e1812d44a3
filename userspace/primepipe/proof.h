/* SPDX-License-Identifier: MIT */
/* What can be said, from facts of the kernel, about who reached which pages. */
#ifndef PROOF_H
#define PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline.h"

#define MAX_FACTS (2 * MAX_BUFFERS)

/* One buffer. A device that tells nothing of it has the page id 0. */
struct buffer_fact {
	const char *role;		/* "camera" or "display" */
	unsigned int index;
	bool same_pages;		/* for all that used it */
	const char *how;		/* how that is known */
	uint64_t identity;		/* of its dma-buf, 0 when it has none */
	struct simbuf_info camera;
	struct simbuf_info gpu;
	struct simbuf_info display;
};

struct proof {
	struct buffer_fact facts[MAX_FACTS];
	unsigned int count;
	bool same_pages;		/* in all buffers that frames went through */
	uint64_t kernel_copied_bytes;
	uint64_t device_read_bytes;
	uint64_t device_written_bytes;
	const char *broken;		/* what ended the run early, or NULL */
};

/* While the buffers are still alive. @broken: what ended the run early, or NULL; kept. */
void proof_collect(struct proof *proof, struct pipeline *pipeline, const char *broken);

/* All bytes of pixels that a CPU copied. */
static inline uint64_t proof_cpu_copy_bytes(const struct proof *proof,
					    const struct pipeline *pipeline)
{
	return proof->kernel_copied_bytes + pipeline->counters.memcpy_bytes;
}

/* NULL when the run did what it should, else what is wrong. */
const char *proof_complaint(const struct proof *proof, const struct pipeline *pipeline);

#endif
