// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The two historic styles of exporters.
 */
#include <linux/array_size.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/string.h>

#include "simbuf_internal.h"

/* Longest wait for those who write a buffer before it is mapped. */
#define BEFORE_MAP_TIMEOUT	(5 * HZ)

static int wait_for_writers(struct simbuf *buf)
{
	long ret = dma_resv_wait_timeout(buf->resv, DMA_RESV_USAGE_WRITE, true,
					 BEFORE_MAP_TIMEOUT);

	if (!ret)
		return simbuf_refuse(-ETIMEDOUT, buf, NULL,
				     "its writers did not finish within %u s",
				     BEFORE_MAP_TIMEOUT / HZ);
	return ret < 0 ? ret : 0;
}

static const struct simbuf_policy policies[] = {
	{
		/* Late allocation, fences left to those who use the buffer. */
		.name = "late",
	}, {
		/* As before 2013: fixed at export, idle before anybody maps. */
		.name = "early",
		.pin_on_export = true,
		.before_map = wait_for_writers,
	},
};

/**
 * simbuf_policy_find - look up a policy
 * @name: "late" or "early"; a trailing newline is ignored.
 *
 * Return: the policy, or %NULL when there is none of that name.
 */
const struct simbuf_policy *simbuf_policy_find(const char *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		if (sysfs_streq(name, policies[i].name))
			return &policies[i];
	}
	return NULL;
}
EXPORT_SYMBOL_NS_GPL(simbuf_policy_find, "SIMBUF");
