// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: formats of pads
 *
 * One picture format runs through the whole graph: the sensor makes it, the
 * bridge passes it on. Whoever speaks last decides. VIDIOC_S_FMT on the capture
 * node sets the format of all pads, so that a client which knows nothing of the
 * graph never meets it; VIDIOC_SUBDEV_S_FMT sets the format of one sub-device
 * and of nothing else. VIDIOC_STREAMON demands that all agree, else it is EPIPE.
 */

/**
 * DOC: sub-devices and the media device
 *
 * A sub-device's node can be opened until the very moment in which the camera goes.
 * Where its V4L2 device has a media device, opening looks into that without a
 * lock, and finds that it is no more (as of 7.2). So the sub-devices have a V4L2
 * device of their own, which has none, and what V4L2 would do for them in the
 * media device is done here.
 */
#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#include <media/v4l2-event.h>
#include <media/v4l2-mediabus.h>

#include "camsim_config.h"
#include "camsim_drv.h"
#include "camsim_event.h"
#include "camsim_format.h"
#include "camsim_graph.h"
#include "camsim_producer.h"

static struct camsim *bridge_to_camsim(struct v4l2_subdev *sd)
{
	return container_of(sd, struct camsim, graph.bridge);
}

/**
 * camsim_graph_enum_format - pixel formats, of one kind on the bus or all
 * @cam: the camera.
 * @code: MEDIA_BUS_FMT_* that the pixel formats are made from, or 0 for any.
 * @index: which one.
 *
 * Return: the pixel format, or %NULL after the last one.
 */
const struct camsim_format *camsim_graph_enum_format(const struct camsim *cam, u32 code, u32 index)
{
	const struct v4l2_pix_format_mplane *fixed = camsim_producer_picture(cam);
	const struct camsim_format *format;
	u32 i;

	for (i = 0; (format = camsim_format_by_index(i, cam->mplane)); i++)
		if ((!code || format->bus_code == code) &&
		    (!fixed || format->fourcc == fixed->pixelformat) && !index--)
			return format;
	return NULL;
}

/* Several pixel formats may be made from one format on the bus; the first one stands for it. */
static const struct camsim_format *camsim_format_by_code(u32 code)
{
	const struct camsim_format *format;
	u32 i;

	for (i = 0; (format = camsim_format_by_index(i, false)); i++)
		if (format->bus_code == code)
			return format;
	return NULL;
}

static u32 camsim_code_by_index(u32 index)
{
	const struct camsim_format *format;
	u32 i;

	for (i = 0; (format = camsim_format_by_index(i, false)); i++)
		if (camsim_format_by_code(format->bus_code) == format && !index--)
			return format->bus_code;
	return 0;
}

/**
 * camsim_graph_fit_format - make a format of a pad one that there is
 * @bus: the wanted code and size; becomes the nearest one.
 */
void camsim_graph_fit_format(struct v4l2_mbus_framefmt *bus)
{
	const struct camsim_format *format = camsim_format_by_code(bus->code);
	struct v4l2_pix_format_mplane pix = { .width = bus->width, .height = bus->height };

	if (!format)
		format = camsim_format_by_index(0, false);

	pix.pixelformat = format->fourcc;
	camsim_format_adjust(&pix, false);
	*bus = (struct v4l2_mbus_framefmt) {};
	v4l2_fill_mbus_format_mplane(bus, &pix);
	bus->code = format->bus_code;
}

/* What the capture node's format is made from. */
static struct v4l2_mbus_framefmt camsim_capture_bus_format(const struct camsim *cam)
{
	struct v4l2_mbus_framefmt bus = {};

	lockdep_assert_held(&cam->lock);

	v4l2_fill_mbus_format_mplane(&bus, &cam->pix);
	bus.code = camsim_format_by_fourcc(cam->pix.pixelformat, true)->bus_code;
	return bus;
}

static struct v4l2_mbus_framefmt camsim_active_format(struct v4l2_subdev *sd, u32 pad)
{
	guard(mutex)(sd->state_lock);
	return *v4l2_subdev_state_get_format(sd->active_state, pad);
}

static int camsim_refuse_link(struct camsim *cam, const char *from,
			      const struct v4l2_mbus_framefmt *source, const char *to,
			      const struct v4l2_mbus_framefmt *sink)
{
	return simbuf_refuse(-EPIPE, NULL, cam->sd,
			     "the %s sends %ux%u, bus code %#x; the %s expects %ux%u, bus code %#x",
			     from, source->width, source->height, source->code, to, sink->width,
			     sink->height, sink->code);
}

