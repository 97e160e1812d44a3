// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What an open file uses of the device: its fdinfo, and its limit of handles. The limit
 * of memory is simbuf's.
 */
#include <linux/dma-resv.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/timex.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>

#include <linux/simbuf.h>

#include "primesim_client.h"
#include "primesim_context.h"
#include "primesim_drv.h"
#include "primesim_gem.h"
#include "primesim_job.h"

struct primesim_client *primesim_client_create(void)
{
	struct primesim_client *client = kzalloc_obj(*client, GFP_KERNEL_ACCOUNT);

	if (client)
		kref_init(&client->ref);
	return client;
}

struct primesim_client *primesim_client_get(struct primesim_client *client)
{
	kref_get(&client->ref);
	return client;
}

static void primesim_client_release(struct kref *ref)
{
	kfree(container_of(ref, struct primesim_client, ref));
}

void primesim_client_put(struct primesim_client *client)
{
	kref_put(&client->ref, primesim_client_release);
}

struct primesim_busy primesim_busy_now(void)
{
	return (struct primesim_busy) { .ns = ktime_get_ns(), .cycles = get_cycles() };
}

/* Adds the time from @since until now. */
void primesim_busy_add(struct primesim_busy *busy, const struct primesim_busy *since)
{
	struct primesim_busy now = primesim_busy_now();

	busy->ns += now.ns - since->ns;
	busy->cycles += now.cycles - since->cycles;
}

/* For &drm_gem_object_funcs.open: a file gets one more handle. */
int primesim_client_open_handle(struct drm_gem_object *obj, struct drm_file *file)
{
	struct primesim_device *pdev = to_primesim_device(obj->dev);
	struct primesim_file *pfile = to_primesim_file(file);
	u32 limit = pdev->limits.handles;

	if (atomic_inc_return(&pfile->handles) <= limit)
		return 0;
	atomic_dec(&pfile->handles);
	return simbuf_refuse(-ENOSPC, to_primesim_bo(obj)->buf, primesim_simdev(pdev),
			     "the file has %u handles, all that it may have", limit);
}

void primesim_client_close_handle(struct drm_gem_object *obj, struct drm_file *file)
{
	atomic_dec(&to_primesim_file(file)->handles);
}

enum primesim_region {
	PRIMESIM_REGION_SYSTEM,
	PRIMESIM_REGION_LOCAL,
	PRIMESIM_REGIONS
};

/* Without memory yet: where it would be. */
static enum primesim_region primesim_region_of(const struct primesim_bo *bo, u32 placement)
{
	if (placement == SIMBUF_PLACEMENT_NONE)
		return bo->prefers_local ? PRIMESIM_REGION_LOCAL : PRIMESIM_REGION_SYSTEM;
	if (placement == SIMBUF_PLACEMENT_LOCAL && !drm_gem_is_imported(&bo->base))
		return PRIMESIM_REGION_LOCAL;
	return PRIMESIM_REGION_SYSTEM;
}

static void primesim_client_count(struct drm_gem_object *obj,
				  struct drm_memory_stats stats[PRIMESIM_REGIONS])
{
	struct primesim_bo *bo = to_primesim_bo(obj);
	u32 placement = simbuf_placement(bo->buf);
	struct drm_memory_stats *region = &stats[primesim_region_of(bo, placement)];

	if (drm_gem_object_is_shared_for_memory_stats(obj))
		region->shared += obj->size;
	else
		region->private += obj->size;
	if (placement != SIMBUF_PLACEMENT_NONE)
		region->resident += obj->size;
	if (!dma_resv_test_signaled(obj->resv, DMA_RESV_USAGE_BOOKKEEP))
		region->active += obj->size;
}

static void primesim_client_show_memory(struct drm_printer *p, struct primesim_device *pdev,
					struct drm_file *file)
{
	const enum drm_gem_object_status known = DRM_GEM_OBJECT_RESIDENT | DRM_GEM_OBJECT_ACTIVE;
	struct drm_memory_stats stats[PRIMESIM_REGIONS] = { };
	struct drm_gem_object *obj;
	int handle;

	spin_lock(&file->table_lock);
	idr_for_each_entry(&file->object_idr, obj, handle)
		primesim_client_count(obj, stats);
	spin_unlock(&file->table_lock);

	drm_print_memory_stats(p, &stats[PRIMESIM_REGION_SYSTEM], known, "system");
	if (pdev->local)
		drm_print_memory_stats(p, &stats[PRIMESIM_REGION_LOCAL], known, "local");
}

/* With the job that runs now, so that it shows as work while it lasts. */
static struct primesim_busy primesim_client_busy(struct primesim_client *client,
						 struct primesim_queue *queue, u32 number)
{
	struct primesim_busy busy;

	spin_lock(&queue->engine->lock);
	busy = client->busy[number];
	if (queue->current_job && queue->current_job->ctx->client == client)
		primesim_busy_add(&busy, &queue->begun);
	spin_unlock(&queue->engine->lock);
	return busy;
}

static void primesim_client_show_engine(struct drm_printer *p, struct primesim_engine *engine,
					struct primesim_client *client)
{
	static const char *const names[PRIMESIM_QUEUES] = {
		[DRM_PRIMESIM_QUEUE_RENDER] = "render",
		[DRM_PRIMESIM_QUEUE_COPY] = "copy",
	};

	for (u32 i = 0; i < PRIMESIM_QUEUES; i++) {
		struct primesim_busy busy = primesim_client_busy(client, &engine->queues[i], i);

		drm_printf(p, "drm-engine-%s:\t%llu ns\n", names[i], busy.ns);
		drm_printf(p, "drm-cycles-%s:\t%llu\n", names[i], busy.cycles);
		drm_printf(p, "drm-total-cycles-%s:\t%llu\n", names[i], (u64)get_cycles());
	}
}

/**
 * primesim_client_show - what a file uses, for its fdinfo
 * @p: where to print.
 * @file: the file.
 *
 * In the keys of the kernel's Documentation/gpu/drm-usage-stats.rst. Cycles are those of the
 * CPU's counter.
 */
void primesim_client_show(struct drm_printer *p, struct drm_file *file)
{
	struct primesim_device *pdev = to_primesim_device(file->minor->dev);
	struct primesim_file *pfile = to_primesim_file(file);

	if (pdev->engine)
		primesim_client_show_engine(p, pdev->engine, pfile->client);
	primesim_client_show_memory(p, pdev, file);
	drm_printf(p, "primesim-handles:\t%d\n", atomic_read(&pfile->handles));
}
