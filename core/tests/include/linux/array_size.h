/* SPDX-License-Identifier: MIT */
/* What the core's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_ARRAY_SIZE_H
#define _LINUX_ARRAY_SIZE_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif
