// SPDX-License-Identifier: MIT
/*
 * The row functions and the format table against references of their own.
 *
 * Expected values come from two places: the formulas of uapi/drm/primesim_drm.h
 * written down again for one pixel at a time, and, to find constants that are
 * wrong there, real numbers derived from what the standards say about Kr and Kb.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <linux/array_size.h>
#include <linux/compiler_attributes.h>

#include <drm/drm_fourcc.h>

#include "primesim_fast.h"
#include "primesim_format.h"
#include "primesim_simd.h"

#define GUARD		64	/* bytes around each row that must stay as they are */
#define POISON		0xa5
#define SEED		20261120
#define LONGEST		1031	/* pixels; a prime, so that no width divides it */

struct row {
	u8 *memory;
	void *data;
	size_t bytes;
};

static unsigned int failures;
static unsigned int checks;

#ifdef CONFIG_X86_64
/* The format table is tested with these functions in place of the kernel's. */
static bool use_simd;

void primesim_simd_init(void)
{
	use_simd = __builtin_cpu_supports("avx2");
}

bool primesim_simd_begin(void)
{
	return use_simd;
}

void primesim_simd_end(void)
{
}

static void simd_off(void)
{
	use_simd = false;
}
#else
static void simd_off(void)
{
}
#endif

static __printf(2, 3) void expect(bool holds, const char *fmt, ...)
{
	va_list args;

	checks++;
	if (holds)
		return;
	if (failures++ < 20) {
		printf("FAIL: ");
		va_start(args, fmt);
		vprintf(fmt, args);
		va_end(args);
		printf("\n");
	}
}

static struct row row_new(size_t bytes)
{
	struct row row = { .memory = malloc(bytes + 2 * GUARD), .bytes = bytes };

	if (!row.memory) {
		fprintf(stderr, "row_test: out of memory\n");
		exit(1);
	}
	row.data = row.memory + GUARD;
	memset(row.memory, POISON, bytes + 2 * GUARD);

	return row;
}

/* A row as it was made, but of random bytes. */
static struct row row_random(size_t bytes)
{
	struct row row = row_new(bytes);

	for (size_t i = 0; i < bytes; i++)
		((u8 *)row.data)[i] = rand();

	return row;
}

static void row_free(struct row *row, const char *what)
{
	bool untouched = true;

	for (size_t i = 0; i < GUARD; i++)
		untouched &= row->memory[i] == POISON &&
			     row->memory[GUARD + row->bytes + i] == POISON;
	expect(untouched, "%s wrote outside of its row", what);
	free(row->memory);
}

/* The table of the uapi header. */
static const struct {
	const char *name;
	long y0, ky, krv, kgu, kgv, kbu;
	double kr, kb;
} encodings[PRIMESIM_ENCODINGS][PRIMESIM_RANGES] = {
	{
		{ "601 limited", 16, 76309, 104597, 25675, 53279, 132201, .299, .114 },
		{ "601 full", 0, 65536, 91881, 22553, 46802, 116130, .299, .114 },
	}, {
		{ "709 limited", 16, 76309, 117489, 13975, 34925, 138438, .2126, .0722 },
		{ "709 full", 0, 65536, 103206, 12276, 30679, 121609, .2126, .0722 },
	}, {
		{ "2020 limited", 16, 76309, 110014, 12277, 42626, 140363, .2627, .0593 },
		{ "2020 full", 0, 65536, 96639, 10784, 37444, 123299, .2627, .0593 },
	},
};

static u32 reference_clamp(long value)
{
	long rest = value % 65536;

	value = (value - (rest < 0 ? rest + 65536 : rest)) / 65536;

	return value < 0 ? 0 : value > 255 ? 255 : value;
}

static u32 reference_pixel(u32 encoding, u32 range, long y, long cb, long cr)
{
	const typeof(encodings[0][0]) *e = &encodings[encoding][range];
	long luma = (y - e->y0) * e->ky;
	long u = cb - 128;
	long v = cr - 128;

	return 0xff000000 | reference_clamp(luma + e->krv * v + 32768) << 16 |
	       reference_clamp(luma - e->kgu * u - e->kgv * v + 32768) << 8 |
	       reference_clamp(luma + e->kbu * u + 32768);
}

static bool is_near(u32 pixel, unsigned int shift, double real)
{
	double found = pixel >> shift & 0xff;

	real = real < 0 ? 0 : real > 255 ? 255 : real;

	return found - real <= 0.51 && real - found <= 0.51;
}

