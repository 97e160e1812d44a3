// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Row functions, in plain C.
 *
 * The loops hold their constants in registers and have no calls and no
 * branches that depend on pixels. Each is one operation on one row, so that a
 * vector version can take the place of any of them.
 */
#include "primesim_row.h"

#define OPAQUE 0xff000000u

static __always_inline u32 clamp_8(s32 value)
{
	if (value < 0)
		value = 0;
	return value > 255 ? 255 : value;
}

/* What one chroma sample adds to the pixels it covers. */
struct chroma {
	s32 r;
	s32 g;
	s32 b;
};

static __always_inline struct chroma
chroma_weigh(u8 cb, u8 cr, const struct primesim_matrix *m)
{
	s32 u = cb - 128;
	s32 v = cr - 128;

	return (struct chroma) {
		.r = m->krv * v,
		.g = -m->kgu * u - m->kgv * v,
		.b = m->kbu * u,
	};
}

/* The black level and the rounding of the final shift, once for a whole row. */
static __always_inline s32 luma_offset(const struct primesim_matrix *m)
{
	return 32768 - m->y0 * m->ky;
}

static __always_inline u32 yuv_pixel(s32 y, struct chroma c)
{
	return OPAQUE | clamp_8((y + c.r) >> 16) << 16 |
	       clamp_8((y + c.g) >> 16) << 8 | clamp_8((y + c.b) >> 16);
}

void primesim_row_unpack_argb8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	memcpy(out, planes[0], count * sizeof(*out));
}

void primesim_row_unpack_xrgb8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	primesim_row_pack_xrgb8888(out, planes[0], count);
}

void primesim_row_unpack_rgb565(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	const u16 *in = planes[0];

	for (u32 i = 0; i < count; i++) {
		u32 pixel = in[i];
		u32 r = (pixel & 0xf800) << 8 | (pixel & 0xe000) << 3;
		u32 g = (pixel & 0x07e0) << 5 | (pixel & 0x0600) >> 1;
		u32 b = (pixel & 0x001f) << 3 | (pixel & 0x001c) >> 2;

		out[i] = OPAQUE | r | g | b;
	}
}

/*
 * Chroma in planes of its own, one sample for two pixels. From one sample to the next
 * it is @y_step and @c_step bytes.
 */
static __always_inline void unpack_planes(u32 *out, const u8 *luma, const u8 *cb, const u8 *cr,
					  u32 count, const struct primesim_matrix *matrix,
					  const u32 y_step, const u32 c_step)
{
	const struct primesim_matrix m = *matrix;
	const s32 y0 = luma_offset(&m);
	u32 i;

	for (i = 0; i + 1 < count; i += 2, cb += c_step, cr += c_step) {
		struct chroma c = chroma_weigh(*cb, *cr, &m);

		out[i] = yuv_pixel(luma[i * y_step] * m.ky + y0, c);
		out[i + 1] = yuv_pixel(luma[(i + 1) * y_step] * m.ky + y0, c);
	}
	if (i < count)
		out[i] = yuv_pixel(luma[i * y_step] * m.ky + y0, chroma_weigh(*cb, *cr, &m));
}

void primesim_row_unpack_nv12(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	const u8 *cbcr = planes[1];

	unpack_planes(out, planes[0], cbcr, cbcr + 1, count, matrix, 1, 2);
}

void primesim_row_unpack_nv21(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	const u8 *crcb = planes[1];

	unpack_planes(out, planes[0], crcb + 1, crcb, count, matrix, 1, 2);
}

void primesim_row_unpack_yuv420(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	unpack_planes(out, planes[0], planes[1], planes[2], count, matrix, 1, 1);
}

/* Samples are 16 bits, little endian; of each, the upper byte counts. */
void primesim_row_unpack_p010(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	const u8 *luma = planes[0];
	const u8 *cbcr = planes[1];

	unpack_planes(out, luma + 1, cbcr + 1, cbcr + 3, count, matrix, 2, 4);
}

