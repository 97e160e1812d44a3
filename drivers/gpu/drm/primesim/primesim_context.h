/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_CONTEXT_H_
#define _PRIMESIM_CONTEXT_H_

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <drm/gpu_scheduler.h>

#include "primesim_engine.h"

struct drm_device;
struct drm_file;
struct primesim_client;
struct primesim_file;

/**
 * struct primesim_context - jobs that share a priority and a fate
 * @users: who may submit to it: the file that has its number, and each ioctl at work. When
 *	none is left, it ends.
 * @refcount: all @users together hold one reference, and each job one.
 * @engine: where they run.
 * @client: whose they are, one reference.
 * @entities: their queues, one on each of the engine's; in each of them jobs
 *	run in the order they were pushed.
 * @lock: serialises arming and pushing jobs of @entities. Taken with reservations
 *	held; nothing that sleeps for long happens under it.
 * @jobs: number of jobs alive.
 * @room: woken when @jobs goes down.
 * @end: ends @entities when the context has no users and its jobs have run.
 * @dead: not zero once the process was killed or a job took too long: the error
 *	of all jobs. Written with the engine's lock held.
 */
struct primesim_context {
	struct kref users;
	struct kref refcount;
	struct primesim_engine *engine;
	struct primesim_client *client;
	struct drm_sched_entity entities[PRIMESIM_QUEUES];
	struct mutex lock;	/* of the order of jobs in @entities */
	atomic_t jobs;
	wait_queue_head_t room;
	struct work_struct end;
	int dead;
};

int primesim_contexts_open(struct primesim_file *pfile, struct primesim_engine *engine);
void primesim_contexts_close(struct primesim_file *pfile);

struct primesim_context *primesim_context_use(struct primesim_file *pfile, u32 id);
void primesim_context_unuse(struct primesim_context *ctx);
void primesim_context_get(struct primesim_context *ctx);
void primesim_context_put(struct primesim_context *ctx);
int primesim_context_wait_for_room(struct primesim_context *ctx);

int primesim_ioctl_context_create(struct drm_device *dev, void *data, struct drm_file *file);
int primesim_ioctl_context_destroy(struct drm_device *dev, void *data, struct drm_file *file);

#endif /* _PRIMESIM_CONTEXT_H_ */
