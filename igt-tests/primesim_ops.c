// SPDX-License-Identifier: MIT
/*
 * What primesim's engine writes, byte by byte: every format, rectangle and scale against a
 * reference that computes one pixel at a time from the formulas in drm/primesim_drm.h.
 */
#include <drm_fourcc.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include "buffer.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("the engine's operations: fill, copy, conversion and scaling, bit-exact");

#define POISON		0xa5
#define OBJECT_SIZE	(512 * 1024)

/* Bytes before a picture and after each of its lines that must stay as they are */
#define MARGIN		12

static const struct format {
	uint32_t fourcc;
	const char *name;
	bool is_yuv;
	uint32_t bytes;		/* per pixel in the first plane, on average */
} formats[] = {
	{ DRM_FORMAT_XRGB8888, "XRGB8888", false, 4 },
	{ DRM_FORMAT_ARGB8888, "ARGB8888", false, 4 },
	{ DRM_FORMAT_RGB565, "RGB565", false, 2 },
	{ DRM_FORMAT_NV12, "NV12", true, 1 },
	{ DRM_FORMAT_YUYV, "YUYV", true, 2 },
	{ DRM_FORMAT_UYVY, "UYVY", true, 2 },
};

static const struct encoding {
	const char *name;
	long y0, ky, krv, kgu, kgv, kbu;
} encodings[2][2] = {
	{
		{ "601 limited", 16, 76309, 104597, 25675, 53279, 132201 },
		{ "601 full", 0, 65536, 91881, 22553, 46802, 116130 },
	}, {
		{ "709 limited", 16, 76309, 117489, 13975, 34925, 138438 },
		{ "709 full", 0, 65536, 103206, 12276, 30679, 121609 },
	},
};

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
	struct drm_primesim_bo_create create = { .size = OBJECT_SIZE };

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create), 0);
	object->drm = drm;
	object->handle = create.handle;
	object->dmabuf = lab_export(drm, create.handle, DRM_RDWR);
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

/* A surface that neither begins at the object's start nor has its lines side by side */
static struct drm_primesim_surface surface_of(const struct format *format,
					      const struct object *object, uint32_t width,
					      uint32_t height)
{
	struct drm_primesim_surface surface = {
		.format = format->fourcc,
		.width = width,
		.height = height,
		.handles = { object->handle },
		.pitches = { width * format->bytes + MARGIN },
		.offsets = { MARGIN },
	};

	if (format->fourcc == DRM_FORMAT_NV12) {
		surface.handles[1] = object->handle;
		surface.pitches[1] = width + 2 * MARGIN;
		surface.offsets[1] = MARGIN + height * surface.pitches[0] + 2;
	}
	return surface;
}

static uint32_t clamped(long value)
{
	value >>= 16;
	return value < 0 ? 0 : value > 255 ? 255 : value;
}

static uint32_t from_yuv(const struct drm_primesim_surface *surface, long y, long cb, long cr)
{
	const struct encoding *e = &encodings[surface->encoding][surface->range];
	long luma = (y - e->y0) * e->ky + 32768;
	long u = cb - 128;
	long v = cr - 128;

	return 0xff000000 | clamped(luma + e->krv * v) << 16 |
	       clamped(luma - e->kgu * u - e->kgv * v) << 8 | clamped(luma + e->kbu * u);
}

static uint32_t from_rgb565(uint32_t pixel)
{
	uint32_t r = pixel >> 11, g = pixel >> 5 & 0x3f, b = pixel & 0x1f;

	return 0xff000000 | (r << 3 | r >> 2) << 16 | (g << 2 | g >> 4) << 8 | b << 3 | b >> 2;
}

static uint8_t *plane_at(const struct drm_primesim_surface *surface, uint8_t *memory,
			 uint32_t plane, uint32_t line, uint32_t byte)
{
	return memory + surface->offsets[plane] + line * surface->pitches[plane] + byte;
}

