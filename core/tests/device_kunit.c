// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/device.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>

#include "../simdev_internal.h"
#include "device_kunit.h"

static void remove_parent(void *parent)
{
	root_device_unregister(parent);
}

static void remove_device(void *sd)
{
	simdev_unplug(sd);
	simdev_put(sd);
}

/**
 * simbuf_kunit_device - a simulated device for a test
 * @test: the test. The device goes after it, and after the suite's exit function.
 * @name: of the device, in what it refuses.
 * @model: what it can do.
 *
 * Return: the device; the test ends when there is none.
 */
struct simdev *simbuf_kunit_device(struct kunit *test, const char *name,
				   const struct simdev_model *model)
{
	struct device *parent = root_device_register("simbuf-kunit");
	struct simdev *sd;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, parent);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, remove_parent, parent));
	sd = simdev_create(parent, name, model);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sd);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, remove_device, sd));
	return sd;
}

/**
 * struct work - work on a buffer, which ends when the test says so
 * @fence: signals then; freed with it.
 * @lock: of @fence.
 */
struct work {
	struct dma_fence fence;
	spinlock_t lock;
};

static const char *work_name(struct dma_fence *fence)
{
	return "kunit-work";
}

static const struct dma_fence_ops work_ops = {
	.get_driver_name = work_name,
	.get_timeline_name = work_name,
};

/**
 * simbuf_kunit_fence - a fence that the test signals
 * @test: the test, which ends when there is no memory.
 *
 * Return: the fence, with a reference that is the caller's.
 */
struct dma_fence *simbuf_kunit_fence(struct kunit *test)
{
	struct work *work = kzalloc_obj(*work);

	KUNIT_ASSERT_NOT_NULL(test, work);
	spin_lock_init(&work->lock);
	dma_fence_init(&work->fence, &work_ops, &work->lock, dma_fence_context_alloc(1), 1);
	return &work->fence;
}
