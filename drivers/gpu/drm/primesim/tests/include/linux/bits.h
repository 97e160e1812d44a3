/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_BITS_H
#define _LINUX_BITS_H

#define BIT(nr)	(1ul << (nr))

#endif
