/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_CACHE_H
#define _LINUX_CACHE_H

#define L1_CACHE_BYTES	64

#endif
