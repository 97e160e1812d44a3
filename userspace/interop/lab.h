/* SPDX-License-Identifier: MIT */
/* The devices: ours by profile, made and removed through configfs, and the peers. */
#ifndef INTEROP_LAB_H
#define INTEROP_LAB_H

#include "../lib/error.h"

#define LAB_PATH 32

/* Device nodes of one set of our devices */
struct lab_devices {
	char gpu[LAB_PATH];
	char display[LAB_PATH];
	char camera[LAB_PATH];
};

struct lab {
	struct lab_devices standard;	/* that exist since the modules were loaded: ideal */
	struct lab_devices exporter;	/* of the profile */
	struct lab_devices importer;	/* likewise */
	char vivid[2][LAB_PATH];	/* empty when it is not loaded */
};

/* 0 or a negative errno, with a line in @error. */
int lab_init(struct lab *lab, struct pp_error *error);
int lab_plug(struct lab *lab, const char *profile, struct pp_error *error);
int lab_unplug(struct lab *lab, struct pp_error *error);

#endif
