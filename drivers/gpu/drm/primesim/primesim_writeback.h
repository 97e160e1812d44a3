/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The writeback connector: a CRTC's picture, written to memory by the display.
 */
#ifndef _PRIMESIM_WRITEBACK_H_
#define _PRIMESIM_WRITEBACK_H_

#include <linux/types.h>
#include <linux/wait.h>

#include <drm/drm_writeback.h>

struct primesim_composer;
struct primesim_shot;
struct workqueue_struct;

/**
 * struct primesim_writeback - a CRTC's writeback connector
 * @base: the connector.
 * @queue: where shots are taken; ordered, as the connector's jobs are.
 * @composer: made with the first job, by its commit's caller, who holds the
 *	connector's lock; used on @queue only.
 * @staged: what the commit that is being carried out wants; touched by commits
 *	only, which follow each other.
 * @shots: that exist.
 * @idle: woken when @shots becomes 0.
 */
struct primesim_writeback {
	struct drm_writeback_connector base;
	struct workqueue_struct *queue;
	struct primesim_composer *composer;
	struct primesim_shot *staged;
	atomic_t shots;
	wait_queue_head_t idle;
};

int primesim_writeback_create(struct drm_device *dev, struct drm_crtc *crtc);
void primesim_writeback_start(struct drm_crtc *crtc);
bool primesim_writeback_is_busy(struct drm_crtc *crtc);
void primesim_writeback_drain(struct drm_crtc *crtc);
void primesim_writeback_unplug(struct drm_device *dev);

#endif /* _PRIMESIM_WRITEBACK_H_ */
