// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * DRM_IOCTL_PRIMESIM_SUBMIT: from what userspace asks for to a job on its way.
 *
 * All that can fail is done first and leaves no trace when it does: operations
 * are copied and checked, objects looked up and mapped, fences to wait for
 * collected, fences to signal prepared, reservations locked. submit_publish()
 * is the point of no return.
 */
#include <linux/dma-fence-chain.h>
#include <linux/dma-resv.h>
#include <linux/printk.h>
#include <linux/simbuf.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <drm/drm_drv.h>
#include <drm/drm_exec.h>
#include <drm/drm_gem.h>
#include <drm/drm_syncobj.h>

#include "primesim_context.h"
#include "primesim_drv.h"
#include "primesim_gem.h"
#include "primesim_job.h"
#include "primesim_submit.h"

#define MAX_OPS		64
#define MAX_SYNCS	64

/* The size that struct drm_primesim_op had in the first version. */
#define OP_SIZE_MIN	offsetofend(struct drm_primesim_op, length)
#define OP_SIZE_MAX	SZ_4K

/* An object may stand for a reservation that another one of the job has too. */
#define FENCES_PER_BO	2

/**
 * struct submit_out - a syncobj that gets the job's fence
 * @syncobj: one reference.
 * @point: timeline point, or 0.
 * @chain: node for @point, NULL when that is 0 or once it was published.
 */
struct submit_out {
	struct drm_syncobj *syncobj;
	u64 point;
	struct dma_fence_chain *chain;
};

/**
 * struct submit - a SUBMIT at work
 * @args: what userspace asked for.
 * @pdev: the device.
 * @file: who asks.
 * @ctx: where the job goes.
 * @job: the job, one reference; the scheduler has another once it was published.
 * @outs: @out_count syncobjs to signal.
 * @out_count: number of @outs filled in.
 * @exec: the reservations of the job's objects.
 */
struct submit {
	const struct drm_primesim_submit *args;
	struct primesim_device *pdev;
	struct drm_file *file;
	struct primesim_context *ctx;
	struct primesim_job *job;
	struct submit_out *outs;
	u32 out_count;
	struct drm_exec exec;
};

static __printf(3, 4) int refuse(const struct submit *submit, int err, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;
	int ret;

	va_start(args, fmt);
	vaf.va = &args;
	ret = simbuf_refuse(err, NULL, submit->pdev->gpu, "SUBMIT: %pV", &vaf);
	va_end(args);

	return ret;
}

static int submit_check_args(struct submit *submit)
{
	const struct drm_primesim_submit *args = submit->args;

	if (args->flags & ~DRM_PRIMESIM_SUBMIT_NO_IMPLICIT || args->pad)
		return refuse(submit, -EINVAL, "flags %#x are unknown or pad %#x is not zero",
			      args->flags, args->pad);
	if (args->queue >= PRIMESIM_QUEUES)
		return refuse(submit, -EINVAL, "queue %u is unknown", args->queue);
	if (!args->op_count)
		return refuse(submit, -EINVAL, "no operations");
	if (args->op_count > MAX_OPS)
		return refuse(submit, -E2BIG, "%u operations, at most %u",
			      args->op_count, MAX_OPS);
	if (args->in_count > MAX_SYNCS || args->out_count > MAX_SYNCS)
		return refuse(submit, -E2BIG, "%u in_syncs and %u out_syncs, at most %u each",
			      args->in_count, args->out_count, MAX_SYNCS);
	if (args->op_size < OP_SIZE_MIN)
		return refuse(submit, -EINVAL, "op_size %u, at least %zu",
			      args->op_size, OP_SIZE_MIN);
	if (args->op_size > OP_SIZE_MAX)
		return refuse(submit, -E2BIG, "op_size %u, at most %u",
			      args->op_size, OP_SIZE_MAX);

	return 0;
}