/* The real numbers behind the constants: what the standards define. */
static bool is_near_standard(u32 pixel, u32 encoding, u32 range, int y, int cb, int cr)
{
	double kr = encodings[encoding][range].kr;
	double kb = encodings[encoding][range].kb;
	double luma = range ? y : (y - 16) * 255. / 219;
	double pb = (cb - 128) * (range ? 1 : 255. / 224);
	double pr = (cr - 128) * (range ? 1 : 255. / 224);
	double r = luma + 2 * (1 - kr) * pr;
	double b = luma + 2 * (1 - kb) * pb;
	double g = (luma - kr * r - kb * b) / (1 - kr - kb);

	return is_near(pixel, 16, r) && is_near(pixel, 8, g) && is_near(pixel, 0, b);
}

/* All values of Y with one chroma sample, in each of the formats. */
static void check_chroma(u32 encoding, u32 range, u32 cb, u32 cr)
{
	const struct primesim_matrix *matrix = &primesim_matrices[encoding][range];
	const char *name = encodings[encoding][range].name;
	u8 yuyv[512], uyvy[512], luma[256], chroma[256];
	u32 expected[256], out[256];
	bool near = true;

	for (u32 y = 0; y < 256; y++) {
		luma[y] = y;
		chroma[y] = y & 1 ? cr : cb;
		yuyv[2 * y] = y;
		yuyv[2 * y + 1] = chroma[y];
		uyvy[2 * y] = chroma[y];
		uyvy[2 * y + 1] = y;
		expected[y] = reference_pixel(encoding, range, y, cb, cr);
		near &= is_near_standard(expected[y], encoding, range, y, cb, cr);
	}
	expect(near, "%s Cb %u Cr %u: formula is far from the standard", name, cb, cr);

	primesim_fast_unpack_yuyv(out, (const void *[]){ yuyv }, 256, matrix);
	expect(!memcmp(out, expected, sizeof(out)), "%s YUYV Cb %u Cr %u", name, cb, cr);
	primesim_fast_unpack_uyvy(out, (const void *[]){ uyvy }, 256, matrix);
	expect(!memcmp(out, expected, sizeof(out)), "%s UYVY Cb %u Cr %u", name, cb, cr);
	primesim_fast_unpack_nv12(out, (const void *[]){ luma, chroma }, 256, matrix);
	expect(!memcmp(out, expected, sizeof(out)), "%s NV12 Cb %u Cr %u", name, cb, cr);
}

static void test_all_colours(void)
{
	for (u32 encoding = 0; encoding < PRIMESIM_ENCODINGS; encoding++)
		for (u32 range = 0; range < PRIMESIM_RANGES; range++)
			for (u32 chroma = 0; chroma < 65536; chroma++)
				check_chroma(encoding, range, chroma & 0xff, chroma >> 8);
}

