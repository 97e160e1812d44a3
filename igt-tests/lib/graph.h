/* SPDX-License-Identifier: MIT */
/*
 * A camera's media device: its topology, its sub-devices, the formats of their pads.
 */
#ifndef LAB_GRAPH_H
#define LAB_GRAPH_H

#include <linux/media.h>
#include <linux/v4l2-subdev.h>
#include <stdint.h>

#define LAB_MAX_ENTITIES	8
#define LAB_MAX_PADS		16
#define LAB_MAX_LINKS		32

/**
 * struct lab_graph - an open media device and what is in it
 * @fd: /dev/mediaN.
 * @info: what it says about itself.
 * @entities: its entities.
 * @pads: their pads.
 * @links: links between pads, and between entities and interfaces.
 * @interfaces: device nodes.
 * @num_entities: how many entities there are.
 * @num_pads: pads.
 * @num_links: links.
 * @num_interfaces: interfaces.
 */
struct lab_graph {
	int fd;
	struct media_device_info info;
	struct media_v2_entity entities[LAB_MAX_ENTITIES];
	struct media_v2_pad pads[LAB_MAX_PADS];
	struct media_v2_link links[LAB_MAX_LINKS];
	struct media_v2_interface interfaces[LAB_MAX_ENTITIES];
	uint32_t num_entities;
	uint32_t num_pads;
	uint32_t num_links;
	uint32_t num_interfaces;
};

/* The media device of camera number @camera; asserts that there is one. */
void lab_graph_open(struct lab_graph *graph, unsigned int camera);
void lab_graph_close(struct lab_graph *graph);

/* The entity whose name ends with a space and @name; asserts that there is one. */
const struct media_v2_entity *lab_graph_entity(const struct lab_graph *graph, const char *name);
/* Its pad number @index */
const struct media_v2_pad *lab_graph_pad(const struct lab_graph *graph, const char *name,
					 uint32_t index);
/* Its device node, opened */
int lab_graph_node(const struct lab_graph *graph, const char *name);

/* VIDIOC_SUBDEV_G_FMT; asserts success. @which: V4L2_SUBDEV_FORMAT_ACTIVE or _TRY */
struct v4l2_mbus_framefmt lab_pad_get(int subdev, uint32_t which, uint32_t pad);
/* VIDIOC_SUBDEV_S_FMT; 0 or the negative error number. @format: what comes back, if not NULL */
int lab_pad_set(int subdev, uint32_t which, uint32_t pad, uint32_t code, uint32_t width,
		uint32_t height, struct v4l2_mbus_framefmt *format);

#endif /* LAB_GRAPH_H */