/* Four bytes hold two pixels: luma at @y and @y + 2, Cb at @c and Cr at @c + 2. */
static __always_inline void unpack_422(u32 *out, const u8 *in, u32 count,
				       const struct primesim_matrix *matrix,
				       const u32 y, const u32 c)
{
	const struct primesim_matrix m = *matrix;
	const s32 y0 = luma_offset(&m);
	u32 i;

	for (i = 0; i + 1 < count; i += 2, in += 4) {
		struct chroma both = chroma_weigh(in[c], in[c + 2], &m);

		out[i] = yuv_pixel(in[y] * m.ky + y0, both);
		out[i + 1] = yuv_pixel(in[y + 2] * m.ky + y0, both);
	}
	if (i < count)
		out[i] = yuv_pixel(in[y] * m.ky + y0,
				   chroma_weigh(in[c], in[c + 2], &m));
}

void primesim_row_unpack_yuyv(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	unpack_422(out, planes[0], count, matrix, 0, 1);
}

void primesim_row_unpack_uyvy(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	unpack_422(out, planes[0], count, matrix, 1, 0);
}

void primesim_row_pack_argb8888(void *out, const u32 *in, u32 count)
{
	memcpy(out, in, count * sizeof(*in));
}

void primesim_row_pack_xrgb8888(void *out, const u32 *in, u32 count)
{
	u32 *row = out;

	for (u32 i = 0; i < count; i++)
		row[i] = OPAQUE | in[i];
}

static __always_inline u32 swap_red_blue(u32 pixel)
{
	return (pixel & 0xff00ff00) | (pixel >> 16 & 0xff) | (pixel & 0xff) << 16;
}

void primesim_row_pack_abgr8888(void *out, const u32 *in, u32 count)
{
	u32 *row = out;

	for (u32 i = 0; i < count; i++)
		row[i] = swap_red_blue(in[i]);
}

void primesim_row_pack_xbgr8888(void *out, const u32 *in, u32 count)
{
	u32 *row = out;

	for (u32 i = 0; i < count; i++)
		row[i] = OPAQUE | swap_red_blue(in[i]);
}

void primesim_row_unpack_abgr8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	primesim_row_pack_abgr8888(out, planes[0], count);
}

void primesim_row_unpack_xbgr8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	primesim_row_pack_xbgr8888(out, planes[0], count);
}

/* Three bytes are a pixel, with red at @r and blue at @b. */
static __always_inline void unpack_24(u32 *out, const u8 *in, u32 count, const u32 r, const u32 b)
{
	for (u32 i = 0; i < count; i++, in += 3)
		out[i] = OPAQUE | (u32)in[r] << 16 | (u32)in[1] << 8 | in[b];
}

void primesim_row_unpack_rgb888(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	unpack_24(out, planes[0], count, 2, 0);
}

void primesim_row_unpack_bgr888(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	unpack_24(out, planes[0], count, 0, 2);
}

static __always_inline void pack_24(u8 *out, const u32 *in, u32 count, const u32 r, const u32 b)
{
	for (u32 i = 0; i < count; i++, out += 3) {
		out[r] = in[i] >> 16;
		out[1] = in[i] >> 8;
		out[b] = in[i];
	}
}

void primesim_row_pack_rgb888(void *out, const u32 *in, u32 count)
{
	pack_24(out, in, count, 2, 0);
}

void primesim_row_pack_bgr888(void *out, const u32 *in, u32 count)
{
	pack_24(out, in, count, 0, 2);
}

void primesim_row_unpack_r8(u32 *out, const void *const planes[], u32 count,
			    const struct primesim_matrix *matrix)
{
	const u8 *in = planes[0];

	for (u32 i = 0; i < count; i++)
		out[i] = OPAQUE | in[i] * 0x010101u;
}

void primesim_row_unpack_yvu420(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	unpack_planes(out, planes[0], planes[2], planes[1], count, matrix, 1, 1);
}

/* A chroma sample of its own for each pixel, @c_step bytes from the next one */
static __always_inline void unpack_444(u32 *out, const u8 *luma, const u8 *cb, const u8 *cr,
				       u32 count, const struct primesim_matrix *matrix,
				       const u32 c_step)
{
	const struct primesim_matrix m = *matrix;
	const s32 y0 = luma_offset(&m);

	for (u32 i = 0; i < count; i++)
		out[i] = yuv_pixel(luma[i] * m.ky + y0,
				   chroma_weigh(cb[i * c_step], cr[i * c_step], &m));
}

void primesim_row_unpack_nv24(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	const u8 *cbcr = planes[1];

	unpack_444(out, planes[0], cbcr, cbcr + 1, count, matrix, 2);
}