int camsim_graph_enum_code(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
			   struct v4l2_subdev_mbus_code_enum *arg)
{
	u32 code = camsim_code_by_index(arg->index);

	if (!code)
		return -EINVAL;
	arg->code = code;
	return 0;
}

bool camsim_graph_knows_code(u32 code)
{
	return camsim_format_by_code(code);
}

/* Any size will do. */
int camsim_graph_enum_size(struct v4l2_subdev_frame_size_enum *arg)
{
	if (!camsim_graph_knows_code(arg->code))
		return -EINVAL;

	arg->min_width = CAMSIM_MIN_WIDTH;
	arg->max_width = CAMSIM_MAX_WIDTH;
	arg->min_height = CAMSIM_MIN_HEIGHT;
	arg->max_height = CAMSIM_MAX_HEIGHT;
	return 0;
}

/* The bridge: one format, set where the sensor comes in. */

static int camsim_bridge_enum_size(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
				   struct v4l2_subdev_frame_size_enum *arg)
{
	return arg->index ? -EINVAL : camsim_graph_enum_size(arg);
}

static void camsim_bridge_set_state(struct v4l2_subdev_state *state,
				    const struct v4l2_mbus_framefmt *format)
{
	enum camsim_bridge_pad pad;

	for (pad = 0; pad < CAMSIM_NUM_BRIDGE_PADS; pad++)
		*v4l2_subdev_state_get_format(state, pad) = *format;
}

static int camsim_bridge_set_fmt(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
				 struct v4l2_subdev_format *arg)
{
	struct camsim_graph *graph = &bridge_to_camsim(sd)->graph;

	if (arg->pad != CAMSIM_BRIDGE_SENSOR)
		return v4l2_subdev_get_fmt(sd, state, arg);
	if (arg->which == V4L2_SUBDEV_FORMAT_ACTIVE && graph->streaming)
		return -EBUSY;

	camsim_graph_fit_format(&arg->format);
	camsim_bridge_set_state(state, &arg->format);
	return 0;
}

static int camsim_bridge_init_state(struct v4l2_subdev *sd, struct v4l2_subdev_state *state)
{
	struct v4l2_subdev *sensor = &bridge_to_camsim(sd)->sensor.sd;

	camsim_bridge_set_state(state, v4l2_subdev_state_get_format(sensor->active_state, 0));
	return 0;
}

static const struct v4l2_subdev_pad_ops camsim_bridge_pad_ops = {
	.enum_mbus_code = camsim_graph_enum_code,
	.enum_frame_size = camsim_bridge_enum_size,
	.get_fmt = v4l2_subdev_get_fmt,
	.set_fmt = camsim_bridge_set_fmt,
};

static int camsim_bridge_subscribe_event(struct v4l2_subdev *sd, struct v4l2_fh *fh,
					 struct v4l2_event_subscription *sub)
{
	return camsim_event_subscribe_frame_sync(fh, sub);
}

static const struct v4l2_subdev_core_ops camsim_bridge_core_ops = {
	.subscribe_event = camsim_bridge_subscribe_event,
	.unsubscribe_event = v4l2_event_subdev_unsubscribe,
};

static const struct v4l2_subdev_ops camsim_bridge_ops = {
	.core = &camsim_bridge_core_ops,
	.pad = &camsim_bridge_pad_ops,
};

static const struct v4l2_subdev_internal_ops camsim_bridge_internal_ops = {
	.init_state = camsim_bridge_init_state,
};

/* A producer comes and goes while the camera streams: its pad is not part of that. */
static bool camsim_bridge_has_pad_interdep(struct media_entity *entity, unsigned int a,
					   unsigned int b)
{
	return a != CAMSIM_BRIDGE_PRODUCER && b != CAMSIM_BRIDGE_PRODUCER;
}

static int camsim_bridge_link_validate(struct media_link *link)
{
	struct v4l2_subdev *bridge = media_entity_to_v4l2_subdev(link->sink->entity);
	struct camsim *cam = bridge_to_camsim(bridge);
	struct v4l2_mbus_framefmt source, sink;
	int err;

	err = v4l2_subdev_link_validate(link);
	if (err != -EPIPE)
		return err;

	source = camsim_active_format(&cam->sensor.sd, link->source->index);
	sink = camsim_active_format(bridge, link->sink->index);
	return camsim_refuse_link(cam, "sensor", &source, "bridge", &sink);
}

