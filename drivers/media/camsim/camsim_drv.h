/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * camsim - a simulated camera.
 */
#ifndef _CAMSIM_DRV_H_
#define _CAMSIM_DRV_H_

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <media/v4l2-ctrls.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/videobuf2-v4l2.h>

#include "camsim_graph.h"
#include "camsim_misbehave.h"
#include "camsim_scene.h"
#include "camsim_sensor.h"
#include "camsim_source.h"

struct camsim_producer;
struct camsim_stream;
struct simbuf_policy;
struct simdev;

#define CAMSIM_NAME	"camsim"

/**
 * DOC: locking
 *
 * &camsim.lock is the lock of the video devices and of their buffer queues: V4L2
 * holds it around every ioctl, read() and poll(), so around all vb2_ops, and
 * around vb2_mem_ops, except that mmap() and memory that is let go by the last
 * close of a dma-buf come without it. Reservations of buffers are locked
 * inside of it, never the other way round.
 *
 * The lock of the controls, &camsim.ctrls, is taken inside of it. It is that of the
 * sub-devices' active state, too: their ioctls take only that.
 *
 * The stream's thread signals fences, so it takes only spinlocks, and for a
 * moment each time: &camsim.queued.lock, &camsim.picture.lock, &camsim_source.lock,
 * &camsim_producer.lock, and those of events, of fences and of finished buffers. What
 * controls may change meanwhile is atomic, or copied under its lock. What else it reads
 * was set before it was started and stays until it has ended: V4L2 refuses to change it
 * while there are buffers.
 */

/* Controls that go together; the first one of each speaks for all. */
enum {
	CAMSIM_EXPOSURE_LINES,
	CAMSIM_EXPOSURE_TIME,
	CAMSIM_NUM_EXPOSURES
};

enum {
	CAMSIM_GAIN_DIGITAL,
	CAMSIM_GAIN_ANALOGUE,
	CAMSIM_NUM_GAINS
};

/**
 * struct camsim - one camera
 * @v4l2_dev: frees this struct when the last file is closed.
 * @parent: the platform device. Alive while the driver is bound to it.
 * @vdev: the capture node.
 * @ctrls: its controls.
 * @early_fences: the control: are frames announced by fences?
 * @misbehaviour: what else controls ask for.
 * @source: has the size of the source changed?
 * @unplug: takes the camera away; holds references to @v4l2_dev and @parent
 *	while it is pending.
 * @sd: how the camera's DMA sees memory.
 * @policy: when its own buffers are pinned.
 * @budget: what the buffers of its queues count against: half of the memory.
 * @graph: its media device, and what is between sensor and capture node.
 * @sensor: where pictures begin: what is seen, and how often.
 * @producer: the node from which its frames may come, or %NULL.
 * @index: number of the camera, in its names and in the stamps.
 * @mplane: the capture node is a multi-planar one.
 * @lock: see DOC: locking.
 * @pix: the format, also of a single-planar node. Protected by @lock.
 * @compose: part of the frame where it appears. Protected by @lock.
 * @queue: the capture queue.
 * @stream: what fills buffers, or %NULL. Protected by @lock.
 * @picture: what the picture's controls have set:
 * @picture.exposure: controls that go together.
 * @picture.gain: likewise.
 * @picture.lock: protects @picture.settings.
 * @picture.settings: for the next frame.
 * @queued: buffers to be filled:
 * @queued.lock: protects @queued.buffers and @queued.closed.
 * @queued.buffers: &struct camsim_buffer, the next one first.
 * @queued.closed: 0, or why the stream takes no more buffers.
 */
struct camsim {
	struct v4l2_device v4l2_dev;
	struct device *parent;
	struct video_device vdev;
	struct v4l2_ctrl_handler ctrls;
	struct v4l2_ctrl *early_fences;
	struct camsim_misbehaviour misbehaviour;
	struct camsim_source source;
	struct work_struct unplug;
	struct simdev *sd;
	const struct simbuf_policy *policy;
	struct simbuf_budget *budget;
	struct camsim_graph graph;
	struct camsim_sensor sensor;
	struct camsim_producer *producer;
	unsigned int index;
	bool mplane;

	/* protects what follows, see DOC: locking */
	struct mutex lock;
	struct v4l2_pix_format_mplane pix;
	struct v4l2_rect compose;
	struct vb2_queue queue;
	struct camsim_stream *stream;

	struct {
		struct v4l2_ctrl *exposure[CAMSIM_NUM_EXPOSURES];
		struct v4l2_ctrl *gain[CAMSIM_NUM_GAINS];
		/* protects the settings */
		spinlock_t lock;
		struct camsim_settings settings;
	} picture;

	struct {
		/* protects the list and closed */
		spinlock_t lock;
		struct list_head buffers;
		int closed;
	} queued;
};

#endif /* _CAMSIM_DRV_H_ */
