// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: misbehaviour
 *
 * Each kind of trouble is a number that a private control sets and the stream counts
 * down, frame by frame: for how many frames from now on, in how many frames, or for
 * how long. Only frames for which a buffer is free count, so what a client sees
 * does not depend on how fast it is.
 */
#include <linux/workqueue.h>

#include <media/v4l2-ctrls.h>

#include <uapi/linux/camsim.h>

#include "camsim_drv.h"
#include "camsim_format.h"
#include "camsim_misbehave.h"
#include "camsim_sensor.h"
#include "camsim_source.h"

#define CAMSIM_MAX_FRAMES	1000000
#define CAMSIM_MAX_STALL_MS	60000
#define CAMSIM_MAX_DELAY_MS	5000

static const struct camsim_wish_info {
	u32 id;
	const char *name;
	s64 max;
} camsim_wishes[CAMSIM_NUM_WISHES] = {
	[CAMSIM_DROP] = { V4L2_CID_CAMSIM_DROP_FRAMES, "Drop Frames", CAMSIM_MAX_FRAMES },
	[CAMSIM_FREEZE] = { V4L2_CID_CAMSIM_FREEZE_FRAMES, "Freeze Frames", CAMSIM_MAX_FRAMES },
	[CAMSIM_CORRUPT] = { V4L2_CID_CAMSIM_CORRUPT_FRAMES, "Corrupt Frames",
			     CAMSIM_MAX_FRAMES },
	[CAMSIM_FLAG_ERROR] = { V4L2_CID_CAMSIM_ERROR_FRAMES, "Error Frames",
				CAMSIM_MAX_FRAMES },
	[CAMSIM_FAULT] = { V4L2_CID_CAMSIM_FAULT_FRAMES, "Fault Frames", CAMSIM_MAX_FRAMES },
	[CAMSIM_SHORTEN] = { V4L2_CID_CAMSIM_SHORT_FRAMES, "Short Frames", CAMSIM_MAX_FRAMES },
	[CAMSIM_WRONG_SEQUENCE] = { V4L2_CID_CAMSIM_WRONG_SEQUENCE_FRAMES,
				    "Wrong Sequence Frames", CAMSIM_MAX_FRAMES },
	[CAMSIM_CHANGE_SOURCE] = { V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, "Source Change In",
				   CAMSIM_MAX_FRAMES },
	[CAMSIM_END] = { V4L2_CID_CAMSIM_END_IN, "End In", CAMSIM_MAX_FRAMES },
	[CAMSIM_FAIL] = { V4L2_CID_CAMSIM_FAIL_IN, "Fail In", CAMSIM_MAX_FRAMES },
	[CAMSIM_UNPLUG] = { V4L2_CID_CAMSIM_UNPLUG_IN, "Unplug In",
			    CAMSIM_MAX_FRAMES },
	[CAMSIM_STALL_MS] = { V4L2_CID_CAMSIM_STALL_MS, "Stall ms", CAMSIM_MAX_STALL_MS },
	[CAMSIM_DELAY_MS] = { V4L2_CID_CAMSIM_DELAY_MS, "Delay ms", CAMSIM_MAX_DELAY_MS },
	[CAMSIM_SOURCE_WIDTH] = { V4L2_CID_CAMSIM_SOURCE_WIDTH, "Source Width",
				  CAMSIM_MAX_WIDTH },
	[CAMSIM_SOURCE_HEIGHT] = { V4L2_CID_CAMSIM_SOURCE_HEIGHT, "Source Height",
				   CAMSIM_MAX_HEIGHT },
	[CAMSIM_SOURCE_RATE] = { V4L2_CID_CAMSIM_SOURCE_RATE, "Source Rate", CAMSIM_MAX_RATE },
};

static struct camsim *camsim_of_control(const struct v4l2_ctrl *ctrl)
{
	return container_of(ctrl->handler, struct camsim, ctrls);
}

static atomic_t *camsim_wish(struct camsim *cam, u32 id)
{
	enum camsim_wish wish = 0;

	while (camsim_wishes[wish].id != id)
		wish++;
	return &cam->misbehaviour.wishes[wish];
}

static int camsim_wish_set(struct v4l2_ctrl *ctrl)
{
	atomic_set(camsim_wish(camsim_of_control(ctrl), ctrl->id), ctrl->val);
	return 0;
}

/* What is left of it */
static int camsim_wish_get(struct v4l2_ctrl *ctrl)
{
	ctrl->val = atomic_read(camsim_wish(camsim_of_control(ctrl), ctrl->id));
	return 0;
}

static const struct v4l2_ctrl_ops camsim_wish_ops = {
	.s_ctrl = camsim_wish_set,
	.g_volatile_ctrl = camsim_wish_get,
};

static int camsim_late_get(struct v4l2_ctrl *ctrl)
{
	ctrl->val = atomic_read(&camsim_of_control(ctrl)->misbehaviour.late);
	return 0;
}

static const struct v4l2_ctrl_ops camsim_late_ops = {
	.g_volatile_ctrl = camsim_late_get,
};

static const struct v4l2_ctrl_config camsim_class_control = {
	.id = V4L2_CID_CAMSIM_CLASS,
	.name = "camsim Controls",
	.type = V4L2_CTRL_TYPE_CTRL_CLASS,
	.flags = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_WRITE_ONLY,
};

static const struct v4l2_ctrl_config camsim_early_fences_control = {
	.id = V4L2_CID_CAMSIM_EARLY_FENCES,
	.name = "Early Fences",
	.type = V4L2_CTRL_TYPE_BOOLEAN,
	.max = 1,
	.step = 1,
};

