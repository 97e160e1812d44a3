/* SPDX-License-Identifier: MIT */
/* Fences in sync_file file descriptors. */
#ifndef PP_FENCE_H
#define PP_FENCE_H

#include <stdint.h>

/* 0 when it has signalled, -ETIME when it has not within @timeout_ms. */
int pp_fence_wait(int fd, int timeout_ms);

/*
 * When the fence signalled, in nanoseconds of CLOCK_MONOTONIC.
 * -EBUSY: it has not yet. Another negative errno: the work ended with that error.
 */
int pp_fence_signalled_at(int fd, uint64_t *ns);

#endif