static const struct media_entity_operations camsim_bridge_entity_ops = {
	.link_validate = camsim_bridge_link_validate,
	.has_pad_interdep = camsim_bridge_has_pad_interdep,
};

/* The capture node */

static int camsim_capture_link_validate(struct media_link *link)
{
	struct camsim *cam = container_of(link->sink->entity, struct camsim, vdev.entity);
	const struct v4l2_mbus_framefmt wanted = camsim_capture_bus_format(cam);
	const struct v4l2_mbus_framefmt bus =
		camsim_active_format(&cam->graph.bridge, link->source->index);

	if (bus.code != wanted.code || bus.width != wanted.width || bus.height != wanted.height)
		return camsim_refuse_link(cam, "bridge", &bus, "capture node", &wanted);
	return 0;
}

static const struct media_entity_operations camsim_capture_entity_ops = {
	.link_validate = camsim_capture_link_validate,
};

/**
 * camsim_graph_set_format - let all pads have the capture node's format
 * @cam: the camera, its lock held, not streaming, or at the end of a stream.
 */
void camsim_graph_set_format(struct camsim *cam)
{
	const struct v4l2_mbus_framefmt bus = camsim_capture_bus_format(cam);

	guard(mutex)(cam->ctrls.lock);
	camsim_sensor_set_format(cam, &bus);
	camsim_bridge_set_state(cam->graph.bridge.active_state, &bus);
}

/* What a stream is made from cannot change while there is one. */
static void camsim_graph_hold(struct camsim *cam, bool streaming)
{
	guard(mutex)(cam->ctrls.lock);
	cam->graph.streaming = streaming;
	__v4l2_ctrl_grab(cam->sensor.vblank, streaming);
}

/**
 * camsim_graph_start - see that all formats agree, and hold them
 * @cam: the camera, its lock held.
 *
 * Return: 0, or EPIPE when a client has set pads to something else.
 */
int camsim_graph_start(struct camsim *cam)
{
	int err;

	camsim_graph_hold(cam, true);
	err = video_device_pipeline_start(&cam->vdev, &cam->graph.pipe);
	if (err)
		camsim_graph_hold(cam, false);
	return err;
}

/**
 * camsim_graph_stop - undo camsim_graph_start()
 * @cam: the camera, its lock held.
 */
void camsim_graph_stop(struct camsim *cam)
{
	video_device_pipeline_stop(&cam->vdev);
	camsim_graph_hold(cam, false);
}

/**
 * camsim_graph_init_subdev - what all sub-devices have in common
 * @cam: the camera.
 * @sd: its sub-device, with operations and function.
 * @name: what it is called after the camera.
 * @pads: its pads, with flags.
 * @num_pads: how many.
 *
 * Return: 0 or an error.
 */
int camsim_graph_init_subdev(struct camsim *cam, struct v4l2_subdev *sd, const char *name,
			     struct media_pad *pads, unsigned int num_pads)
{
	int err;

	err = media_entity_pads_init(&sd->entity, num_pads, pads);
	if (err)
		return err;

	sd->flags = V4L2_SUBDEV_FL_HAS_DEVNODE | V4L2_SUBDEV_FL_HAS_EVENTS;
	sd->owner = THIS_MODULE;
	sd->dev = cam->graph.mdev.dev;
	sd->state_lock = cam->ctrls.lock;
	snprintf(sd->name, sizeof(sd->name), "%s %s", cam->v4l2_dev.name, name);
	return v4l2_subdev_init_finalize(sd);
}

static int camsim_bridge_init(struct camsim *cam)
{
	struct camsim_graph *graph = &cam->graph;
	struct v4l2_subdev *sd = &graph->bridge;

	v4l2_subdev_init(sd, &camsim_bridge_ops);
	sd->internal_ops = &camsim_bridge_internal_ops;
	sd->entity.function = MEDIA_ENT_F_VID_IF_BRIDGE;
	sd->entity.ops = &camsim_bridge_entity_ops;
	graph->bridge_pads[CAMSIM_BRIDGE_SENSOR].flags = MEDIA_PAD_FL_SINK;
	graph->bridge_pads[CAMSIM_BRIDGE_PRODUCER].flags = MEDIA_PAD_FL_SINK;
	graph->bridge_pads[CAMSIM_BRIDGE_SOURCE].flags = MEDIA_PAD_FL_SOURCE;
	return camsim_graph_init_subdev(cam, sd, "csi", graph->bridge_pads, CAMSIM_NUM_BRIDGE_PADS);
}

