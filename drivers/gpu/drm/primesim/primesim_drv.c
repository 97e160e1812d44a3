// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * primesim - a GPU and a display that share simulated memory.
 *
 * One platform device carries both, or one of them: a render engine
 * (primesim_engine.c) and scan-out (primesim_scanout.c). Each reaches memory through a
 * simdev of its own.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>
#include <uapi/drm/primesim_drm.h>

#include <linux/simbuf.h>

#include "primesim_client.h"
#include "primesim_config.h"
#include "primesim_context.h"
#include "primesim_drv.h"
#include "primesim_engine.h"
#include "primesim_gem.h"
#include "primesim_kms.h"
#include "primesim_prime.h"
#include "primesim_scanout.h"
#include "primesim_simd.h"
#include "primesim_submit.h"
#include "primesim_writeback.h"

static void primesim_file_free(struct primesim_file *pfile)
{
	simbuf_budget_put(pfile->budget);
	if (pfile->client)
		primesim_client_put(pfile->client);
	kfree(pfile);
}

static int primesim_open(struct drm_device *dev, struct drm_file *file)
{
	struct primesim_device *pdev = to_primesim_device(dev);
	struct primesim_file *pfile;
	int ret = -ENOMEM;

	pfile = kzalloc_obj(*pfile, GFP_KERNEL_ACCOUNT);
	if (!pfile)
		return -ENOMEM;

	pfile->client = primesim_client_create();
	pfile->budget = simbuf_budget_create(pdev->limits.memory);
	if (!pfile->client || !pfile->budget)
		goto free;
	ret = pdev->engine ? primesim_contexts_open(pfile, pdev->engine) : 0;
	if (ret)
		goto free;

	file->driver_priv = pfile;
	return 0;

free:
	primesim_file_free(pfile);
	return ret;
}

static void primesim_postclose(struct drm_device *dev, struct drm_file *file)
{
	struct primesim_file *pfile = to_primesim_file(file);

	if (to_primesim_device(dev)->engine)
		primesim_contexts_close(pfile);
	primesim_file_free(pfile);
}

/**
 * primesim_refuse_missing - an ioctl needs what this device does not have
 * @pdev: the device.
 * @ioctl: for the message.
 * @part: what there is not.
 *
 * Returns: -EOPNOTSUPP.
 */
int primesim_refuse_missing(struct primesim_device *pdev, const char *ioctl, const char *part)
{
	return simbuf_refuse(-EOPNOTSUPP, NULL, primesim_simdev(pdev),
			     "%s: this device has no %s", ioctl, part);
}

