// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The engine: two queues, each a scheduler in front of one thread that does the work.
 */
#include <linux/dma-fence.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "primesim_config.h"
#include "primesim_client.h"
#include "primesim_context.h"
#include "primesim_drv.h"
#include "primesim_engine.h"
#include "primesim_exec.h"
#include "primesim_job.h"

/**
 * DOC: the way of a job
 *
 * SUBMIT arms a job and pushes it to its context's entity for one of the queues. The
 * scheduler waits for what the job depends on and calls run_job(), which starts the
 * queue's fence and hands the job to @run_wq. There the operations are executed and
 * the fence is signalled, which signals the job's finished fence, the one that
 * everybody else waits for. The scheduler calls free_job(), which queues the job
 * to @reap_wq, where its references are dropped.
 *
 * Everything from arming to signalling must come to its end without memory
 * reclaim and without reservation locks, as other work may wait for the fence
 * while it holds those: all that a job needs is allocated and mapped before it
 * is armed.
 *
 * A fence of the engine is signalled in bounded time. A job that takes longer than
 * the engine's timeout is ended after one more row, with ETIMEDOUT, and its context
 * is banned: what else it has queued ends with ECANCELED as soon as its turn comes,
 * and SUBMIT refuses more. The unit itself needs no reset, so the jobs of others just
 * go on. Removal of the device ends all jobs in the same way.
 */

/* Jobs that a queue holds at once; the others can still be overtaken. */
#define JOBS_IN_FLIGHT	2

static const char * const queue_names[PRIMESIM_QUEUES] = {
	[DRM_PRIMESIM_QUEUE_RENDER] = "primesim-render",
	[DRM_PRIMESIM_QUEUE_COPY] = "primesim-copy",
};

/* Freed by dma_fence_free(), so @base is first. */
struct primesim_fence {
	struct dma_fence base;
	const char *name;
	spinlock_t lock;	/* of @base */
};

static const char *primesim_fence_driver_name(struct dma_fence *fence)
{
	return "primesim";
}

static const char *primesim_fence_timeline_name(struct dma_fence *fence)
{
	return container_of(fence, struct primesim_fence, base)->name;
}

static const struct dma_fence_ops primesim_fence_ops = {
	.get_driver_name = primesim_fence_driver_name,
	.get_timeline_name = primesim_fence_timeline_name,
};

/**
 * primesim_engine_fence_alloc - memory for a job's fence on the engine
 *
 * Return: a fence that is not initialised yet, or NULL. The engine initialises it; else it is to be
 * freed with kfree().
 */
struct dma_fence *primesim_engine_fence_alloc(void)
{
	struct primesim_fence *fence = kzalloc_obj(*fence, GFP_KERNEL_ACCOUNT);

	if (!fence)
		return NULL;
	spin_lock_init(&fence->lock);

	return &fence->base;
}

static void primesim_queue_fence_start(struct primesim_queue *queue, struct dma_fence *fence)
{
	struct primesim_fence *pfence = container_of(fence, struct primesim_fence, base);

	pfence->name = queue->name;
	dma_fence_init(fence, &primesim_fence_ops, &pfence->lock,
		       queue->fences.context, ++queue->fences.seqno);
}

static void primesim_queue_begin(struct primesim_queue *queue, struct primesim_job *job)
{
	struct primesim_engine *engine = queue->engine;
	int dead;

	spin_lock(&engine->lock);
	queue->current_job = job;
	queue->begun = primesim_busy_now();
	dead = engine->dead ?: job->ctx->dead;
	if (dead && !job->stop)
		WRITE_ONCE(job->stop, dead);
	spin_unlock(&engine->lock);
}

static void primesim_queue_end(struct primesim_queue *queue)
{
	struct primesim_engine *engine = queue->engine;

	spin_lock(&engine->lock);
	primesim_busy_add(&queue->current_job->ctx->client->busy[queue - engine->queues],
			  &queue->begun);
	queue->current_job = NULL;
	spin_unlock(&engine->lock);
}

