// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Our importer and an exporter of somebody else's whose memory moves.
 *
 * The device has no IOMMU: its addresses are physical, so the old ones and the new ones differ.
 */
#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/simbuf.h>

#include "../simbuf_internal.h"
#include "../simdev_internal.h"
#include "device_kunit.h"

#define PAGES	4
#define SIZE	(PAGES * PAGE_SIZE)
#define FIRST	0x11
#define SECOND	0x22
#define GONE	0xdd

/**
 * struct mock - an exporter with two places for its buffer
 * @places: memory, one range each.
 * @now: which of them the buffer is in. Protected by the reservation.
 * @pins: how many hold the buffer where it is. Protected by the reservation.
 * @pinned: how often it was pinned.
 * @maps: mappings alive.
 * @mapped: how often it was mapped.
 * @len: bytes of the buffer that it maps.
 * @raw: it hands out addresses without the device's DMA operations.
 */
struct mock {
	struct page *places[2];
	unsigned int now;
	unsigned int pins;
	unsigned int pinned;
	unsigned int maps;
	unsigned int mapped;
	unsigned int len;
	bool raw;
};

static int mock_pin(struct dma_buf_attachment *attach)
{
	struct mock *mock = attach->dmabuf->priv;

	dma_resv_assert_held(attach->dmabuf->resv);
	mock->pins++;
	mock->pinned++;
	return 0;
}

static void mock_unpin(struct dma_buf_attachment *attach)
{
	struct mock *mock = attach->dmabuf->priv;

	dma_resv_assert_held(attach->dmabuf->resv);
	mock->pins--;
}

/* As exporters do whose memory has no pages */
static int map_raw(struct sg_table *sgt, const struct mock *mock)
{
	sg_dma_address(sgt->sgl) = page_to_phys(mock->places[mock->now]);
	sg_dma_len(sgt->sgl) = mock->len;
	return 0;
}

static struct sg_table *mock_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	struct mock *mock = attach->dmabuf->priv;
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	if (sg_alloc_table(sgt, 1, GFP_KERNEL))
		goto err_free;
	sg_set_page(sgt->sgl, mock->places[mock->now], mock->len, 0);
	if (mock->raw ? map_raw(sgt, mock) : dma_map_sgtable(attach->dev, sgt, dir, 0))
		goto err_table;
	mock->maps++;
	mock->mapped++;
	return sgt;

err_table:
	sg_free_table(sgt);
err_free:
	kfree(sgt);
	return ERR_PTR(-ENOMEM);
}

static void mock_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
		       enum dma_data_direction dir)
{
	struct mock *mock = attach->dmabuf->priv;

	if (!mock->raw)
		dma_unmap_sgtable(attach->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
	mock->maps--;
}

/* May come after the test's end, when the mock is gone. */
static void mock_release(struct dma_buf *dmabuf)
{
}

static const struct dma_buf_ops mock_ops = {
	.pin = mock_pin,
	.unpin = mock_unpin,
	.map_dma_buf = mock_map,
	.unmap_dma_buf = mock_unmap,
	.release = mock_release,
};

/**
 * struct fixture - a mock and a device that imports from it
 * @mock: the exporter.
 * @dmabuf: its buffer.
 * @sd: the device.
 * @att: its attachment.
 */
struct fixture {
	struct mock mock;
	struct dma_buf *dmabuf;
	struct simdev *sd;
	struct simbuf_attachment *att;
};

/* To the other place, as exporters do it; what is left behind must not be seen any more. */
static int mock_move(struct fixture *f)
{
	struct mock *mock = &f->mock;

	dma_resv_assert_held(f->dmabuf->resv);
	if (mock->pins)
		return -EBUSY;
	dma_buf_invalidate_mappings(f->dmabuf);
	memset(page_address(mock->places[mock->now]), GONE, SIZE);
	mock->now = !mock->now;
	memset(page_address(mock->places[mock->now]), SECOND, SIZE);
	return 0;
}

static void fixture_attach(struct kunit *test, unsigned int flags)
{
	struct fixture *f = test->priv;

	f->att = simbuf_attach_dmabuf(f->dmabuf, f->sd, flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->att);
}

static int dynamic_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	for (i = 0; i < 2; i++) {
		f->mock.places[i] = alloc_pages(GFP_KERNEL, get_order(SIZE));
		KUNIT_ASSERT_NOT_NULL(test, f->mock.places[i]);
	}
	memset(page_address(f->mock.places[0]), FIRST, SIZE);
	f->mock.len = SIZE;

