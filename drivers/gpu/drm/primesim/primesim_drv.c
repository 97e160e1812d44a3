// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * primesim - a GPU and a display that share simulated memory.
 *
 * One platform device carries both: a render engine (primesim_engine.c) and
 * scan-out (primesim_scanout.c). Each reaches memory through a simdev of its own.
 */
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

#include <linux/simdev.h>

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

static int primesim_open(struct drm_device *dev, struct drm_file *file)
{
	struct primesim_file *pfile;
	int ret;

	pfile = kzalloc_obj(*pfile, GFP_KERNEL_ACCOUNT);
	if (!pfile)
		return -ENOMEM;

	ret = primesim_contexts_open(pfile, to_primesim_device(dev)->engine);
	if (ret) {
		kfree(pfile);
		return ret;
	}

	file->driver_priv = pfile;
	return 0;
}

static void primesim_postclose(struct drm_device *dev, struct drm_file *file)
{
	struct primesim_file *pfile = to_primesim_file(file);

	primesim_contexts_close(pfile);
	kfree(pfile);
}

static const struct drm_ioctl_desc primesim_ioctls[] = {
	DRM_IOCTL_DEF_DRV(PRIMESIM_BO_CREATE, primesim_ioctl_bo_create, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_BO_MMAP_OFFSET, primesim_ioctl_bo_mmap_offset,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_BO_INFO, primesim_ioctl_bo_info, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_SUBMIT, primesim_ioctl_submit, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_SCANOUT_INFO, primesim_ioctl_scanout_info, DRM_MASTER),
	DRM_IOCTL_DEF_DRV(PRIMESIM_CONTEXT_CREATE, primesim_ioctl_context_create,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(PRIMESIM_CONTEXT_DESTROY, primesim_ioctl_context_destroy,
			  DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(primesim_fops);

static const struct drm_driver primesim_driver = {
	.driver_features = DRIVER_GEM | DRIVER_MODESET | DRIVER_ATOMIC | DRIVER_RENDER |
			   DRIVER_SYNCOBJ | DRIVER_SYNCOBJ_TIMELINE,
	.open = primesim_open,
	.postclose = primesim_postclose,
	.gem_prime_import = primesim_prime_import,
	.dumb_create = primesim_dumb_create,
	.dumb_map_offset = primesim_dumb_map_offset,
	.ioctls = primesim_ioctls,
	.num_ioctls = ARRAY_SIZE(primesim_ioctls),
	.fops = &primesim_fops,
	.name = "primesim",
	.desc = "Simulated GPU and display",
	.major = 1,
	.minor = 0,
};

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
	pdev->gpu = primesim_simdev_create(pdev, "gpu", &config->gpu);
	if (IS_ERR(pdev->gpu))
		return PTR_ERR(pdev->gpu);

	pdev->display = primesim_simdev_create(pdev, "display", &config->display);
	return PTR_ERR_OR_ZERO(pdev->display);
}

static int primesim_probe(struct platform_device *parent)
{
	const struct primesim_config *config = dev_get_platdata(&parent->dev);
	struct primesim_device *pdev;
	int ret;

	pdev = devm_drm_dev_alloc(&parent->dev, &primesim_driver, struct primesim_device, base);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);

	pdev->policy = config->policy;
	ret = primesim_simdevs_init(pdev, config);
	if (ret)
		return ret;
	ret = primesim_kms_init(&pdev->base);
	if (ret)
		return ret;
	ret = primesim_engine_init(pdev, config);
	if (ret)
		return ret;

	ret = drm_dev_register(&pdev->base, 0);
	if (ret)
		goto unplug_engine;

	platform_set_drvdata(parent, pdev);
	return 0;

unplug_engine:
	primesim_engine_unplug(pdev);
	return ret;
}

/* Files, mappings and dma-bufs may outlive this; they keep @pdev, not the hardware. */
static void primesim_remove(struct platform_device *parent)
{
	struct primesim_device *pdev = platform_get_drvdata(parent);

	drm_dev_unplug(&pdev->base);
	drm_atomic_helper_shutdown(&pdev->base);
	primesim_engine_unplug(pdev);
}

static void primesim_shutdown(struct platform_device *parent)
{
	struct primesim_device *pdev = platform_get_drvdata(parent);

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

/* There is no bus to find the hardware on: the module brings one device along. */
static struct platform_device *primesim_default_device;

static int __init primesim_init(void)
{
	struct primesim_config config;
	int ret;

	ret = primesim_config_from_parameters(&config);
	if (ret)
		return ret;
	primesim_simd_init();
	ret = platform_driver_register(&primesim_platform_driver);
	if (ret)
		return ret;

	primesim_default_device = primesim_device_create(&config);
	if (IS_ERR(primesim_default_device)) {
		ret = PTR_ERR(primesim_default_device);
		goto unregister_driver;
	}
	ret = primesim_configfs_init();
	if (ret)
		goto destroy_device;
	return 0;

destroy_device:
	primesim_device_destroy(primesim_default_device);
unregister_driver:
	platform_driver_unregister(&primesim_platform_driver);
	return ret;
}
module_init(primesim_init);

static void __exit primesim_exit(void)
{
	primesim_configfs_exit();
	primesim_device_destroy(primesim_default_device);
	platform_driver_unregister(&primesim_platform_driver);
}
module_exit(primesim_exit);

MODULE_DESCRIPTION("Simulated GPU and display with PRIME sharing");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_IMPORT_NS("SIMBUF");
