/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Checksums of the pixels that are scanned out.
 */
#ifndef _PRIMESIM_CRC_H_
#define _PRIMESIM_CRC_H_

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct drm_crtc;
struct primesim_composer;

/**
 * struct primesim_crc - composition, done while somebody reads checksums
 * @queue: where @work runs; ordered.
 * @work: checksums the picture that is shown; disabled while not @enabled. When
 *	it is late, vblanks pass without it: nothing waits for it.
 * @enable_lock: serialises changes of @enabled.
 * @enabled: vblanks queue @work, and a vblank reference is held.
 * @source: what is checksummed. Set while not @enabled.
 * @composer: composes it. There while @enabled.
 * @pinned: the device and this module are held. Protected by @enable_lock.
 * @unpin: lets go of them.
 * @next_frame: vblank count of the first frame without a checksum. Belongs to
 *	@work while @enabled.
 * @skipped: frames that were gone before they could be read, for debugfs.
 *	Belongs to @work while @enabled.
 */
struct primesim_crc {
	struct workqueue_struct *queue;
	struct work_struct work;
	struct mutex enable_lock;	/* of changes of @enabled */
	bool enabled;
	int source;
	struct primesim_composer *composer;
	bool pinned;
	struct delayed_work unpin;
	u64 next_frame;
	u64 skipped;
};

int primesim_crc_init(struct drm_crtc *crtc);
int primesim_crc_late_register(struct drm_crtc *crtc);
void primesim_crc_vblank(struct drm_crtc *crtc);

const char *const *primesim_crc_get_sources(struct drm_crtc *crtc, size_t *count);
int primesim_crc_verify_source(struct drm_crtc *crtc, const char *source, size_t *values_cnt);
int primesim_crc_set_source(struct drm_crtc *crtc, const char *source);

#endif /* _PRIMESIM_CRC_H_ */