/* One pixel of a row, as the formats' definitions say. */
static u32 reference_unpack(const struct primesim_format *format, const u8 *const planes[], u32 x)
{
	const u8 *p = planes[0];
	const u8 *pair = p + x / 2 * 4;
	u32 word;

	switch (format->fourcc) {
	case DRM_FORMAT_XRGB8888:
		memcpy(&word, p + 4 * x, 4);
		return word | 0xff000000;
	case DRM_FORMAT_ARGB8888:
		memcpy(&word, p + 4 * x, 4);
		return word;
	case DRM_FORMAT_XBGR8888:
		return 0xff000000 | p[4 * x] << 16 | p[4 * x + 1] << 8 | p[4 * x + 2];
	case DRM_FORMAT_ABGR8888:
		return (u32)p[4 * x + 3] << 24 | p[4 * x] << 16 | p[4 * x + 1] << 8 | p[4 * x + 2];
	case DRM_FORMAT_RGB888:
		return 0xff000000 | p[3 * x + 2] << 16 | p[3 * x + 1] << 8 | p[3 * x];
	case DRM_FORMAT_BGR888:
		return 0xff000000 | p[3 * x] << 16 | p[3 * x + 1] << 8 | p[3 * x + 2];
	case DRM_FORMAT_R8:
		return 0xff000000 | p[x] << 16 | p[x] << 8 | p[x];
	case DRM_FORMAT_RGB565:
		word = p[2 * x] | p[2 * x + 1] << 8;
		return 0xff000000 |
		       ((word >> 11) << 3 | word >> 13) << 16 |
		       ((word >> 5 & 63) << 2 | (word >> 9 & 3)) << 8 |
		       ((word & 31) << 3 | (word >> 2 & 7));
	case DRM_FORMAT_NV12:
		return reference_pixel(1, 0, p[x], planes[1][x / 2 * 2], planes[1][x / 2 * 2 + 1]);
	case DRM_FORMAT_NV21:
		return reference_pixel(1, 0, p[x], planes[1][x / 2 * 2 + 1], planes[1][x / 2 * 2]);
	case DRM_FORMAT_YUV420:
		return reference_pixel(1, 0, p[x], planes[1][x / 2], planes[2][x / 2]);
	case DRM_FORMAT_P010:
		return reference_pixel(1, 0, p[2 * x + 1], planes[1][x / 2 * 4 + 1],
				       planes[1][x / 2 * 4 + 3]);
	case DRM_FORMAT_YUYV:
		return reference_pixel(1, 0, p[2 * x], pair[1], pair[3]);
	case DRM_FORMAT_UYVY:
		return reference_pixel(1, 0, p[2 * x + 1], pair[0], pair[2]);
	case DRM_FORMAT_BGRA8888:
		return (u32)p[4 * x] << 24 | p[4 * x + 1] << 16 | p[4 * x + 2] << 8 | p[4 * x + 3];
	case DRM_FORMAT_BGRX8888:
		return 0xff000000 | p[4 * x + 1] << 16 | p[4 * x + 2] << 8 | p[4 * x + 3];
	case DRM_FORMAT_RGBA8888:
		return (u32)p[4 * x] << 24 | p[4 * x + 3] << 16 | p[4 * x + 2] << 8 | p[4 * x + 1];
	case DRM_FORMAT_RGBX8888:
		return 0xff000000 | p[4 * x + 3] << 16 | p[4 * x + 2] << 8 | p[4 * x + 1];
	case DRM_FORMAT_BGR565:
		word = p[2 * x] | p[2 * x + 1] << 8;
		return 0xff000000 |
		       ((word & 31) << 3 | (word >> 2 & 7)) << 16 |
		       ((word >> 5 & 63) << 2 | (word >> 9 & 3)) << 8 |
		       ((word >> 11) << 3 | word >> 13);
	case DRM_FORMAT_R1:
		return 0xff000000 | (p[x / 8] << x % 8 & 0x80 ? 0xffffff : 0);
	case DRM_FORMAT_R2:
		return 0xff000000 | (p[x / 4] >> (6 - x % 4 * 2) & 3) * 0x555555;
	case DRM_FORMAT_R4:
		return 0xff000000 | (x % 2 ? p[x / 2] & 15 : p[x / 2] >> 4) * 0x111111;
	case DRM_FORMAT_NV16:
		return reference_pixel(1, 0, p[x], planes[1][x / 2 * 2], planes[1][x / 2 * 2 + 1]);
	case DRM_FORMAT_NV61:
		return reference_pixel(1, 0, p[x], planes[1][x / 2 * 2 + 1], planes[1][x / 2 * 2]);
	case DRM_FORMAT_NV24:
		return reference_pixel(1, 0, p[x], planes[1][2 * x], planes[1][2 * x + 1]);
	case DRM_FORMAT_NV42:
		return reference_pixel(1, 0, p[x], planes[1][2 * x + 1], planes[1][2 * x]);
	case DRM_FORMAT_YUV422:
		return reference_pixel(1, 0, p[x], planes[1][x / 2], planes[2][x / 2]);
	case DRM_FORMAT_YVU420:
	case DRM_FORMAT_YVU422:
		return reference_pixel(1, 0, p[x], planes[2][x / 2], planes[1][x / 2]);
	case DRM_FORMAT_YUV444:
		return reference_pixel(1, 0, p[x], planes[1][x], planes[2][x]);
	case DRM_FORMAT_YVU444:
		return reference_pixel(1, 0, p[x], planes[2][x], planes[1][x]);
	default:
		expect(false, "%s has no reference", format->name);
		return 0;
	}
}

static void check_unpack(const struct primesim_format *format, u32 count)
{
	struct row in[PRIMESIM_MAX_PLANES];
	const void *planes[PRIMESIM_MAX_PLANES];
	struct row out = row_new(count * 4);
	const u32 *pixels = out.data;
	u32 wrong = 0;

	for (u32 i = 0; i < format->planes; i++) {
		in[i] = row_random(primesim_format_row_bytes(format, i, count));
		planes[i] = in[i].data;
	}
	format->unpack(out.data, planes, count, &primesim_matrices[1][0]);
	for (u32 x = 0; x < count; x++)
		wrong += pixels[x] != reference_unpack(format, (const u8 *const *)planes, x);
	expect(!wrong, "%s: %u of %u pixels unpacked wrong", format->name, wrong, count);
	row_free(&out, format->name);
	for (u32 i = 0; i < format->planes; i++)
		row_free(&in[i], format->name);
}

/* What the standards say of a colour, in real numbers: Y, Cb or Cr */
static double real_component(u32 encoding, u32 range, int component, const double rgb[3])
{
	double kr = encodings[encoding][range].kr, kb = encodings[encoding][range].kb;
	double y = kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2];
	double scale = range ? 1 : 224. / 255;

	switch (component) {
	case 0:
		return range ? y : 16 + y * 219 / 255;
	case 1:
		return 128 + scale * (rgb[2] - y) / (2 * (1 - kb));
	default:
		return 128 + scale * (rgb[0] - y) / (2 * (1 - kr));
	}
}

