/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Found where the kernel has no header of this name: see linux/simlab_compat.h.
 */
#ifndef _COMPAT_DRM_DUMB_BUFFERS_H
#define _COMPAT_DRM_DUMB_BUFFERS_H

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/overflow.h>

#include <uapi/drm/drm_mode.h>

struct drm_device;

/*
 * The ioctl has seen to it that width, height and bits are not 0, and that they multiply to less
 * than 4 GiB; with a pitch that is aligned they may do so no more.
 */
static inline int drm_mode_size_dumb(struct drm_device *dev, struct drm_mode_create_dumb *args,
				     unsigned long hw_pitch_align, unsigned long hw_size_align)
{
	u64 pitch;
	u32 size;

	if (args->bpp < 8)
		pitch = DIV_ROUND_UP_ULL((u64)args->width * args->bpp, 8);
	else
		pitch = (u64)args->width * DIV_ROUND_UP(args->bpp, 8);
	pitch = ALIGN(pitch, hw_pitch_align ?: 1);
	if (pitch > U32_MAX || check_mul_overflow(args->height, (u32)pitch, &size))
		return -EINVAL;
	size = roundup(size, hw_size_align ?: PAGE_SIZE);
	if (!size)
		return -EINVAL;

	args->pitch = pitch;
	args->size = size;
	return 0;
}

#endif /* _COMPAT_DRM_DUMB_BUFFERS_H */
