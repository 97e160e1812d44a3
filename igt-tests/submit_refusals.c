// SPDX-License-Identifier: MIT
/*
 * DRM_IOCTL_PRIMESIM_SUBMIT refuses what is wrong, says why, and nothing of the job is done.
 */
#include <drm_fourcc.h>
#include <fcntl.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("what SUBMIT refuses: errno, reason, and that nothing of it has run");

#define GPU		"primesim-gpu0"
#define SIDE		64
#define SIZE		(SIDE * SIDE * 4)	/* 16384 in what is said about it */
#define GOOD		0x600d

/**
 * struct target - a picture in an object of its own, all GOOD at first
 * @drm: the file.
 * @dmabuf: its dma-buf.
 * @surface: the whole object, XRGB8888.
 */
struct target {
	int drm;
	int dmabuf;
	struct drm_primesim_surface surface;
};

static void target_create(struct target *target, int drm)
{
	uint32_t handle = lab_bo_create(drm, SIZE, 0);

	target->drm = drm;
	target->dmabuf = lab_export(drm, handle, DRM_RDWR);
	target->surface = lab_surface(handle, SIDE, SIDE, SIDE * 4);
	lab_gpu_fill(drm, handle, SIZE, GOOD);
}

static void target_close(struct target *target)
{
	lab_check_filled(target->dmabuf, SIZE, GOOD);
	lab_close(target->dmabuf);
	lab_close_handle(target->drm, target->surface.handles[0]);
}

static uint32_t syncobj_create(int drm)
{
	uint32_t handle;

	igt_assert_eq(drmSyncobjCreate(drm, 0, &handle), 0);
	return handle;
}

/* A fill of @target with wrong arguments; those that are zero are right ones. */
static void refuse(const struct target *target, struct drm_primesim_submit args, int err,
		   const char *why)
{
	struct drm_primesim_op op = lab_op_fill(&target->surface, 1);
	uint64_t since = lab_now();

	args.op_count = args.op_count ?: 1;
	args.op_size = args.op_size ?: sizeof(op);
	args.ops = args.ops ?: (uintptr_t)&op;
	igt_assert_eq(lab_ioctl(target->drm, DRM_IOCTL_PRIMESIM_SUBMIT, &args), err);
	lab_assert_refused_by(since, err, GPU, why);
}

/* Operations */

/**
 * struct wrong - an operation that is refused
 * @about: what is wrong with it.
 * @change: makes it wrong.
 * @err: what SUBMIT answers.
 * @why: the reason in debugfs.
 */
struct wrong {
	const char *about;
	void (*change)(struct drm_primesim_op *op);
	int err;
	const char *why;
};

#define CHANGE(name, statement) \
	static void name(struct drm_primesim_op *op) { statement; }

