// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Address spaces of devices: mapping, overlap, unmapping, faults, exhaustion,
 * views, accounting.
 */
#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/simbuf.h>

#include "../simbuf_internal.h"
#include "../simdev_internal.h"
#include "device_kunit.h"

#define PAGES	4
#define SIZE	(PAGES * PAGE_SIZE)

/**
 * struct fixture - a device and some memory mapped for it
 * @sd: the device.
 * @buf: for accounting.
 * @pages: the memory, scattered.
 * @sgt: its scatter list.
 * @mapped: it is mapped.
 */
struct fixture {
	struct simdev *sd;
	struct simbuf *buf;
	struct page *pages[PAGES];
	struct sg_table sgt;
	bool mapped;
};

static void fixture_make(struct kunit *test, const struct simdev_model *model)
{
	struct fixture *f = test->priv;

	f->sd = simbuf_kunit_device(test, "kunit-device", model);
}

static void fixture_map(struct kunit *test, enum dma_data_direction dir)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, dma_map_sgtable(simdev_device(f->sd), &f->sgt, dir, 0));
	f->mapped = true;
	KUNIT_ASSERT_EQ(test, 0, simdev_bind(f->sd, &f->sgt, f->buf));
}

static void fixture_unmap(struct fixture *f, enum dma_data_direction dir)
{
	dma_unmap_sgtable(simdev_device(f->sd), &f->sgt, dir, 0);
	f->mapped = false;
}

/* Every other page of a range, so that no two are neighbours. */
static int fixture_pages(struct fixture *f)
{
	struct scatterlist *sg;
	int i;

	for (i = 0; i < PAGES; i++) {
		f->pages[i] = alloc_pages(GFP_KERNEL | __GFP_ZERO, 1);
		if (!f->pages[i])
			return -ENOMEM;
	}
	if (sg_alloc_table(&f->sgt, PAGES, GFP_KERNEL))
		return -ENOMEM;
	for_each_sgtable_sg(&f->sgt, sg, i)
		sg_set_page(sg, f->pages[i], PAGE_SIZE, 0);
	return 0;
}

static int simdev_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->buf = simbuf_create(SIZE, "kunit", simbuf_policy_find("late"));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->buf);
	KUNIT_ASSERT_EQ(test, 0, fixture_pages(f));
	return 0;
}

static void simdev_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	if (f->mapped)
		fixture_unmap(f, DMA_BIDIRECTIONAL);
	sg_free_table(&f->sgt);
	for (i = 0; i < PAGES; i++) {
		if (f->pages[i])
			__free_pages(f->pages[i], 1);
	}
	simbuf_put(f->buf);
}

static int read_at(struct fixture *f, size_t offset, size_t len, u8 *out)
{
	struct simdev_window win;
	u8 staging[64];
	void *p;

	simdev_window_open(&win, f->sd, &f->sgt, DMA_TO_DEVICE, staging, sizeof(staging));
	p = simdev_window_at(&win, offset, len);
	if (!IS_ERR(p))
		memcpy(out, p, len);
	return simdev_window_close(&win);
}

static int write_at(struct fixture *f, size_t offset, size_t len, u8 value)
{
	struct simdev_window win;
	u8 staging[64];
	void *p;

	simdev_window_open(&win, f->sd, &f->sgt, DMA_FROM_DEVICE, staging, sizeof(staging));
	p = simdev_window_at(&win, offset, len);
	if (!IS_ERR(p))
		memset(p, value, len);
	return simdev_window_close(&win);
}

static void test_iommu_merges(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, 1, f->sgt.nents);
	KUNIT_EXPECT_EQ(test, SIZE, sg_dma_len(f->sgt.sgl));
}

