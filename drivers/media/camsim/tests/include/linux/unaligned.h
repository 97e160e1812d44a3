/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_UNALIGNED_H
#define _LINUX_UNALIGNED_H

#include <linux/types.h>

static inline void put_unaligned_le16(u16 value, void *p)
{
	u8 *bytes = p;

	bytes[0] = (u8)value;
	bytes[1] = (u8)(value >> 8);
}

#endif