CHANGE(code_0, op->code = 0)
CHANGE(code_99, op->code = 99)
CHANGE(op_flags, op->flags = 1)
CHANGE(hang_target, op->code = DRM_PRIMESIM_OP_HANG)
CHANGE(format_0, op->dst.format = 0)
CHANGE(format_other, op->dst.format = DRM_FORMAT_C8)
CHANGE(width_0, op->dst.width = 0)
CHANGE(width_16385, op->dst.width = 16385)
CHANGE(height_0, op->dst.height = 0)
CHANGE(height_16385, op->dst.height = 16385)
CHANGE(encoding_rgb, op->dst.encoding = 1)
CHANGE(range_rgb, op->dst.range = 1)
CHANGE(surface_pad, op->dst.pad = 1)
CHANGE(modifier_other, op->dst.modifier = 1)
CHANGE(handle_extra, op->dst.handles[1] = op->dst.handles[0])
CHANGE(pitch_extra, op->dst.pitches[3] = 4)
CHANGE(offset_extra, op->dst.offsets[2] = 4)
CHANGE(pitch_short, op->dst.pitches[0] -= 4)
CHANGE(pitch_odd, op->dst.pitches[0] += 2)
CHANGE(offset_odd, op->dst.offsets[0] = 2)
CHANGE(rect_x, op->dst_rect.x = 1)
CHANGE(rect_x_wraps, op->dst_rect.x = UINT32_MAX)
CHANGE(rect_width_0, op->dst_rect.width = 0)
CHANGE(rect_width_wraps, (op->dst_rect.x = 2, op->dst_rect.width = UINT32_MAX))
CHANGE(rect_y, op->dst_rect.y = 1)
CHANGE(rect_height_0, op->dst_rect.height = 0)
CHANGE(rect_height, op->dst_rect.height++)
CHANGE(handle_0, op->dst.handles[0] = 0)
CHANGE(handle_unknown, op->dst.handles[0] = 0x7fffffff)
CHANGE(offset_past_end, op->dst.offsets[0] = 4)
CHANGE(offset_far, op->dst.offsets[0] = UINT32_MAX - 3)
CHANGE(pitch_past_end, op->dst.pitches[0] += 4)
CHANGE(pitch_far, op->dst.pitches[0] = UINT32_MAX - 3)
CHANGE(height_past_end, op->dst.height++)
CHANGE(fill_source, op->src.format = DRM_FORMAT_XRGB8888)
CHANGE(fill_src_rect, op->src_rect.width = 1)
CHANGE(fill_length, op->length = 4)
CHANGE(fill_value, op->value = 1ull << 32)
CHANGE(fill_yuyv_value, (op->dst.format = DRM_FORMAT_YUYV, op->value = 1 << 24))
CHANGE(yuv_odd_width, (op->dst.format = DRM_FORMAT_YUYV, op->dst.width--))
CHANGE(yuv_odd_x, (op->dst.format = DRM_FORMAT_YUYV, op->dst_rect.x = 1, op->dst_rect.width = 2))
CHANGE(yuv_encoding, (op->dst.format = DRM_FORMAT_YUYV, op->dst.encoding = 3))
CHANGE(yuv_range, (op->dst.format = DRM_FORMAT_YUYV, op->dst.range = 2))
CHANGE(copy_0, op->length = 0)
CHANGE(copy_value, op->value = 1)
CHANGE(copy_format, op->src.format = DRM_FORMAT_XRGB8888)
CHANGE(copy_second_handle, op->dst.handles[1] = op->dst.handles[0])
CHANGE(copy_rect, op->dst_rect.width = 1)
CHANGE(copy_past_source, op->src_offset = 1)
CHANGE(copy_past_end, op->dst_offset = 1)
CHANGE(copy_wraps, op->src_offset = UINT64_MAX)
CHANGE(copy_length_wraps, (op->src_offset = 1, op->length = UINT64_MAX))
CHANGE(copy_onto_itself, op->dst = op->src)
CHANGE(copy_overlaps, (op->dst = op->src, op->length = 100, op->dst_offset = 99))
CHANGE(blit_value, op->value = 1)
CHANGE(blit_length, op->length = 1)
CHANGE(blit_src_format, op->src.format = DRM_FORMAT_C8)
CHANGE(blit_flags, op->flags = 1 << 9)
CHANGE(blit_rotations, op->flags = DRM_PRIMESIM_BLIT_ROTATE_0 | DRM_PRIMESIM_BLIT_ROTATE_90)
CHANGE(blit_blends, op->flags = DRM_PRIMESIM_BLIT_PREMULTIPLIED | DRM_PRIMESIM_BLIT_STRAIGHT)
CHANGE(blit_to_planes, op->dst.format = DRM_FORMAT_NV12)
CHANGE(blit_src_rect, op->src_rect.width++)
CHANGE(tile_pitch, (op->dst.modifier = DRM_FORMAT_MOD_GENERIC_16_16_TILE, op->dst.width = 60,
		    op->dst_rect.width = 60, op->dst.pitches[0] = 240))
CHANGE(tile_lines, (op->dst.modifier = DRM_FORMAT_MOD_GENERIC_16_16_TILE, op->dst.height = 50,
		    op->dst_rect.height = 50, op->dst.offsets[0] = 4))
