/* SPDX-License-Identifier: MIT */
/* Fences in sync_file file descriptors. */
#ifndef PP_FENCE_H
#define PP_FENCE_H

#include <stdint.h>

/**
 * pp_fence_wait - wait for a fence
 * @fd: of a sync_file; stays the caller's.
 * @timeout_ms: how long at most, in milliseconds; -1: as long as it takes.
 *
 * Return: 0 when it has signalled, also with an error; -ETIME when it has not
 * by then.
 */
int pp_fence_wait(int fd, int timeout_ms);

/**
 * pp_fence_signalled_at - when the work was done
 * @fd: of a sync_file with one fence, such as pp_gpu_blit() gives; stays the
 *	caller's.
 * @ns: out: nanoseconds of CLOCK_MONOTONIC.
 *
 * Return: 0; -EBUSY when it has not signalled yet; another negative errno when
 * the work ended with that error (-EFAULT: a DMA fault, -ETIMEDOUT).
 */
int pp_fence_signalled_at(int fd, uint64_t *ns);

#endif