/* The uapi header's table of weights: y0, KR KG KB, KUR KUB, KVR KVB */
static const long weights[PRIMESIM_ENCODINGS][PRIMESIM_RANGES][8] = {
	{
		{ 16, 8414, 16520, 3208, 4857, 14392, 14392, 2341 },
		{ 0, 9798, 19234, 3736, 5529, 16384, 16384, 2664 },
	}, {
		{ 16, 5983, 20127, 2032, 3298, 14392, 14392, 1320 },
		{ 0, 6966, 23436, 2366, 3754, 16384, 16384, 1502 },
	}, {
		{ 16, 7393, 19080, 1669, 4019, 14392, 14392, 1158 },
		{ 0, 8608, 22217, 1943, 4575, 16384, 16384, 1318 },
	},
};

static long divide_down(long a, long b)
{
	return a / b - (a % b < 0);
}

/* Y (component 0), Cb (1) or Cr (2) of @n pixels with these sums of R, G and B */
static u32 reference_component(u32 encoding, u32 range, int component, const long rgb[3], long n)
{
	const long *w = weights[encoding][range];
	long sum, value;

	if (component == 0)
		sum = w[1] * rgb[0] + w[2] * rgb[1] + w[3] * rgb[2];
	else if (component == 1)
		sum = w[5] * rgb[2] - w[4] * rgb[0] - (w[5] - w[4]) * rgb[1];
	else
		sum = w[6] * rgb[0] - w[7] * rgb[2] - (w[6] - w[7]) * rgb[1];
	value = (component ? 128 : w[0]) + divide_down(sum + 16384 * n, 32768 * n);

	return value < 0 ? 0 : value > 255 ? 255 : value;
}

static void add_pixel(long rgb[3], u32 pixel)
{
	for (int i = 0; i < 3; i++)
		rgb[i] += pixel >> (16 - 8 * i) & 0xff;
}

static u32 reference_luma(u32 encoding, u32 range, u32 pixel)
{
	long rgb[3] = {};

	add_pixel(rgb, pixel);

	return reference_component(encoding, range, 0, rgb, 1);
}

static bool is_packed(const struct primesim_format *format, u32 pixel, const u8 *memory)
{
	const u8 r = pixel >> 16, g = pixel >> 8, b = pixel, a = pixel >> 24;

	switch (format->fourcc) {
	case DRM_FORMAT_XRGB8888:
		return memory[0] == b && memory[1] == g && memory[2] == r && memory[3] == 0xff;
	case DRM_FORMAT_ARGB8888:
		return memory[0] == b && memory[1] == g && memory[2] == r && memory[3] == a;
	case DRM_FORMAT_XBGR8888:
		return memory[0] == r && memory[1] == g && memory[2] == b && memory[3] == 0xff;
	case DRM_FORMAT_ABGR8888:
		return memory[0] == r && memory[1] == g && memory[2] == b && memory[3] == a;
	case DRM_FORMAT_RGB888:
		return memory[0] == b && memory[1] == g && memory[2] == r;
	case DRM_FORMAT_BGR888:
		return memory[0] == r && memory[1] == g && memory[2] == b;
	case DRM_FORMAT_R8:
		return memory[0] == reference_luma(0, 1, pixel);
	default:
		pixel = (pixel >> 19 & 31) << 11 | (pixel >> 10 & 63) << 5 | (pixel >> 3 & 31);
		return memory[0] == (pixel & 0xff) && memory[1] == pixel >> 8;
	}
}

/* Where component @c of pixel @x is; 8 bits of it */
static u8 *component_at(const struct primesim_format *format, u8 *const planes[], int c, u32 x)
{
	static const u8 yuyv[] = { 0, 1, 3 }, uyvy[] = { 1, 0, 2 };

	switch (format->fourcc) {
	case DRM_FORMAT_NV12:
		return c ? planes[1] + x / 2 * 2 + c - 1 : planes[0] + x;
	case DRM_FORMAT_NV21:
		return c ? planes[1] + x / 2 * 2 + 2 - c : planes[0] + x;
	case DRM_FORMAT_YUV420:
		return c ? planes[c] + x / 2 : planes[0] + x;
	case DRM_FORMAT_P010:
		return c ? planes[1] + x / 2 * 4 + c * 2 - 1 : planes[0] + x * 2 + 1;
	case DRM_FORMAT_YUYV:
		return planes[0] + (c ? x / 2 * 4 + yuyv[c] : x * 2);
	default:
		return planes[0] + (c ? x / 2 * 4 + uyvy[c] : x * 2 + 1);
	}
}

