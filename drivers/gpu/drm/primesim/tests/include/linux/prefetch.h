/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_PREFETCH_H
#define _LINUX_PREFETCH_H

#define prefetch(p)	__builtin_prefetch(p)

#endif
