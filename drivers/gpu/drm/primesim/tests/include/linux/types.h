/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

typedef u32 __u32;
typedef u64 __u64;
typedef u32 __le32;

#define U32_MAX		(~0u)
#define cpu_to_le32(x)	(x)
#define __aligned(x)	__attribute__((__aligned__(x)))

#endif
