/* SPDX-License-Identifier: MIT */
/*
 * Ports: one device's, or the CPU's, way to the bytes of the shared buffer.
 *
 * A try runs in a process of its own: what ports open lives until that ends, and
 * is closed by the kernel as for any program that dies.
 */
#ifndef INTEROP_PORT_H
#define INTEROP_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "outcome.h"

/* Time for a frame or a job on a slow machine */
#define PORT_WAIT_MS	5000

struct port {
	const char *name;	/* "the GPU" */
	const struct images *images;
	struct outcome *outcome;	/* gets the reason of what is not RESULT_WORKS */
	/* Makes the port reach @dmabuf: an error here is a refusal. NULL: it does already. */
	enum result (*import)(struct port *port, int dmabuf);
	/*
	 * Writes @content: the pattern of that number, or says what it has written
	 * instead. NULL: it never writes.
	 */
	enum result (*write)(struct port *port, struct content *content);
	/* Compares what is there. NULL: it never reads. */
	enum result (*read)(struct port *port, const struct content *expected);
	bool writes_frames;
	bool reads_stamp_only;
};

/* What every port is made from. */
struct port_base {
	const struct images *images;
	struct outcome *outcome;
	bool brackets;		/* CPU accesses are between DMA_BUF_IOCTL_SYNC */
};

/* All return NULL on error, with the reason in the outcome. */

/* The CPU through mmap() of @dmabuf, which stays the caller's. */
struct port *cpu_port(const struct port_base *base, int dmabuf);
/* The CPU through what a DRM driver makes of the dma-buf: @path of a node */
struct port *drm_cpu_port(const struct port_base *base, const char *path, const char *driver);
/* primesim's engine */
struct port *gpu_port(const struct port_base *base, const char *path);
/* primesim's scan-out: reads only */
struct port *display_port(const struct port_base *base, const char *path);
/* A camera that writes into imported dma-bufs */
struct port *camera_port(const struct port_base *base, const char *path);
/* A camera that writes into a buffer of its own. @dmabuf: new, the caller's. */
struct port *camera_port_own(const struct port_base *base, const char *path, int *dmabuf);

#endif