/* Pixel (@x, @y) as ARGB8888 */
static uint32_t read_pixel(const struct drm_primesim_surface *surface, uint8_t *memory, uint32_t x,
			   uint32_t y)
{
	uint8_t *line = plane_at(surface, memory, 0, y, 0);
	uint8_t *pair = line + x / 2 * 4;
	uint32_t word;

	switch (surface->format) {
	case DRM_FORMAT_RGB565:
		return from_rgb565(line[2 * x] | line[2 * x + 1] << 8);
	case DRM_FORMAT_NV12:
		pair = plane_at(surface, memory, 1, y / 2, x / 2 * 2);
		return from_yuv(surface, line[x], pair[0], pair[1]);
	case DRM_FORMAT_YUYV:
		return from_yuv(surface, line[2 * x], pair[1], pair[3]);
	case DRM_FORMAT_UYVY:
		return from_yuv(surface, line[2 * x + 1], pair[0], pair[2]);
	}
	memcpy(&word, line + 4 * x, 4);
	return surface->format == DRM_FORMAT_XRGB8888 ? word | 0xff000000 : word;
}

static void write_pixel(const struct drm_primesim_surface *surface, uint8_t *memory, uint32_t x,
			uint32_t y, uint32_t pixel)
{
	uint8_t *line = plane_at(surface, memory, 0, y, 0);

	if (surface->format == DRM_FORMAT_RGB565) {
		pixel = (pixel >> 19 & 0x1f) << 11 | (pixel >> 10 & 0x3f) << 5 |
			(pixel >> 3 & 0x1f);
		line[2 * x] = pixel;
		line[2 * x + 1] = pixel >> 8;
		return;
	}
	if (surface->format == DRM_FORMAT_XRGB8888)
		pixel |= 0xff000000;
	memcpy(line + 4 * x, &pixel, 4);
}

static uint32_t nearest(uint32_t i, uint32_t count, uint32_t source_count)
{
	return ((uint64_t)i * source_count + source_count / 2) / count;
}

static void expect_convert(const struct drm_primesim_op *op, const struct object *src,
			   struct object *dst)
{
	const struct drm_primesim_rect *from = &op->src_rect;
	const struct drm_primesim_rect *to = &op->dst_rect;

	for (uint32_t y = 0; y < to->height; y++) {
		for (uint32_t x = 0; x < to->width; x++) {
			uint32_t sx = from->x + nearest(x, to->width, from->width);
			uint32_t sy = from->y + nearest(y, to->height, from->height);

			write_pixel(&op->dst, dst->expected, to->x + x, to->y + y,
				    read_pixel(&op->src, src->expected, sx, sy));
		}
	}
}

/**
 * struct samples - one component of a picture: luma, Cb or Cr
 * @plane: where it is.
 * @first: byte of the first sample in a line.
 * @step: bytes from sample to sample.
 * @hsub: pixels that a sample covers.
 * @vsub: lines that a sample covers.
 */
struct samples {
	uint32_t plane;
	uint32_t first;
	uint32_t step;
	uint32_t hsub;
	uint32_t vsub;
};

static const struct samples nv12_samples[] = {
	{ 0, 0, 1, 1, 1 }, { 1, 0, 2, 2, 2 }, { 1, 1, 2, 2, 2 },
};

static const struct samples yuyv_samples[] = {
	{ 0, 0, 2, 1, 1 }, { 0, 1, 4, 2, 1 }, { 0, 3, 4, 2, 1 },
};

static const struct samples uyvy_samples[] = {
	{ 0, 1, 2, 1, 1 }, { 0, 0, 4, 2, 1 }, { 0, 2, 4, 2, 1 },
};