CHANGE(checksum_value, op->value = 1)
CHANGE(checksum_flags, op->flags = DRM_PRIMESIM_BLIT_REFLECT_X)
CHANGE(checksum_odd, op->dst_offset = 2)
CHANGE(checksum_past_end, op->dst_offset = SIDE * SIDE * 4)
CHANGE(checksum_wraps, op->dst_offset = UINT64_MAX - 3)
CHANGE(checksum_picture, op->dst.format = DRM_FORMAT_XRGB8888)
CHANGE(checksum_rect, op->src_rect.height++)
CHANGE(blit_src_past_end, op->src.offsets[0] = 4)
CHANGE(nv12_one_plane, (op->src.format = DRM_FORMAT_NV12, op->src.width = 32,
			op->src_rect.width = 32))
CHANGE(nv12_odd_height, (op->src.format = DRM_FORMAT_NV12, op->src.height--))

#define WRONG(change, err, why)	{ #change, change, err, why }
#define OP			"SUBMIT op 1: "
#define REACH(end)		"SUBMIT op 1 reaches up to byte " end " of an object of 16384"

static const struct wrong wrong_ops[] = {
	WRONG(code_0, -EINVAL, OP "code 0 is unknown"),
	WRONG(code_99, -EINVAL, OP "code 99 is unknown"),
	WRONG(op_flags, -EINVAL, OP "flags 0x1 are unknown"),
	WRONG(hang_target, -EINVAL, OP "HANG has more than its code"),
};

static const struct wrong wrong_fills[] = {
	WRONG(format_0, -EINVAL, OP "dst.format .... little-endian (0x00000000) cannot be used"),
	WRONG(format_other, -EINVAL,
	      OP "dst.format C8   little-endian (0x20203843) cannot be used"),
	WRONG(width_0, -EINVAL, OP "dst of 0x64, largest is 16384x16384"),
	WRONG(width_16385, -EINVAL, OP "dst of 16385x64, largest is 16384x16384"),
	WRONG(height_0, -EINVAL, OP "dst of 64x0, largest is 16384x16384"),
	WRONG(height_16385, -EINVAL, OP "dst of 64x16385, largest is 16384x16384"),
	WRONG(encoding_rgb, -EINVAL, OP "dst.encoding or .range is not zero, XRGB8888 has none"),
	WRONG(range_rgb, -EINVAL, OP "dst.encoding or .range is not zero, XRGB8888 has none"),
	WRONG(surface_pad, -EINVAL, OP "dst.pad is not zero"),
	WRONG(modifier_other, -EINVAL,
	      OP "dst.modifier 0x1 is neither linear nor GENERIC_16_16_TILE"),
	WRONG(handle_extra, -EINVAL, OP "dst plane 1 is not zero, XRGB8888 does not have it"),
	WRONG(pitch_extra, -EINVAL, OP "dst plane 3 is not zero, XRGB8888 does not have it"),
	WRONG(offset_extra, -EINVAL, OP "dst plane 2 is not zero, XRGB8888 does not have it"),
	WRONG(pitch_short, -EINVAL,
	      OP "dst.pitches[0] is 252, a line of 64 XRGB8888 pixels takes 256"),
	WRONG(pitch_odd, -EINVAL, OP "dst.pitches[0] 258 or offset 0 is no multiple of 4"),
	WRONG(offset_odd, -EINVAL, OP "dst.pitches[0] 256 or offset 2 is no multiple of 4"),
	WRONG(rect_x, -EINVAL, OP "dst_rect 64x64 at 1,0 is not in a surface of 64x64"),
	WRONG(rect_x_wraps, -EINVAL,
	      OP "dst_rect 64x64 at 4294967295,0 is not in a surface of 64x64"),
	WRONG(rect_width_0, -EINVAL, OP "dst_rect 0x64 at 0,0 is not in a surface of 64x64"),
	WRONG(rect_width_wraps, -EINVAL,
	      OP "dst_rect 4294967295x64 at 2,0 is not in a surface of 64x64"),
	WRONG(rect_y, -EINVAL, OP "dst_rect 64x64 at 0,1 is not in a surface of 64x64"),
	WRONG(rect_height_0, -EINVAL, OP "dst_rect 64x0 at 0,0 is not in a surface of 64x64"),
	WRONG(rect_height, -EINVAL, OP "dst_rect 64x65 at 0,0 is not in a surface of 64x64"),
	WRONG(handle_0, -ENOENT, "SUBMIT: no GEM handle 0"),
	WRONG(handle_unknown, -ENOENT, "SUBMIT: no GEM handle 2147483647"),
	WRONG(offset_past_end, -ERANGE, REACH("16388")),
	WRONG(offset_far, -ERANGE, REACH("4294983676")),
	WRONG(pitch_past_end, -ERANGE, REACH("16636")),
	WRONG(pitch_far, -ERANGE, REACH("270582939652")),
	WRONG(height_past_end, -ERANGE, REACH("16640")),
	WRONG(fill_source, -EINVAL, OP "FILL has a source"),
	WRONG(fill_src_rect, -EINVAL, OP "FILL has a source"),
	WRONG(fill_length, -EINVAL, OP "FILL has a source"),
	WRONG(fill_value, -EINVAL,
	      OP "FILL colour 0x100000000 has more than 32 bits, XRGB8888 takes no more"),
	WRONG(fill_yuyv_value, -EINVAL,
	      OP "FILL colour 0x1000000 has more than 24 bits, YUYV takes no more"),
	WRONG(yuv_odd_width, -EINVAL, OP "dst of 63x64, YUYV wants multiples of 2x1"),
	WRONG(yuv_odd_x, -EINVAL, OP "dst_rect 2x64 at 1,0, YUYV wants multiples of 2x1"),
	WRONG(yuv_encoding, -EINVAL, OP "dst.encoding 3 is unknown"),
	WRONG(yuv_range, -EINVAL, OP "dst.range 2 is unknown"),
};

