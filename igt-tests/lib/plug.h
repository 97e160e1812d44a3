/* SPDX-License-Identifier: MIT */
/*
 * Devices that a test makes for itself, through configfs: with the properties it wants, and
 * removed when it wants.
 */
#ifndef LAB_PLUG_H
#define LAB_PLUG_H

#include <stddef.h>

/**
 * struct lab_plugged - a directory in configfs, and the device made of it
 * @driver: "primesim" or "camsim"; "simbuf" for a profile, which becomes no device.
 * @directory: its path.
 * @id: number of the device while it is live, or -1.
 */
struct lab_plugged {
	const char *driver;
	char directory[64];
	int id;
};

/* A device that is not live yet; skips without the driver's directory in configfs. */
void lab_plug_prepare(struct lab_plugged *plugged, const char *driver, const char *name);
/* Write an attribute, such as "gpu/profile"; 0 or the negative error number */
int lab_plug_write(const struct lab_plugged *plugged, const char *attribute, const char *value);
void lab_plug_set(const struct lab_plugged *plugged, const char *attribute, const char *value);
/* Read one, all of it */
void lab_plug_read(const struct lab_plugged *plugged, const char *attribute, char *value,
		   size_t size);
/* Make it live, asserting success. */
void lab_plug_start(struct lab_plugged *plugged);
/* rmdir: the device is gone, whatever is open. */
void lab_unplug(const struct lab_plugged *plugged);

/* All at once: a GPU and display, or a camera, of one profile */
void lab_plug(struct lab_plugged *plugged, const char *driver, const char *profile);
/* With a policy too */
void lab_plug_policy(struct lab_plugged *plugged, const char *driver, const char *profile,
		     const char *policy);

/* What simbuf calls a part of it: "gpu" or "display" of primesim, "" of camsim */
const char *lab_plugged_name(const struct lab_plugged *plugged, const char *part);

/* Its nodes, opened */
int lab_plugged_render(const struct lab_plugged *plugged);
int lab_plugged_primary(const struct lab_plugged *plugged);
int lab_plugged_camera(const struct lab_plugged *plugged);
int lab_plugged_producer(const struct lab_plugged *plugged);

/* Remove what a test that failed left in configfs. */
void lab_unplug_leftovers(void);

#endif /* LAB_PLUG_H */
