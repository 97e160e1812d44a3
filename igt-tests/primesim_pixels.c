// SPDX-License-Identifier: MIT
/*
 * The CPU and primesim's GPU at the same pixels.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("the CPU sees what the GPU writes and the reverse, through all mappings");

#define WIDTH		1024
#define HEIGHT		64
#define COLOUR		0xff336699
#define SEED		0xabcdef

/**
 * struct target - an object of primesim's and a dma-buf of it
 * @drm: the file.
 * @dumb: the object.
 * @dmabuf: its dma-buf.
 */
struct target {
	int drm;
	struct lab_dumb dumb;
	int dmabuf;
};

static void target_open(struct target *target)
{
	target->drm = lab_open_primary("primesim");
	lab_dumb_create(&target->dumb, target->drm, WIDTH, HEIGHT);
	target->dmabuf = lab_export(target->drm, target->dumb.handle, DRM_RDWR);
}

static void target_close(struct target *target)
{
	lab_close(target->dmabuf);
	lab_dumb_close(&target->dumb);
	lab_close(target->drm);
}

static void gpu_writes(const char *unused)
{
	struct target target;

	target_open(&target);
	lab_gpu_fill(target.drm, target.dumb.handle, target.dumb.size, COLOUR);
	lab_check_filled(target.dmabuf, target.dumb.size, COLOUR);
	target_close(&target);
}

static void gpu_writes_mapped(const char *unused)
{
	struct target target;
	const uint32_t *pixels;

	target_open(&target);
	pixels = lab_map(target.dmabuf, target.dumb.size, PROT_READ, 0);
	igt_assert_eq_u32(pixels[0], 0);
	lab_gpu_fill(target.drm, target.dumb.handle, target.dumb.size, COLOUR);
	lab_cpu_begin(target.dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_eq_u32(pixels[0], COLOUR);
	igt_assert_eq_u32(pixels[target.dumb.size / 4 - 1], COLOUR);
	lab_cpu_end(target.dmabuf, DMA_BUF_SYNC_READ);
	lab_unmap(pixels, target.dumb.size);
	target_close(&target);
}

static void gpu_reads(const char *unused)
{
	struct target source, copy;
	struct drm_primesim_op op;

	target_open(&source);
	target_open(&copy);
	lab_write_pattern(source.dmabuf, source.dumb.size, SEED);
	op = lab_op_copy(source.dumb.handle, lab_import(source.drm, copy.dmabuf),
			 source.dumb.size);
	lab_execute(source.drm, &op);
	lab_check_pattern(copy.dmabuf, copy.dumb.size, SEED);
	target_close(&copy);
	target_close(&source);
}

static uint64_t dumb_offset(const struct target *target)
{
	uint64_t offset;

	igt_assert_eq(drmModeMapDumbBuffer(target->drm, target->dumb.handle, &offset), 0);
	return offset;
}

static uint64_t bo_offset(const struct target *target)
{
	struct drm_primesim_bo_mmap_offset arg = { .handle = target->dumb.handle };

	igt_assert_eq(lab_ioctl(target->drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &arg), 0);
	return arg.offset;
}

/* The word at @at, written through one mapping, is there in the other. */
static void check_same_word(uint32_t *a, uint32_t *b, uint64_t at)
{
	a[at] = SEED ^ at;
	igt_assert_eq_u32(b[at], SEED ^ at);
	b[at] = ~a[at];
	igt_assert_eq_u32(a[at], b[at]);
}

static void check_same_memory(const struct target *target, uint64_t offset)
{
	uint64_t size = target->dumb.size;
	uint32_t *gem = lab_map(target->drm, size, PROT_READ | PROT_WRITE, offset);
	uint32_t *dmabuf = lab_map(target->dmabuf, size, PROT_READ | PROT_WRITE, 0);

	for (uint64_t at = 0; at < size / 4; at += 1024)
		check_same_word(gem, dmabuf, at);
	check_same_word(gem, dmabuf, size / 4 - 1);
	lab_unmap(dmabuf, size);
	lab_unmap(gem, size);
}

static void gem_mappings(const char *unused)
{
	struct target target;

	target_open(&target);
	check_same_memory(&target, dumb_offset(&target));
	check_same_memory(&target, bo_offset(&target));
	target_close(&target);
}

static void part_of_a_buffer(const char *unused)
{
	uint64_t page = getpagesize();
	struct target target;
	uint32_t *all, *part;

	target_open(&target);
	all = lab_map(target.dmabuf, target.dumb.size, PROT_READ | PROT_WRITE, 0);
	part = lab_map(target.dmabuf, 2 * page, PROT_READ | PROT_WRITE, 3 * page);
	for (uint64_t at = 0; at < 2 * page / 4; at += 64)
		check_same_word(all + 3 * page / 4, part, at);
	lab_unmap(part, 2 * page);
	lab_unmap(all, target.dumb.size);
	target_close(&target);
}

static void past_the_end(const char *unused)
{
	uint64_t page = getpagesize();
	struct target target;
	uint64_t size;

	target_open(&target);
	size = target.dumb.size;
	igt_assert_eq(lab_try_map(target.dmabuf, size + page, PROT_READ, 0), -EINVAL);
	igt_assert_eq(lab_try_map(target.dmabuf, page, PROT_READ, size), -EINVAL);
	igt_assert_eq(lab_try_map(target.dmabuf, size, PROT_READ, page), -EINVAL);
	igt_assert_eq(lab_try_map(target.dmabuf, page, PROT_READ, 1ull << 50), -EINVAL);
	igt_assert_eq(lab_try_map(target.dmabuf, page, PROT_READ, size - page), 0);
	target_close(&target);
}

static void sync_flags(const char *unused)
{
	struct dma_buf_sync none = { .flags = 0 };
	struct dma_buf_sync unknown = { .flags = DMA_BUF_SYNC_READ | 1ull << 40 };
	struct dma_buf_sync good = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW };
	struct target target;

	target_open(&target);
	igt_assert_eq(lab_ioctl(target.dmabuf, DMA_BUF_IOCTL_SYNC, &none), -EINVAL);
	igt_assert_eq(lab_ioctl(target.dmabuf, DMA_BUF_IOCTL_SYNC, &unknown), -EINVAL);
	igt_assert_eq(lab_ioctl(target.dmabuf, DMA_BUF_IOCTL_SYNC, &good), 0);
	good.flags |= DMA_BUF_SYNC_END;
	igt_assert_eq(lab_ioctl(target.dmabuf, DMA_BUF_IOCTL_SYNC, &good), 0);
	target_close(&target);
}

