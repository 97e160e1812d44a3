/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_OP_H_
#define _PRIMESIM_OP_H_

#include <uapi/drm/primesim_drm.h>

#include "primesim_format.h"

struct primesim_bo;
struct simbuf_attachment;
struct simdev;

/**
 * struct primesim_op_surface - what one side of an operation touches
 * @format: of the pixels; NULL for bytes, and for a side that is not used.
 * @planes: number of planes, 1 for bytes, 0 for a side that is not used.
 * @bo: object of each plane; the job holds the reference.
 * @att: how the engine reaches each object.
 */
struct primesim_op_surface {
	const struct primesim_format *format;
	u32 planes;
	struct primesim_bo *bo[PRIMESIM_MAX_PLANES];
	struct simbuf_attachment *att[PRIMESIM_MAX_PLANES];
};

/**
 * struct primesim_op - one operation, checked and ready to run
 * @args: as userspace gave it.
 * @src: what it reads.
 * @dst: what it writes.
 */
struct primesim_op {
	struct drm_primesim_op args;
	struct primesim_op_surface src;
	struct primesim_op_surface dst;
};

int primesim_op_check(struct primesim_op *op, u32 number, u32 queue, struct simdev *sd);
int primesim_op_check_reach(const struct primesim_op *op, u32 number, struct simdev *sd);

#endif /* _PRIMESIM_OP_H_ */