void primesim_row_unpack_nv42(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	const u8 *crcb = planes[1];

	unpack_444(out, planes[0], crcb + 1, crcb, count, matrix, 2);
}

void primesim_row_unpack_yuv444(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	unpack_444(out, planes[0], planes[1], planes[2], count, matrix, 1);
}

void primesim_row_unpack_yvu444(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	unpack_444(out, planes[0], planes[2], planes[1], count, matrix, 1);
}

/* Alpha, or nothing, in the low byte, and red or blue in the high one */
static __always_inline void unpack_alpha_last(u32 *out, const u32 *in, u32 count, const bool bgr,
					      const u32 set)
{
	for (u32 i = 0; i < count; i++) {
		u32 pixel = in[i] >> 8 | in[i] << 24;

		out[i] = (bgr ? swap_red_blue(pixel) : pixel) | set;
	}
}

void primesim_row_unpack_bgra8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	unpack_alpha_last(out, planes[0], count, true, 0);
}

void primesim_row_unpack_bgrx8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	unpack_alpha_last(out, planes[0], count, true, OPAQUE);
}

void primesim_row_unpack_rgba8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	unpack_alpha_last(out, planes[0], count, false, 0);
}

void primesim_row_unpack_rgbx8888(u32 *out, const void *const planes[], u32 count,
				  const struct primesim_matrix *matrix)
{
	unpack_alpha_last(out, planes[0], count, false, OPAQUE);
}

void primesim_row_unpack_bgr565(u32 *out, const void *const planes[], u32 count,
				const struct primesim_matrix *matrix)
{
	primesim_row_unpack_rgb565(out, planes, count, matrix);
	for (u32 i = 0; i < count; i++)
		out[i] = swap_red_blue(out[i]);
}

/* Several pixels a byte, the first one in its highest bits */
static __always_inline void unpack_bits(u32 *out, const u8 *in, u32 count, const u32 bits)
{
	const u32 max = (1 << bits) - 1;

	for (u32 i = 0; i < count; i++) {
		u32 value = in[i * bits / 8] >> (8 - bits - i * bits % 8) & max;

		out[i] = OPAQUE | value * (255 / max) * 0x010101u;
	}
}

void primesim_row_unpack_r1(u32 *out, const void *const planes[], u32 count,
			    const struct primesim_matrix *matrix)
{
	unpack_bits(out, planes[0], count, 1);
}

void primesim_row_unpack_r2(u32 *out, const void *const planes[], u32 count,
			    const struct primesim_matrix *matrix)
{
	unpack_bits(out, planes[0], count, 2);
}

void primesim_row_unpack_r4(u32 *out, const void *const planes[], u32 count,
			    const struct primesim_matrix *matrix)
{
	unpack_bits(out, planes[0], count, 4);
}

/* Y of BT.601, full range */
const struct primesim_weights primesim_row_grey = { .kr = 9798, .kg = 19234, .kb = 3736 };

static __always_inline u32 luma_of(u32 pixel, const struct primesim_weights *w)
{
	s32 sum = w->kr * (s32)(pixel >> 16 & 0xff) + w->kg * (s32)(pixel >> 8 & 0xff) +
		  w->kb * (s32)(pixel & 0xff);

	return clamp_8(w->y0 + ((sum + 16384) >> 15));
}

void primesim_row_pack_r8(void *out, const u32 *in, u32 count)
{
	primesim_row_pack_luma_8(out, in, count, &primesim_row_grey);
}

void primesim_row_pack_luma_8(void *out, const u32 *in, u32 count,
			      const struct primesim_weights *weights)
{
	const struct primesim_weights w = *weights;
	u8 *row = out;

	for (u32 i = 0; i < count; i++)
		row[i] = luma_of(in[i], &w);
}

void primesim_row_pack_luma_p010(void *out, const u32 *in, u32 count,
				 const struct primesim_weights *weights)
{
	const struct primesim_weights w = *weights;
	u16 *row = out;

	for (u32 i = 0; i < count; i++)
		row[i] = luma_of(in[i], &w) << 8;
}

/* Sums of each colour over the pixels that a chroma sample covers. */
struct rgb {
	s32 r;
	s32 g;
	s32 b;
};