static void expect_samples(const struct drm_primesim_op *op, const struct samples *samples,
			   const struct object *src, struct object *dst)
{
	uint32_t h = samples->hsub, v = samples->vsub;
	const struct drm_primesim_rect *from = &op->src_rect;
	const struct drm_primesim_rect *to = &op->dst_rect;

	for (uint32_t y = 0; y < to->height / v; y++) {
		for (uint32_t x = 0; x < to->width / h; x++) {
			uint32_t sx = from->x / h + nearest(x, to->width / h, from->width / h);
			uint32_t sy = from->y / v + nearest(y, to->height / v, from->height / v);

			*plane_at(&op->dst, dst->expected, samples->plane, to->y / v + y,
				  samples->first + (to->x / h + x) * samples->step) =
				*plane_at(&op->src, src->expected, samples->plane, sy,
					  samples->first + sx * samples->step);
		}
	}
}

/* Y'CbCr to the same format: luma, Cb and Cr are pictures of their own. */
static void expect_same(const struct drm_primesim_op *op, const struct object *src,
			struct object *dst)
{
	const struct samples *samples = op->src.format == DRM_FORMAT_NV12 ? nv12_samples :
					op->src.format == DRM_FORMAT_YUYV ? yuyv_samples :
									    uyvy_samples;

	for (int i = 0; i < 3; i++)
		expect_samples(op, &samples[i], src, dst);
}

struct size {
	uint32_t width;
	uint32_t height;
};

/* A BLIT of a rectangle in the middle of a picture to one in the middle of another */
static struct drm_primesim_op blit_op(const struct format *from, const struct format *to,
				      const struct object *src, const struct object *dst,
				      struct size src_size, struct size dst_size)
{
	return (struct drm_primesim_op){
		.code = DRM_PRIMESIM_OP_BLIT,
		.src = surface_of(from, src, src_size.width + 6, src_size.height + 4),
		.dst = surface_of(to, dst, dst_size.width + 4, dst_size.height + 6),
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

static void check_blit(struct fixture *f, const struct drm_primesim_op *op,
		       const struct format *from, const struct format *to)
{
	char what[128];

	snprintf(what, sizeof(what), "%s (%s) %ux%u to %s %ux%u", from->name,
		 encodings[op->src.encoding][op->src.range].name, op->src_rect.width,
		 op->src_rect.height, to->name, op->dst_rect.width, op->dst_rect.height);
	igt_debug("%s\n", what);
	object_poison(&f->dst);
	if (from == to && from->is_yuv)
		expect_same(op, &f->src, &f->dst);
	else
		expect_convert(op, &f->src, &f->dst);
	lab_execute(f->drm, op);
	object_check(&f->dst, what);
}

/* In all encodings that the source may have */
static void check_encodings(struct fixture *f, struct drm_primesim_op *op,
			    const struct format *from, const struct format *to)
{
	for (int i = 0; i < (from->is_yuv ? 4 : 1); i++) {
		op->src.encoding = i / 2;
		op->src.range = i % 2;
		op->dst.encoding = to->is_yuv ? op->src.encoding : 0;
		op->dst.range = to->is_yuv ? op->src.range : 0;
		check_blit(f, op, from, to);
	}
}

/* All pairs of formats that can be converted */
static void blit_sizes(struct size src_size, struct size dst_size)
{
	struct fixture f;

	setup(&f);
	for (const struct format *from = formats; from < formats + ARRAY_SIZE(formats); from++) {
		for (const struct format *to = formats; to < formats + ARRAY_SIZE(formats); to++) {
			struct drm_primesim_op op = blit_op(from, to, &f.src, &f.dst, src_size,
							    dst_size);

			if (!to->is_yuv || from == to)
				check_encodings(&f, &op, from, to);
		}
	}
	teardown(&f);
}

static void convert(const char *argument)
{
	blit_sizes((struct size){ 122, 66 }, (struct size){ 122, 66 });
}

static void upscale(const char *argument)
{
	blit_sizes((struct size){ 34, 18 }, (struct size){ 170, 58 });
}

static void downscale(const char *argument)
{
	blit_sizes((struct size){ 190, 134 }, (struct size){ 46, 20 });
}

static void scale_one_way(const char *argument)
{
	blit_sizes((struct size){ 60, 40 }, (struct size){ 60, 100 });
	blit_sizes((struct size){ 60, 40 }, (struct size){ 150, 40 });
	blit_sizes((struct size){ 60, 100 }, (struct size){ 150, 40 });
}

/* RGB only: others have pixels in pairs. */
static void odd_sizes(const char *argument)
{
	static const struct size sizes[] = { { 1, 1 }, { 3, 5 }, { 17, 1 }, { 1, 9 }, { 33, 31 } };
	const struct format *from = &formats[2], *to = &formats[0];
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < ARRAY_SIZE(sizes) * ARRAY_SIZE(sizes); i++) {
		struct drm_primesim_op op = blit_op(from, to, &f.src, &f.dst,
						    sizes[i % ARRAY_SIZE(sizes)],
						    sizes[i / ARRAY_SIZE(sizes)]);

		op.src_rect.x--;
		op.dst_rect.x--;
		op.dst_rect.y++;
		check_blit(&f, &op, from, to);
	}
	teardown(&f);
}

static void widest(const char *argument)
{
	static const uint32_t widths[][2] = { { 16384, 16384 }, { 2, 16384 }, { 16384, 2 } };
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < ARRAY_SIZE(formats) * ARRAY_SIZE(widths); i++) {
		const struct format *from = &formats[i / ARRAY_SIZE(widths)];
		const uint32_t *width = widths[i % ARRAY_SIZE(widths)];
		struct drm_primesim_op op = {
			.code = DRM_PRIMESIM_OP_BLIT,
			.src = surface_of(from, &f.src, 16384, 2),
			.dst = surface_of(&formats[0], &f.dst, 16384, 2),
			.src_rect = { 0, 0, width[0], 2 },
			.dst_rect = { 0, 0, width[1], 2 },
		};

		check_blit(&f, &op, from, &formats[0]);
	}
	teardown(&f);
}

