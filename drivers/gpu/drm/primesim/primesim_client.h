/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What an open file uses of the device, and how much of it that may be.
 */
#ifndef _PRIMESIM_CLIENT_H_
#define _PRIMESIM_CLIENT_H_

#include <linux/kref.h>
#include <linux/types.h>

#include "primesim_engine.h"

struct drm_file;
struct drm_gem_object;
struct drm_printer;

/**
 * struct primesim_client - who has jobs on the engine
 * @ref: one of the file's, one of each context's: those outlive it.
 * @busy: by queue: with its jobs that are done. Protected by the engine's lock.
 */
struct primesim_client {
	struct kref ref;
	struct primesim_busy busy[PRIMESIM_QUEUES];
};

struct primesim_client *primesim_client_create(void);
struct primesim_client *primesim_client_get(struct primesim_client *client);
void primesim_client_put(struct primesim_client *client);

struct primesim_busy primesim_busy_now(void);
void primesim_busy_add(struct primesim_busy *busy, const struct primesim_busy *since);

int primesim_client_open_handle(struct drm_gem_object *obj, struct drm_file *file);
void primesim_client_close_handle(struct drm_gem_object *obj, struct drm_file *file);
void primesim_client_show(struct drm_printer *p, struct drm_file *file);

#endif /* _PRIMESIM_CLIENT_H_ */
