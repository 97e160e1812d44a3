// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * simbuf.ko: loading and unloading.
 */
#include <linux/iova.h>
#include <linux/module.h>

#include "simbuf_internal.h"
#include "simdev_internal.h"

static int __init simbuf_init(void)
{
	int ret = iova_cache_get();

	if (ret)
		return ret;
	ret = simbuf_registry_init();
	if (ret)
		goto err_iova;
	ret = simdev_class_init();
	if (ret)
		goto err_registry;
	ret = simbuf_mmap_init();
	if (ret)
		goto err_class;
	ret = simbuf_carveout_init();
	if (ret)
		goto err_mmap;

	ret = simdev_profiles_init();
	if (ret)
		goto err_carveout;

	simbuf_debugfs_init();
	return 0;

err_carveout:
	simbuf_carveout_exit();
err_mmap:
	simbuf_mmap_exit();
err_class:
	simdev_class_exit();
err_registry:
	simbuf_registry_exit();
err_iova:
	iova_cache_put();
	return ret;
}

static void __exit simbuf_exit(void)
{
	simbuf_debugfs_exit();
	simdev_profiles_exit();
	simbuf_carveout_exit();
	simbuf_mmap_exit();
	simdev_class_exit();
	simbuf_registry_exit();
	iova_cache_put();
}

module_init(simbuf_init);
module_exit(simbuf_exit);
MODULE_DESCRIPTION("Shareable buffers and address spaces for simulated devices");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_IMPORT_NS("DMA_BUF");
