// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/rcupdate.h>
#include <linux/simbuf.h>
#include <linux/simdev.h>
#include <linux/slab.h>

#include "camsim_config.h"
#include "camsim_drv.h"
#include "camsim_producer.h"
#include "camsim_queue.h"
#include "camsim_stream.h"
#include "camsim_video.h"

/* The last reference is gone: no file is open and nothing streams. */
static void camsim_release(struct v4l2_device *v4l2_dev)
{
	struct camsim *cam = container_of(v4l2_dev, struct camsim, v4l2_dev);

	v4l2_ctrl_handler_free(&cam->ctrls);
	v4l2_device_unregister(&cam->v4l2_dev);
	camsim_producer_destroy(cam->producer);
	camsim_graph_cleanup(cam);
	if (!IS_ERR_OR_NULL(cam->sd))
		simdev_put(cam->sd);
	simbuf_budget_put(cam->budget);
	mutex_destroy(&cam->lock);
	kfree(cam);
}

static int camsim_probe(struct platform_device *pdev)
{
	const struct camsim_config *config = dev_get_platdata(&pdev->dev);
	struct camsim *cam;
	int err;

	cam = kzalloc_obj(*cam);
	if (!cam)
		return -ENOMEM;

	cam->parent = &pdev->dev;
	cam->index = pdev->id;
	cam->policy = config->policy;
	cam->mplane = config->mplane;
	cam->budget = simbuf_budget_create((u64)totalram_pages() << PAGE_SHIFT >> 1);
	if (!cam->budget) {
		err = -ENOMEM;
		goto err_free;
	}
	mutex_init(&cam->lock);
	camsim_source_init(cam);
	snprintf(cam->v4l2_dev.name, sizeof(cam->v4l2_dev.name), "%s-%03u", CAMSIM_NAME,
		 cam->index);
	err = v4l2_device_register(&pdev->dev, &cam->v4l2_dev);
	if (err)
		goto err_budget;
	/* From here on the last reference frees everything. */
	cam->v4l2_dev.release = camsim_release;
	platform_set_drvdata(pdev, cam);

	camsim_media_init(cam, pdev);

	err = camsim_video_init(cam);
	if (err)
		goto err_put;
	err = camsim_graph_init(cam);
	if (err)
		goto err_put;

	cam->sd = simdev_create(&pdev->dev, cam->v4l2_dev.name, &config->model);
	if (IS_ERR(cam->sd)) {
		err = PTR_ERR(cam->sd);
		goto err_graph;
	}

	err = camsim_queue_init(cam);
	if (err)
		goto err_unplug;

	if (config->producer) {
		err = camsim_producer_create(cam);
		if (err)
			goto err_unplug;
	}

	err = camsim_graph_register(cam);
	if (err)
		goto err_unregister;
	err = camsim_video_register(cam);
	if (err)
		goto err_unregister;
	err = camsim_producer_register(cam);
	if (err)
		goto err_video;
	err = camsim_graph_complete(cam);
	if (err)
		goto err_producer;
	return 0;

err_producer:
	camsim_producer_unregister(cam);
err_video:
	vb2_video_unregister_device(&cam->vdev);
err_unregister:
	camsim_graph_unregister(cam);
err_unplug:
	simdev_unplug(cam->sd);
err_graph:
	camsim_graph_put(cam);
err_put:
	v4l2_device_put(&cam->v4l2_dev);
	return err;

err_budget:
	simbuf_budget_put(cam->budget);
err_free:
	kfree(cam);
	return err;
}

static void camsim_remove(struct platform_device *pdev)
{
	struct camsim *cam = platform_get_drvdata(pdev);

	camsim_misbehave_unplug_cancel(cam);
	/* These stop streams and let go of all buffers before the device goes. */
	camsim_producer_unregister(cam);
	vb2_video_unregister_device(&cam->vdev);
	camsim_source_cancel(cam);
	camsim_graph_unregister(cam);
	simdev_unplug(cam->sd);
	camsim_graph_put(cam);
	v4l2_device_disconnect(&cam->v4l2_dev);
	v4l2_device_put(&cam->v4l2_dev);
}

static int camsim_suspend(struct device *dev)
{
	struct camsim *cam = dev_get_drvdata(dev);

	guard(mutex)(&cam->lock);
	camsim_stream_suspend(cam);
	return 0;
}

static int camsim_resume(struct device *dev)
{
	struct camsim *cam = dev_get_drvdata(dev);

	guard(mutex)(&cam->lock);
	camsim_stream_resume(cam);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(camsim_pm_ops, camsim_suspend, camsim_resume);

static struct platform_driver camsim_driver = {
	.probe = camsim_probe,
	.remove = camsim_remove,
	.driver = {
		.name = CAMSIM_NAME,
		.pm = pm_sleep_ptr(&camsim_pm_ops),
	},
};

static int __init camsim_init(void)
{
	int err;

	err = camsim_misbehave_module_init();
	if (err)
		return err;
	err = platform_driver_register(&camsim_driver);
	if (err)
		goto err_misbehave;
	err = camsim_devices_plug();
	if (err)
		goto err_driver;
	err = camsim_configfs_init();
	if (err)
		goto err_devices;
	return 0;

err_devices:
	camsim_devices_unplug();
err_driver:
	platform_driver_unregister(&camsim_driver);
err_misbehave:
	camsim_misbehave_module_exit();
	return err;
}

static void __exit camsim_exit(void)
{
	camsim_configfs_exit();
	camsim_devices_unplug();
	platform_driver_unregister(&camsim_driver);
	camsim_misbehave_module_exit();
	/* Who asks for the name of a fence may be about to call the function. */
	synchronize_rcu();
}

module_init(camsim_init);
module_exit(camsim_exit);

MODULE_DESCRIPTION("Simulated camera that shares buffers");
MODULE_AUTHOR("The zero-copy lab authors");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_IMPORT_NS("DMA_BUF");
MODULE_IMPORT_NS("SIMBUF");
