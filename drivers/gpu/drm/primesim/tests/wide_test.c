// SPDX-License-Identifier: MIT
/*
 * The functions on rows of wide pixels against references of their own, in real numbers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <linux/array_size.h>

#include "primesim_row.h"
#include "primesim_wide.h"

#define SEED	20261121
#define COUNT	509
#define ROUNDS	200

static unsigned int failures;
static unsigned int checks;

static void expect(bool holds, const char *what, unsigned long long detail)
{
	checks++;
	if (!holds && failures++ < 20)
		printf("FAIL: %s (%#llx)\n", what, detail);
}

static u32 channel(u64 pixel, u32 shift)
{
	return pixel >> shift & 0xffff;
}

static u64 random_wide(void)
{
	u64 pixel = 0;

	for (int i = 0; i < 4; i++) {
		u64 value = (u64)rand() & 0xffff;

		/* The ends of the range are where things go wrong. */
		if (rand() % 8 == 0)
			value = rand() % 2 ? 0xffff : 0;
		pixel |= value << 16 * i;
	}
	return pixel;
}

static void random_row(u64 *row, u32 count)
{
	for (u32 i = 0; i < count; i++)
		row[i] = random_wide();
}

static double clamp_real(double value)
{
	return value < 0 ? 0 : value > 65535 ? 65535 : value;
}

static void test_8888(void)
{
	for (u32 value = 0; value < 65536; value++) {
		u64 wide = value * 0x0001000100010001ull;
		u32 narrow, expected = lround(value / 257.0);

		primesim_wide_to_8888(&narrow, &wide, 1);
		expect(narrow == expected * 0x01010101, "to 8 bits", value);
	}
	for (u32 i = 0; i < 100000; i++) {
		u32 in = (u32)rand() << 16 ^ rand(), back;
		u64 wide;

		primesim_wide_from_8888(&wide, &in, 1);
		for (int c = 0; c < 4; c++)
			expect(channel(wide, 16 * c) == (in >> 8 * c & 0xff) * 257,
			       "from 8 bits", in);
		primesim_wide_to_8888(&back, &wide, 1);
		expect(back == in, "8 bits come back", in);
	}
}

/* One pixel of each format; channels as the letters of the format say. */
static void check_wide_format(primesim_unpack_wide_fn unpack, u32 bits, bool bgr, bool alpha)
{
	for (u32 n = 0; n < 20000; n++) {
		u64 in = random_wide() ^ (u64)rand() << 20, out;
		u32 max = (1u << bits) - 1, alpha_max = bits == 10 ? 3 : 65535;
		u32 a = in >> 3 * bits & alpha_max;
		u32 c[3] = { in & max, in >> bits & max, in >> 2 * bits & max };

		unpack(&out, (const void *const[]){ &in }, 1, NULL);
		for (int i = 0; i < 3; i++)
			expect(fabs(channel(out, 16 * (bgr ? 2 - i : i)) - c[i] * 65535. / max) < 1,
			       "wide format", in);
		expect(channel(out, PRIMESIM_WIDE_A) == (alpha ? a * (65535 / alpha_max) : 65535),
		       "alpha of a wide format", in);
	}
}

static void test_wide_formats(void)
{
	check_wide_format(primesim_wide_from_xrgb2101010, 10, false, false);
	check_wide_format(primesim_wide_from_argb2101010, 10, false, true);
	check_wide_format(primesim_wide_from_xbgr2101010, 10, true, false);
	check_wide_format(primesim_wide_from_abgr2101010, 10, true, true);
	check_wide_format(primesim_wide_from_xrgb16161616, 16, false, false);
	check_wide_format(primesim_wide_from_argb16161616, 16, false, true);
	check_wide_format(primesim_wide_from_xbgr16161616, 16, true, false);
	check_wide_format(primesim_wide_from_abgr16161616, 16, true, true);
}

/* And back: the nearest of the format's numbers, all unused bits set */
static void check_wide_pack(primesim_pack_wide_fn pack, u32 bits, bool bgr)
{
	const u32 max = (1u << bits) - 1;

	for (u32 n = 0; n < 20000; n++) {
		u64 in = random_wide(), out = 0;

		pack(&out, &in, 1);
		for (int i = 0; i < 3; i++)
			expect((out >> bits * (bgr ? 2 - i : i) & max) ==
			       lround(channel(in, 16 * i) * (double)max / 65535), "pack wide", in);
		expect(out >> 3 * bits == (bits == 10 ? 3 : 65535), "pack wide alpha", in);
	}
}

