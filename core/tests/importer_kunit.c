// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Our exporter and an importer of somebody else's that follows when memory moves.
 *
 * What is asked of both is in the kernel-doc of dma_buf_invalidate_mappings(): the
 * importer may go on with the old memory until the fences of its work have signalled.
 */
#include <kunit/platform_device.h>
#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/platform_device.h>
#include <linux/simbuf.h>
#include <linux/workqueue.h>

#include "../simbuf_internal.h"
#include "../simdev_internal.h"
#include "device_kunit.h"

#define PAGES		4
#define SIZE		(PAGES * PAGE_SIZE)
#define FIRST		0x11
#define LATE		0x22
#define LATE_MS		50
#define ALIGNMENT	SIMDEV_MAX_ALIGNMENT	/* where the memory hardly ever is by itself */

/**
 * struct late_work - work of the importer's that goes on after it was told of a move
 * @fence: signals at its end.
 * @work: does it.
 * @at: where it writes then.
 */
struct late_work {
	struct dma_fence *fence;
	struct delayed_work work;
	u8 *at;
};

/**
 * struct fixture - a buffer of ours, an importer, and a device that needs it elsewhere
 * @buf: the buffer.
 * @dmabuf: as it is exported.
 * @attach: the importer's.
 * @sgt: the importer's mapping, or NULL.
 * @told: how often the importer was told that its mapping is void.
 * @late: what it does then, or NULL.
 * @sd: the device.
 * @att: its attachment: it comes when the importer has its mapping.
 */
struct fixture {
	struct simbuf *buf;
	struct dma_buf *dmabuf;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	unsigned int told;
	struct late_work *late;
	struct simdev *sd;
	struct simbuf_attachment *att;
};

static void late_write(struct work_struct *work)
{
	struct late_work *late = container_of(to_delayed_work(work), struct late_work, work);

	*late->at = LATE;
	dma_fence_signal(late->fence);
}

/* The platform device of a test has no IOMMU: its addresses are physical. */
static phys_addr_t importer_first(const struct fixture *f)
{
	return sg_dma_address(f->sgt->sgl);
}

static u8 *importer_last(const struct fixture *f)
{
	struct scatterlist *sg, *last = NULL;
	int i;

	for_each_sgtable_dma_sg(f->sgt, sg, i)
		last = sg;
	return phys_to_virt(sg_dma_address(last)) + sg_dma_len(last) - 1;
}

static void importer_told(struct dma_buf_attachment *attach)
{
	struct fixture *f = attach->importer_priv;

	dma_resv_assert_held(attach->dmabuf->resv);
	f->told++;
	if (!f->late || f->told > 1)
		return;
	f->late->at = importer_last(f);
	dma_resv_add_fence(attach->dmabuf->resv, f->late->fence, DMA_RESV_USAGE_BOOKKEEP);
	schedule_delayed_work(&f->late->work, msecs_to_jiffies(LATE_MS));
}

static const struct dma_buf_attach_ops importer_ops = {
	.invalidate_mappings = importer_told,
};

static int importer_map(struct fixture *f)
{
	f->sgt = dma_buf_map_attachment(f->attach, DMA_BIDIRECTIONAL);
	return PTR_ERR_OR_ZERO(f->sgt);
}

static void importer_unmap(struct fixture *f)
{
	dma_buf_unmap_attachment(f->attach, f->sgt, DMA_BIDIRECTIONAL);
	f->sgt = NULL;
}

static void fixture_device(struct kunit *test, struct fixture *f)
{
	struct simdev_model model = *simdev_model_builtin("no-iommu");

	model.alignment = ALIGNMENT;
	f->sd = simbuf_kunit_device(test, "kunit-device", &model);
}

static void fixture_importer(struct kunit *test, struct fixture *f)
{
	struct platform_device *pdev;

	pdev = kunit_platform_device_alloc(test, "simbuf-kunit-importer", PLATFORM_DEVID_NONE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_platform_device_add(test, pdev));
	KUNIT_ASSERT_EQ(test, 0, dma_set_mask(&pdev->dev, DMA_BIT_MASK(64)));
	f->attach = dma_buf_dynamic_attach(f->dmabuf, &pdev->dev, &importer_ops, f);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->attach);
}

static void nothing_to_drop(void *unused)
{
}

static int importer_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	const struct simbuf_export_info info = {
		.owner = THIS_MODULE,
		.flags = O_RDWR,
		.release = nothing_to_drop,
	};

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->buf = simbuf_create(SIZE, "kunit", simbuf_policy_find("late"));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->buf);
	f->dmabuf = simbuf_export(f->buf, &info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->dmabuf);
	fixture_importer(test, f);
	fixture_device(test, f);
	return 0;
}