static void check_pack_yuv(const struct primesim_format *format, u32 count, u32 encoding, u32 range)
{
	const struct primesim_weights *w = &primesim_weights[encoding][range];
	struct row first = row_random(count * 4), second = row_random(count * 4);
	const u32 *rows[] = { first.data, second.data };
	struct row out[PRIMESIM_MAX_PLANES];
	u8 *planes[PRIMESIM_MAX_PLANES] = {};
	u32 wrong = 0;

	for (u32 i = 0; i < format->planes; i++) {
		out[i] = row_new(primesim_format_row_bytes(format, i, count));
		memset(out[i].data, 0, out[i].bytes);
		planes[i] = out[i].data;
	}
	format->pack_luma(planes[0], rows[0], count, w);
	if (format->pack_chroma)
		format->pack_chroma((void *const *)planes, rows[0], rows[1], count, w);

	for (u32 x = 0; x < count; x++) {
		u32 n = 2 * format->vsub;
		long rgb[3] = {};

		wrong += *component_at(format, planes, 0, x) !=
			 reference_luma(encoding, range, rows[0][x]);
		for (u32 i = 0; i < n; i++)
			add_pixel(rgb, rows[i / 2][x / 2 * 2 + i % 2]);
		for (int c = 1; c < 3; c++)
			wrong += *component_at(format, planes, c, x) !=
				 reference_component(encoding, range, c, rgb, n);
	}
	/* The lower bits of P010 stay clear. */
	for (u32 i = 0; format->fourcc == DRM_FORMAT_P010 && i < 2 * count; i += 2)
		wrong += planes[0][i] || planes[1][i];
	expect(!wrong, "%s %s: %u of %u samples packed wrong", format->name,
	       encodings[encoding][range].name, wrong, count);
	for (u32 i = 0; i < format->planes; i++)
		row_free(&out[i], format->name);
	row_free(&second, format->name);
	row_free(&first, format->name);
}

/* Where the weights of the header would be wrong */
static void check_weights(u32 encoding, u32 range)
{
	for (u32 i = 0; i < 20000; i++) {
		long rgb[3] = { rand() % 256, rand() % 256, rand() % 256 };
		double real[3] = { rgb[0], rgb[1], rgb[2] };

		for (int c = 0; c < 3; c++) {
			double value = real_component(encoding, range, c, real);

			expect(is_near(reference_component(encoding, range, c, rgb, 1), 0, value),
			       "%s component %d of %ld,%ld,%ld is far from the standard",
			       encodings[encoding][range].name, c, rgb[0], rgb[1], rgb[2]);
		}
	}
}

static void test_pack_yuv(void)
{
	const u32 kinds = PRIMESIM_ENCODINGS * PRIMESIM_RANGES;

	for (u32 i = 0; i < kinds * primesim_format_count; i++) {
		const struct primesim_format *format = &primesim_formats[i / kinds];

		for (u32 count = 2; format->pack_luma && count < 70; count += 2)
			check_pack_yuv(format, count, i % kinds / PRIMESIM_RANGES,
				       i % PRIMESIM_RANGES);
	}
	for (u32 i = 0; i < kinds; i++)
		check_weights(i / PRIMESIM_RANGES, i % PRIMESIM_RANGES);
}

static void check_pack(const struct primesim_format *format, u32 count)
{
	struct row in = row_random(count * 4);
	struct row out = row_new(primesim_format_row_bytes(format, 0, count));
	u32 wrong = 0;

	format->pack(out.data, in.data, count);
	for (u32 x = 0; x < count; x++)
		wrong += !is_packed(format, ((u32 *)in.data)[x],
				    (u8 *)out.data + x * format->plane[0].bytes);
	expect(!wrong, "%s: %u of %u pixels packed wrong", format->name, wrong, count);
	row_free(&out, format->name);
	row_free(&in, format->name);
}

static void test_formats(void)
{
	for (u32 i = 0; i < primesim_format_count; i++) {
		const struct primesim_format *format = &primesim_formats[i];

		expect(primesim_format_find(format->fourcc) == format, "%s is not found",
		       format->name);
		expect(format->unpack || format->unpack_wide, "%s is read in no way", format->name);
		for (u32 count = 1; count < 70 && format->unpack; count++)
			check_unpack(format, count);
		if (!(format->uses & PRIMESIM_USE_ENGINE))
			continue;
		expect(!!format->pack == !format->is_yuv && !!format->pack_luma == format->is_yuv &&
		       !!format->pack_chroma == (format->planes > 1),
		       "%s cannot be written, or in two ways", format->name);
		for (u32 count = 1; count < 70 && format->pack; count++)
			check_pack(format, count);
		check_unpack(format, LONGEST);
	}
	expect(!primesim_format_find(0), "format 0 is found");
}

