// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/crc32.h>
#include <linux/debugfs.h>

#include <drm/drm_crtc.h>
#include <drm/drm_debugfs_crc.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_vblank.h>

#include "primesim_crc.h"
#include "primesim_kms.h"
#include "primesim_reader.h"

static const char *const primesim_crc_sources[] = { "auto" };

/* The plane is on black, so that alpha, which is premultiplied, does not show. */
static u32 primesim_crc_row(u32 crc, u32 *row, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		row[i] |= 0xff000000;
	return crc32_le(crc, (const u8 *)row, count * sizeof(*row));
}

static int primesim_crc_framebuffer(const struct primesim_picture *picture, u32 *crc)
{
	struct primesim_reader reader;
	int ret;
	u32 y;

	ret = primesim_reader_open(&reader, picture);
	if (ret)
		return ret;

	for (y = 0; y < picture->height; y++) {
		u32 *row = primesim_reader_row(&reader, picture->x, picture->y + y,
					       picture->width);

		if (IS_ERR(row))
			break;
		*crc = primesim_crc_row(*crc, row, picture->width);
		cond_resched();
	}
	return primesim_reader_close(&reader);
}

static void primesim_crc_black(const struct primesim_picture *picture, u32 *crc)
{
	u64 pixels = (u64)picture->width * picture->height;
	u32 black = 0;

	while (pixels--)
		*crc = primesim_crc_row(*crc, &black, 1);
}

/* Frames since @first show the same picture; others before them were missed. */
static void primesim_crc_report(struct drm_crtc *crtc, u64 first, u64 last, u32 value)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;

	if (first > crc->next_frame) {
		crc->skipped += first - crc->next_frame;
		crc->next_frame = first;
	}
	while (crc->next_frame <= last)
		if (drm_crtc_add_crc_entry(crtc, true, crc->next_frame++, &value))
			break;
}

static void primesim_crc_work(struct work_struct *work)
{
	struct primesim_crtc *pcrtc = container_of(work, struct primesim_crtc, crc.work);
	struct drm_crtc *crtc = &pcrtc->base;
	u64 now = drm_crtc_vblank_count(crtc);
	struct primesim_picture picture;
	u32 value = ~0;
	int idx, ret = 0;
	u64 since;

	if (!drm_dev_enter(crtc->dev, &idx))
		return;

	since = primesim_scanout_get(crtc, &picture);
	if (picture.fb)
		ret = primesim_crc_framebuffer(&picture, &value);
	else
		primesim_crc_black(&picture, &value);
	primesim_picture_put(&picture);

	/* After a DMA fault, which was reported as such, there is nothing to tell. */
	if (!ret)
		primesim_crc_report(crtc, since, max(now, since), value);
	drm_dev_exit(idx);
}

/**
 * primesim_crc_init - prepare for checksums
 * @crtc: the CRTC.
 */
int primesim_crc_init(struct drm_crtc *crtc)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;

	int ret;

	ret = drmm_mutex_init(crtc->dev, &crc->enable_lock);
	if (ret)
		return ret;

	INIT_WORK(&crc->work, primesim_crc_work);
	crc->queue = drmm_alloc_ordered_workqueue(crtc->dev, "primesim-crc", 0);
	return PTR_ERR_OR_ZERO(crc->queue);
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

int primesim_crc_verify_source(struct drm_crtc *crtc, const char *source, size_t *values_cnt)
{
	if (source && strcmp(source, "auto"))
		return -EINVAL;

	*values_cnt = 1;
	return 0;
}

static int primesim_crc_start(struct drm_crtc *crtc)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;
	int ret;

	if (crc->enabled)
		return 0;

	/* Keeps the vblank timer running. */
	ret = drm_crtc_vblank_get(crtc);
	if (ret)
		return ret;

	crc->next_frame = drm_crtc_vblank_count(crtc) + 1;
	WRITE_ONCE(crc->enabled, true);
	return 0;
}

static void primesim_crc_stop(struct drm_crtc *crtc)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;

	if (!crc->enabled)
		return;

	WRITE_ONCE(crc->enabled, false);
	drm_crtc_vblank_put(crtc);
	cancel_work_sync(&crc->work);
}

int primesim_crc_set_source(struct drm_crtc *crtc, const char *source)
{
	struct primesim_crc *crc = &to_primesim_crtc(crtc)->crc;
	int ret = 0;

	mutex_lock(&crc->enable_lock);
	if (source)
		ret = primesim_crc_start(crtc);
	else
		primesim_crc_stop(crtc);
	mutex_unlock(&crc->enable_lock);
	return ret;
}

int primesim_crc_late_register(struct drm_crtc *crtc)
{
	debugfs_create_u64("crc_frames_skipped", 0444, crtc->debugfs_entry,
			   &to_primesim_crtc(crtc)->crc.skipped);
	return 0;
}
