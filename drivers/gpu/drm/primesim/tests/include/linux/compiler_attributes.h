/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_COMPILER_ATTRIBUTES_H
#define _LINUX_COMPILER_ATTRIBUTES_H

#define __printf(a, b)	__attribute__((__format__(printf, a, b)))

#endif
