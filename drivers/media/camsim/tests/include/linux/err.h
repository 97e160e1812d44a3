/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_ERR_H
#define _LINUX_ERR_H

#include <errno.h>

#define ERR_PTR(error)	((void *)(long)(error))
#define IS_ERR(p)	((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p)	((int)(long)(p))

#endif
