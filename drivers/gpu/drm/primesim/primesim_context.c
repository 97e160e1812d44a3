// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Contexts: what a file has on the engine. Number 0 comes with the file.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/simbuf.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include <drm/drm_auth.h>
#include <drm/drm_file.h>

#include "primesim_client.h"
#include "primesim_context.h"
#include "primesim_drv.h"
#include "primesim_engine.h"

/* Jobs of one context that may be alive at once; SUBMIT waits for them to get fewer. */
#define MAX_JOBS	512

/* Contexts of one file, its own included. */
#define MAX_CONTEXTS	64

static const enum drm_sched_priority sched_priorities[] = {
	[DRM_PRIMESIM_PRIORITY_NORMAL] = DRM_SCHED_PRIORITY_NORMAL,
	[DRM_PRIMESIM_PRIORITY_LOW] = DRM_SCHED_PRIORITY_LOW,
	[DRM_PRIMESIM_PRIORITY_HIGH] = DRM_SCHED_PRIORITY_HIGH,
};

static void primesim_context_release(struct kref *refcount)
{
	struct primesim_context *ctx = container_of(refcount, struct primesim_context, refcount);
	struct primesim_engine *engine = ctx->engine;

	mutex_destroy(&ctx->lock);
	primesim_client_put(ctx->client);
	kfree(ctx);
	primesim_engine_put(engine);
}

void primesim_context_get(struct primesim_context *ctx)
{
	kref_get(&ctx->refcount);
}

void primesim_context_put(struct primesim_context *ctx)
{
	kref_put(&ctx->refcount, primesim_context_release);
}

static void primesim_context_end_work(struct work_struct *work)
{
	struct primesim_context *ctx = container_of(work, struct primesim_context, end);

	/* Waits until all jobs have begun. */
	for (u32 i = 0; i < PRIMESIM_QUEUES; i++)
		drm_sched_entity_destroy(&ctx->entities[i]);
	primesim_context_put(ctx);
}

static int primesim_context_init_entities(struct primesim_context *ctx, u32 priority)
{
	u32 done;
	int ret;

	for (done = 0; done < PRIMESIM_QUEUES; done++) {
		struct drm_gpu_scheduler *sched = &ctx->engine->queues[done].sched;

		ret = drm_sched_entity_init(&ctx->entities[done], sched_priorities[priority],
					    &sched, 1, NULL);
		if (ret)
			goto err_fini;
	}

	return 0;

err_fini:
	while (done--)
		drm_sched_entity_fini(&ctx->entities[done]);
	return ret;
}

/* @priority: DRM_PRIMESIM_PRIORITY_*. */
static struct primesim_context *primesim_context_create(struct primesim_engine *engine,
							struct primesim_client *client,
							u32 priority)
{
	struct primesim_context *ctx;
	int ret;

	ctx = kzalloc_obj(*ctx, GFP_KERNEL_ACCOUNT);
	if (!ctx)
		return ERR_PTR(-ENOMEM);

	ctx->engine = engine;
	ret = primesim_context_init_entities(ctx, priority);
	if (ret)
		goto err_free;

	ctx->client = primesim_client_get(client);
	kref_init(&ctx->users);
	kref_init(&ctx->refcount);
	mutex_init(&ctx->lock);
	init_waitqueue_head(&ctx->room);
	INIT_WORK(&ctx->end, primesim_context_end_work);
	primesim_engine_get(engine);

	return ctx;

err_free:
	kfree(ctx);
	return ERR_PTR(ret);
}

/*
 * Nobody submits to it any more.
 *
 * The jobs are done nevertheless: others may wait for what they draw. Only when
 * the process was killed, they end with an error: the one that runs at once,
 * the others as soon as what they wait for has signalled.
 *
 * In either case the entities end when their queues are empty. The scheduler (as
 * of 7.2) cannot kill one that has jobs: if it is about to take the first of two, it
 * puts the entity, killed meanwhile, back among those to be served, for ever.
 */
static void primesim_context_end(struct kref *users)
{
	struct primesim_context *ctx = container_of(users, struct primesim_context, users);

	if ((current->flags & PF_EXITING) && current->exit_code == SIGKILL)
		primesim_engine_cancel(ctx);
	queue_work(ctx->engine->reap_wq, &ctx->end);
}

/**
 * primesim_context_use - a context by its number, to submit to
 * @pfile: the file that made it.
 * @id: its number.
 *
 * Return: the context, to be given to primesim_context_unuse(), or %NULL.
 */