static const struct wrong wrong_copies[] = {
	WRONG(copy_0, -EINVAL, OP "COPY of nothing"),
	WRONG(copy_value, -EINVAL, OP "COPY has more than two objects, offsets and a length"),
	WRONG(copy_format, -EINVAL, OP "COPY has more than two objects, offsets and a length"),
	WRONG(copy_second_handle, -EINVAL,
	      OP "COPY has more than two objects, offsets and a length"),
	WRONG(copy_rect, -EINVAL, OP "COPY has more than two objects, offsets and a length"),
	WRONG(copy_past_source, -ERANGE, REACH("16385")),
	WRONG(copy_past_end, -ERANGE, REACH("16385")),
	WRONG(copy_wraps, -ERANGE, REACH("18446744073709551615")),
	WRONG(copy_length_wraps, -ERANGE, REACH("18446744073709551615")),
	WRONG(copy_onto_itself, -EINVAL, "SUBMIT op 1: COPY of 16384 bytes from 0 to 0 overlaps"),
	WRONG(copy_overlaps, -EINVAL, "SUBMIT op 1: COPY of 100 bytes from 0 to 99 overlaps"),
	WRONG(handle_0, -ENOENT, "SUBMIT: no GEM handle 0"),
};

static const struct wrong wrong_blits[] = {
	WRONG(blit_value, -EINVAL, OP "BLIT has a colour, an offset or a length"),
	WRONG(blit_length, -EINVAL, OP "BLIT has a colour, an offset or a length"),
	WRONG(blit_flags, -EINVAL, OP "BLIT flags 0x200 are unknown"),
	WRONG(blit_rotations, -EINVAL, OP "BLIT flags 0x3 have several rotations"),
	WRONG(blit_blends, -EINVAL, OP "BLIT flags 0x180 have several ways to blend"),
	WRONG(blit_src_format, -EINVAL,
	      OP "src.format C8   little-endian (0x20203843) cannot be used"),
	WRONG(blit_to_planes, -EINVAL, OP "dst.pitches[1] is 0, a line of 64 NV12 pixels takes 64"),
	WRONG(blit_src_rect, -EINVAL, OP "src_rect 65x64 at 0,0 is not in a surface of 64x64"),
	WRONG(tile_pitch, -EINVAL, OP "dst.pitches[0] 240 is not of whole tiles, 64 bytes each"),
	WRONG(tile_lines, -ERANGE, REACH("16388")),
	WRONG(blit_src_past_end, -ERANGE, REACH("16388")),
	WRONG(nv12_one_plane, -EINVAL, OP "src.pitches[1] is 0, a line of 32 NV12 pixels takes 32"),
	WRONG(nv12_odd_height, -EINVAL, OP "src of 64x63, NV12 wants multiples of 2x2"),
	WRONG(rect_x, -EINVAL, OP "dst_rect 64x64 at 1,0 is not in a surface of 64x64"),
	WRONG(height_past_end, -ERANGE, REACH("16640")),
	WRONG(handle_0, -ENOENT, "SUBMIT: no GEM handle 0"),
};

