/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Memory of the buffers of a camera's queues, its own and imported, for videobuf2.
 */
#ifndef _CAMSIM_MEM_H_
#define _CAMSIM_MEM_H_

#include <linux/types.h>

struct camsim_mem;
struct dma_resv;
struct simbuf_attachment;
struct simbuf_info;
struct vb2_mem_ops;

extern const struct vb2_mem_ops camsim_mem_ops;

int camsim_mem_prepare(struct camsim_mem *mem);
void camsim_mem_finish(struct camsim_mem *mem);
struct simbuf_attachment *camsim_mem_attachment(struct camsim_mem *mem);
struct dma_resv *camsim_mem_resv(struct camsim_mem *mem);
void camsim_mem_account_copy(struct camsim_mem *mem, size_t bytes);
void camsim_mem_describe(struct camsim_mem *mem, struct simbuf_info *info);

#endif /* _CAMSIM_MEM_H_ */
