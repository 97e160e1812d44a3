/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

#include <linux/types.h>

#include <string.h>

static inline void memset16(u16 *row, u16 value, size_t count)
{
	while (count--)
		*row++ = value;
}

static inline void memset32(u32 *row, u32 value, size_t count)
{
	while (count--)
		*row++ = value;
}

#endif
