/* SPDX-License-Identifier: MIT */
/* What the program primepipe leaves. */
#ifndef BENCH_PRIMEPIPE_H
#define BENCH_PRIMEPIPE_H

#include <json.h>
#include <stdint.h>

/* Its greatest exit status when it ran: without camsim's stamp nothing can be proven. */
#define PRIMEPIPE_RAN 1

/* A number of its report; 0 when there is none. */
static inline uint64_t primepipe_number(json_object *report, const char *key)
{
	json_object *value = NULL;

	return json_object_object_get_ex(report, key, &value) ? json_object_get_uint64(value) : 0;
}

/* The same, not rounded. */
static inline double primepipe_decimal(json_object *report, const char *key)
{
	json_object *value = NULL;

	return json_object_object_get_ex(report, key, &value) ? json_object_get_double(value) : 0;
}

#endif