static int submit_copy_ops(struct submit *submit)
{
	const struct drm_primesim_submit *args = submit->args;
	struct primesim_job *job = submit->job;
	int ret;

	for (u32 i = 0; i < args->op_count; i++) {
		struct primesim_op *op = &job->ops[i];

		ret = copy_struct_from_user(&op->args, sizeof(op->args),
					    u64_to_user_ptr(args->ops + i * args->op_size),
					    args->op_size);
		if (ret == -E2BIG)
			return refuse(submit, ret, "op %u is of a later version", i);
		if (ret)
			return refuse(submit, ret, "ops cannot be read");
		ret = primesim_op_check(op, i, args->queue, submit->pdev->gpu);
		if (ret)
			return ret;
	}

	return 0;
}

static int submit_find_surface(struct submit *submit, u32 number,
			       struct primesim_op_surface *surface,
			       const struct drm_primesim_surface *args, bool write)
{
	for (u32 i = 0; i < surface->planes; i++) {
		struct primesim_bo *bo = primesim_job_add_bo(submit->job, submit->file,
							     args->handles[i], write);

		if (IS_ERR(bo))
			return PTR_ERR(bo);
		if (write && bo->read_only)
			return simbuf_refuse(-EACCES, bo->buf, submit->pdev->gpu,
					     "SUBMIT op %u writes handle %u, imported read-only",
					     number, args->handles[i]);
		surface->bo[i] = bo;
	}

	return 0;
}

static int submit_find_objects(struct submit *submit)
{
	struct primesim_job *job = submit->job;

	for (u32 i = 0; i < job->op_count; i++) {
		struct primesim_op *op = &job->ops[i];
		int ret;

		ret = submit_find_surface(submit, i, &op->src, &op->args.src, false) ?:
		      submit_find_surface(submit, i, &op->dst, &op->args.dst, true) ?:
		      primesim_op_check_reach(op, i, submit->pdev->gpu);
		if (ret)
			return ret;
	}

	return 0;
}

static void submit_attach_surface(struct primesim_op_surface *surface)
{
	for (u32 i = 0; i < surface->planes; i++)
		surface->att[i] = primesim_bo_attachment(surface->bo[i], PRIMESIM_GPU);
}

/* May wait for the exporters, so no reservation is held. */
static int submit_map_objects(struct submit *submit)
{
	struct primesim_job *job = submit->job;
	int ret;

	for (u32 i = 0; i < job->bo_count; i++) {
		ret = primesim_bo_map_gpu(job->bos[i].bo);
		if (ret)
			return ret;
	}
	for (u32 i = 0; i < job->op_count; i++) {
		submit_attach_surface(&job->ops[i].src);
		submit_attach_surface(&job->ops[i].dst);
	}

	return 0;
}

static int submit_copy_sync(struct submit *submit, u64 array, u32 number,
			    struct drm_primesim_sync *sync)
{
	if (copy_from_user(sync, u64_to_user_ptr(array + number * sizeof(*sync)), sizeof(*sync)))
		return refuse(submit, -EFAULT, "sync %u cannot be read", number);
	if (sync->flags)
		return refuse(submit, -EINVAL, "sync %u has unknown flags %#x",
			      number, sync->flags);

	return 0;
}

static int submit_wait_for(struct submit *submit, u32 number)
{
	struct drm_primesim_sync sync;
	struct dma_fence *fence;
	int ret;

	ret = submit_copy_sync(submit, submit->args->in_syncs, number, &sync);
	if (ret)
		return ret;

	/* Waiting for a fence to appear is not for the kernel to do. */
	ret = drm_syncobj_find_fence(submit->file, sync.handle, sync.point, 0, &fence);
	if (ret)
		return refuse(submit, -ENOENT,
			      "in_sync %u: no syncobj %u, or it has no fence for point %llu",
			      number, sync.handle, sync.point);

	return drm_sched_job_add_dependency(&submit->job->base, fence);
}

