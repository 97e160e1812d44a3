// SPDX-License-Identifier: MIT
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define US_PER_MS 1e3

__attribute__((format(printf, 2, 3)))
static void row(const char *label, const char *format, ...)
{
	va_list args;

	printf("  %-26s ", label);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void print_head(const struct pipeline *p)
{
	const struct pp_layout *layout = &p->camera.layout;

	printf("primepipe: route %s%s\n", p->route->name, p->options->copy ? " with --copy" : "");
	row("camera", "%s (%s), %ux%u %s at %.0f fps", p->camera.path,
	    (const char *)p->camera.capability.driver, layout->width, layout->height,
	    layout->format->name, p->camera.fps);
	if (route_converts(p->route))
		row("GPU", "%s (%s)", p->gpu.device.path, p->gpu.device.driver);
	row("display", "%s (%s), %s %ux%u", p->display.device.path, p->display.device.driver,
	    p->display.connector_name, p->display.mode.hdisplay, p->display.mode.vdisplay);
}

static void print_latency(struct latency *latency)
{
	if (latency->ready_us.count)
		row("capture to GPU's end, p50", "%.2f ms",
		    pp_samples_percentile(&latency->ready_us, 50) / US_PER_MS);
	row("capture to flip, p50", "%.2f ms",
	    pp_samples_percentile(&latency->flip_us, 50) / US_PER_MS);
	row("capture to flip, p99", "%.2f ms",
	    pp_samples_percentile(&latency->flip_us, 99) / US_PER_MS);
}

static void print_counts(struct counters *counters)
{
	row("frames shown", "%" PRIu64, counters->frames);
	row("stamp errors", "%" PRIu64, counters->stamp_errors);
	row("frames dropped", "%" PRIu64 " (camera had no buffer: %" PRIu64
	    ", display was behind: %" PRIu64 ")",
	    counters->dropped_by_camera + counters->dropped_by_display,
	    counters->dropped_by_camera, counters->dropped_by_display);
	if (counters->damaged)
		row("frames damaged by camera", "%" PRIu64, counters->damaged);
	if (counters->job_errors)
		row("GPU jobs failed", "%" PRIu64, counters->job_errors);
	row("frames per second", "%.2f", report_fps(counters));
	print_latency(&counters->latency);
	if (!counters->early_latency.flip_us.count)
		return;
	row("queued before they existed", "%zu frames:", counters->early_latency.flip_us.count);
	print_latency(&counters->early_latency);
}

static void take_larger(struct simbuf_info *most, const struct simbuf_info *info)
{
	if (info->segments > most->segments)
		most->segments = info->segments;
	if (info->page_runs > most->page_runs)
		most->page_runs = info->page_runs;
}

static void print_segments(const struct proof *proof, const char *role, const char *label)
{
	struct simbuf_info most = { 0 };

	for (unsigned int i = 0; i < proof->count; i++) {
		const struct buffer_fact *fact = &proof->facts[i];

		if (strcmp(fact->role, role))
			continue;
		take_larger(&most, &fact->camera);
		take_larger(&most, &fact->gpu);
		take_larger(&most, &fact->display);
	}
	if (most.segments)
		row(label, "%u (in %u contiguous pieces of memory)", most.segments,
		    most.page_runs);
}

static void print_bytes(const struct pipeline *p, const struct proof *proof)
{
	const struct counters *counters = &p->counters;

	row("bytes copied by CPU", "%" PRIu64, proof_cpu_copy_bytes(proof, p));
	row("bytes read by devices", "%" PRIu64 " (%.0f per frame)", proof->device_read_bytes,
	    report_per_frame(counters, proof->device_read_bytes));
	row("bytes written by devices", "%" PRIu64 " (%.0f per frame)",
	    proof->device_written_bytes, report_per_frame(counters, proof->device_written_bytes));
}

static void print_cpu_time(const struct counters *counters)
{
	if (counters->frames < 2)
		return;
	row("CPU time per frame", "%.2f ms (this process, system calls included)",
	    report_process_us(counters) / US_PER_MS);
	row("", "%.2f ms (whole system, simulated devices included)",
	    report_system_us(counters) / US_PER_MS);
}

static unsigned int count_same(const struct proof *proof)
{
	unsigned int same = 0;

	for (unsigned int i = 0; i < proof->count; i++)
		same += proof->facts[i].same_pages;
	return same;
}

static void print_verdict(const struct proof *proof, const struct pipeline *p)
{
	const char *complaint = proof_complaint(proof, p);

	row("same pages for all devices", "%s (%u of %u buffers)",
	    proof->same_pages ? "yes" : "no", count_same(proof), proof->count);
	if (complaint)
		row("verdict", "FAILED: %s", complaint);
	else
		row("verdict", "every frame shown is the camera's; %s",
		    p->options->copy ? "all were copied" : "nothing was copied");
}

void report_print(struct pipeline *p, const struct proof *proof)
{
	print_head(p);
	putchar('\n');
	print_counts(&p->counters);
	print_bytes(p, proof);
	print_segments(proof, "camera", "segments, camera's buffers");
	print_segments(proof, "display", "segments, display's");
	print_cpu_time(&p->counters);
	print_verdict(proof, p);
}
