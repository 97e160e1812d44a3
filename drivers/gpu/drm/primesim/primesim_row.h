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
 * struct primesim_weights - constants from RGB to one Y'CbCr encoding and range
 * @y0: value of Y that is black.
 * @kr: weight of red in Y, as all weights in 1.15 fixed point.
 * @kg: weight of green in Y.
 * @kb: weight of blue in Y.
 * @kur: weight of red in Cb, subtracted.
 * @kub: weight of blue in Cb. Green's, subtracted, is the difference of the two.
 * @kvr: weight of red in Cr.
 * @kvb: weight of blue in Cr, subtracted. Green's is the difference.
 */
struct primesim_weights {
	s32 y0;
	s32 kr, kg, kb;
	s32 kur, kub;
	s32 kvr, kvb;
};

/* What R8 is of RGB */
extern const struct primesim_weights primesim_row_grey;

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

void primesim_row_unpack_nv21(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix);
void primesim_row_unpack_yuv420(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix);
void primesim_row_unpack_p010(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix);
void primesim_row_unpack_abgr8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix);
void primesim_row_unpack_xbgr8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix);
void primesim_row_unpack_rgb888(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix);
void primesim_row_unpack_bgr888(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix);
void primesim_row_unpack_r8(u32 *out, const void *const planes[], u32 count,
			    const struct primesim_matrix *matrix);

/* Formats that only the display reads; YVU420 is also YVU422, as a row has it. */
#define PRIMESIM_ROW_UNPACK(name)						\
	void primesim_row_unpack_##name(u32 *out, const void *const planes[],	\
					u32 count, const struct primesim_matrix *matrix)
PRIMESIM_ROW_UNPACK(yvu420);
PRIMESIM_ROW_UNPACK(nv24);
PRIMESIM_ROW_UNPACK(nv42);
PRIMESIM_ROW_UNPACK(yuv444);
PRIMESIM_ROW_UNPACK(yvu444);
PRIMESIM_ROW_UNPACK(bgra8888);
PRIMESIM_ROW_UNPACK(bgrx8888);
PRIMESIM_ROW_UNPACK(rgba8888);
PRIMESIM_ROW_UNPACK(rgbx8888);
PRIMESIM_ROW_UNPACK(bgr565);
PRIMESIM_ROW_UNPACK(r1);
PRIMESIM_ROW_UNPACK(r2);
PRIMESIM_ROW_UNPACK(r4);

/* One row of ARGB8888 to some RGB format. */
typedef void (*primesim_pack_fn)(void *out, const u32 *in, u32 count);

void primesim_row_pack_argb8888(void *out, const u32 *in, u32 count);
void primesim_row_pack_xrgb8888(void *out, const u32 *in, u32 count);
void primesim_row_pack_rgb565(void *out, const u32 *in, u32 count);
void primesim_row_pack_abgr8888(void *out, const u32 *in, u32 count);
void primesim_row_pack_xbgr8888(void *out, const u32 *in, u32 count);
void primesim_row_pack_rgb888(void *out, const u32 *in, u32 count);
void primesim_row_pack_bgr888(void *out, const u32 *in, u32 count);
void primesim_row_pack_r8(void *out, const u32 *in, u32 count);

/* One row of ARGB8888 to the first plane of some Y'CbCr format; @count is even. */
typedef void (*primesim_pack_luma_fn)(void *out, const u32 *in, u32 count,
				      const struct primesim_weights *weights);

void primesim_row_pack_luma_8(void *out, const u32 *in, u32 count,
			      const struct primesim_weights *weights);
void primesim_row_pack_luma_p010(void *out, const u32 *in, u32 count,
				 const struct primesim_weights *weights);
void primesim_row_pack_yuyv(void *out, const u32 *in, u32 count,
			    const struct primesim_weights *weights);
void primesim_row_pack_uyvy(void *out, const u32 *in, u32 count,
			    const struct primesim_weights *weights);

/**
 * typedef primesim_pack_chroma_fn - two rows of ARGB8888 to the planes with chroma
 * @planes: for each plane of the format the row's first sample; the first is not used.
 * @first: @count pixels.
 * @second: those below them; may be @first.
 * @count: pixels, even.
 * @weights: of the destination.
 */
typedef void (*primesim_pack_chroma_fn)(void *const planes[], const u32 *first,
					const u32 *second, u32 count,
					const struct primesim_weights *weights);

void primesim_row_pack_chroma_nv12(void *const planes[], const u32 *first, const u32 *second,
				   u32 count, const struct primesim_weights *weights);
void primesim_row_pack_chroma_nv21(void *const planes[], const u32 *first, const u32 *second,
				   u32 count, const struct primesim_weights *weights);
void primesim_row_pack_chroma_yuv420(void *const planes[], const u32 *first, const u32 *second,
				     u32 count, const struct primesim_weights *weights);
void primesim_row_pack_chroma_p010(void *const planes[], const u32 *first, const u32 *second,
				   u32 count, const struct primesim_weights *weights);

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
void primesim_row_scale_pairs_8(void *out, const void *in, u32 count,
				const struct primesim_row_index *index);
void primesim_row_scale_pairs_32(void *out, const void *in, u32 count,
				 const struct primesim_row_index *index);
void primesim_row_scale_24(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index);
void primesim_row_scale_16(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index);
void primesim_row_scale_32(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index);
void primesim_row_scale_yuyv(void *out, const void *in, u32 count,
			     const struct primesim_row_index *index);
void primesim_row_scale_uyvy(void *out, const void *in, u32 count,
			     const struct primesim_row_index *index);

/*
 * Bilinear scaling. For each element of a destination row, @at is the first of the two
 * source elements that it is made of, and @part the share of the second one in 1/256.
 * Where @at is the last one, @part is 0.
 */
struct primesim_row_filter {
	u16 *at;
	u16 *part;
};

void primesim_row_filter(const struct primesim_row_filter *filter, u32 count, u32 source_count);

/* Pixels of any value that follow a source row's own where it is stretched. */
#define PRIMESIM_STRETCH_MARGIN	8

/* One row of ARGB8888 */
void primesim_row_stretch(u32 *out, const u32 *in, u32 count,
			  const struct primesim_row_filter *filter);

/* Two rows of ARGB8888, @part / 256 of them being @second. */
void primesim_row_mix(u32 *out, const u32 *first, const u32 *second, u32 part, u32 count);

/* One row of ARGB8888 over another one; @out may be @below. */
typedef void (*primesim_blend_fn)(u32 *out, const u32 *below, const u32 *above, u32 count);

void primesim_row_blend_premultiplied(u32 *out, const u32 *below, const u32 *above, u32 count);
void primesim_row_blend_straight(u32 *out, const u32 *below, const u32 *above, u32 count);

/* @row becomes its mirror image. */
void primesim_row_reverse(u32 *row, u32 count);

/* @count pixels of each of @lines rows become columns: @count rows of @lines pixels. */
void primesim_row_turn(u32 *out, ssize_t out_stride, const u32 *in, size_t in_stride, u32 count,
		       u32 lines);

/* @lines rows of @bytes bytes, their strides in bytes. */
void primesim_row_copy(void *out, size_t out_stride, const void *in, size_t in_stride, u32 bytes,
		       u32 lines);

/* @count elements of @bytes (1 to 4) become the low bits of @value. */
void primesim_row_fill(void *out, u32 value, u32 bytes, u32 count);

#endif /* _PRIMESIM_ROW_H_ */