static void test_wide_packs(void)
{
	check_wide_pack(primesim_wide_to_rgb2101010, 10, false);
	check_wide_pack(primesim_wide_to_bgr2101010, 10, true);
	check_wide_pack(primesim_wide_to_rgb16161616, 16, false);
	check_wide_pack(primesim_wide_to_bgr16161616, 16, true);
}

static u16 random_sample(void)
{
	return random_wide();
}

static struct primesim_matrix matrix_of(double kr, double kb, bool full)
{
	double luma = 65536 * (full ? 1 : 255. / 219), chroma = 65536 * (full ? 1 : 255. / 224);
	double kg = 1 - kr - kb;

	return (struct primesim_matrix) {
		.y0 = full ? 0 : 16,
		.ky = lround(luma),
		.krv = lround(chroma * 2 * (1 - kr)),
		.kgu = lround(chroma * 2 * kb * (1 - kb) / kg),
		.kgv = lround(chroma * 2 * kr * (1 - kr) / kg),
		.kbu = lround(chroma * 2 * (1 - kb)),
	};
}

/* What the standards say, from 0 to 1, of samples of 16 bits */
static void reference_yuv(double rgb[3], double kr, double kb, bool full, double y, double cb,
			  double cr)
{
	double luma = full ? y / 65535 : (y - 4096) / (219 * 256);
	double u = (cb - 32768) / (full ? 65535 : 224 * 256);
	double v = (cr - 32768) / (full ? 65535 : 224 * 256);

	rgb[0] = luma + 2 * (1 - kb) * u;
	rgb[2] = luma + 2 * (1 - kr) * v;
	rgb[1] = (luma - kr * rgb[2] - kb * rgb[0]) / (1 - kr - kb);
}

static void check_p01x(primesim_unpack_wide_fn unpack, u32 mask, double kr, double kb, bool full)
{
	const struct primesim_matrix matrix = matrix_of(kr, kb, full);
	u16 luma[COUNT], chroma[COUNT + 1];
	u64 out[COUNT];

	for (u32 i = 0; i < COUNT; i++) {
		luma[i] = random_sample();
		chroma[i] = random_sample();
	}
	chroma[COUNT] = random_sample();
	unpack(out, (const void *const[]){ luma, chroma }, COUNT, &matrix);
	for (u32 i = 0; i < COUNT; i++) {
		double rgb[3];

		reference_yuv(rgb, kr, kb, full, luma[i] & mask, chroma[i / 2 * 2] & mask,
			      chroma[i / 2 * 2 + 1] & mask);
		for (int c = 0; c < 3; c++)
			expect(fabs(channel(out[i], 16 * c) - clamp_real(rgb[c] * 65535)) < 2.5,
			       "P01x", out[i]);
		expect(channel(out[i], PRIMESIM_WIDE_A) == 65535, "alpha of P01x", out[i]);
	}
}

static void test_p01x(void)
{
	static const double k[][2] = { { .299, .114 }, { .2126, .0722 }, { .2627, .0593 } };

	for (u32 n = 0; n < 6 * 20; n++) {
		double kr = k[n / 2 % 3][0], kb = k[n / 2 % 3][1];

		check_p01x(primesim_wide_from_p010, 0xffc0, kr, kb, n % 2);
		check_p01x(primesim_wide_from_p012, 0xfff0, kr, kb, n % 2);
		check_p01x(primesim_wide_from_p016, 0xffff, kr, kb, n % 2);
	}
}

/* DRM's equations, each channel from 0 to 1 */
static double reference_blend(enum primesim_blend blend, double plane, double alpha, double above,
			      double below)
{
	switch (blend) {
	case PRIMESIM_BLEND_NONE:
		return plane * above + (1 - plane) * below;
	case PRIMESIM_BLEND_PREMULTIPLIED:
		return plane * above + (1 - plane * alpha) * below;
	default:
		return plane * alpha * above + (1 - plane * alpha) * below;
	}
}

static void check_blend(enum primesim_blend blend, u16 plane)
{
	u64 below[COUNT], above[COUNT], out[COUNT];

	random_row(below, COUNT);
	random_row(above, COUNT);
	memcpy(out, below, sizeof(out));
	primesim_wide_blend(out, above, COUNT, blend, plane);
	for (u32 i = 0; i < COUNT; i++) {
		expect(channel(out[i], PRIMESIM_WIDE_A) == 0xffff, "blended is opaque", out[i]);
		for (u32 shift = 0; shift < 48; shift += 16) {
			double real = 65535 *
				reference_blend(blend, plane / 65535.0,
						channel(above[i], PRIMESIM_WIDE_A) / 65535.0,
						channel(above[i], shift) / 65535.0,
						channel(below[i], shift) / 65535.0);

			/* The product of the two alphas was rounded before. */
			expect(fabs(channel(out[i], shift) - clamp_real(real)) < 1.01, "blend",
			       above[i]);
		}
	}
}

