/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_ERR_H
#define _LINUX_ERR_H

#include <errno.h>

#endif
