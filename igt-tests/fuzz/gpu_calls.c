// SPDX-License-Identifier: MIT
/*
 * primesim: its own ioctls, and those of DRM that end in it.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "calls.h"

#define PAGE	4096

/* Buffers of 64x64 pixels of 4 bytes unless told otherwise, so that the defaults below fit. */
static const uint64_t sizes[] = { 64 * 64 * 4, 1, 4096, 4097, 65536, 1 << 20, 8 << 20, 1u << 31 };
static const uint64_t sides[] = { 64, 1, 2, 8, 16, 17, 32, 63, 128, 640, 1920, 16384, 0 };
static const uint64_t rect_sides[] = { 64, 1, 2, 16, 31, 32, 63, 128, 0 };
static const uint64_t pitches[] = { 256, 64, 32, 128, 192, 512, 1, 3, 255, 2560, 65536 };
static const uint64_t more_pitches[] = { 0, 64, 32, 128, 256, 1, 63 };
static const uint64_t offsets[] = { 0, 4096, 4, 1, 2, 8192, 5120, 16380, 16384 };
static const uint64_t formats[] = {
	DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, DRM_FORMAT_XBGR8888, DRM_FORMAT_ABGR8888,
	DRM_FORMAT_RGB888, DRM_FORMAT_BGR888, DRM_FORMAT_RGB565, DRM_FORMAT_R8, DRM_FORMAT_NV12,
	DRM_FORMAT_NV21, DRM_FORMAT_YUV420, DRM_FORMAT_P010, DRM_FORMAT_YUYV, DRM_FORMAT_UYVY,
	DRM_FORMAT_XRGB2101010, DRM_FORMAT_ARGB2101010, DRM_FORMAT_XBGR2101010,
	DRM_FORMAT_ABGR2101010, DRM_FORMAT_XRGB16161616, DRM_FORMAT_ARGB16161616,
	DRM_FORMAT_XBGR16161616, DRM_FORMAT_ABGR16161616, DRM_FORMAT_BGRA8888,
	DRM_FORMAT_BGRX8888, DRM_FORMAT_RGBA8888, DRM_FORMAT_RGBX8888, DRM_FORMAT_BGR565,
	DRM_FORMAT_R4, DRM_FORMAT_R2, DRM_FORMAT_R1, DRM_FORMAT_NV16, DRM_FORMAT_NV61,
	DRM_FORMAT_NV24, DRM_FORMAT_NV42, DRM_FORMAT_YVU420, DRM_FORMAT_YUV422,
	DRM_FORMAT_YVU422, DRM_FORMAT_YUV444, DRM_FORMAT_YVU444, DRM_FORMAT_P012,
};

static const uint64_t modifiers[] = {
	DRM_FORMAT_MOD_LINEAR, DRM_FORMAT_MOD_GENERIC_16_16_TILE, DRM_FORMAT_MOD_INVALID,
};

static const uint64_t small[] = { 0, 1, 2, 3, 4 };
static const uint64_t blit_flags[] = {
	DRM_PRIMESIM_BLIT_ROTATE_90, DRM_PRIMESIM_BLIT_BILINEAR, DRM_PRIMESIM_BLIT_REFLECT_X,
	DRM_PRIMESIM_BLIT_PREMULTIPLIED, DRM_PRIMESIM_BLIT_STRAIGHT, DRM_PRIMESIM_BLIT_ROTATE_180,
	DRM_PRIMESIM_BLIT_REFLECT_Y,
};

static const uint64_t one[] = { 1 };
static const uint64_t op_size[] = { sizeof(struct drm_primesim_op) };
static const uint64_t fill[] = { DRM_PRIMESIM_OP_FILL };
static const uint64_t copy[] = { DRM_PRIMESIM_OP_COPY };
static const uint64_t blit[] = { DRM_PRIMESIM_OP_BLIT };
static const uint64_t hang[] = { DRM_PRIMESIM_OP_HANG };
static const uint64_t checksum[] = { DRM_PRIMESIM_OP_CHECKSUM };
static const uint64_t lengths[] = { 4096, 1, 64, 16384, 65536, 0 };
static const uint64_t cloexec[] = { DRM_CLOEXEC | DRM_RDWR, DRM_CLOEXEC, DRM_RDWR, 0 };
static const uint64_t dumb_bpp[] = { 32, 8, 12, 15, 16, 24, 64, 1, 0 };
static const uint64_t fb_flags[] = { DRM_MODE_FB_MODIFIERS, DRM_MODE_FB_INTERLACED };

