// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Ranges of pages: memory that is contiguous beyond what the page allocator has at hand.
 *
 * DOC: how long a search for a range may take
 *
 * alloc_contig_pages() tries all of a zone, also what a device does not reach, and with memory
 * in pieces it was seen to do so for minutes: each range that it has to move pages from waits for
 * an RCU grace period and for all CPUs, and jobs and unplugging wait for who searches. So ranges
 * are chosen here, within reach, those that are free first, and the search ends after a while.
 */
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/memory_hotplug.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "storage.h"

/**
 * struct range_search - what is searched
 * @nr_pages: how many, one after the other.
 * @step: pages from one candidate to the next; a power of two, and what the first is aligned to.
 * @last_pfn: the last page that will do.
 * @deadline: in jiffies; the search ends.
 * @move: pages that others use may be moved away.
 */
struct range_search {
	unsigned long nr_pages;
	unsigned long step;
	unsigned long last_pfn;
	unsigned long deadline;
	bool move;
};

/* Looked at without a lock: alloc_contig_range() tells for sure. */
static bool page_may_be_had(struct zone *zone, unsigned long pfn, bool move)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page || page_zone(page) != zone || PageReserved(page))
		return false;
	if (!page_count(page) && !PageCompound(page))
		return PageBuddy(page) || !page_has_type(page);
	return move && PageLRU(page);
}

/* Pages from @pfn on that may be had */
static unsigned long count_pages(struct zone *zone, unsigned long pfn,
				 const struct range_search *search)
{
	unsigned long n = 0;

	while (n < search->nr_pages && page_may_be_had(zone, pfn + n, search->move))
		n++;
	return n;
}

static bool is_over(const struct range_search *search)
{
	return time_after(jiffies, search->deadline) || fatal_signal_pending(current);
}

/* From the zone's start, so that what is found is as low as it can be. */
static struct page *search_zone(struct zone *zone, const struct range_search *search)
{
	unsigned long end = min(zone_end_pfn(zone), search->last_pfn + 1);
	unsigned long pfn = ALIGN(zone->zone_start_pfn, search->step);
	unsigned long nr_pages = search->nr_pages, n;

	while (pfn + nr_pages <= end && !is_over(search)) {
		n = count_pages(zone, pfn, search);
		if (n == nr_pages && !alloc_contig_range(pfn, pfn + nr_pages, ACR_FLAGS_NONE,
							 GFP_KERNEL | __GFP_NOWARN))
			return pfn_to_page(pfn);
		pfn = ALIGN(pfn + min(n + 1, nr_pages), search->step);
		cond_resched();
	}
	return NULL;
}

static struct page *search_all(const struct range_search *search)
{
	struct page *page;
	struct zone *zone;
	int nid, i;

	for_each_online_node(nid) {
		/* What only few devices reach comes last. */
		for (i = ZONE_NORMAL; i >= 0; i--) {
			zone = &NODE_DATA(nid)->node_zones[i];
			page = populated_zone(zone) ? search_zone(zone, search) : NULL;
			if (page)
				return page;
		}
	}
	return NULL;
}

/**
 * simbuf_range_alloc - allocate pages that lie one after the other
 * @nr_pages: how many.
 * @c: where: &simbuf_constraints.last_address and &simbuf_constraints.alignment are kept to.
 * @deadline: in jiffies, of simbuf_range_deadline().
 *
 * May sleep, and moves others' pages away where nothing is free.
 *
 * Return: the first page, the content of all undefined, to be freed by free_contig_range(); or
 * %NULL, when nothing was found in time or the process is being killed.
 */
struct page *simbuf_range_alloc(unsigned long nr_pages, const struct simbuf_constraints *c,
				unsigned long deadline)
{
	struct range_search search = {
		.nr_pages = nr_pages,
		.step = max(min(roundup_pow_of_two(nr_pages), pageblock_nr_pages),
			    (unsigned long)(c->alignment >> PAGE_SHIFT)),
		.last_pfn = c->last_address >> PAGE_SHIFT,
		.deadline = deadline,
	};
	struct page *page = search_all(&search);

	search.move = true;
	return page ?: search_all(&search);
}

/**
 * simbuf_range_deadline - when a search that begins now is to end
 *
 * Return: in jiffies.
 */
unsigned long simbuf_range_deadline(void)
{
	return jiffies + 2 * HZ;
}