static const struct v4l2_ctrl_config camsim_late_control = {
	.ops = &camsim_late_ops,
	.id = V4L2_CID_CAMSIM_LATE_FRAMES,
	.name = "Late Frames",
	.type = V4L2_CTRL_TYPE_INTEGER,
	.flags = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_VOLATILE,
	.max = S32_MAX,
	.step = 1,
};

static void camsim_wish_init(struct camsim *cam, const struct camsim_wish_info *info)
{
	const struct v4l2_ctrl_config config = {
		.ops = &camsim_wish_ops,
		.id = info->id,
		.name = info->name,
		.type = V4L2_CTRL_TYPE_INTEGER,
		.flags = V4L2_CTRL_FLAG_VOLATILE | V4L2_CTRL_FLAG_EXECUTE_ON_WRITE,
		.max = info->max,
		.step = 1,
	};

	v4l2_ctrl_new_custom(&cam->ctrls, &config, NULL);
}

/**
 * camsim_misbehave_due - has the moment come?
 * @cam: the camera.
 * @wish: something that is to happen in some frames.
 *
 * Called once for each frame.
 *
 * Return: whether it is to happen with this one.
 */
bool camsim_misbehave_due(struct camsim *cam, enum camsim_wish wish)
{
	return !atomic_dec_if_positive(&cam->misbehaviour.wishes[wish]);
}

/**
 * camsim_misbehave_take_frame - what is to go wrong with the next frame
 * @cam: the camera.
 *
 * Return: BIT(CAMSIM_DROP) .. BIT(CAMSIM_WRONG_SEQUENCE). With a dropped frame
 * nothing else goes wrong.
 */
unsigned int camsim_misbehave_take_frame(struct camsim *cam)
{
	unsigned int taken = 0;
	enum camsim_wish wish;

	for (wish = CAMSIM_DROP; wish <= CAMSIM_WRONG_SEQUENCE; wish++) {
		if (atomic_dec_if_positive(&cam->misbehaviour.wishes[wish]) < 0)
			continue;
		taken |= BIT(wish);
		if (wish == CAMSIM_DROP)
			break;
	}
	return taken;
}

/* Milliseconds, once; 0: none */
unsigned int camsim_misbehave_take_stall(struct camsim *cam)
{
	return atomic_xchg(&cam->misbehaviour.wishes[CAMSIM_STALL_MS], 0);
}

/* Milliseconds, for each frame */
unsigned int camsim_misbehave_delay(struct camsim *cam)
{
	return atomic_read(&cam->misbehaviour.wishes[CAMSIM_DELAY_MS]);
}

/**
 * camsim_misbehave_source_change - does the source change, and to what?
 * @cam: the camera. Called once for each frame.
 * @mode: out, if it does: to what.
 *
 * Return: whether this frame is the last one before.
 */
bool camsim_misbehave_source_change(struct camsim *cam, struct camsim_source_mode *mode)
{
	const atomic_t *wishes = cam->misbehaviour.wishes;

	*mode = (struct camsim_source_mode) {
		.width = atomic_read(&wishes[CAMSIM_SOURCE_WIDTH]),
		.height = atomic_read(&wishes[CAMSIM_SOURCE_HEIGHT]),
		.rate = atomic_read(&wishes[CAMSIM_SOURCE_RATE]),
	};
	return camsim_misbehave_due(cam, CAMSIM_CHANGE_SOURCE);
}

/* Cameras are unplugged here: their streams cannot wait for their own end. */
static struct workqueue_struct *camsim_unplug_wq;

int camsim_misbehave_module_init(void)
{
	camsim_unplug_wq = alloc_workqueue("camsim-unplug", WQ_UNBOUND, 0);
	return camsim_unplug_wq ? 0 : -ENOMEM;
}

/* All cameras are gone. */
void camsim_misbehave_module_exit(void)
{
	destroy_workqueue(camsim_unplug_wq);
}

/* What the work holds */
static void camsim_unplug_put(struct camsim *cam)
{
	struct device *parent = cam->parent;

	v4l2_device_put(&cam->v4l2_dev);
	put_device(parent);
}

static void camsim_unplug_work(struct work_struct *work)
{
	struct camsim *cam = container_of(work, struct camsim, unplug);

	device_release_driver(cam->parent);
	camsim_unplug_put(cam);
}

/**
 * camsim_misbehave_unplug - take the camera away from whoever uses it
 * @cam: the camera, streaming. Called once in a stream, by what the removal stops.
 *
 * As if somebody wrote to the driver's file unbind in sysfs, soon.
 */
void camsim_misbehave_unplug(struct camsim *cam)
{
	get_device(cam->parent);
	v4l2_device_get(&cam->v4l2_dev);
	if (!queue_work(camsim_unplug_wq, &cam->unplug))
		camsim_unplug_put(cam);
}

/* For the driver's remove(): it happens already. */
void camsim_misbehave_unplug_cancel(struct camsim *cam)
{
	if (cancel_work(&cam->unplug))
		camsim_unplug_put(cam);
}

/**
 * camsim_misbehave_init - add the private controls
 * @cam: the camera, its control handler initialised.
 *
 * Return: 0 or an error.
 */
int camsim_misbehave_init(struct camsim *cam)
{
	enum camsim_wish wish;

	INIT_WORK(&cam->unplug, camsim_unplug_work);
	v4l2_ctrl_new_custom(&cam->ctrls, &camsim_class_control, NULL);
	cam->early_fences = v4l2_ctrl_new_custom(&cam->ctrls, &camsim_early_fences_control, NULL);
	v4l2_ctrl_new_custom(&cam->ctrls, &camsim_late_control, NULL);
	for (wish = 0; wish < CAMSIM_NUM_WISHES; wish++)
		camsim_wish_init(cam, &camsim_wishes[wish]);
	return cam->ctrls.error;
}