static void test_no_iommu_is_physical(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_make(test, simdev_model_builtin("no-iommu"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, PAGES, f->sgt.nents);
	KUNIT_EXPECT_EQ(test, page_to_phys(f->pages[0]), sg_dma_address(f->sgt.sgl));
}

/* Behind an IOMMU the addresses of the device are aligned, not the memory. */
static void test_iommu_aligns(struct kunit *test)
{
	struct simdev_model model = *simdev_model_builtin("ideal");
	struct fixture *f = test->priv;
	struct device *dev;
	dma_addr_t addr[2];
	int i;

	model.alignment = 16 * PAGE_SIZE;
	KUNIT_ASSERT_NULL(test, simdev_model_valid(&model));
	fixture_make(test, &model);
	dev = simdev_device(f->sd);
	for (i = 0; i < ARRAY_SIZE(addr); i++) {
		addr[i] = dma_map_page(dev, f->pages[i], 0, PAGE_SIZE, DMA_TO_DEVICE);
		KUNIT_ASSERT_FALSE(test, dma_mapping_error(dev, addr[i]));
		KUNIT_EXPECT_EQ(test, 0, addr[i] % model.alignment);
	}
	for (i = 0; i < ARRAY_SIZE(addr); i++)
		dma_unmap_page(dev, addr[i], PAGE_SIZE, DMA_TO_DEVICE);
}

/* The same memory twice, for two directions: each access finds the one that allows it. */
static void test_overlap(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct device *dev;
	dma_addr_t addr;

	fixture_make(test, simdev_model_builtin("no-iommu"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	dev = simdev_device(f->sd);
	addr = dma_map_page(dev, f->pages[0], 0, PAGE_SIZE, DMA_TO_DEVICE);
	KUNIT_ASSERT_FALSE(test, dma_mapping_error(dev, addr));
	KUNIT_EXPECT_EQ(test, 0, write_at(f, 0, 16, 0x11));
	dma_unmap_page(dev, addr, PAGE_SIZE, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, 0, write_at(f, 0, 16, 0x22));
	KUNIT_EXPECT_EQ(test, 0, simdev_faults(f->sd));
}

static void test_access_across_pages(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 got[32];

	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_EQ(test, 0, write_at(f, PAGE_SIZE - 16, 32, 0x5a));
	KUNIT_EXPECT_EQ(test, 0x5a, ((u8 *)page_address(f->pages[0]))[PAGE_SIZE - 1]);
	KUNIT_EXPECT_EQ(test, 0x5a, ((u8 *)page_address(f->pages[1]))[15]);
	KUNIT_EXPECT_EQ(test, 0, ((u8 *)page_address(f->pages[1]))[16]);
	KUNIT_ASSERT_EQ(test, 0, read_at(f, PAGE_SIZE - 16, 32, got));
	KUNIT_EXPECT_EQ(test, 0x5a, got[0]);
	KUNIT_EXPECT_EQ(test, 0x5a, got[31]);
}

static void test_accounting(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 got[32];

	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	write_at(f, PAGE_SIZE - 16, 32, 1);
	read_at(f, 0, 8, got);
	KUNIT_EXPECT_EQ(test, 32, atomic64_read(&f->buf->stats.device_written));
	KUNIT_EXPECT_EQ(test, 8, atomic64_read(&f->buf->stats.device_read));
}

static int write_rows_at(struct fixture *f, size_t offset, size_t stride, size_t rows,
			 const u8 *row, size_t len)
{
	struct simdev_window win;

	simdev_window_open(&win, f->sd, &f->sgt, DMA_FROM_DEVICE, NULL, 0);
	simdev_window_write_rows(&win, offset, stride, rows, row, len);
	return simdev_window_close(&win);
}

/* What is at a byte of the memory that the device has mapped */
static u8 byte_at(struct fixture *f, size_t offset)
{
	return ((u8 *)page_address(f->pages[offset / PAGE_SIZE]))[offset % PAGE_SIZE];
}

#define ROW	24

/* Every byte is that of a row, or as it was: rows lie across the pages' ends, too. */
static void expect_rows(struct kunit *test, size_t start, size_t stride, size_t rows, const u8 *row)
{
	struct fixture *f = test->priv;
	size_t at, in;
	u8 expected;

	for (at = 0; at < SIZE; at++) {
		in = at >= start && (at - start) / stride < rows ? (at - start) % stride : ROW;
		expected = in < ROW ? row[in] : 0;
		KUNIT_ASSERT_EQ_MSG(test, expected, byte_at(f, at), "at %zu", at);
	}
}

static void make_row(u8 *row)
{
	size_t i;

	for (i = 0; i < ROW; i++)
		row[i] = i + 1;
}

static void test_rows_across_pages(struct kunit *test)
{
	struct fixture *f = test->priv;
	size_t start = PAGE_SIZE - 5, stride = PAGE_SIZE / 2 - 3;
	u8 row[ROW];

	make_row(row);
	fixture_make(test, simdev_model_builtin("no-iommu"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, 0, write_rows_at(f, start, stride, 6, row, ROW));
	expect_rows(test, start, stride, 6, row);
	KUNIT_EXPECT_EQ(test, 6 * ROW, atomic64_read(&f->buf->stats.device_written));
}

/* Without a gap, up to the last byte of all */
static void test_rows_to_the_end(struct kunit *test)
{
	struct fixture *f = test->priv;
	size_t rows = SIZE / ROW, start = SIZE - rows * ROW;
	u8 row[ROW];

	make_row(row);
	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, 0, write_rows_at(f, start, ROW, rows, row, ROW));
	expect_rows(test, start, ROW, rows, row);
}

static void faults_end(void *unused)
{
	pr_info("lab: expect nothing\n");
}

/* Whoever reads the kernel's log is told that the faults of this test are meant. */
static void expect_faults(struct kunit *test)
{
	pr_info("lab: expect DMA fault\n");
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, faults_end, NULL));
}

static void test_fault_past_end(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 got[32];

	expect_faults(test);
	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, -EFAULT, read_at(f, SIZE, 1, got));
	KUNIT_EXPECT_EQ(test, -EFAULT, write_at(f, SIZE - 8, 32, 0xff));
	KUNIT_EXPECT_EQ(test, 2, simdev_faults(f->sd));
}

