/* SPDX-License-Identifier: MIT */
/* What the core's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

#include <string.h>

#endif