static const struct wrong wrong_checksums[] = {
	WRONG(checksum_value, -EINVAL,
	      OP "CHECKSUM has more than a source, an object and an offset"),
	WRONG(checksum_flags, -EINVAL, OP "flags 0x10 are unknown"),
	WRONG(checksum_odd, -EINVAL, OP "CHECKSUM's offset 2 is no multiple of 4"),
	WRONG(checksum_past_end, -ERANGE, REACH("16388")),
	WRONG(checksum_wraps, -ERANGE, REACH("18446744073709551615")),
	WRONG(checksum_picture, -EINVAL,
	      OP "CHECKSUM has more than a source, an object and an offset"),
	WRONG(checksum_rect, -EINVAL, OP "src_rect 64x65 at 0,0 is not in a surface of 64x64"),
	WRONG(handle_0, -ENOENT, "SUBMIT: no GEM handle 0"),
};

/* Each is the second operation of a job whose first is fine and must not run. */
static void check_refused(const struct target *target, const struct drm_primesim_op *op,
			  const struct wrong *wrong, size_t count)
{
	struct drm_primesim_sync out = { .handle = syncobj_create(target->drm) };
	struct drm_primesim_op ops[] = { lab_op_fill(&target->surface, 0xbad), *op };
	const struct drm_primesim_submit args = {
		.op_count = 2, .out_count = 1,
		.ops = (uintptr_t)ops, .out_syncs = (uintptr_t)&out,
	};

	for (size_t i = 0; i < count; i++) {
		igt_debug("%s\n", wrong[i].about);
		ops[1] = *op;
		wrong[i].change(&ops[1]);
		refuse(target, args, wrong[i].err, wrong[i].why);
	}
	/* No fence has come. */
	igt_assert_eq(drmSyncobjWait(target->drm, &out.handle, 1, 0, 0, NULL), -EINVAL);
	igt_assert_eq(drmSyncobjDestroy(target->drm, out.handle), 0);
}

static void operations(const char *unused)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_op fill, copy, blit, checksum = { .code = DRM_PRIMESIM_OP_CHECKSUM };
	struct target a, b;

	target_create(&a, drm);
	target_create(&b, drm);
	fill = lab_op_fill(&b.surface, 1);
	copy = lab_op_copy(a.surface.handles[0], b.surface.handles[0], SIZE);
	blit = lab_op_blit(&a.surface, &b.surface);
	checksum.src = a.surface;
	checksum.src_rect = blit.src_rect;
	checksum.dst.handles[0] = b.surface.handles[0];
	check_refused(&b, &fill, wrong_ops, ARRAY_SIZE(wrong_ops));
	check_refused(&b, &fill, wrong_fills, ARRAY_SIZE(wrong_fills));
	check_refused(&b, &copy, wrong_copies, ARRAY_SIZE(wrong_copies));
	check_refused(&b, &blit, wrong_blits, ARRAY_SIZE(wrong_blits));
	check_refused(&b, &checksum, wrong_checksums, ARRAY_SIZE(wrong_checksums));
	target_close(&b);
	target_close(&a);
	lab_close(drm);
}

