/* SPDX-License-Identifier: MIT */
/* Members of JSON objects, for programs that report. */
#ifndef PP_JSON_H
#define PP_JSON_H

#include <json.h>
#include <stdbool.h>
#include <stdint.h>

void pp_json_string(json_object *object, const char *key, const char *value);
void pp_json_number(json_object *object, const char *key, uint64_t value);
void pp_json_bool(json_object *object, const char *key, bool value);
/* A 64-bit identity as text: not every program's numbers are wide enough. */
void pp_json_identity(json_object *object, const char *key, uint64_t value);

#endif