static void primesim_queue_run_work(struct work_struct *work)
{
	struct primesim_job *job = container_of(work, struct primesim_job, run);
	struct primesim_queue *queue = job->queue;
	struct dma_fence *fence = dma_fence_get(job->fence);
	bool cookie = dma_fence_begin_signalling();
	int ret;

	primesim_queue_begin(queue, job);
	primesim_failed_job(queue->engine->pdev, &job->base);
	ret = primesim_exec_run(queue->exec, job->ops, job->op_count, &job->stop);
	primesim_queue_end(queue);

	if (ret)
		dma_fence_set_error(fence, ret);
	/* The job may be gone from here on. */
	dma_fence_signal(fence);
	dma_fence_end_signalling(cookie);
	dma_fence_put(fence);
}

static struct dma_fence *primesim_queue_run_job(struct drm_sched_job *base)
{
	struct primesim_job *job = to_primesim_job(base);

	primesim_queue_fence_start(job->queue, job->fence);
	job->started = true;
	queue_work(job->queue->run_wq, &job->run);

	return dma_fence_get(job->fence);
}

/* Ends what a context has on the queues; @guilty, if any, for a reason of its own. */
static void primesim_engine_end_context(struct primesim_context *ctx,
					struct primesim_job *guilty)
{
	struct primesim_engine *engine = ctx->engine;

	spin_lock(&engine->lock);
	WRITE_ONCE(ctx->dead, -ECANCELED);
	if (guilty)
		WRITE_ONCE(guilty->stop, -ETIMEDOUT);
	for (u32 i = 0; i < PRIMESIM_QUEUES; i++) {
		struct primesim_job *job = engine->queues[i].current_job;

		if (job && job->ctx == ctx && !job->stop)
			WRITE_ONCE(job->stop, ctx->dead);
	}
	spin_unlock(&engine->lock);
}

static enum drm_gpu_sched_stat primesim_queue_timedout_job(struct drm_sched_job *base)
{
	struct primesim_job *job = to_primesim_job(base);
	struct primesim_engine *engine = job->queue->engine;

	if (!dma_fence_is_signaled(&base->s_fence->finished)) {
		drm_notice(&engine->pdev->base,
			   "%s: a job of client %llu took longer than %u ms, its context is banned\n",
			   job->queue->name, base->s_fence->drm_client_id, engine->timeout_ms);
		primesim_engine_end_context(job->ctx, job);
	}

	/* The unit itself goes on: its fence signals after one more row. */
	return primesim_sched_no_hang(base);
}

static void primesim_engine_reap_work(struct work_struct *work)
{
	primesim_job_put(container_of(work, struct primesim_job, reap));
}

static void primesim_queue_free_job(struct drm_sched_job *base)
{
	struct primesim_job *job = to_primesim_job(base);

	primesim_sched_fence_detach(base);
	drm_sched_job_cleanup(base);
	queue_work(job->ctx->engine->reap_wq, &job->reap);
}

static const struct drm_sched_backend_ops primesim_queue_sched_ops = {
	.run_job = primesim_queue_run_job,
	.timedout_job = primesim_queue_timedout_job,
	.free_job = primesim_queue_free_job,
};

/**
 * primesim_engine_prepare - make a job one that can run here
 * @job: a new job.
 */