	info.ops = &mock_ops;
	info.size = SIZE;
	info.flags = O_RDWR;
	info.priv = &f->mock;
	f->dmabuf = dma_buf_export(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->dmabuf);
	f->sd = simbuf_kunit_device(test, "kunit-importer", simdev_model_builtin("no-iommu"));
	return 0;
}

static void dynamic_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	if (!f)
		return;
	if (!IS_ERR_OR_NULL(f->att))
		simbuf_detach(f->att);
	if (!IS_ERR_OR_NULL(f->dmabuf))
		dma_buf_put(f->dmabuf);
	for (i = 0; i < 2; i++) {
		if (f->mock.places[i])
			__free_pages(f->mock.places[i], get_order(SIZE));
	}
}

/* What the device reads at the buffer's last byte, or a negative error number */
static int read_last(struct fixture *f)
{
	struct simdev_window win;
	int ret, value = 0;
	u8 *p;

	simbuf_window_open(&win, f->att, DMA_TO_DEVICE, NULL, 0);
	p = simdev_window_at(&win, SIZE - 1, 1);
	if (!IS_ERR(p))
		value = *p;
	ret = simdev_window_close(&win);
	return ret ?: value;
}

static bool reaches(struct fixture *f, struct page *page)
{
	struct simdev_mapping *mapping;

	mapping = simdev_space_find(&f->sd->space, page_to_phys(page), DMA_TO_DEVICE);
	if (mapping)
		simdev_mapping_put(mapping);
	return mapping;
}

/* All of the last refusal: whose it was, and why */
static void expect_refused(struct kunit *test, int err, const char *line)
{
	char last[256];

	KUNIT_EXPECT_EQ(test, err, simbuf_refusals_last(last, sizeof(last)));
	KUNIT_EXPECT_STREQ(test, line, last);
}

/* A device that can follow: never pinned, and at the new place once it validates. */
static void test_follows_move(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct mock *mock = &f->mock;

	fixture_attach(test, SIMBUF_ATTACH_DYNAMIC);
	dma_resv_lock(f->dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, FIRST, read_last(f));
	KUNIT_EXPECT_EQ(test, 0, mock->pins);

	KUNIT_EXPECT_EQ(test, 0, mock_move(f));
	KUNIT_EXPECT_EQ(test, 1, mock->mapped);	/* nothing is done until it is used */
	KUNIT_EXPECT_EQ(test, 0, simbuf_validate(f->att));
	KUNIT_EXPECT_EQ(test, SECOND, read_last(f));
	KUNIT_EXPECT_TRUE(test, reaches(f, mock->places[1]));
	KUNIT_EXPECT_FALSE(test, reaches(f, mock->places[0]));
	KUNIT_EXPECT_EQ(test, 2, mock->mapped);
	KUNIT_EXPECT_EQ(test, 1, mock->maps);

	KUNIT_EXPECT_EQ(test, 0, simbuf_validate(f->att));
	KUNIT_EXPECT_EQ(test, 2, mock->mapped);	/* it has not moved again */
	simbuf_unmap(f->att);
	KUNIT_EXPECT_EQ(test, 0, mock->maps);
	KUNIT_EXPECT_EQ(test, 0, mock->pinned);
	dma_resv_unlock(f->dmabuf->resv);
}

/* Moved while it is not mapped: the next mapping is at the new place. */
static void test_moved_unmapped(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_attach(test, SIMBUF_ATTACH_DYNAMIC);
	dma_resv_lock(f->dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, 0, mock_move(f));
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, SECOND, read_last(f));
	KUNIT_EXPECT_EQ(test, 0, simbuf_validate(f->att));
	KUNIT_EXPECT_EQ(test, 1, f->mock.mapped);
	simbuf_unmap(f->att);
	dma_resv_unlock(f->dmabuf->resv);
}

/* A device that cannot follow holds the buffer where it is, while it is mapped. */
static void test_static_pins(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct mock *mock = &f->mock;

	fixture_attach(test, 0);
	dma_resv_lock(f->dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, 0, mock->pins);
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 1, mock->pins);
	KUNIT_EXPECT_EQ(test, -EBUSY, mock_move(f));
	KUNIT_EXPECT_EQ(test, FIRST, read_last(f));
	simbuf_unmap(f->att);
	KUNIT_EXPECT_EQ(test, 1, mock->pins);
	simbuf_unmap(f->att);
	KUNIT_EXPECT_EQ(test, 0, mock->pins);
	KUNIT_EXPECT_EQ(test, 1, mock->pinned);
	KUNIT_EXPECT_EQ(test, 0, mock_move(f));
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, SECOND, read_last(f));
	simbuf_unmap(f->att);
	dma_resv_unlock(f->dmabuf->resv);
}

