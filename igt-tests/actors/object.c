// SPDX-License-Identifier: MIT
/*
 * GEM objects of any driver, and the dma-bufs they are to others.
 */
#include <drm/drm.h>
#include "actor.h"

void actor_close_object(struct actor *me, int drm, uint32_t handle)
{
	struct drm_gem_close close = { .handle = handle };

	actor_ioctl(me, "GEM_CLOSE", drm, DRM_IOCTL_GEM_CLOSE, &close);
}

int actor_export(struct actor *me, int drm, uint32_t handle, uint32_t flags)
{
	struct drm_prime_handle prime = { .handle = handle, .flags = flags };
	int ret = actor_ioctl(me, "HANDLE_TO_FD", drm, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime);

	if (ret)
		return ret;
	actor_keep(me, prime.fd);
	return prime.fd;
}

uint32_t actor_import(struct actor *me, int drm, int dmabuf)
{
	struct drm_prime_handle prime = { .fd = dmabuf };

	if (actor_ioctl(me, "FD_TO_HANDLE", drm, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime))
		return 0;
	return prime.handle;
}
