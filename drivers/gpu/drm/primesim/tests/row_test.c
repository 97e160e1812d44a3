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
	case DRM_FORMAT_RGB565:
		word = p[2 * x] | p[2 * x + 1] << 8;
		return 0xff000000 |
		       ((word >> 11) << 3 | word >> 13) << 16 |
		       ((word >> 5 & 63) << 2 | (word >> 9 & 3)) << 8 |
		       ((word & 31) << 3 | (word >> 2 & 7));
	case DRM_FORMAT_NV12:
		return reference_pixel(1, 0, p[x], planes[1][x / 2 * 2], planes[1][x / 2 * 2 + 1]);
	case DRM_FORMAT_YUYV:
		return reference_pixel(1, 0, p[2 * x], pair[1], pair[3]);
	default:
		return reference_pixel(1, 0, p[2 * x + 1], pair[0], pair[2]);
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

static bool is_packed(const struct primesim_format *format, u32 pixel, const u8 *memory)
{
	switch (format->fourcc) {
	case DRM_FORMAT_XRGB8888:
		pixel |= 0xff000000;
		return !memcmp(memory, &pixel, 4);
	case DRM_FORMAT_ARGB8888:
		return !memcmp(memory, &pixel, 4);
	default:
		pixel = (pixel >> 19 & 31) << 11 | (pixel >> 10 & 63) << 5 | (pixel >> 3 & 31);
		return memory[0] == (pixel & 0xff) && memory[1] == pixel >> 8;
	}
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
		expect(!!format->pack == !!(format->uses & PRIMESIM_USE_BLIT_TO),
		       "%s can be written but not packed", format->name);
		for (u32 count = 1; count < 70; count++) {
			check_unpack(format, count);
			if (format->pack)
				check_pack(format, count);
		}
		check_unpack(format, LONGEST);
	}
	expect(!primesim_format_find(0), "format 0 is found");
}

static void test_rgb565(void)
{
	for (u32 value = 0; value < 65536; value++) {
		u16 in = value, back;
		u32 pixel;

		primesim_row_unpack_rgb565(&pixel, (const void *[]){ &in }, 1, NULL);
		primesim_row_pack_rgb565(&back, &pixel, 1);
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
	/* Colour 0x123456: Y 0x56, Cb 0x34, Cr 0x12; RGB565 is filled with its low half. */
	check_fill(primesim_format_find(DRM_FORMAT_XRGB8888), (u8 []){ 0x56, 0x34, 0x12, 0 }, 0);
	check_fill(primesim_format_find(DRM_FORMAT_ARGB8888), (u8 []){ 0x56, 0x34, 0x12, 0 }, 0);
	check_fill(primesim_format_find(DRM_FORMAT_RGB565), (u8 []){ 0x56, 0x34 }, 0);
	check_fill(primesim_format_find(DRM_FORMAT_NV12), (u8 []){ 0x56 }, 0);
	check_fill(primesim_format_find(DRM_FORMAT_NV12), (u8 []){ 0x34, 0x12 }, 1);
	check_fill(primesim_format_find(DRM_FORMAT_YUYV), (u8 []){ 0x56, 0x34, 0x56, 0x12 }, 0);
	check_fill(primesim_format_find(DRM_FORMAT_UYVY), (u8 []){ 0x34, 0x56, 0x12, 0x56 }, 0);
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
