// SPDX-License-Identifier: MIT
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

static void add_string(json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

/* What tells one build of a module from another. */
static void add_module(json_object *versions, const char *module)
{
	char path[96], text[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/%s/srcversion", module);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		add_string(versions, module, text);
	}
	fclose(file);
}

static void add_versions(json_object *report)
{
	static const char *const modules[] = {
		"simbuf", "primesim", "camsim", "vgem", "virtio_gpu", "vivid",
	};
	json_object *versions = json_object_new_object();
	struct utsname name;

	if (!uname(&name)) {
		add_string(versions, "kernel", name.release);
		add_string(versions, "kernel_build", name.version);
	}
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		add_module(versions, modules[i]);
	json_object_object_add(report, "versions", versions);
}

json_object *report_new(void)
{
	json_object *report = json_object_new_object();

	if (!report)
		return NULL;
	add_versions(report);
	json_object_object_add(report, "cells", json_object_new_array());
	return report;
}

void report_add_cell(json_object *report, const char *exporter, const char *importer,
		     const char *profile, bool cpu_sync, const struct outcome *outcome)
{
	json_object *cell = json_object_new_object();

	add_string(cell, "exporter", exporter);
	add_string(cell, "importer", importer);
	add_string(cell, "profile", profile);
	json_object_object_add(cell, "cpu_sync", json_object_new_boolean(cpu_sync));
	add_string(cell, "result", result_name(outcome->result));
	add_string(cell, "reason", outcome->result == RESULT_WORKS ? "" : outcome->why.text);
	json_object_array_add(json_object_object_get(report, "cells"), cell);
}

int report_write(json_object *report, const char *path)
{
	if (json_object_to_file_ext(path, report,
				    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE))
		return -EIO;
	return 0;
}
