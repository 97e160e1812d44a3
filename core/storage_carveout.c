// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A pool of contiguous, low memory, reserved when the module is loaded, as
 * firmware reserves one for a display.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/simbuf.h>

#include "pool.h"

static unsigned int carveout_mib;
module_param(carveout_mib, uint, 0444);
MODULE_PARM_DESC(carveout_mib, "MiB of contiguous memory to reserve for buffers (0: none)");

static struct simbuf_pool *carveout;

int simbuf_carveout_fill(struct simbuf_storage *st, unsigned long nr_pages,
			 const struct simbuf_constraints *c)
{
	struct simbuf_constraints one_range = *c;

	one_range.max_segments = 1;
	return carveout ? simbuf_pool_fill(st, carveout, nr_pages, &one_range) : -ENOMEM;
}

int simbuf_carveout_init(void)
{
	if (!carveout_mib)
		return 0;

	carveout = simbuf_pool_create(NULL, (size_t)carveout_mib << 20);
	if (!IS_ERR(carveout))
		return 0;
	pr_err("simbuf: carveout_mib=%u: no contiguous memory of that size\n", carveout_mib);
	return PTR_ERR(carveout);
}

void simbuf_carveout_exit(void)
{
	simbuf_pool_put(carveout);
}
