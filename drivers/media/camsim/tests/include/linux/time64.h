/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_TIME64_H
#define _LINUX_TIME64_H

#define NSEC_PER_SEC	1000000000L

#endif
