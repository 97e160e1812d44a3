// SPDX-License-Identifier: MIT
/* The report for programs. Documentation/primepipe.md explains each key. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "../lib/json.h"

#define NS_PER_US 1000

/* With two decimals: more is noise. */
static void add_decimal(json_object *object, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", value);
	json_object_object_add(object, key, json_object_new_double_s(value, text));
}

static void add_setup(json_object *report, const struct pipeline *p)
{
	const struct pp_layout *layout = &p->camera.layout;

	pp_json_string(report, "route", p->route->name);
	pp_json_bool(report, "copied", p->options->copy);
	pp_json_string(report, "format", layout->format->name);
	pp_json_number(report, "width", layout->width);
	pp_json_number(report, "height", layout->height);
	pp_json_number(report, "display_width", p->display.mode.hdisplay);
	pp_json_number(report, "display_height", p->display.mode.vdisplay);
	add_decimal(report, "camera_fps", p->camera.fps);
}

static void add_latency(json_object *report, const char *key, struct pp_samples *samples)
{
	json_object *latency = json_object_new_object();

	pp_json_number(latency, "p50", pp_samples_percentile(samples, 50));
	pp_json_number(latency, "p99", pp_samples_percentile(samples, 99));
	json_object_object_add(report, key, latency);
}

static void add_counts(json_object *report, struct counters *counters)
{
	pp_json_number(report, "frames", counters->frames);
	pp_json_number(report, "stamp_errors", counters->stamp_errors);
	pp_json_number(report, "dropped",
		       counters->dropped_by_camera + counters->dropped_by_display);
	pp_json_number(report, "dropped_by_camera", counters->dropped_by_camera);
	pp_json_number(report, "dropped_by_display", counters->dropped_by_display);
	pp_json_number(report, "damaged", counters->damaged);
	pp_json_number(report, "job_errors", counters->job_errors);
	add_decimal(report, "fps", report_fps(counters));
	add_latency(report, "ready_us", &counters->latency.ready_us);
	add_latency(report, "latency_us", &counters->latency.flip_us);
	pp_json_number(report, "early_frames", counters->early_latency.flip_us.count);
	add_latency(report, "early_ready_us", &counters->early_latency.ready_us);
	add_latency(report, "early_latency_us", &counters->early_latency.flip_us);
	add_decimal(report, "cpu_us_per_frame", report_process_us(counters));
	add_decimal(report, "system_cpu_us_per_frame", report_system_us(counters));
}

static void add_bytes(json_object *report, const struct proof *proof, const struct pipeline *p)
{
	pp_json_number(report, "cpu_copy_bytes", proof_cpu_copy_bytes(proof, p));
	pp_json_number(report, "kernel_copied_bytes", proof->kernel_copied_bytes);
	pp_json_number(report, "memcpy_bytes", p->counters.memcpy_bytes);
	pp_json_number(report, "stamp_read_bytes", p->counters.stamp_read_bytes);
	pp_json_number(report, "device_read_bytes", proof->device_read_bytes);
	pp_json_number(report, "device_written_bytes", proof->device_written_bytes);
}

static void add_device(json_object *buffer, const char *device, const struct simbuf_info *info)
{
	json_object *object;

	if (!info->buffer_id)
		return;
	object = json_object_new_object();
	pp_json_identity(object, "page_id", info->page_id);
	pp_json_number(object, "segments", info->segments);
	pp_json_number(object, "page_runs", info->page_runs);
	json_object_object_add(buffer, device, object);
}

static json_object *buffer_object(const struct buffer_fact *fact)
{
	json_object *buffer = json_object_new_object();

	pp_json_string(buffer, "role", fact->role);
	pp_json_number(buffer, "index", fact->index);
	pp_json_number(buffer, "dmabuf_inode", fact->identity);
	pp_json_bool(buffer, "same_pages", fact->same_pages);
	pp_json_string(buffer, "known_by", fact->how);
	add_device(buffer, "camera", &fact->camera);
	add_device(buffer, "gpu", &fact->gpu);
	add_device(buffer, "display", &fact->display);
	return buffer;
}

