// SPDX-License-Identifier: MIT
/*
 * What primesim's engine writes, byte by byte: every operation, format and layout against a
 * reference that computes one pixel at a time (lib/pixels.c).
 */
#include <drm_fourcc.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include "buffer.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "pixels.h"

IGT_TEST_DESCRIPTION("the engine's operations, bit-exact");

#define POISON		0xa5
#define OBJECT_SIZE	(320 * 1024)

/* Bytes before a picture and after each of its lines that must stay as they are */
#define MARGIN		12

/**
 * struct object - a buffer object and what it should contain
 * @drm: the file.
 * @handle: its GEM handle.
 * @dmabuf: its dma-buf.
 * @memory: mapping of @dmabuf.
 * @expected: what should be in @memory.
 */
struct object {
	int drm;
	uint32_t handle;
	int dmabuf;
	uint8_t *memory;
	uint8_t *expected;
};

static void object_create(struct object *object, int drm)
{
	object->drm = drm;
	object->handle = lab_bo_create(drm, OBJECT_SIZE, 0);
	object->dmabuf = lab_export(drm, object->handle, DRM_RDWR);
	object->memory = (uint8_t *)lab_map(object->dmabuf, OBJECT_SIZE, PROT_READ | PROT_WRITE, 0);
	object->expected = malloc(OBJECT_SIZE);
	igt_assert(object->expected);
}

static void object_close(struct object *object)
{
	free(object->expected);
	lab_unmap(object->memory, OBJECT_SIZE);
	lab_close(object->dmabuf);
	lab_close_handle(object->drm, object->handle);
}

static void object_write(struct object *object)
{
	lab_cpu_begin(object->dmabuf, DMA_BUF_SYNC_WRITE);
	memcpy(object->memory, object->expected, OBJECT_SIZE);
	lab_cpu_end(object->dmabuf, DMA_BUF_SYNC_WRITE);
}

static void object_poison(struct object *object)
{
	memset(object->expected, POISON, OBJECT_SIZE);
	object_write(object);
}

static void object_randomise(struct object *object)
{
	uint32_t *words = (uint32_t *)object->expected;

	for (size_t i = 0; i < OBJECT_SIZE / 4; i++)
		words[i] = (uint32_t)rand() << 8 ^ rand();
	object_write(object);
}

static void object_check(struct object *object, const char *what)
{
	size_t at = 0;

	lab_cpu_begin(object->dmabuf, DMA_BUF_SYNC_READ);
	while (at < OBJECT_SIZE && object->memory[at] == object->expected[at])
		at++;
	igt_assert_f(at == OBJECT_SIZE, "%s: byte %zu is %#x, not %#x\n", what, at,
		     object->memory[at], object->expected[at]);
	lab_cpu_end(object->dmabuf, DMA_BUF_SYNC_READ);
}

struct size {
	uint32_t width;
	uint32_t height;
};

#define LINEAR		DRM_FORMAT_MOD_LINEAR
#define TILED		DRM_FORMAT_MOD_GENERIC_16_16_TILE

/* A surface that neither begins at the object's start nor has its lines side by side */
static struct drm_primesim_surface surface_of(const struct lab_format *format, uint64_t modifier,
					      const struct object *object, uint32_t width,
					      uint32_t height)
{
	struct drm_primesim_surface surface;
	size_t end;

	surface = lab_layout(format, modifier, object->handle, width, height, MARGIN, &end);
	igt_assert(end <= OBJECT_SIZE);
	return surface;
}

/* A BLIT of a rectangle in the middle of a picture to one in the middle of another */
static struct drm_primesim_op blit_op(const struct lab_format *from, const struct lab_format *to,
				      const struct object *src, const struct object *dst,
				      struct size src_size, struct size dst_size)
{
	return (struct drm_primesim_op){
		.code = DRM_PRIMESIM_OP_BLIT,
		.src = surface_of(from, LINEAR, src, src_size.width + 6, src_size.height + 4),
		.dst = surface_of(to, LINEAR, dst, dst_size.width + 4, dst_size.height + 6),
		.src_rect = { 4, 2, src_size.width, src_size.height },
		.dst_rect = { 2, 4, dst_size.width, dst_size.height },
	};
}