static void test_rgb565(void)
{
	for (u32 value = 0; value < 65536; value++) {
		u16 in = value, back;
		u32 pixel;

		primesim_fast_unpack_rgb565(&pixel, (const void *[]){ &in }, 1, NULL);
		primesim_fast_pack_rgb565(&back, &pixel, 1);
		expect(back == in, "RGB565 %#x comes back as %#x", in, back);
	}
}

static void check_index(u32 count, u32 source_count)
{
	struct row index = row_new(count * sizeof(u16));
	const u16 *at = index.data;
	u32 wrong = 0;

	primesim_row_index(index.data, count, source_count);
	for (u64 i = 0; i < count; i++)
		wrong += at[i] != (i * source_count + source_count / 2) / count;
	expect(!wrong, "index %u from %u: %u entries wrong", count, source_count, wrong);
	expect(at[count - 1] < source_count, "index %u from %u leaves the row",
	       count, source_count);
	row_free(&index, "index");
}

static void test_index(void)
{
	for (u32 count = 1; count <= 130; count++)
		for (u32 source_count = 1; source_count <= 130; source_count++)
			check_index(count, source_count);
	for (u32 i = 0; i < 400; i++)
		check_index(1 + rand() % PRIMESIM_MAX_WIDTH, 1 + rand() % PRIMESIM_MAX_WIDTH);
	check_index(PRIMESIM_MAX_WIDTH, PRIMESIM_MAX_WIDTH);
	check_index(PRIMESIM_MAX_WIDTH, 1);
	check_index(1, PRIMESIM_MAX_WIDTH);
}

static u32 nearest(u32 i, u32 count, u32 source_count)
{
	return ((u64)i * source_count + source_count / 2) / count;
}

/* Where the bytes of a destination row come from, by the definition of the formats. */
static u32 reference_byte(const struct primesim_format *format, u32 plane, u32 byte,
			  u32 count, u32 source_count)
{
	u32 bytes = format->plane[plane].bytes;
	bool is_luma;

	if (!format->is_yuv || format->plane[plane].width == 1)
		return nearest(byte / bytes, count, source_count) * bytes + byte % bytes;
	is_luma = format->planes == 1 && byte % 2 == (format->fourcc == DRM_FORMAT_UYVY);
	if (is_luma)
		return nearest(byte / 2, count, source_count) * 2 + byte % 2;

	return nearest(byte / bytes, count / 2, source_count / 2) * bytes + byte % bytes;
}

static void check_scale(const struct primesim_format *format, u32 plane, u32 count,
			u32 source_count)
{
	u16 pixels[2 * LONGEST], pairs[LONGEST];
	const struct primesim_row_index index = { pixels, pairs };
	struct row in = row_random(primesim_format_row_bytes(format, plane, source_count));
	struct row out = row_new(primesim_format_row_bytes(format, plane, count));
	const u8 *from = in.data;
	const u8 *to = out.data;
	u32 wrong = 0;

	primesim_row_index(pixels, count, source_count);
	primesim_row_index(pairs, count / 2, source_count / 2);
	format->plane[plane].scale(out.data, in.data, count, &index);
	for (u32 i = 0; i < out.bytes; i++)
		wrong += to[i] != from[reference_byte(format, plane, i, count, source_count)];
	expect(!wrong, "%s plane %u, %u from %u pixels: %u bytes wrong", format->name, plane,
	       count, source_count, wrong);
	row_free(&out, format->name);
	row_free(&in, format->name);
}

static void check_scales(const struct primesim_format *format, u32 plane)
{
	static const u32 counts[] = { 2, 4, 6, 30, 64, 126, 640, 2 * LONGEST };

	for (u32 a = 0; a < ARRAY_SIZE(counts); a++)
		for (u32 b = 0; b < ARRAY_SIZE(counts); b++)
			check_scale(format, plane, counts[a], counts[b]);
}

static void test_scaling(void)
{
	for (u32 i = 0; i < primesim_format_count; i++)
		for (u32 plane = 0; plane < primesim_formats[i].planes; plane++)
			if (primesim_formats[i].uses & PRIMESIM_USE_ENGINE)
				check_scales(&primesim_formats[i], plane);
}

static void check_fill(const struct primesim_format *format, const u8 *expected, u32 plane)
{
	u32 bytes = format->plane[plane].bytes;
	struct row out = row_new(bytes * 33);
	u32 wrong = 0;

	primesim_row_fill(out.data, format->block(0x00123456, plane), bytes, 33);
	for (u32 i = 0; i < out.bytes; i++)
		wrong += ((u8 *)out.data)[i] != expected[i % bytes];
	expect(!wrong, "%s plane %u: %u bytes filled wrong", format->name, plane, wrong);
	row_free(&out, "fill");
}