/* An ioctl for devices that have a certain part: "engine" or "display". */
#define PRIMESIM_IOCTL_NEEDS(part, ioctl, name)							\
static int primesim_checked_##ioctl(struct drm_device *dev, void *data, struct drm_file *file)	\
{												\
	struct primesim_device *pdev = to_primesim_device(dev);					\
												\
	if (!pdev->part)									\
		return primesim_refuse_missing(pdev, name, #part);				\
	return primesim_ioctl_##ioctl(dev, data, file);						\
}

static int primesim_ioctl_device_info(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct primesim_device *pdev = to_primesim_device(dev);
	struct drm_primesim_device_info *args = data;
	struct simbuf_pool_usage usage = { };

	if (args->flags)
		return simbuf_refuse(-EINVAL, NULL, primesim_simdev(pdev),
				     "DEVICE_INFO: flags %#x, must be 0", args->flags);
	if (pdev->local)
		simbuf_pool_usage(pdev->local, &usage);
	*args = (struct drm_primesim_device_info) {
		.parts = (pdev->gpu ? DRM_PRIMESIM_PART_GPU : 0) |
			 (pdev->display ? DRM_PRIMESIM_PART_DISPLAY : 0),
		.local_size = usage.size,
		.local_free = usage.free,
		.evictions = usage.evictions,
	};
	return 0;
}

PRIMESIM_IOCTL_NEEDS(engine, submit, "SUBMIT")
PRIMESIM_IOCTL_NEEDS(display, scanout_info, "SCANOUT_INFO")
PRIMESIM_IOCTL_NEEDS(engine, context_create, "CONTEXT_CREATE")
PRIMESIM_IOCTL_NEEDS(engine, context_destroy, "CONTEXT_DESTROY")

static const struct drm_ioctl_desc primesim_ioctls[] = {
	DRM_IOCTL_DEF_DRV(PRIMESIM_BO_CREATE, primesim_ioctl_bo_create, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_BO_MMAP_OFFSET, primesim_ioctl_bo_mmap_offset,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_BO_INFO, primesim_ioctl_bo_info, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_SUBMIT, primesim_checked_submit, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_SCANOUT_INFO, primesim_checked_scanout_info, DRM_MASTER),
	DRM_IOCTL_DEF_DRV(PRIMESIM_CONTEXT_CREATE, primesim_checked_context_create,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_CONTEXT_DESTROY, primesim_checked_context_destroy,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_DEVICE_INFO, primesim_ioctl_device_info, DRM_RENDER_ALLOW),
};

static const struct file_operations primesim_fops = {
	.owner = THIS_MODULE,
	DRM_GEM_FOPS,
	.show_fdinfo = drm_show_fdinfo,
};

#define PRIMESIM_FEATURES_ALL		(DRIVER_GEM | DRIVER_SYNCOBJ | DRIVER_SYNCOBJ_TIMELINE)
#define PRIMESIM_FEATURES_GPU		DRIVER_RENDER
#define PRIMESIM_FEATURES_DISPLAY	(DRIVER_MODESET | DRIVER_ATOMIC)

/* What does not depend on the device's role. */
#define PRIMESIM_DRIVER_COMMON				\
	.open = primesim_open,				\
	.postclose = primesim_postclose,		\
	.show_fdinfo = primesim_client_show,		\
	.gem_prime_import = primesim_prime_import,	\
	.ioctls = primesim_ioctls,			\
	.num_ioctls = ARRAY_SIZE(primesim_ioctls),	\
	.fops = &primesim_fops,				\
	.name = "primesim",				\
	.desc = "Simulated GPU and display",		\
	.major = 1,					\
	.minor = 0

/* Dumb buffers are the ones to be shown. */
#define PRIMESIM_DRIVER_DISPLAY				\
	PRIMESIM_DRIVER_COMMON,				\
	.dumb_create = primesim_dumb_create,		\
	.dumb_map_offset = primesim_dumb_map_offset

static const struct drm_driver primesim_driver_both = {
	PRIMESIM_DRIVER_DISPLAY,
	.driver_features = PRIMESIM_FEATURES_ALL | PRIMESIM_FEATURES_GPU |
			   PRIMESIM_FEATURES_DISPLAY,
};

static const struct drm_driver primesim_driver_display = {
	PRIMESIM_DRIVER_DISPLAY,
	.driver_features = PRIMESIM_FEATURES_ALL | PRIMESIM_FEATURES_DISPLAY,
};

static const struct drm_driver primesim_driver_render = {
	PRIMESIM_DRIVER_COMMON,
	.driver_features = PRIMESIM_FEATURES_ALL | PRIMESIM_FEATURES_GPU,
};

static const struct drm_driver *primesim_driver_for(const struct primesim_role *role)
{
	if (role->gpu && role->display)
		return &primesim_driver_both;
	return role->gpu ? &primesim_driver_render : &primesim_driver_display;
}

static void primesim_simdev_put(struct drm_device *dev, void *sd)
{
	simdev_put(sd);
}

static void primesim_simdev_unplug(void *sd)
{
	simdev_unplug(sd);
}

/*
 * A simdev goes with its parent, but lives until the DRM device is released:
 * buffers of files that are still open refer to it.
 */
static struct simdev *primesim_simdev_create(struct primesim_device *pdev, const char *role,
					     const struct simdev_model *model)
{
	struct platform_device *parent = to_platform_device(pdev->base.dev);
	struct simdev *sd;
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "primesim-%s%d", role, parent->id);
	sd = simdev_create(&parent->dev, name, model);
	if (IS_ERR(sd))
		return sd;

	ret = drmm_add_action_or_reset(&pdev->base, primesim_simdev_put, sd);
	if (ret)
		return ERR_PTR(ret);
	ret = devm_add_action_or_reset(&parent->dev, primesim_simdev_unplug, sd);
	if (ret)
		return ERR_PTR(ret);
	return sd;
}

static int primesim_simdevs_init(struct primesim_device *pdev,
				 const struct primesim_config *config)
{
	if (config->role->gpu)
		pdev->gpu = primesim_simdev_create(pdev, "gpu", &config->gpu);
	if (IS_ERR(pdev->gpu))
		return PTR_ERR(pdev->gpu);

	if (config->role->display)
		pdev->display = primesim_simdev_create(pdev, "display", &config->display);
	return PTR_ERR_OR_ZERO(pdev->display);
}

