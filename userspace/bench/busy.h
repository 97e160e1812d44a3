/* SPDX-License-Identifier: MIT */
/* Work of the whole machine: programs, threads of the kernel; not interrupts while it idles. */
#ifndef BENCH_BUSY_H
#define BENCH_BUSY_H

#include <stdint.h>

struct pp_error;

/* Time that all processors have worked since the machine was booted, in nanoseconds. */
int busy_ns(uint64_t *ns, struct pp_error *error);

#endif