/**
 * struct fixture - what the tests here work with
 * @drm: the device.
 * @src: random bytes.
 * @dst: what is written.
 */
struct fixture {
	int drm;
	struct object src;
	struct object dst;
};

static void setup(struct fixture *f)
{
	srand(1);
	f->drm = lab_open_render("primesim");
	object_create(&f->src, f->drm);
	object_create(&f->dst, f->drm);
	object_randomise(&f->src);
}

static void teardown(struct fixture *f)
{
	object_check(&f->src, "the source");
	object_close(&f->dst);
	object_close(&f->src);
	lab_close(f->drm);
}

static void describe(char *what, size_t size, const struct drm_primesim_op *op)
{
	snprintf(what, size, "%s (%s%s) %ux%u to %s (%s%s) %ux%u, flags %#x",
		 lab_format(op->src.format)->name, lab_encoding_name(&op->src),
		 op->src.modifier ? ", tiled" : "", op->src_rect.width, op->src_rect.height,
		 lab_format(op->dst.format)->name, lab_encoding_name(&op->dst),
		 op->dst.modifier ? ", tiled" : "", op->dst_rect.width, op->dst_rect.height,
		 op->flags);
}

static void check_blit(struct fixture *f, const struct drm_primesim_op *op)
{
	char what[160];

	describe(what, sizeof(what), op);
	igt_debug("%s\n", what);
	object_poison(&f->dst);
	lab_expect_blit(op, f->src.expected, f->dst.expected);
	lab_execute(f->drm, op);
	object_check(&f->dst, what);
}

/* With their ranges: three of two each */
#define ENCODINGS	6

/* In all encodings that the source may have, to the same one or, between formats, another */
static void check_encodings(struct fixture *f, struct drm_primesim_op *op,
			    const struct lab_format *from, const struct lab_format *to)
{
	for (int i = 0; i < (from->is_yuv || to->is_yuv ? ENCODINGS : 1); i++) {
		int other = from == to ? i : (i + 1) % ENCODINGS;

		op->src.encoding = from->is_yuv ? i / 2 : 0;
		op->src.range = from->is_yuv ? i % 2 : 0;
		op->dst.encoding = to->is_yuv ? other / 2 : 0;
		op->dst.range = to->is_yuv ? other % 2 : 0;
		check_blit(f, op);
	}
}

/* All formats to the first one and from it, and to themselves */
static void blit_sizes(struct size src_size, struct size dst_size, uint32_t flags)
{
	const struct lab_format *first = &lab_formats[0];
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count * 3; i++) {
		const struct lab_format *format = &lab_formats[i / 3];
		const struct lab_format *from = i % 3 == 0 ? first : format;
		const struct lab_format *to = i % 3 == 1 ? first : format;
		struct drm_primesim_op op = blit_op(from, to, &f.src, &f.dst, src_size, dst_size);

		op.flags = flags;
		check_encodings(&f, &op, from, to);
	}
	teardown(&f);
}

/* All pairs of formats */
static void convert(const char *argument)
{
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count * lab_format_count; i++) {
		const struct lab_format *from = &lab_formats[i / lab_format_count];
		const struct lab_format *to = &lab_formats[i % lab_format_count];
		const struct size size = { 70, 18 };
		struct drm_primesim_op op = blit_op(from, to, &f.src, &f.dst, size, size);

		check_encodings(&f, &op, from, to);
	}
	teardown(&f);
}