static void primesim_local_put(struct drm_device *dev, void *local)
{
	simbuf_pool_put(local);
}

static int primesim_local_init(struct primesim_device *pdev, u32 mib)
{
	struct device *parent = pdev->base.dev;

	if (!mib)
		return 0;
	pdev->local = simbuf_pool_create(parent, (size_t)mib << 20);
	if (IS_ERR(pdev->local)) {
		dev_err(parent, "local_mib=%u: no contiguous memory of that size\n", mib);
		return PTR_ERR(pdev->local);
	}
	return drmm_add_action_or_reset(&pdev->base, primesim_local_put, pdev->local);
}

/* Half of the memory: a client that runs away leaves the other one room to be killed in. */
static void primesim_limits_init(struct primesim_device *pdev,
				 const struct primesim_config *config)
{
	pdev->limits.handles = config->client_handles;
	if (config->client_memory_mib)
		pdev->limits.memory = (u64)config->client_memory_mib << 20;
	else
		pdev->limits.memory = (u64)totalram_pages() << PAGE_SHIFT >> 1;
}

static int primesim_probe(struct platform_device *parent)
{
	const struct primesim_config *config = dev_get_platdata(&parent->dev);
	struct primesim_device *pdev;
	int ret;

	pdev = devm_drm_dev_alloc(&parent->dev, primesim_driver_for(config->role),
				  struct primesim_device, base);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);

	pdev->policy = config->policy;
	primesim_limits_init(pdev, config);
	primesim_failed_init(pdev);
	ret = primesim_simdevs_init(pdev, config);
	if (ret)
		return ret;
	ret = primesim_local_init(pdev, config->local_mib);
	if (ret)
		return ret;
	if (pdev->display)
		ret = primesim_kms_init(&pdev->base, config->displays);
	if (!ret && pdev->gpu)
		ret = primesim_engine_init(pdev, config);
	if (ret)
		return ret;

	ret = drm_dev_register(&pdev->base, 0);
	if (ret)
		goto unplug_engine;
	if (pdev->display)
		primesim_kms_probe(&pdev->base);

	platform_set_drvdata(parent, pdev);
	return 0;

unplug_engine:
	/* drm_dev_register() (as of 7.2) leaves it set, and properties freed then are warned of. */
	pdev->base.registered = false;
	if (pdev->engine)
		primesim_engine_unplug(pdev);
	return ret;
}

/* Files, mappings and dma-bufs may outlive this; they keep @pdev, not the hardware. */
static void primesim_remove(struct platform_device *parent)
{
	struct primesim_device *pdev = platform_get_drvdata(parent);

	drm_dev_unplug(&pdev->base);
	if (pdev->display) {
		drm_atomic_helper_shutdown(&pdev->base);
		primesim_writeback_unplug(&pdev->base);
	}
	if (pdev->engine)
		primesim_engine_unplug(pdev);
}

static void primesim_shutdown(struct platform_device *parent)
{
	struct primesim_device *pdev = platform_get_drvdata(parent);

	if (pdev->display)
		drm_atomic_helper_shutdown(&pdev->base);
}

static struct platform_driver primesim_platform_driver = {
	.probe = primesim_probe,
	.remove = primesim_remove,
	.shutdown = primesim_shutdown,
	.driver = {
		.name = "primesim",
	},
};

static int __init primesim_init(void)
{
	int ret;

	primesim_simd_init();
	ret = platform_driver_register(&primesim_platform_driver);
	if (ret)
		return ret;
	ret = primesim_devices_plug();
	if (ret)
		goto unregister_driver;
	ret = primesim_configfs_init();
	if (ret)
		goto unplug_devices;
	return 0;

unplug_devices:
	primesim_devices_unplug();
unregister_driver:
	platform_driver_unregister(&primesim_platform_driver);
	return ret;
}
module_init(primesim_init);

static void __exit primesim_exit(void)
{
	primesim_configfs_exit();
	primesim_devices_unplug();
	platform_driver_unregister(&primesim_platform_driver);
}
module_exit(primesim_exit);

MODULE_DESCRIPTION("Simulated GPU and display with PRIME sharing");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_IMPORT_NS("SIMBUF");
