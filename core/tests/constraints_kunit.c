// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The negotiation's logic.
 */
#include <kunit/test.h>

#include "constraints_cases.h"

static void check_desc(const struct constraints_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(check, constraints_cases, check_desc);

static void test_check(struct kunit *test)
{
	const struct constraints_case *c = test->param_value;
	u64 found = 0;

	KUNIT_EXPECT_EQ(test, c->verdict,
			simbuf_constraints_check(&c->ask, c->memory, c->extents, &found));
	KUNIT_EXPECT_EQ(test, c->found, found);
}

static void narrow_desc(const struct narrow_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(narrow, narrow_cases, narrow_desc);

static void test_narrow(struct kunit *test)
{
	const struct narrow_case *c = test->param_value;
	struct simbuf_constraints ab = c->a, ba = c->b;

	simbuf_constraints_narrow(&ab, &c->b);
	simbuf_constraints_narrow(&ba, &c->a);
	KUNIT_EXPECT_MEMEQ(test, &ab, &c->both, sizeof(ab));
	KUNIT_EXPECT_MEMEQ(test, &ba, &c->both, sizeof(ba));
}

static struct kunit_case constraints_tests[] = {
	KUNIT_CASE_PARAM(test_check, check_gen_params),
	KUNIT_CASE_PARAM(test_narrow, narrow_gen_params),
	{}
};

static struct kunit_suite constraints_suite = {
	.name = "simbuf_constraints",
	.test_cases = constraints_tests,
};

kunit_test_suite(constraints_suite);
