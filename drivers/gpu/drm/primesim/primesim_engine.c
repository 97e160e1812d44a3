// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The engine: a scheduler in front of one thread that does the work.
 */
#include <linux/dma-fence.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "primesim_drv.h"
#include "primesim_engine.h"
#include "primesim_exec.h"
#include "primesim_job.h"

/**
 * DOC: the way of a job
 *
 * SUBMIT arms a job and pushes it to its context's entity. The scheduler waits
 * for what the job depends on and calls run_job(), which starts the engine's
 * fence and queues the job to @run_wq. There the operations are executed and
 * the fence is signalled, which signals the job's finished fence, the one that
 * everybody else waits for. The scheduler calls free_job(), which queues the job
 * to @reap_wq, where its references are dropped.
 *
 * Everything from arming to signalling must come to its end without memory
 * reclaim and without reservation locks, as other work may wait for the fence
 * while it holds those: all that a job needs is allocated and mapped before it
 * is armed.
 *
 * A fence of the engine is signalled in bounded time: an operation's work is
 * bounded by its rectangles, the scheduler's timeout ends a job that takes too
 * long after one more row, and so does removal of the device.
 */

/* Far above what a job takes that is not meant to last; the guest may be slow. */
#define JOB_TIMEOUT	(20 * HZ)

/* Jobs the engine holds at once; the others can still be taken back. */
#define JOBS_IN_FLIGHT	2

/* Freed by dma_fence_free(), so @base is first. */
struct primesim_fence {
	struct dma_fence base;
	spinlock_t lock;	/* of @base */
};

static const char *primesim_fence_driver_name(struct dma_fence *fence)
{
	return "primesim";
}

static const char *primesim_fence_timeline_name(struct dma_fence *fence)
{
	return "primesim-gpu";
}

static const struct dma_fence_ops primesim_fence_ops = {
	.get_driver_name = primesim_fence_driver_name,
	.get_timeline_name = primesim_fence_timeline_name,
};

/**
 * primesim_engine_fence_alloc - memory for a job's fence on the engine
 *
 * To be freed with kfree() unless the engine has initialised it.
 */
struct dma_fence *primesim_engine_fence_alloc(void)
{
	struct primesim_fence *fence = kzalloc_obj(*fence, GFP_KERNEL_ACCOUNT);

	if (!fence)
		return NULL;
	spin_lock_init(&fence->lock);

	return &fence->base;
}

static void primesim_engine_fence_start(struct primesim_engine *engine, struct dma_fence *fence)
{
	struct primesim_fence *pfence = container_of(fence, struct primesim_fence, base);

	dma_fence_init(fence, &primesim_fence_ops, &pfence->lock,
		       engine->fences.context, ++engine->fences.seqno);
}

static void primesim_engine_begin(struct primesim_engine *engine, struct primesim_job *job)
{
	int dead;

	spin_lock(&engine->lock);
	engine->current_job = job;
	dead = engine->dead ?: job->ctx->dead;
	if (dead)
		WRITE_ONCE(job->stop, dead);
	spin_unlock(&engine->lock);
}

static void primesim_engine_end(struct primesim_engine *engine)
{
	spin_lock(&engine->lock);
	engine->current_job = NULL;
	spin_unlock(&engine->lock);
}

static void primesim_engine_run_work(struct work_struct *work)
{
	struct primesim_job *job = container_of(work, struct primesim_job, run);
	struct primesim_engine *engine = job->ctx->engine;
	struct dma_fence *fence = dma_fence_get(job->fence);
	bool cookie = dma_fence_begin_signalling();
	int ret;

	primesim_engine_begin(engine, job);
	ret = primesim_exec_run(engine->exec, job->ops, job->op_count, &job->stop);
	primesim_engine_end(engine);

	if (ret)
		dma_fence_set_error(fence, ret);
	/* The job may be gone from here on. */
	dma_fence_signal(fence);
	dma_fence_end_signalling(cookie);
	dma_fence_put(fence);
}

static struct dma_fence *primesim_engine_run_job(struct drm_sched_job *base)
{
	struct primesim_job *job = to_primesim_job(base);
	struct primesim_engine *engine = job->ctx->engine;

	primesim_engine_fence_start(engine, job->fence);
	job->started = true;
	queue_work(engine->run_wq, &job->run);

	return dma_fence_get(job->fence);
}

static enum drm_gpu_sched_stat primesim_engine_timedout_job(struct drm_sched_job *base)
{
	struct primesim_job *job = to_primesim_job(base);
	struct primesim_engine *engine = job->ctx->engine;

	if (!dma_fence_is_signaled(&base->s_fence->finished)) {
		drm_notice(&engine->pdev->base, "job of client %llu took longer than %u s, ended\n",
			   base->s_fence->drm_client_id, JOB_TIMEOUT / HZ);
		WRITE_ONCE(job->stop, -ETIMEDOUT);
	}

	/* The engine itself goes on: its fence signals after one more row. */
	return DRM_GPU_SCHED_STAT_NO_HANG;
}

static void primesim_engine_reap_work(struct work_struct *work)
{
	primesim_job_release(container_of(work, struct primesim_job, reap));
}