static void test_fill(void)
{
	/* Colour 0x123456: Y 0x56, Cb 0x34, Cr 0x12; others are filled with its low part. */
#define FILL(code, plane, ...) \
	check_fill(primesim_format_find(DRM_FORMAT_##code), (u8 []){ __VA_ARGS__ }, plane)
	FILL(XRGB8888, 0, 0x56, 0x34, 0x12, 0);
	FILL(ARGB8888, 0, 0x56, 0x34, 0x12, 0);
	FILL(XBGR8888, 0, 0x56, 0x34, 0x12, 0);
	FILL(ABGR8888, 0, 0x56, 0x34, 0x12, 0);
	FILL(RGB888, 0, 0x56, 0x34, 0x12);
	FILL(BGR888, 0, 0x56, 0x34, 0x12);
	FILL(RGB565, 0, 0x56, 0x34);
	FILL(R8, 0, 0x56);
	FILL(NV12, 0, 0x56);
	FILL(NV12, 1, 0x34, 0x12);
	FILL(NV21, 0, 0x56);
	FILL(NV21, 1, 0x12, 0x34);
	FILL(YUV420, 0, 0x56);
	FILL(YUV420, 1, 0x34);
	FILL(YUV420, 2, 0x12);
	FILL(P010, 0, 0, 0x56);
	FILL(P010, 1, 0, 0x34, 0, 0x12);
	FILL(YUYV, 0, 0x56, 0x34, 0x56, 0x12);
	FILL(UYVY, 0, 0x34, 0x56, 0x12, 0x56);
#undef FILL
}

static u32 mix_channel(u32 a, u32 b, u32 part, u32 shift)
{
	a = a >> shift & 0xff;
	b = b >> shift & 0xff;
	return (a * (256 - part) + b * part + 128) / 256 << shift;
}

static u32 reference_mix(u32 a, u32 b, u32 part)
{
	return mix_channel(a, b, part, 0) | mix_channel(a, b, part, 8) |
	       mix_channel(a, b, part, 16) | mix_channel(a, b, part, 24);
}

static void check_stretch(u32 count, u32 source_count)
{
	struct row at = row_new(count * 2), part = row_new(count * 2), out = row_new(count * 4);
	struct row in = row_random((source_count + PRIMESIM_STRETCH_MARGIN) * 4);
	const struct primesim_row_filter filter = { at.data, part.data };
	const u32 *from = in.data;
	u32 wrong = 0;

	primesim_row_filter(&filter, count, source_count);
	primesim_fast_stretch(out.data, in.data, count, &filter);
	for (u32 i = 0; i < count; i++) {
		long p = (2 * i + 1) * 128L * source_count / count - 128;

		p = p < 0 ? 0 : p > 256L * (source_count - 1) ? 256L * (source_count - 1) : p;
		wrong += ((u32 *)out.data)[i] != reference_mix(from[p / 256], from[p / 256 + 1],
							       p % 256);
	}
	expect(!wrong, "%u pixels stretched from %u: %u wrong", count, source_count, wrong);
	row_free(&in, "stretch");
	row_free(&out, "stretch");
	row_free(&part, "filter");
	row_free(&at, "filter");
}

static void test_bilinear(void)
{
	for (u32 count = 1; count <= 70; count++)
		for (u32 source_count = 1; source_count <= 70; source_count++)
			check_stretch(count, source_count);
	check_stretch(PRIMESIM_MAX_WIDTH, PRIMESIM_MAX_WIDTH);
	check_stretch(PRIMESIM_MAX_WIDTH, 1);
	check_stretch(1, PRIMESIM_MAX_WIDTH);
	check_stretch(PRIMESIM_MAX_WIDTH, PRIMESIM_MAX_WIDTH - 1);
	for (u32 part = 0; part < 256; part++) {
		struct row a = row_random(LONGEST * 4), b = row_random(LONGEST * 4);
		struct row out = row_new(LONGEST * 4);
		u32 wrong = 0;

		primesim_fast_mix(out.data, a.data, b.data, part, LONGEST);
		for (u32 i = 0; i < LONGEST; i++)
			wrong += ((u32 *)out.data)[i] != reference_mix(((u32 *)a.data)[i],
								       ((u32 *)b.data)[i], part);
		expect(!wrong, "rows mixed with %u/256: %u pixels wrong", part, wrong);
		row_free(&out, "mix");
		row_free(&b, "mix");
		row_free(&a, "mix");
	}
}

static u32 nearest_255(u32 n)
{
	return (2 * n + 255) / 510;
}

static u32 reference_blend(u32 below, u32 above, bool straight)
{
	u32 alpha = above >> 24, out = 0;

	for (u32 shift = 0; shift < 32; shift += 8) {
		u32 s = above >> shift & 0xff, d = below >> shift & 0xff, value;

		if (!straight)
			value = s + nearest_255(d * (255 - alpha));
		else if (shift == 24)
			value = alpha + nearest_255(d * (255 - alpha));
		else
			value = nearest_255(s * alpha + d * (255 - alpha));
		out |= (value > 255 ? 255 : value) << shift;
	}

	return out;
}

/* All values of source and destination with one alpha, in different channels */
static void check_blend(u32 alpha, bool straight)
{
	static u32 below[65536], above[65536], expected[65536];
	u32 wrong = 0;

	for (u32 i = 0; i < 65536; i++) {
		u32 s = i & 0xff, d = i >> 8;

		above[i] = alpha << 24 | s << 16 | (255 - s) << 8 | s;
		below[i] = d << 24 | (255 - d) << 16 | d << 8 | d;
		expected[i] = reference_blend(below[i], above[i], straight);
	}
	if (straight)
		primesim_fast_blend_straight(below, below, above, 65536);
	else
		primesim_fast_blend_premultiplied(below, below, above, 65536);
	for (u32 i = 0; i < 65536; i++)
		wrong += below[i] != expected[i];
	expect(!wrong, "alpha %u, %s: %u of 65536 blended wrong", alpha,
	       straight ? "straight" : "premultiplied", wrong);
}

static void test_blend(void)
{
	for (u32 alpha = 0; alpha < 256; alpha++) {
		check_blend(alpha, false);
		check_blend(alpha, true);
	}
}

static void test_reverse(void)
{
	for (u32 count = 1; count < 70; count++) {
		struct row row = row_new(count * 4);
		u32 *pixels = row.data, wrong = 0;

		for (u32 i = 0; i < count; i++)
			pixels[i] = i;
		primesim_fast_reverse(pixels, count);
		for (u32 i = 0; i < count; i++)
			wrong += pixels[i] != count - 1 - i;
		expect(!wrong, "%u pixels reversed: %u wrong", count, wrong);
		row_free(&row, "reverse");
	}
}

/* Each byte of a plane has a place of its own, in the order that the layout has. */
static void check_tiles(const struct primesim_format *format, u32 plane)
{
	u32 pitch = primesim_format_tile_bytes(format, plane) * 3;
	u32 lines = primesim_format_tile_lines(format, plane);
	size_t at = 0;
	u32 wrong = 0;

	for (u32 row = 0; row < 2 * lines; row += lines)
		for (u32 tile = 0; tile < 3; tile++)
			for (u32 line = row; line < row + lines; line++)
				for (u32 x = tile * pitch / 3; x < (tile + 1) * pitch / 3; x++)
					wrong += primesim_format_tiled_at(format, plane, pitch,
									  line, x) != at++;
	expect(!wrong, "%s plane %u: %u bytes of tiles misplaced", format->name, plane, wrong);
}

static void test_tiles(void)
{
	for (u32 i = 0; i < primesim_format_count; i++)
		for (u32 plane = 0; plane < primesim_formats[i].planes; plane++)
			check_tiles(&primesim_formats[i], plane);
	expect(primesim_format_tile_bytes(primesim_format_find(DRM_FORMAT_NV12), 1) == 16 &&
	       primesim_format_tile_lines(primesim_format_find(DRM_FORMAT_NV12), 1) == 8,
	       "chroma of NV12 is not in tiles of 8x8 samples");
}

static void run(const char *name, void (*test)(void))
{
	unsigned int before = failures;
	clock_t start = clock();

	test();
	printf("%-12s %s  %.2f s\n", name, failures == before ? "ok  " : "FAIL",
	       (double)(clock() - start) / CLOCKS_PER_SEC);
}

static void run_all(const char *with)
{
	printf("%s\n", with);
	run("all colours", test_all_colours);
	run("formats", test_formats);
	run("RGB565", test_rgb565);
	run("index", test_index);
	run("scaling", test_scaling);
	run("fill", test_fill);
	run("to YUV", test_pack_yuv);
	run("bilinear", test_bilinear);
	run("blend", test_blend);
	run("reverse", test_reverse);
	run("tiles", test_tiles);
}

int main(void)
{
	srand(SEED);
	primesim_simd_init();
	if (primesim_simd_begin()) {
		primesim_simd_end();
		run_all("vector instructions:");
	} else {
		printf("no vector instructions here: not tested\n");
	}
	simd_off();
	run_all("plain:");
	printf("%u checks, %u failed\n", checks, failures);

	return failures != 0;
}
