// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Fences of a scheduler that is gone, for kernels whose fences are not detached from it.
 *
 * They ask the scheduler for its name for as long as somebody has them, and tell nobody when
 * that ends. So once they have signalled they are given another one to ask, which is not of
 * this module's memory and is never freed: one for each time the module is loaded.
 */
#include <linux/atomic.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <drm/gpu_scheduler.h>

struct primesim_departed {
	struct drm_gpu_scheduler sched;
	char name[16];
};

static struct primesim_departed *departed;

/**
 * primesim_sched_fence_init - prepare for primesim_sched_fence_detach()
 *
 * Return: 0 or -ENOMEM.
 */
int primesim_sched_fence_init(void)
{
	struct primesim_departed *new;

	if (READ_ONCE(departed))
		return 0;
	new = kzalloc_obj(*new);
	if (!new)
		return -ENOMEM;
	strscpy(new->name, "detached");
	new->sched.name = new->name;
	if (cmpxchg(&departed, NULL, new))
		kfree(new);
	return 0;
}

/**
 * primesim_sched_fence_detach - a job's scheduler may go away before its fences
 * @job: the job, which has ended.
 */
void primesim_sched_fence_detach(struct drm_sched_job *job)
{
	WRITE_ONCE(job->s_fence->sched, &departed->sched);
}