static void test_fault_after_unmap(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct scatterlist stale;
	struct sg_table sgt = { .sgl = &stale, .nents = 1, .orig_nents = 1 };
	struct simdev_window win;

	expect_faults(test);
	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	sg_init_table(&stale, 1);
	sg_dma_address(&stale) = sg_dma_address(f->sgt.sgl);
	sg_dma_len(&stale) = SIZE;
	fixture_unmap(f, DMA_BIDIRECTIONAL);

	simdev_window_open(&win, f->sd, &sgt, DMA_FROM_DEVICE, NULL, 0);
	KUNIT_EXPECT_TRUE(test, IS_ERR(simdev_window_at(&win, 0, 16)));
	KUNIT_EXPECT_EQ(test, -EFAULT, simdev_window_close(&win));
	KUNIT_EXPECT_EQ(test, 1, simdev_faults(f->sd));
}

static void test_fault_direction(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 got[16];

	expect_faults(test);
	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, 0, read_at(f, 0, 16, got));
	KUNIT_EXPECT_EQ(test, -EFAULT, write_at(f, 0, 16, 1));
	KUNIT_EXPECT_EQ(test, 0, ((u8 *)page_address(f->pages[0]))[0]);
	fixture_unmap(f, DMA_TO_DEVICE);
}

static void test_fault_counted_only(struct kunit *test)
{
	struct simdev_model model = *simdev_model_builtin("ideal");
	struct fixture *f = test->priv;
	u8 got[16] = { 1 };

	model.count_faults = true;
	expect_faults(test);
	fixture_make(test, &model);
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, 0, read_at(f, SIZE, 16, got));
	KUNIT_EXPECT_EQ(test, 0, got[0]);
	KUNIT_EXPECT_EQ(test, 1, simdev_faults(f->sd));
}

