// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/simbuf.h>

#include "camsim_access.h"
#include "camsim_drv.h"
#include "camsim_mem.h"
#include "camsim_queue.h"

/**
 * camsim_access_open - begin to write or to read a frame
 * @access: the access; every member is set here.
 * @vb: a queued buffer.
 * @dir: DMA_FROM_DEVICE to write it, DMA_TO_DEVICE to read it.
 * @staging: of all windows, so what one of them returned is valid until the next call
 *	on any. May be %NULL if only simdev_window_write_rows() is used.
 * @staging_size: its size.
 *
 * End with camsim_access_close().
 */
void camsim_access_open(struct camsim_access *access, struct vb2_buffer *vb,
			enum dma_data_direction dir, void *staging, size_t staging_size)
{
	unsigned int i;

	access->num = vb->num_planes;
	for (i = 0; i < access->num; i++) {
		simbuf_window_open(&access->planes[i].win,
				   camsim_mem_attachment(camsim_queue_mem(vb, i)), dir,
				   staging, staging_size);
		access->planes[i].offset = vb->planes[i].data_offset;
	}
}

/**
 * camsim_access_open_nowhere - begin to write a frame to addresses that are not mapped
 * @access: the access; every member is set here.
 * @cam: the camera.
 * @vb: the buffer that the frame should have gone to.
 */
void camsim_access_open_nowhere(struct camsim_access *access, struct camsim *cam,
				struct vb2_buffer *vb)
{
	unsigned int i;

	*access = (struct camsim_access) { .num = vb->num_planes };
	for (i = 0; i < access->num; i++)
		simdev_window_open(&access->planes[i].win, cam->sd, NULL, DMA_FROM_DEVICE, NULL, 0);
}

/**
 * camsim_access_close - end writing or reading a frame
 * @access: an open access.
 *
 * Return: 0, or the first error of any plane.
 */
int camsim_access_close(struct camsim_access *access)
{
	int err = 0, ret;
	unsigned int i;

	for (i = 0; i < access->num; i++) {
		ret = simdev_window_close(&access->planes[i].win);
		err = err ?: ret;
	}
	return err;
}