static void recode(const char *argument)
{
	const struct size size = { 36, 20 };
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count * ENCODINGS * ENCODINGS; i++) {
		const struct lab_format *format = &lab_formats[i / ENCODINGS / ENCODINGS];
		struct drm_primesim_op op = blit_op(format, format, &f.src, &f.dst, size, size);

		if (!format->is_yuv)
			continue;
		op.src.encoding = i / ENCODINGS % ENCODINGS / 2;
		op.src.range = i / ENCODINGS % 2;
		op.dst.encoding = i % ENCODINGS / 2;
		op.dst.range = i % 2;
		check_blit(&f, &op);
	}
	teardown(&f);
}

static void upscale(const char *argument)
{
	blit_sizes((struct size){ 34, 18 }, (struct size){ 90, 50 }, 0);
}

static void downscale(const char *argument)
{
	blit_sizes((struct size){ 190, 84 }, (struct size){ 46, 20 }, 0);
}

static void scale_one_way(const char *argument)
{
	blit_sizes((struct size){ 30, 20 }, (struct size){ 30, 50 }, 0);
	blit_sizes((struct size){ 30, 20 }, (struct size){ 70, 20 }, 0);
	blit_sizes((struct size){ 30, 50 }, (struct size){ 70, 20 }, 0);
}

static void bilinear(const char *argument)
{
	blit_sizes((struct size){ 34, 18 }, (struct size){ 90, 50 }, DRM_PRIMESIM_BLIT_BILINEAR);
	blit_sizes((struct size){ 90, 50 }, (struct size){ 34, 18 }, DRM_PRIMESIM_BLIT_BILINEAR);
	blit_sizes((struct size){ 30, 20 }, (struct size){ 30, 20 }, DRM_PRIMESIM_BLIT_BILINEAR);
	blit_sizes((struct size){ 2, 2 }, (struct size){ 60, 40 }, DRM_PRIMESIM_BLIT_BILINEAR);
}

/* Each format to some other one */
static void turn_all(uint32_t flags, struct size size, struct size turned)
{
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count; i++) {
		const struct lab_format *from = &lab_formats[i];
		const struct lab_format *to = &lab_formats[(i + flags) % lab_format_count];
		struct drm_primesim_op op = blit_op(from, to, &f.src, &f.dst, size, turned);

		op.flags = flags;
		check_blit(&f, &op);
	}
	teardown(&f);
}

/* All ways to reflect and turn, with sizes that are no multiple of anything */
static void turn(const char *argument)
{
	static const uint32_t rotations[] = {
		0, DRM_PRIMESIM_BLIT_ROTATE_0, DRM_PRIMESIM_BLIT_ROTATE_90,
		DRM_PRIMESIM_BLIT_ROTATE_180, DRM_PRIMESIM_BLIT_ROTATE_270,
	};

	for (size_t i = 0; i < ARRAY_SIZE(rotations) * 4; i++) {
		bool sideways = rotations[i / 4] & (DRM_PRIMESIM_BLIT_ROTATE_90 |
						    DRM_PRIMESIM_BLIT_ROTATE_270);
		struct size size = { 38, 22 }, turned = { 22, 38 };

		turn_all(rotations[i / 4] | (i & 1 ? DRM_PRIMESIM_BLIT_REFLECT_X : 0) |
				 (i & 2 ? DRM_PRIMESIM_BLIT_REFLECT_Y : 0),
			 size, sideways ? turned : size);
	}
}

static void turn_and_scale(const char *argument)
{
	uint32_t flags = DRM_PRIMESIM_BLIT_ROTATE_90 | DRM_PRIMESIM_BLIT_REFLECT_X;

	blit_sizes((struct size){ 38, 22 }, (struct size){ 50, 30 }, flags);
	blit_sizes((struct size){ 38, 22 }, (struct size){ 12, 60 },
		   flags | DRM_PRIMESIM_BLIT_BILINEAR);
	blit_sizes((struct size){ 40, 36 }, (struct size){ 20, 20 },
		   DRM_PRIMESIM_BLIT_ROTATE_180 | DRM_PRIMESIM_BLIT_BILINEAR);
}

