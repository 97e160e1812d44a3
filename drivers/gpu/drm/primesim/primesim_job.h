/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_JOB_H_
#define _PRIMESIM_JOB_H_

#include <linux/kref.h>
#include <linux/workqueue.h>

#include <drm/gpu_scheduler.h>

#include "primesim_op.h"

struct drm_file;
struct primesim_context;
struct primesim_queue;

/**
 * struct primesim_job_bo - an object that a job uses
 * @bo: one reference.
 * @write: some operation writes it.
 */
struct primesim_job_bo {
	struct primesim_bo *bo;
	bool write;
};

/* Each operation has up to that many objects. */
#define PRIMESIM_OP_BOS		(2 * PRIMESIM_MAX_PLANES)

/**
 * struct primesim_job - a list of operations on its way through the engine
 * @base: the scheduler's part.
 * @ref: one of the submitter's, one of the scheduler's and then of @reap.
 * @ctx: where it comes from, one reference.
 * @queue: where it runs.
 * @fence: the queue's ("hardware") fence, not initialised before @started.
 * @started: the scheduler has handed the job to the engine.
 * @stop: not zero when the engine is to end the job early, with this error.
 * @run: executes the operations.
 * @reap: drops what the job holds.
 * @bos: the objects it uses, each once.
 * @bo_count: number of @bos.
 * @op_count: number of @ops.
 * @ops: what to do.
 *
 * The submitter keeps it until all objects are unlocked: drm_exec drops its references
 * to them while other reservations are held, where none may be the last one.
 */
struct primesim_job {
	struct drm_sched_job base;
	struct kref ref;
	struct primesim_context *ctx;
	struct primesim_queue *queue;
	struct dma_fence *fence;
	bool started;
	int stop;
	struct work_struct run;
	struct work_struct reap;
	struct primesim_job_bo *bos;
	u32 bo_count;
	u32 op_count;
	struct primesim_op ops[] __counted_by(op_count);
};

static inline struct primesim_job *to_primesim_job(struct drm_sched_job *base)
{
	return container_of(base, struct primesim_job, base);
}

struct primesim_job *primesim_job_create(struct primesim_context *ctx, u32 queue,
					 struct drm_file *file, u32 op_count);
void primesim_job_abort(struct primesim_job *job);
struct primesim_job *primesim_job_get(struct primesim_job *job);
void primesim_job_put(struct primesim_job *job);
struct primesim_bo *primesim_job_add_bo(struct primesim_job *job, struct drm_file *file,
					u32 handle, bool write);

#endif /* _PRIMESIM_JOB_H_ */
