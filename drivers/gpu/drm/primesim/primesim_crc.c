// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/crc32.h>
#include <linux/debugfs.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <drm/drm_crtc.h>
#include <drm/drm_debugfs_crc.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_vblank.h>

#include "primesim_crc.h"
#include "primesim_kms.h"
#include "primesim_reader.h"

#define PRIMESIM_BLACK	0xff000000

static const char *const primesim_crc_sources[] = { "auto" };

/*
 * One line of the CRTC, XRGB8888 with the unused byte set. Behind the plane is
 * black, and alpha is premultiplied: it does not show.
 */
static int primesim_crc_compose(const struct primesim_picture *picture,
				struct primesim_reader *reader, u32 y, u32 *line)
{
	const struct drm_rect *visible = &picture->visible;
	const u32 *row;
	int i;

	memset32(line, PRIMESIM_BLACK, picture->width);
	if (!picture->fb || y < visible->y1 || y >= visible->y2)
		return 0;

	row = primesim_reader_row(reader, picture->x, picture->y + y - visible->y1,
				  drm_rect_width(visible));
	if (IS_ERR(row))
		return PTR_ERR(row);
	for (i = 0; i < drm_rect_width(visible); i++)
		line[visible->x1 + i] = row[i] | PRIMESIM_BLACK;
	return 0;
}

static int primesim_crc_lines(const struct primesim_picture *picture,
			      struct primesim_reader *reader, u32 *crc)
{
	size_t size = picture->width * sizeof(u32);
	u32 *line = kvmalloc(size, GFP_KERNEL);
	int ret = 0;
	u32 y;

	if (!line)
		return -ENOMEM;

	*crc = ~0;
	for (y = 0; y < picture->height && !ret; y++) {
		ret = primesim_crc_compose(picture, reader, y, line);
		*crc = crc32_le(*crc, (const u8 *)line, size);
		cond_resched();
	}
	kvfree(line);
	return ret;
}

static int primesim_crc_picture(const struct primesim_picture *picture, u32 *crc)
{
	struct primesim_reader reader;
	int ret, err;

	if (!picture->fb)
		return primesim_crc_lines(picture, NULL, crc);

	ret = primesim_reader_open(&reader, picture);
	if (ret)
		return ret;

	ret = primesim_crc_lines(picture, &reader, crc);
	err = primesim_reader_close(&reader);
	return ret ?: err;
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
	int idx, ret;
	u64 since;
	u32 value;

	if (!drm_dev_enter(crtc->dev, &idx))
		return;

	since = primesim_scanout_get(crtc, &picture);
	ret = primesim_crc_picture(&picture, &value);
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
