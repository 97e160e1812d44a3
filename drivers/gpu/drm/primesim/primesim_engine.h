/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_ENGINE_H_
#define _PRIMESIM_ENGINE_H_

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <drm/gpu_scheduler.h>

struct dma_fence;
struct primesim_context;
struct primesim_device;
struct primesim_exec;
struct primesim_job;
struct workqueue_struct;

/**
 * struct primesim_engine - the GPU's engine and its scheduler
 * @pdev: the device.
 * @sched: decides which job is next.
 * @exec: memory of the unit that computes, used by @run_wq only.
 * @run_wq: the hardware's thread: runs one job after the other.
 * @reap_wq: frees jobs and contexts. Not the scheduler's own queue: that signals fences,
 *	and giving up an object may wait for a reservation whose holder waits
 *	for a fence.
 * @fences: the timeline of the engine's fences.
 * @fences.context: its number.
 * @fences.seqno: of the last fence, only used in run_job().
 * @contexts: number of contexts alive; each job keeps its own alive.
 * @idle: woken when @contexts becomes 0.
 * @lock: protects @current_job, @dead and that of all contexts. Inside of
 *	everything.
 * @current_job: the job that @run_wq works on.
 * @dead: not zero once the device is gone: the error of all jobs.
 */
struct primesim_engine {
	struct primesim_device *pdev;
	struct drm_gpu_scheduler sched;
	struct primesim_exec *exec;
	struct workqueue_struct *run_wq;
	struct workqueue_struct *reap_wq;
	struct {
		u64 context;
		u64 seqno;
	} fences;
	atomic_t contexts;
	wait_queue_head_t idle;
	spinlock_t lock;	/* of @current_job and all that is dead */
	struct primesim_job *current_job;
	int dead;
};

int primesim_engine_init(struct primesim_device *pdev);
void primesim_engine_unplug(struct primesim_device *pdev);

struct dma_fence *primesim_engine_fence_alloc(void);
void primesim_engine_prepare(struct primesim_job *job);
void primesim_engine_cancel(struct primesim_context *ctx);
void primesim_engine_get(struct primesim_engine *engine);
void primesim_engine_put(struct primesim_engine *engine);

#endif /* _PRIMESIM_ENGINE_H_ */
