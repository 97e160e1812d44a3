// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/videodev2.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "leftovers.h"

/* Each of more than what balance.c lets pass: of pages also on a debug kernel */
#define PAGES_BYTES	(64 << 20)
#define OBJECTS		16384

void leftovers_leave(struct leftovers *left)
{
	uint32_t handle;

	left->drm = lab_open_render("primesim");
	handle = lab_bo_create(left->drm, PAGES_BYTES, 0);
	lab_gpu_fill(left->drm, handle, PAGES_BYTES, 0);
	left->dmabufs[0] = lab_export(left->drm, handle, DRM_RDWR);
	for (int i = 1; i < OBJECTS; i++) {
		handle = lab_bo_create(left->drm, 4096, 0);
		if (i < LEFTOVER_FILES)
			left->dmabufs[i] = lab_export(left->drm, handle, DRM_RDWR);
	}

	lab_camera_open(&left->camera, V4L2_PIX_FMT_XBGR32, 640, 480);
	lab_camera_request(&left->camera, V4L2_MEMORY_DMABUF, 2);
	igt_assert_eq(lab_camera_queue(&left->camera, 0, left->dmabufs[0]), 0);

	lab_fence_open(&left->fence, 64, 64);
}

/*
 * The fence is not signalled first: whoever counted what is left may have taken longer than the
 * ten seconds after which vgem does so itself, and then answers ETIMEDOUT. It is vgem's file that
 * holds it.
 */
void leftovers_remove(struct leftovers *left)
{
	lab_fence_close(&left->fence);
	lab_camera_close(&left->camera);
	for (int i = 0; i < LEFTOVER_FILES; i++)
		lab_close(left->dmabufs[i]);
	lab_close(left->drm);
}