struct primesim_context *primesim_context_use(struct primesim_file *pfile, u32 id)
{
	struct primesim_context *ctx;

	xa_lock(&pfile->contexts);
	ctx = xa_load(&pfile->contexts, id);
	if (ctx)
		kref_get(&ctx->users);
	xa_unlock(&pfile->contexts);

	return ctx;
}

/**
 * primesim_context_unuse - do not submit to a context any more
 * @ctx: the context; may be freed.
 */
void primesim_context_unuse(struct primesim_context *ctx)
{
	kref_put(&ctx->users, primesim_context_end);
}

/**
 * primesim_contexts_open - give a file its first context
 * @pfile: the file.
 * @engine: where its jobs run.
 *
 * Return: 0 or -ENOMEM.
 */
int primesim_contexts_open(struct primesim_file *pfile, struct primesim_engine *engine)
{
	struct primesim_context *ctx;
	int ret;

	ctx = primesim_context_create(engine, pfile->client, DRM_PRIMESIM_PRIORITY_NORMAL);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	xa_init_flags(&pfile->contexts, XA_FLAGS_ALLOC);
	ret = xa_err(xa_store(&pfile->contexts, 0, ctx, GFP_KERNEL_ACCOUNT));
	if (ret)
		primesim_context_unuse(ctx);

	return ret;
}

/**
 * primesim_contexts_close - end all contexts of a file
 * @pfile: the file, on which no ioctl runs any more.
 */
void primesim_contexts_close(struct primesim_file *pfile)
{
	struct primesim_context *ctx;
	unsigned long id;

	xa_for_each(&pfile->contexts, id, ctx)
		primesim_context_unuse(ctx);
	xa_destroy(&pfile->contexts);
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

static int primesim_context_check(const struct drm_primesim_context_create *args,
				  struct drm_file *file, struct simdev *gpu)
{
	if (args->flags || args->pad)
		return simbuf_refuse(-EINVAL, NULL, gpu,
				     "CONTEXT_CREATE: flags %#x or pad %#x not zero",
				     args->flags, args->pad);
	if (args->priority >= ARRAY_SIZE(sched_priorities))
		return simbuf_refuse(-EINVAL, NULL, gpu, "CONTEXT_CREATE: priority %u is unknown",
				     args->priority);
	if (args->priority == DRM_PRIMESIM_PRIORITY_HIGH && !capable(CAP_SYS_NICE) &&
	    !drm_is_current_master(file))
		return simbuf_refuse(-EACCES, NULL, gpu,
				     "CONTEXT_CREATE: high priority takes CAP_SYS_NICE or DRM master");

	return 0;
}

int primesim_ioctl_context_create(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct primesim_device *pdev = to_primesim_device(dev);
	struct drm_primesim_context_create *args = data;
	struct primesim_context *ctx;
	int ret;

	ret = primesim_context_check(args, file, pdev->gpu);
	if (ret)
		return ret;
	ctx = primesim_context_create(pdev->engine, to_primesim_file(file)->client,
				      args->priority);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	/* From here on another thread may guess the number: it belongs to the file. */
	ret = xa_alloc(&to_primesim_file(file)->contexts, &args->id, ctx,
		       XA_LIMIT(1, MAX_CONTEXTS - 1), GFP_KERNEL_ACCOUNT);
	if (!ret)
		return 0;

	primesim_context_unuse(ctx);
	if (ret == -EBUSY)
		return simbuf_refuse(-ENOSPC, NULL, pdev->gpu,
				     "CONTEXT_CREATE: the file has %u contexts already",
				     MAX_CONTEXTS);
	return ret;
}

int primesim_ioctl_context_destroy(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct simdev *gpu = to_primesim_device(dev)->gpu;
	struct drm_primesim_context_destroy *args = data;
	struct primesim_context *ctx;

	if (args->pad)
		return simbuf_refuse(-EINVAL, NULL, gpu, "CONTEXT_DESTROY: pad %#x, must be 0",
				     args->pad);
	if (!args->id)
		return simbuf_refuse(-EINVAL, NULL, gpu,
				     "CONTEXT_DESTROY: context 0 goes with its file");
	ctx = xa_erase(&to_primesim_file(file)->contexts, args->id);
	if (!ctx)
		return simbuf_refuse(-ENOENT, NULL, gpu, "CONTEXT_DESTROY: no context %u",
				     args->id);
	primesim_context_unuse(ctx);

	return 0;
}
