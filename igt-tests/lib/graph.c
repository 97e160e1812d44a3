// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "graph.h"
#include "lab.h"

static bool open_media(struct lab_graph *graph, unsigned int number, const char *bus_info)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/media%u", number);
	graph->fd = open(path, O_RDWR | O_CLOEXEC);
	if (graph->fd < 0)
		return false;
	if (!lab_ioctl(graph->fd, MEDIA_IOC_DEVICE_INFO, &graph->info) &&
	    !strcmp(graph->info.bus_info, bus_info))
		return true;
	close(graph->fd);
	return false;
}

static void read_topology(struct lab_graph *graph)
{
	struct media_v2_topology topology = {
		.num_entities = LAB_MAX_ENTITIES,
		.ptr_entities = (uintptr_t)graph->entities,
		.num_interfaces = LAB_MAX_ENTITIES,
		.ptr_interfaces = (uintptr_t)graph->interfaces,
		.num_pads = LAB_MAX_PADS,
		.ptr_pads = (uintptr_t)graph->pads,
		.num_links = LAB_MAX_LINKS,
		.ptr_links = (uintptr_t)graph->links,
	};

	igt_assert_eq(lab_ioctl(graph->fd, MEDIA_IOC_G_TOPOLOGY, &topology), 0);
	graph->num_entities = topology.num_entities;
	graph->num_interfaces = topology.num_interfaces;
	graph->num_pads = topology.num_pads;
	graph->num_links = topology.num_links;
}

void lab_graph_open(struct lab_graph *graph, unsigned int camera)
{
	bool found = false;
	char bus_info[32];

	*graph = (struct lab_graph){};
	snprintf(bus_info, sizeof(bus_info), "platform:camsim-%03u", camera);
	for (unsigned int i = 0; i < 64 && !found; i++)
		found = open_media(graph, i, bus_info);
	igt_assert_f(found, "no media device of %s\n", bus_info);
	read_topology(graph);
}

void lab_graph_close(struct lab_graph *graph)
{
	lab_close(graph->fd);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), wanted = strlen(end);

	return length > wanted && text[length - wanted - 1] == ' ' &&
	       !strcmp(text + length - wanted, end);
}

const struct media_v2_entity *lab_graph_entity(const struct lab_graph *graph, const char *name)
{
	for (uint32_t i = 0; i < graph->num_entities; i++)
		if (ends_with(graph->entities[i].name, name))
			return &graph->entities[i];
	igt_assert_f(false, "no entity %s\n", name);
	return NULL;
}

const struct media_v2_pad *lab_graph_pad(const struct lab_graph *graph, const char *name,
					 uint32_t index)
{
	uint32_t entity = lab_graph_entity(graph, name)->id;

	for (uint32_t i = 0; i < graph->num_pads; i++)
		if (graph->pads[i].entity_id == entity && graph->pads[i].index == index)
			return &graph->pads[i];
	igt_assert_f(false, "no pad %u of %s\n", index, name);
	return NULL;
}

/* The interface that a link of this kind connects to the entity */
static const struct media_v2_interface *interface_of(const struct lab_graph *graph,
						     uint32_t entity)
{
	for (uint32_t i = 0; i < graph->num_links; i++) {
		const struct media_v2_link *link = &graph->links[i];

		if ((link->flags & MEDIA_LNK_FL_LINK_TYPE) != MEDIA_LNK_FL_INTERFACE_LINK ||
		    link->sink_id != entity)
			continue;
		for (uint32_t j = 0; j < graph->num_interfaces; j++)
			if (graph->interfaces[j].id == link->source_id)
				return &graph->interfaces[j];
	}
	return NULL;
}

int lab_graph_node(const struct lab_graph *graph, const char *name)
{
	const struct media_v2_interface *interface;
	char path[64], target[256];
	ssize_t length;
	int fd;

	interface = interface_of(graph, lab_graph_entity(graph, name)->id);
	igt_assert_f(interface, "%s has no interface\n", name);
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u", interface->devnode.major,
		 interface->devnode.minor);
	length = readlink(path, target, sizeof(target) - 1);
	igt_assert_f(length > 0, "%s: %m\n", path);
	target[length] = 0;
	snprintf(path, sizeof(path), "/dev%.32s", strrchr(target, '/'));
	fd = open(path, O_RDWR | O_CLOEXEC);
	igt_assert_f(fd >= 0, "%s: %m\n", path);
	return fd;
}

struct v4l2_mbus_framefmt lab_pad_get(int subdev, uint32_t which, uint32_t pad)
{
	struct v4l2_subdev_format format = { .which = which, .pad = pad };

	igt_assert_eq(lab_ioctl(subdev, VIDIOC_SUBDEV_G_FMT, &format), 0);
	return format.format;
}

int lab_pad_set(int subdev, uint32_t which, uint32_t pad, uint32_t code, uint32_t width,
		uint32_t height, struct v4l2_mbus_framefmt *format)
{
	struct v4l2_subdev_format arg = {
		.which = which,
		.pad = pad,
		.format = { .code = code, .width = width, .height = height },
	};
	int err = lab_ioctl(subdev, VIDIOC_SUBDEV_S_FMT, &arg);

	if (format)
		*format = arg.format;
	return err;
}