static void primesim_engine_free_job(struct drm_sched_job *base)
{
	struct primesim_job *job = to_primesim_job(base);

	drm_sched_job_cleanup(base);
	queue_work(job->ctx->engine->reap_wq, &job->reap);
}

static const struct drm_sched_backend_ops primesim_engine_sched_ops = {
	.run_job = primesim_engine_run_job,
	.timedout_job = primesim_engine_timedout_job,
	.free_job = primesim_engine_free_job,
};

/**
 * primesim_engine_prepare - make a job one that can run here
 * @job: a new job.
 */
void primesim_engine_prepare(struct primesim_job *job)
{
	INIT_WORK(&job->run, primesim_engine_run_work);
	INIT_WORK(&job->reap, primesim_engine_reap_work);
}

/**
 * primesim_engine_cancel - end the jobs of a context that was killed
 * @ctx: the context.
 *
 * Those that the engine has begun, or has been given, end after one more row.
 */
void primesim_engine_cancel(struct primesim_context *ctx)
{
	struct primesim_engine *engine = ctx->engine;

	spin_lock(&engine->lock);
	ctx->dead = -ECANCELED;
	if (engine->current_job && engine->current_job->ctx == ctx)
		WRITE_ONCE(engine->current_job->stop, ctx->dead);
	spin_unlock(&engine->lock);
}

/**
 * primesim_engine_get - count a context in
 * @engine: the engine.
 */
void primesim_engine_get(struct primesim_engine *engine)
{
	atomic_inc(&engine->contexts);
}

/**
 * primesim_engine_put - count a context out
 * @engine: the engine, kept alive by an open file or because this is called on
 *	its @reap_wq.
 */
void primesim_engine_put(struct primesim_engine *engine)
{
	if (atomic_dec_and_test(&engine->contexts))
		wake_up(&engine->idle);
}

static int primesim_engine_init_sched(struct primesim_engine *engine)
{
	const struct drm_sched_init_args args = {
		.ops = &primesim_engine_sched_ops,
		.num_rqs = DRM_SCHED_PRIORITY_COUNT,
		.credit_limit = JOBS_IN_FLIGHT,
		.timeout = JOB_TIMEOUT,
		.name = "primesim-gpu",
		.dev = engine->pdev->base.dev,
	};

	return drm_sched_init(&engine->sched, &args);
}

/*
 * All files are closed, so no context is added. Those that are left have jobs,
 * which are freed once what they wait for has signalled.
 */
static void primesim_engine_fini(struct drm_device *dev, void *data)
{
	struct primesim_engine *engine = data;

	wait_event(engine->idle, !atomic_read(&engine->contexts));
	drm_sched_fini(&engine->sched);
	destroy_workqueue(engine->reap_wq);
	destroy_workqueue(engine->run_wq);
	/* Who asks for the name of a fence may still look at the scheduler's. */
	synchronize_rcu();
	kvfree(engine->exec);
	kfree(engine);
}

/**
 * primesim_engine_init - make a device's engine
 * @pdev: the device; the engine is freed with its last reference.
 *
 * Return: 0 or a negative errno.
 */
int primesim_engine_init(struct primesim_device *pdev)
{
	struct primesim_engine *engine;
	int ret = -ENOMEM;

	engine = kzalloc_obj(*engine);
	if (!engine)
		return -ENOMEM;
	engine->pdev = pdev;
	engine->fences.context = dma_fence_context_alloc(1);
	init_waitqueue_head(&engine->idle);
	spin_lock_init(&engine->lock);

	engine->exec = kvzalloc_obj(*engine->exec);
	if (!engine->exec)
		goto err_free;
	engine->run_wq = alloc_ordered_workqueue("primesim-gpu", WQ_HIGHPRI | WQ_MEM_RECLAIM);
	if (!engine->run_wq)
		goto err_free_exec;
	engine->reap_wq = alloc_workqueue("primesim-reap", WQ_UNBOUND, 0);
	if (!engine->reap_wq)
		goto err_destroy_run;
	ret = primesim_engine_init_sched(engine);
	if (ret)
		goto err_destroy_reap;

	pdev->engine = engine;

	return drmm_add_action_or_reset(&pdev->base, primesim_engine_fini, engine);

err_destroy_reap:
	destroy_workqueue(engine->reap_wq);
err_destroy_run:
	destroy_workqueue(engine->run_wq);
err_free_exec:
	kvfree(engine->exec);
err_free:
	kfree(engine);
	return ret;
}

/**
 * primesim_engine_unplug - the device is gone
 * @pdev: the device, after drm_dev_unplug().
 *
 * When this returns, the engine does not touch memory any more. Jobs that have
 * not finished end with -ENODEV, those that wait as soon as the scheduler gets
 * to them.
 */
void primesim_engine_unplug(struct primesim_device *pdev)
{
	struct primesim_engine *engine = pdev->engine;

	spin_lock(&engine->lock);
	engine->dead = -ENODEV;
	if (engine->current_job)
		WRITE_ONCE(engine->current_job->stop, -ENODEV);
	spin_unlock(&engine->lock);

	flush_workqueue(engine->run_wq);
}