/* Their last reference is gone: no file of theirs is open. */
static void camsim_subdevs_release(struct v4l2_device *subdevs)
{
	struct camsim *cam = container_of(subdevs, struct camsim, graph.subdevs);

	v4l2_device_unregister(subdevs);
	v4l2_device_put(&cam->v4l2_dev);
}

/**
 * camsim_media_init - prepare the media device, with nothing in it
 * @cam: the camera, its V4L2 device registered.
 * @pdev: its parent.
 *
 * The release of the V4L2 device has to call camsim_graph_cleanup().
 */
void camsim_media_init(struct camsim *cam, struct platform_device *pdev)
{
	const struct camsim_config *config = dev_get_platdata(&pdev->dev);
	struct media_device *mdev = &cam->graph.mdev;

	mdev->dev = &pdev->dev;
	/* Without it, an ioctl that is late would look for the name of no driver. */
	strscpy(mdev->driver_name, config->media_driver);
	snprintf(mdev->model, sizeof(mdev->model), "%s camera %u", CAMSIM_NAME, cam->index);
	snprintf(mdev->bus_info, sizeof(mdev->bus_info), "platform:%s-%03u", CAMSIM_NAME,
		 cam->index);
	media_device_init(mdev);
	cam->v4l2_dev.mdev = mdev;
}

/**
 * camsim_graph_init - prepare the graph, unknown to userspace so far
 * @cam: the camera, its media device prepared, its controls added.
 *
 * Return: 0, and then camsim_graph_put() is due; or an error.
 */
int camsim_graph_init(struct camsim *cam)
{
	struct camsim_graph *graph = &cam->graph;
	int err;

	cam->vdev.entity.ops = &camsim_capture_entity_ops;
	graph->capture_pad.flags = MEDIA_PAD_FL_SINK;
	err = media_entity_pads_init(&cam->vdev.entity, 1, &graph->capture_pad);
	if (err)
		return err;
	err = camsim_sensor_init(cam);
	if (err)
		return err;
	err = camsim_bridge_init(cam);
	if (err)
		return err;

	strscpy(graph->subdevs.name, cam->v4l2_dev.name);
	err = v4l2_device_register(cam->parent, &graph->subdevs);
	if (err)
		return err;
	graph->subdevs.release = camsim_subdevs_release;
	v4l2_device_get(&cam->v4l2_dev);
	return 0;
}

/**
 * camsim_graph_put - let go of the sub-devices
 * @cam: the camera, its graph set up, by now unregistered.
 *
 * Those whose files are open stay until these are closed.
 */
void camsim_graph_put(struct camsim *cam)
{
	v4l2_device_disconnect(&cam->graph.subdevs);
	v4l2_device_put(&cam->graph.subdevs);
}

/* The hardware is wired like this, for good. */
static int camsim_graph_link(struct media_entity *source, u16 source_pad,
			     struct media_entity *sink, u16 sink_pad)
{
	return media_create_pad_link(source, source_pad, sink, sink_pad,
				     MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_IMMUTABLE);
}

/* The media device's last file is closed. */
static void camsim_media_release(struct media_devnode *devnode)
{
	struct camsim *cam = container_of((struct media_device *)dev_get_drvdata(&devnode->dev),
					  struct camsim, graph.mdev);

	v4l2_device_put(&cam->v4l2_dev);
}

static int camsim_media_register(struct camsim *cam)
{
	struct media_device *mdev = &cam->graph.mdev;
	int err;

	err = media_device_register(mdev);
	if (err)
		return err;
	/* An ioctl that is at work when the camera goes uses the media device to its end. */
	v4l2_device_get(&cam->v4l2_dev);
	dev_set_drvdata(&mdev->devnode->dev, mdev);	/* 7.2 does so itself */
	mdev->devnode->release = camsim_media_release;
	return 0;
}

static int camsim_graph_add(struct camsim *cam, struct v4l2_subdev *sd)
{
	int err;

	err = v4l2_device_register_subdev(&cam->graph.subdevs, sd);
	if (err)
		return err;
	return media_device_register_entity(&cam->graph.mdev, &sd->entity);
}

/**
 * camsim_graph_register - make the sub-devices known to userspace
 * @cam: the camera, its graph set up.
 *
 * Before the capture node, since a stream tells the bridge's clients of its frames.
 *
 * Return: 0 or an error; camsim_graph_unregister() is due in any case.
 */
