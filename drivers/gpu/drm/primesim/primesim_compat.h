/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the code takes for granted and DRM of Linux 6.12 does not have: see linux/simlab_compat.h.
 */
#ifndef _PRIMESIM_COMPAT_H_
#define _PRIMESIM_COMPAT_H_

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#include <linux/err.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <drm/drm_atomic.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_file.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_vblank_helper.h>
#include <drm/drm_writeback.h>
#include <drm/gpu_scheduler.h>

#define drm_atomic_commit		drm_atomic_state

/* Whether some memory is in use was always told. */
#define DRM_GEM_OBJECT_ACTIVE		0

/* There was nothing but black behind the planes. */
#define drm_crtc_attach_background_color_property(crtc)	do { } while (0)
#define PRIMESIM_BACKGROUND(state)	0

/* Framebuffers were made without their format at hand. */
#define drm_gem_fb_create_with_dirty(dev, file, info, cmd)	\
	drm_gem_fb_create_with_dirty(dev, file, cmd)
#define PRIMESIM_DEFINE_FB_CREATE(function)						\
static struct drm_framebuffer *function##_of_cmd(struct drm_device *dev,		\
						 struct drm_file *file,			\
						 const struct drm_mode_fb_cmd2 *cmd)	\
{											\
	return function(dev, file, drm_get_format_info(dev, cmd), cmd);			\
}

#define PRIMESIM_FB_CREATE(function)	.fb_create = function##_of_cmd

/* Drivers were not asked about flips without vblank, which only the primary plane could do. */
#define PRIMESIM_DEFINE_ASYNC_CHECK(function)						\
static int function##_of_cursor(struct drm_plane *plane, struct drm_atomic_state *state) \
{											\
	return function(plane, state, false);						\
}

#define PRIMESIM_ASYNC_CHECK(function)	.atomic_async_check = function##_of_cursor

/* Nor did userspace know which layouts these may have. */
#define PRIMESIM_ASYNC_LAYOUTS(function)

/* The vblank timer is not the DRM core's but primesim_vblank_timer.c's. */
struct primesim_vblank {
	struct drm_vblank_crtc_timer timer;
};

struct drm_vblank_crtc_timer *primesim_vblank_timer(struct drm_crtc *crtc);
int primesim_vblank_init(struct drm_crtc *crtc);
#define PRIMESIM_VBLANK_HANDLER(function)

static inline void primesim_compat_destroy_workqueue(struct drm_device *dev, void *queue)
{
	destroy_workqueue(queue);
}

static inline struct workqueue_struct *
drmm_alloc_ordered_workqueue(struct drm_device *dev, const char *name, unsigned int flags)
{
	struct workqueue_struct *queue = alloc_ordered_workqueue("%s", flags, name);
	int ret;

	if (!queue)
		return ERR_PTR(-ENOMEM);
	ret = drmm_add_action_or_reset(dev, primesim_compat_destroy_workqueue, queue);
	return ret ? ERR_PTR(ret) : queue;
}

static inline void primesim_compat_writeback_cleanup(struct drm_device *dev, void *connector)
{
	drm_connector_cleanup(connector);
}

/*
 * The connector is in the memory of its CRTC, which is freed before the mode configuration's
 * release looks for connectors to destroy: it must have left their list by then.
 */
static inline int
drmm_writeback_connector_init(struct drm_device *dev, struct drm_writeback_connector *connector,
			      const struct drm_connector_funcs *funcs, struct drm_encoder *encoder,
			      const u32 *formats, int count)
{
	int ret = drm_writeback_connector_init_with_encoder(dev, connector, encoder, funcs, formats,
							    count);

	if (ret)
		return ret;
	return drmm_add_action_or_reset(dev, primesim_compat_writeback_cleanup, &connector->base);
}

/* Must be there, and is not called: nobody gives the last reference back. */
#define PRIMESIM_WRITEBACK_DESTROY	drm_connector_cleanup

struct drm_sched_init_args {
	const struct drm_sched_backend_ops *ops;
	u32 num_rqs;
	u32 credit_limit;
	long timeout;
	const char *name;
	struct device *dev;
};

static inline int primesim_compat_sched_init(struct drm_gpu_scheduler *sched,
					     const struct drm_sched_init_args *args)
{
	return drm_sched_init(sched, args->ops, NULL, args->num_rqs, args->credit_limit, 0,
			      args->timeout, NULL, NULL, args->name, args->dev);
}

#define drm_sched_init			primesim_compat_sched_init

/* primesim_sched_fence.c */
int primesim_sched_fence_init(void);
void primesim_sched_fence_detach(struct drm_sched_job *job);

/*
 * The scheduler has taken the job from its list, and takes that it was dealt with for granted. It
 * may have ended since, when nobody saw that it is to be freed.
 */
static inline enum drm_gpu_sched_stat primesim_sched_no_hang(struct drm_sched_job *job)
{
	struct drm_gpu_scheduler *sched = job->sched;

	spin_lock(&sched->job_list_lock);
	list_add(&job->list, &sched->pending_list);
	spin_unlock(&sched->job_list_lock);
	queue_work(sched->submit_wq, &sched->work_free_job);
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

#else

#include <drm/drm_vblank.h>
#include <drm/gpu_scheduler.h>

#define PRIMESIM_BACKGROUND(state)		((state)->background_color)
#define PRIMESIM_DEFINE_FB_CREATE(function)
#define PRIMESIM_FB_CREATE(function)		.fb_create = (function)
#define PRIMESIM_DEFINE_ASYNC_CHECK(function)
#define PRIMESIM_ASYNC_CHECK(function)		.atomic_async_check = (function)
#define PRIMESIM_ASYNC_LAYOUTS(function)	.format_mod_supported_async = (function),
#define PRIMESIM_VBLANK_HANDLER(function)	.handle_vblank_timeout = (function),
#define PRIMESIM_WRITEBACK_DESTROY		NULL
#define primesim_sched_no_hang(job)		DRM_GPU_SCHED_STAT_NO_HANG

static inline int primesim_sched_fence_init(void)
{
	return 0;
}

static inline void primesim_sched_fence_detach(struct drm_sched_job *job)
{
}

struct primesim_vblank {
};

static inline struct drm_vblank_crtc_timer *primesim_vblank_timer(struct drm_crtc *crtc)
{
	return &drm_crtc_vblank_crtc(crtc)->vblank_timer;
}

static inline int primesim_vblank_init(struct drm_crtc *crtc)
{
	return 0;
}

#endif

#endif /* _PRIMESIM_COMPAT_H_ */