/* Blends all formats over each other, onto random pixels. */
static void blend_over(uint32_t flags)
{
	const struct size size = { 40, 22 };
	struct fixture f;

	setup(&f);
	object_randomise(&f.dst);
	for (size_t i = 0; i < lab_format_count * lab_format_count; i++) {
		const struct lab_format *from = &lab_formats[i / lab_format_count];
		const struct lab_format *to = &lab_formats[i % lab_format_count];
		struct drm_primesim_op op = blit_op(from, to, &f.src, &f.dst, size, size);
		char what[160];

		op.flags = flags;
		describe(what, sizeof(what), &op);
		lab_expect_blit(&op, f.src.expected, f.dst.expected);
		lab_execute(f.drm, &op);
		object_check(&f.dst, what);
	}
	teardown(&f);
}

static void blend(const char *argument)
{
	blend_over(DRM_PRIMESIM_BLIT_PREMULTIPLIED);
	blend_over(DRM_PRIMESIM_BLIT_STRAIGHT);
	blend_over(DRM_PRIMESIM_BLIT_STRAIGHT | DRM_PRIMESIM_BLIT_ROTATE_180 |
		   DRM_PRIMESIM_BLIT_BILINEAR);
}

/* From linear to tiles, from tiles to tiles, and back, also with a conversion on the way */
static void tiles(const char *argument)
{
	const struct lab_format *first = &lab_formats[0];
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count * 6; i++) {
		const struct lab_format *format = &lab_formats[i / 6];
		const struct size size = { 86, 50 };
		struct drm_primesim_op op = blit_op(format, i & 1 ? first : format, &f.src, &f.dst,
						    size, size);

		op.src = surface_of(format, i % 6 / 2 ? TILED : LINEAR, &f.src, 100, 60);
		op.dst = surface_of(i & 1 ? first : format, i % 6 / 2 == 1 ? LINEAR : TILED, &f.dst,
				    98, 70);
		check_blit(&f, &op);
	}
	teardown(&f);
}

static void tiles_turned(const char *argument)
{
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count; i++) {
		const struct lab_format *format = &lab_formats[i];
		struct drm_primesim_op op = blit_op(format, format, &f.src, &f.dst,
						    (struct size){ 50, 34 },
						    (struct size){ 60, 80 });

		op.src = surface_of(format, TILED, &f.src, 100, 60);
		op.dst = surface_of(format, TILED, &f.dst, 66, 90);
		op.flags = DRM_PRIMESIM_BLIT_ROTATE_90 | DRM_PRIMESIM_BLIT_STRAIGHT |
			   DRM_PRIMESIM_BLIT_BILINEAR;
		check_blit(&f, &op);
	}
	teardown(&f);
}

/* RGB only: others have pixels in pairs. */
static void odd_sizes(const char *argument)
{
	static const struct size sizes[] = { { 1, 1 }, { 3, 5 }, { 17, 1 }, { 1, 9 }, { 33, 31 } };
	static const uint32_t flags[] = {
		0, DRM_PRIMESIM_BLIT_BILINEAR, DRM_PRIMESIM_BLIT_ROTATE_270,
	};
	const struct lab_format *from = lab_format(DRM_FORMAT_RGB565), *to = &lab_formats[0];
	const size_t count = ARRAY_SIZE(sizes);
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < count * count * ARRAY_SIZE(flags); i++) {
		struct drm_primesim_op op = blit_op(from, to, &f.src, &f.dst, sizes[i % count],
						    sizes[i / count % count]);

		op.flags = flags[i / count / count];
		op.src_rect.x--;
		op.dst_rect.x--;
		op.dst_rect.y++;
		check_blit(&f, &op);
	}
	teardown(&f);
}

