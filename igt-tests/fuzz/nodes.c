// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>
#include "nodes.h"

static const struct {
	enum fuzz_class class;
	const char *prefix;
} classes[] = {
	{ FUZZ_RENDER, "/dev/dri/renderD" }, { FUZZ_PRIMARY, "/dev/dri/card" },
	{ FUZZ_VIDEO, "/dev/video" }, { FUZZ_SUBDEV, "/dev/v4l-subdev" },
	{ FUZZ_MEDIA, "/dev/media" },
};

static void add_node(struct fuzz_nodes *nodes, const char *path)
{
	for (unsigned int i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (strncmp(path, classes[i].prefix, strlen(classes[i].prefix)) ||
		    nodes->count == FUZZ_MAX_NODES)
			continue;
		nodes->at[nodes->count].class = classes[i].class;
		snprintf(nodes->at[nodes->count++].path, sizeof(nodes->at->path), "%s", path);
	}
}

static void add_object(struct fuzz_nodes *nodes, int fd, uint32_t type, uint32_t id)
{
	struct fuzz_object *object = &nodes->objects[nodes->object_count];
	drmModeObjectProperties *properties;

	if (nodes->object_count == FUZZ_MAX_OBJECTS)
		return;
	properties = drmModeObjectGetProperties(fd, id, type);
	*object = (struct fuzz_object){ .id = id, .type = type };
	for (unsigned int i = 0; properties && i < properties->count_props &&
	     i < FUZZ_MAX_PROPERTIES; i++) {
		object->properties[i] = properties->props[i];
		object->values[i] = properties->prop_values[i];
		object->count++;
	}
	drmModeFreeObjectProperties(properties);
	nodes->object_count++;
}

static void add_connector(struct fuzz_nodes *nodes, int fd, uint32_t id)
{
	drmModeConnector *connector = drmModeGetConnector(fd, id);

	if (connector && connector->count_modes && !nodes->mode.clock)
		nodes->mode = connector->modes[connector->count_modes - 1];
	drmModeFreeConnector(connector);
	add_object(nodes, fd, DRM_MODE_OBJECT_CONNECTOR, id);
}

static void find_objects(struct fuzz_nodes *nodes, int fd)
{
	drmModeRes *resources;
	drmModePlaneRes *planes;

	drmSetClientCap(fd, DRM_CLIENT_CAP_ATOMIC, 1);
	drmSetClientCap(fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1);
	resources = drmModeGetResources(fd);
	planes = drmModeGetPlaneResources(fd);
	for (int i = 0; resources && i < resources->count_crtcs; i++)
		add_object(nodes, fd, DRM_MODE_OBJECT_CRTC, resources->crtcs[i]);
	for (int i = 0; resources && i < resources->count_connectors; i++)
		add_connector(nodes, fd, resources->connectors[i]);
	for (unsigned int i = 0; planes && i < planes->count_planes; i++)
		add_object(nodes, fd, DRM_MODE_OBJECT_PLANE, planes->planes[i]);
	drmModeFreePlaneResources(planes);
	drmModeFreeResources(resources);
}

bool fuzz_nodes_add(struct fuzz_nodes *nodes, const char *list)
{
	FILE *stream = fopen(list, "r");
	char line[64];

	if (!stream) {
		perror(list);
		return false;
	}
	while (fgets(line, sizeof(line), stream)) {
		line[strcspn(line, "\n")] = 0;
		add_node(nodes, line);
	}
	fclose(stream);
	return true;
}

void fuzz_nodes_find_objects(struct fuzz_nodes *nodes)
{
	int primary = fuzz_node(nodes, FUZZ_PRIMARY, 0);
	int fd = primary < 0 ? -1 : open(nodes->at[primary].path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	find_objects(nodes, fd);
	close(fd);
}

int fuzz_node(const struct fuzz_nodes *nodes, enum fuzz_class class, uint8_t which)
{
	unsigned int of_class = 0;

	for (unsigned int i = 0; i < nodes->count; i++)
		of_class += nodes->at[i].class == class;
	if (!of_class)
		return -1;
	which %= of_class;
	for (unsigned int i = 0; ; i++) {
		if (nodes->at[i].class == class && !which--)
			return i;
	}
}

const struct fuzz_object *fuzz_object(const struct fuzz_nodes *nodes, uint32_t type, uint8_t which)
{
	unsigned int of_type = 0;

	for (unsigned int i = 0; i < nodes->object_count; i++)
		of_type += nodes->objects[i].type == type || type == DRM_MODE_OBJECT_ANY;
	if (!of_type)
		return NULL;
	which %= of_type;
	for (unsigned int i = 0; ; i++) {
		const struct fuzz_object *object = &nodes->objects[i];

		if ((object->type == type || type == DRM_MODE_OBJECT_ANY) && !which--)
			return object;
	}
}
