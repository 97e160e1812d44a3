// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The sources of memory, each by itself: which one a buffer gets depends on what
 * the machine has free, and here each must do what it is there for.
 */
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../storage.h"

#define PAGES	300	/* in several chunks, the last one not a power of two */
#define DIRT	0xa5

/**
 * struct source_case - what a source is asked
 * @name: of the source.
 * @fill: the source.
 * @ask: what the memory must have.
 * @optional: not every machine has it.
 */
struct source_case {
	const char *name;
	int (*fill)(struct simbuf_storage *st, unsigned long nr_pages,
		    const struct simbuf_constraints *c);
	struct simbuf_constraints ask;
	bool optional;
};

static const struct source_case source_cases[] = {
	{
		.name = "scattered",
		.fill = simbuf_scattered_fill,
		.ask = SIMBUF_UNCONSTRAINED,
	}, {
		.name = "scattered, aligned",
		.fill = simbuf_scattered_fill,
		.ask = { U64_MAX, U64_MAX, 0, U32_MAX, SZ_64K },
	}, {
		.name = "CMA",
		.fill = simbuf_cma_fill,
		.ask = { DMA_BIT_MASK(32), U64_MAX, 0, 1, SZ_1M },
		.optional = true,
	}, {
		.name = "contiguous",
		.fill = simbuf_contig_fill,
		.ask = { U64_MAX, U64_MAX, 0, 1, 0 },
	}, {
		.name = "contiguous, aligned",
		.fill = simbuf_contig_fill,
		.ask = { DMA_BIT_MASK(32), U64_MAX, 0, 1, SZ_4M },
	}, {
		.name = "low",
		.fill = simbuf_low_fill,
		.ask = { DMA_BIT_MASK(31), U64_MAX, 0, 16, 0 },
	}, {
		.name = "low, aligned",
		.fill = simbuf_low_fill,
		.ask = { DMA_BIT_MASK(31), U64_MAX, 0, 16, SZ_64K },
	},
};

static void storage_put(void *st)
{
	simbuf_storage_put(st);
}

static struct simbuf_storage *fill(struct kunit *test, const struct source_case *source)
{
	struct simbuf_storage *st = kzalloc_obj(*st);

	KUNIT_ASSERT_NOT_NULL(test, st);
	kref_init(&st->ref);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, storage_put, st));
	if (!source->fill(st, PAGES, &source->ask))
		return st;
	if (source->optional)
		kunit_skip(test, "no such memory on this machine");
	KUNIT_FAIL_AND_ABORT(test, "no memory");
	return NULL;
}

static void *chunk_memory(const struct simbuf_chunk *chunk)
{
	return page_address(chunk->page);
}

/* Zeroed, all of it there, as asked; also when it was somebody else's before. */
static void test_source(struct kunit *test)
{
	const struct source_case *source = test->param_value;
	struct simbuf_storage *st;
	unsigned int round, i;
	u64 found = 0;

	for (round = 0; round < 2; round++) {
		st = fill(test, source);
		KUNIT_EXPECT_EQ(test, PAGES, st->nr_pages);
		KUNIT_EXPECT_EQ(test, SIMBUF_FITS, simbuf_storage_check(st, &source->ask, &found));
		for (i = 0; i < st->nr_chunks; i++) {
			void *memory = chunk_memory(&st->chunks[i]);
			size_t size = st->chunks[i].nr_pages << PAGE_SHIFT;

			KUNIT_EXPECT_NULL(test, memchr_inv(memory, 0, size));
			memset(memory, DIRT, size);
		}
		kunit_release_action(test, storage_put, st);
	}
}

KUNIT_ARRAY_PARAM_DESC(source, source_cases, name);

static struct kunit_case storage_test_cases[] = {
	KUNIT_CASE_PARAM(test_source, source_gen_params),
	{}
};

static struct kunit_suite storage_suite = {
	.name = "simbuf_storage",
	.test_cases = storage_test_cases,
};

kunit_test_suite(storage_suite);
