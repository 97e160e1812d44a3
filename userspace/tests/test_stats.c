// SPDX-License-Identifier: MIT
#include "../lib/stats.h"
#include "test.h"

/* Nearest rank, worked out by hand. */
static void percentiles_of_known_samples(void)
{
	static const uint32_t values[] = { 15, 50, 35, 20, 40 };
	struct pp_samples samples = { 0 };

	CHECK(pp_samples_percentile(&samples, 50) == 0);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		CHECK(!pp_samples_add(&samples, values[i]));
	CHECK(pp_samples_percentile(&samples, 5) == 15);
	CHECK(pp_samples_percentile(&samples, 30) == 20);
	CHECK(pp_samples_percentile(&samples, 40) == 20);
	CHECK(pp_samples_percentile(&samples, 50) == 35);
	CHECK(pp_samples_percentile(&samples, 100) == 50);
	pp_samples_free(&samples);
	CHECK(samples.count == 0);
}

/* More samples than there is room for at first; added in falling order. */
static void percentiles_of_many(void)
{
	struct pp_samples samples = { 0 };

	for (uint32_t i = 3000; i > 0; i--)
		CHECK(!pp_samples_add(&samples, i));
	CHECK(pp_samples_percentile(&samples, 0) == 1);
	CHECK(pp_samples_percentile(&samples, 50) == 1500);
	CHECK(pp_samples_percentile(&samples, 99) == 2970);
	pp_samples_free(&samples);
}

static void time_goes_on(void)
{
	struct pp_cpu_time before = pp_cpu_time();
	uint64_t start = pp_now_ns();

	while (pp_now_ns() - start < 50000000)
		;
	CHECK(pp_cpu_time().process > before.process);
	CHECK(pp_cpu_time().system >= before.system);
}

int main(void)
{
	percentiles_of_known_samples();
	percentiles_of_many();
	time_goes_on();
	return 0;
}