/* What a device could not use is refused when it is mapped, and unmapped again. */
static void test_refuses_useless(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct mock *mock = &f->mock;

	fixture_attach(test, SIMBUF_ATTACH_DYNAMIC);
	dma_resv_lock(f->dmabuf->resv, NULL);
	mock->len = SIZE - PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, -EINVAL, simbuf_map(f->att, DMA_TO_DEVICE));
	expect_refused(test, -EINVAL, "kunit-importer: the exporter mapped 12288 of 16384 bytes");
	KUNIT_EXPECT_EQ(test, 0, mock->maps);
	mock->len = SIZE;
	mock->raw = true;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, simbuf_map(f->att, DMA_TO_DEVICE));
	expect_refused(test, -EOPNOTSUPP,
		       "kunit-importer: the exporter gave addresses without using the device's DMA operations: its memory has no pages this device can reach");
	KUNIT_EXPECT_EQ(test, 0, mock->maps);
	mock->raw = false;
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, -EBUSY, simbuf_map(f->att, DMA_FROM_DEVICE));
	expect_refused(test, -EBUSY, "kunit-importer: mapped for direction 1, asked for 2");
	KUNIT_EXPECT_EQ(test, FIRST, read_last(f));
	simbuf_unmap(f->att);
	KUNIT_EXPECT_EQ(test, 0, mock->maps);
	dma_resv_unlock(f->dmabuf->resv);
}

/* A move that ends at a place the device cannot use leaves it without addresses, until the next. */
static void test_moved_out_of_use(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct mock *mock = &f->mock;

	fixture_attach(test, SIMBUF_ATTACH_DYNAMIC);
	dma_resv_lock(f->dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 0, mock_move(f));
	mock->len = SIZE - PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, -EINVAL, simbuf_validate(f->att));
	KUNIT_EXPECT_FALSE(test, reaches(f, mock->places[0]));
	KUNIT_EXPECT_FALSE(test, reaches(f, mock->places[1]));
	mock->len = SIZE;
	KUNIT_EXPECT_EQ(test, 0, simbuf_validate(f->att));
	KUNIT_EXPECT_EQ(test, SECOND, read_last(f));
	simbuf_unmap(f->att);
	KUNIT_EXPECT_EQ(test, 0, mock->maps);
	dma_resv_unlock(f->dmabuf->resv);
}

/* Old work has the old addresses until it ends: there are no new ones before. */
static void test_moved_under_work(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct mock *mock = &f->mock;
	struct dma_fence *fence;

	fixture_attach(test, SIMBUF_ATTACH_DYNAMIC);
	fence = simbuf_kunit_fence(test);
	dma_resv_lock(f->dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 0, dma_resv_reserve_fences(f->dmabuf->resv, 1));
	dma_resv_add_fence(f->dmabuf->resv, fence, DMA_RESV_USAGE_BOOKKEEP);
	KUNIT_EXPECT_EQ(test, 0, mock_move(f));
	KUNIT_EXPECT_EQ(test, -EBUSY, simbuf_validate(f->att));
	expect_refused(test, -EBUSY,
		       "kunit-importer: it moved while old work on it does not end");
	KUNIT_EXPECT_TRUE(test, reaches(f, mock->places[0]));
	KUNIT_EXPECT_FALSE(test, reaches(f, mock->places[1]));

	dma_fence_signal(fence);
	KUNIT_EXPECT_EQ(test, 0, simbuf_validate(f->att));
	KUNIT_EXPECT_EQ(test, SECOND, read_last(f));
	KUNIT_EXPECT_FALSE(test, reaches(f, mock->places[0]));
	simbuf_unmap(f->att);
	KUNIT_EXPECT_EQ(test, 0, mock->maps);
	dma_resv_unlock(f->dmabuf->resv);
	dma_fence_put(fence);
}

static struct kunit_case dynamic_cases[] = {
	KUNIT_CASE(test_follows_move),
	KUNIT_CASE(test_moved_unmapped),
	KUNIT_CASE(test_static_pins),
	KUNIT_CASE(test_refuses_useless),
	KUNIT_CASE(test_moved_out_of_use),
	KUNIT_CASE_SLOW(test_moved_under_work),
	{}
};

static struct kunit_suite dynamic_suite = {
	.name = "simbuf_dynamic",
	.init = dynamic_test_init,
	.exit = dynamic_test_exit,
	.test_cases = dynamic_cases,
};

kunit_test_suite(dynamic_suite);
