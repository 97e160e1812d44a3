/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_ENGINE_H_
#define _PRIMESIM_ENGINE_H_

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <drm/gpu_scheduler.h>
#include <uapi/drm/primesim_drm.h>

struct dma_fence;
struct primesim_config;
struct primesim_context;
struct primesim_device;
struct primesim_engine;
struct primesim_exec;
struct primesim_job;
struct workqueue_struct;

/**
 * struct primesim_busy - time that a queue worked
 * @ns: nanoseconds.
 * @cycles: of the CPU's counter, where it has one.
 */
struct primesim_busy {
	u64 ns;
	u64 cycles;
};

/* Queues that work at the same time, numbered as in the uapi. */
#define PRIMESIM_QUEUES		2

static_assert(DRM_PRIMESIM_QUEUE_RENDER < PRIMESIM_QUEUES);
static_assert(DRM_PRIMESIM_QUEUE_COPY < PRIMESIM_QUEUES);

/**
 * struct primesim_queue - one of the engine's units, with its scheduler
 * @engine: whose it is.
 * @name: for messages and fences.
 * @sched: decides which job is next.
 * @exec: memory of the unit that computes, used by @run_wq only.
 * @run_wq: the hardware's thread: runs one job after the other.
 * @fences: the timeline of the unit's fences.
 * @fences.context: its number.
 * @fences.seqno: of the last fence, only used in run_job().
 * @current_job: the job that @run_wq works on. Protected by the engine's lock.
 * @begun: when it began. Protected by the engine's lock.
 */
struct primesim_queue {
	struct primesim_engine *engine;
	const char *name;
	struct drm_gpu_scheduler sched;
	struct primesim_exec *exec;
	struct workqueue_struct *run_wq;
	struct {
		u64 context;
		u64 seqno;
	} fences;
	struct primesim_job *current_job;
	struct primesim_busy begun;
};

/**
 * struct primesim_engine - what computes in the GPU
 * @pdev: the device.
 * @timeout_ms: time a job may take.
 * @queues: its units, DRM_PRIMESIM_QUEUE_*.
 * @reap_wq: frees jobs and contexts. Not the schedulers' own queues: those signal fences,
 *	and giving up an object may wait for a reservation whose holder waits
 *	for a fence.
 * @contexts: number of contexts alive; each job keeps its own alive.
 * @idle: woken when @contexts becomes 0.
 * @lock: protects @dead, that of all contexts and the queues' current jobs.
 *	Inside of everything.
 * @dead: not zero once the device is gone: the error of all jobs.
 */
struct primesim_engine {
	struct primesim_device *pdev;
	u32 timeout_ms;
	struct primesim_queue queues[PRIMESIM_QUEUES];
	struct workqueue_struct *reap_wq;
	atomic_t contexts;
	wait_queue_head_t idle;
	spinlock_t lock;	/* of current jobs and all that is dead */
	int dead;
};

int primesim_engine_init(struct primesim_device *pdev, const struct primesim_config *config);
void primesim_engine_unplug(struct primesim_device *pdev);

struct dma_fence *primesim_engine_fence_alloc(void);
void primesim_engine_prepare(struct primesim_job *job);
void primesim_engine_cancel(struct primesim_context *ctx);
void primesim_engine_get(struct primesim_engine *engine);
void primesim_engine_put(struct primesim_engine *engine);

#endif /* _PRIMESIM_ENGINE_H_ */
