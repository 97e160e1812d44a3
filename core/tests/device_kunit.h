/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What suites have in common: a device, and a fence.
 */
#ifndef _SIMBUF_DEVICE_KUNIT_H_
#define _SIMBUF_DEVICE_KUNIT_H_

struct dma_fence;
struct kunit;
struct simdev;
struct simdev_model;

struct simdev *simbuf_kunit_device(struct kunit *test, const char *name,
				   const struct simdev_model *model);
struct dma_fence *simbuf_kunit_fence(struct kunit *test);

#endif /* _SIMBUF_DEVICE_KUNIT_H_ */