void primesim_engine_prepare(struct primesim_job *job)
{
	INIT_WORK(&job->run, primesim_queue_run_work);
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
	primesim_engine_end_context(ctx, NULL);
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

static int primesim_queue_init_sched(struct primesim_queue *queue)
{
	const struct drm_sched_init_args args = {
		.ops = &primesim_queue_sched_ops,
		.num_rqs = DRM_SCHED_PRIORITY_COUNT,
		.credit_limit = JOBS_IN_FLIGHT,
		.timeout = msecs_to_jiffies(queue->engine->timeout_ms),
		.name = queue->name,
		.dev = queue->engine->pdev->base.dev,
	};

	return drm_sched_init(&queue->sched, &args);
}

static int primesim_queue_init(struct primesim_engine *engine, u32 number)
{
	struct primesim_queue *queue = &engine->queues[number];
	int ret = -ENOMEM;

	queue->engine = engine;
	queue->name = queue_names[number];
	queue->fences.context = dma_fence_context_alloc(1);

	queue->exec = kvzalloc_obj(*queue->exec);
	if (!queue->exec)
		return -ENOMEM;
	queue->run_wq = alloc_ordered_workqueue("%s", WQ_HIGHPRI | WQ_MEM_RECLAIM, queue->name);
	if (!queue->run_wq)
		goto err_free_exec;
	ret = primesim_queue_init_sched(queue);
	if (ret)
		goto err_destroy_run;

	return 0;

err_destroy_run:
	destroy_workqueue(queue->run_wq);
err_free_exec:
	kvfree(queue->exec);
	return ret;
}

/* In two steps: freeing jobs takes both schedulers and the queue that reaps. */
static void primesim_queue_fini(struct primesim_queue *queue)
{
	destroy_workqueue(queue->run_wq);
	kvfree(queue->exec);
}

/*
 * All files are closed, so no context is added. Those that are left have jobs,
 * which are freed once what they wait for has signalled.
 */
static void primesim_engine_fini(struct drm_device *dev, void *data)
{
	struct primesim_engine *engine = data;

	wait_event(engine->idle, !atomic_read(&engine->contexts));
	for (u32 i = 0; i < PRIMESIM_QUEUES; i++)
		drm_sched_fini(&engine->queues[i].sched);
	destroy_workqueue(engine->reap_wq);
	for (u32 i = 0; i < PRIMESIM_QUEUES; i++)
		primesim_queue_fini(&engine->queues[i]);
	/* Who asks for the name of a fence may still look at the scheduler's. */
	synchronize_rcu();
	kfree(engine);
}

/**
 * primesim_engine_init - make a device's engine
 * @pdev: the device; the engine is freed with its last reference.
 * @config: its properties.
 *
 * Return: 0 or a negative errno.
 */
int primesim_engine_init(struct primesim_device *pdev, const struct primesim_config *config)
{
	struct primesim_engine *engine;
	u32 queues;
	int ret;

	ret = primesim_sched_fence_init();
	if (ret)
		return ret;
	ret = -ENOMEM;
	engine = kzalloc_obj(*engine);
	if (!engine)
		return ret;
	engine->pdev = pdev;
	engine->timeout_ms = config->job_timeout_ms;
	init_waitqueue_head(&engine->idle);
	spin_lock_init(&engine->lock);

	engine->reap_wq = alloc_workqueue("primesim-reap", WQ_UNBOUND, 0);
	if (!engine->reap_wq)
		goto err_free;
	for (queues = 0; queues < PRIMESIM_QUEUES; queues++) {
		ret = primesim_queue_init(engine, queues);
		if (ret)
			goto err_fini_queues;
	}

	pdev->engine = engine;

	return drmm_add_action_or_reset(&pdev->base, primesim_engine_fini, engine);

err_fini_queues:
	while (queues--) {
		drm_sched_fini(&engine->queues[queues].sched);
		primesim_queue_fini(&engine->queues[queues]);
	}
	destroy_workqueue(engine->reap_wq);
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
	for (u32 i = 0; i < PRIMESIM_QUEUES; i++)
		if (engine->queues[i].current_job)
			WRITE_ONCE(engine->queues[i].current_job->stop, -ENODEV);
	spin_unlock(&engine->lock);

	for (u32 i = 0; i < PRIMESIM_QUEUES; i++)
		flush_workqueue(engine->queues[i].run_wq);
}