static void widest(const char *argument)
{
	static const uint32_t widths[][2] = { { 16384, 16384 }, { 2, 16384 }, { 16384, 2 } };
	static const uint32_t flags[] = { 0, DRM_PRIMESIM_BLIT_BILINEAR };
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count * ARRAY_SIZE(widths) * 2; i++) {
		const struct lab_format *from = &lab_formats[i / 2 / ARRAY_SIZE(widths)];
		const uint32_t *width = widths[i / 2 % ARRAY_SIZE(widths)];
		struct drm_primesim_op op = {
			.code = DRM_PRIMESIM_OP_BLIT,
			.flags = flags[i % 2],
			.src = surface_of(from, LINEAR, &f.src, 16384, 2),
			.dst = surface_of(&lab_formats[0], LINEAR, &f.dst, 16384, 2),
			.src_rect = { 0, 0, width[0], 2 },
			.dst_rect = { 0, 0, width[1], 2 },
		};

		check_blit(&f, &op);
	}
	teardown(&f);
}

/* Lines that become columns, and the reverse, of the largest length there is */
static void longest_turned(const char *argument)
{
	struct fixture f;
	struct drm_primesim_op op = { .code = DRM_PRIMESIM_OP_BLIT };

	setup(&f);
	op.flags = DRM_PRIMESIM_BLIT_ROTATE_90;
	op.src = surface_of(lab_format(DRM_FORMAT_R8), LINEAR, &f.src, 2, 16384);
	op.dst = surface_of(&lab_formats[0], LINEAR, &f.dst, 16384, 2);
	op.src_rect = (struct drm_primesim_rect){ 0, 0, 2, 16384 };
	op.dst_rect = (struct drm_primesim_rect){ 0, 0, 16384, 2 };
	check_blit(&f, &op);
	op.src = surface_of(&lab_formats[0], LINEAR, &f.src, 16384, 2);
	op.dst = surface_of(lab_format(DRM_FORMAT_R8), LINEAR, &f.dst, 2, 16384);
	op.src_rect = (struct drm_primesim_rect){ 0, 0, 16384, 2 };
	op.dst_rect = (struct drm_primesim_rect){ 0, 0, 2, 16384 };
	check_blit(&f, &op);
	teardown(&f);
}

static uint64_t fill_value(const struct lab_format *format)
{
	uint32_t bits = format->is_yuv ? 24 : 8 * format->plane[0].bytes;

	return 0x12345678 & (bits == 32 ? UINT32_MAX : (1u << bits) - 1);
}

static void check_fill(struct fixture *f, const struct lab_format *format, uint64_t modifier)
{
	struct drm_primesim_op op = {
		.code = DRM_PRIMESIM_OP_FILL,
		.dst = surface_of(format, modifier, &f->dst, 130, 70),
		.dst_rect = { 6, 4, 122, 60 },
		.value = fill_value(format),
	};

	object_poison(&f->dst);
	lab_expect_fill(&op, f->dst.expected);
	lab_execute(f->drm, &op);
	object_check(&f->dst, format->name);
}

static void fill(const char *argument)
{
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count; i++) {
		check_fill(&f, &lab_formats[i], LINEAR);
		check_fill(&f, &lab_formats[i], TILED);
	}
	teardown(&f);
}

static void check_checksum(struct fixture *f, const struct lab_format *format, uint64_t modifier)
{
	struct drm_primesim_op op = {
		.code = DRM_PRIMESIM_OP_CHECKSUM,
		.src = surface_of(format, modifier, &f->src, 70, 40),
		.src_rect = { 2, 4, 60, 30 },
		.dst.handles = { f->dst.handle },
		.dst_offset = OBJECT_SIZE - 4,
	};
	struct lab_image picture = lab_image_read(&op.src, f->src.expected, &op.src_rect);
	uint32_t crc = lab_image_checksum(&picture);

	object_poison(&f->dst);
	for (int i = 0; i < 4; i++)
		f->dst.expected[op.dst_offset + i] = crc >> 8 * i;
	lab_execute(f->drm, &op);
	object_check(&f->dst, format->name);
	lab_image_free(&picture);
}