static void test_fault_of_rows(struct kunit *test)
{
	struct fixture *f = test->priv;
	size_t start = SIZE - 2 * ROW - 8;
	u8 row[ROW];

	make_row(row);
	expect_faults(test);
	fixture_make(test, simdev_model_builtin("ideal"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	/* Two fit; of the third, eight bytes do. The fourth is not tried. */
	KUNIT_EXPECT_EQ(test, -EFAULT, write_rows_at(f, start, ROW, 4, row, ROW));
	KUNIT_EXPECT_EQ(test, 1, simdev_faults(f->sd));
	KUNIT_EXPECT_EQ(test, ROW, byte_at(f, start + 2 * ROW - 1));
	KUNIT_EXPECT_EQ(test, 2 * ROW + 8, atomic64_read(&f->buf->stats.device_written));
}

/* A device that only counts faults goes on with the rows that there is memory for. */
static void test_fault_of_rows_counted_only(struct kunit *test)
{
	struct simdev_model model = *simdev_model_builtin("ideal");
	struct fixture *f = test->priv;
	u8 row[ROW];

	make_row(row);
	model.count_faults = true;
	expect_faults(test);
	fixture_make(test, &model);
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, 0, write_rows_at(f, SIZE - ROW, ROW, 3, row, ROW));
	expect_rows(test, SIZE - ROW, ROW, 1, row);
	KUNIT_EXPECT_EQ(test, 2, simdev_faults(f->sd));
}

/* What was staged before lands first. */
static void test_rows_after_staging(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct simdev_window win;
	u8 row[ROW], staging[64];
	void *p;

	make_row(row);
	fixture_make(test, simdev_model_builtin("no-iommu"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	simdev_window_open(&win, f->sd, &f->sgt, DMA_FROM_DEVICE, staging, sizeof(staging));
	p = simdev_window_at(&win, PAGE_SIZE - 32, 64);
	KUNIT_ASSERT_PTR_EQ(test, (void *)staging, p);
	memset(p, 0x77, 64);
	KUNIT_EXPECT_EQ(test, 0, simdev_window_write_rows(&win, PAGE_SIZE - ROW / 2, ROW, 1, row,
							  ROW));
	KUNIT_EXPECT_EQ(test, 0, simdev_window_close(&win));
	KUNIT_EXPECT_EQ(test, 0x77, byte_at(f, PAGE_SIZE - 32));
	KUNIT_EXPECT_EQ(test, 1, byte_at(f, PAGE_SIZE - ROW / 2));
	KUNIT_EXPECT_EQ(test, ROW, byte_at(f, PAGE_SIZE + ROW / 2 - 1));
	KUNIT_EXPECT_EQ(test, 0x77, byte_at(f, PAGE_SIZE + 31));
}

static void test_exhaustion(struct kunit *test)
{
	struct simdev_model model = *simdev_model_builtin("ideal");
	struct fixture *f = test->priv;
	dma_addr_t addr[8];
	struct device *dev;
	int i;

	/* 16 MiB of addresses, less the first, for pieces of 4 MiB */
	model.dma_bits = 24;
	fixture_make(test, &model);
	dev = simdev_device(f->sd);
	for (i = 0; i < 8; i++) {
		addr[i] = dma_map_page(dev, f->pages[0], 0, SZ_4M, DMA_TO_DEVICE);
		if (dma_mapping_error(dev, addr[i]))
			break;
	}
	KUNIT_EXPECT_EQ(test, 3, i);
	while (i--)
		dma_unmap_page(dev, addr[i], SZ_4M, DMA_TO_DEVICE);
	fixture_map(test, DMA_BIDIRECTIONAL);
}

static void test_unreachable(struct kunit *test)
{
	struct simdev_model model = *simdev_model_builtin("low1g");
	struct fixture *f = test->priv;

	model.dma_bits = 24;	/* what the page allocator gives is above 16 MiB */
	fixture_make(test, &model);
	KUNIT_EXPECT_EQ(test, -EIO,
			dma_map_sgtable(simdev_device(f->sd), &f->sgt, DMA_TO_DEVICE, 0));
}

static void test_noncoherent_needs_sync(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 *cpu = page_address(f->pages[0]), got;
	struct device *dev;

	fixture_make(test, simdev_model_builtin("noncoherent"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	dev = simdev_device(f->sd);

	cpu[0] = 1;
	KUNIT_ASSERT_EQ(test, 0, read_at(f, 0, 1, &got));
	KUNIT_EXPECT_EQ(test, 0, got);
	dma_sync_sgtable_for_device(dev, &f->sgt, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_EQ(test, 0, read_at(f, 0, 1, &got));
	KUNIT_EXPECT_EQ(test, 1, got);

	KUNIT_ASSERT_EQ(test, 0, write_at(f, 0, 1, 2));
	KUNIT_EXPECT_EQ(test, 1, READ_ONCE(cpu[0]));
	dma_sync_sgtable_for_cpu(dev, &f->sgt, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, 2, READ_ONCE(cpu[0]));
}

/* A clean writes back what the CPU changed, and nothing else. */
static void test_noncoherent_clean_keeps_device_data(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 *cpu = page_address(f->pages[0]), got;

	fixture_make(test, simdev_model_builtin("noncoherent"));
	fixture_map(test, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_EQ(test, 0, write_at(f, 0, 1, 7));
	cpu[256] = 9;
	dma_sync_sgtable_for_device(simdev_device(f->sd), &f->sgt, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_EQ(test, 0, read_at(f, 0, 1, &got));
	KUNIT_EXPECT_EQ(test, 7, got);
	KUNIT_ASSERT_EQ(test, 0, read_at(f, 256, 1, &got));
	KUNIT_EXPECT_EQ(test, 9, got);
}

static struct kunit_case simdev_tests[] = {
	KUNIT_CASE(test_iommu_merges),
	KUNIT_CASE(test_no_iommu_is_physical),
	KUNIT_CASE(test_iommu_aligns),
	KUNIT_CASE(test_overlap),
	KUNIT_CASE(test_access_across_pages),
	KUNIT_CASE(test_accounting),
	KUNIT_CASE(test_rows_across_pages),
	KUNIT_CASE(test_rows_to_the_end),
	KUNIT_CASE(test_rows_after_staging),
	KUNIT_CASE(test_fault_past_end),
	KUNIT_CASE(test_fault_after_unmap),
	KUNIT_CASE(test_fault_direction),
	KUNIT_CASE(test_fault_counted_only),
	KUNIT_CASE(test_fault_of_rows),
	KUNIT_CASE(test_fault_of_rows_counted_only),
	KUNIT_CASE(test_exhaustion),
	KUNIT_CASE(test_unreachable),
	KUNIT_CASE(test_noncoherent_needs_sync),
	KUNIT_CASE(test_noncoherent_clean_keeps_device_data),
	{}
};

static struct kunit_suite simdev_suite = {
	.name = "simbuf_simdev",
	.init = simdev_test_init,
	.exit = simdev_test_exit,
	.test_cases = simdev_tests,
};

kunit_test_suite(simdev_suite);
