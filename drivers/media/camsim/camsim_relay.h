/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Frames of a producer's, handed on. Pure logic, also compiled in userspace.
 */
#ifndef _CAMSIM_RELAY_H_
#define _CAMSIM_RELAY_H_

#include <linux/types.h>

struct camsim_access;
struct camsim_layout;
struct camsim_relay;
struct simstamp;

struct camsim_relay *camsim_relay_create(const struct camsim_layout *layout);
void camsim_relay_destroy(struct camsim_relay *relay);
void *camsim_relay_staging(struct camsim_relay *relay, size_t *size);
bool camsim_relay_fits(const struct camsim_relay *relay, const struct camsim_layout *from_layout);
void camsim_relay_write(struct camsim_relay *relay, struct camsim_access *to,
			struct camsim_access *from, const struct camsim_layout *from_layout,
			const struct simstamp *says, bool stamped);

#endif /* _CAMSIM_RELAY_H_ */
