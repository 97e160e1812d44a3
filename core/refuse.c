// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Saying why: every refusal leaves one line that a person can act on.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sprintf.h>

#include "simbuf_internal.h"
#include "simbuf_trace.h"

#define REASON_SIZE	160

/**
 * simbuf_refuse - say why a share cannot be
 * @err: the negative errno that userspace or the other driver gets.
 * @buf: the buffer, or %NULL when it did not come that far.
 * @sd: the importing device, or %NULL.
 * @fmt: the constraint and what was found instead.
 *
 * Leaves a trace event always and a log line at the rate the log can bear. May be
 * called with a reservation held.
 *
 * Return: @err.
 */
int simbuf_refuse(int err, const struct simbuf *buf, const struct simdev *sd,
		  const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(rate, 5 * HZ, 20);
	const char *importer = sd ? simdev_name(sd) : "-";
	const char *exporter = buf ? buf->exporter : "-";
	u64 id = buf ? buf->id : 0;
	size_t size = buf ? buf->size : 0;
	char why[REASON_SIZE];
	va_list args;

	va_start(args, fmt);
	vscnprintf(why, sizeof(why), fmt, args);
	va_end(args);

	trace_simbuf_refuse(id, exporter, size, importer, err, why);
	if (__ratelimit(&rate))
		pr_info("simbuf: refused (%pe): buffer %llu of %s, %zu bytes, for %s: %s\n",
			ERR_PTR(err), id, exporter, size, importer, why);
	return err;
}
EXPORT_SYMBOL_NS_GPL(simbuf_refuse, "SIMBUF");
