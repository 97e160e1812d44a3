/* SPDX-License-Identifier: MIT */
/* All cells, for programs. Documentation/interop.md is made from it by interop-report. */
#ifndef INTEROP_REPORT_H
#define INTEROP_REPORT_H

#include <json.h>
#include <stdbool.h>

#include "outcome.h"

/* NULL without memory; freed with json_object_put(). */
json_object *report_new(void);
void report_add_cell(json_object *report, const char *exporter, const char *importer,
		     const char *profile, bool cpu_sync, const struct outcome *outcome);
/* 0 or a negative errno. */
int report_write(json_object *report, const char *path);

#endif
