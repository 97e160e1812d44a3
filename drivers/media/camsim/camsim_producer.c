// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: a program that makes the camera's frames
 *
 * A camera with a producer has a second node, for output, and while a program
 * streams there the camera delivers that program's frames instead of its test
 * pattern. Each goes from the producer's buffer into the consumer's by one device
 * write, see DOC: how a frame is handed on.
 *
 * The memory of a frame is the producer's. So STREAMOFF, last close and death end
 * what is shown: the camera's next frame is the test pattern again. All the camera
 * adds to that is the time in which it writes one frame.
 */
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "camsim_drv.h"
#include "camsim_producer.h"
#include "camsim_producer_frames.h"

static const char * const camsim_producer_count_names[CAMSIM_NUM_PRODUCER_COUNTS] = {
	[CAMSIM_PRODUCER_QUEUED] = "queued",
	[CAMSIM_PRODUCER_SHOWN] = "shown",
	[CAMSIM_PRODUCER_REPEATED] = "repeated",
	[CAMSIM_PRODUCER_DROPPED] = "dropped",
	[CAMSIM_PRODUCER_PASSED] = "passed",
	[CAMSIM_PRODUCER_BROKEN] = "broken",
	[CAMSIM_PRODUCER_WAITED] = "waited",
};

/* The format that is the camera's while a producer streams, or %NULL. The lock is held. */
const struct v4l2_pix_format_mplane *camsim_producer_picture(const struct camsim *cam)
{
	const struct camsim_producer *producer = cam->producer;

	return producer && producer->streaming ? &producer->pix : NULL;
}

/* What debugfs tells */

static int camsim_producer_show(struct seq_file *m, void *unused)
{
	struct camsim_producer *producer = m->private;
	unsigned int i;

	scoped_guard(mutex, &producer->cam->lock) {
		seq_printf(m, "streaming: %d\n", producer->streaming);
		seq_printf(m, "format: %ux%u %.4s\n", producer->pix.width, producer->pix.height,
			   (const char *)&producer->pix.pixelformat);
	}
	for (i = 0; i < CAMSIM_NUM_PRODUCER_COUNTS; i++)
		seq_printf(m, "%s: %lld\n", camsim_producer_count_names[i],
			   atomic64_read(&producer->counts[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(camsim_producer);

/**
 * camsim_producer_create - give a camera an output node, unknown to userspace so far
 * @cam: the camera, its device made.
 *
 * Return: 0 or an error; camsim_producer_destroy() is due in any case.
 */
int camsim_producer_create(struct camsim *cam)
{
	struct camsim_producer *producer = kzalloc_obj(*producer);
	int err;

	if (!producer)
		return -ENOMEM;

	producer->cam = cam;
	cam->producer = producer;
	camsim_producer_frames_init(producer);
	producer->pad.flags = MEDIA_PAD_FL_SOURCE;
	err = media_entity_pads_init(&producer->vdev.entity, 1, &producer->pad);
	return err ?: camsim_producer_queue_init(producer);
}

/* No file is open, and the camera does not stream. */
void camsim_producer_destroy(struct camsim_producer *producer)
{
	if (producer)
		media_entity_cleanup(&producer->vdev.entity);
	kfree(producer);
}

/**
 * camsim_producer_register - make the output node known to userspace
 * @cam: a camera, with or without one.
 *
 * Return: 0 or an error.
 */
int camsim_producer_register(struct camsim *cam)
{
	struct camsim_producer *producer = cam->producer;
	int err;

	if (!producer)
		return 0;

	err = camsim_producer_video_register(producer);
	if (err)
		return err;
	producer->debugfs = debugfs_create_dir(cam->v4l2_dev.name, NULL);
	debugfs_create_file("producer", 0444, producer->debugfs, producer, &camsim_producer_fops);
	return 0;
}

/**
 * camsim_producer_unregister - take the output node away
 * @cam: a camera, with or without one.
 *
 * When this returns nothing of a producer's is shown any more.
 */
void camsim_producer_unregister(struct camsim *cam)
{
	struct camsim_producer *producer = cam->producer;

	if (!producer)
		return;
	debugfs_remove(producer->debugfs);
	vb2_video_unregister_device(&producer->vdev);
}