/* The job itself */

#define ARGS(...)	((struct drm_primesim_submit){ __VA_ARGS__ })

static void arguments(const char *unused)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_submit none = {};
	uint64_t since = lab_now();
	struct target target;

	target_create(&target, drm);
	refuse(&target, ARGS(.flags = 2), -EINVAL,
	       "SUBMIT: flags 0x2 are unknown or pad 0x0 is not zero");
	refuse(&target, ARGS(.pad = 1), -EINVAL,
	       "SUBMIT: flags 0x0 are unknown or pad 0x1 is not zero");
	refuse(&target, ARGS(.queue = 2), -EINVAL, "SUBMIT: queue 2 is unknown");
	refuse(&target, ARGS(.context = 1), -ENOENT, "SUBMIT: no context 1");
	refuse(&target, ARGS(.op_count = 65), -E2BIG, "SUBMIT: 65 operations, at most 64");
	refuse(&target, ARGS(.op_count = UINT32_MAX), -E2BIG,
	       "SUBMIT: 4294967295 operations, at most 64");
	refuse(&target, ARGS(.op_size = 8), -EINVAL, "SUBMIT: op_size 8, at least 232");
	refuse(&target, ARGS(.op_size = sizeof(struct drm_primesim_op) - 8), -EINVAL,
	       "SUBMIT: op_size 224, at least 232");
	refuse(&target, ARGS(.op_size = UINT32_MAX), -E2BIG,
	       "SUBMIT: op_size 4294967295, at most 4096");
	refuse(&target, ARGS(.ops = 8), -EFAULT, "SUBMIT: ops cannot be read");
	refuse(&target, ARGS(.ops = UINT64_MAX - 64), -EFAULT, "SUBMIT: ops cannot be read");
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &none), -EINVAL);
	lab_assert_refused_by(since, -EINVAL, GPU, "SUBMIT: no operations");
	target_close(&target);
	lab_close(drm);
}

static void syncs(const char *unused)
{
	int drm = lab_open_render("primesim");
	struct drm_primesim_sync empty = { .handle = syncobj_create(drm), .point = 5 };
	struct drm_primesim_sync flags = { .handle = empty.handle, .flags = 1 };
	struct drm_primesim_sync unknown = { .handle = 0x7fffffff };
	uintptr_t sync_empty = (uintptr_t)&empty, sync_flags = (uintptr_t)&flags;
	uintptr_t sync_unknown = (uintptr_t)&unknown;
	struct target target;

	target_create(&target, drm);
	refuse(&target, ARGS(.in_count = 65), -E2BIG,
	       "SUBMIT: 65 in_syncs and 0 out_syncs, at most 64 each");
	refuse(&target, ARGS(.out_count = 65), -E2BIG,
	       "SUBMIT: 0 in_syncs and 65 out_syncs, at most 64 each");
	refuse(&target, ARGS(.in_count = 1, .in_syncs = 8), -EFAULT,
	       "SUBMIT: sync 0 cannot be read");
	refuse(&target, ARGS(.out_count = 1, .out_syncs = 8), -EFAULT,
	       "SUBMIT: sync 0 cannot be read");
	refuse(&target, ARGS(.in_count = 1, .in_syncs = sync_flags), -EINVAL,
	       "SUBMIT: sync 0 has unknown flags 0x1");
	refuse(&target, ARGS(.out_count = 1, .out_syncs = sync_flags), -EINVAL,
	       "SUBMIT: sync 0 has unknown flags 0x1");
	refuse(&target, ARGS(.in_count = 1, .in_syncs = sync_unknown), -ENOENT,
	       "SUBMIT: in_sync 0: no syncobj 2147483647, or it has no fence for point 0");
	refuse(&target, ARGS(.in_count = 1, .in_syncs = sync_empty), -ENOENT,
	       "SUBMIT: in_sync 0: no syncobj 1, or it has no fence for point 5");
	refuse(&target, ARGS(.out_count = 1, .out_syncs = sync_unknown), -ENOENT,
	       "SUBMIT: out_sync 0: no syncobj 2147483647");
	igt_assert_eq(drmSyncobjDestroy(drm, empty.handle), 0);
	target_close(&target);
	lab_close(drm);
}

