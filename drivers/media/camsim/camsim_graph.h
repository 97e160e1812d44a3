/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The media graph: sensor, CSI bridge, and the pads' formats.
 */
#ifndef _CAMSIM_GRAPH_H_
#define _CAMSIM_GRAPH_H_

#include <linux/types.h>

#include <media/media-device.h>
#include <media/media-entity.h>
#include <media/v4l2-device.h>
#include <media/v4l2-subdev.h>

struct camsim;
struct camsim_format;
struct platform_device;

#define CAMSIM_NUM_SUBDEVS	2

/* Pads of the bridge */
enum camsim_bridge_pad {
	CAMSIM_BRIDGE_SENSOR,
	CAMSIM_BRIDGE_PRODUCER,
	CAMSIM_BRIDGE_SOURCE,
	CAMSIM_NUM_BRIDGE_PADS,
};

/**
 * struct camsim_graph - one camera's media device and its sub-devices
 * @mdev: the media device.
 * @subdevs: the V4L2 device of the sub-devices; holds a reference to the camera's.
 * @interfaces: the sub-devices' nodes, as the media device shows them.
 * @streaming: formats of pads must stay as they are. Protected by the controls' lock.
 * @bridge: sub-device: the CSI receiver, and the way in for a producer's frames.
 * @bridge_pads: of @bridge, see &enum camsim_bridge_pad.
 * @capture_pad: of the capture node.
 * @pipe: what streams, when the capture node does.
 */
struct camsim_graph {
	struct media_device mdev;
	struct v4l2_device subdevs;
	struct media_intf_devnode *interfaces[CAMSIM_NUM_SUBDEVS];
	bool streaming;
	struct v4l2_subdev bridge;
	struct media_pad bridge_pads[CAMSIM_NUM_BRIDGE_PADS];
	struct media_pad capture_pad;
	struct media_pipeline pipe;
};

void camsim_media_init(struct camsim *cam, struct platform_device *pdev);
int camsim_graph_init(struct camsim *cam);
int camsim_graph_register(struct camsim *cam);
int camsim_graph_register_node(struct video_device *vdev);
int camsim_graph_complete(struct camsim *cam);
int camsim_graph_init_subdev(struct camsim *cam, struct v4l2_subdev *sd, const char *name,
			     struct media_pad *pads, unsigned int num_pads);
void camsim_graph_unregister(struct camsim *cam);
void camsim_graph_put(struct camsim *cam);
void camsim_graph_cleanup(struct camsim *cam);

const struct camsim_format *camsim_graph_enum_format(const struct camsim *cam, u32 code, u32 index);
void camsim_graph_set_format(struct camsim *cam);
void camsim_graph_fit_format(struct v4l2_mbus_framefmt *bus);
bool camsim_graph_knows_code(u32 code);
int camsim_graph_enum_code(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
			   struct v4l2_subdev_mbus_code_enum *arg);
int camsim_graph_enum_size(struct v4l2_subdev_frame_size_enum *arg);
int camsim_graph_start(struct camsim *cam);
void camsim_graph_stop(struct camsim *cam);

#endif /* _CAMSIM_GRAPH_H_ */
