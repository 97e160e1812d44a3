// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Saying why: every refusal and every DMA fault leaves one line that a person can
 * act on.
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
#include <linux/string_choices.h>

#include "simbuf_internal.h"
#include "simbuf_trace.h"
#include "simdev_internal.h"

#define REASON_SIZE	192
#define RECORDS		64

/**
 * struct record - one refusal, or one DMA fault
 * @when: CLOCK_MONOTONIC nanoseconds.
 * @buffer_id: the buffer, or 0.
 * @size: its size in bytes; of the access, for a fault.
 * @err: negative errno that was answered.
 * @exporter: who has the memory.
 * @importer: which device was refused, or faulted.
 * @why: the constraint and what was found.
 */
struct record {
	u64 when;
	u64 buffer_id;
	size_t size;
	int err;
	char exporter[32];
	char importer[32];
	char why[REASON_SIZE];
};

/**
 * struct ring - the last records
 * @lock: protects the members below.
 * @nr: how many there ever were.
 * @records: the last RECORDS of them.
 */
struct ring {
	spinlock_t lock;
	u64 nr;
	struct record records[RECORDS];
};

static struct ring refusals = { .lock = __SPIN_LOCK_UNLOCKED(refusals.lock) };
static struct ring faults = { .lock = __SPIN_LOCK_UNLOCKED(faults.lock) };

static void ring_add(struct ring *ring, const struct record *record)
{
	spin_lock(&ring->lock);
	ring->records[ring->nr++ % RECORDS] = *record;
	spin_unlock(&ring->lock);
}

static bool ring_read(struct ring *ring, u64 index, struct record *record)
{
	bool there;

	spin_lock(&ring->lock);
	there = index < ring->nr && index + RECORDS >= ring->nr;
	if (there)
		*record = ring->records[index % RECORDS];
	spin_unlock(&ring->lock);
	return there;
}

/* Oldest first. */
static void ring_show(struct ring *ring, struct seq_file *m)
{
	struct record record;
	u64 index, end;

	spin_lock(&ring->lock);
	end = ring->nr;
	spin_unlock(&ring->lock);

	for (index = end > RECORDS ? end - RECORDS : 0; index < end; index++) {
		if (!ring_read(ring, index, &record))
			continue;
		seq_printf(m, "%llu.%06llu errno=%d buffer=%llu size=%zu exporter=%s importer=%s: %s\n",
			   record.when / NSEC_PER_SEC,
			   record.when % NSEC_PER_SEC / NSEC_PER_USEC, record.err,
			   record.buffer_id, record.size, record.exporter,
			   record.importer, record.why);
	}
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
	struct record refusal = {
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

	ring_add(&refusals, &refusal);
	trace_simbuf_refuse(refusal.buffer_id, refusal.exporter, refusal.size,
			    refusal.importer, err, refusal.why);
	if (__ratelimit(&rate))
		pr_info("simbuf: refused (%pe): buffer %llu of %s, %zu bytes, for %s: %s\n",
			ERR_PTR(err), refusal.buffer_id, refusal.exporter, refusal.size,
			refusal.importer, refusal.why);
	return err;
}
EXPORT_SYMBOL_NS_GPL(simbuf_refuse, "SIMBUF");

/**
 * simdev_fault - an access that no mapping allows
 * @sd: the device.
 * @buffer_id: the buffer that was meant, or 0.
 * @addr: DMA address.
 * @len: bytes.
 * @dir: DMA_FROM_DEVICE for a write.
 * @why: what was wrong.
 *
 * Counted, traced and recorded always, logged at the rate the log can bear. May be
 * called where a dma-fence is being signalled.
 *
 * Return: -EFAULT.
 */
int simdev_fault(struct simdev *sd, u64 buffer_id, dma_addr_t addr, size_t len,
		 enum dma_data_direction dir, const char *why)
{
	bool write = dir == DMA_FROM_DEVICE;
	struct record fault = {
		.when = ktime_get_ns(),
		.buffer_id = buffer_id,
		.size = len,
		.err = -EFAULT,
		.exporter = "-",
	};

	strscpy(fault.importer, simdev_name(sd));
	scnprintf(fault.why, sizeof(fault.why), "%s at %pad: %s", str_write_read(write),
		  &addr, why);
	atomic64_inc(&sd->faults);
	ring_add(&faults, &fault);
	trace_simbuf_fault(fault.importer, buffer_id, addr, len, write, why);
	dev_err_ratelimited(&sd->dev, "DMA fault: buffer %llu, %zu bytes, %s\n", buffer_id, len,
			    fault.why);
	return -EFAULT;
}

#if IS_ENABLED(CONFIG_SIMBUF_KUNIT_TEST)
/* The last refusal: its errno, or 0 when there was none; @line becomes "importer: why". */
int simbuf_refusals_last(char *line, size_t size)
{
	struct record record = { };

	spin_lock(&refusals.lock);
	if (refusals.nr)
		record = refusals.records[(refusals.nr - 1) % RECORDS];
	spin_unlock(&refusals.lock);
	scnprintf(line, size, "%s: %s", record.importer, record.why);
	return record.err;
}
#endif

void simbuf_refusals_show(struct seq_file *m)
{
	ring_show(&refusals, m);
}

void simbuf_faults_show(struct seq_file *m)
{
	ring_show(&faults, m);
}
