/* SPDX-License-Identifier: MIT */
/*
 * How often something happened in the kernel: its trace events, counted and not recorded.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>

/* From now on. @event is "system/name"; false: this kernel has no such event, or cannot count. */
bool events_start(const char *event);
void events_stop(const char *event);
/* Since events_start(), 0 where that was refused */
long events_count(const char *event);

#endif /* EVENTS_H */
