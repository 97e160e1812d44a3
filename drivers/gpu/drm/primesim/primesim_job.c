// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Jobs: what they hold, from SUBMIT until they are freed.
 */
#include <linux/err.h>
#include <linux/simbuf.h>
#include <linux/slab.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>

#include "primesim_context.h"
#include "primesim_drv.h"
#include "primesim_engine.h"
#include "primesim_gem.h"
#include "primesim_job.h"

/**
 * primesim_job_create - a job without objects and with empty operations
 * @ctx: the context it will be pushed to.
 * @queue: DRM_PRIMESIM_QUEUE_*, where it will run.
 * @file: the file that submits it.
 * @op_count: number of operations.
 *
 * Return: the job, which is to be pushed or to be given to
 * primesim_job_abort(), or an ERR_PTR.
 */
struct primesim_job *primesim_job_create(struct primesim_context *ctx, u32 queue,
					 struct drm_file *file, u32 op_count)
{
	struct primesim_job *job;
	int ret = -ENOMEM;

	job = kvzalloc(struct_size(job, ops, op_count), GFP_KERNEL_ACCOUNT);
	if (!job)
		return ERR_PTR(-ENOMEM);
	kref_init(&job->ref);
	job->op_count = op_count;

	job->bos = kvcalloc(op_count * PRIMESIM_OP_BOS, sizeof(*job->bos), GFP_KERNEL_ACCOUNT);
	if (!job->bos)
		goto err_free_job;

	job->fence = primesim_engine_fence_alloc();
	if (!job->fence)
		goto err_free_bos;

	ret = drm_sched_job_init(&job->base, &ctx->entities[queue], 1, ctx, file->client_id);
	if (ret)
		goto err_free_fence;

	primesim_engine_prepare(job);
	primesim_context_get(ctx);
	atomic_inc(&ctx->jobs);
	job->ctx = ctx;
	job->queue = &ctx->engine->queues[queue];

	return job;

err_free_fence:
	kfree(job->fence);
err_free_bos:
	kvfree(job->bos);
err_free_job:
	kvfree(job);
	return ERR_PTR(ret);
}

static void job_release(struct kref *ref)
{
	struct primesim_job *job = container_of(ref, struct primesim_job, ref);
	struct primesim_context *ctx = job->ctx;

	for (u32 i = 0; i < job->bo_count; i++)
		drm_gem_object_put(&job->bos[i].bo->base);

	if (job->started)
		dma_fence_put(job->fence);
	else
		kfree(job->fence);
	kvfree(job->bos);
	kvfree(job);

	atomic_dec(&ctx->jobs);
	wake_up(&ctx->room);
	primesim_context_put(ctx);
}

/**
 * primesim_job_get - keep a job and what it holds
 * @job: the job.
 *
 * Return: the job, to be given to primesim_job_put().
 */
struct primesim_job *primesim_job_get(struct primesim_job *job)
{
	kref_get(&job->ref);

	return job;
}

/**
 * primesim_job_put - drop a reference, with the last one the job and what it holds
 * @job: the job, with which the scheduler has nothing to do any more if it is the last one.
 *
 * May wait for reservation locks, so it must not be called with one held, nor where a fence is
 * being signalled.
 */
void primesim_job_put(struct primesim_job *job)
{
	kref_put(&job->ref, job_release);
}

/**
 * primesim_job_abort - undo primesim_job_create() for a job that was not armed
 * @job: the job.
 */
void primesim_job_abort(struct primesim_job *job)
{
	drm_sched_job_cleanup(&job->base);
	primesim_job_put(job);
}

/**
 * primesim_job_add_bo - have a job use an object
 * @job: a job that is not armed.
 * @file: the file that knows the object.
 * @handle: its GEM handle there.
 * @write: the job writes it.
 *
 * Return: the object, kept alive by the job, or an ERR_PTR.
 */
struct primesim_bo *primesim_job_add_bo(struct primesim_job *job, struct drm_file *file,
					u32 handle, bool write)
{
	struct drm_gem_object *obj = drm_gem_object_lookup(file, handle);
	struct primesim_bo *bo;

	if (!obj)
		return ERR_PTR(simbuf_refuse(-ENOENT, NULL, job->ctx->engine->pdev->gpu,
					     "SUBMIT: no GEM handle %u", handle));

	bo = to_primesim_bo(obj);
	for (u32 i = 0; i < job->bo_count; i++) {
		if (job->bos[i].bo == bo) {
			job->bos[i].write |= write;
			drm_gem_object_put(obj);
			return bo;
		}
	}
	job->bos[job->bo_count++] = (struct primesim_job_bo) { .bo = bo, .write = write };

	return bo;
}
