/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * primesim's own ioctls. Everything else is generic DRM: dumb buffers, PRIME,
 * syncobj, atomic KMS.
 *
 * All structs are padded to 64 bits and the same for 32- and 64-bit programs.
 * Every reserved or padding field must be zero, or the ioctl fails with EINVAL.
 */
#ifndef _UAPI_PRIMESIM_DRM_H
#define _UAPI_PRIMESIM_DRM_H

#include "drm.h"
#include <linux/simbuf.h>

#if defined(__cplusplus)
extern "C" {
#endif

#define DRM_PRIMESIM_BO_CREATE		0x00
#define DRM_PRIMESIM_BO_MMAP_OFFSET	0x01
#define DRM_PRIMESIM_BO_INFO		0x02
#define DRM_PRIMESIM_SUBMIT		0x03
#define DRM_PRIMESIM_SCANOUT_INFO	0x04
#define DRM_PRIMESIM_CONTEXT_CREATE	0x05
#define DRM_PRIMESIM_CONTEXT_DESTROY	0x06
#define DRM_PRIMESIM_DEVICE_INFO	0x07

/* Flags of &struct drm_primesim_bo_create.flags */
#define DRM_PRIMESIM_BO_CREATE_SYSTEM	(1 << 0)	/* never in local memory */

/**
 * struct drm_primesim_bo_create - allocate a buffer object (render and primary node)
 * @size: in: bytes, 1 .. 2^31; out: rounded up to whole pages.
 * @flags: in: DRM_PRIMESIM_BO_CREATE_*.
 * @handle: out: GEM handle, owned by the file it was created on.
 *
 * Backing pages are chosen later, at the first mapping or CPU access: local memory, if
 * the device has some, the object may be there, there is room or others can be made to
 * leave, and all devices that are attached reach it; else system memory. It moves
 * when a device of another driver or primesim maps it.
 * Errors: EINVAL (size 0 or unknown flags), E2BIG (size above 2^31), ENOSPC (the file has
 * all handles it may have), ENOMEM.
 */
struct drm_primesim_bo_create {
	__u64 size;
	__u32 flags;
	__u32 handle;
};

/**
 * struct drm_primesim_bo_mmap_offset - fake offset for mmap() on the DRM file
 * @handle: in: GEM handle.
 * @pad: in: must be zero.
 * @offset: out: pass as mmap()'s offset.
 *
 * Errors: ENOENT (no such handle), EINVAL (pad), or EINVAL for an imported
 * object: map the dma-buf fd instead.
 */
struct drm_primesim_bo_mmap_offset {
	__u32 handle;
	__u32 pad;
	__u64 offset;
};

/* Values of &struct drm_primesim_bo_info.device */
#define DRM_PRIMESIM_DEVICE_GPU		0
#define DRM_PRIMESIM_DEVICE_DISPLAY	1

#define DRM_PRIMESIM_BO_IMPORTED	(1 << 0)
#define DRM_PRIMESIM_BO_READ_ONLY	(1 << 1)	/* imported from a read-only fd */

/**
 * struct drm_primesim_bo_info - where a buffer object is and who touched it
 * @handle: in: GEM handle.
 * @device: in: whose mapping to describe, DRM_PRIMESIM_DEVICE_*.
 * @flags: out: DRM_PRIMESIM_BO_*.
 * @pad: in: must be zero.
 * @info: out: see struct simbuf_info. Does not map the buffer: @info.page_id
 *	is 0 until that device has used it for the first time.
 *
 * Errors: ENOENT (no such handle), EINVAL (device or pad), EOPNOTSUPP (there is no
 * such device here).
 */
struct drm_primesim_bo_info {
	__u32 handle;
	__u32 device;
	__u32 flags;
	__u32 pad;
	struct simbuf_info info;
};

/* Bits of &struct drm_primesim_device_info.parts */
#define DRM_PRIMESIM_PART_GPU		(1 << 0)	/* SUBMIT, contexts, a render node */
#define DRM_PRIMESIM_PART_DISPLAY	(1 << 1)	/* KMS, dumb buffers, SCANOUT_INFO */

/**
 * struct drm_primesim_device_info - what a device is, and how full its memory
 * @flags: in: must be zero.
 * @parts: out: DRM_PRIMESIM_PART_*. Ioctls for what there is not fail with EOPNOTSUPP.
 * @local_size: out: bytes of local memory, 0 when there is none.
 * @local_free: out: bytes of it that nobody has.
 * @evictions: out: how often an object had to leave local memory for another.
 *
 * Errors: EINVAL (flags).
 */
struct drm_primesim_device_info {
	__u32 flags;
	__u32 parts;
	__u64 local_size;
	__u64 local_free;
	__u64 evictions;
};

/* Values of &struct drm_primesim_context_create.priority */
#define DRM_PRIMESIM_PRIORITY_NORMAL	0
#define DRM_PRIMESIM_PRIORITY_LOW	1
#define DRM_PRIMESIM_PRIORITY_HIGH	2

/**
 * struct drm_primesim_context_create - make a context: jobs with a priority of their own
 * @flags: in: must be zero.
 * @priority: in: DRM_PRIMESIM_PRIORITY_*. On each queue, a job that is ready runs
 *	before all that are ready with a lower one. Nothing that runs is interrupted.
 * @id: out: its number on this file, not 0.
 * @pad: in: must be zero.
 *
 * Each file has a context from the start, number 0, of normal priority. A context
 * whose job takes longer than the engine's timeout is banned; others are not.
 *
 * Errors: EINVAL (flags, priority or pad), EACCES (high priority without
 * CAP_SYS_NICE or DRM master), ENOSPC (64 contexts on this file), ENOMEM.
 */
struct drm_primesim_context_create {
	__u32 flags;
	__u32 priority;
	__u32 id;
	__u32 pad;
};

/**
 * struct drm_primesim_context_destroy - give a context up
 * @id: in: its number.
 * @pad: in: must be zero.
 *
 * Its jobs are done nevertheless. Errors: ENOENT (no such context), EINVAL (@id is 0,
 * pad).
 */
struct drm_primesim_context_destroy {
	__u32 id;
	__u32 pad;
};

/* Values of &struct drm_primesim_surface.encoding; RGB surfaces use 0 */
#define DRM_PRIMESIM_ENCODING_BT601	0
#define DRM_PRIMESIM_ENCODING_BT709	1
#define DRM_PRIMESIM_ENCODING_BT2020	2	/* non-constant luminance */

/* Values of &struct drm_primesim_surface.range; RGB surfaces use 0 */
#define DRM_PRIMESIM_RANGE_LIMITED	0	/* Y 16..235, C 16..240 */
#define DRM_PRIMESIM_RANGE_FULL		1	/* 0..255 */

/**
 * struct drm_primesim_surface - pixels in one or several buffer objects
 * @format: DRM_FORMAT_* code.
 * @width: pixels, 1 .. 16384; even for formats with subsampled chroma.
 * @height: lines, 1 .. 16384; even for NV12, NV21, YUV420 and P010.
 * @encoding: DRM_PRIMESIM_ENCODING_*.
 * @range: DRM_PRIMESIM_RANGE_*.
 * @pad: must be zero.
 * @modifier: DRM_FORMAT_MOD_LINEAR or DRM_FORMAT_MOD_GENERIC_16_16_TILE.
 * @handles: GEM handle of each plane; zero for planes the format does not have.
 *	Planes may share one object.
 * @pitches: bytes from one line to the next, at least the line's own bytes.
 * @offsets: bytes from the object's start to the plane's first line.
 *
 * Formats: XRGB8888, ARGB8888, XBGR8888, ABGR8888, RGB888, BGR888, RGB565, R8 (grey),
 * YUYV, UYVY, NV12, NV21, YUV420 and P010. Raw Bayer pictures are for the camera's own
 * pipeline and not for this engine; COPY moves them.
 *
 * Pitches and offsets are multiples of what can be addressed in their plane:
 * 4 bytes for 32-bit RGB, YUYV, UYVY and the chroma of P010, 2 for RGB565, the luma of
 * P010 and the chroma of NV12 and NV21, 1 for all others.
 *
 * GENERIC_16_16_TILE: tiles of 16x16 pixels one after the other, from left to right and
 * then down; in a tile, lines one after the other. In a plane with subsampled chroma a
 * tile has the samples that belong to 16x16 pixels. @pitches still counts the bytes of
 * one line, of whole tiles: a row of tiles takes as many times that as a tile has lines.
 * The surface ends with the last row of tiles.
 */
struct drm_primesim_surface {
	__u32 format;
	__u32 width;
	__u32 height;
	__u32 encoding;
	__u32 range;
	__u32 pad;
	__u64 modifier;
	__u32 handles[4];
	__u32 pitches[4];
	__u32 offsets[4];
};

/**
 * struct drm_primesim_rect - part of a surface
 * @x: first pixel.
 * @y: first line.
 * @width: pixels.
 * @height: lines.
 *
 * Must lie inside its surface and not be empty. For subsampled formats all
 * four are multiples of the subsampling.
 */
struct drm_primesim_rect {
	__u32 x;
	__u32 y;
	__u32 width;
	__u32 height;
};

/*
 * FILL: every pixel of dst_rect in dst becomes @value. RGB formats: the pixel
 *	as it stands in memory, read as a little-endian number. YUV formats:
 *	Y | Cb << 8 | Cr << 16, 8 bits each. All other bits of @value are zero.
 * COPY: @length bytes from src.handles[0] at @src_offset to dst.handles[0] at
 *	@dst_offset. Pixels are not looked at: all other members of src and dst
 *	and both rects are zero. The ranges may not overlap in one object (EINVAL).
 * BLIT: src_rect of src to dst_rect of dst: turned, scaled, blended and converted
 *	to the destination's format, layout and encoding, in this order, as
 *	DRM_PRIMESIM_BLIT_* flags say. What is written where source and
 *	destination share bytes of one object is undefined.
 * CHECKSUM: the CRC-32 of src_rect of src as 4 bytes, little endian, to
 *	dst.handles[0] at @dst_offset, a multiple of 4; all other members of dst
 *	and dst_rect are zero. The checksum is that of the pixels' lines one after
 *	the other, as XRGB8888 with the unused byte 0xff, by polynomial 0xedb88320,
 *	started with 0xffffffff and not inverted at its end. It does not depend
 *	on the format, and is what the display's checksum is of the same picture.
 * HANG: never ends, until the engine's timeout ends the job. For tests of what then
 *	happens. All members but @code are zero.
 *
 * Without flags, between the same format, encoding and range, BLIT moves samples as
 * they are, and chroma is scaled as a picture of its own. In all other cases pixels
 * pass through ARGB8888.
 *
 * Scaling, with a source of m and a destination of n pixels, in integers, rounded
 * down, for width and height each by itself:
 *	nearest: destination pixel i shows source pixel (i * m + m / 2) / n.
 *	bilinear: p = (2 * i + 1) * m * 128 / n - 128, limited to 0 .. 256 * (m - 1);
 *	with a = p / 256, f = p % 256, each channel is
 *	(source[a] * (256 - f) + source[a + 1] * f + 128) / 256, width before height.
 *
 * Blending, for each channel, s of the source over d of the destination, A the alpha
 * of the source and B that of the destination, rounded to nearest, limited to 255:
 *	premultiplied: s + d * (255 - A) / 255, alpha the same
 *	straight: (s * A + d * (255 - A)) / 255, alpha A + B * (255 - A) / 255
 *
 * Colour conversion, bit-exact, for 8-bit Y'CbCr to RGB (all shifts arithmetic,
 * results clamped to 0..255), in 16.16 fixed point with K rounded to nearest:
 *	y = (Y - y0) * KY, u = Cb - 128, v = Cr - 128
 *	R = (y + KRV * v + 32768) >> 16
 *	G = (y - KGU * u - KGV * v + 32768) >> 16
 *	B = (y + KBU * u + 32768) >> 16
 *		     y0   KY     KRV     KGU    KGV    KBU
 *	601 limited  16   76309  104597  25675  53279  132201
 *	601 full      0   65536   91881  22553  46802  116130
 *	709 limited  16   76309  117489  13975  34925  138438
 *	709 full      0   65536  103206  12276  30679  121609
 *	2020 limited 16   76309  110014  12277  42626  140363
 *	2020 full     0   65536   96639  10784  37444  123299
 * Chroma is taken from the sample that covers the pixel, not interpolated. Of P010,
 * the upper 8 of the 10 bits count.
 *
 * RGB to 8-bit Y'CbCr, in 1.15 fixed point, results clamped to 0..255:
 *	Y = y0 + ((KR * R + KG * G + KB * B + 16384) >> 15)
 * and with r, g, b the sums over the n = 2 or 4 pixels that a sample covers
 *	Cb = 128 + ((KUB * b - KUR * r - (KUB - KUR) * g + 16384 * n) / (32768 * n))
 *	Cr = 128 + ((KVR * r - KVB * b - (KVR - KVB) * g + 16384 * n) / (32768 * n))
 * rounded down.
 *		     y0  KR    KG     KB    KUR   KUB    KVR    KVB
 *	601 limited  16  8414  16520  3208  4857  14392  14392  2341
 *	601 full      0  9798  19234  3736  5529  16384  16384  2664
 *	709 limited  16  5983  20127  2032  3298  14392  14392  1320
 *	709 full      0  6966  23436  2366  3754  16384  16384  1502
 *	2020 limited 16  7393  19080  1669  4019  14392  14392  1158
 *	2020 full     0  8608  22217  1943  4575  16384  16384  1318
 * P010 gets these in its upper 8 bits, the others zero. R8 gets Y of 601 full, and is
 * read as three equal colours.
 *
 * Alpha that is written from a source without gets 0xff; the unused byte of XRGB8888
 * and XBGR8888 always gets 0xff. RGB565 from 8 bits keeps the upper bits; to 8 bits it
 * repeats the upper bits below.
 */
#define DRM_PRIMESIM_OP_FILL		1
#define DRM_PRIMESIM_OP_COPY		2
#define DRM_PRIMESIM_OP_BLIT		3
#define DRM_PRIMESIM_OP_HANG		4
#define DRM_PRIMESIM_OP_CHECKSUM	5

/*
 * Flags of BLIT. The source is reflected first, then turned counter-clockwise, as
 * KMS planes are, and with the same bits (DRM_MODE_ROTATE_*, DRM_MODE_REFLECT_*).
 * At most one of each group.
 */
#define DRM_PRIMESIM_BLIT_ROTATE_0	(1 << 0)
#define DRM_PRIMESIM_BLIT_ROTATE_90	(1 << 1)
#define DRM_PRIMESIM_BLIT_ROTATE_180	(1 << 2)
#define DRM_PRIMESIM_BLIT_ROTATE_270	(1 << 3)
#define DRM_PRIMESIM_BLIT_REFLECT_X	(1 << 4)	/* left becomes right */
#define DRM_PRIMESIM_BLIT_REFLECT_Y	(1 << 5)	/* top becomes bottom */
#define DRM_PRIMESIM_BLIT_BILINEAR	(1 << 6)	/* else the nearest pixel */
#define DRM_PRIMESIM_BLIT_PREMULTIPLIED	(1 << 7)	/* blend; else replace */
#define DRM_PRIMESIM_BLIT_STRAIGHT	(1 << 8)	/* blend, alpha not premultiplied */

/**
 * struct drm_primesim_op - one operation of a job
 * @code: DRM_PRIMESIM_OP_*.
 * @flags: DRM_PRIMESIM_BLIT_* (BLIT), else zero.
 * @src: what is read (BLIT, COPY, CHECKSUM).
 * @dst: what is written.
 * @src_rect: part of @src (BLIT, CHECKSUM).
 * @dst_rect: part of @dst (BLIT, FILL).
 * @value: the colour (FILL).
 * @src_offset: first byte in the source object (COPY).
 * @dst_offset: first byte in the destination object (COPY, CHECKSUM).
 * @length: number of bytes (COPY), not zero.
 *
 * Members that an operation does not use must be zero.
 */
struct drm_primesim_op {
	__u32 code;
	__u32 flags;
	struct drm_primesim_surface src;
	struct drm_primesim_surface dst;
	struct drm_primesim_rect src_rect;
	struct drm_primesim_rect dst_rect;
	__u64 value;
	__u64 src_offset;
	__u64 dst_offset;
	__u64 length;
};

/**
 * struct drm_primesim_sync - a syncobj to wait for or to signal
 * @handle: syncobj handle.
 * @flags: must be zero.
 * @point: timeline point, or 0 for a binary syncobj.
 */
struct drm_primesim_sync {
	__u32 handle;
	__u32 flags;
	__u64 point;
};

/* Values of &struct drm_primesim_submit.queue */
#define DRM_PRIMESIM_QUEUE_RENDER	0	/* all operations */
#define DRM_PRIMESIM_QUEUE_COPY		1	/* FILL, COPY, HANG */

/* Values of &struct drm_primesim_submit.flags */
#define DRM_PRIMESIM_SUBMIT_NO_IMPLICIT	(1 << 0)

/**
 * struct drm_primesim_submit - run a list of operations on the engine
 * @flags: in: DRM_PRIMESIM_SUBMIT_*.
 * @op_count: in: 1 .. 64.
 * @op_size: in: sizeof(struct drm_primesim_op) as the program was built.
 * @in_count: in: number of @in_syncs, 0 .. 64.
 * @out_count: in: number of @out_syncs, 0 .. 64.
 * @queue: in: DRM_PRIMESIM_QUEUE_*. The queues work at the same time.
 * @ops: in: user pointer to @op_count operations. They run in order.
 * @in_syncs: in: user pointer to struct drm_primesim_sync. Nothing runs before
 *	all of them have signalled.
 * @out_syncs: in: user pointer to struct drm_primesim_sync. They get the job's
 *	fence.
 * @context: in: number of one of the file's contexts; 0 is always there.
 * @pad: in: must be zero.
 *
 * Jobs of one context and queue run in the order of their submission. All other
 * order comes from fences.
 *
 * Implicit synchronisation: the job waits for the writers of what it reads and
 * for the readers and writers of what it writes, and leaves its own fence
 * (DMA_RESV_USAGE_READ or _WRITE) in their reservation objects. With
 * DRM_PRIMESIM_SUBMIT_NO_IMPLICIT it waits for none of these, and nobody waits
 * for it (DMA_RESV_USAGE_BOOKKEEP): what order there must be, @in_syncs and
 * @out_syncs say.
 *
 * Either the whole list is taken or nothing happens.
 *
 * A DMA fault ends the job; its fence carries -EFAULT. A job is done even when
 * its file is closed, unless the process was killed. A job that takes longer than
 * the engine's timeout (module parameter and configfs file job_timeout_ms) is ended;
 * its fence carries -ETIMEDOUT, and its context is banned: the fences of its other
 * jobs carry -ECANCELED, as do those of a process that was killed. Jobs that waited
 * for any of these run all the same. When the device goes away, fences of jobs that
 * were not done carry -ENODEV.
 *
 * Of one context, 512 jobs may be on their way; the ioctl then waits for the first
 * to be done.
 *
 * Errors: EINVAL (anything above is violated, an unsupported format), E2BIG
 * (too many operations or syncs), EFAULT (pointer), ENOENT (no such GEM handle,
 * syncobj or context, an in-sync without a fence), EACCES (an operation writes an
 * object imported from a read-only dma-buf), ERANGE (the pixels or bytes reach
 * past the end of their object), ECANCELED (the context is banned), ENOMEM, ENODEV
 * (unplugged), EINTR, and whatever an exporter answers when its buffer is mapped
 * for the first time.
 */
struct drm_primesim_submit {
	__u32 flags;
	__u32 op_count;
	__u32 op_size;
	__u32 in_count;
	__u32 out_count;
	__u32 queue;
	__u64 ops;
	__u64 in_syncs;
	__u64 out_syncs;
	__u32 context;
	__u32 pad;
};

/* Values of &struct drm_primesim_scanout_info.stamp_status */
#define DRM_PRIMESIM_STAMP_NONE		0	/* no stamp in the picture */
#define DRM_PRIMESIM_STAMP_VALID	1	/* found, its checksum is right */
#define DRM_PRIMESIM_STAMP_DAMAGED	2	/* found, its checksum is wrong */

/**
 * struct drm_primesim_scanout_info - what a CRTC shows now (DRM master only)
 * @crtc_id: in: KMS object id.
 * @fb_id: out: framebuffer latched at the last vblank, 0 when the plane is off.
 * @format: out: its DRM_FORMAT_* code.
 * @stamp_status: out: DRM_PRIMESIM_STAMP_*.
 * @stamp_sequence: out: the camera's frame number in the picture.
 * @stamp_camera: out: the camera's number in the picture.
 * @stamp_timestamp: out: CLOCK_MONOTONIC nanoseconds at which that frame was made.
 * @vblank: out: vblank count at which @fb_id was latched.
 * @info: out: the first plane's buffer as the display's DMA sees it.
 *
 * The display itself reads the stamp, through its own DMA mapping.
 * Errors: ENOENT (no such CRTC), EACCES (not master).
 */
struct drm_primesim_scanout_info {
	__u32 crtc_id;
	__u32 fb_id;
	__u32 format;
	__u32 stamp_status;
	__u32 stamp_sequence;
	__u32 stamp_camera;
	__u64 stamp_timestamp;
	__u64 vblank;
	struct simbuf_info info;
};

#define DRM_IOCTL_PRIMESIM_BO_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_PRIMESIM_BO_CREATE, struct drm_primesim_bo_create)
#define DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_PRIMESIM_BO_MMAP_OFFSET, struct drm_primesim_bo_mmap_offset)
#define DRM_IOCTL_PRIMESIM_BO_INFO \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_PRIMESIM_BO_INFO, struct drm_primesim_bo_info)
#define DRM_IOCTL_PRIMESIM_SUBMIT \
	DRM_IOW(DRM_COMMAND_BASE + DRM_PRIMESIM_SUBMIT, struct drm_primesim_submit)
#define DRM_IOCTL_PRIMESIM_SCANOUT_INFO \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_PRIMESIM_SCANOUT_INFO, struct drm_primesim_scanout_info)

#define DRM_IOCTL_PRIMESIM_DEVICE_INFO \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_PRIMESIM_DEVICE_INFO, struct drm_primesim_device_info)
#define DRM_IOCTL_PRIMESIM_CONTEXT_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_PRIMESIM_CONTEXT_CREATE, \
		 struct drm_primesim_context_create)
#define DRM_IOCTL_PRIMESIM_CONTEXT_DESTROY \
	DRM_IOW(DRM_COMMAND_BASE + DRM_PRIMESIM_CONTEXT_DESTROY, \
		struct drm_primesim_context_destroy)

#if defined(__cplusplus)
}
#endif

#endif /* _UAPI_PRIMESIM_DRM_H */