static void test_blend(void)
{
	static const u16 alphas[] = { 0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff };

	for (u32 round = 0; round < ROUNDS; round++)
		for (u32 b = PRIMESIM_BLEND_NONE; b <= PRIMESIM_BLEND_COVERAGE; b++)
			check_blend(b, round < ARRAY_SIZE(alphas) ? alphas[round] : rand());
}

/* What is nothing changes nothing, and what is opaque hides everything. */
static void test_blend_ends(void)
{
	for (u32 i = 0; i < 10000; i++) {
		u64 below = random_wide() | PRIMESIM_WIDE_ALPHA;
		u64 colour = random_wide() & ~PRIMESIM_WIDE_ALPHA;
		u64 opaque = colour | PRIMESIM_WIDE_ALPHA;
		u64 nothing = 0, out;

		for (u32 b = PRIMESIM_BLEND_NONE; b <= PRIMESIM_BLEND_COVERAGE; b++) {
			out = below;
			primesim_wide_blend(&out, &opaque, 1, b, 0xffff);
			expect(out == opaque, "opaque hides", colour);
			out = below;
			primesim_wide_blend(&out, &opaque, 1, b, 0);
			expect(out == below, "alpha 0 shows nothing", colour);
		}
		out = below;
		primesim_wide_blend(&out, &nothing, 1, PRIMESIM_BLEND_PREMULTIPLIED, 0xffff);
		expect(out == below, "transparent, premultiplied", below);
		out = below;
		primesim_wide_blend(&out, &colour, 1, PRIMESIM_BLEND_COVERAGE, 0xffff);
		expect(out == below, "transparent, coverage", below);
	}
}

static double reference_centre(const struct primesim_span *span, u32 i)
{
	return (span->at + (i + .5) * span->length / span->count) / 65536;
}

static void check_span(const struct primesim_span *span)
{
	u32 first = span->at >> 16;

	for (u32 i = 0; i < span->count; i++) {
		double centre = reference_centre(span, i);
		double from = fmin(fmax(centre - .5, first), span->last);
		u32 part, at = primesim_span_nearest(span, i);

		expect(at >= first && at <= span->last, "nearest leaves the source", i);
		expect(centre > at - .0001 && centre < at + 1.0001, "nearest", i);

		at = primesim_span_linear(span, i, &part);
		expect(at >= first && at + !!part <= span->last, "linear leaves the source", i);
		expect(fabs(at + part / 65536.0 - from) < .0001, "linear", i);
	}
}

static struct primesim_span random_span(void)
{
	u32 from = rand() % (100 << 16);
	u32 length = 1 + rand() % (400 << 16);

	if (rand() % 2) {
		from &= ~0xffffu;
		length = (length & ~0xffffu) + 65536;
	}
	return (struct primesim_span) {
		.at = from,
		.length = length,
		.count = 1 + rand() % COUNT,
		.last = (from + length + 65535) / 65536 - 1,
	};
}

static void test_span(void)
{
	const struct primesim_span plain = { 3 << 16, 100 << 16, 100, 102 };

	for (u32 i = 0; i < plain.count; i++) {
		u32 part;

		expect(primesim_span_nearest(&plain, i) == 3 + i, "plain, nearest", i);
		expect(primesim_span_linear(&plain, i, &part) == 3 + i, "plain, linear", i);
		expect(!part, "plain, mixed", i);
	}
	for (u32 round = 0; round < 20 * ROUNDS; round++) {
		struct primesim_span span = random_span();

		check_span(&span);
	}
}

static void test_scale(void)
{
	u64 in[2 * COUNT], nearest[COUNT], linear[COUNT];

	for (u32 round = 0; round < ROUNDS; round++) {
		struct primesim_span span = random_span();

		random_row(in, ARRAY_SIZE(in));
		primesim_wide_scale_nearest(nearest, in, &span);
		primesim_wide_scale_linear(linear, in, &span);
		for (u32 i = 0; i < span.count; i++) {
			u32 part, at = primesim_span_linear(&span, i, &part);

			expect(nearest[i] == in[primesim_span_nearest(&span, i)],
			       "scaled, nearest", i);
			for (u32 shift = 0; shift < 64; shift += 16) {
				double a = channel(in[at], shift), b = channel(in[at + 1], shift);
				double real = a + (b - a) * part / 65536;

				expect(fabs(channel(linear[i], shift) - real) < .501,
				       "scaled, linear", in[at]);
			}
		}
	}
}

