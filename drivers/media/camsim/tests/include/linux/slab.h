/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL	0

#define kzalloc_obj(object)		calloc(1, sizeof(object))
#define kvcalloc(n, size, flags)	calloc(n, size)
#define kvzalloc(size, flags)		calloc(1, size)
#define kvfree				free
#define kfree				free

#endif