static void importer_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f->late) {
		flush_delayed_work(&f->late->work);
		dma_fence_put(f->late->fence);
	}
	if (!IS_ERR_OR_NULL(f->att))
		simbuf_detach(f->att);
	if (!IS_ERR_OR_NULL(f->sgt))
		dma_buf_unmap_attachment_unlocked(f->attach, f->sgt, DMA_BIDIRECTIONAL);
	if (!IS_ERR_OR_NULL(f->attach))
		dma_buf_detach(f->dmabuf, f->attach);
	if (!IS_ERR_OR_NULL(f->dmabuf))
		dma_buf_put(f->dmabuf);
	if (!IS_ERR_OR_NULL(f->buf))
		simbuf_put(f->buf);
	/* A kernel thread's last reference to a file is dropped later, by others. */
	flush_delayed_fput();
}

/*
 * The importer has the memory, and then somebody comes who needs it elsewhere. Returns with the
 * reservation held: nothing that may end the test comes before end().
 */
static void begin(struct kunit *test)
{
	struct fixture *f = test->priv;
	int err;

	dma_resv_lock(f->dmabuf->resv, NULL);
	err = importer_map(f);
	dma_resv_unlock(f->dmabuf->resv);
	KUNIT_ASSERT_EQ(test, 0, err);
	*importer_last(f) = FIRST;
	if (!(importer_first(f) % ALIGNMENT))
		kunit_skip(test, "the memory happens to be where the device needs it");

	f->att = simbuf_attach(f->buf, f->sd, SIMBUF_ATTACH_DYNAMIC);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->att);
	dma_resv_lock(f->dmabuf->resv, NULL);
}

static void end(struct kunit *test)
{
	struct fixture *f = test->priv;

	dma_resv_unlock(f->dmabuf->resv);
}

static int remap(struct fixture *f)
{
	importer_unmap(f);
	return importer_map(f);
}

/* It is told, once, before the memory is another; then it maps the new one. */
static void test_importer_follows(struct kunit *test)
{
	struct fixture *f = test->priv;

	begin(test);
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 1, f->told);
	KUNIT_EXPECT_EQ(test, 1, f->buf->moves);

	KUNIT_EXPECT_EQ(test, 0, remap(f));
	KUNIT_EXPECT_EQ(test, 0, importer_first(f) % ALIGNMENT);
	KUNIT_EXPECT_EQ(test, FIRST, *importer_last(f));
	simbuf_unmap(f->att);

	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 1, f->told);
	simbuf_unmap(f->att);
	end(test);
}

/* What it writes before its fence signals is not lost. */
static void test_importer_ends_its_work(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct late_work *late;

	late = kunit_kzalloc(test, sizeof(*late), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, late);
	late->fence = simbuf_kunit_fence(test);
	INIT_DELAYED_WORK(&late->work, late_write);
	f->late = late;

	begin(test);
	KUNIT_EXPECT_EQ(test, 0, dma_resv_reserve_fences(f->dmabuf->resv, 1));
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(late->fence));
	flush_delayed_work(&late->work);
	KUNIT_EXPECT_EQ(test, 0, remap(f));
	KUNIT_EXPECT_EQ(test, LATE, *importer_last(f));
	simbuf_unmap(f->att);
	end(test);
}

/* An importer that cannot follow now holds the memory where it is. */
static void test_importer_pins(struct kunit *test)
{
	struct fixture *f = test->priv;
	phys_addr_t before;

	begin(test);
	before = importer_first(f);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_pin(f->attach));
	KUNIT_EXPECT_EQ(test, -EBUSY, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 0, f->told);
	KUNIT_EXPECT_EQ(test, 0, remap(f));
	KUNIT_EXPECT_EQ(test, before, importer_first(f));
	dma_buf_unpin(f->attach);
	KUNIT_EXPECT_EQ(test, 0, simbuf_map(f->att, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 1, f->told);
	simbuf_unmap(f->att);
	end(test);
}

static struct kunit_case importer_cases[] = {
	KUNIT_CASE(test_importer_follows),
	KUNIT_CASE(test_importer_ends_its_work),
	KUNIT_CASE(test_importer_pins),
	{}
};

static struct kunit_suite importer_suite = {
	.name = "simbuf_importer",
	.init = importer_test_init,
	.exit = importer_test_exit,
	.test_cases = importer_cases,
};

kunit_test_suite(importer_suite);
