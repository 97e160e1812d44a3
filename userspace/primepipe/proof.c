// SPDX-License-Identifier: MIT
#include "proof.h"

static void judge_source(struct buffer_fact *fact, const struct pipeline *p,
			 const struct source *source)
{
	if (pipeline_is_direct(p)) {
		/* The camera was given the file descriptor of what the display shows. */
		fact->same_pages = p->targets[fact->index].memory_checked;
		fact->how = "dma-buf shown is the one given to the camera";
	} else if (p->options->copy) {
		fact->how = "copied";
	} else {
		fact->same_pages = source->gpu_handle && pp_same_pages(&fact->camera, &fact->gpu);
		fact->how = "page identity of camera and GPU";
	}
}

static void add_source(struct proof *proof, struct pipeline *p, unsigned int index)
{
	const struct source *source = &p->sources[index];
	struct buffer_fact *fact = &proof->facts[proof->count++];

	*fact = (struct buffer_fact) { .role = "camera", .index = index };
	if (source->dmabuf >= 0)
		fact->identity = pp_dmabuf_identity(source->dmabuf);
	pp_camera_buffer_info(&p->camera, index, &fact->camera);
	if (source->gpu_handle)
		pp_gpu_buffer_info(&p->gpu, source->gpu_handle, &fact->gpu);
	judge_source(fact, p, source);
}

static void judge_target(struct buffer_fact *fact, const struct pipeline *p,
			 const struct target *target)
{
	if (p->options->copy) {
		fact->how = "copied";
	} else if (pp_drm_is(&p->display.device, "primesim")) {
		fact->same_pages = pp_same_pages(&fact->gpu, &fact->display);
		fact->how = "page identity of GPU and display";
	} else {
		/* The GPU wrote what it imported from the file descriptor of what is shown. */
		fact->same_pages = target->memory_checked && fact->gpu.page_id;
		fact->how = "dma-buf shown is the one the GPU imported";
	}
}

static void add_target(struct proof *proof, struct pipeline *p, unsigned int index)
{
	const struct target *target = &p->targets[index];
	struct buffer_fact *fact = &proof->facts[proof->count++];

	*fact = (struct buffer_fact) {
		.role = "display",
		.index = index,
		.identity = pp_dmabuf_identity(target->fb.dmabuf),
		.display = target->scanout,
	};
	if (target->gpu_handle)
		pp_gpu_buffer_info(&p->gpu, target->gpu_handle, &fact->gpu);
	judge_target(fact, p, target);
}

/* Counters belong to the buffer, whichever device tells them; each buffer counts once. */
static void add_counters(struct proof *proof, const struct simbuf_info *info)
{
	proof->kernel_copied_bytes += info->cpu_copied;
	proof->device_read_bytes += info->device_read;
	proof->device_written_bytes += info->device_written;
}

static void count_bytes(struct proof *proof, struct pipeline *p)
{
	struct simbuf_info info;

	for (unsigned int i = 0; i < proof->count; i++) {
		const struct buffer_fact *fact = &proof->facts[i];

		add_counters(proof, fact->gpu.buffer_id ? &fact->gpu :
				    fact->camera.buffer_id ? &fact->camera : &fact->display);
	}
	if (p->staging.in_handle && pp_gpu_buffer_info(&p->gpu, p->staging.in_handle, &info))
		add_counters(proof, &info);
	if (p->staging.out_handle && pp_gpu_buffer_info(&p->gpu, p->staging.out_handle, &info))
		add_counters(proof, &info);
}

void proof_collect(struct proof *proof, struct pipeline *p, const char *broken)
{
	*proof = (struct proof) { .broken = broken };
	for (unsigned int i = 0; i < p->source_count; i++) {
		if (p->sources[i].frames)
			add_source(proof, p, i);
	}
	for (unsigned int i = 0; i < p->target_count && !pipeline_is_direct(p); i++) {
		if (p->targets[i].frames)
			add_target(proof, p, i);
	}
	proof->same_pages = proof->count > 0;
	for (unsigned int i = 0; i < proof->count; i++)
		proof->same_pages &= proof->facts[i].same_pages;
	count_bytes(proof, p);
}

const char *proof_complaint(const struct proof *proof, const struct pipeline *p)
{
	if (proof->broken)
		return proof->broken;
	if (!p->counters.frames)
		return "no frame was shown";
	if (p->counters.stamp_errors)
		return p->counters.first_stamp_error;
	if (p->counters.job_errors)
		return "the GPU reported errors; see dmesg";
	if (p->options->copy)
		return NULL;
	if (proof_cpu_copy_bytes(proof, p))
		return "bytes were copied by a CPU";
	if (!proof->same_pages)
		return "the devices did not use the same pages, or do not tell";
	return NULL;
}
