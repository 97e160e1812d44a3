// SPDX-License-Identifier: MIT
/* primepipe - camera to display without copies, and the proof of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/picture.h"
#include "options.h"
#include "pipeline.h"
#include "proof.h"
#include "report.h"
#include "run.h"

enum status {
	STATUS_PROVEN,
	STATUS_FAILED,
	STATUS_NOT_STARTED,
};

static enum status complain(const struct pp_error *error, enum status status)
{
	fprintf(stderr, "primepipe: %s\n", error->text);
	return status;
}

static const struct target *shown(const struct pipeline *p)
{
	for (unsigned int i = 0; i < p->target_count; i++) {
		if (p->targets[i].state == TARGET_SHOWN)
			return &p->targets[i];
	}
	return NULL;
}

static int write_picture(struct pipeline *p, const char *path)
{
	const struct target *target = shown(p);

	if (!target)
		return 0;
	return pp_png_write(path, &target->fb.layout, target->map.pixels, p->error);
}

static int write_files(struct pipeline *p, const struct proof *proof)
{
	const struct options *options = p->options;
	int ret = 0;

	if (options->json)
		ret = report_write_json(p, proof, options->json);
	if (!ret && options->trace)
		ret = report_write_trace(p, options->trace);
	if (!ret && options->png)
		ret = write_picture(p, options->png);
	return ret;
}

/* Whatever ended the run, what is known by then is shown. */
static enum status run_and_report(struct pipeline *p)
{
	bool broken = run(p);
	struct pp_error cause = *p->error;
	const char *complaint;
	struct proof proof;

	proof_collect(&proof, p, broken ? cause.text : NULL);
	complaint = proof_complaint(&proof, p);
	if (!p->options->quiet)
		report_print(p, &proof);
	if (write_files(p, &proof))
		return complain(p->error, STATUS_FAILED);
	if (complaint)
		fprintf(stderr, "primepipe: %s\n", complaint);
	return complaint ? STATUS_FAILED : STATUS_PROVEN;
}

int main(int argc, char **argv)
{
	struct pp_error error = { "" };
	struct options options;
	struct pipeline *pipeline;
	enum status status;

	switch (options_parse(&options, argc, argv, &error)) {
	case OPTIONS_DONE:
		return STATUS_PROVEN;
	case OPTIONS_WRONG:
		return complain(&error, STATUS_NOT_STARTED);
	case OPTIONS_RUN:
		break;
	}
	pipeline = calloc(1, sizeof(*pipeline));
	if (!pipeline) {
		pp_fail(&error, ENOMEM, "out of memory");
		return complain(&error, STATUS_NOT_STARTED);
	}
	if (pipeline_open(pipeline, &options, &error))
		status = complain(&error, STATUS_NOT_STARTED);
	else
		status = run_and_report(pipeline);
	pipeline_close(pipeline);
	free(pipeline);
	return (int)status;
}
