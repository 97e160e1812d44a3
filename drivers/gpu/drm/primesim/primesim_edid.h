/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_EDID_H_
#define _PRIMESIM_EDID_H_

#include <drm/drm_edid.h>

void primesim_edid_build(struct edid *edid);

#endif /* _PRIMESIM_EDID_H_ */
