/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Row functions: everything primesim computes with pixels, one row at a time.
 *
 * Pure logic, also compiled in userspace (tests/). A row is an array in memory, little
 * endian as DRM's formats are; rows given to one call do not overlap. Between
 * formats, pixels are ARGB8888 with alpha 0xff where the source has none.
 */
#ifndef _PRIMESIM_ROW_H_
#define _PRIMESIM_ROW_H_

#include <linux/string.h>
#include <linux/types.h>

/**
 * struct primesim_matrix - constants of one Y'CbCr encoding and range
 * @y0: value of Y that is black.
 * @ky: weight of Y, as all weights in 16.16 fixed point.
 * @krv: weight of Cr in red.
 * @kgu: weight of Cb in green, subtracted.
 * @kgv: weight of Cr in green, subtracted.
 * @kbu: weight of Cb in blue.
 */
struct primesim_matrix {
	s32 y0;
	s32 ky;
	s32 krv;
	s32 kgu;
	s32 kgv;
	s32 kbu;
};

/**
 * typedef primesim_unpack_fn - one row of some format to ARGB8888
 * @out: @count pixels.
 * @planes: for each plane of the format, the row's first pixel. Where chroma
 *	is subsampled, that pixel is the first one its chroma sample covers.
 * @count: pixels; may be odd for any format.
 * @matrix: for Y'CbCr formats, unused by the others.
 */
typedef void (*primesim_unpack_fn)(u32 *out, const void *const planes[], u32 count,
				   const struct primesim_matrix *matrix);

void primesim_row_unpack_argb8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix);
void primesim_row_unpack_xrgb8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix);
void primesim_row_unpack_rgb565(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix);
void primesim_row_unpack_nv12(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix);
void primesim_row_unpack_yuyv(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix);
void primesim_row_unpack_uyvy(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix);

/* One row of ARGB8888 to some format. */
typedef void (*primesim_pack_fn)(void *out, const u32 *in, u32 count);

void primesim_row_pack_argb8888(void *out, const u32 *in, u32 count);
void primesim_row_pack_xrgb8888(void *out, const u32 *in, u32 count);
void primesim_row_pack_rgb565(void *out, const u32 *in, u32 count);

/*
 * Nearest scaling. An index holds, for each element of a destination row, the
 * source element it shows. @pixels counts pixels, @pairs pairs of them: the
 * chroma samples of formats that have one for two pixels.
 */
struct primesim_row_index {
	const u16 *pixels;
	const u16 *pairs;
};

void primesim_row_index(u16 *index, u32 count, u32 source_count);

/* One row of one plane, @count pixels wide, in its own format. */
typedef void (*primesim_scale_fn)(void *out, const void *in, u32 count,
				  const struct primesim_row_index *index);

void primesim_row_scale_8(void *out, const void *in, u32 count,
			  const struct primesim_row_index *index);
void primesim_row_scale_pairs_16(void *out, const void *in, u32 count,
				 const struct primesim_row_index *index);
void primesim_row_scale_16(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index);
void primesim_row_scale_32(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index);
void primesim_row_scale_yuyv(void *out, const void *in, u32 count,
			     const struct primesim_row_index *index);
void primesim_row_scale_uyvy(void *out, const void *in, u32 count,
			     const struct primesim_row_index *index);

/* @count elements of @bytes (1, 2 or 4) become the low bits of @value. */
void primesim_row_fill(void *out, u32 value, u32 bytes, u32 count);

#endif /* _PRIMESIM_ROW_H_ */