static void add_buffers(json_object *report, const struct proof *proof)
{
	json_object *buffers = json_object_new_array();

	pp_json_bool(report, "same_pages", proof->same_pages);
	for (unsigned int i = 0; i < proof->count; i++)
		json_object_array_add(buffers, buffer_object(&proof->facts[i]));
	json_object_object_add(report, "buffers", buffers);
}

/* [begin, end] in microseconds since @origin. */
static void add_span(json_object *frame, const char *key, struct span span, uint64_t origin)
{
	json_object *pair;

	if (!span.begin || !span.end)
		return;
	pair = json_object_new_array_ext(2);
	json_object_array_add(pair, json_object_new_uint64((span.begin - origin) / NS_PER_US));
	json_object_array_add(pair, json_object_new_uint64((span.end - origin) / NS_PER_US));
	json_object_object_add(frame, key, pair);
}

static void add_timeline(json_object *report, const struct timeline *timeline)
{
	json_object *frames = json_object_new_array();
	uint64_t first = timeline_first(timeline);
	uint64_t origin = timeline->count ? timeline_at(timeline, first)->capture.begin : 0;

	for (uint64_t i = first; i < timeline->count; i++) {
		const struct frame_record *record = timeline_at(timeline, i);
		json_object *frame = json_object_new_object();

		pp_json_number(frame, "sequence", record->sequence);
		add_span(frame, "capture", record->capture, origin);
		add_span(frame, "copy_in", record->copy_in, origin);
		add_span(frame, "convert", record->convert, origin);
		add_span(frame, "copy_out", record->copy_out, origin);
		add_span(frame, "flip", record->flip, origin);
		json_object_array_add(frames, frame);
	}
	json_object_object_add(report, "timeline_us", frames);
}

static void add_driver(json_object *devices, const char *key, const char *path, const char *driver,
		       const char *version)
{
	json_object *device = json_object_new_object();

	pp_json_string(device, "path", path);
	pp_json_string(device, "driver", driver);
	pp_json_string(device, "version", version);
	json_object_object_add(devices, key, device);
}

static void add_devices(json_object *report, const struct pipeline *p)
{
	json_object *devices = json_object_new_object();
	uint32_t number = p->camera.capability.version;
	char version[32];

	snprintf(version, sizeof(version), "%u.%u.%u", number >> 16 & 0xffff, number >> 8 & 0xff,
		 number & 0xff);
	add_driver(devices, "camera", p->camera.path, (const char *)p->camera.capability.driver,
		   version);
	if (route_converts(p->route))
		add_driver(devices, "gpu", p->gpu.device.path, p->gpu.device.driver,
			   p->gpu.device.version);
	add_driver(devices, "display", p->display.device.path, p->display.device.driver,
		   p->display.device.version);
	json_object_object_add(report, "devices", devices);
}

static void add_versions(json_object *report)
{
	json_object *versions = json_object_new_object();
	struct utsname name;

	uname(&name);
	pp_json_string(versions, "primepipe", LAB_VERSION);
	pp_json_string(versions, "kernel", name.release);
	pp_json_string(versions, "machine", name.machine);
	json_object_object_add(report, "versions", versions);
}

int report_write_json(struct pipeline *p, const struct proof *proof, const char *path)
{
	json_object *report = json_object_new_object();
	const char *complaint = proof_complaint(proof, p);
	int ret;

	add_setup(report, p);
	add_counts(report, &p->counters);
	add_bytes(report, proof, p);
	pp_json_bool(report, "interrupted", p->interrupted);
	pp_json_bool(report, "proven", !complaint);
	pp_json_string(report, "complaint", complaint ? complaint : "");
	pp_json_number(report, "first_sequence", p->first_sequence);
	pp_json_number(report, "last_sequence", p->last_sequence);
	add_buffers(report, proof);
	add_devices(report, p);
	add_versions(report);
	add_timeline(report, &p->timeline);
	ret = json_object_to_file_ext(path, report, JSON_C_TO_STRING_PRETTY);
	json_object_put(report);
	if (ret)
		return pp_fail(p->error, EIO, "cannot write %s: %s", path, strerror(errno));
	return 0;
}
