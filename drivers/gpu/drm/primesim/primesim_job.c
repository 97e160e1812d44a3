// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Contexts and jobs: what a file has on the engine, and what a job holds.
 */
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/simbuf.h>
#include <linux/slab.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>

#include "primesim_drv.h"
#include "primesim_engine.h"
#include "primesim_gem.h"
#include "primesim_job.h"

/* Jobs of one file that may be alive at once; SUBMIT waits for them to get fewer. */
#define MAX_JOBS	512

static void primesim_context_release(struct kref *refcount)
{
	struct primesim_context *ctx = container_of(refcount, struct primesim_context, refcount);
	struct primesim_engine *engine = ctx->engine;

	mutex_destroy(&ctx->lock);
	kfree(ctx);
	primesim_engine_put(engine);
}

static void primesim_context_put(struct primesim_context *ctx)
{
	kref_put(&ctx->refcount, primesim_context_release);
}

static void primesim_context_end_work(struct work_struct *work)
{
	struct primesim_context *ctx = container_of(work, struct primesim_context, end);

	/* Waits until all jobs have begun. */
	drm_sched_entity_destroy(&ctx->entity);
	primesim_context_put(ctx);
}

/**
 * primesim_context_create - a queue for the jobs of a file
 * @pdev: the device.
 *
 * Return: the context, or an ERR_PTR.
 */
struct primesim_context *primesim_context_create(struct primesim_device *pdev)
{
	struct drm_gpu_scheduler *sched = &pdev->engine->sched;
	struct primesim_context *ctx;
	int ret;

	ctx = kzalloc_obj(*ctx, GFP_KERNEL_ACCOUNT);
	if (!ctx)
		return ERR_PTR(-ENOMEM);

	ret = drm_sched_entity_init(&ctx->entity, DRM_SCHED_PRIORITY_NORMAL, &sched, 1, NULL);
	if (ret)
		goto err_free;

	kref_init(&ctx->refcount);
	mutex_init(&ctx->lock);
	init_waitqueue_head(&ctx->room);
	INIT_WORK(&ctx->end, primesim_context_end_work);
	ctx->engine = pdev->engine;
	primesim_engine_get(ctx->engine);

	return ctx;

err_free:
	kfree(ctx);
	return ERR_PTR(ret);
}

/**
 * primesim_context_destroy - end a file's queue
 * @ctx: the context. Nobody submits to it any more.
 *
 * The jobs are done nevertheless: others may wait for what they draw. Only when
 * the process was killed, they end with an error: the one that runs at once,
 * the others as soon as what they wait for has signalled.
 */
void primesim_context_destroy(struct primesim_context *ctx)
{
	if ((current->flags & PF_EXITING) && current->exit_code == SIGKILL) {
		primesim_engine_cancel(ctx);
		drm_sched_entity_fini(&ctx->entity);
		primesim_context_put(ctx);
	} else {
		queue_work(ctx->engine->reap_wq, &ctx->end);
	}
}

/**
 * primesim_context_wait_for_room - wait until a job may be added
 * @ctx: the context.
 *
 * Keeps a program from filling memory with jobs faster than they are done.
 *
 * Return: 0 or -ERESTARTSYS.
 */
int primesim_context_wait_for_room(struct primesim_context *ctx)
{
	return wait_event_interruptible(ctx->room, atomic_read(&ctx->jobs) < MAX_JOBS);
}

/**
 * primesim_job_create - a job without objects and with empty operations
 * @ctx: the context it will be pushed to.
 * @file: the file that submits it.
 * @op_count: number of operations.
 *
 * Return: the job, which is to be pushed or to be given to
 * primesim_job_abort(), or an ERR_PTR.
 */
struct primesim_job *primesim_job_create(struct primesim_context *ctx, struct drm_file *file,
					 u32 op_count)
{
	struct primesim_job *job;
	int ret = -ENOMEM;

	job = kvzalloc(struct_size(job, ops, op_count), GFP_KERNEL_ACCOUNT);
	if (!job)
		return ERR_PTR(-ENOMEM);
	job->op_count = op_count;

	job->bos = kvcalloc(op_count * PRIMESIM_OP_BOS, sizeof(*job->bos), GFP_KERNEL_ACCOUNT);
	if (!job->bos)
		goto err_free_job;

	job->fence = primesim_engine_fence_alloc();
	if (!job->fence)
		goto err_free_bos;

	ret = drm_sched_job_init(&job->base, &ctx->entity, 1, ctx, file->client_id);
	if (ret)
		goto err_free_fence;

	primesim_engine_prepare(job);
	kref_get(&ctx->refcount);
	atomic_inc(&ctx->jobs);
	job->ctx = ctx;

	return job;

err_free_fence:
	kfree(job->fence);
err_free_bos:
	kvfree(job->bos);
err_free_job:
	kvfree(job);
	return ERR_PTR(ret);
}

/**
 * primesim_job_release - free a job and what it holds
 * @job: a job that the scheduler has nothing to do with any more.
 *
 * May wait for reservation locks, so it must not be called where a fence is
 * being signalled.
 */
void primesim_job_release(struct primesim_job *job)
{
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
 * primesim_job_abort - undo primesim_job_create() for a job that was not armed
 * @job: the job.
 */
void primesim_job_abort(struct primesim_job *job)
{
	drm_sched_job_cleanup(&job->base);
	primesim_job_release(job);
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