static void checksum(const char *argument)
{
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < lab_format_count; i++) {
		check_checksum(&f, &lab_formats[i], LINEAR);
		check_checksum(&f, &lab_formats[i], TILED);
	}
	teardown(&f);
}

static void check_copy(struct fixture *f, uint64_t from, uint64_t to, uint64_t length)
{
	struct drm_primesim_op op = lab_op_copy(f->src.handle, f->dst.handle, length);
	char what[96];

	snprintf(what, sizeof(what), "copy of %llu bytes from %llu to %llu",
		 (unsigned long long)length, (unsigned long long)from, (unsigned long long)to);
	op.src_offset = from;
	op.dst_offset = to;
	object_poison(&f->dst);
	memcpy(f->dst.expected + to, f->src.expected + from, length);
	lab_execute(f->drm, &op);
	object_check(&f->dst, what);
}

static void copy(const char *argument)
{
	static const uint64_t lengths[] = { 1, 2, 7, 4096, 4097, 65535, 65536, 65537, 200001 };
	static const uint64_t offsets[][2] = { { 0, 0 }, { 1, 4095 }, { 65536, 3 }, { 7, 100003 } };
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		for (size_t j = 0; j < ARRAY_SIZE(offsets); j++)
			check_copy(&f, offsets[j][0], offsets[j][1], lengths[i]);
	check_copy(&f, 0, 0, OBJECT_SIZE);
	check_copy(&f, OBJECT_SIZE - 1, OBJECT_SIZE - 1, 1);
	teardown(&f);
}

/* Source and destination may be one object, as long as the ranges do not meet. */
static void copy_within(const char *argument)
{
	struct drm_primesim_op op;
	struct fixture f;

	setup(&f);
	op = lab_op_copy(f.src.handle, f.src.handle, 5000);
	op.src_offset = 5001;
	op.dst_offset = 1;
	memcpy(f.src.expected + 1, f.src.expected + 5001, 5000);
	lab_execute(f.drm, &op);
	object_check(&f.src, "copy within an object");
	teardown(&f);
}

static const struct lab_test tests[] = {
	{ "fill", fill, "FILL writes the colour, in every format, in its rectangle only." },
	{ "copy", copy, "COPY moves bytes from and to any place." },
	{ "copy-within", copy_within, "COPY works between two places of one object." },
	{ "convert", convert, "BLIT converts all formats and encodings as the formulas say." },
	{ "upscale", upscale, "BLIT to a larger rectangle shows the nearest pixels." },
	{ "downscale", downscale, "BLIT to a smaller rectangle shows the nearest pixels." },
	{ "scale-one-way", scale_one_way, "BLIT scales width and height each by itself." },
	{ "recode", recode, "BLIT converts between encodings of one format." },
	{ "bilinear", bilinear, "BLIT scales by interpolation, as the formula says." },
	{ "turn", turn, "BLIT reflects and turns in all ways." },
	{ "turn-and-scale", turn_and_scale, "Turned pictures are scaled." },
	{ "blend", blend, "BLIT blends all formats over all others, premultiplied and not." },
	{ "tiles", tiles, "Surfaces in tiles of 16x16 pixels are read and written." },
	{ "tiles-turned", tiles_turned, "Tiled surfaces are turned, scaled and blended." },
	{ "longest-turned", longest_turned, "The longest lines there may be, turned." },
	{ "checksum", checksum, "CHECKSUM writes the CRC-32 of the pixels, of all formats." },
	{ "odd-sizes", odd_sizes, "RGB rectangles need not have even sizes or places." },
	{ "widest", widest,
	  "The widest surfaces there may be, also scaled from and to two pixels." },
};

igt_main()
{
	lab_run(tests, NULL);
}
