/* SPDX-License-Identifier: MIT */
/* What the core's pure logic takes from the kernel's header of this name. */
#ifndef _ASM_CPUFEATURE_H
#define _ASM_CPUFEATURE_H

#include <stdbool.h>

/* The test decides. */
extern bool test_cpu_has_avx2;

#define boot_cpu_has(feature)	test_cpu_has_avx2

#endif
