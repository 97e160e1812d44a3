// SPDX-License-Identifier: MIT
/*
 * Memory in place of a simulated device's: what operations are tested and measured on.
 */
#include <linux/crc32.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#define POISON	0xa5

void simbuf_window_open(struct simdev_window *win, struct simbuf_attachment *att,
			enum dma_data_direction dir, void *staging, size_t staging_size)
{
	*win = (struct simdev_window) {
		.att = att,
		.dir = dir,
		.staging = staging,
		.staging_size = staging_size,
	};
}

/* What was put together for the last access is not there any more. */
static void window_flush(struct simdev_window *win)
{
	if (win->dir == DMA_FROM_DEVICE)
		memcpy(win->att->memory + win->staged_at, win->staging, win->staged);
	memset(win->staging, POISON, win->staged);
	win->staged = 0;
}

/* Pieces that cross from one run to the next are put together in the staging memory. */
void *simdev_window_at(struct simdev_window *win, size_t offset, size_t len)
{
	struct simbuf_attachment *att = win->att;

	window_flush(win);
	if (offset + len > att->size)
		return ERR_PTR(-EFAULT);
	if (offset / att->run == (offset + len - 1) / att->run)
		return att->memory + offset;
	if (len > win->staging_size)
		return ERR_PTR(-EMSGSIZE);
	win->staged_at = offset;
	win->staged = len;
	if (win->dir == DMA_TO_DEVICE)
		memcpy(win->staging, att->memory + offset, len);

	return win->staging;
}

int simdev_window_close(struct simdev_window *win)
{
	window_flush(win);

	return 0;
}

u32 crc32_le(u32 crc, const u8 *p, size_t len)
{
	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}

	return crc;
}
