/* SPDX-License-Identifier: MIT */
/*
 * The device nodes to feed, and what the first display has.
 */
#ifndef FUZZ_NODES_H
#define FUZZ_NODES_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drmMode.h>

#define FUZZ_MAX_NODES	32
#define FUZZ_MAX_OBJECTS	32
#define FUZZ_MAX_PROPERTIES	48

enum fuzz_class {
	FUZZ_RENDER,
	FUZZ_PRIMARY,
	FUZZ_VIDEO,
	FUZZ_SUBDEV,
	FUZZ_MEDIA,
	FUZZ_NO_NODE
};

struct fuzz_node {
	enum fuzz_class class;
	char path[64];
};

/**
 * struct fuzz_object - a KMS object of the first primary node
 * @id: its number.
 * @type: DRM_MODE_OBJECT_*.
 * @count: of properties.
 * @properties: their numbers.
 * @values: what they were at the start.
 */
struct fuzz_object {
	uint32_t id;
	uint32_t type;
	unsigned int count;
	uint32_t properties[FUZZ_MAX_PROPERTIES];
	uint64_t values[FUZZ_MAX_PROPERTIES];
};

/**
 * struct fuzz_nodes - all there is to open
 * @count: of nodes.
 * @at: the nodes, in the order in which they were added.
 * @object_count: of KMS objects.
 * @objects: CRTCs, connectors, planes.
 * @mode: a mode of the first connector that has one.
 */
struct fuzz_nodes {
	unsigned int count;
	struct fuzz_node at[FUZZ_MAX_NODES];
	unsigned int object_count;
	struct fuzz_object objects[FUZZ_MAX_OBJECTS];
	drmModeModeInfo mode;
};

/* @list: a file with a path a line, as "nodes" of a device's directory in configfs is. */
bool fuzz_nodes_add(struct fuzz_nodes *nodes, const char *list);
/* When all nodes are there */
void fuzz_nodes_find_objects(struct fuzz_nodes *nodes);
/* Index of a node of a class, the first for 0; -1 when there is none. */
int fuzz_node(const struct fuzz_nodes *nodes, enum fuzz_class class, uint8_t which);
/* An object of a type, NULL when there is none. */
const struct fuzz_object *fuzz_object(const struct fuzz_nodes *nodes, uint32_t type, uint8_t which);

#endif /* FUZZ_NODES_H */
