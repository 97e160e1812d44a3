// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The negotiation's logic, tested in userspace in no time.
 */
#include <stdio.h>
#include <string.h>

#include "constraints_cases.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static int report(const char *name, bool ok)
{
	printf("%s %s\n", ok ? "ok  " : "FAIL", name);
	return !ok;
}

static int run_check(const struct constraints_case *c)
{
	enum simbuf_verdict verdict;
	u64 found = 0;

	verdict = simbuf_constraints_check(&c->ask, c->memory, c->extents, &found);
	return report(c->name, verdict == c->verdict && found == c->found);
}

static int run_narrow(const struct narrow_case *c)
{
	struct simbuf_constraints ab = c->a, ba = c->b;

	simbuf_constraints_narrow(&ab, &c->b);
	simbuf_constraints_narrow(&ba, &c->a);
	return report(c->name, !memcmp(&ab, &c->both, sizeof(ab)) &&
			       !memcmp(&ba, &c->both, sizeof(ba)));
}

int main(void)
{
	size_t i, failed = 0, total = ARRAY_SIZE(constraints_cases) + ARRAY_SIZE(narrow_cases);

	for (i = 0; i < ARRAY_SIZE(constraints_cases); i++)
		failed += run_check(&constraints_cases[i]);
	for (i = 0; i < ARRAY_SIZE(narrow_cases); i++)
		failed += run_narrow(&narrow_cases[i]);
	printf("constraints: %zu passed, %zu failed\n", total - failed, failed);
	return failed ? 1 : 0;
}
