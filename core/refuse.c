// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Saying why: every refusal leaves one line that a person can act on.
 */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "simbuf_internal.h"
#include "simbuf_trace.h"

#define REASON_SIZE	192
#define RECORDS		64

/**
 * struct refusal - one refusal
 * @when: CLOCK_MONOTONIC nanoseconds.
 * @buffer_id: the buffer, or 0.
 * @size: its size in bytes.
 * @err: negative errno that was answered.
 * @exporter: who has the memory.
 * @importer: which device was refused.
 * @why: the constraint and what was found.
 */
struct refusal {
	u64 when;
	u64 buffer_id;
	size_t size;
	int err;
	char exporter[32];
	char importer[32];
	char why[REASON_SIZE];
};

static DEFINE_SPINLOCK(records_lock);	/* protects records and nr_refusals */
static struct refusal records[RECORDS];
static u64 nr_refusals;

static void record(const struct refusal *refusal)
{
	spin_lock(&records_lock);
	records[nr_refusals++ % RECORDS] = *refusal;
	spin_unlock(&records_lock);
}

/**
 * simbuf_refuse - say why a share cannot be
 * @err: the negative errno that userspace or the other driver gets.
 * @buf: the buffer, or %NULL when it did not come that far.
 * @sd: the importing device, or %NULL.
 * @fmt: the constraint and what was found instead.
 *
 * Leaves a trace event and a record in debugfs always, and a log line at the rate
 * the log can bear. May be called with a reservation held.
 *
 * Return: @err.
 */
int simbuf_refuse(int err, const struct simbuf *buf, const struct simdev *sd,
		  const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(rate, 5 * HZ, 20);
	struct refusal refusal = {
		.when = ktime_get_ns(),
		.buffer_id = buf ? buf->id : 0,
		.size = buf ? buf->size : 0,
		.err = err,
	};
	va_list args;

	strscpy(refusal.exporter, buf ? buf->exporter : "-");
	strscpy(refusal.importer, sd ? simdev_name(sd) : "-");
	va_start(args, fmt);
	vscnprintf(refusal.why, sizeof(refusal.why), fmt, args);
	va_end(args);

	record(&refusal);
	trace_simbuf_refuse(refusal.buffer_id, refusal.exporter, refusal.size,
			    refusal.importer, err, refusal.why);
	if (__ratelimit(&rate))
		pr_info("simbuf: refused (%pe): buffer %llu of %s, %zu bytes, for %s: %s\n",
			ERR_PTR(err), refusal.buffer_id, refusal.exporter, refusal.size,
			refusal.importer, refusal.why);
	return err;
}
EXPORT_SYMBOL_NS_GPL(simbuf_refuse, "SIMBUF");

static bool read_record(u64 index, struct refusal *refusal)
{
	bool there;

	spin_lock(&records_lock);
	there = index < nr_refusals && index + RECORDS >= nr_refusals;
	if (there)
		*refusal = records[index % RECORDS];
	spin_unlock(&records_lock);
	return there;
}

/* The last refusals, oldest first. */
void simbuf_refusals_show(struct seq_file *m)
{
	struct refusal refusal;
	u64 index, end;

	spin_lock(&records_lock);
	end = nr_refusals;
	spin_unlock(&records_lock);

	for (index = end > RECORDS ? end - RECORDS : 0; index < end; index++) {
		if (!read_record(index, &refusal))
			continue;
		seq_printf(m, "%llu.%06llu errno=%d buffer=%llu size=%zu exporter=%s importer=%s: %s\n",
			   refusal.when / NSEC_PER_SEC,
			   refusal.when % NSEC_PER_SEC / NSEC_PER_USEC, refusal.err,
			   refusal.buffer_id, refusal.size, refusal.exporter,
			   refusal.importer, refusal.why);
	}
}
