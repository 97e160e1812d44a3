/* SPDX-License-Identifier: MIT */
/* What the core's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;

#endif
