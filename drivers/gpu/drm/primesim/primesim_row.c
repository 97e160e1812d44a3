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

void primesim_row_unpack_nv12(u32 *out, const void *const planes[], u32 count,
			      const struct primesim_matrix *matrix)
{
	const struct primesim_matrix m = *matrix;
	const s32 y0 = luma_offset(&m);
	const u8 *luma = planes[0];
	const u8 *cbcr = planes[1];
	u32 i;

	for (i = 0; i + 1 < count; i += 2) {
		struct chroma c = chroma_weigh(cbcr[i], cbcr[i + 1], &m);

		out[i] = yuv_pixel(luma[i] * m.ky + y0, c);
		out[i + 1] = yuv_pixel(luma[i + 1] * m.ky + y0, c);
	}
	if (i < count)
		out[i] = yuv_pixel(luma[i] * m.ky + y0,
				   chroma_weigh(cbcr[i], cbcr[i + 1], &m));
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

void primesim_row_fill(void *out, u32 value, u32 bytes, u32 count)
{
	switch (bytes) {
	case 1:
		memset(out, value, count);
		break;
	case 2:
		memset16(out, value, count);
		break;
	default:
		memset32(out, value, count);
	}
}