/* The copy unit cannot compute with pixels. */
static void wrong_queue(const char *unused)
{
	int drm = lab_open_render("primesim");
	struct target a, b;
	struct drm_primesim_op blit;

	target_create(&a, drm);
	target_create(&b, drm);
	blit = lab_op_blit(&a.surface, &b.surface);
	refuse(&b, ARGS(.queue = DRM_PRIMESIM_QUEUE_COPY, .ops = (uintptr_t)&blit), -EINVAL,
	       "SUBMIT op 0: BLIT and CHECKSUM take the render queue");
	target_close(&b);
	target_close(&a);
	lab_close(drm);
}

/* A program built against a later header has longer operations. */
static void later_version(const char *unused)
{
	struct {
		struct drm_primesim_op op;
		uint64_t later;
	} ops[2] = {};
	struct drm_primesim_submit args = {
		.op_count = 2, .op_size = sizeof(ops[0]), .ops = (uintptr_t)ops,
	};
	int drm = lab_open_render("primesim");
	struct target target;

	target_create(&target, drm);
	ops[0].op = lab_op_fill(&target.surface, 1);
	ops[1].op = lab_op_fill(&target.surface, GOOD);
	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_SUBMIT, &args), 0);
	ops[0].op.value = 0xbad;
	ops[1].later = 1;
	refuse(&target, args, -E2BIG, "SUBMIT: op 1 is of a later version");
	target_close(&target);
	lab_close(drm);
}

static void check_not_written(const struct target *target, const struct drm_primesim_op *op,
			      uint32_t handle)
{
	char why[96];

	snprintf(why, sizeof(why), "SUBMIT op 0 writes handle %u, imported read-only", handle);
	refuse(target, ARGS(.ops = (uintptr_t)op), -EACCES, why);
}

/* Writing needs a dma-buf that may be written; reading does not. */
static void read_only(const char *unused)
{
	int drm = lab_open_render("primesim"), exporter = lab_open_primary("vgem"), dmabuf;
	struct drm_primesim_surface foreign;
	struct drm_primesim_op op;
	struct target target;
	struct lab_dumb dumb;

	lab_dumb_create(&dumb, exporter, SIDE, SIDE);
	dmabuf = lab_export(exporter, dumb.handle, 0);
	target_create(&target, drm);
	foreign = lab_surface(lab_import(drm, dmabuf), SIDE, SIDE, dumb.pitch);
	op = lab_op_fill(&foreign, 1);
	check_not_written(&target, &op, foreign.handles[0]);
	op = lab_op_blit(&target.surface, &foreign);
	check_not_written(&target, &op, foreign.handles[0]);
	op = lab_op_blit(&foreign, &target.surface);
	lab_execute(drm, &op);
	lab_check_filled(target.dmabuf, SIZE, 0xff000000);
	lab_gpu_fill(drm, target.surface.handles[0], SIZE, GOOD);
	target_close(&target);
	lab_close(dmabuf);
	lab_dumb_close(&dumb);
	lab_close(exporter);
	lab_close(drm);
}

static const struct lab_test tests[] = {
	{ "operations", operations, "One wrong operation, and nothing of the job happens." },
	{ "arguments", arguments, "Wrong arguments and pointers." },
	{ "syncs", syncs, "Syncobjs that are wrong, unknown or without a fence." },
	{ "wrong-queue", wrong_queue, "Pixels on the queue that moves bytes." },
	{ "later-version", later_version,
	  "Longer operations are taken as long as nothing is said in what is unknown." },
	{ "read-only", read_only, "EACCES when an object imported read-only would be written." },
};

igt_main()
{
	lab_run(tests, NULL);
}