int camsim_graph_register(struct camsim *cam)
{
	int err;

	err = camsim_graph_add(cam, &cam->sensor.sd);
	if (err)
		return err;
	err = camsim_graph_add(cam, &cam->graph.bridge);
	if (err)
		return err;
	return v4l2_device_register_subdev_nodes(&cam->graph.subdevs);
}

/* The node of a sub-device becomes known to the media device. */
static int camsim_graph_add_node(struct camsim *cam, struct v4l2_subdev *sd,
				 struct media_intf_devnode **interface)
{
	sd->entity.info.dev.major = VIDEO_MAJOR;
	sd->entity.info.dev.minor = sd->devnode->minor;
	*interface = media_devnode_create(&cam->graph.mdev, MEDIA_INTF_T_V4L_SUBDEV, 0,
					  VIDEO_MAJOR, sd->devnode->minor);
	if (!*interface)
		return -ENOMEM;
	if (!media_create_intf_link(&sd->entity, &(*interface)->intf,
				    MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_IMMUTABLE))
		return -ENOMEM;
	return 0;
}

/**
 * camsim_graph_register_node - make a video node, which is an entity of the graph, known
 * @vdev: the node.
 *
 * Return: 0 or an error; then it need not be unregistered.
 */
int camsim_graph_register_node(struct video_device *vdev)
{
	int err = video_register_device(vdev, VFL_TYPE_VIDEO, -1);

	if (err || vdev->entity.graph_obj.mdev)
		return err;
	/*
	 * There was no memory for the entity: that function (as of 7.2) does not say so, and
	 * release would free what is not there, but for M2M nodes, which are not in the graph.
	 */
	vdev->vfl_dir = VFL_DIR_M2M;
	vb2_video_unregister_device(vdev);
	return -ENOMEM;
}

/**
 * camsim_graph_complete - wire everything, and make the media device known
 * @cam: the camera, its sub-devices and its capture node registered.
 *
 * Return: 0 or an error; camsim_graph_unregister() is due in any case.
 */
int camsim_graph_complete(struct camsim *cam)
{
	struct camsim_graph *graph = &cam->graph;
	int err;

	err = camsim_graph_add_node(cam, &cam->sensor.sd, &graph->interfaces[0]);
	if (err)
		return err;
	err = camsim_graph_add_node(cam, &graph->bridge, &graph->interfaces[1]);
	if (err)
		return err;

	err = camsim_graph_link(&cam->sensor.sd.entity, 0, &graph->bridge.entity,
				CAMSIM_BRIDGE_SENSOR);
	if (err)
		return err;
	err = camsim_graph_link(&graph->bridge.entity, CAMSIM_BRIDGE_SOURCE, &cam->vdev.entity, 0);
	if (err)
		return err;
	if (cam->producer)
		err = camsim_graph_link(&cam->producer->vdev.entity, 0, &graph->bridge.entity,
					CAMSIM_BRIDGE_PRODUCER);
	if (err)
		return err;
	return camsim_media_register(cam);
}

/**
 * camsim_graph_unregister - hide the graph from userspace
 * @cam: the camera, unplugged.
 *
 * The sub-devices themselves stay until camsim_graph_put() and their last file's end.
 */
void camsim_graph_unregister(struct camsim *cam)
{
	video_unregister_device(cam->sensor.sd.devnode);
	video_unregister_device(cam->graph.bridge.devnode);
	media_device_unregister(&cam->graph.mdev);
}

/**
 * camsim_graph_cleanup - free media device and graph, however far they were set up
 * @cam: the camera, that nobody uses any more.
 */
void camsim_graph_cleanup(struct camsim *cam)
{
	struct camsim_graph *graph = &cam->graph;
	unsigned int i;

	v4l2_subdev_cleanup(&graph->bridge);
	v4l2_subdev_cleanup(&cam->sensor.sd);
	for (i = 0; i < CAMSIM_NUM_SUBDEVS; i++)
		if (graph->interfaces[i])
			media_devnode_remove(graph->interfaces[i]);
	media_device_unregister_entity(&graph->bridge.entity);
	media_device_unregister_entity(&cam->sensor.sd.entity);
	media_entity_cleanup(&graph->bridge.entity);
	media_entity_cleanup(&cam->sensor.sd.entity);
	media_entity_cleanup(&cam->vdev.entity);
	media_device_cleanup(&graph->mdev);
}