static int submit_collect_ins(struct submit *submit)
{
	int ret = 0;

	for (u32 i = 0; i < submit->args->in_count && !ret; i++)
		ret = submit_wait_for(submit, i);

	return ret;
}

static int submit_prepare_out(struct submit *submit, u32 number)
{
	struct submit_out *out = &submit->outs[number];
	struct drm_primesim_sync sync;
	int ret;

	ret = submit_copy_sync(submit, submit->args->out_syncs, number, &sync);
	if (ret)
		return ret;

	out->point = sync.point;
	if (sync.point) {
		out->chain = dma_fence_chain_alloc();
		if (!out->chain)
			return -ENOMEM;
	}
	out->syncobj = drm_syncobj_find(submit->file, sync.handle);
	if (!out->syncobj) {
		dma_fence_chain_free(out->chain);
		return refuse(submit, -ENOENT, "out_sync %u: no syncobj %u", number, sync.handle);
	}
	submit->out_count++;

	return 0;
}

static int submit_prepare_outs(struct submit *submit)
{
	int ret = 0;

	if (!submit->args->out_count)
		return 0;

	submit->outs = kcalloc(submit->args->out_count, sizeof(*submit->outs), GFP_KERNEL);
	if (!submit->outs)
		return -ENOMEM;
	for (u32 i = 0; i < submit->args->out_count && !ret; i++)
		ret = submit_prepare_out(submit, i);

	return ret;
}

static void submit_free_outs(struct submit *submit)
{
	for (u32 i = 0; i < submit->out_count; i++) {
		drm_syncobj_put(submit->outs[i].syncobj);
		dma_fence_chain_free(submit->outs[i].chain);
	}
	kfree(submit->outs);
}

static int submit_lock_all(struct submit *submit)
{
	struct primesim_job *job = submit->job;
	int ret = 0;

	for (u32 i = 0; i < job->bo_count && !ret; i++)
		ret = drm_exec_prepare_obj(&submit->exec, &job->bos[i].bo->base, FENCES_PER_BO);

	return ret;
}

static int submit_lock(struct submit *submit)
{
	int ret = 0;

	drm_exec_init(&submit->exec, DRM_EXEC_INTERRUPTIBLE_WAIT | DRM_EXEC_IGNORE_DUPLICATES,
		      submit->job->bo_count);
	drm_exec_until_all_locked(&submit->exec) {
		ret = submit_lock_all(submit);
		drm_exec_retry_on_contention(&submit->exec);
		if (ret)
			break;
	}

	return ret;
}

/* With all reservations held: nothing moves any more until the job is done. */
static int submit_validate(struct submit *submit)
{
	struct primesim_job *job = submit->job;
	int ret = 0;

	for (u32 i = 0; i < job->bo_count && !ret; i++)
		ret = primesim_bo_validate_gpu(job->bos[i].bo);

	return ret;
}

/* What a job waits for in a reservation, and what it is to others there. */
static enum dma_resv_usage submit_wait_usage(const struct submit *submit, bool write)
{
	/* The memory's own moves are waited for in any case. */
	if (submit->args->flags & DRM_PRIMESIM_SUBMIT_NO_IMPLICIT)
		return DMA_RESV_USAGE_KERNEL;

	/* Readers wait for writers, writers for all. */
	return dma_resv_usage_rw(write);
}

static enum dma_resv_usage submit_fence_usage(const struct submit *submit, bool write)
{
	if (submit->args->flags & DRM_PRIMESIM_SUBMIT_NO_IMPLICIT)
		return DMA_RESV_USAGE_BOOKKEEP;

	return write ? DMA_RESV_USAGE_WRITE : DMA_RESV_USAGE_READ;
}

static int submit_collect_implicit(struct submit *submit)
{
	struct primesim_job *job = submit->job;
	int ret = 0;

	for (u32 i = 0; i < job->bo_count && !ret; i++)
		ret = drm_sched_job_add_resv_dependencies(&job->base, job->bos[i].bo->base.resv,
							  submit_wait_usage(submit,
									    job->bos[i].write));

	return ret;
}

