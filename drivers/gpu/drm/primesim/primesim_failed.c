// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: fences that failed
 *
 * A fence may end with an error: the frame that a camera had announced is never made,
 * another GPU's job was ended. Who waited for it goes on all the same, as everywhere in
 * DRM: its scheduler and its atomic helpers wait for fences and do not look at their
 * errors. The buffer has what it had before, which is better on a screen than nothing, and
 * errors that spread from job to job would end contexts of clients that did nothing wrong.
 * The client learns of it from the fence. Whoever wonders about an old picture finds here
 * that this is why.
 */
#include <linux/debugfs.h>
#include <linux/dma-fence.h>
#include <linux/dma-fence-unwrap.h>
#include <linux/xarray.h>

#include <drm/drm_print.h>
#include <drm/gpu_scheduler.h>

#include "primesim_drv.h"
#include "primesim_failed.h"

static int fence_error(struct dma_fence *fence)
{
	struct dma_fence_unwrap cursor;
	struct dma_fence *part;
	int status, error = 0;

	dma_fence_unwrap_for_each(part, &cursor, fence) {
		status = dma_fence_get_status(part);
		if (status < 0)
			error = status;
	}
	return error;
}

static void count(struct primesim_device *pdev, atomic_t *counter, struct dma_fence *fence,
		  const char *who)
{
	int error = fence_error(fence);

	if (!error)
		return;
	atomic_inc(counter);
	drm_dbg_driver(&pdev->base, "%s goes on after fence %llu:%llu ended with error %d\n",
		       who, fence->context, (u64)fence->seqno, error);
}

/**
 * primesim_failed_job - look at what a job waited for
 * @pdev: the device.
 * @job: about to be executed.
 *
 * May be called where a fence is being signalled.
 */
void primesim_failed_job(struct primesim_device *pdev, struct drm_sched_job *job)
{
	struct dma_fence *fence;
	unsigned long index;

	xa_for_each(&job->dependencies, index, fence)
		count(pdev, &pdev->failed.jobs, fence, "a job");
}

/**
 * primesim_failed_plane - look at what an update of a plane waited for
 * @pdev: the device.
 * @fence: the fence, or %NULL: nothing.
 */
void primesim_failed_plane(struct primesim_device *pdev, struct dma_fence *fence)
{
	if (fence)
		count(pdev, &pdev->failed.planes, fence, "a plane");
}

void primesim_failed_init(struct primesim_device *pdev)
{
	struct dentry *root = pdev->base.debugfs_root;

	debugfs_create_atomic_t("failed_fences_of_jobs", 0444, root, &pdev->failed.jobs);
	debugfs_create_atomic_t("failed_fences_of_planes", 0444, root, &pdev->failed.planes);
}
