/* SPDX-License-Identifier: MIT */
/* Devices of ours that come and go, by configfs. */
#ifndef BENCH_PLUG_H
#define BENCH_PLUG_H

#include <stddef.h>

struct pp_error;

/* A new device; @driver: primesim or camsim. */
int plug(const char *driver, const char *name, struct pp_error *error);
void unplug(const char *driver, const char *name);
/* What an error has left plugged in. */
void unplug_all(void);
/* The path of one of its nodes: of the first in whose path @kind is. */
int plug_node(const char *driver, const char *name, const char *kind, char *node, size_t room,
	      struct pp_error *error);

#endif