static void counters(const char *unused)
{
	struct drm_primesim_bo_info info;
	struct target target;
	const uint32_t *pixels;

	target_open(&target);
	lab_bo_info(target.drm, target.dumb.handle, &info);
	igt_assert_eq_u64(info.info.page_id, 0);
	igt_assert_eq_u32(info.info.placement, SIMBUF_PLACEMENT_NONE);

	lab_gpu_fill(target.drm, target.dumb.handle, target.dumb.size, COLOUR);
	pixels = lab_map(target.dmabuf, target.dumb.size, PROT_READ, 0);
	lab_bo_info(target.drm, target.dumb.handle, &info);
	igt_assert_neq_u64(info.info.page_id, 0);
	igt_assert_neq_u64(info.info.buffer_id, 0);
	igt_assert_eq_u64(info.info.size, target.dumb.size);
	igt_assert_eq_u64(info.info.device_written, target.dumb.size);
	igt_assert_eq_u64(info.info.device_read, 0);
	igt_assert_eq_u64(info.info.cpu_copied, 0);
	igt_assert_eq_u32(info.info.cpu_mappings, 1);
	igt_assert_eq_u32(info.info.segments, 1);

	lab_unmap(pixels, target.dumb.size);
	lab_bo_info(target.drm, target.dumb.handle, &info);
	igt_assert_eq_u32(info.info.cpu_mappings, 0);
	target_close(&target);
}

static const struct lab_test tests[] = {
	{ "gpu-writes", gpu_writes,
	  "A mapping of the dma-buf shows what the GPU has written." },
	{ "gpu-writes-mapped", gpu_writes_mapped,
	  "A mapping made before the GPU wrote shows it, too." },
	{ "gpu-reads", gpu_reads,
	  "The GPU reads what the CPU has written through the dma-buf." },
	{ "gem-mappings", gem_mappings,
	  "The DRM file's mappings and the dma-buf's are the same memory." },
	{ "part-of-a-buffer", part_of_a_buffer,
	  "A mapping with an offset shows the pages from there on." },
	{ "past-the-end", past_the_end,
	  "EINVAL for a mapping that reaches past the buffer's end." },
	{ "sync-flags", sync_flags,
	  "DMA_BUF_IOCTL_SYNC takes READ, WRITE and END, EINVAL for anything else." },
	{ "counters", counters,
	  "BO_INFO counts the bytes the GPU wrote and the mappings that are alive." },
};

igt_main()
{
	lab_run(tests, NULL);
}