static void test_lut(void)
{
	struct primesim_lut lut;
	u64 in[COUNT], row[COUNT];

	for (u32 i = 0; i <= PRIMESIM_LUT_SIZE; i++)
		for (u32 c = 0; c < 3; c++)
			lut.value[c][i] = i < PRIMESIM_LUT_SIZE ? rand() : lut.value[c][i - 1];
	for (u32 round = 0; round < ROUNDS; round++) {
		random_row(in, COUNT);
		memcpy(row, in, sizeof(row));
		primesim_wide_lut(row, &lut, COUNT);
		for (u32 i = 0; i < COUNT; i++) {
			expect(row[i] >> 48 == in[i] >> 48, "curve keeps alpha", in[i]);
			for (u32 c = 0; c < 3; c++) {
				u32 shift = PRIMESIM_WIDE_R - 16 * c;
				u32 at = channel(in[i], shift) / 257;
				double part = channel(in[i], shift) / 257.0 - at;
				double a = lut.value[c][at], b = lut.value[c][at + 1];

				expect(fabs(channel(row[i], shift) - (a + (b - a) * part)) < .501,
				       "curve", in[i]);
			}
		}
	}
}

static void check_ctm(const double weights[9], const struct primesim_ctm *ctm)
{
	u64 in[COUNT], row[COUNT];

	random_row(in, COUNT);
	memcpy(row, in, sizeof(row));
	primesim_wide_ctm(row, ctm, COUNT);
	for (u32 i = 0; i < COUNT; i++)
		for (u32 c = 0; c < 3; c++) {
			const double *w = &weights[3 * c];
			double real = w[0] * channel(in[i], PRIMESIM_WIDE_R) +
				      w[1] * channel(in[i], PRIMESIM_WIDE_G) +
				      w[2] * channel(in[i], PRIMESIM_WIDE_B);

			u32 out = channel(row[i], PRIMESIM_WIDE_R - 16 * c);

			expect(fabs(out - clamp_real(real)) < .52, "matrix", in[i]);
		}
}

static void test_ctm(void)
{
	for (u32 round = 0; round < ROUNDS; round++) {
		struct primesim_ctm ctm;
		double weights[9];

		for (u32 i = 0; i < 9; i++) {
			double magnitude = rand() % 4000 / 1000.;
			bool negative = rand() % 3 == 0;

			weights[i] = negative ? -magnitude : magnitude;
			ctm.weight[i] = primesim_ctm_weight((u64)(magnitude * 4294967296.) |
							    (u64)negative << 63);
		}
		check_ctm(weights, &ctm);
	}
	expect(primesim_ctm_weight(1ull << 32) == 1 << PRIMESIM_CTM_SHIFT, "matrix, one", 0);
	expect(primesim_ctm_weight(~0ull) == -(32768ll << PRIMESIM_CTM_SHIFT), "matrix, limit", 0);
}

static void test_small(void)
{
	u64 row[] = { 1, 2, 3, 4, 5 };

	primesim_wide_reverse(row, 5);
	for (u32 i = 0; i < 5; i++)
		expect(row[i] == 5 - i, "reverse, odd", i);
	primesim_wide_reverse(row, 4);
	expect(row[0] == 2 && row[3] == 5 && row[4] == 1, "reverse, even", 0);
	primesim_wide_reverse(row, 1);
	primesim_wide_reverse(row, 0);
	expect(row[0] == 2, "reverse, one", 0);
	primesim_wide_set_alpha(row, 1);
	expect(row[0] == (PRIMESIM_WIDE_ALPHA | 2) && row[1] == 3, "set alpha", 0);
}

static void run(const char *name, void (*test)(void))
{
	unsigned int before = failures;
	clock_t start = clock();

	test();
	printf("%-12s %s  %.2f s\n", name, failures == before ? "ok  " : "FAIL",
	       (double)(clock() - start) / CLOCKS_PER_SEC);
}

int main(void)
{
	srand(SEED);
	run("8888", test_8888);
	run("formats", test_wide_formats);
	run("packs", test_wide_packs);
	run("P01x", test_p01x);
	run("blend", test_blend);
	run("blend ends", test_blend_ends);
	run("span", test_span);
	run("scale", test_scale);
	run("curves", test_lut);
	run("matrix", test_ctm);
	run("small", test_small);
	printf("%u checks, %u failed\n", checks, failures);

	return failures != 0;
}
