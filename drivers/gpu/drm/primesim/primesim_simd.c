// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/jump_label.h>
#include <linux/moduleparam.h>

#include <asm/cpufeature.h>
#include <asm/fpu/api.h>
#include <asm/fpu/xcr.h>

#include "primesim_simd.h"

static bool simd = true;
module_param(simd, bool, 0444);
MODULE_PARM_DESC(simd, "Compute pixels with the processor's vector instructions, where it has them (Y)");

static DEFINE_STATIC_KEY_FALSE(simd_key);

/**
 * primesim_simd_init - choose, once and for all
 */
void primesim_simd_init(void)
{
	if (simd && boot_cpu_has(X86_FEATURE_AVX2) &&
	    cpu_has_xfeatures(XFEATURE_MASK_SSE | XFEATURE_MASK_YMM, NULL))
		static_branch_enable(&simd_key);
}

/**
 * primesim_simd_begin - take the vector registers
 *
 * For one row, as nothing may sleep or be preempted until primesim_simd_end(). In
 * process context.
 *
 * Return: whether they may be used; otherwise nothing is to be ended.
 */
bool primesim_simd_begin(void)
{
	if (!static_branch_likely(&simd_key))
		return false;
	kernel_fpu_begin();

	return true;
}

/**
 * primesim_simd_end - give the vector registers back
 */
void primesim_simd_end(void)
{
	kernel_fpu_end();
}
