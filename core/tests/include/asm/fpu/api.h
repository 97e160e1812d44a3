/* SPDX-License-Identifier: MIT */
/* What the core's pure logic takes from the kernel's header of this name. */
#ifndef _ASM_FPU_API_H
#define _ASM_FPU_API_H

#include <stdbool.h>

/* A process always has the registers. */
static inline void kernel_fpu_begin(void) { }
static inline void kernel_fpu_end(void) { }
static inline bool irq_fpu_usable(void) { return true; }

#endif