/* The colour's bytes where they belong for pixel (@x, @y) */
static void expect_filled_pixel(const struct drm_primesim_op *op, struct object *dst, uint32_t x,
				uint32_t y)
{
	uint8_t bytes[4] = { op->value, op->value >> 8, op->value >> 16, op->value >> 24 };
	uint8_t *line = plane_at(&op->dst, dst->expected, 0, y, 0);

	switch (op->dst.format) {
	case DRM_FORMAT_RGB565:
		memcpy(line + 2 * x, bytes, 2);
		break;
	case DRM_FORMAT_NV12:
		line[x] = bytes[0];
		*plane_at(&op->dst, dst->expected, 1, y / 2, x) = bytes[1 + x % 2];
		break;
	case DRM_FORMAT_YUYV:
		line[2 * x] = bytes[0];
		line[2 * x + 1] = bytes[1 + x % 2];
		break;
	case DRM_FORMAT_UYVY:
		line[2 * x] = bytes[1 + x % 2];
		line[2 * x + 1] = bytes[0];
		break;
	default:
		memcpy(line + 4 * x, bytes, 4);
	}
}

static void check_fill(struct fixture *f, const struct format *format)
{
	const struct drm_primesim_rect rect = { 6, 4, 122, 60 };
	struct drm_primesim_op op = {
		.code = DRM_PRIMESIM_OP_FILL,
		.dst = surface_of(format, &f->dst, 130, 70),
		.dst_rect = rect,
		.value = format->is_yuv ? 0x345678 : format->bytes == 2 ? 0x5678 : 0x12345678,
	};

	object_poison(&f->dst);
	for (uint32_t i = 0; i < rect.width * rect.height; i++)
		expect_filled_pixel(&op, &f->dst, rect.x + i % rect.width,
				    rect.y + i / rect.width);
	lab_execute(f->drm, &op);
	object_check(&f->dst, format->name);
}

static void fill(const char *argument)
{
	struct fixture f;

	setup(&f);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		check_fill(&f, &formats[i]);
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
	{ "odd-sizes", odd_sizes, "RGB rectangles need not have even sizes or places." },
	{ "widest", widest, "The widest surfaces there may be, also scaled from and to two pixels." },
};

igt_main()
{
	lab_run(tests, NULL);
}