/* BO_CREATE and its like */

static const struct fuzz_field bo_create_fields[] = {
	FUZZ_FIELD(struct drm_primesim_bo_create, size, FUZZ_SIZE, FUZZ_OF(sizes)),
	FUZZ_FIELD(struct drm_primesim_bo_create, flags, FUZZ_BITS, FUZZ_OF(one)),
};

static const struct fuzz_field mmap_offset_fields[] = {
	FUZZ_FIELD(struct drm_primesim_bo_mmap_offset, handle, FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_FIELD(struct drm_primesim_bo_mmap_offset, pad, FUZZ_NUMBER),
};

static const struct fuzz_field bo_info_fields[] = {
	FUZZ_FIELD(struct drm_primesim_bo_info, handle, FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_FIELD(struct drm_primesim_bo_info, device, FUZZ_NUMBER),
	FUZZ_FIELD(struct drm_primesim_bo_info, flags, FUZZ_NUMBER),
	FUZZ_FIELD(struct drm_primesim_bo_info, pad, FUZZ_NUMBER),
};

static const struct fuzz_field device_info_fields[] = {
	FUZZ_FIELD(struct drm_primesim_device_info, flags, FUZZ_NUMBER),
};

static const struct fuzz_field context_create_fields[] = {
	FUZZ_PICK(struct drm_primesim_context_create, priority, small),
	FUZZ_FIELD(struct drm_primesim_context_create, flags, FUZZ_NUMBER),
	FUZZ_FIELD(struct drm_primesim_context_create, pad, FUZZ_NUMBER),
};

static const struct fuzz_field context_destroy_fields[] = {
	FUZZ_FIELD(struct drm_primesim_context_destroy, id, FUZZ_USE, .resource = FUZZ_CONTEXT),
	FUZZ_FIELD(struct drm_primesim_context_destroy, pad, FUZZ_NUMBER),
};

static const struct fuzz_field scanout_info_fields[] = {
	FUZZ_FIELD(struct drm_primesim_scanout_info, crtc_id, FUZZ_NUMBER),
};

/* SUBMIT */

#define SURFACE(which)								\
	FUZZ_PICK(struct drm_primesim_op, which.format, formats), \
	FUZZ_PICK(struct drm_primesim_op, which.modifier, modifiers), \
	FUZZ_FIELD(struct drm_primesim_op, which.handles[0], FUZZ_USE, .resource = FUZZ_BO), \
	FUZZ_PICK(struct drm_primesim_op, which.pitches[0], pitches), \
	FUZZ_PICK(struct drm_primesim_op, which.width, sides), \
	FUZZ_PICK(struct drm_primesim_op, which.height, sides), \
	FUZZ_PICK(struct drm_primesim_op, which.offsets[0], offsets), \
	FUZZ_PICK(struct drm_primesim_op, which.encoding, small), \
	FUZZ_PICK(struct drm_primesim_op, which.range, small), \
	FUZZ_PICK(struct drm_primesim_op, which.pitches[1], more_pitches), \
	FUZZ_PICK(struct drm_primesim_op, which.offsets[1], offsets), \
	FUZZ_PICK(struct drm_primesim_op, which.handles[1], small), \
	FUZZ_PICK(struct drm_primesim_op, which.pitches[2], more_pitches), \
	FUZZ_PICK(struct drm_primesim_op, which.offsets[2], offsets), \
	FUZZ_PICK(struct drm_primesim_op, which.handles[2], small), \
	FUZZ_FIELD(struct drm_primesim_op, which.pad, FUZZ_NUMBER)

#define RECT(which)								\
	FUZZ_PICK(struct drm_primesim_op, which.width, rect_sides), \
	FUZZ_PICK(struct drm_primesim_op, which.height, rect_sides), \
	FUZZ_FIELD(struct drm_primesim_op, which.x, FUZZ_NUMBER),		\
	FUZZ_FIELD(struct drm_primesim_op, which.y, FUZZ_NUMBER)

#define CODE(codes)	FUZZ_PICK(struct drm_primesim_op, code, codes)

static const struct fuzz_field fill_fields[] = {
	CODE(fill), SURFACE(dst), RECT(dst_rect),
	FUZZ_FIELD(struct drm_primesim_op, value, FUZZ_NUMBER),
	FUZZ_FIELD(struct drm_primesim_op, flags, FUZZ_NUMBER),
};

static const struct fuzz_field copy_fields[] = {
	CODE(copy),
	FUZZ_FIELD(struct drm_primesim_op, src.handles[0], FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_FIELD(struct drm_primesim_op, dst.handles[0], FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_PICK(struct drm_primesim_op, length, lengths),
	FUZZ_PICK(struct drm_primesim_op, src_offset, offsets),
	FUZZ_PICK(struct drm_primesim_op, dst_offset, offsets),
	FUZZ_FIELD(struct drm_primesim_op, src.pitches[0], FUZZ_NUMBER),
};

static const struct fuzz_field blit_fields[] = {
	CODE(blit), SURFACE(src), SURFACE(dst), RECT(src_rect), RECT(dst_rect),
	FUZZ_FIELD(struct drm_primesim_op, flags, FUZZ_BITS, FUZZ_OF(blit_flags)),
};

static const struct fuzz_field checksum_fields[] = {
	CODE(checksum), SURFACE(src), RECT(src_rect),
	FUZZ_FIELD(struct drm_primesim_op, dst.handles[0], FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_PICK(struct drm_primesim_op, dst_offset, offsets),
};

static const struct fuzz_field hang_fields[] = {
	CODE(hang), FUZZ_FIELD(struct drm_primesim_op, value, FUZZ_NUMBER),
};

#define OP(name)	\
	static const struct fuzz_struct name##_op =	\
		FUZZ_STRUCT(struct drm_primesim_op, name##_fields)

OP(fill);
OP(copy);
OP(blit);
OP(checksum);
OP(hang);

static const struct fuzz_struct *const fills[] = { &fill_op };
static const struct fuzz_struct *const blits[] = { &blit_op };
static const struct fuzz_struct *const all_ops[] = {
	&copy_op, &checksum_op, &fill_op, &blit_op, &hang_op,
};

static const struct fuzz_field sync_fields[] = {
	FUZZ_FIELD(struct drm_primesim_sync, handle, FUZZ_USE, .resource = FUZZ_SYNCOBJ),
	FUZZ_PICK(struct drm_primesim_sync, point, small),
	FUZZ_FIELD(struct drm_primesim_sync, flags, FUZZ_NUMBER),
};

static const struct fuzz_struct sync_struct = FUZZ_STRUCT(struct drm_primesim_sync, sync_fields);
static const struct fuzz_struct *const syncs[] = { &sync_struct };

/* Without an array's first byte there are no syncobjs. */
#define SUBMIT_FIELDS(ops_of)							\
	FUZZ_FIELD(struct drm_primesim_submit, ops, FUZZ_ARRAY,			\
		   FUZZ_ELEMENTS(ops_of, struct drm_primesim_submit, op_count, 6)), \
	FUZZ_PICK(struct drm_primesim_submit, op_size, op_size), \
	FUZZ_PICK(struct drm_primesim_submit, queue, small), \
	FUZZ_FIELD(struct drm_primesim_submit, context, FUZZ_NUMBER),		\
	FUZZ_FIELD(struct drm_primesim_submit, flags, FUZZ_BITS, FUZZ_OF(one)),	\
	FUZZ_FIELD(struct drm_primesim_submit, pad, FUZZ_NUMBER)
#define SYNC_FIELDS								\
	FUZZ_FIELD(struct drm_primesim_submit, out_syncs, FUZZ_ARRAY,		\
		   FUZZ_ELEMENTS(syncs, struct drm_primesim_submit, out_count, 4)), \
	FUZZ_FIELD(struct drm_primesim_submit, in_syncs, FUZZ_ARRAY,		\
		   FUZZ_ELEMENTS(syncs, struct drm_primesim_submit, in_count, 4))

static const struct fuzz_field submit_fill_fields[] = { SUBMIT_FIELDS(fills) };
static const struct fuzz_field submit_blit_fields[] = { SUBMIT_FIELDS(blits) };
static const struct fuzz_field submit_fields[] = { SUBMIT_FIELDS(all_ops) };
static const struct fuzz_field submit_syncs_fields[] = { SUBMIT_FIELDS(all_ops), SYNC_FIELDS };

/* What DRM itself has */

static const struct fuzz_field gem_close_fields[] = {
	FUZZ_FIELD(struct drm_gem_close, handle, FUZZ_USE, .resource = FUZZ_BO),
};

static const struct fuzz_field export_fields[] = {
	FUZZ_FIELD(struct drm_prime_handle, handle, FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_PICK(struct drm_prime_handle, flags, cloexec),
};

static const struct fuzz_field import_fields[] = {
	FUZZ_FIELD(struct drm_prime_handle, fd, FUZZ_USE, .resource = FUZZ_FD),
};

static const struct fuzz_field syncobj_create_fields[] = {
	FUZZ_FIELD(struct drm_syncobj_create, flags, FUZZ_NUMBER),
};

static const struct fuzz_field dumb_create_fields[] = {
	FUZZ_PICK(struct drm_mode_create_dumb, width, sides),
	FUZZ_PICK(struct drm_mode_create_dumb, height, rect_sides),
	FUZZ_PICK(struct drm_mode_create_dumb, bpp, dumb_bpp),
	FUZZ_FIELD(struct drm_mode_create_dumb, flags, FUZZ_NUMBER),
};

static const struct fuzz_field dumb_map_fields[] = {
	FUZZ_FIELD(struct drm_mode_map_dumb, handle, FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_FIELD(struct drm_mode_map_dumb, pad, FUZZ_NUMBER),
};

static const struct fuzz_field addfb_fields[] = {
	FUZZ_PICK(struct drm_mode_fb_cmd2, pixel_format, formats),
	FUZZ_FIELD(struct drm_mode_fb_cmd2, handles[0], FUZZ_USE, .resource = FUZZ_BO),
	FUZZ_PICK(struct drm_mode_fb_cmd2, width, sides),
	FUZZ_PICK(struct drm_mode_fb_cmd2, height, sides),
	FUZZ_PICK(struct drm_mode_fb_cmd2, pitches[0], pitches),
	FUZZ_PICK(struct drm_mode_fb_cmd2, offsets[0], offsets),
	FUZZ_FIELD(struct drm_mode_fb_cmd2, flags, FUZZ_BITS, FUZZ_OF(fb_flags)),
	FUZZ_PICK(struct drm_mode_fb_cmd2, modifier[0], modifiers),
	FUZZ_PICK(struct drm_mode_fb_cmd2, handles[1], small),
	FUZZ_PICK(struct drm_mode_fb_cmd2, pitches[1], more_pitches),
	FUZZ_PICK(struct drm_mode_fb_cmd2, offsets[1], offsets),
	FUZZ_PICK(struct drm_mode_fb_cmd2, modifier[1], modifiers),
	FUZZ_PICK(struct drm_mode_fb_cmd2, handles[2], small),
	FUZZ_PICK(struct drm_mode_fb_cmd2, pitches[2], more_pitches),
	FUZZ_PICK(struct drm_mode_fb_cmd2, offsets[2], offsets),
};

/* Calls that are no single ioctl */

static void prime_export(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	struct drm_prime_handle prime = { .fd = -1 };
	int fd;

	prime.handle = fuzz_value(&export_fields[0], state, bytes);
	prime.flags = fuzz_value(&export_fields[1], state, bytes);
	fd = fuzz_fd(state, FUZZ_RENDER, fuzz_byte(bytes));
	if (!ioctl(fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime))
		fuzz_keep(state, FUZZ_FD, prime.fd);
}

/* On any node: one of another device imports. */
static void prime_import(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	struct drm_prime_handle prime = { .fd = fuzz_value(&import_fields[0], state, bytes) };
	enum fuzz_class class = fuzz_byte(bytes) & 1 ? FUZZ_PRIMARY : FUZZ_RENDER;

	if (!ioctl(fuzz_fd(state, class, fuzz_byte(bytes)), DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime))
		fuzz_keep(state, FUZZ_BO, prime.handle);
}

/* Touch a buffer through its fake offset, or anything that is no offset at all. */
static void map_bo(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	struct drm_primesim_bo_mmap_offset map = {
		.handle = fuzz_value(&mmap_offset_fields[0], state, bytes),
	};
	static const uint64_t map_lengths[] = { PAGE, 4 * PAGE, 5 * PAGE, 1 << 20 };
	const struct fuzz_field length = { .size = 4, .kind = FUZZ_CHOICE, FUZZ_OF(map_lengths) };
	const struct fuzz_field away = { .size = 8, .kind = FUZZ_NUMBER };
	int fd = fuzz_fd(state, FUZZ_RENDER, 0);
	uint64_t size = fuzz_value(&length, state, bytes) % (32 << 20) + 1;
	uint8_t how = fuzz_byte(bytes);
	volatile char *memory;

	if (ioctl(fd, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &map))
		return;
	memory = mmap(NULL, size, how & 1 ? PROT_READ : PROT_READ | PROT_WRITE,
		      how & 2 ? MAP_PRIVATE : MAP_SHARED, fd,
		      map.offset + fuzz_value(&away, state, bytes) * PAGE);
	if (memory == MAP_FAILED)
		return;
	/* Past its end: the process dies of it, which is right. */
	if (how & 1)
		(void)memory[0];
	else
		memory[size - 1] = 1;
	if (how & 4)
		munmap((void *)memory, size);
}

static void close_fd(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	int fd = fuzz_value(&import_fields[0], state, bytes);

	if (fd > 2)
		close(fd);
}

static void dmabuf_sync(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	static const uint64_t flags[] = { DMA_BUF_SYNC_WRITE, DMA_BUF_SYNC_READ, DMA_BUF_SYNC_END };
	const struct fuzz_field bits = { .size = 8, .kind = FUZZ_BITS, FUZZ_OF(flags) };
	int fd = fuzz_value(&import_fields[0], state, bytes);
	struct dma_buf_sync sync = { .flags = fuzz_value(&bits, state, bytes) };

	ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
}

static void dmabuf_fence(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	static const uint64_t flags[] = { DMA_BUF_SYNC_RW, DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE };
	const struct fuzz_field how = { .size = 4, .kind = FUZZ_CHOICE, FUZZ_OF(flags) };
	int fd = fuzz_value(&import_fields[0], state, bytes);
	struct dma_buf_export_sync_file fence = {
		.flags = fuzz_value(&how, state, bytes),
		.fd = -1,
	};

	if (!ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &fence))
		fuzz_keep(state, FUZZ_FD, fence.fd);
}

static void map_fd(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	int fd = fuzz_value(&import_fields[0], state, bytes);
	uint8_t page = fuzz_byte(bytes);
	volatile char *memory;

	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page * PAGE);
	if (memory != MAP_FAILED)
		memory[0]++;
}

static void modeset(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	const struct fuzz_field fb = { .size = 4, .kind = FUZZ_USE, .resource = FUZZ_FB };
	const struct fuzz_object *crtc =
		fuzz_object(state->nodes, DRM_MODE_OBJECT_CRTC, fuzz_byte(bytes));
	const struct fuzz_object *connector =
		fuzz_object(state->nodes, DRM_MODE_OBJECT_CONNECTOR, fuzz_byte(bytes));
	drmModeModeInfo mode = state->nodes->mode;
	uint32_t id;

	if (!crtc || !connector)
		return;
	id = connector->id;
	for (uint8_t change = fuzz_byte(bytes); change; change = fuzz_byte(bytes))
		((uint8_t *)&mode)[change % sizeof(mode)] = fuzz_byte(bytes);
	drmModeSetCrtc(fuzz_fd(state, FUZZ_PRIMARY, 0), crtc->id, fuzz_value(&fb, state, bytes),
		       fuzz_byte(bytes), fuzz_byte(bytes), &id, 1, &mode);
}

/* A property is left as it was at the start, or gets an object, a coordinate, anything. */
static uint64_t property_value(struct fuzz_state *state, uint64_t now, struct fuzz_bytes *bytes)
{
	const struct fuzz_field fb = { .size = 4, .kind = FUZZ_USE, .resource = FUZZ_FB };
	const struct fuzz_field side = { .size = 8, .kind = FUZZ_CHOICE, FUZZ_OF(sides) };
	const struct fuzz_field number = { .size = 8, .kind = FUZZ_NUMBER };
	const struct fuzz_object *crtc;

	switch (fuzz_byte(bytes) % 6) {
	case 1:
		return fuzz_value(&fb, state, bytes);
	case 2:
		crtc = fuzz_object(state->nodes, DRM_MODE_OBJECT_CRTC, fuzz_byte(bytes));
		return crtc ? crtc->id : 0;
	case 3:
		return fuzz_value(&side, state, bytes);
	case 4:
		return fuzz_value(&side, state, bytes) << 16;
	case 5:
		return fuzz_value(&number, state, bytes);
	default:
		return now;
	}
}

static void atomic(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	static const uint64_t flag_bits[] = {
		DRM_MODE_ATOMIC_TEST_ONLY, DRM_MODE_ATOMIC_ALLOW_MODESET, DRM_MODE_ATOMIC_NONBLOCK,
		DRM_MODE_PAGE_FLIP_EVENT, DRM_MODE_PAGE_FLIP_ASYNC,
	};
	const struct fuzz_field flags = { .size = 4, .kind = FUZZ_BITS, FUZZ_OF(flag_bits) };
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	uint32_t how = fuzz_value(&flags, state, bytes);
	int fd = fuzz_fd(state, FUZZ_PRIMARY, 0);

	drmSetClientCap(fd, DRM_CLIENT_CAP_ATOMIC, 1);
	drmSetClientCap(fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1);
	do {
		const struct fuzz_object *object =
			fuzz_object(state->nodes, DRM_MODE_OBJECT_ANY, fuzz_byte(bytes));
		unsigned int which = fuzz_byte(bytes);

		if (!object || !object->count)
			break;
		which %= object->count;
		drmModeAtomicAddProperty(request, object->id, object->properties[which],
					 property_value(state, object->values[which], bytes));
	} while (bytes->left);
	drmModeAtomicCommit(fd, request, how, NULL);
	drmModeAtomicFree(request);
}

static void set_plane(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	const struct fuzz_field fb = { .size = 4, .kind = FUZZ_USE, .resource = FUZZ_FB };
	const struct fuzz_field side = { .size = 4, .kind = FUZZ_CHOICE, FUZZ_OF(sides) };
	const struct fuzz_field number = { .size = 4, .kind = FUZZ_NUMBER };
	const struct fuzz_object *plane =
		fuzz_object(state->nodes, DRM_MODE_OBJECT_PLANE, fuzz_byte(bytes));
	const struct fuzz_object *crtc = fuzz_object(state->nodes, DRM_MODE_OBJECT_CRTC, 0);
	uint32_t shown = fuzz_value(&fb, state, bytes), at[8];

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++)
		at[i] = fuzz_value(i < 4 ? &side : &number, state, bytes);
	if (plane && crtc)
		drmModeSetPlane(fuzz_fd(state, FUZZ_PRIMARY, 0), plane->id, crtc->id, shown, 0,
				at[4], at[5], at[0], at[1], at[6] << 16, at[7] << 16,
				at[2] << 16, at[3] << 16);
}

static void remove_fb(struct fuzz_state *state, struct fuzz_bytes *bytes)
{
	const struct fuzz_field fb = { .size = 4, .kind = FUZZ_USE, .resource = FUZZ_FB };

	drmModeRmFB(fuzz_fd(state, FUZZ_PRIMARY, 0), fuzz_value(&fb, state, bytes));
}

/* Each ioctl's argument */
#define ARGUMENT(name, type)	\
	static const struct fuzz_struct name##_argument = FUZZ_STRUCT(type, name##_fields)

ARGUMENT(bo_create, struct drm_primesim_bo_create);
ARGUMENT(mmap_offset, struct drm_primesim_bo_mmap_offset);
ARGUMENT(bo_info, struct drm_primesim_bo_info);
ARGUMENT(device_info, struct drm_primesim_device_info);
ARGUMENT(context_create, struct drm_primesim_context_create);
ARGUMENT(context_destroy, struct drm_primesim_context_destroy);
ARGUMENT(scanout_info, struct drm_primesim_scanout_info);
ARGUMENT(submit_fill, struct drm_primesim_submit);
ARGUMENT(submit_blit, struct drm_primesim_submit);
ARGUMENT(submit, struct drm_primesim_submit);
ARGUMENT(submit_syncs, struct drm_primesim_submit);
ARGUMENT(gem_close, struct drm_gem_close);
ARGUMENT(syncobj_create, struct drm_syncobj_create);
ARGUMENT(dumb_create, struct drm_mode_create_dumb);
ARGUMENT(dumb_map, struct drm_mode_map_dumb);
ARGUMENT(addfb, struct drm_mode_fb_cmd2);

#define IOCTL(name, class, request)	{ #name, class, request, &name##_argument, NULL, -1, 0 }
#define MAKES(name, class, request, kind, type, member)	\
	{ #name, class, request, &name##_argument, NULL, kind, offsetof(type, member) }
#define FUNCTION(name)			{ #name, FUZZ_NO_NODE, 0, NULL, name, -1, 0 }

const struct fuzz_call_type fuzz_gpu_calls[] = {
	MAKES(bo_create, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_BO_CREATE, FUZZ_BO,
	      struct drm_primesim_bo_create, handle),
	IOCTL(mmap_offset, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET),
	IOCTL(bo_info, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_BO_INFO),
	IOCTL(device_info, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_DEVICE_INFO),
	MAKES(context_create, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, FUZZ_CONTEXT,
	      struct drm_primesim_context_create, id),
	IOCTL(context_destroy, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_CONTEXT_DESTROY),
	IOCTL(scanout_info, FUZZ_PRIMARY, DRM_IOCTL_PRIMESIM_SCANOUT_INFO),
	IOCTL(submit_fill, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_SUBMIT),
	IOCTL(submit_blit, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_SUBMIT),
	IOCTL(submit, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_SUBMIT),
	IOCTL(submit_syncs, FUZZ_RENDER, DRM_IOCTL_PRIMESIM_SUBMIT),
	IOCTL(gem_close, FUZZ_RENDER, DRM_IOCTL_GEM_CLOSE),
	FUNCTION(prime_export),
	FUNCTION(prime_import),
	MAKES(syncobj_create, FUZZ_RENDER, DRM_IOCTL_SYNCOBJ_CREATE, FUZZ_SYNCOBJ,
	      struct drm_syncobj_create, handle),
	MAKES(dumb_create, FUZZ_PRIMARY, DRM_IOCTL_MODE_CREATE_DUMB, FUZZ_BO,
	      struct drm_mode_create_dumb, handle),
	IOCTL(dumb_map, FUZZ_PRIMARY, DRM_IOCTL_MODE_MAP_DUMB),
	MAKES(addfb, FUZZ_PRIMARY, DRM_IOCTL_MODE_ADDFB2, FUZZ_FB, struct drm_mode_fb_cmd2, fb_id),
	FUNCTION(map_bo),
	FUNCTION(map_fd),
	FUNCTION(close_fd),
	FUNCTION(dmabuf_sync),
	FUNCTION(dmabuf_fence),
	FUNCTION(modeset),
	FUNCTION(atomic),
	FUNCTION(set_plane),
	FUNCTION(remove_fb),
};

const unsigned int fuzz_gpu_call_count = ARRAY_SIZE(fuzz_gpu_calls);
