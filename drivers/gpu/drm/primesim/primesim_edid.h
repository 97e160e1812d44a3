/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_EDID_H_
#define _PRIMESIM_EDID_H_

#include <drm/drm_edid.h>

/* A base block and a CTA-861 extension */
#define PRIMESIM_EDID_BLOCKS	2
#define PRIMESIM_EDID_SIZE	(PRIMESIM_EDID_BLOCKS * EDID_LENGTH)

void primesim_edid_build(u8 edid[PRIMESIM_EDID_SIZE]);

#endif /* _PRIMESIM_EDID_H_ */
