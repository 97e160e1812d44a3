// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Failing on purpose. With the kernel's fault-injection framework the knobs are
 * its own (Documentation/fault-injection/); on kernels without it, as
 * distributions build them, a small equivalent with the same knobs.
 */
#include <linux/debugfs.h>
#include <linux/fault-inject.h>
#include <linux/kernel.h>
#include <linux/random.h>

#include "simbuf_internal.h"

#ifdef CONFIG_FAULT_INJECTION_DEBUG_FS

static void knobs_init(struct fault_attr *attr, const char *name, struct dentry *root)
{
	static const struct fault_attr off = FAULT_ATTR_INITIALIZER;

	*attr = off;
	attr->verbose = 0;	/* a failure asked for is no reason to print a stack */
	fault_create_debugfs_attr(name, root, attr);
}

static bool knobs_fail(struct fault_attr *attr)
{
	return should_fail(attr, 1);
}

#define knobs fault_attr

#else

/**
 * struct knobs - when to fail
 * @probability: per cent.
 * @interval: only every so many calls.
 * @times: how often at most; negative: for ever.
 * @count: calls so far.
 */
struct knobs {
	u32 probability;
	u32 interval;
	atomic_t times;
	atomic_t count;
};

static void knobs_init(struct knobs *knobs, const char *name, struct dentry *root)
{
	struct dentry *dir = debugfs_create_dir(name, root);

	knobs->interval = 1;
	atomic_set(&knobs->times, 1);
	debugfs_create_u32("probability", 0600, dir, &knobs->probability);
	debugfs_create_u32("interval", 0600, dir, &knobs->interval);
	debugfs_create_atomic_t("times", 0600, dir, &knobs->times);
}

static bool knobs_fail(struct knobs *knobs)
{
	u32 probability = READ_ONCE(knobs->probability);
	u32 interval = READ_ONCE(knobs->interval);

	if (!probability || !atomic_read(&knobs->times))
		return false;
	if (interval > 1 && atomic_inc_return(&knobs->count) % interval)
		return false;
	if (get_random_u32_below(100) >= probability)
		return false;
	return atomic_dec_if_positive(&knobs->times) >= 0 || atomic_read(&knobs->times) < 0;
}

#endif

static struct {
	struct knobs knobs;
	u32 error;
} points[SIMBUF_INJECT_POINTS];

static const struct {
	const char *name;
	int error;
} point_info[SIMBUF_INJECT_POINTS] = {
	[SIMBUF_INJECT_ALLOC] = { "fail_alloc", ENOMEM },
	[SIMBUF_INJECT_ATTACH] = { "fail_attach", ENOMEM },
	[SIMBUF_INJECT_MAP] = { "fail_map", ENOMEM },
	[SIMBUF_INJECT_VMAP] = { "fail_vmap", ENOMEM },
	[SIMBUF_INJECT_MOVE] = { "fail_move", ENOMEM },
};

/**
 * simbuf_inject - is it time to fail?
 * @point: where.
 * @buf: the buffer that is to suffer.
 *
 * Return: 0, or the negative errno to fail with.
 */
int simbuf_inject(enum simbuf_inject_point point, const struct simbuf *buf)
{
	int err;

	if (!knobs_fail(&points[point].knobs))
		return 0;
	err = clamp(READ_ONCE(points[point].error), 1U, (u32)MAX_ERRNO);
	return simbuf_refuse(-err, buf, NULL, "failed on purpose, by %s in debugfs",
			     point_info[point].name);
}

void simbuf_inject_init(struct dentry *root)
{
	char name[32];
	int i;

	for (i = 0; i < SIMBUF_INJECT_POINTS; i++) {
		points[i].error = point_info[i].error;
		knobs_init(&points[i].knobs, point_info[i].name, root);
		snprintf(name, sizeof(name), "%s_errno", point_info[i].name);
		debugfs_create_u32(name, 0600, root, &points[i].error);
	}
}