static void submit_publish_out(struct submit_out *out, struct dma_fence *fence)
{
	if (out->chain)
		drm_syncobj_add_point(out->syncobj, out->chain, fence, out->point);
	else
		drm_syncobj_replace_fence(out->syncobj, fence);
	/* The node belongs to the syncobj now. */
	out->chain = NULL;
}

/* No step of this can fail: the fence that others see is going to signal. */
static void submit_publish(struct submit *submit)
{
	struct primesim_job *job = submit->job;
	struct dma_fence *fence;

	mutex_lock(&submit->ctx->lock);
	drm_sched_job_arm(&job->base);
	fence = dma_fence_get(&job->base.s_fence->finished);
	for (u32 i = 0; i < job->bo_count; i++)
		dma_resv_add_fence(job->bos[i].bo->base.resv, fence,
				   submit_fence_usage(submit, job->bos[i].write));
	drm_sched_entity_push_job(&primesim_job_get(job)->base);
	mutex_unlock(&submit->ctx->lock);

	for (u32 i = 0; i < submit->out_count; i++)
		submit_publish_out(&submit->outs[i], fence);
	dma_fence_put(fence);
}

static int submit_prepare(struct submit *submit)
{
	return submit_copy_ops(submit) ?:
	       submit_find_objects(submit) ?:
	       submit_map_objects(submit) ?:
	       submit_collect_ins(submit) ?:
	       submit_prepare_outs(submit);
}

static int submit_run(struct submit *submit)
{
	int ret;

	ret = submit_check_args(submit);
	if (ret)
		return ret;
	submit->job = primesim_job_create(submit->ctx, submit->args->queue, submit->file,
					  submit->args->op_count);
	if (IS_ERR(submit->job))
		return PTR_ERR(submit->job);

	ret = submit_prepare(submit);
	if (ret)
		goto out_free;
	ret = submit_lock(submit) ?:
	      submit_validate(submit) ?:
	      submit_collect_implicit(submit);
	if (!ret)
		submit_publish(submit);
	drm_exec_fini(&submit->exec);

out_free:
	submit_free_outs(submit);
	if (ret)
		primesim_job_abort(submit->job);
	else
		primesim_job_put(submit->job);
	return ret;
}

/* Refuses a context whose jobs would only be cancelled; waits until it has room. */
static int submit_enter_context(struct submit *submit)
{
	int ret = primesim_context_wait_for_room(submit->ctx);

	if (ret)
		return ret;
	ret = READ_ONCE(submit->ctx->dead);
	if (ret)
		return refuse(submit, ret, "context %u is banned: a job of it took too long",
			      submit->args->context);

	return 0;
}

static int submit_in_context(struct submit *submit)
{
	int cookie, ret;

	ret = submit_enter_context(submit);
	if (ret)
		return ret;
	if (!drm_dev_enter(&submit->pdev->base, &cookie))
		return -ENODEV;
	ret = submit_run(submit);
	drm_dev_exit(cookie);

	return ret;
}

/**
 * primesim_ioctl_submit - DRM_IOCTL_PRIMESIM_SUBMIT
 * @dev: the DRM device.
 * @data: struct drm_primesim_submit.
 * @file: the file it was called on.
 *
 * Return: 0 or a negative errno, see struct drm_primesim_submit.
 */
int primesim_ioctl_submit(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct submit submit = {
		.args = data,
		.pdev = to_primesim_device(dev),
		.file = file,
	};
	int ret;

	submit.ctx = primesim_context_use(to_primesim_file(file), submit.args->context);
	if (!submit.ctx)
		return refuse(&submit, -ENOENT, "no context %u", submit.args->context);
	ret = submit_in_context(&submit);
	primesim_context_unuse(submit.ctx);

	return ret;
}
