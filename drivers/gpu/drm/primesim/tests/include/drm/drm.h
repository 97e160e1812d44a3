/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _DRM_DRM_H
#define _DRM_DRM_H

#include <linux/types.h>

#endif
