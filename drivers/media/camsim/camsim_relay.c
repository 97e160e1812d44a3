// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: how a frame is handed on
 *
 * The camera's DMA reads a row where the producer's buffer has it and writes it
 * to where it belongs in the consumer's: the bytes are moved once. Only rows that
 * the stamp covers are put together in a scratch row before.
 *
 * Also compiled in userspace, where the tests are its device.
 */
#include <linux/err.h>
#include <linux/simdev.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "camsim_access.h"
#include "camsim_format.h"
#include "camsim_relay.h"
#include "camsim_stamp.h"

/**
 * struct camsim_relay - what is needed to hand on frames of one layout
 * @layout: where rows go.
 * @stamper: of the stamps.
 * @row_size: bytes in @staging and in @scratch.
 * @staging: for rows that are not contiguous where they are read.
 * @scratch: the row that is being stamped.
 */
struct camsim_relay {
	struct camsim_layout layout;
	struct camsim_stamper stamper;
	size_t row_size;
	u8 *staging;
	u8 *scratch;
};

/* A row belongs to the first line that it covers. */
static const u8 *camsim_relay_stamp(struct camsim_relay *relay, const struct camsim_stamp *stamp,
				    unsigned int plane, u32 row, const u8 *pixels)
{
	const struct camsim_plane_format *format = &relay->layout.format->planes[plane];
	unsigned int line = camsim_stamp_line(&relay->stamper, stamp, row * format->lines);

	if (line == SIMSTAMP_LINES)
		return pixels;
	memcpy(relay->scratch, pixels, relay->layout.planes[plane].row_bytes);
	camsim_stamp_paint(&relay->stamper, stamp, plane, row % format->phases, relay->scratch,
			   line);
	return relay->scratch;
}

static int camsim_relay_row(struct camsim_relay *relay, struct camsim_access *to,
			    struct camsim_access *from, const struct camsim_layout *from_layout,
			    const struct camsim_stamp *stamp, unsigned int plane, u32 row)
{
	unsigned int mem = relay->layout.format->planes[plane].mem;
	size_t bytes = relay->layout.planes[plane].row_bytes;
	size_t bytesperline = relay->layout.planes[plane].bytesperline;
	const u8 *pixels;

	pixels = simdev_window_at(&from->planes[mem].win, from->planes[mem].offset +
				  from_layout->planes[plane].offset +
				  (size_t)row * from_layout->planes[plane].bytesperline, bytes);
	if (IS_ERR(pixels))
		return PTR_ERR(pixels);
	return simdev_window_write_rows(&to->planes[mem].win, to->planes[mem].offset +
					relay->layout.planes[plane].offset + row * bytesperline,
					bytesperline, 1,
					camsim_relay_stamp(relay, stamp, plane, row, pixels),
					bytes);
}

/* Whether frames of that layout can be handed on: the source of a stream may change its size. */
bool camsim_relay_fits(const struct camsim_relay *relay, const struct camsim_layout *from_layout)
{
	return relay->layout.format == from_layout->format &&
	       relay->layout.width == from_layout->width &&
	       relay->layout.height == from_layout->height;
}

/**
 * camsim_relay_write - hand on one frame
 * @relay: the relay.
 * @to: the consumer's buffer, open for writing.
 * @from: the producer's, open for reading with camsim_relay_staging().
 * @from_layout: where rows are in it; camsim_relay_fits() it.
 * @says: what the stamp says.
 * @stamped: paint it over the frame.
 *
 * Ends at the first error, which camsim_access_close() of the buffer reports.
 */
void camsim_relay_write(struct camsim_relay *relay, struct camsim_access *to,
			struct camsim_access *from, const struct camsim_layout *from_layout,
			const struct simstamp *says, bool stamped)
{
	struct camsim_stamp stamp;
	unsigned int plane;
	u32 row;

	camsim_stamp_make(&relay->stamper, says, stamped, &stamp);
	for (plane = 0; plane < relay->layout.format->num_planes; plane++)
		for (row = 0; row < relay->layout.planes[plane].rows; row++)
			if (camsim_relay_row(relay, to, from, from_layout, &stamp, plane, row))
				return;
}

/* Memory for the windows on a producer's buffer, one row at a time */
void *camsim_relay_staging(struct camsim_relay *relay, size_t *size)
{
	*size = relay->row_size;
	return relay->staging;
}

/**
 * camsim_relay_create - prepare to hand on frames
 * @layout: where they go; copied.
 *
 * Return: the relay, or %NULL.
 */
struct camsim_relay *camsim_relay_create(const struct camsim_layout *layout)
{
	struct camsim_relay *relay = kzalloc_obj(*relay);

	if (!relay)
		return NULL;

	relay->layout = *layout;
	camsim_stamper_init(&relay->stamper, &relay->layout);
	relay->row_size = camsim_layout_row_size(layout);
	relay->staging = kvzalloc(relay->row_size, GFP_KERNEL);
	relay->scratch = kvzalloc(relay->row_size, GFP_KERNEL);
	if (!relay->staging || !relay->scratch) {
		camsim_relay_destroy(relay);
		return NULL;
	}
	return relay;
}

void camsim_relay_destroy(struct camsim_relay *relay)
{
	if (!relay)
		return;
	kvfree(relay->staging);
	kvfree(relay->scratch);
	kfree(relay);
}
