// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/string.h>

#include <drm/drm_crtc.h>
#include <drm/drm_debugfs_crc.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_vblank.h>

#include "primesim_compose.h"
#include "primesim_crc.h"
#include "primesim_kms.h"

/* What the monitor gets, and what is blended before the CRTC's curves and matrix */
static const char *const primesim_crc_sources[] = { "auto", "blend" };
#define PRIMESIM_CRC_BLEND	1

/* Half of what the core keeps for who reads late: more may pass while a picture is composed. */
#define PRIMESIM_CRC_AT_ONCE	(DRM_CRC_ENTRIES_NR / 2)

/* Frames since @first show the same picture; others before them were missed. */
static void primesim_crc_report(struct drm_crtc *crtc, u64 first, u64 last, u32 value)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;

	if (last >= PRIMESIM_CRC_AT_ONCE)
		first = max(first, last - PRIMESIM_CRC_AT_ONCE + 1);
	if (first > crc->next_frame) {
		crc->skipped += first - crc->next_frame;
		crc->next_frame = first;
	}
	while (crc->next_frame <= last)
		if (drm_crtc_add_crc_entry(crtc, true, crc->next_frame++, &value))
			break;
}

/* Checksums what is shown. It stays as it is: commits put other pictures in its place. */
static int primesim_crc_compute(struct primesim_crc *crc, struct primesim_picture *picture,
				u32 *value)
{
	struct primesim_picture seen = *picture;
	int ret;

	if (crc->source == PRIMESIM_CRC_BLEND) {
		seen.degamma = NULL;
		seen.ctm = NULL;
		seen.gamma = NULL;
	}
	ret = primesim_picture_map(picture);
	if (ret)
		return ret;
	ret = primesim_compose_crc(crc->composer, &seen, value);
	primesim_picture_unmap(picture);
	return ret;
}

static void primesim_crc_work(struct work_struct *work)
{
	struct primesim_crtc *pcrtc = container_of(work, struct primesim_crtc, crc.work);
	struct drm_crtc *crtc = &pcrtc->base;
	u64 now = drm_crtc_vblank_count(crtc);
	struct primesim_picture picture;
	int idx, ret;
	bool whole;
	u64 since;
	u32 value;

	if (!drm_dev_enter(crtc->dev, &idx))
		return;

	since = primesim_scanout_get(crtc, &picture);
	ret = primesim_crc_compute(&pcrtc->crc, &picture, &value);
	whole = primesim_scanout_shows(crtc, &picture);
	primesim_picture_put(&picture);

	/*
	 * After a DMA fault, which was reported as such, there is nothing to tell. Neither is
	 * where a flip came first: who flipped may have drawn into what was still to be read.
	 */
	if (!ret && whole)
		primesim_crc_report(crtc, since, max(now, since), value);
	drm_dev_exit(idx);
}

/**
 * primesim_crc_vblank - a frame begins
 * @crtc: the CRTC. Called from its timer's interrupt.
 */
void primesim_crc_vblank(struct drm_crtc *crtc)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;

	if (READ_ONCE(crc->enabled))
		queue_work(crc->queue, &crc->work);
}

const char *const *primesim_crc_get_sources(struct drm_crtc *crtc, size_t *count)
{
	*count = ARRAY_SIZE(primesim_crc_sources);
	return primesim_crc_sources;
}

static int primesim_crc_find_source(const char *source)
{
	return match_string(primesim_crc_sources, ARRAY_SIZE(primesim_crc_sources), source);
}

int primesim_crc_verify_source(struct drm_crtc *crtc, const char *source, size_t *values_cnt)
{
	if (source && primesim_crc_find_source(source) < 0)
		return -EINVAL;

	*values_cnt = 1;
	return 0;
}

/*
 * The file that checksums are read from does not keep the device, and the DRM
 * core uses the CRTC when it is closed, even after the device was removed.
 */
static void primesim_crc_pin(struct drm_crtc *crtc)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;

	if (crc->pinned)
		return;

	__module_get(THIS_MODULE);
	drm_dev_get(crtc->dev);
	crc->pinned = true;
}

/* The core's release of the file ends with taking away the entries. */
static bool primesim_crc_file_closed(struct drm_crtc *crtc)
{
	bool closed;

	spin_lock_irq(&crtc->crc.lock);
	closed = !crtc->crc.entries;
	spin_unlock_irq(&crtc->crc.lock);
	return closed;
}

static void primesim_crc_unpin_work(struct work_struct *work)
{
	struct primesim_crtc *pcrtc = container_of(to_delayed_work(work), struct primesim_crtc,
						   crc.unpin);
	struct primesim_crc *crc = &pcrtc->crc;
	bool unpin = false;

	mutex_lock(&crc->enable_lock);
	if (crc->pinned && !crc->enabled) {
		unpin = primesim_crc_file_closed(&pcrtc->base);
		if (unpin)
			crc->pinned = false;
		else
			schedule_delayed_work(&crc->unpin, 1);
	}
	mutex_unlock(&crc->enable_lock);

	if (unpin) {
		drm_dev_put(pcrtc->base.dev);
		module_put(THIS_MODULE);
	}
}

static int primesim_crc_start(struct drm_crtc *crtc, const char *source)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;
	int found = primesim_crc_find_source(source);
	int ret;

	if (found < 0)
		return -EINVAL;
	if (crc->enabled)
		return 0;

	crc->composer = primesim_composer_create();
	if (!crc->composer)
		return -ENOMEM;

	/* Keeps the vblank timer running. */
	ret = drm_crtc_vblank_get(crtc);
	if (ret)
		goto destroy_composer;

	primesim_crc_pin(crtc);
	crc->source = found;
	crc->next_frame = drm_crtc_vblank_count(crtc) + 1;
	enable_work(&crc->work);
	WRITE_ONCE(crc->enabled, true);
	return 0;

destroy_composer:
	primesim_composer_destroy(crc->composer);
	return ret;
}

static void primesim_crc_stop(struct drm_crtc *crtc)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;

	if (!crc->enabled)
		return;

	WRITE_ONCE(crc->enabled, false);
	drm_crtc_vblank_put(crtc);
	/* A vblank that has seen @enabled may be about to queue it. */
	disable_work_sync(&crc->work);
	primesim_composer_destroy(crc->composer);
	schedule_delayed_work(&crc->unpin, 0);
}

int primesim_crc_set_source(struct drm_crtc *crtc, const char *source)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;
	int ret = 0;

	mutex_lock(&crc->enable_lock);
	if (source)
		ret = primesim_crc_start(crtc, source);
	else
		primesim_crc_stop(crtc);
	mutex_unlock(&crc->enable_lock);
	return ret;
}

/**
 * primesim_crc_init - prepare for checksums
 * @crtc: the CRTC.
 *
 * Return: 0 or an error.
 */
int primesim_crc_init(struct drm_crtc *crtc)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;
	int ret;

	ret = drmm_mutex_init(crtc->dev, &crc->enable_lock);
	if (ret)
		return ret;

	INIT_WORK(&crc->work, primesim_crc_work);
	disable_work_sync(&crc->work);
	INIT_DELAYED_WORK(&crc->unpin, primesim_crc_unpin_work);
	crc->queue = drmm_alloc_ordered_workqueue(crtc->dev, "primesim-crc", 0);
	return PTR_ERR_OR_ZERO(crc->queue);
}

int primesim_crc_late_register(struct drm_crtc *crtc)
{
	debugfs_create_u64("crc_frames_skipped", 0444, crtc->debugfs_entry,
			   &to_primesim_crtc(crtc)->crc.skipped);
	return 0;
}
