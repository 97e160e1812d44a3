/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The media graph: sensor, CSI bridge, and the pads' formats.
 */
#ifndef _CAMSIM_GRAPH_H_
#define _CAMSIM_GRAPH_H_

#include <linux/mutex.h>

#include <media/media-device.h>
#include <media/media-entity.h>
#include <media/v4l2-subdev.h>

struct camsim;
struct camsim_format;
struct platform_device;

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
 * @lock: protects the active state of both sub-devices, and @streaming.
 * @streaming: formats of pads must stay as they are.
 * @sensor: sub-device with one source pad.
 * @sensor_pad: of @sensor.
 * @bridge: sub-device: the CSI receiver, and the way in for a producer's frames.
 * @bridge_pads: of @bridge, see &enum camsim_bridge_pad.
 * @capture_pad: of the capture node.
 * @pipe: what streams, when the capture node does.
 */
struct camsim_graph {
	struct media_device mdev;
	/* protects the active state of both sub-devices, and streaming */
	struct mutex lock;
	bool streaming;
	struct v4l2_subdev sensor;
	struct media_pad sensor_pad;
	struct v4l2_subdev bridge;
	struct media_pad bridge_pads[CAMSIM_NUM_BRIDGE_PADS];
	struct media_pad capture_pad;
	struct media_pipeline pipe;
};

int camsim_graph_init(struct camsim *cam, struct platform_device *pdev);
int camsim_graph_register(struct camsim *cam);
void camsim_graph_unregister(struct camsim *cam);
void camsim_graph_cleanup(struct camsim *cam);

const struct camsim_format *camsim_graph_enum_format(const struct camsim *cam, u32 code, u32 index);
void camsim_graph_set_format(struct camsim *cam);
int camsim_graph_start(struct camsim *cam);
void camsim_graph_stop(struct camsim *cam);

#endif /* _CAMSIM_GRAPH_H_ */
