/* SPDX-License-Identifier: MIT */
/* Who exports and who imports: the two sides of the matrix. */
#ifndef INTEROP_PARTY_H
#define INTEROP_PARTY_H

#include <stdbool.h>

#include "lab.h"
#include "port.h"

/* Where the devices of one try are */
struct place {
	const struct lab_devices *devices;
	const char *vivid;
};

/**
 * struct exporter - one that makes a buffer
 * @name: as in the report.
 * @ours: it has a profile.
 * @once: no second buffer while there is a first one.
 * @open: makes a buffer of IMAGE_BYTES or more and returns its dma-buf, or -1 with
 *	the reason in the outcome. @device: the exporting device's own port, or NULL.
 */
struct exporter {
	const char *name;
	bool ours;
	bool once;
	int (*open)(const struct port_base *base, const struct place *place,
		    struct port **device);
};

/**
 * struct importer - one that reaches others' buffers
 * @name: as in the report.
 * @ours: it has a profile.
 * @open: returns its port, not yet importing, or NULL with the reason in the outcome.
 */
struct importer {
	const char *name;
	bool ours;
	struct port *(*open)(const struct port_base *base, const struct place *place);
};

/* Each ends with one without a name. */
extern const struct exporter exporters[];
extern const struct importer importers[];

#endif