static __always_inline struct rgb rgb_add(struct rgb sum, u32 pixel)
{
	return (struct rgb) {
		.r = sum.r + (s32)(pixel >> 16 & 0xff),
		.g = sum.g + (s32)(pixel >> 8 & 0xff),
		.b = sum.b + (s32)(pixel & 0xff),
	};
}

static __always_inline struct rgb rgb_add_two(struct rgb sum, const u32 *pixels)
{
	return rgb_add(rgb_add(sum, pixels[0]), pixels[1]);
}

/* @shift: 15, and the logarithm of the number of pixels in the sums. */
static __always_inline u32 cb_of(struct rgb sum, const struct primesim_weights *w, u32 shift)
{
	s32 cb = w->kub * sum.b - w->kur * sum.r - (w->kub - w->kur) * sum.g;

	return clamp_8(128 + ((cb + (1 << (shift - 1))) >> shift));
}

static __always_inline u32 cr_of(struct rgb sum, const struct primesim_weights *w, u32 shift)
{
	s32 cr = w->kvr * sum.r - w->kvb * sum.b - (w->kvr - w->kvb) * sum.g;

	return clamp_8(128 + ((cr + (1 << (shift - 1))) >> shift));
}

static __always_inline void pack_422(u8 *out, const u32 *in, u32 count,
				     const struct primesim_weights *weights,
				     const u32 y, const u32 c)
{
	const struct primesim_weights w = *weights;

	for (u32 i = 0; i < count; i += 2, out += 4) {
		struct rgb sum = rgb_add_two((struct rgb) {}, in + i);

		out[y] = luma_of(in[i], &w);
		out[y + 2] = luma_of(in[i + 1], &w);
		out[c] = cb_of(sum, &w, 16);
		out[c + 2] = cr_of(sum, &w, 16);
	}
}

void primesim_row_pack_yuyv(void *out, const u32 *in, u32 count,
			    const struct primesim_weights *weights)
{
	pack_422(out, in, count, weights, 0, 1);
}

void primesim_row_pack_uyvy(void *out, const u32 *in, u32 count,
			    const struct primesim_weights *weights)
{
	pack_422(out, in, count, weights, 1, 0);
}

/* The upper bytes of samples that are @step bytes apart. */
static __always_inline void pack_chroma(u8 *cb, u8 *cr, const u32 *first, const u32 *second,
					u32 count, const struct primesim_weights *weights,
					const u32 step)
{
	const struct primesim_weights w = *weights;

	for (u32 i = 0; i < count; i += 2, cb += step, cr += step) {
		struct rgb sum = rgb_add_two(rgb_add_two((struct rgb) {}, first + i),
					     second + i);

		*cb = cb_of(sum, &w, 17);
		*cr = cr_of(sum, &w, 17);
	}
}

void primesim_row_pack_chroma_nv12(void *const planes[], const u32 *first, const u32 *second,
				   u32 count, const struct primesim_weights *weights)
{
	u8 *cbcr = planes[1];

	pack_chroma(cbcr, cbcr + 1, first, second, count, weights, 2);
}

void primesim_row_pack_chroma_nv21(void *const planes[], const u32 *first, const u32 *second,
				   u32 count, const struct primesim_weights *weights)
{
	u8 *crcb = planes[1];

	pack_chroma(crcb + 1, crcb, first, second, count, weights, 2);
}

void primesim_row_pack_chroma_yuv420(void *const planes[], const u32 *first, const u32 *second,
				     u32 count, const struct primesim_weights *weights)
{
	pack_chroma(planes[1], planes[2], first, second, count, weights, 1);
}

void primesim_row_pack_chroma_p010(void *const planes[], const u32 *first, const u32 *second,
				   u32 count, const struct primesim_weights *weights)
{
	u8 *cbcr = planes[1];

	memset(cbcr, 0, count * 2);
	pack_chroma(cbcr + 1, cbcr + 3, first, second, count, weights, 4);
}

void primesim_row_pack_rgb565(void *out, const u32 *in, u32 count)
{
	u16 *row = out;

	for (u32 i = 0; i < count; i++) {
		u32 pixel = in[i];

		row[i] = (pixel >> 8 & 0xf800) | (pixel >> 5 & 0x07e0) |
			 (pixel >> 3 & 0x001f);
	}
}

/**
 * primesim_row_index - which source element each destination element shows
 * @index: @count entries.
 * @count: elements of the destination row, 1 .. 16384.
 * @source_count: elements of the source row, 1 .. 16384.
 *
 * (i * source_count + source_count / 2) / count, without the divisions.
 */
