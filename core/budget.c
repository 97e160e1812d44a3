// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How much memory one client may have: a limit for those who run away.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "simbuf_internal.h"

/**
 * struct simbuf_budget - what the buffers of a client may have together
 * @ref: one of whoever made it, one of each buffer that is charged to it.
 * @limit: bytes.
 * @used: bytes of those of its buffers that have memory.
 */
struct simbuf_budget {
	struct kref ref;
	u64 limit;
	atomic64_t used;
};

/**
 * simbuf_budget_create - set a limit
 * @limit: bytes.
 *
 * Return: the budget with one reference, owned by the caller, or %NULL.
 */
struct simbuf_budget *simbuf_budget_create(u64 limit)
{
	struct simbuf_budget *budget = kzalloc_obj(*budget, GFP_KERNEL_ACCOUNT);

	if (!budget)
		return NULL;
	kref_init(&budget->ref);
	budget->limit = limit;
	return budget;
}
EXPORT_SYMBOL_NS_GPL(simbuf_budget_create, "SIMBUF");

static void budget_release(struct kref *ref)
{
	kfree(container_of(ref, struct simbuf_budget, ref));
}

/**
 * simbuf_budget_put - drop a reference
 * @budget: the budget, or %NULL.
 */
void simbuf_budget_put(struct simbuf_budget *budget)
{
	if (budget)
		kref_put(&budget->ref, budget_release);
}
EXPORT_SYMBOL_NS_GPL(simbuf_budget_put, "SIMBUF");

/**
 * simbuf_charge_to - whose memory it is
 * @buf: a buffer of the caller's own that has no memory yet.
 * @budget: what its memory counts against from its first use until it is freed,
 *	whoever has it by then; the buffer takes a reference.
 */
void simbuf_charge_to(struct simbuf *buf, struct simbuf_budget *budget)
{
	kref_get(&budget->ref);
	buf->budget = budget;
}
EXPORT_SYMBOL_NS_GPL(simbuf_charge_to, "SIMBUF");

/* Before a buffer gets its first memory, its reservation held: 0 or -ENOMEM. */
int simbuf_budget_charge(struct simbuf *buf)
{
	struct simbuf_budget *budget = buf->budget;
	u64 used;

	if (!budget)
		return 0;
	used = atomic64_add_return(buf->size, &budget->used);
	if (used <= budget->limit)
		return 0;
	atomic64_sub(buf->size, &budget->used);
	return simbuf_refuse(-ENOMEM, buf, NULL,
			     "its client has %llu of %llu bytes that it may have", used - buf->size,
			     budget->limit);
}

/* Undoes it. */
void simbuf_budget_uncharge(struct simbuf *buf)
{
	if (buf->budget)
		atomic64_sub(buf->size, &buf->budget->used);
}
