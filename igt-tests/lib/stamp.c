// SPDX-License-Identifier: MIT
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include "buffer.h"
#include "lab.h"
#include "stamp.h"

/*
 * Where a pixel's brightness is, in the first plane: in groups of so many pixels and
 * bytes, a byte for each pixel. Of raw data it is that of any colour; where it has two
 * bytes, that which differs more between black and white.
 */
static const struct {
	uint32_t fourcc;
	uint32_t pixels;
	uint32_t bytes;
	uint32_t brightness;
} formats[] = {
	{ V4L2_PIX_FMT_XBGR32, 1, 4, 1 },
	{ V4L2_PIX_FMT_RGB24, 1, 3, 1 },
	{ V4L2_PIX_FMT_YUYV, 1, 2, 0 },
	{ V4L2_PIX_FMT_UYVY, 1, 2, 1 },
	{ V4L2_PIX_FMT_NV12, 1, 1, 0 },
	{ V4L2_PIX_FMT_NV21, 1, 1, 0 },
	{ V4L2_PIX_FMT_YUV420, 1, 1, 0 },
	{ V4L2_PIX_FMT_NV12M, 1, 1, 0 },
	{ V4L2_PIX_FMT_YUV420M, 1, 1, 0 },
	{ V4L2_PIX_FMT_P010, 1, 2, 1 },
	{ V4L2_PIX_FMT_GREY, 1, 1, 0 },
	{ V4L2_PIX_FMT_SRGGB8, 1, 1, 0 },
	{ V4L2_PIX_FMT_SGRBG8, 1, 1, 0 },
	{ V4L2_PIX_FMT_SGBRG8, 1, 1, 0 },
	{ V4L2_PIX_FMT_SBGGR8, 1, 1, 0 },
	{ V4L2_PIX_FMT_SRGGB10, 1, 2, 0 },
	{ V4L2_PIX_FMT_SGRBG10, 1, 2, 0 },
	{ V4L2_PIX_FMT_SGBRG10, 1, 2, 0 },
	{ V4L2_PIX_FMT_SBGGR10, 1, 2, 0 },
	{ V4L2_PIX_FMT_SRGGB10P, 4, 5, 0 },
	{ V4L2_PIX_FMT_SGRBG10P, 4, 5, 0 },
	{ V4L2_PIX_FMT_SGBRG10P, 4, 5, 0 },
	{ V4L2_PIX_FMT_SBGGR10P, 4, 5, 0 },
};

static size_t format_index(uint32_t fourcc)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (formats[i].fourcc == fourcc)
			return i;
	igt_assert_f(false, "no format %#x\n", fourcc);
	return 0;
}

static bool cell_is_white(const uint8_t *frame, const struct lab_camera *format, uint32_t column,
			  uint32_t line)
{
	size_t i = format_index(format->fourcc);
	uint32_t x = simstamp_cell_centre(format->width, SIMSTAMP_H_CELLS, column);
	uint32_t y = simstamp_cell_centre(format->height, SIMSTAMP_V_CELLS, line);

	return frame[(size_t)y * format->stride + x / formats[i].pixels * formats[i].bytes +
		     x % formats[i].pixels + formats[i].brightness] >= 0x80;
}

bool lab_stamp_read(const void *frame, const struct lab_camera *format, struct simstamp *stamp)
{
	u8 bytes[SIMSTAMP_BYTES] = {};

	for (uint32_t line = 0; line < SIMSTAMP_LINES; line++) {
		for (uint32_t column = 0; column < SIMSTAMP_COLUMNS; column++) {
			uint32_t bit = line * SIMSTAMP_COLUMNS + column;

			if (cell_is_white(frame, format, column, line))
				bytes[bit / 8] |= 0x80 >> bit % 8;
		}
	}
	return simstamp_decode(bytes, stamp) == SIMSTAMP_VALID;
}

struct simstamp lab_stamp_check(int dmabuf, const struct lab_camera *format,
				const struct v4l2_buffer *buffer)
{
	uint64_t size = lab_dmabuf_size(dmabuf);
	const void *frame = lab_map(dmabuf, size, PROT_READ, 0);
	struct simstamp stamp;

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_f(lab_stamp_read(frame, format, &stamp), "no valid stamp in the frame\n");
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_eq_u32(stamp.sequence, buffer->sequence);
	lab_unmap(frame, size);
	return stamp;
}