void primesim_row_index(u16 *index, u32 count, u32 source_count)
{
	const u32 step = source_count / count;
	const u32 part = source_count % count;
	u32 at = source_count / 2 / count;
	u32 rest = source_count / 2 % count;

	for (u32 i = 0; i < count; i++) {
		index[i] = at;
		at += step;
		rest += part;
		if (rest >= count) {
			rest -= count;
			at++;
		}
	}
}

void primesim_row_scale_8(void *out, const void *in, u32 count,
			  const struct primesim_row_index *index)
{
	const u16 *at = index->pixels;
	const u8 *from = in;
	u8 *to = out;

	for (u32 i = 0; i < count; i++)
		to[i] = from[at[i]];
}

void primesim_row_scale_pairs_16(void *out, const void *in, u32 count,
				 const struct primesim_row_index *index)
{
	const u16 *at = index->pairs;
	const u16 *from = in;
	u16 *to = out;

	for (u32 i = 0; i < count / 2; i++)
		to[i] = from[at[i]];
}

void primesim_row_scale_pairs_8(void *out, const void *in, u32 count,
				const struct primesim_row_index *index)
{
	const u16 *at = index->pairs;
	const u8 *from = in;
	u8 *to = out;

	for (u32 i = 0; i < count / 2; i++)
		to[i] = from[at[i]];
}

void primesim_row_scale_pairs_32(void *out, const void *in, u32 count,
				 const struct primesim_row_index *index)
{
	const u16 *at = index->pairs;
	const u32 *from = in;
	u32 *to = out;

	for (u32 i = 0; i < count / 2; i++)
		to[i] = from[at[i]];
}

void primesim_row_scale_24(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index)
{
	const u16 *at = index->pixels;
	const u8 *from = in;
	u8 *to = out;

	for (u32 i = 0; i < count; i++)
		memcpy(to + 3 * i, from + 3 * at[i], 3);
}

void primesim_row_scale_16(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index)
{
	const u16 *at = index->pixels;
	const u16 *from = in;
	u16 *to = out;

	for (u32 i = 0; i < count; i++)
		to[i] = from[at[i]];
}

void primesim_row_scale_32(void *out, const void *in, u32 count,
			   const struct primesim_row_index *index)
{
	const u16 *at = index->pixels;
	const u32 *from = in;
	u32 *to = out;

	for (u32 i = 0; i < count; i++)
		to[i] = from[at[i]];
}

/* Luma and chroma are scaled as pictures of their own. */
static __always_inline void scale_422(u8 *to, const u8 *from, u32 count,
				      const struct primesim_row_index *index,
				      const u32 y, const u32 c)
{
	for (u32 i = 0; i < count / 2; i++, to += 4) {
		const u8 *chroma = from + 4 * index->pairs[i];

		to[y] = from[2 * index->pixels[2 * i] + y];
		to[y + 2] = from[2 * index->pixels[2 * i + 1] + y];
		to[c] = chroma[c];
		to[c + 2] = chroma[c + 2];
	}
}

void primesim_row_scale_yuyv(void *out, const void *in, u32 count,
			     const struct primesim_row_index *index)
{
	scale_422(out, in, count, index, 0, 1);
}

void primesim_row_scale_uyvy(void *out, const void *in, u32 count,
			     const struct primesim_row_index *index)
{
	scale_422(out, in, count, index, 1, 0);
}

/**
 * primesim_row_filter - which source elements each destination element is made of
 * @filter: @count entries each.
 * @count: elements of the destination row, 1 .. 16384.
 * @source_count: elements of the source row, 1 .. 16384.
 *
 * ((2 * i + 1) * source_count * 128) / count - 128, limited, without the divisions.
 */
void primesim_row_filter(const struct primesim_row_filter *filter, u32 count, u32 source_count)
{
	const u32 step = source_count * 256 / count;
	const u32 part = source_count * 256 % count;
	const u32 last = (source_count - 1) * 256;
	u32 at = source_count * 128 / count;
	u32 rest = source_count * 128 % count;

	for (u32 i = 0; i < count; i++) {
		u32 place = at < 128 ? 0 : at - 128;

		place = place > last ? last : place;
		filter->at[i] = place / 256;
		filter->part[i] = place % 256;
		at += step;
		rest += part;
		if (rest >= count) {
			rest -= count;
			at++;
		}
	}
}

/* Two channels at once: sums fit in 16 bits. */
static __always_inline u32 mix_pixel(u32 a, u32 b, u32 part)
{
	const u32 mask = 0x00ff00ff;
	u32 rb = (a & mask) * (256 - part) + (b & mask) * part + 0x00800080;
	u32 ag = (a >> 8 & mask) * (256 - part) + (b >> 8 & mask) * part + 0x00800080;

	return (rb >> 8 & mask) | (ag & ~mask);
}

void primesim_row_stretch(u32 *out, const u32 *in, u32 count,
			  const struct primesim_row_filter *filter)
{
	for (u32 i = 0; i < count; i++) {
		const u32 *from = in + filter->at[i];

		out[i] = mix_pixel(from[0], from[1], filter->part[i]);
	}
}

void primesim_row_mix(u32 *out, const u32 *first, const u32 *second, u32 part, u32 count)
{
	for (u32 i = 0; i < count; i++)
		out[i] = mix_pixel(first[i], second[i], part);
}

/* Two channels, 0 .. 255 * 255 each, over 255, rounded to nearest. */
static __always_inline u32 over_255(u32 two)
{
	const u32 mask = 0x00ff00ff;

	two += 0x00800080;

	return (two + (two >> 8 & mask)) >> 8 & mask;
}

static __always_inline u32 blend_premultiplied(u32 below, u32 above)
{
	const u32 mask = 0x00ff00ff;
	u32 through = 255 - (above >> 24);
	u32 rb = over_255((below & mask) * through) + (above & mask);
	u32 ag = over_255((below >> 8 & mask) * through) + (above >> 8 & mask);

	/* What exceeds 255 has a ninth bit, which becomes eight ones. */
	rb |= (rb >> 8 & 0x00010001) * 0xff;
	ag |= (ag >> 8 & 0x00010001) * 0xff;

	return (rb & mask) | (ag & mask) << 8;
}

void primesim_row_blend_premultiplied(u32 *out, const u32 *below, const u32 *above, u32 count)
{
	for (u32 i = 0; i < count; i++)
		out[i] = blend_premultiplied(below[i], above[i]);
}

static __always_inline u32 blend_straight(u32 below, u32 above)
{
	const u32 mask = 0x00ff00ff;
	u32 alpha = above >> 24;
	u32 through = 255 - alpha;
	/* Alpha's own weight is 1, that is 255 / 255. */
	u32 ag_above = (above >> 8 & 0xff) * alpha | alpha * 255 << 16;

	return over_255((below & mask) * through + (above & mask) * alpha) |
	       over_255((below >> 8 & mask) * through + ag_above) << 8;
}

void primesim_row_blend_straight(u32 *out, const u32 *below, const u32 *above, u32 count)
{
	for (u32 i = 0; i < count; i++)
		out[i] = blend_straight(below[i], above[i]);
}

void primesim_row_reverse(u32 *row, u32 count)
{
	for (u32 i = 0; i < count / 2; i++) {
		u32 pixel = row[i];

		row[i] = row[count - 1 - i];
		row[count - 1 - i] = pixel;
	}
}

void primesim_row_turn(u32 *out, ssize_t out_stride, const u32 *in, size_t in_stride, u32 count,
		       u32 lines)
{
	for (u32 i = 0; i < count; i++, out += out_stride)
		for (u32 line = 0; line < lines; line++)
			out[line] = in[line * in_stride + i];
}

void primesim_row_copy(void *out, size_t out_stride, const void *in, size_t in_stride, u32 bytes,
		       u32 lines)
{
	for (; lines; lines--, out += out_stride, in += in_stride)
		memcpy(out, in, bytes);
}

static void fill_24(u8 *out, u32 value, u32 count)
{
	for (u32 i = 0; i < count; i++, out += 3) {
		out[0] = value;
		out[1] = value >> 8;
		out[2] = value >> 16;
	}
}

void primesim_row_fill(void *out, u32 value, u32 bytes, u32 count)
{
	switch (bytes) {
	case 1:
		memset(out, value, count);
		break;
	case 2:
		memset16(out, value, count);
		break;
	case 3:
		fill_24(out, value, count);
		break;
	default:
		memset32(out, value, count);
	}
}
